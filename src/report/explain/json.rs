//! `dualtrack explain --json`: the entity of `tracking.json` with what only an explanation says.

use super::Subject;
use super::trace::trace;
use crate::catalog::{ElementId, FieldIx};
use crate::config::Config;
use crate::engine::Judged;
use crate::lineage::Leaf;
use crate::report::json::{extend, object, place, write_pretty};
use crate::report::tracking_json;
use crate::tracking::{EntityAnalysis, Evidence, LeafVerdict, Missing, Status, missing_of_source};
use crate::words::{Advice, Basis, Teller};
use crate::writes::Writes;
use serde_json::{Value, json};
use std::io::{self, Write};

/// Name and version of the format.
pub const SCHEMA: &str = "dualtrack/explain/1";

/// Writes one document for all subjects; nothing is ever cut.
pub fn write(
    judged: &Judged,
    config: &Config,
    writes: &Writes,
    subjects: &[Subject],
    out: &mut dyn Write,
) -> io::Result<()> {
    let teller = Teller { judged, config, all: true };
    let document = object([
        ("schema", json!(SCHEMA)),
        ("assumed_mapped", json!(judged.scope.assumed)),
        ("policy", Value::Object(judged.policy.to_json())),
        ("subjects", subjects.iter().map(|s| subject(teller, writes, *s)).collect()),
    ]);
    write_pretty(&document, out)
}

fn subject(teller: Teller, writes: &Writes, subject: Subject) -> Value {
    let element = teller.element(subject.element);
    let analysis = teller.judged.analysis.entity(subject.element);
    let mut value = object([
        ("kind", json!(element.kind.word())),
        ("name", json!(&*element.name.text)),
        ("field", json!(subject.field.map(|ix| &*element.field_at(ix).name.text))),
    ]);
    let more = match (analysis, subject.field) {
        (Some(entity), Some(ix)) => field(teller, entity, ix),
        (Some(entity), None) => whole(teller, entity),
        (None, field) => view(teller, subject.element, field),
    };
    extend(&mut value, more);
    extend(&mut value, object([("writes", super::section(teller, writes, subject).to_json())]));
    value
}

/// A field: the answer, and each leaf with its way, rules and remedy.
fn field(teller: Teller, entity: &EntityAnalysis, ix: FieldIx) -> Value {
    let field = teller.element(entity.id).field_at(ix);
    let analysis = &entity.fields[ix.0 as usize];
    let leaves = teller.judged.model.lineage.field(entity.id, ix).leaves.iter();
    let leaves = leaves.zip(&analysis.leaves).zip(&analysis.joins).map(|((l, verdict), joins)| {
        let mut value = json!(tracking_json::leaf(teller.judged.model, entity, l, verdict, joins));
        extend(&mut value, leaf(teller, entity, ix, l, verdict));
        value
    });
    let (file, line) = place(teller.judged.model, Some(field.place));
    object([
        ("answer", json!(super::field::FieldView::new(teller, entity, ix).answer().text)),
        ("in_scope", json!(entity.in_scope)),
        ("counted", json!(analysis.counted)),
        ("not_sent_because", json!(teller.why_not_sent(entity, Some(ix), "the entity"))),
        ("file", json!(file)),
        ("line", json!(line)),
        ("leaves", leaves.collect()),
    ])
}

fn leaf(teller: Teller, entity: &EntityAnalysis, ix: FieldIx, leaf: &Leaf, verdict: &LeafVerdict) -> Value {
    let missing = teller.missing_of(entity, leaf).filter(|_| verdict.status == Status::Unresolved);
    let entry = verdict.entry.map(|n| &entity.mapping.entries[n]);
    let (file, line) = place(teller.judged.model, leaf.code);
    object([
        ("because", json!(teller.clause(entity, ix, leaf, verdict))),
        ("rules", basis(&teller.basis(entity, leaf, verdict))),
        ("hops", hops(teller, entity.id, ix, leaf, verdict)),
        ("code", object([("file", json!(file)), ("line", json!(line))])),
        ("entry", json!(entry.map(|e| tracking_json::entry(teller.judged.model, e)))),
        ("missing", missing.map_or(Value::Null, |m| self::missing(teller, &m))),
        ("remedy", advice(teller, &teller.advice(entity, leaf, verdict))),
    ])
}

