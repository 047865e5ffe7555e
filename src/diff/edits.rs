//! What was changed in the metadata and in the maps, part by part.

use super::parts::{Both, counted_up, elements, key, paired};
use super::{Pair, Side};
use crate::aot::Join;
use crate::catalog::{Binding, Condition, Element, ElementId, Field, NameId, Relation, Source};
use crate::engine::Judged;
use crate::source::Place;
use crate::text::Symbol;
use crate::tracking::{EntityAnalysis, ResolvedEntry};
use crate::xpp::{MethodContent, Reference};

/// One change of one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The element that it belongs to, as its definition spells it.
    pub element: Symbol,
    /// What was changed.
    pub kind: EditKind,
    /// The part: a data source, field, method, relation, or the label of an entry; empty for the element itself.
    pub part: Box<str>,
    /// What it was and what it is, for people; empty where the kind says all.
    pub was: Box<str>,
    /// What it is.
    pub is: Box<str>,
    /// The extension that brings the part, or took it away with it.
    pub extension: Option<Symbol>,
    /// Which side `place` belongs to.
    pub side: Side,
    /// Where: in the new state, for what was removed in the old one.
    pub place: Option<Place>,
}

/// What kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EditKind {
    /// The element is new.
    ElementAdded,
    /// The element is gone.
    ElementRemoved,
    /// A property of the element: `TableType`, `Extends`, `IsPublic`, `IsReadOnly`, the query.
    Property,
    /// A field is new.
    FieldAdded,
    /// A field is gone.
    FieldRemoved,
    /// A field has another name and the same binding.
    FieldRenamed,
    /// A field is bound to something else, or has another access modifier.
    FieldChanged,
    /// A data source is new.
    SourceAdded,
    /// A data source is gone.
    SourceRemoved,
    /// Its join mode.
    SourceJoin,
    /// Its `IsReadOnly`.
    SourceReadOnly,
    /// Its target.
    SourceTarget,
    /// Its place in the tree.
    SourceMoved,
    /// Its join conditions.
    SourceRelations,
    /// A relation of the element.
    Relation,
    /// What a method says.
    Method,
    /// An entry of the mapping method is new.
    EntryAdded,
    /// An entry of the mapping method is gone.
    EntryRemoved,
    /// A table map sends the field now.
    MapRowAdded,
    /// No table map sends the field any more.
    MapRowRemoved,
}

/// A change without a part of its own yet.
struct Draft {
    kind: EditKind,
    part: Box<str>,
    was: String,
    is: String,
    extension: Option<Symbol>,
    base: Option<Place>,
    head: Option<Place>,
}

impl Draft {
    fn new(kind: EditKind, part: &str, base: Option<Place>, head: Option<Place>) -> Self {
        Self { kind, part: part.into(), was: String::new(), is: String::new(), extension: None, base, head }
    }

    fn changed(mut self, was: impl Into<String>, is: impl Into<String>) -> Self {
        (self.was, self.is) = (was.into(), is.into());
        self
    }

    fn by(mut self, extension: Option<&Symbol>) -> Self {
        self.extension = extension.cloned();
        self
    }

    fn of(self, element: &Element) -> Edit {
        let (side, place) = match self.head {
            Some(place) => (Side::Head, Some(place)),
            None => (Side::Base, self.base),
        };
        let Self { kind, part, was, is, extension, .. } = self;
        Edit {
            element: element.name.text.clone(),
            kind,
            part,
            was: was.into(),
            is: is.into(),
            extension,
            side,
            place,
        }
    }
}

/// All edits, by element, then by kind and part.
pub(super) fn edits(pair: Pair<'_>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for both in elements(pair).into_values() {
        match (both.base, both.head) {
            (Some((_, base)), None) => {
                let draft = Draft::new(EditKind::ElementRemoved, "", base.place, None);
                edits.push(draft.changed(base.kind.word(), "").of(base));
            }
            (None, Some((_, head))) => {
                let draft = Draft::new(EditKind::ElementAdded, "", None, head.place);
                edits.push(draft.changed("", head.kind.word()).of(head));
            }
            (Some(base), Some(head)) => {
                let mut drafts = element(pair, base, head);
                drafts
                    .sort_by(|a, b| (a.kind, &a.part, &a.was, &a.is).cmp(&(b.kind, &b.part, &b.was, &b.is)));
                edits.extend(drafts.into_iter().map(|draft| draft.of(head.1)));
            }
            (None, None) => {}
        }
    }
    edits
}

