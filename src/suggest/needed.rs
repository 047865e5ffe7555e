//! Needed entries (SPEC 7): untracked leaves grouped by record, and the remedy for each group.

use crate::catalog::{Binding, Catalog, ElementId, ElementKind, FieldIx, NameId, SourceIx, path_order};
use crate::lineage::{Column, Leaf, LeafKind, Path, walk};
use crate::text::{Symbol, name_order};
use crate::tracking::{Analysis, EntityAnalysis, Input, Reason, Status};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

/// A group of untracked leaves on one record, with its remedy.
#[derive(Clone, Debug)]
pub struct Needed {
    /// The entity.
    pub entity: ElementId,
    /// Names of the data sources that lead to the record.
    pub path: Vec<Symbol>,
    /// The table whose changes are not seen.
    pub table: ElementId,
    /// The counted fields that it serves, by name.
    pub fields: Vec<FieldIx>,
    /// Why its leaves are untracked: the reason of the first of them.
    pub reason: Option<Reason>,
    /// What to do.
    pub remedy: Remedy,
    /// Label of the entry; `None` where no entry helps.
    pub label: Option<Symbol>,
    /// Field of the entry.
    pub field: Option<Symbol>,
    /// Fields to add first, innermost first.
    pub steps: Vec<Step>,
}

/// What to do about a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remedy {
    /// An existing field holds the record's `RecId`: add an entry.
    Entry,
    /// Bring the `RecId` up, level by level, then add an entry.
    ExposeRecId,
    /// The record has no `RecId` to bring up: add the table as a data source.
    AddSource,
}

impl Remedy {
    /// The value in machine output.
    pub fn id(self) -> &'static str {
        match self {
            Remedy::Entry => "entry",
            Remedy::ExposeRecId => "expose_rec_id",
            Remedy::AddSource => "add_source",
        }
    }
}

/// A field to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The view or entity.
    pub element: ElementId,
    /// Name of the new field.
    pub field: Symbol,
    /// Its data source.
    pub data_source: Symbol,
    /// Its data field.
    pub data_field: Symbol,
}

/// All needed entries of the entities that are wanted, by entity, path and table. `insert_only` are tables whose
/// records never change.
pub fn needed(
    input: Input,
    analysis: &Analysis,
    insert_only: &[String],
    is_wanted: &(dyn Fn(ElementId) -> bool + Sync),
) -> Vec<Needed> {
    let insert_only = insert_only.iter().filter_map(|name| input.catalog.find(name)).collect();
    let planner = Planner { input, insert_only };
    let in_scope = analysis.entities.par_iter().filter(|entity| entity.in_scope && is_wanted(entity.id));
    let drafts: Vec<Draft> = in_scope.flat_map_iter(|entity| planner.entity(entity)).collect();
    // Names of new fields depend on those that were given before: they are given one after the other.
    let mut names =
        NewNames { catalog: input.catalog, made: FxHashMap::default(), taken: FxHashSet::default() };
    drafts.into_iter().map(|draft| names.complete(draft)).collect()
}

/// The leaves of one record that are not seen.
struct Group<'a> {
    path: Path,
    names: Vec<Symbol>,
    table: ElementId,
    fields: Vec<FieldIx>,
    leaves: Vec<(&'a Leaf, Option<Reason>)>,
}

/// What is needed, before its new fields have names.
struct Draft {
    needed: Needed,
    to_add: Option<ToAdd>,
}

/// Fields to add.
struct ToAdd {
    /// Where: the elements and their data sources, outermost first.
    levels: Vec<(ElementId, SourceIx)>,
    /// The field that the innermost of them shows.
    data_field: Symbol,
}

struct Planner<'a> {
    input: Input<'a>,
    insert_only: FxHashSet<ElementId>,
}

