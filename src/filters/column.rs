//! The documented remedy: a computed column that turns NULL into the empty value, and the filter on it.

use super::Columns;
use crate::aot::FieldKind;
use crate::catalog::{Binding, Element, ElementId, FieldIx, NameId, Spelled, ValueType};
use crate::dualwrite::filter::Span;
use crate::dualwrite::filter::range::{Expression, Value};
use crate::lineage::{LeafTable, PATH_LENGTH, Path};
use crate::source::Position;
use crate::text::name_key;
use crate::xpp::{MethodContent, ReferenceKind, read_method};
use rustc_hash::FxHashSet;
use std::fmt::Write as _;

/// What to filter on instead of a column that can be NULL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// A column of the entity that shows the same and is never NULL.
    Use {
        /// The column.
        field: FieldIx,
        /// The filter, on that column.
        filter: Box<str>,
    },
    /// A column to add.
    Add(NewColumn),
}

/// A computed column to add to an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewColumn {
    /// Its name; no field of the entity has it.
    pub name: Box<str>,
    /// The field as XML, for `Fields` of the entity or of an extension of it.
    pub field_xml: String,
    /// The method as X++, indented as in the AOT.
    pub method: String,
    /// The declaration of an extension class that takes the method; none where the entity itself does.
    pub class: Option<String>,
    /// The column is a text without an extended data type, whose length the metadata here does not tell.
    pub needs_size: bool,
    /// The filter, on that column.
    pub filter: Box<str>,
}

/// Where a new method goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Home {
    /// Into the entity.
    Entity,
    /// Into an extension class of this name.
    Class(String),
}

/// What to filter on instead of `field`. None where the entity cannot show it in another way: names that X++ cannot
/// write, a kind of value without an empty one, a computed column of somebody else's.
pub(super) fn remedy(
    columns: &Columns,
    id: ElementId,
    field: FieldIx,
    (filter, tree): (&str, &Expression),
    home: &Home,
) -> Option<Remedy> {
    let element = columns.catalog.element(id);
    let mentions = mentions(element, field, tree);
    if let Some(other) = never_null_twin(columns, id, field) {
        let name = &element.field_at(other).name.text;
        return Some(Remedy::Use { field: other, filter: replaced(filter, &mentions, name) });
    }
    let column = Column::new(columns, element, field, tree, home)?;
    let method = column.method();
    verified(&column, &method).then(|| {
        Remedy::Add(NewColumn {
            field_xml: column.field_xml(),
            class: column.class(),
            needs_size: column.kind == FieldKind::String && column.type_name.is_none(),
            filter: replaced(filter, &mentions, &column.name),
            name: column.name.clone().into(),
            method,
        })
    })
}

/// Where a filter names a field.
fn mentions(element: &Element, field: FieldIx, tree: &Expression) -> Vec<Span> {
    let name = &element.field_at(field).name.text;
    let comparisons = tree.comparisons();
    let fields = comparisons.iter().flat_map(|(comparison, _)| comparison.fields());
    fields.filter(|f| f.name.text.eq_ignore_ascii_case(name)).map(|f| f.name.span).collect()
}

fn replaced(filter: &str, places: &[Span], with: &str) -> Box<str> {
    let mut text = String::with_capacity(filter.len() + with.len());
    let mut at = 0;
    for place in places {
        text.push_str(filter.get(at..place.start).unwrap_or_default());
        text.push_str(with);
        at = place.end;
    }
    text.push_str(filter.get(at..).unwrap_or_default());
    text.into()
}

/// The lowest computed column that shows exactly the same table columns and cannot be NULL.
fn never_null_twin(columns: &Columns, id: ElementId, field: FieldIx) -> Option<FieldIx> {
    type Shown<'a> = FxHashSet<(&'a Path, &'a LeafTable, Option<NameId>)>;
    let shown = |ix: FieldIx| -> Shown<'_> {
        let leaves = columns.lineage.field(id, ix).leaves.iter().filter(|leaf| leaf.resolved);
        leaves.map(|leaf| (&leaf.path, &leaf.table, leaf.column.as_ref().map(|c| c.id))).collect()
    };
    let own = shown(field);
    let element = columns.catalog.element(id);
    let all = (0..).map(FieldIx).zip(&element.fields);
    let mut twins: Vec<_> = all
        .filter(|(_, other)| matches!(other.binding, Binding::Computed { .. }))
        .filter(|(ix, _)| *ix != field && !own.is_empty() && shown(*ix) == own)
        .filter(|(ix, _)| columns.can_be_null(id, *ix).is_none())
        .collect();
    twins.sort_by(|a, b| crate::text::name_order(&a.1.name.text, &b.1.name.text));
    twins.first().map(|(ix, _)| *ix)
}

