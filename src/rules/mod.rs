//! The rules: one file each, one list. A rule looks at verdicts and says what is wrong, where, and what to do; it
//! knows no output format.

mod company_context_contradiction;
mod company_field_mapped;
mod company_key_mismatch;
mod data_source_range;
mod data_source_without_mapped_field;
pub(crate) mod facts;
mod filter_null_comparison;
mod filter_parentheses;
mod filter_syntax;
mod filter_unknown_field;
mod filter_unmapped_field;
mod filter_virtual_field;
mod filters;
mod inner_join_drops_records;
mod integration_key_missing;
mod key_field_editable;
mod key_field_not_mandatory;
mod key_field_not_mapped;
mod key_field_one_way;
mod mapped_entity_not_public;
mod mapped_entity_without_data_management;
mod missing_entity_relation;
mod no_outbound_field;
mod range_breaks_inbound;
mod reference_cycle;
mod reversed_filter_nested_lookup;
mod reversed_filter_syntax;
mod reversed_filter_unsupported;
mod table_tracked_for_several_entities;
mod trail;
mod untracked_data_sources;
mod untracked_field;
mod virtual_field_mapped;

use crate::catalog::{Catalog, ElementId};
use crate::config::Config;
use crate::engine::Judged;
use crate::finding::{Finding, RuleInfo, Subject};
use crate::text::name_order;
use crate::words::Teller;
use rayon::prelude::*;

/// A rule: what is known of it, and how it looks.
pub struct Rule {
    /// Name, level, documentation.
    pub info: &'static RuleInfo,
    /// Finds everything that the rule is about; in any order.
    pub check: fn(&Input) -> Vec<Finding>,
}

/// Every rule, by name.
pub const RULES: &[Rule] = &[
    company_context_contradiction::RULE,
    company_field_mapped::RULE,
    company_key_mismatch::RULE,
    data_source_range::RULE,
    data_source_without_mapped_field::RULE,
    filter_null_comparison::RULE,
    filter_parentheses::RULE,
    filter_syntax::RULE,
    filter_unknown_field::RULE,
    filter_unmapped_field::RULE,
    filter_virtual_field::RULE,
    inner_join_drops_records::RULE,
    integration_key_missing::RULE,
    key_field_editable::RULE,
    key_field_not_mandatory::RULE,
    key_field_not_mapped::RULE,
    key_field_one_way::RULE,
    mapped_entity_not_public::RULE,
    mapped_entity_without_data_management::RULE,
    missing_entity_relation::RULE,
    no_outbound_field::RULE,
    range_breaks_inbound::RULE,
    reference_cycle::RULE,
    reversed_filter_nested_lookup::RULE,
    reversed_filter_syntax::RULE,
    reversed_filter_unsupported::RULE,
    table_tracked_for_several_entities::RULE,
    untracked_data_sources::RULE,
    untracked_field::RULE,
    virtual_field_mapped::RULE,
];

/// What rules look at.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The model and the verdicts on it.
    pub judged: &'a Judged<'a>,
    /// What the user set.
    pub config: &'a Config,
}

/// Runs rules, all of one list or a choice of them. Findings come by subject, rule and keys.
pub fn run<'r>(input: &Input, rules: impl IntoIterator<Item = &'r Rule>) -> Vec<Finding> {
    let rules: Vec<&Rule> = rules.into_iter().collect();
    let mut findings: Vec<Finding> = rules.par_iter().flat_map_iter(|rule| (rule.check)(input)).collect();
    findings.sort_by(|a, b| {
        let subjects = name_order(&a.subject.name, &b.subject.name).then(a.subject.kind.cmp(b.subject.kind));
        subjects
            .then_with(|| a.rule.name.cmp(b.rule.name))
            .then_with(|| a.keys.cmp(&b.keys))
            .then_with(|| a.site.cmp(&b.site))
            .then_with(|| a.message.cmp(&b.message))
    });
    findings.dedup();
    findings
}

/// The names of all rules.
pub fn names() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|rule| rule.info.name)
}

/// The rule of this name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.info.name == name)
}

impl<'a> Input<'a> {
    pub(crate) fn catalog(&self) -> &'a Catalog {
        &self.judged.model.catalog
    }

    /// The words for verdicts.
    pub(crate) fn teller(&self) -> Teller<'a> {
        Teller { judged: self.judged, config: self.config, all: true }
    }

    /// An element as the subject of a finding.
    pub(crate) fn subject(&self, id: ElementId) -> Subject {
        let element = self.catalog().element(id);
        Subject::new(element.kind.word(), &*element.name.text)
    }
}

#[cfg(test)]
mod tests {
    use super::RULES;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn the_list_is_sorted_and_holds_every_file_of_the_folder() {
        let names: Vec<&str> = RULES.iter().map(|rule| rule.info.name).collect();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let helpers = ["facts", "filters", "mod", "trail"];
        let stems = files.filter_map(|path| Some(path.file_stem()?.to_str()?.replace('_', "-")));
        let files: BTreeSet<String> = stems.filter(|stem| !helpers.contains(&stem.as_str())).collect();
        assert_eq!(files, names.into_iter().map(str::to_owned).collect());
    }

    #[test]
    fn every_rule_is_documented() {
        for rule in RULES {
            let info = rule.info;
            for text in [info.summary, info.finds, info.why, info.example, info.remedy, info.source] {
                assert!(!text.trim().is_empty(), "{} has an empty section", info.name);
            }
            assert!(!info.summary.ends_with('.') && info.summary.len() <= 100, "{}", info.name);
        }
    }
}