impl<'a> Planner<'a> {
    fn catalog(&self) -> &'a Catalog {
        self.input.catalog
    }

    fn entity(&self, entity: &EntityAnalysis) -> Vec<Draft> {
        let groups = self.groups(entity);
        if groups.is_empty() {
            return Vec::new();
        }
        let mut labels = self.taken_labels(entity);
        groups.iter().map(|group| self.plan(entity.id, group, &mut labels)).collect()
    }

    /// Untracked counted leaves by literal (path, table), in output order.
    fn groups(&self, entity: &EntityAnalysis) -> Vec<Group<'a>> {
        let element = self.catalog().element(entity.id);
        let mut groups: FxHashMap<(Path, ElementId), Group<'a>> = FxHashMap::default();
        for (ix, field) in (0..).map(FieldIx).zip(&entity.fields).filter(|(_, f)| f.counted) {
            let leaves = &self.input.lineage.field(entity.id, ix).leaves;
            for (leaf, verdict) in leaves.iter().zip(&field.leaves) {
                if verdict.status != Status::Untracked || !self.can_help(leaf, verdict.reason) {
                    continue;
                }
                let Some(table) = leaf.element() else { continue };
                let group = groups.entry((leaf.path.clone(), table)).or_insert_with(|| Group {
                    path: leaf.path.clone(),
                    names: leaf.path_names(self.catalog(), entity.id).into_iter().map(Into::into).collect(),
                    table,
                    fields: Vec::new(),
                    leaves: Vec::new(),
                });
                if group.fields.last() != Some(&ix) {
                    group.fields.push(ix);
                }
                group.leaves.push((leaf, verdict.reason));
            }
        }
        let mut groups: Vec<_> = groups.into_values().collect();
        let name = |f: &FieldIx| &element.field_at(*f).name.text;
        for group in &mut groups {
            group.fields.sort_by(|a, b| name_order(name(a), name(b)));
        }
        let table = |g: &Group| &*self.catalog().element(g.table).name.text;
        groups.sort_by(|a, b| path_order(&a.names, &b.names).then_with(|| name_order(table(a), table(b))));
        groups
    }

    /// An entry or a data source can make the leaf tracked, and nobody switched it off on purpose.
    fn can_help(&self, leaf: &Leaf, reason: Option<Reason>) -> bool {
        let excepted = matches!(
            reason,
            Some(Reason::TemporaryTable | Reason::UnknownMethod | Reason::ExistsJoin | Reason::SkipMethod)
        );
        let table = leaf.element().filter(|t| self.catalog().element(*t).kind == ElementKind::Table);
        leaf.resolved && !excepted && table.is_some_and(|t| !self.insert_only.contains(&t))
    }

    fn plan(&self, entity: ElementId, group: &Group, labels: &mut FxHashSet<(String, ElementId)>) -> Draft {
        let needed = Needed {
            entity,
            path: group.names.clone(),
            table: group.table,
            fields: group.fields.clone(),
            reason: group.leaves.first().and_then(|(_, reason)| *reason),
            remedy: Remedy::AddSource,
            label: None,
            field: None,
            steps: Vec::new(),
        };
        let without_record =
            group.leaves.iter().any(|(l, _)| l.kind == LeafKind::Sql || l.kind == LeafKind::Aggregate);
        if without_record {
            return Draft { needed, to_add: None };
        }
        if let Some(field) = self.holder(entity, &group.path) {
            let field = Some(self.catalog().element(entity).field_at(field).name.text.clone());
            let label = Some(label(group, labels));
            return Draft { needed: Needed { remedy: Remedy::Entry, label, field, ..needed }, to_add: None };
        }
        if self.loses_rec_id(entity, &group.path) {
            return Draft { needed, to_add: None };
        }
        let label = Some(label(group, labels));
        let needed = Needed { remedy: Remedy::ExposeRecId, label, ..needed };
        Draft { needed, to_add: Some(self.to_add(entity, group)) }
    }

    /// The field of an element that holds the `RecId` at the end of a path: bound to it, else equal to it;
    /// the lowest name first.
    fn holder(&self, id: ElementId, path: &Path) -> Option<FieldIx> {
        let equality = self.input.equality;
        let rec_id = equality.rec_id(&equality.record(id, path));
        let bound = |columns: &Column| *columns == rec_id;
        let equal = |columns: &Column| equality.classes(id).equal(columns, &rec_id);
        self.first_field(id, &bound).or_else(|| self.first_field(id, &equal))
    }

    fn first_field(&self, id: ElementId, fits: &dyn Fn(&Column) -> bool) -> Option<FieldIx> {
        let element = self.catalog().element(id);
        let fields = (0..).map(FieldIx).zip(&element.fields);
        fields
            .filter(|(_, f)| matches!(f.binding, Binding::Mapped { .. }))
            .filter(|(ix, _)| match self.input.lineage.field(id, *ix).leaves.as_slice() {
                [leaf] if leaf.kind == LeafKind::Mapped && leaf.resolved => {
                    self.input.equality.column(id, leaf).is_some_and(|c| fits(&c))
                }
                _ => false,
            })
            .min_by(|(_, a), (_, b)| name_order(&a.name.text, &b.name.text))
            .map(|(ix, _)| ix)
    }

    /// A `RecId` cannot pass through a union or an aggregation without changing its rows.
    fn loses_rec_id(&self, entity: ElementId, path: &Path) -> bool {
        walk(self.catalog(), entity, path).any(|(id, _)| {
            let element = self.catalog().element(id);
            element.union || element.aggregates
        })
    }

    /// Where fields are to be added: in each element above the outermost that already has the `RecId`.
    fn to_add(&self, entity: ElementId, group: &Group) -> ToAdd {
        let catalog = self.catalog();
        let mut levels: Vec<_> = walk(catalog, entity, &group.path).collect();
        let start = (1..levels.len()).find_map(|level| {
            let rest: Path = group.path[level..].into();
            let (id, _) = levels[level];
            self.holder(id, &rest).map(|field| (level, catalog.element(id).field_at(field).name.text.clone()))
        });
        let (above, data_field) = start.unwrap_or_else(|| (levels.len(), catalog.rec_id().text.clone()));
        levels.truncate(above);
        ToAdd { levels, data_field }
    }

    /// (label, table) pairs that rows of the entity use already.
    fn taken_labels(&self, entity: &EntityAnalysis) -> FxHashSet<(String, ElementId)> {
        let element = self.catalog().element(entity.id);
        let staying = entity
            .mapping
            .entries
            .iter()
            .filter(|e| e.verdict.stays())
            .filter_map(|e| Some((e.label.as_ref()?.to_ascii_lowercase(), e.table_id?)));
        let tracked = element
            .sources()
            .zip(&entity.sources)
            .filter_map(|((_, s), v)| Some((s.name.text.to_ascii_lowercase(), v.registers?)));
        let further = entity
            .further_rows
            .iter()
            .map(|(s, table)| (element.source_at(*s).name.text.to_ascii_lowercase(), *table));
        staying.chain(tracked).chain(further).collect()
    }
}