fn hops(teller: Teller, entity: ElementId, ix: FieldIx, leaf: &Leaf, verdict: &LeafVerdict) -> Value {
    let hops = trace(teller.catalog(), entity, Some(ix), leaf);
    let hop = |(depth, hop): (usize, &super::trace::TraceHop)| {
        let owner = teller.element(hop.owner);
        let source = owner.source_at(hop.ix);
        let mut value = tracking_json::source_facts(teller.judged.model, owner, source);
        extend(
            &mut value,
            object([
                ("element", json!(&*owner.name.text)),
                ("reads", json!(hop.reads)),
                ("decides", json!(verdict.hop == Some(depth) && verdict.status != Status::Tracked)),
            ]),
        );
        value
    };
    hops.iter().enumerate().map(hop).collect()
}

/// An entity: everything of `tracking.json`, why it is not sent, and the rules behind its data sources.
fn whole(teller: Teller, entity: &EntityAnalysis) -> Value {
    let model = teller.judged.model;
    let mut value = json!(tracking_json::entity(model, entity));
    let element = teller.element(entity.id);
    let (file, line) = place(model, entity.record_lookup);
    let open = element.sources().zip(&entity.sources).filter(|(_, v)| v.status == Status::Unresolved);
    let unresolved = open.map(|((ix, source), _)| {
        let missing = missing_of_source(teller.catalog(), &model.graph, entity.id, ix);
        object([("data_source", json!(&*source.name.text)), ("missing", self::missing(teller, &missing))])
    });
    let mut reasons: Vec<_> = entity
        .sources
        .iter()
        .filter_map(|v| v.reason)
        .chain(entity.fields.iter().flat_map(|f| &f.leaves).filter_map(|v| v.reason))
        .collect();
    reasons.sort_unstable();
    reasons.dedup();
    let rules: Vec<Basis> = reasons.into_iter().map(crate::words::by_reason).collect();
    let needed = teller.judged.needed.iter().filter(|n| n.entity == entity.id);
    let facts = object([
        ("not_sent_because", json!(teller.why_not_sent(entity, None, "the entity"))),
        ("public", json!(element.entity.is_public)),
        ("record_look_up", object([("file", json!(file)), ("line", json!(line))])),
        ("unresolved", unresolved.collect()),
        ("rules", basis(&rules)),
        ("needed", needed.map(|n| json!(tracking_json::needed(teller.catalog(), n))).collect()),
    ]);
    extend(&mut value, facts);
    value
}

/// A view: its data sources, or the lineage of one of its fields.
fn view(teller: Teller, id: ElementId, field: Option<FieldIx>) -> Value {
    let element = teller.element(id);
    let model = teller.judged.model;
    let sources = element.sources().map(|(_, s)| tracking_json::source_facts(model, element, s));
    let primary = model.graph.primary_table(id).map(|t| &*teller.element(t).name.text);
    let (file, _) = place(model, element.place);
    let leaves = field.map_or_else(Vec::new, |ix| {
        let leaves = model.lineage.field(id, ix).leaves.iter();
        let leaf = |leaf: &Leaf| {
            object([
                ("path", json!(leaf.path_names(teller.catalog(), id))),
                ("table", json!(leaf.table.name(teller.catalog()))),
                ("column", json!(leaf.column.as_ref().map(|c| &*c.text))),
                ("kind", json!(leaf.kind.id())),
            ])
        };
        leaves.map(leaf).collect()
    });
    object([
        ("file", json!(file)),
        ("primary_table", json!(primary)),
        ("sources", sources.collect()),
        ("leaves", Value::Array(leaves)),
    ])
}

/// Rules with their evidence.
pub(in crate::report) fn basis(rules: &[Basis]) -> Value {
    let rule = |rule: &Basis| {
        object([
            ("rule", json!(rule.rule)),
            ("evidence", json!(rule.evidence.map(Evidence::id))),
            ("policy", json!(rule.policy)),
            ("text", json!(rule.text)),
            ("source", json!(rule.source)),
            ("url", json!(rule.url)),
        ])
    };
    rules.iter().map(rule).collect()
}

/// What must be loaded or put right.
pub(in crate::report) fn missing(teller: Teller, missing: &Missing) -> Value {
    object([
        ("what", json!(missing.id())),
        ("name", json!(missing.name(teller.catalog()))),
        ("load", json!(missing.is_to_load())),
    ])
}

/// What to do; null when there is nothing.
pub(in crate::report) fn advice(teller: Teller, advice: &Advice) -> Value {
    if advice.steps.is_empty() {
        return Value::Null;
    }
    let steps = advice.steps.iter().map(|s| object([("text", json!(s.text)), ("code", json!(s.code))]));
    let needed = advice.needed.map(|n| tracking_json::needed(teller.catalog(), n));
    object([("steps", steps.collect()), ("needed", json!(needed))])
}
