//! Why something is not tracked: one list of reasons, in plain words, each with its source.

use super::Evidence;
use serde::{Deserialize, Serialize};

/// What users need to know about a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReasonInfo {
    /// The reason.
    pub reason: Reason,
    /// The stable name that machine output uses.
    pub id: &'static str,
    /// How well the rule is founded; none where the tool itself is the limit.
    pub evidence: Option<Evidence>,
    /// The rule of the specification, section 6: `S1` … `S7` for data sources, `L5` … for leaves.
    pub rule: Option<&'static str>,
    /// The policy that can switch the rule on or off.
    pub policy: Option<&'static str>,
    /// Why, in one line.
    pub explanation: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
    /// Where the rule comes from.
    pub source: &'static str,
    /// The public page, where there is one.
    pub url: Option<&'static str>,
}

macro_rules! reasons {
    ($($variant:ident $id:literal, $evidence:expr, $rule:expr, $policy:expr;
        $explanation:literal
        $remedy:literal
        $source:literal, $url:expr;)*) => {
        /// Why a data source or a leaf is not tracked, or why nothing can be said.
        #[allow(clippy::doc_markdown, reason = "the texts are for users")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Reason {
            $(#[doc = $explanation] #[serde(rename = $id)] $variant,)*
        }

        /// Every reason, in the order of the rules.
        pub const REASONS: &[ReasonInfo] = &[$(ReasonInfo {
            reason: Reason::$variant,
            id: $id,
            evidence: $evidence,
            rule: $rule,
            policy: $policy,
            explanation: $explanation,
            remedy: $remedy,
            source: $source,
            url: $url,
        }),*];

        impl Reason {
            /// The stable name that machine output uses.
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }
        }
    };
}

impl Reason {
    /// Everything that is known about the reason.
    pub fn info(self) -> &'static ReasonInfo {
        &REASONS[self as usize]
    }

    /// How well the rule is founded; none where the tool itself is the limit.
    pub fn evidence(self) -> Option<Evidence> {
        self.info().evidence
    }

    /// Why, in one line.
    pub fn explanation(self) -> &'static str {
        self.info().explanation
    }

    /// What to do about it.
    pub fn remedy(self) -> &'static str {
        self.info().remedy
    }

    /// The reason of this name.
    pub fn from_id(id: &str) -> Option<Self> {
        REASONS.iter().find(|info| info.id == id).map(|info| info.reason)
    }
}

const DOC: Option<Evidence> = Some(Evidence::Documented);
const SEEN: Option<Evidence> = Some(Evidence::Seen);
const INFERRED: Option<Evidence> = Some(Evidence::Inferred);

macro_rules! page {
    ($path:literal) => {
        Some(concat!("https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/", $path))
    };
}

const LIVE_SYNC: Option<&str> = page!("dual-write/dual-write-troubleshooting-live-sync");
const BEST_PRACTICES: Option<&str> = page!("dual-write/custom-best-practices");
const HEALTH_CHECK: Option<&str> = page!("dual-write/table-map-health-check");
const ELIGIBILITY: Option<&str> = page!("change-tracking-table-eligibility");
const SUBTYPES: Option<&str> = page!("support-super-type-sub-type");
const BEHAVIOR: Option<&str> = page!("behavioral-properties-data-entities");
const COMPUTED: Option<&str> = page!("data-entity-computed-columns-virtual-fields");