fn element(pair: Pair<'_>, base: (ElementId, &Element), head: (ElementId, &Element)) -> Vec<Draft> {
    let mut drafts = properties(pair, base.1, head.1);
    fields(base.1, head.1, &mut drafts);
    sources(base.1, head.1, &mut drafts);
    relations(base.1, head.1, &mut drafts);
    methods(base.1, head.1, &mut drafts);
    let analyses = (pair.base.analysis.entity(base.0), pair.head.analysis.entity(head.0));
    if let (Some(old), Some(new)) = analyses {
        entries(old, new, &mut drafts);
        if !(pair.base.scope.assumed && pair.head.scope.assumed) {
            map_rows((base.1, old), (head.1, new), &mut drafts);
        }
    }
    drafts
}

fn properties(pair: Pair<'_>, base: &Element, head: &Element) -> Vec<Draft> {
    let extends = |judged: &Judged<'_>, element: &Element| {
        element.extends.map_or_else(String::new, |id| judged.model.catalog.element(id).name.text.to_string())
    };
    let query = |element: &Element| element.query.as_ref().map_or_else(String::new, |q| q.text.to_string());
    let yes_no = |value: bool| if value { "Yes" } else { "No" }.to_owned();
    let all = [
        ("kind", base.kind.word().to_owned(), head.kind.word().to_owned()),
        ("TableType", format!("{:?}", base.table_type), format!("{:?}", head.table_type)),
        ("Extends", extends(pair.base, base), extends(pair.head, head)),
        ("Query", query(base), query(head)),
        ("IsPublic", yes_no(base.entity.is_public), yes_no(head.entity.is_public)),
        ("IsReadOnly", yes_no(base.entity.is_read_only), yes_no(head.entity.is_read_only)),
        ("QueryType Union", yes_no(base.union), yes_no(head.union)),
        ("aggregation", yes_no(base.aggregates), yes_no(head.aggregates)),
    ];
    let changed = all.into_iter().filter(|(_, was, is)| !was.eq_ignore_ascii_case(is));
    changed
        .map(|(name, was, is)| Draft::new(EditKind::Property, name, base.place, head.place).changed(was, is))
        .collect()
}

fn fields(base: &Element, head: &Element, drafts: &mut Vec<Draft>) {
    let pairs = paired(&base.fields, &head.fields, |field| key(&field.name.text));
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    for both in pairs.into_values() {
        match both {
            Both { base: Some(old), head: None } => gone.push(old),
            Both { base: None, head: Some(field) } => new.push(field),
            Both { base: Some(old), head: Some(field) } => drafts.extend(field_changes(old, field)),
            Both { base: None, head: None } => {}
        }
    }
    for old in gone {
        let renamed = new.iter().position(|field| is_bound(field) && binding(field) == binding(old));
        let name = &*old.name.text;
        drafts.push(match renamed.map(|at| new.remove(at)) {
            Some(field) => Draft::new(EditKind::FieldRenamed, name, Some(old.place), Some(field.place))
                .changed(name, &*field.name.text),
            None => Draft::new(EditKind::FieldRemoved, name, Some(old.place), None).by(old.added_by.as_ref()),
        });
    }
    drafts.extend(new.into_iter().map(|field| {
        Draft::new(EditKind::FieldAdded, &field.name.text, None, Some(field.place))
            .by(field.added_by.as_ref())
    }));
}

/// A column of a table has no binding by which it could be known again.
fn is_bound(field: &Field) -> bool {
    matches!(field.binding, Binding::Mapped { .. } | Binding::Computed { method: Some(_), .. })
}

fn field_changes(old: &Field, new: &Field) -> Option<Draft> {
    let access = |field: &Field| if field.public { "public" } else { "not public" };
    let (was, is) = (binding(old), binding(new));
    let draft = Draft::new(EditKind::FieldChanged, &new.name.text, Some(old.place), Some(new.place));
    if !was.eq_ignore_ascii_case(&is) {
        return Some(draft.changed(was, is));
    }
    (old.public != new.public).then(|| draft.changed(access(old), access(new)))
}

/// What a field is bound to, in words.
fn binding(field: &Field) -> String {
    match &field.binding {
        Binding::Column { .. } => "column".to_owned(),
        Binding::Virtual { .. } => "virtual".to_owned(),
        Binding::Computed { method: None, .. } => "computed".to_owned(),
        Binding::Computed { method: Some(method), .. } => format!("computed by {method}"),
        Binding::Mapped { source, field, aggregated } => {
            let aggregated = if *aggregated { ", aggregated" } else { "" };
            format!("{}.{}{aggregated}", source.text, field.text)
        }
    }
}

