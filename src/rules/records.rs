//! Records whose changes are not seen, and which rule speaks of each: a record has one finding.

use super::Input;
use crate::catalog::{ElementId, FieldIx};
use crate::finding::{Finding, RuleInfo, Severity};
use crate::lineage::{Leaf, LeafKind, LeafTable, Path};
use crate::suggest::{Remedy, disabled_for};
use crate::text::{count, name_order, some};
use crate::tracking::{EntityAnalysis, Evidence, LeafVerdict, Reason, Status};
use crate::words::{Advice, Teller};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// So many fields are named in a note; the keys of a finding do not name fields at all.
const NAMED: usize = 8;

/// Which rule speaks of a record; the first that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// An entry for it stands in a comment.
    DisabledEntry,
    /// An entry is all that is missing.
    MissingEntry,
    /// It is read only inside SQL text.
    SqlOnly,
    /// Anything else.
    Untracked,
}

/// The fields that one record gives to an entity, none of them seen.
pub(super) struct Record<'a> {
    pub(super) entity: &'a EntityAnalysis,
    pub(super) leaf: &'a Leaf,
    pub(super) verdict: &'a LeafVerdict,
    pub(super) reason: Reason,
    pub(super) fields: Vec<FieldIx>,
    /// What to do about it.
    pub(super) advice: Advice<'a>,
    told: Told,
}

/// The path and the table; fields that nobody can follow are each a record of their own.
type Key = (Path, LeafTable, bool, Option<FieldIx>);

impl<'a> Input<'a> {
    /// The records of entities in scope that a rule speaks of.
    pub(super) fn records(&self, told: Told) -> impl ParallelIterator<Item = &Record<'a>> {
        self.all_records().par_iter().filter(move |record| record.told == told)
    }

    /// Puts the records together, if nobody has yet.
    pub(super) fn all_records(&self) -> &[Record<'a>] {
        self.records.get_or_init(|| {
            let entities = self.judged.analysis.entities.par_iter().filter(|e| e.in_scope);
            entities.flat_map_iter(|entity| self.records_of(entity)).collect()
        })
    }

    fn records_of(&self, entity: &'a EntityAnalysis) -> Vec<Record<'a>> {
        let mut records: Vec<Record<'a>> = Vec::new();
        let mut known: FxHashMap<Key, usize> = FxHashMap::default();
        for (ix, field) in (0..).map(FieldIx).zip(&entity.fields).filter(|(_, f)| f.counted) {
            let leaves = &self.judged.model.lineage.field(entity.id, ix).leaves;
            for (leaf, verdict) in leaves.iter().zip(&field.leaves) {
                let (Status::Untracked, Some(reason)) = (verdict.status, verdict.reason) else { continue };
                let alone = (leaf.kind == LeafKind::Unknown).then_some(ix);
                let key = (leaf.path.clone(), leaf.table.clone(), leaf.kind == LeafKind::Sql, alone);
                let position = *known.entry(key).or_insert_with(|| {
                    let advice = self.teller().advice(entity, leaf, verdict);
                    let told = Told::of(entity, leaf, &advice);
                    records.push(Record { entity, leaf, verdict, reason, fields: Vec::new(), advice, told });
                    records.len() - 1
                });
                let fields = &mut records[position].fields;
                if fields.last() != Some(&ix) {
                    fields.push(ix);
                }
            }
        }
        records
    }
}

impl Told {
    fn of(entity: &EntityAnalysis, leaf: &Leaf, advice: &Advice) -> Self {
        match advice.needed {
            Some(needed) if disabled_for(entity, needed).is_some() => Self::DisabledEntry,
            Some(needed) if needed.remedy == Remedy::Entry => Self::MissingEntry,
            _ if leaf.kind == LeafKind::Sql => Self::SqlOnly,
            _ => Self::Untracked,
        }
    }
}

