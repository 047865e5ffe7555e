//! Views, and what entities have in common with them.

use super::class::SourceCode;
use super::cursor::{Cursor, Tag};
use super::fault::Read;
use super::{Binding, EditRules, Named, ValueType, View, ViewField, data_source, relation};
use crate::text::Symbol;

/// Reads a view.
pub(super) fn read(cursor: &mut Cursor<'_>, line: u32) -> Read<View> {
    let mut parts = Parts::new(line);
    cursor.children(|cursor, tag| parts.child(cursor, tag))?;
    Ok(parts.view())
}

/// A view in the making.
pub(super) struct Parts<'a> {
    view: View,
    code: SourceCode<'a>,
}

impl<'a> Parts<'a> {
    pub(super) fn new(line: u32) -> Self {
        let view = View { named: Named { line, ..Named::default() }, ..View::default() };
        Self { view, code: SourceCode::default() }
    }

    /// Reads a child of the view or entity.
    pub(super) fn child(&mut self, cursor: &mut Cursor<'a>, tag: Tag<'a>) -> Read<()> {
        let view = &mut self.view;
        match tag.name {
            "Name" if view.named.name.is_empty() => view.named.name = cursor.value()?,
            "SourceCode" => self.code.read(cursor)?,
            "Query" => view.query = cursor.named(tag)?,
            "Fields" => fields(cursor, &mut view.fields)?,
            "Relations" => relation::read_all(cursor, &mut view.relations)?,
            "ViewMetadata" => metadata(cursor, view)?,
            _ => {}
        }
        Ok(())
    }

    pub(super) fn view(self) -> View {
        View { methods: self.code.methods(), ..self.view }
    }
}

fn metadata(cursor: &mut Cursor<'_>, view: &mut View) -> Read<()> {
    cursor.children(|cursor, tag| {
        match tag.name {
            "QueryType" => view.union = cursor.value()?.eq_ignore_ascii_case("Union"),
            "DataSources" => data_source::roots(cursor, &mut view.sources)?,
            _ => {}
        }
        Ok(())
    })
}

/// Reads `Fields` of a view, an entity or an extension of one. A field without a name is left out.
pub(super) fn fields(cursor: &mut Cursor<'_>, fields: &mut Vec<ViewField>) -> Read<()> {
    cursor.children(|cursor, tag| {
        let line = cursor.line(tag.at);
        let mut raw = RawField::default();
        cursor.children(|cursor, tag| raw.child(cursor, tag))?;
        if !raw.name.is_empty() {
            let public = raw.access.is_empty() || raw.access.eq_ignore_ascii_case("Public");
            let named = Named { name: std::mem::take(&mut raw.name), line };
            let rules = raw.rules;
            fields.push(ViewField { named, binding: raw.binding(tag.kind), public, rules });
        }
        Ok(())
    })
}

/// The properties of a field, whatever its kind.
#[derive(Default)]
struct RawField {
    name: Symbol,
    access: Symbol,
    source: Symbol,
    field: Symbol,
    aggregation: Symbol,
    method: Option<Symbol>,
    is_virtual: bool,
    value: ValueType,
    rules: EditRules,
}

impl RawField {
    fn child(&mut self, cursor: &mut Cursor<'_>, tag: Tag<'_>) -> Read<()> {
        match tag.name {
            "Name" => self.name = cursor.value()?,
            "AccessModifier" => self.access = cursor.value()?,
            "DataSource" => self.source = cursor.value()?,
            "DataField" => self.field = cursor.value()?,
            "Aggregation" => self.aggregation = cursor.value()?,
            "ComputedFieldMethod" | "ViewMethod" => self.method = cursor.some_value()?,
            "IsComputedField" => self.is_virtual = cursor.value()?.eq_ignore_ascii_case("No"),
            "EnumType" | "ExtendedDataType" => self.value.child(cursor, tag)?,
            _ => self.rules.child(cursor, tag)?,
        }
        Ok(())
    }

    /// The binding, by `i:type`; where that says nothing, by the properties that are there.
    fn binding(self, kind: &str) -> Binding {
        let bound = kind.ends_with("MappedField") || kind.ends_with("FieldBound");
        let unmapped = !bound && kind.contains("UnmappedField");
        let computed = !bound && kind.contains("FieldComputed");
        let mapped = bound || !(unmapped || computed || self.method.is_some() || self.field.is_empty());
        if mapped {
            let aggregated = !(self.aggregation.is_empty() || self.aggregation.eq_ignore_ascii_case("None"));
            return Binding::Mapped { source: self.source, field: self.field, aggregated };
        }
        let value = ValueType { kind: ValueType::new(kind).kind, ..self.value };
        if self.is_virtual && !computed {
            Binding::Virtual { value }
        } else {
            Binding::Computed { method: self.method, value }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::aot::file::definition;
    use crate::aot::{Binding, Definition, FieldKind, Named, ValueType, View};

    fn view(text: &str) -> View {
        let Definition::View(view) = definition(text) else { panic!("a view") };
        view
    }

    fn field(body: &str) -> Binding {
        let text = format!("<AxView><Fields>{body}</Fields></AxView>");
        view(&text).fields.remove(0).binding
    }

    #[test]
    fn a_view_over_a_query_names_it() {
        let text = "<AxView>\n<Query>CarQuery</Query><ViewMetadata><QueryType>union</QueryType><DataSources /></ViewMetadata></AxView>";
        let view = view(text);
        assert_eq!(view.query, Some(Named { name: "CarQuery".into(), line: 2 }));
        assert!(view.union && view.sources.is_empty());
    }

    #[test]
    fn bound_and_computed_fields() {
        let bound = |extra: &str| {
            field(&format!(
                "<AxViewField i:type='AxViewFieldBound'><Name>a</Name><DataField>b</DataField><DataSource>c</DataSource>{extra}</AxViewField>"
            ))
        };
        let expected = |aggregated| Binding::Mapped { source: "c".into(), field: "b".into(), aggregated };
        assert_eq!(bound(""), expected(false));
        assert_eq!(bound("<Aggregation>Max</Aggregation>"), expected(true));
        assert_eq!(bound("<Aggregation>none</Aggregation>"), expected(false));
        assert_eq!(bound("<Aggregation />"), expected(false));
        let computed = "<AxViewField i:type='AxViewFieldComputedDate'><Name>a</Name><IsComputedField>No</IsComputedField><ViewMethod>m</ViewMethod></AxViewField>";
        let value = ValueType { kind: FieldKind::Date, ..ValueType::default() };
        assert_eq!(field(computed), Binding::Computed { method: Some("m".into()), value });
    }
}
