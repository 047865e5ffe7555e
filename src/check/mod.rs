//! What `check` does: asks the rules, and sorts what they find.

mod remarks;

use crate::config::Config;
use crate::diff::Affected;
use crate::engine::{self, Coverage, Judged};
use crate::finding::{self, Allowance, Baseline, Finding, Group, Report, RuleInfo, Sieve, Site, Subject};
use crate::rules::{self, Input, RULES};
use remarks::Remarks;

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

/// The same for what a change touches. What a baseline or an allowance is about may lie outside of it, so that
/// nothing is said to be gone or unused.
pub fn check_affected(
    judged: &Judged,
    config: &Config,
    baseline: Option<&Baseline>,
    all: bool,
    affected: &Affected,
) -> Checked {
    let mut checked = check(judged, config, baseline, all);
    let is_element = |kind: &str| matches!(kind, "table" | "view" | "entity");
    checked.report.findings.retain(|sifted| {
        let Subject { kind, name } = &sifted.finding.subject;
        sifted.finding.rule.name != rules::UNUSED && (!is_element(kind) || affected.contains(name))
    });
    checked.report.gone.clear();
    checked.report.unused.clear();
    checked
}

/// The same for some of the rules.
pub fn ask(
    judged: &Judged,
    config: &Config,
    baseline: Option<&Baseline>,
    all: bool,
    wanted: &dyn Fn(&RuleInfo) -> bool,
) -> Checked {
    let is_asked = |rule: &&rules::Rule| config.levels.is_on(rule.info.name) && wanted(rule.info);
    let asked: Vec<&rules::Rule> = RULES.iter().filter(is_asked).collect();
    // All X++ is read for these alone.
    let about_writes = asked.iter().any(|rule| rule.info.group == Group::Writes);
    let writes = about_writes.then(|| engine::writes(judged, 0));
    let concerns = |finding: &Finding| all || is_own(judged, config, finding);
    // Others are counted, unless they are allowed by name. Remarks stand in own files only.
    let is_told = |f: &Finding| concerns(f) || config.allow.iter().any(|allow| *allow.rule == *f.rule.name);
    let mut findings = rules::run(&Input::new(judged, config, writes.as_ref()), asked, &is_told);
    let remarks = Remarks::read(judged, config);
    findings.extend(remarks.findings.into_iter().filter(|finding| wanted(finding.rule)));
    findings.sort_by(rules::order);
    let allowances: Vec<Allowance> = config.allow.iter().cloned().chain(remarks.allowances).collect();
    let sieve = Sieve { levels: &config.levels, allowances: &allowances, baseline, concerns: &concerns };
    let mut report = finding::sift(findings, &sieve);
    // What a comparison finds, or a rule that was not asked, is not known here.
    let is_asked = |rule: &str| rules::find(rule).is_some_and(|rule| wanted(rule.info));
    report.unused.retain(|index| is_asked(&allowances[*index].rule));
    report.gone.retain(|identity| rules::info(&identity.rule).is_none() || is_asked(&identity.rule));
    if config.levels.is_on(rules::UNUSED) && is_asked(rules::UNUSED) {
        let unused = report.unused.iter().map(|index| rules::unused(&allowances[*index]));
        let more = finding::sift(unused.collect(), &sieve);
        report.findings.extend(more.findings);
        report.findings.sort_by(|a, b| rules::order(&a.finding, &b.finding));
        report.gone.retain(|identity| more.gone.contains(identity));
    }
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
