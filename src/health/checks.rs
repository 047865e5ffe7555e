//! The one list of what the health check asks: Microsoft's numbers, its error codes, and what else the
//! documentation wants of a map.

use crate::finding::RuleInfo;

/// One question.
#[derive(Debug)]
pub struct Check {
    /// The number or code under which Microsoft knows it; for the others the name of the rule.
    pub id: &'static str,
    /// What is wrong where it finds something.
    pub says: &'static str,
    /// Who answers it.
    pub by: By,
}

/// Who answers a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The rules with this number.
    Number(u16),
    /// The rule of this name.
    Rule(&'static str),
    /// The rules of these names.
    Rules(&'static [&'static str]),
    /// Nobody, from files: why.
    NotInFiles(&'static str),
}

/// Every check: by number, then by error code, then the others.
pub const CHECKS: &[Check] = &[
    Check {
        id: "100",
        says: "the platform is older than update 43 (10.0.19)",
        by: By::NotInFiles("the version of the environment is not in the metadata"),
    },
    Check { id: "400", says: "no table is registered, because no field is sent", by: By::Number(500) },
    Check { id: "500", says: "all fields of a map go from Dataverse only", by: By::Number(500) },
    Check { id: "900", says: "the source filter of a map is not valid", by: By::Number(900) },
    Check { id: "1000", says: "joins or nested ranges leave records out", by: By::Number(1000) },
    Check { id: "1300", says: "a virtual field is mapped", by: By::Number(1300) },
    Check { id: "1500", says: "a data source has no mapped field, or only lookups", by: By::Number(1500) },
    Check { id: "1600", says: "a range keeps records from being sent", by: By::Number(1600) },
    Check { id: "1700", says: "a table is tracked for several mapped entities", by: By::Number(1700) },
    Check { id: "1800", says: "a range turns updates from Dataverse into inserts", by: By::Number(1800) },
    Check { id: "1900", says: "data sources of the entity are not tracked", by: By::Number(1900) },
    Check { id: "2000", says: "a key field is not mandatory", by: By::Number(2000) },
    Check {
        id: "5000",
        says: "synchronous plug-ins slow the Dataverse table down",
        by: By::NotInFiles("plug-ins are registered in Dataverse"),
    },
    Check {
        id: "5100",
        says: "the integration key is no alternate key",
        by: By::NotInFiles("alternate keys are defined in Dataverse"),
    },
    Check {
        id: "5200",
        says: "key columns of Dataverse are not mandatory",
        by: By::NotInFiles("the columns are defined in Dataverse"),
    },
    Check {
        id: "DIPV1002",
        says: "one side is specific to a company, the other is not",
        by: By::Rule("company-key-mismatch"),
    },
    Check { id: "DIPV1003", says: "the integration key is missing", by: By::Rule("integration-key-missing") },
    Check { id: "DIPV1004", says: "a key field goes one way only", by: By::Rule("key-field-one-way") },
    Check {
        id: "filters",
        says: "a filter names a wrong field, or never matches",
        by: By::Rules(&[
            "filter-null-comparison",
            "filter-parentheses",
            "filter-unknown-field",
            "filter-unmapped-field",
            "filter-virtual-field",
        ]),
    },
    Check {
        id: "reversed-filters",
        says: "a Dataverse filter is not supported",
        by: By::Rules(&[
            "reversed-filter-nested-lookup",
            "reversed-filter-syntax",
            "reversed-filter-unsupported",
        ]),
    },
    rule("key-field-not-mapped", "a key field is not in the map"),
    rule("key-field-editable", "a key field can be changed afterwards"),
    rule("company-field-mapped", "the company is mapped as a field"),
    rule("company-context-contradiction", "the company of the entity contradicts its tables"),
    rule("missing-entity-relation", "an entity relation is missing"),
    rule("reference-cycle", "the entity refers to itself, or in a circle"),
    rule("mapped-entity-not-public", "the entity is not public"),
    rule("mapped-entity-without-data-management", "the entity is not enabled for data management"),
];

const fn rule(name: &'static str, says: &'static str) -> Check {
    Check { id: name, says, by: By::Rule(name) }
}

impl Check {
    /// Whether findings of a rule answer this check.
    pub fn is_answered_by(&self, rule: &RuleInfo) -> bool {
        match self.by {
            By::Number(number) => rule.number == Some(number),
            By::Rule(name) => rule.name == name,
            By::Rules(names) => names.contains(&rule.name),
            By::NotInFiles(_) => false,
        }
    }

    /// Microsoft knows it under this id.
    pub fn is_official(&self) -> bool {
        match self.by {
            By::Rule(name) => name != self.id,
            By::Rules(_) => false,
            By::Number(_) | By::NotInFiles(_) => true,
        }
    }
}

/// Whether a rule answers some check.
pub(super) fn is_asked(rule: &RuleInfo) -> bool {
    CHECKS.iter().any(|check| check.is_answered_by(rule))
}

#[cfg(test)]
mod tests {
    use super::{By, CHECKS};
    use crate::finding::Group;
    use crate::rules::RULES;
    use std::collections::BTreeSet;

    #[test]
    fn every_check_has_a_rule_or_a_reason() {
        for check in CHECKS {
            let rules = RULES.iter().filter(|rule| check.is_answered_by(rule.info)).count();
            let expected = usize::from(!matches!(check.by, By::NotInFiles(_)));
            assert_eq!(rules.min(1), expected, "{}", check.id);
        }
        let ids: BTreeSet<&str> = CHECKS.iter().map(|check| check.id).collect();
        assert_eq!(ids.len(), CHECKS.len());
    }

    #[test]
    fn every_rule_of_maps_and_health_is_asked() {
        let of_maps = [Group::Health, Group::Map];
        for rule in RULES.iter().filter(|r| of_maps.contains(&r.info.group) || r.info.number.is_some()) {
            assert!(super::is_asked(rule.info), "{}", rule.info.name);
        }
    }
}