impl Record<'_> {
    /// A finding about the record, at the place that decides, with the way there and what to do.
    pub(super) fn finding(&self, input: &Input, info: &'static RuleInfo, why: &str) -> Finding {
        let (teller, catalog) = (input.teller(), input.catalog());
        let entity = self.entity.id;
        let message =
            format!("changes of {} never reach {}: {why}", teller.table(self.leaf), teller.name(entity));
        let place = self.verdict.place.or(catalog.element(entity).place);
        let source = self.reason.info();
        let mut finding = Finding::new(info, input.subject(entity), place, message)
            .founded_on(source.evidence.unwrap_or(Evidence::Inferred))
            .from_source(source.source, source.url.or(info.url))
            .level(self.level(input, info.severity))
            .labelled(label(self.reason))
            .shown_by(witness(self.reason))
            .along(input, entity, self.leaf)
            .note(self.fields_note(input));
        for name in self.leaf.path_names(catalog, entity) {
            finding = finding.key(name);
        }
        if let Some(table) = self.leaf.table.name(catalog) {
            finding = finding.key(table);
        }
        if let Some(doubt) = self.doubt(input) {
            finding = finding.note(doubt.1);
        }
        for todo in &self.advice.steps {
            finding = match &todo.code {
                Some(code) => finding.remedy_code(&*todo.text, &**code),
                None => finding.remedy(&*todo.text),
            };
        }
        finding
    }

    /// Why changes are not seen, as the end of a sentence.
    pub(super) fn clause(&self, teller: &Teller) -> String {
        teller.clause(self.entity, self.fields[0], self.leaf, self.verdict)
    }

    fn fields_note(&self, input: &Input) -> String {
        let name = |ix: &FieldIx| &*input.catalog().element(self.entity.id).field_at(*ix).name.text;
        let mut names: Vec<&str> = self.fields.iter().map(name).collect();
        names.sort_by(|a, b| name_order(a, b));
        format!("{}: {}", count(names.len(), "mapped field"), some(&names, NAMED))
    }

    /// What is not known of the mapping method, and what a finding can be at most because of that.
    fn doubt(&self, input: &Input) -> Option<(Severity, &'static str)> {
        if input.catalog().element(self.entity.id).is_partial() {
            let text =
                "Only extensions of the entity are loaded: its own mapping method may register the table.";
            return Some((Severity::Note, text));
        }
        let text = "A statement of the mapping method cannot be read: it may register the table.";
        (!self.entity.mapping.undecidable.is_empty()).then_some((Severity::Warning, text))
    }

    /// What is switched off on purpose, only filters, or never changes is worth a look and no more; so is what
    /// nobody can follow.
    fn level(&self, input: &Input, otherwise: Severity) -> Severity {
        let table = self.leaf.element().map(|id: ElementId| &input.catalog().element(id).name.text);
        let is_quiet = matches!(
            self.reason,
            Reason::SkipMethod | Reason::ExistsJoin | Reason::TemporaryTable | Reason::UnknownMethod
        );
        if is_quiet || table.is_some_and(|table| input.config.is_insert_only(table)) {
            return Severity::Note;
        }
        self.doubt(input).map_or(otherwise, |(most, _)| most.min(otherwise))
    }
}

/// A few words at the place that decides.
fn label(reason: Reason) -> &'static str {
    match reason {
        Reason::EntityReadOnly => "the entity is read-only",
        Reason::OuterJoinReadOnly => "outer join, read-only",
        Reason::InnerJoinReadOnly => "inner join, read-only",
        Reason::UnderUntrackedSource => "below an outer join that is read-only",
        Reason::ExistsJoin => "only filters",
        Reason::TemporaryTable => "a temporary table",
        Reason::SkipMethod => "switched off by dualWriteShouldSkipDataSource",
        Reason::NoMappedField => "no mapped field of its own",
        Reason::UnknownMethod => "its method cannot be read",
        Reason::SqlOnly => "read by SQL text",
        Reason::NestedSource => "a data source of a nested element",
        Reason::Inheritance => "another table of the inheritance chain",
        Reason::Limit => "too large to be followed",
    }
}

/// Properties of the data source that show why.
fn witness(reason: Reason) -> &'static [&'static str] {
    match reason {
        Reason::OuterJoinReadOnly | Reason::InnerJoinReadOnly => &["JoinMode", "IsReadOnly"],
        Reason::ExistsJoin => &["JoinMode"],
        Reason::UnknownMethod | Reason::SqlOnly => &["ComputedFieldMethod"],
        Reason::NestedSource | Reason::TemporaryTable => &["Table"],
        _ => &[],
    }
}