reasons! {
    EntityReadOnly "entity_read_only", DOC, None, Some("entity-read-only");
    "The entity is read-only, and the policy says that none of its data sources is tracked then."
    "Set IsReadOnly of the entity to No, or set the policy entity-read-only back to tracked."
    "The documentation of the property is ambiguous: it speaks of writes to the entity, not of tracking.", BEHAVIOR;

    OuterJoinReadOnly "outer_join_read_only", DOC, Some("S1"), None;
    "The data source has an outer join and is read-only; such a data source is never tracked."
    "Set IsReadOnly of the data source to No, or register the table by hand in getEntityDataSourceToFieldMapping."
    "Dual-write live-sync troubleshooting and custom best practices (the example is DefaultDimensionDAVs).", LIVE_SYNC;

    InnerJoinReadOnly "inner_join_read_only", INFERRED, None, Some("inner-read-only");
    "The data source has an inner join and is read-only, and the policy treats it like a read-only outer join."
    "Set IsReadOnly of the data source to No, or set the policy inner-read-only back to tracked."
    "The documentation excludes the read-only outer join only; the policy extends it.", BEST_PRACTICES;

    UnderUntrackedSource "under_untracked_source", DOC, Some("S2"), Some("under-untracked");
    "The data source hangs below one with a read-only outer join, which excludes all that is beneath it."
    "Make the data source above writable, or register the table by hand in getEntityDataSourceToFieldMapping."
    "The documentation says that the underlying tables of an excluded data source are not tracked.", LIVE_SYNC;

    ExistsJoin "exists_join", INFERRED, Some("S3"), None;
    "The data source only filters (exists or not-exists join): no field of it can be mapped, so nothing is tracked."
    "Join the table with an inner or outer join and map a field of it, if its changes matter."
    "An exists join carries no fields, and a data source without a mapped field is not tracked.", BEST_PRACTICES;

    TemporaryTable "temporary_table", INFERRED, Some("S5"), None;
    "The table is temporary (InMemory or TempDB); its rows do not last, so its changes are not tracked."
    "Read the values from a regular table."
    "The documentation excludes temporary tables from change tracking; nothing is said about dual-write.", ELIGIBILITY;

    SkipMethod "skip_method", SEEN, Some("S6"), None;
    "The method dualWriteShouldSkipDataSource of the entity decides this, or decides it in a way that cannot be read."
    "Look at dualWriteShouldSkipDataSource of the entity; return false there for data sources that must be tracked."
    "Not documented; seen on the public CustCustomerV3Entity.", None;

    NoMappedField "no_mapped_field", DOC, Some("S7"), None;
    "No mapped field comes straight from this data source, so its table is not tracked."
    "Map a field of the data source from Finance and Operations to Dataverse, or register the table by hand."
    "Custom best practices, and table map health check 1500.", HEALTH_CHECK;

    UnknownMethod "unknown_method", INFERRED, Some("L5"), None;
    "The field is computed by a method whose source is not loaded or cannot be read, so its tables are unknown."
    "Load the package that holds the method, or check by hand what it reads."
    "What a computed column reads is known from its X++ source only.", COMPUTED;

    SqlOnly "sql_only", INFERRED, Some("L7"), None;
    "The table is read only inside the SQL text of a computed field; nothing registers it."
    "Add the table as a data source of the entity and map a field of it."
    "No statement says that a computed column registers its tables; live-sync troubleshooting registers one by hand.", LIVE_SYNC;

    NestedSource "nested_source", INFERRED, Some("L8"), Some("nested-entity");
    "The table is no direct data source: it is reached through a nested entity or view, which does not register it."
    "Expose the RecId of the table as a field up to this entity and register it in getEntityDataSourceToFieldMapping."
    "Live-sync troubleshooting documents the case and the remedy; what exactly a nested entity registers is inferred.", LIVE_SYNC;

    Inheritance "inheritance", INFERRED, None, Some("inheritance");
    "The field belongs to another table of the inheritance chain than the one that is registered."
    "Set the policy inheritance back to chain, or register the table by hand in getEntityDataSourceToFieldMapping."
    "Which table of a chain is registered is not documented.", SUBTYPES;

    Limit "limit", None, None, None;
    "The entity is too large to be followed to the end, so nothing is said about this field."
    "Split the entity, or look at the data sources that multiply its paths."
    "A limit of this tool, not of Finance and Operations.", None;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tracking::PolicyInfo;

    #[test]
    fn the_list_is_consistent() {
        for (index, info) in REASONS.iter().enumerate() {
            assert_eq!(info.reason as usize, index);
            assert_eq!(info.reason.info(), info);
            assert_eq!(Reason::from_id(info.id), Some(info.reason));
            assert_eq!(serde_json::to_value(info.reason).unwrap(), info.id);
            assert!(info.policy.is_none_or(|key| PolicyInfo::of(key).is_some()), "{}", info.id);
            assert!(
                info.explanation.ends_with('.') && info.remedy.ends_with('.') && info.source.ends_with('.')
            );
        }
        assert_eq!(Reason::from_id("none"), None);
    }

    #[test]
    fn ids_rules_and_evidence() {
        let table: Vec<String> = REASONS
            .iter()
            .map(|r| format!("{} {} {}", r.id, r.evidence.map_or("-", Evidence::tag), r.rule.unwrap_or("-")))
            .collect();
        insta::assert_snapshot!(table.join("\n"), @r"
        entity_read_only DOC -
        outer_join_read_only DOC S1
        inner_join_read_only INF -
        under_untracked_source DOC S2
        exists_join INF S3
        temporary_table INF S5
        skip_method SRC S6
        no_mapped_field DOC S7
        unknown_method INF L5
        sql_only INF L7
        nested_source INF L8
        inheritance INF -
        limit - -
        ");
    }
}
