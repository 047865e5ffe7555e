//! What `check` does: asks the rules, and sorts what they find.

mod own;
mod remarks;

use crate::config::Config;
use crate::diff::Affected;
use crate::engine::{About, Coverage, Judged};
use crate::finding::{self, Allowance, Baseline, Finding, Group, Report, RuleInfo, Sieve, Subject};
use crate::rules::{self, Input, RULES};
use crate::text::NameKey;
use crate::writes::Writes;
use own::Own;
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
    /// What else the findings depend on.
    pub beyond: About,
}

/// What [`check`] without `all` is about, as far as that is known before metadata is.
pub fn about() -> About {
    About { own: true, ..About::default() }
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
    // X++ is read for these alone.
    let about_writes = asked.iter().any(|rule| rule.info.group == Group::Writes);
    let own = Own { judged, config, all };
    let writes = about_writes.then(|| own.writes());
    let concerns = |finding: &Finding| own.is_concerned(finding);
    let mut findings = rules::run(&Input::new(judged, config, writes.as_ref()), asked, &concerns);
    let remarks = Remarks::read(judged, config);
    findings.extend(remarks.findings.into_iter().filter(|finding| wanted(finding.rule)));
    findings.sort_by(rules::order);
    let allowances: Vec<Allowance> = config.allow.iter().cloned().chain(remarks.allowances).collect();
    let sieve = Sieve { levels: &config.levels, allowances: &allowances, baseline };
    let mut report = finding::sift(findings, &sieve);
    // What a comparison finds, a rule that was not asked, or an element of somebody else, is not known here.
    let is_asked = |rule: &str| rules::find(rule).is_some_and(|rule| wanted(rule.info));
    report.unused.retain(|index| {
        let allowance = &allowances[*index];
        is_asked(&allowance.rule) && !own.leaves_open(allowance)
    });
    report.gone.retain(|identity| {
        (rules::info(&identity.rule).is_none() || is_asked(&identity.rule))
            && !own.leaves_out(&identity.subject)
    });
    if config.levels.is_on(rules::UNUSED) && is_asked(rules::UNUSED) {
        let unused = report.unused.iter().map(|index| rules::unused(&allowances[*index]));
        let more = finding::sift(unused.collect(), &sieve);
        report.findings.extend(more.findings);
        report.findings.sort_by(|a, b| rules::order(&a.finding, &b.finding));
        report.gone.retain(|identity| more.gone.contains(identity));
    }
    let coverage = Coverage::of(judged, config, all);
    let beyond = beyond(judged, writes.as_ref());
    Checked { report, allowances, coverage, beyond }
}

/// What was found depends on all that reads the tables which X++ writes, and on the entities that maps name.
fn beyond(judged: &Judged, writes: Option<&Writes>) -> About {
    let catalog = &judged.model.catalog;
    let tables = writes.into_iter().flat_map(|writes| &writes.tables);
    let tables = tables.map(|table| NameKey::of(&catalog.element(*table).name.text)).collect();
    let elements = judged.maps.iter().flat_map(|maps| &maps.beyond).copied().collect();
    About { elements, tables, ..About::default() }
}