fn sources(base: &Element, head: &Element, drafts: &mut Vec<Draft>) {
    for both in paired(&base.sources, &head.sources, |source| key(&source.name.text)).into_values() {
        match both {
            Both { base: Some(old), head: None } => drafts.push(
                Draft::new(EditKind::SourceRemoved, &old.name.text, Some(old.place), None)
                    .changed(&*old.target_name.text, "")
                    .by(old.added_by.as_ref()),
            ),
            Both { base: None, head: Some(new) } => drafts.push(
                Draft::new(EditKind::SourceAdded, &new.name.text, None, Some(new.place))
                    .changed("", &*new.target_name.text)
                    .by(new.added_by.as_ref()),
            ),
            Both { base: Some(old), head: Some(new) } => {
                source_changes((base, old), (head, new), drafts);
            }
            Both { base: None, head: None } => {}
        }
    }
}

fn source_changes(
    (base, old): (&Element, &Source),
    (head, new): (&Element, &Source),
    drafts: &mut Vec<Draft>,
) {
    let parent = |element: &Element, source: &Source| match source.parent {
        Some(parent) => format!("below {}", element.source_at(parent).name.text),
        None => "root".to_owned(),
    };
    let read_only = |source: &Source| if source.read_only { "read-only" } else { "writable" }.to_owned();
    let all = [
        (EditKind::SourceJoin, join(old.join).to_owned(), join(new.join).to_owned()),
        (EditKind::SourceReadOnly, read_only(old), read_only(new)),
        (EditKind::SourceTarget, old.target_name.text.to_string(), new.target_name.text.to_string()),
        (EditKind::SourceMoved, parent(base, old), parent(head, new)),
        (EditKind::SourceRelations, conditions(old), conditions(new)),
    ];
    // A root has no join: that it lost or got one says its place already.
    let moved = old.parent.is_none() != new.parent.is_none();
    for (kind, was, is) in all {
        if was.eq_ignore_ascii_case(&is) || (moved && kind == EditKind::SourceJoin) {
            continue;
        }
        let draft = Draft::new(kind, &new.name.text, Some(old.place), Some(new.place));
        drafts.push(draft.changed(was, is));
    }
}

/// The join mode as metadata writes it.
fn join(join: Option<Join>) -> &'static str {
    match join {
        None => "no join",
        Some(Join::Inner) => "InnerJoin",
        Some(Join::Outer) => "OuterJoin",
        Some(Join::Exists) => "ExistsJoin",
        Some(Join::NotExists) => "NoExistsJoin",
    }
}

/// The join conditions and aliases of a data source, in any order.
fn conditions(source: &Source) -> String {
    let from = |join_source: &Option<NameId>| join_source.map_or(String::new(), |id| id.folded() + ".");
    let mut all: Vec<String> = source
        .conditions
        .iter()
        .map(|condition| match condition {
            Condition::Fields { join_source, field, related } => {
                format!("{}{} = {}", from(join_source), field.text, related.text)
            }
            Condition::Relation { join_source, name } => {
                format!("{}relation {}", from(join_source), name.folded())
            }
        })
        .chain(source.aliases.iter().map(|(name, field)| format!("{} for {}", name.folded(), field.text)))
        .collect();
    all.sort();
    all.join(", ")
}

fn relations(base: &Element, head: &Element, drafts: &mut Vec<Draft>) {
    let of = |element: &Element| -> Vec<(String, String)> {
        let words = |relation: &Relation| {
            let mut pairs: Vec<String> =
                relation.pairs.iter().map(|(own, other)| format!("{} = {}", own.text, other.text)).collect();
            pairs.sort();
            let related = relation.related.folded();
            (relation.name.folded(), format!("{related}: {}", pairs.join(", ")))
        };
        element.relations.iter().map(words).collect()
    };
    let pairs = paired(of(base), of(head), |(name, _)| name.clone());
    for (name, both) in pairs {
        let words = |side: Option<(String, String)>| side.map(|(_, words)| words).unwrap_or_default();
        let (was, is) = (words(both.base), words(both.head));
        if !was.eq_ignore_ascii_case(&is) {
            drafts.push(Draft::new(EditKind::Relation, &name, base.place, head.place).changed(was, is));
        }
    }
}

/// A method that decides something: its name, what it says, where.
type Deciding = (String, String, Option<Place>);

