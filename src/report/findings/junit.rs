//! `JUnit` XML, in the form that Jenkins and Azure Pipelines read: a suite for each rule that found something.

use super::View;
use super::source::Sources;
use crate::finding::{Fate, Severity, Sifted};
use crate::text::Shown;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Writes the document. Errors and warnings fail; what is allowed or known is skipped; notes pass.
pub fn write(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let sources = Sources::new(view.judged, view.config);
    let mut suites: BTreeMap<&str, TestSuite> = BTreeMap::new();
    for sifted in &view.report.findings {
        let rule = sifted.finding.rule.name;
        suites
            .entry(rule)
            .or_insert_with(|| TestSuite::new(rule))
            .add_test_case(case(view, &sources, sifted));
    }
    if suites.is_empty() {
        let mut suite = TestSuite::new("check");
        suite.add_test_case(TestCase::new("no findings", TestCaseStatus::success()));
        suites.insert("check", suite);
    }
    let mut report = Report::new("dualtrack");
    report.add_test_suites(suites.into_values());
    let text = report.to_string().map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

fn case(view: &View, sources: &Sources, sifted: &Sifted) -> TestCase {
    let finding = &sifted.finding;
    let mut status = match (sifted.fate, finding.severity) {
        (Fate::Shown, Severity::Error | Severity::Warning) => {
            TestCaseStatus::non_success(NonSuccessKind::Failure)
        }
        (Fate::Shown, Severity::Note) => TestCaseStatus::success(),
        (Fate::Allowed(_) | Fate::Baselined, _) => TestCaseStatus::skipped(),
    };
    let skipped = match sifted.fate {
        Fate::Allowed(index) => {
            let reason = view.allowances.get(index).map_or("", |allowance| &allowance.reason);
            Some(format!("allowed: {reason}"))
        }
        Fate::Baselined => Some("known: it is in the baseline".to_owned()),
        Fate::Shown => None,
    };
    status.set_message(skipped.unwrap_or_else(|| super::safe(&finding.message)));
    status.set_type(finding.severity.word());
    let spot = sources.exact(&finding.site);
    let place = spot.map(|spot| {
        let line = spot.line.map(|line| format!(":{line}")).unwrap_or_default();
        format!("{}{line}\n", spot.repository_path())
    });
    status.set_description(format!("{}{}", place.unwrap_or_default(), super::whole_message(finding)));
    let mut case = TestCase::new(Shown(&sifted.identity.path()).to_string(), status);
    case.set_classname(format!("dualtrack.{}", finding.rule.name));
    case
}
