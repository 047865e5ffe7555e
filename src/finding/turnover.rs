//! What came and what went between two runs.

use super::{Report, Sifted};
use std::collections::BTreeSet;

/// Findings that are shown in one of two reports only, in the order of the reports.
#[derive(Clone, Debug, Default)]
pub struct Turnover<'a> {
    /// Shown now, and not before.
    pub new: Vec<&'a Sifted>,
    /// Shown before, and not now.
    pub gone: Vec<&'a Sifted>,
}

/// Compares what two reports show. A finding with another severity is another finding.
pub fn turnover<'a>(before: &'a Report, after: &'a Report) -> Turnover<'a> {
    Turnover { new: only_in(after, before), gone: only_in(before, after) }
}

fn only_in<'a>(one: &'a Report, other: &Report) -> Vec<&'a Sifted> {
    let known: BTreeSet<_> = other.shown().map(|s| (&s.identity, s.finding.severity)).collect();
    one.shown().filter(|s| !known.contains(&(&s.identity, s.finding.severity))).collect()
}

#[cfg(test)]
mod tests {
    use super::turnover;
    use crate::finding::{Finding, Levels, Report, Severity, Sieve, Sifted, Site, Subject, sift};
    use crate::rules::infos;

    fn report(found: &[(&str, &str, Severity)]) -> Report {
        let rule = infos().next().expect("a rule");
        let finding = |(subject, key, severity): &(&str, &str, Severity)| {
            let finding = Finding::new(rule, Subject::new("entity", *subject), Site::Nowhere, "text");
            finding.key(key).level(*severity)
        };
        let levels = Levels::default();
        let sieve = Sieve { levels: &levels, allowances: &[], baseline: None };
        sift(found.iter().map(finding).collect(), &sieve)
    }

    #[test]
    fn what_is_shown_comes_and_goes() {
        use Severity::{Error, Warning};
        let before = report(&[("A", "x", Error), ("B", "x", Error), ("C", "x", Warning)]);
        let after = report(&[("a", "X", Error), ("B", "y", Error), ("C", "x", Error)]);
        let names = |all: &[&Sifted]| -> Vec<String> { all.iter().map(|s| s.identity.path()).collect() };
        let both = turnover(&before, &after);
        assert_eq!(names(&both.new), ["B > y", "C > x"]);
        assert_eq!(names(&both.gone), ["B > x", "C > x"]);
        assert!(turnover(&after, &after).new.is_empty());
    }
}