/// What a new column is made of; every name in it is one that X++ and XML can write as it is.
struct Column<'a> {
    name: String,
    method_name: String,
    entity: &'a str,
    field: &'a str,
    shows: Shows<'a>,
    kind: FieldKind,
    /// Extended data type, or the enum.
    type_name: Option<String>,
    home: &'a Home,
}

/// What a new column shows.
enum Shows<'a> {
    /// A field of a data source.
    Field { source: &'a str, target: &'a str, field: &'a str },
    /// What another method of the entity gives.
    Method(&'a str),
}

/// What is put behind the name of the field.
const SUFFIX: &str = "NotNull";

impl<'a> Column<'a> {
    fn new(
        columns: &Columns<'a>,
        element: &'a Element,
        field: FieldIx,
        tree: &Expression,
        home: &'a Home,
    ) -> Option<Self> {
        let bound = element.field_at(field);
        let shows = match &bound.binding {
            Binding::Mapped { source, field, .. } => {
                let source = element.source_at(element.source(source.id)?);
                let target: &Spelled =
                    source.target.map_or(&source.target_name, |id| &columns.catalog.element(id).name);
                let field = source.target_field(field);
                Shows::Field { source: &source.name.text, target: &target.text, field: &field.text }
            }
            Binding::Computed { method: Some(method), .. } if *home == Home::Entity => Shows::Method(method),
            _ => return None,
        };
        let (kind, type_name) = kind_of(columns, element, field, tree)?;
        let column = Self {
            name: free_field(element, &bound.name.text),
            method_name: free_method(element, &bound.name.text),
            entity: &element.name.text,
            field: &bound.name.text,
            shows,
            kind,
            type_name,
            home,
        };
        column.names().into_iter().all(is_identifier).then_some(column)
    }

    fn names(&self) -> Vec<&str> {
        let mut names = vec![self.name.as_str(), &self.method_name, self.entity, self.field];
        names.extend(self.type_name.as_deref());
        match &self.shows {
            Shows::Field { source, target, field } => names.extend([*source, *target, *field]),
            Shows::Method(method) => names.push(method),
        }
        if let Home::Class(class) = self.home {
            names.push(class);
        }
        names
    }

    fn field_xml(&self) -> String {
        let kind = element_kind(self.kind).unwrap_or_default();
        let mut text = format!(
            "<AxDataEntityViewField xmlns=\"\"\n    i:type=\"AxDataEntityViewUnmappedField{kind}\">\n    \
             <Name>{}</Name>\n    <ComputedFieldMethod>{}</ComputedFieldMethod>\n",
            self.name, self.method_name
        );
        if let Some(name) = &self.type_name {
            let property = if self.kind == FieldKind::Enum { "EnumType" } else { "ExtendedDataType" };
            let _ = writeln!(text, "    <{property}>{name}</{property}>");
        }
        text + "</AxDataEntityViewField>"
    }

    fn method(&self) -> String {
        let access = if *self.home == Home::Entity { "private" } else { "public" };
        let value = match &self.shows {
            Shows::Field { source, target, field } => format!(
                "SysComputedColumn::returnField(\n            tableStr({0}),\n            \
                 dataEntityDataSourceStr({0}, {source}),\n            fieldStr({target}, {field}))",
                self.entity
            ),
            Shows::Method(method) => format!("{}::{method}()", self.entity),
        };
        let empty = empty_literal(self.kind).unwrap_or_default();
        format!(
            "    /// <summary>\n    /// Shows {}, and an empty value where that is NULL, so that a filter can ask \
             for it.\n    /// </summary>\n    /// <returns>The SQL text of the column.</returns>\n    \
             {access} static server str {}()\n    {{\n        str value = {value};\n\n        \
             return SysComputedColumn::if(\n            SysComputedColumn::isNullExpression(value),\n            \
             SysComputedColumn::returnLiteral({empty}),\n            value);\n    }}\n",
            self.field, self.method_name
        )
    }

    fn class(&self) -> Option<String> {
        match self.home {
            Home::Entity => None,
            Home::Class(name) => {
                Some(format!("[ExtensionOf(tableStr({}))]\nfinal class {name}\n{{\n}}\n", self.entity))
            }
        }
    }
}

/// Reads the method back: it must be whole, guard against NULL, and show what it should.
fn verified(column: &Column, method: &str) -> bool {
    let first = Position { line: 1, column: 1 };
    let MethodContent::Other(references) = read_method(&column.method_name, method, first).content else {
        return false;
    };
    let shows = references.items.iter().any(|item| match (&item.kind, &column.shows) {
        (ReferenceKind::SourceField { field: read, .. }, Shows::Field { field, .. }) => **read == **field,
        (ReferenceKind::Call { method: called, .. }, Shows::Method(method)) => **called == **method,
        _ => false,
    });
    references.nulls.is_some_and(|nulls| nulls.guarded) && shows
}

/// The kind of value and its type; what the metadata does not tell, the constant of the comparison does.
fn kind_of(
    columns: &Columns,
    element: &Element,
    field: FieldIx,
    tree: &Expression,
) -> Option<(FieldKind, Option<String>)> {
    let declared = declared_type(columns, element, field).filter(|value| element_kind(value.kind).is_some());
    if let Some(value) = declared {
        let name = if value.kind == FieldKind::Enum { &value.enum_type } else { &value.extended_type };
        return Some((value.kind, name.as_deref().map(str::to_owned)));
    }
    let name = &element.field_at(field).name.text;
    let comparisons = tree.comparisons();
    let compared = comparisons
        .iter()
        .find(|(c, _)| c.fields().any(|f| f.name.text.eq_ignore_ascii_case(name)))
        .and_then(|(c, _)| c.literal())?;
    match compared {
        Value::Text { .. } => Some((FieldKind::String, None)),
        Value::Number(number) if number.contains('.') => Some((FieldKind::Real, None)),
        Value::Number(_) => Some((FieldKind::Int, None)),
        Value::Date(_) => Some((FieldKind::Date, None)),
        Value::DateTime(_) => Some((FieldKind::UtcDateTime, None)),
        Value::Enum { of, .. } => Some((FieldKind::Enum, Some(of.text.to_string()))),
        Value::Bool(_) => Some((FieldKind::Enum, Some("NoYes".to_owned()))),
        Value::Null => None,
    }
}

/// The type that the end of the way of mapped fields declares.
fn declared_type<'a>(columns: &Columns<'a>, element: &'a Element, field: FieldIx) -> Option<&'a ValueType> {
    let (mut element, mut field) = (element, element.field_at(field));
    for _ in 0..PATH_LENGTH {
        let Binding::Mapped { source, field: shown, .. } = &field.binding else { return field.value() };
        let source = element.source_at(element.source(source.id)?);
        let target = source.target?;
        let name = source.target_field(shown).id;
        let (owner, _) = columns.catalog.table_column(target, name)?;
        element = columns.catalog.element(owner);
        field = element.field_at(element.field(name)?);
    }
    None
}

/// The end of `AxDataEntityViewUnmappedField…`; none for kinds that have no empty value.
fn element_kind(kind: FieldKind) -> Option<&'static str> {
    Some(match kind {
        FieldKind::String => "String",
        FieldKind::Int => "Int",
        FieldKind::Int64 => "Int64",
        FieldKind::Real => "Real",
        FieldKind::Date => "Date",
        FieldKind::Time => "Time",
        FieldKind::UtcDateTime => "UtcDateTime",
        FieldKind::Enum => "Enum",
        FieldKind::Guid => "Guid",
        FieldKind::Unknown | FieldKind::Container => return None,
    })
}

