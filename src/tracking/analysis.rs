//! One entity at a time: data sources, leaves, entries; then the rows of all of them.

use super::definitions;
use super::entries::{CountedLeaf, EntryRules};
use super::leaves::LeafRules;
use super::mapping::{self, MappingAnalysis};
use super::outcome::{Analysis, Definition, EntityAnalysis, FieldAnalysis};
use super::sources::Rules;
use super::verdict::{LeafVerdict, Status, Via};
use super::{Policy, Scope};
use crate::catalog::{Catalog, Element, ElementId, ElementKind, FieldIx, SourceIx};
use crate::graph::Graph;
use crate::lineage::{ENTITY_LEAVES, Equality, JoinColumn, Leaf, Limit, Lineage, Path};
use crate::problem::{Code, Problem};
use crate::source::Place;
use crate::text::name_order;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What an analysis looks at.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The model.
    pub catalog: &'a Catalog,
    /// Its graph.
    pub graph: &'a Graph,
    /// Its lineage.
    pub lineage: &'a Lineage,
    /// Column equality over that lineage.
    pub equality: &'a Equality<'a>,
    /// The policies.
    pub policy: &'a Policy,
    /// Which fields count.
    pub scope: &'a Scope,
}

/// Judges every entity, in parallel.
pub fn analyze(input: Input, problems: &mut Vec<Problem>) -> Analysis {
    let ids: Vec<ElementId> = input.catalog.entities().map(|(id, _)| id).collect();
    let judged: Vec<(EntityAnalysis, Vec<Problem>)> = ids.par_iter().map(|id| entity(&input, *id)).collect();
    let mut entities = Vec::with_capacity(judged.len());
    for (entity, found) in judged {
        entities.push(entity);
        problems.extend(found);
    }
    let definitions = definitions::predict(input.catalog, &entities);
    Analysis { entities, definitions }
}

/// The predicted rows of some entities, in output order; nothing else is kept.
pub fn predict(input: Input, entities: &[ElementId]) -> Vec<Definition> {
    let judged: Vec<EntityAnalysis> = entities.par_iter().map(|id| entity(&input, *id).0).collect();
    definitions::predict(input.catalog, &judged)
}

fn entity(input: &Input, id: ElementId) -> (EntityAnalysis, Vec<Problem>) {
    let mut problems = Vec::new();
    let Input { catalog, graph, policy, scope, .. } = *input;
    let rules = Rules { catalog, graph, policy, scope };
    let element = catalog.element(id);
    let sources = rules.sources(id);
    let shown = Shown::of(input, id);
    let mut leaf_rules = LeafRules { rules, id, sources: &sources, further: Vec::new() };
    leaf_rules.further = further_rows(input, id, &shown, &leaf_rules);
    let mut mapping = mapping::read(catalog, id, &mut problems);
    let fields = judge_fields(input, id, &shown, &leaf_rules, &mut mapping);
    let truncated = shown.truncated;
    if let Some(limit) = truncated {
        problems.push(
            Problem::new(Code::LineageLimit, element.place)
                .with("element", &element.name.text)
                .with("limit", limit.text()),
        );
    }
    let in_scope = scope.contains(id);
    if in_scope && truncated.is_none() && !element.is_partial() {
        mark_removable(&mut mapping);
    }
    let further_rows = std::mem::take(&mut leaf_rules.further);
    let record_lookup = record_lookup(element);
    let analysis =
        EntityAnalysis { id, in_scope, truncated, sources, fields, mapping, further_rows, record_lookup };
    (analysis, problems)
}

fn mark_removable(mapping: &mut MappingAnalysis) {
    for entry in mapping.entries.iter_mut().filter(|e| e.verdict.is_removable()) {
        entry.rows_saved = Some(u32::from(entry.verdict.makes_row()));
    }
}

/// How many leaves of each field are shown: all, unless a limit cuts them.
struct Shown {
    counts: Vec<usize>,
    cut: Vec<bool>,
    truncated: Option<Limit>,
}

impl Shown {
    fn of(input: &Input, id: ElementId) -> Self {
        let element = input.catalog.element(id);
        let mut order: Vec<usize> = (0..element.fields.len()).collect();
        order.sort_by(|a, b| name_order(&element.fields[*a].name.text, &element.fields[*b].name.text));
        let truncated = element.cut.then_some(Limit::XmlNesting);
        let mut shown = Self { counts: vec![0; order.len()], cut: vec![false; order.len()], truncated };
        let mut left = ENTITY_LEAVES;
        for position in order {
            let field = input.lineage.field(id, field_ix(position));
            let limit = field.cut.or((field.leaves.len() > left).then_some(Limit::EntityLeaves));
            shown.counts[position] = field.leaves.len().min(left);
            shown.cut[position] = limit.is_some();
            shown.truncated = shown.truncated.or(limit);
            left -= shown.counts[position];
        }
        shown
    }

    fn leaves<'a>(&self, input: &Input<'a>, id: ElementId, position: usize) -> &'a [Leaf] {
        &input.lineage.field(id, field_ix(position)).leaves[..self.counts[position]]
    }
}

fn field_ix(position: usize) -> FieldIx {
    FieldIx(u32::try_from(position).unwrap_or(u32::MAX))
}

