//! The rules: one file each, one list. A rule looks at verdicts and says what is wrong, where, and what to do; it
//! knows no output format.

mod bypassing_write;
mod company_context_contradiction;
mod company_field_mapped;
mod company_key_mismatch;
mod conditional_mapping_entry;
mod conflicting_mapping_entry;
mod cyclic_data_source;
mod data_source_range;
mod data_source_without_mapped_field;
mod disabled_mapping_entry_needed;
mod duplicate_element;
mod duplicate_map_version;
mod duplicate_mapping_entry;
mod duplicate_part;
mod entries;
pub(crate) mod facts;
mod filter_null_comparison;
mod filter_parentheses;
mod filter_syntax;
mod filter_unknown_field;
mod filter_unmapped_field;
mod filter_virtual_field;
mod filters;
mod inheritance_cycle;
mod inner_join_drops_records;
mod integration_key_missing;
mod invalid_allowance;
mod invalid_mapping_entry;
mod key_field_editable;
mod key_field_not_mandatory;
mod key_field_not_mapped;
mod key_field_one_way;
mod lineage_limit;
mod malformed_file;
mod mapped_entity_not_public;
mod mapped_entity_without_data_management;
mod mapping_method_without_next;
mod mismatched_mapping_entry;
mod missing_entity_relation;
mod missing_mapping_entry;
mod missing_parent;
mod modification_ignored;
mod no_outbound_field;
mod pages;
mod problems;
mod query_cycle;
mod range_breaks_inbound;
mod record_lookup_overridden;
mod records;
mod redundant_mapping_entry;
mod reference_cycle;
mod reversed_filter_nested_lookup;
mod reversed_filter_syntax;
mod reversed_filter_unsupported;
mod skip_method_undecidable;
mod source_on_query;
mod split_transaction;
mod sql_only_dependency;
mod table_tracked_for_several_entities;
mod trail;
mod unbalanced_transaction;
mod undecidable_mapping_method;
mod unknown_data_source;
mod unknown_field;
mod unknown_join_mode;
mod unknown_map_version;
mod unknown_sync_direction;
mod unmatched_map_entity;
mod unmatched_map_field;
mod unreadable_map;
mod unresolved_reference;
mod untracked_data_sources;
mod untracked_field;
mod unused_allowance;
mod unused_mapping_entry;
mod virtual_field_mapped;
mod wrong_extension_kind;

use crate::catalog::{Catalog, ElementId};
use crate::config::Config;
use crate::engine::Judged;
use crate::finding::{Allowance, Finding, RuleInfo, Site, Subject};
use crate::text::name_order;
use crate::words::Teller;
use crate::writes::Writes;
use rayon::prelude::*;
use std::cmp::Ordering;
use std::sync::OnceLock;

/// A rule: what is known of it, and how it looks.
pub struct Rule {
    /// Name, level, documentation.
    pub info: &'static RuleInfo,
    /// Finds everything that the rule is about; in any order.
    pub check: fn(&Input) -> Vec<Finding>,
}

/// Every rule, by name.
pub const RULES: &[Rule] = &[
    bypassing_write::RULE,
    company_context_contradiction::RULE,
    company_field_mapped::RULE,
    company_key_mismatch::RULE,
    conditional_mapping_entry::RULE,
    conflicting_mapping_entry::RULE,
    cyclic_data_source::RULE,
    data_source_range::RULE,
    data_source_without_mapped_field::RULE,
    disabled_mapping_entry_needed::RULE,
    duplicate_element::RULE,
    duplicate_map_version::RULE,
    duplicate_mapping_entry::RULE,
    duplicate_part::RULE,
    filter_null_comparison::RULE,
    filter_parentheses::RULE,
    filter_syntax::RULE,
    filter_unknown_field::RULE,
    filter_unmapped_field::RULE,
    filter_virtual_field::RULE,
    inheritance_cycle::RULE,
    inner_join_drops_records::RULE,
    integration_key_missing::RULE,
    invalid_allowance::RULE,
    invalid_mapping_entry::RULE,
    key_field_editable::RULE,
    key_field_not_mandatory::RULE,
    key_field_not_mapped::RULE,
    key_field_one_way::RULE,
    lineage_limit::RULE,
    malformed_file::RULE,
    mapped_entity_not_public::RULE,
    mapped_entity_without_data_management::RULE,
    mapping_method_without_next::RULE,
    mismatched_mapping_entry::RULE,
    missing_entity_relation::RULE,
    missing_mapping_entry::RULE,
    missing_parent::RULE,
    modification_ignored::RULE,
    no_outbound_field::RULE,
    query_cycle::RULE,
    range_breaks_inbound::RULE,
    record_lookup_overridden::RULE,
    redundant_mapping_entry::RULE,
    reference_cycle::RULE,
    reversed_filter_nested_lookup::RULE,
    reversed_filter_syntax::RULE,
    reversed_filter_unsupported::RULE,
    skip_method_undecidable::RULE,
    source_on_query::RULE,
    split_transaction::RULE,
    sql_only_dependency::RULE,
    table_tracked_for_several_entities::RULE,
    unbalanced_transaction::RULE,
    undecidable_mapping_method::RULE,
    unknown_data_source::RULE,
    unknown_field::RULE,
    unknown_join_mode::RULE,
    unknown_map_version::RULE,
    unknown_sync_direction::RULE,
    unmatched_map_entity::RULE,
    unmatched_map_field::RULE,
    unreadable_map::RULE,
    unresolved_reference::RULE,
    untracked_data_sources::RULE,
    untracked_field::RULE,
    unused_allowance::RULE,
    unused_mapping_entry::RULE,
    virtual_field_mapped::RULE,
    wrong_extension_kind::RULE,
];

