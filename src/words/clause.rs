//! Why a change of one column does, or does not, reach Dataverse: one clause with the names in it.

use super::{Teller, entry_text, shown};
use crate::catalog::{Binding, ElementKind, FieldIx, SourceIx};
use crate::lineage::{Hop, Leaf, LeafKind};
use crate::tracking::{EntityAnalysis, LeafVerdict, Match, Reason, Status, Via};

impl Teller<'_> {
    /// The clause behind the colon of an answer.
    pub(crate) fn clause(
        &self,
        entity: &EntityAnalysis,
        field: FieldIx,
        leaf: &Leaf,
        verdict: &LeafVerdict,
    ) -> String {
        match (verdict.status, verdict.via, verdict.reason) {
            (Status::Tracked, Some(Via::MappingMethod), _) => covered(entity, verdict),
            (Status::Tracked, ..) => self.tracked(entity, leaf),
            (Status::Unresolved, ..) => {
                self.missing_of(entity, leaf).map_or_else(String::new, |m| self.missing(&m))
            }
            (Status::Undecidable, _, Some(Reason::Limit)) => {
                "the entity is too large to be followed to the end".to_owned()
            }
            (Status::Undecidable, ..) => format!(
                "dualWriteShouldSkipDataSource decides about data source {} in a way that cannot be read",
                self.first_name(entity, leaf)
            ),
            (Status::Untracked, _, Some(reason)) => self.excluded(entity, field, leaf, verdict, reason),
            (Status::Untracked, _, None) => "nothing registers it".to_owned(),
        }
    }

    fn tracked(&self, entity: &EntityAnalysis, leaf: &Leaf) -> String {
        match self.tracking_source(entity, leaf) {
            Some(ix) => format!("data source {} is tracked", self.source_name(entity.id, ix)),
            None => "a data source of the entity is tracked".to_owned(),
        }
    }

    /// The data source through which a leaf is tracked: the first of its path; for SQL text the first that
    /// registers the table, or one of its chain.
    pub(crate) fn tracking_source(&self, entity: &EntityAnalysis, leaf: &Leaf) -> Option<SourceIx> {
        if let Some(Hop::Source(ix)) = leaf.path.first() {
            return Some(*ix);
        }
        let table = leaf.element()?;
        let same = |other: crate::catalog::ElementId| self.catalog().in_one_chain(other, table);
        let primary = (0..).map(SourceIx).zip(&entity.sources);
        let primary = primary.filter(|(_, v)| v.registers.is_some_and(same)).map(|(ix, _)| ix);
        let further = entity.further_rows.iter().filter(|(_, t)| *t == table).map(|(ix, _)| *ix);
        primary.chain(further).next()
    }

    fn first_name(&self, entity: &EntityAnalysis, leaf: &Leaf) -> String {
        leaf.path_names(self.catalog(), entity.id).first().map(|n| shown(n)).unwrap_or_default()
    }

    fn excluded(
        &self,
        entity: &EntityAnalysis,
        field: FieldIx,
        leaf: &Leaf,
        verdict: &LeafVerdict,
        reason: Reason,
    ) -> String {
        let source = self.first_name(entity, leaf);
        let table = self.table(leaf);
        match reason {
            Reason::EntityReadOnly => "the entity is read-only".to_owned(),
            Reason::OuterJoinReadOnly => match self.inner_hop(entity, leaf, verdict) {
                Some((hop, owner)) => format!("{hop} of {owner} has an outer join and is read-only"),
                None => format!("data source {source} has an outer join and is read-only"),
            },
            Reason::InnerJoinReadOnly => format!("data source {source} has an inner join and is read-only"),
            Reason::UnderUntrackedSource => format!(
                "data source {source} hangs below {}, which has an outer join and is read-only",
                self.excluding_ancestor(entity, leaf).unwrap_or_else(|| "a data source".to_owned())
            ),
            Reason::ExistsJoin => format!("data source {source} only filters (exists join)"),
            Reason::TemporaryTable => format!("{table} is a temporary table"),
            Reason::SkipMethod => {
                format!("dualWriteShouldSkipDataSource switches data source {source} off")
            }
            Reason::NoMappedField => {
                format!("no field that is sent comes straight from data source {source}")
            }
            Reason::UnknownMethod => self.unknown_method(entity, field),
            Reason::SqlOnly => format!("{table} is read only inside the SQL of a computed field"),
            Reason::NestedSource => self.nested(entity, leaf, verdict),
            Reason::Inheritance => {
                format!("{table} is another table of the inheritance chain than the one that is registered")
            }
            Reason::Limit => "the entity is too large to be followed to the end".to_owned(),
        }
    }

    /// The data source that decides and the element that has it, where it is not the entity itself.
    fn inner_hop(
        &self,
        entity: &EntityAnalysis,
        leaf: &Leaf,
        verdict: &LeafVerdict,
    ) -> Option<(String, String)> {
        let hop = verdict.hop.filter(|hop| *hop > 0)?;
        let (owner, ix) = leaf.hops(self.catalog(), entity.id).nth(hop)?;
        Some((self.source_name(owner, ix), self.name(owner)))
    }

    fn nested(&self, entity: &EntityAnalysis, leaf: &Leaf, verdict: &LeafVerdict) -> String {
        if let Some((hop, owner)) = self.inner_hop(entity, leaf, verdict) {
            return format!(
                "{hop} is a data source of the nested {owner}, not of {} itself",
                self.name(entity.id)
            );
        }
        let target = match leaf.path.first() {
            Some(Hop::Source(ix)) => self.element(entity.id).source_at(*ix).target,
            _ => None,
        };
        let source = self.first_name(entity, leaf);
        match target.map(|t| self.element(t).kind) {
            Some(ElementKind::View) => format!("data source {source} is a view, which registers no table"),
            _ => format!("data source {source} is a nested entity, which registers no table"),
        }
    }

    fn excluding_ancestor(&self, entity: &EntityAnalysis, leaf: &Leaf) -> Option<String> {
        let Some(Hop::Source(ix)) = leaf.path.first() else { return None };
        let ancestor = entity.sources[ix.0 as usize].decided_by?;
        Some(self.source_name(entity.id, ancestor))
    }

    fn unknown_method(&self, entity: &EntityAnalysis, field: FieldIx) -> String {
        let method = match &self.element(entity.id).field_at(field).binding {
            Binding::Computed { method, .. } => method.as_deref(),
            _ => return "a method that computes it is not loaded or cannot be read".to_owned(),
        };
        match method {
            Some(method) => {
                format!(
                    "{}, which computes it, or a method that it calls is not loaded or cannot be read",
                    shown(method)
                )
            }
            None => "the field names no method that computes it".to_owned(),
        }
    }
}

/// The entry that covers a leaf, and how sure that is.
fn covered(entity: &EntityAnalysis, verdict: &LeafVerdict) -> String {
    let Some(entry) = verdict.entry.map(|ix| &entity.mapping.entries[ix]) else { return String::new() };
    let how = match entry.matched {
        Some(Match::Unverified) => ", though its field cannot be followed to be sure",
        Some(Match::ByColumn) => ", though its field is not the RecId of the record",
        _ => "",
    };
    let condition = if entry.conditional { ", when its condition holds" } else { "" };
    format!("the entry {} of the mapping method covers it{condition}{how}", entry_text(entry))
}

/// What a leaf is to its field.
pub(crate) fn kind_words(kind: LeafKind) -> &'static str {
    match kind {
        LeafKind::Mapped => "bound to it",
        LeafKind::Aggregate => "aggregated over it in a view",
        LeafKind::Computed => "computed from it",
        LeafKind::Sql => "read by the SQL text of a computed field",
        LeafKind::Unknown => "computed by a method that cannot be read",
    }
}