/// Under the policies `all`: a row for each table of a counted leaf that is tracked through a data source and
/// stands in no chain listed for that data source.
fn further_rows(
    input: &Input,
    id: ElementId,
    shown: &Shown,
    rules: &LeafRules,
) -> Vec<(SourceIx, ElementId)> {
    let mut rows: Vec<(SourceIx, ElementId)> = Vec::new();
    let mut listed: Vec<(SourceIx, ElementId)> = (0..)
        .map(SourceIx)
        .zip(rules.sources)
        .filter_map(|(ix, v)| v.registers.map(|table| (ix, table)))
        .collect();
    for position in 0..shown.counts.len() {
        if input.scope.field(id, field_ix(position)).is_none() || shown.cut[position] {
            continue;
        }
        for leaf in shown.leaves(input, id, position).iter().filter(|l| !l.path.is_empty()) {
            let (Some(source), Some(table)) = (rules.tracked_through(leaf), leaf.element()) else { continue };
            let known =
                |(s, t): &(SourceIx, ElementId)| *s == source && input.catalog.in_one_chain(*t, table);
            if !listed.iter().any(known) {
                listed.push((source, table));
                rows.push((source, table));
            }
        }
    }
    rows
}

/// The verdicts on all leaves. Those of counted fields decide about the entries; entries then decide about
/// leaves again, counted or not.
fn judge_fields(
    input: &Input,
    id: ElementId,
    shown: &Shown,
    rules: &LeafRules,
    mapping: &mut MappingAnalysis,
) -> Vec<FieldAnalysis> {
    let mut joins = JoinCache { input, id, known: FxHashMap::default() };
    let mut fields: Vec<FieldAnalysis> = (0..shown.counts.len())
        .map(|position| {
            let leaves = shown.leaves(input, id, position);
            let judge = |l: &Leaf| if shown.cut[position] { rules.cut(l) } else { rules.without_entries(l) };
            FieldAnalysis {
                counted: input.scope.field(id, field_ix(position)).is_some(),
                leaves: leaves.iter().map(judge).collect(),
                joins: leaves.iter().map(|l| joins.of(&l.path)).collect(),
            }
        })
        .collect();
    if !mapping.entries.is_empty() {
        apply_entries(input, id, shown, rules, mapping, &mut fields);
    }
    fields
}

fn apply_entries(
    input: &Input,
    id: ElementId,
    shown: &Shown,
    rules: &LeafRules,
    mapping: &mut MappingAnalysis,
    fields: &mut [FieldAnalysis],
) {
    let with = |counted: bool| EntryRules {
        rules,
        lineage: input.lineage,
        equality: input.equality,
        counted: collect(input, id, shown, rules, fields, counted),
    };
    let (counted, informative) = (with(true), with(false));
    let covered = counted.decide(mapping);
    let would_cover = informative.first_cover(mapping);
    apply(fields, shown, true, &covered, mapping);
    apply(fields, shown, false, &would_cover, mapping);
}

/// The leaves of the fields that count, or of those that do not, in field order.
fn collect<'a>(
    input: &Input<'a>,
    id: ElementId,
    shown: &Shown,
    rules: &LeafRules,
    fields: &[FieldAnalysis],
    counted: bool,
) -> Vec<CountedLeaf<'a>> {
    let mut collected = Vec::new();
    for (position, field) in fields.iter().enumerate().filter(|(p, f)| f.counted == counted && !shown.cut[*p])
    {
        for (n, leaf) in shown.leaves(input, id, position).iter().enumerate() {
            collected.push(CountedLeaf {
                leaf,
                record: input.equality.record(id, &leaf.path),
                verdict: field.leaves[n],
                through_table: is_through_table(input, id, rules, leaf, &field.leaves[n]),
                joins: field.joins[n].clone(),
            });
        }
    }
    collected
}

fn is_through_table(
    input: &Input,
    id: ElementId,
    rules: &LeafRules,
    leaf: &Leaf,
    verdict: &LeafVerdict,
) -> bool {
    let has_table = |ix: SourceIx| {
        let target = input.catalog.element(id).source_at(ix).target;
        target.is_some_and(|t| input.catalog.element(t).kind == ElementKind::Table)
    };
    if verdict.via != Some(Via::DataSource) {
        return false;
    }
    match (leaf.kind, leaf.element()) {
        (crate::lineage::LeafKind::Sql, Some(table)) => rules.registering(table).any(has_table),
        _ => rules.tracked_through(leaf).is_some_and(has_table),
    }
}

/// Leaves that an entry covers are tracked through it.
fn apply(
    fields: &mut [FieldAnalysis],
    shown: &Shown,
    counted: bool,
    covered: &[Option<usize>],
    mapping: &MappingAnalysis,
) {
    let mut covered = covered.iter();
    for (_, field) in fields.iter_mut().enumerate().filter(|(p, f)| f.counted == counted && !shown.cut[*p]) {
        for verdict in &mut field.leaves {
            if let Some(Some(entry)) = covered.next() {
                *verdict = LeafVerdict {
                    status: Status::Tracked,
                    via: Some(Via::MappingMethod),
                    reason: None,
                    place: Some(mapping.entries[*entry].place),
                    hop: None,
                    entry: Some(*entry),
                };
            }
        }
    }
}

/// Join columns per path: many leaves share one.
struct JoinCache<'a> {
    input: &'a Input<'a>,
    id: ElementId,
    known: FxHashMap<Path, Arc<[JoinColumn]>>,
}

impl JoinCache<'_> {
    fn of(&mut self, path: &Path) -> Arc<[JoinColumn]> {
        let Self { input, id, known } = self;
        known.entry(path.clone()).or_insert_with(|| input.equality.join_columns(*id, path).into()).clone()
    }
}

fn record_lookup(element: &Element) -> Option<Place> {
    const NAME: &str = "getEntityRecordIdsImpactedByTableChange";
    let own = element.place.and_then(|p| element.method(NAME).map(|m| Place::at_line(p.file, m.line)));
    own.or_else(|| {
        element.extension_classes.iter().find_map(|class| {
            let method = crate::catalog::find_method(&class.methods, NAME)?;
            Some(Place::at_line(class.place.file, method.line))
        })
    })
}