type StepKey = (ElementId, NameId, String);

/// Names for new fields.
struct NewNames<'a> {
    catalog: &'a Catalog,
    /// Steps of earlier plans with the names of their fields.
    made: FxHashMap<StepKey, Symbol>,
    /// Fields that steps of earlier plans add, by element, in lower case.
    taken: FxHashSet<(ElementId, String)>,
}

impl NewNames<'_> {
    fn complete(&mut self, draft: Draft) -> Needed {
        let mut needed = draft.needed;
        if let Some(to_add) = draft.to_add {
            needed.steps = self.steps(needed.table, to_add);
            needed.field = needed.steps.last().map(|step| step.field.clone());
        }
        needed
    }

    /// Fields to add, from the innermost element outward.
    fn steps(&mut self, table: ElementId, to_add: ToAdd) -> Vec<Step> {
        let ToAdd { levels, mut data_field } = to_add;
        let name = self.free_name(&levels, table);
        let mut steps = Vec::new();
        for (id, source) in levels.iter().rev() {
            let source = &self.catalog.element(*id).source_at(*source).name;
            let key = (*id, source.id, data_field.to_ascii_lowercase());
            let field = self.made.entry(key).or_insert_with(|| name.clone()).clone();
            self.taken.insert((*id, field.to_ascii_lowercase()));
            let data_source = source.text.clone();
            steps.push(Step { element: *id, field: field.clone(), data_source, data_field });
            data_field = field;
        }
        steps
    }

    /// `<T>RecId`, then `<T>RecId2`, …: the first that no element of the plan has.
    fn free_name(&self, levels: &[(ElementId, SourceIx)], table: ElementId) -> Symbol {
        let table = &self.catalog.element(table).name.text;
        let numbered = (2..).map(|n| format!("{table}RecId{n}"));
        std::iter::once(format!("{table}RecId"))
            .chain(numbered)
            .find(|name| levels.iter().all(|(id, _)| self.is_free(*id, name)))
            .unwrap_or_default()
            .into()
    }

    fn is_free(&self, id: ElementId, name: &str) -> bool {
        let element = self.catalog.element(id);
        let has = self.catalog.name(name).is_some_and(|n| element.field(n).is_some());
        !has && !self.taken.contains(&(id, name.to_ascii_lowercase()))
    }
}

/// D, D1, D2, …: the first label that is free for this table.
fn label(group: &Group, taken: &mut FxHashSet<(String, ElementId)>) -> Symbol {
    let base = group.names.first().cloned().unwrap_or_default();
    let numbered = (1..).map(|n| format!("{base}{n}"));
    let label = std::iter::once(base.to_string())
        .chain(numbered)
        .find(|label| !taken.contains(&(label.to_ascii_lowercase(), group.table)))
        .unwrap_or_default();
    taken.insert((label.to_ascii_lowercase(), group.table));
    label.into()
}