/// The empty value in X++.
fn empty_literal(kind: FieldKind) -> Option<&'static str> {
    Some(match kind {
        FieldKind::String => "\"\"",
        FieldKind::Int | FieldKind::Int64 | FieldKind::Time | FieldKind::Enum => "0",
        FieldKind::Real => "0.0",
        FieldKind::Date => "dateNull()",
        FieldKind::UtcDateTime => "DateTimeUtil::minValue()",
        FieldKind::Guid => "emptyGuid()",
        FieldKind::Unknown | FieldKind::Container => return None,
    })
}

fn free_field(element: &Element, field: &str) -> String {
    let taken: FxHashSet<String> = element.fields.iter().map(|f| name_key(&f.name.text)).collect();
    free(&format!("{field}{SUFFIX}"), |name| taken.contains(&name_key(name)))
}

/// A method of a name that is there already would wrap that one.
fn free_method(element: &Element, field: &str) -> String {
    let classes = element.extension_classes.iter().flat_map(|class| &class.methods);
    let taken: FxHashSet<String> = element.methods.iter().chain(classes).map(|m| name_key(&m.name)).collect();
    let mut chars = field.chars();
    let first = chars.next().map(|c| c.to_ascii_lowercase());
    let name: String = first.into_iter().chain(chars).collect();
    free(&format!("{name}{SUFFIX}"), |name| taken.contains(&name_key(name)))
}

fn free(base: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let names = std::iter::once(base.to_owned()).chain((2..10_000).map(|n| format!("{base}{n}")));
    names.into_iter().find(|name| !is_taken(name)).unwrap_or_else(|| base.to_owned())
}

fn is_identifier(name: &str) -> bool {
    let starts = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    starts && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}
