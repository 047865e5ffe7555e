//! What a verdict rests on: rules with their evidence, so that nobody takes an inference for a promise.

use super::Teller;
use crate::aot::Join;
use crate::catalog::{ElementKind, SourceIx};
use crate::lineage::Leaf;
use crate::tracking::{EntityAnalysis, Evidence, LeafVerdict, Match, PolicyInfo, Reason, Status, Via};
use std::borrow::Cow;

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Basis {
    /// The name of the rule: a reason, a policy, or `mapped_field`, `mapping_method`.
    pub(crate) rule: &'static str,
    /// How well it is founded; none where the tool itself is the limit.
    pub(crate) evidence: Option<Evidence>,
    /// The policy that can change it.
    pub(crate) policy: Option<&'static str>,
    /// The rule as a sentence.
    pub(crate) text: Cow<'static, str>,
    /// Where it comes from.
    pub(crate) source: &'static str,
    /// The public page.
    pub(crate) url: Option<&'static str>,
}

const MAPPED_FIELD: Basis = Basis {
    rule: "mapped_field",
    evidence: Some(Evidence::Documented),
    policy: None,
    text: Cow::Borrowed("A data source with a mapped field is tracked unless a rule excludes it."),
    source: "Custom best practices, and table map health check 1500.",
    url: Some(
        "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/dual-write/table-map-health-check",
    ),
};

const ENTRY: Basis = Basis {
    rule: "mapping_method",
    evidence: Some(Evidence::Documented),
    policy: None,
    text: Cow::Borrowed("An entry of getEntityDataSourceToFieldMapping registers its table by hand."),
    source: "Dual-write live-sync troubleshooting.",
    url: Some(
        "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/dual-write/dual-write-troubleshooting-live-sync",
    ),
};

const ENTRY_FIELD: Basis = Basis {
    rule: "entry_field",
    evidence: Some(Evidence::Inferred),
    policy: None,
    text: Cow::Borrowed(
        "The field of an entry should hold the RecId of the record; what happens otherwise is not documented.",
    ),
    source: "All documented entries name a field that holds a RecId.",
    url: None,
};

/// A reason as a rule.
pub(crate) fn by_reason(reason: Reason) -> Basis {
    let info = reason.info();
    Basis {
        rule: info.id,
        evidence: info.evidence,
        policy: info.policy,
        text: Cow::Borrowed(info.explanation),
        source: info.source,
        url: info.url,
    }
}

/// How well a rule is founded: `[INF: inferred; policy nested-entity can change it]`.
pub(crate) fn founded(evidence: Option<Evidence>, policy: Option<&str>) -> String {
    let Some(evidence) = evidence else { return "[a limit of this tool]".to_owned() };
    let meaning = match evidence {
        Evidence::Inferred => "inferred",
        known => known.meaning(),
    };
    let policy = policy.map(|key| format!("; policy {key} can change it")).unwrap_or_default();
    format!("[{}: {meaning}{policy}]", evidence.tag())
}

impl Teller<'_> {
    /// The rules behind the verdict on a leaf, the deciding one first; none for what cannot be resolved.
    pub(crate) fn basis(&self, entity: &EntityAnalysis, leaf: &Leaf, verdict: &LeafVerdict) -> Vec<Basis> {
        match (verdict.status, verdict.via, verdict.reason) {
            (Status::Tracked, Some(Via::MappingMethod), _) => {
                let matched = verdict.entry.and_then(|ix| entity.mapping.entries[ix].matched);
                let sure = matched.is_none_or(|m| m == Match::Exact);
                std::iter::once(ENTRY).chain((!sure).then_some(ENTRY_FIELD)).collect()
            }
            (Status::Tracked, ..) => self.tracked_basis(entity, leaf),
            (_, _, Some(reason)) => vec![by_reason(reason)],
            (_, _, None) => Vec::new(),
        }
    }

    fn tracked_basis(&self, entity: &EntityAnalysis, leaf: &Leaf) -> Vec<Basis> {
        let Some(ix) = self.tracking_source(entity, leaf) else { return vec![MAPPED_FIELD] };
        let mut basis = self.source_basis(entity, ix);
        let registered = entity.sources[ix.0 as usize].registers;
        if registered.is_some() && leaf.element().is_some() && registered != leaf.element() {
            basis.extend(self.by_policy("inheritance"));
        }
        basis
    }

    /// A policy as a rule: its question, and the answer that was taken.
    fn by_policy(&self, key: &str) -> Option<Basis> {
        let info = PolicyInfo::of(key)?;
        let values = self.judged.policy.values();
        let (_, chosen) = values.iter().find(|(known, _)| *known == key)?;
        let meaning = info.values.iter().find(|v| v.id == *chosen)?.meaning;
        Some(Basis {
            rule: info.key,
            evidence: Some(info.evidence),
            policy: Some(info.key),
            text: format!("{} Taken here ({chosen}): {meaning}.", info.question).into(),
            source: info.source,
            url: None,
        })
    }

    /// The rules that make a data source tracked.
    fn source_basis(&self, entity: &EntityAnalysis, ix: SourceIx) -> Vec<Basis> {
        let source = self.element(entity.id).source_at(ix);
        let verdict = &entity.sources[ix.0 as usize];
        let first = verdict.reason.map_or(MAPPED_FIELD, by_reason);
        let target = source.target.map(|t| self.element(t).kind);
        let nested = match target {
            Some(ElementKind::Entity) => self.by_policy("nested-entity"),
            Some(ElementKind::View) => self.by_policy("nested-view"),
            _ => None,
        };
        let read_only = source.join == Some(Join::Inner) && source.read_only;
        let inner = read_only.then(|| self.by_policy("inner-read-only")).flatten();
        std::iter::once(first).chain(nested).chain(inner).collect()
    }
}