/// What rules look at.
pub struct Input<'a> {
    /// The model and the verdicts on it.
    pub judged: &'a Judged<'a>,
    /// What the user set.
    pub config: &'a Config,
    /// X++ that writes; `None` where no rule about it is asked.
    pub writes: Option<&'a Writes>,
    /// Several rules speak of records: they are put together once.
    records: OnceLock<Vec<records::Record<'a>>>,
}

/// Runs rules, all of one list or a choice of them. Findings that concern the user come by subject, rule and keys.
pub fn run<'r>(
    input: &Input,
    rules: impl IntoIterator<Item = &'r Rule>,
    concerns: &(dyn Fn(&Finding) -> bool + Sync),
) -> Vec<Finding> {
    let rules: Vec<&Rule> = rules.into_iter().collect();
    // Several rules would wait for them at the same time.
    input.all_records();
    let found = rules.par_iter().flat_map_iter(|rule| (rule.check)(input).into_iter().filter(concerns));
    let mut findings: Vec<Finding> = found.collect();
    findings.par_sort_by(order);
    findings.dedup();
    findings
}

/// The order of findings: by subject, rule and keys.
pub(crate) fn order(a: &Finding, b: &Finding) -> Ordering {
    let subjects = name_order(&a.subject.name, &b.subject.name).then(a.subject.kind.cmp(b.subject.kind));
    subjects
        .then_with(|| a.rule.name.cmp(b.rule.name))
        .then_with(|| a.keys.cmp(&b.keys))
        .then_with(|| a.site.cmp(&b.site))
        .then_with(|| a.message.cmp(&b.message))
}

/// The rule about allowances that cover nothing.
pub(crate) const UNUSED: &str = unused_allowance::RULE.info.name;

/// The finding about an allowance that covers nothing, where that is asked: known only when all others are
/// sorted.
pub(crate) fn unused(allowance: &Allowance) -> Finding {
    unused_allowance::finding(allowance)
}

/// The finding about a remark in the file of `subject` that allows nothing; `rule` is one that does not exist.
pub(crate) fn invalid_allowance(subject: &str, site: Site, rule: Option<&str>) -> Finding {
    invalid_allowance::finding(subject, site, rule)
}

/// Every rule that can be set, allowed or explained: those of `check`, and those of `diff`.
pub fn infos() -> impl Iterator<Item = &'static RuleInfo> {
    RULES.iter().map(|rule| rule.info).chain(crate::diff::CHANGE_RULES)
}

/// What is known of the rule of this name.
pub fn info(name: &str) -> Option<&'static RuleInfo> {
    infos().find(|info| info.name == name)
}

/// The rule of `check` of this name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.info.name == name)
}

impl<'a> Input<'a> {
    /// What rules look at; `writes` is `None` where no rule about them is asked.
    pub fn new(judged: &'a Judged<'a>, config: &'a Config, writes: Option<&'a Writes>) -> Self {
        Self { judged, config, writes, records: OnceLock::new() }
    }

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
        let helpers = ["entries", "facts", "filters", "mod", "pages", "problems", "records", "trail"];
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
