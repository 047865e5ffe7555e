//! What `check` does: asks the rules, and sorts what they find.

use crate::config::Config;
use crate::engine::{Coverage, Judged};
use crate::finding::{self, Allowance, Baseline, Finding, Group, Report, RuleInfo, Sieve, Site};
use crate::rules::{self, Input, RULES};

/// What a check finds.
#[derive(Clone, Debug)]
pub struct Checked {
    /// All findings, sorted.
    pub report: Report,
    /// What is allowed; [`crate::finding::Fate::Allowed`] counts in it.
    pub allowances: Vec<Allowance>,
    /// What could not be said.
    pub coverage: Coverage,
}

/// Asks every rule that is on. With `all`, models of somebody else concern the user as well.
pub fn check(judged: &Judged, config: &Config, baseline: Option<&Baseline>, all: bool) -> Checked {
    ask(judged, config, baseline, all, &|_| true)
}

/// The same for some of the rules.
pub fn ask(
    judged: &Judged,
    config: &Config,
    baseline: Option<&Baseline>,
    all: bool,
    wanted: &dyn Fn(&RuleInfo) -> bool,
) -> Checked {
    let input = Input { judged, config };
    let asked = RULES.iter().filter(|rule| config.levels.is_on(rule.info.name) && wanted(rule.info));
    let findings = rules::run(&input, asked);
    let allowances = config.allow.clone();
    let concerns = |finding: &Finding| all || is_own(judged, config, finding);
    let sieve = Sieve { levels: &config.levels, allowances: &allowances, baseline, concerns: &concerns };
    let report = finding::sift(findings, &sieve);
    let coverage = Coverage::of(judged, config, all);
    Checked { report, allowances, coverage }
}

/// The user can do something about it: it shows in a file of the user, or it is about what reaches an element
/// that the user defines or extends. What is wrong with the files of others is theirs.
fn is_own(judged: &Judged, config: &Config, finding: &Finding) -> bool {
    let model = judged.model;
    let in_own_file = match &finding.site {
        Site::Metadata(place) => model.is_own_file(config, place.file),
        Site::Outside(_) => true,
        Site::Nowhere => false,
    };
    let is_own_element = || {
        let id = model.catalog.find(&finding.subject.name);
        id.filter(|id| model.catalog.element(*id).kind.word() == finding.subject.kind)
            .is_some_and(|id| model.is_own(config, id))
    };
    in_own_file || (finding.rule.group != Group::Model && is_own_element())
}
