//! The rules: one file each, one list. A rule looks at verdicts and says what is wrong, where, and what to do; it
//! knows no output format.

mod trail;
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
pub const RULES: &[Rule] = &[untracked_field::RULE, virtual_field_mapped::RULE];

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
        let helpers = ["mod", "trail"];
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