/// Methods that decide: those of the mapping are compared entry by entry.
fn methods(base: &Element, head: &Element, drafts: &mut Vec<Draft>) {
    for both in paired(deciding(base), deciding(head), |(name, ..)| key(name)).into_values() {
        let says = |side: &Option<Deciding>| side.as_ref().map(|(_, says, _)| says.clone());
        let is = match (says(&both.base), says(&both.head)) {
            (old, new) if old == new => continue,
            (None, _) => "added",
            (_, None) => "removed",
            _ => "changed",
        };
        let place = |side: &Option<Deciding>| side.as_ref().and_then(|(.., place)| *place);
        let (old, new) = (place(&both.base), place(&both.head));
        let name = both.head.or(both.base).map(|(name, ..)| name).unwrap_or_default();
        drafts.push(Draft::new(EditKind::Method, &name, old, new).changed("", is));
    }
}

fn deciding(element: &Element) -> Vec<Deciding> {
    let own = element.methods.iter().map(|method| (method, element.place));
    let classes = element.extension_classes.iter();
    let extended = classes.flat_map(|class| class.methods.iter().map(|method| (method, Some(class.place))));
    own.chain(extended)
        .filter_map(|(method, place)| {
            let place = place.map(|place| Place::at_line(place.file, method.line));
            Some((method.name.to_string(), content(&method.content)?, place))
        })
        .collect()
}

/// What a method says, without places; `None` where nothing hangs on it, or where entries are compared.
fn content(content: &MethodContent) -> Option<String> {
    match content {
        MethodContent::Mapping(_) => None,
        MethodContent::Skip(skip) => Some(format!("{:?}", skip.statements)),
        MethodContent::Other(references) => {
            let kinds: Vec<_> = references.items.iter().map(|Reference { kind, .. }| kind).collect();
            (references.broken || !kinds.is_empty()).then(|| format!("{}{kinds:?}", references.broken))
        }
    }
}

fn entries(old: &EntityAnalysis, new: &EntityAnalysis, drafts: &mut Vec<Draft>) {
    let name = |entry: &ResolvedEntry| {
        let part = |part: &Option<Symbol>| part.as_deref().unwrap_or("?").to_owned();
        format!("[{}, {}, {}]", part(&entry.label), part(&entry.table), part(&entry.field))
    };
    let parts = |entry: &&ResolvedEntry| (key(&name(entry)), entry.conditional);
    let (before, after) = (counted_up(&old.mapping.entries, parts), counted_up(&new.mapping.entries, parts));
    for both in paired(before, after, |(key, _)| key.clone()).into_values() {
        match both {
            Both { base: Some((_, old)), head: None } => {
                drafts.push(Draft::new(EditKind::EntryRemoved, &name(old), Some(old.place), None));
            }
            Both { base: None, head: Some((_, new)) } => {
                drafts.push(Draft::new(EditKind::EntryAdded, &name(new), None, Some(new.place)));
            }
            _ => {}
        }
    }
    let (was, is) = (old.mapping.undecidable.len(), new.mapping.undecidable.len());
    if was != is {
        let place = new.mapping.undecidable.first().copied();
        let statements = |count: usize| crate::text::count(count, "unreadable statement");
        let draft = Draft::new(EditKind::Method, "getEntityDataSourceToFieldMapping", None, place);
        drafts.push(draft.changed(statements(was), statements(is)));
    }
}

fn map_rows(
    (base, old): (&Element, &EntityAnalysis),
    (head, new): (&Element, &EntityAnalysis),
    drafts: &mut Vec<Draft>,
) {
    let sent = |element: &Element, entity: &EntityAnalysis| -> Vec<String> {
        let fields = element.fields.iter().zip(&entity.fields);
        fields
            .filter(|(_, analysis)| analysis.counted)
            .map(|(field, _)| field.name.text.to_string())
            .collect()
    };
    let has = |element: &Element, name: &str| {
        element.fields.iter().any(|field| field.name.text.eq_ignore_ascii_case(name))
    };
    for both in paired(sent(base, old), sent(head, new), |name| key(name)).into_values() {
        match both {
            Both { base: Some(name), head: None } if has(head, &name) => {
                drafts.push(Draft::new(EditKind::MapRowRemoved, &name, None, None));
            }
            Both { base: None, head: Some(name) } if has(base, &name) => {
                drafts.push(Draft::new(EditKind::MapRowAdded, &name, None, None));
            }
            _ => {}
        }
    }
}
