//! The one place where findings are sorted into shown, allowed and baselined.

use super::{Allowance, Baseline, Finding, Identity, Levels, Severity};
use rayon::prelude::*;

/// What decides about findings.
#[derive(Clone, Copy)]
pub struct Sieve<'a> {
    /// What rules are set to.
    pub levels: &'a Levels,
    /// What is allowed.
    pub allowances: &'a [Allowance],
    /// What was there before.
    pub baseline: Option<&'a Baseline>,
}

/// A finding and what became of it.
#[derive(Clone, Debug)]
pub struct Sifted {
    /// The finding, with the severity that its rule is set to.
    pub finding: Finding,
    /// What it is recognised by.
    pub identity: Identity,
    /// What became of it.
    pub fate: Fate,
}

/// What becomes of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is shown, and counts.
    Shown,
    /// This allowance of [`Sieve::allowances`] covers it.
    Allowed(usize),
    /// It was there before.
    Baselined,
}

/// All findings, sorted.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// By subject, rule and keys.
    pub findings: Vec<Sifted>,
    /// Allowances that cover nothing, as indices.
    pub unused: Vec<usize>,
    /// What the baseline has and this run has not.
    pub gone: Vec<Identity>,
}

/// How many findings of each kind there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Shown errors.
    pub errors: usize,
    /// Shown warnings.
    pub warnings: usize,
    /// Shown notes.
    pub notes: usize,
    /// Allowed.
    pub allowed: usize,
    /// In the baseline.
    pub baselined: usize,
}

/// Sorts findings. Those of rules that are off are dropped; the order stays.
pub fn sift(findings: Vec<Finding>, sieve: &Sieve) -> Report {
    let mut findings: Vec<Finding> =
        findings.into_par_iter().filter(|f| sieve.levels.is_on(f.rule.name)).collect();
    findings.par_iter_mut().for_each(|finding| sieve.levels.apply(finding));
    let identities = Identity::of_all(&findings);
    let is_known = |identity: &Identity| sieve.baseline.is_some_and(|baseline| baseline.contains(identity));
    let sorted_in = |(finding, identity): (Finding, Identity)| {
        let fate = sieve.fate(&finding, &identity, is_known(&identity));
        Sifted { finding, identity, fate }
    };
    let sifted: Vec<Sifted> = findings.into_par_iter().zip(identities).map(sorted_in).collect();
    let is_used = |allowance: &Allowance| {
        sifted.par_iter().any(|sifted| allowance.covers(&sifted.identity, &sifted.finding.site))
    };
    let used: Vec<bool> = sieve.allowances.iter().map(is_used).collect();
    let known = sifted.par_iter().map(|sifted| &sifted.identity).filter(|identity| is_known(identity));
    let mut seen: Vec<Identity> = known.cloned().collect();
    seen.sort();
    let unused = (0..used.len()).filter(|index| !used[*index] && sieve.is_asked(*index)).collect();
    let mut gone = sieve.baseline.map(|baseline| baseline.without(&seen)).unwrap_or_default();
    // Of a rule that is off nobody knows what it would find.
    gone.retain(|identity| sieve.levels.is_on(&identity.rule));
    Report { findings: sifted, unused, gone }
}

impl Sieve<'_> {
    fn fate(&self, finding: &Finding, identity: &Identity, is_known: bool) -> Fate {
        let allowed = self.allowances.iter().position(|a| a.covers(identity, &finding.site));
        match allowed {
            Some(index) => Fate::Allowed(index),
            None if is_known => Fate::Baselined,
            None => Fate::Shown,
        }
    }

    /// The rule of an allowance is on.
    fn is_asked(&self, index: usize) -> bool {
        self.levels.is_on(&self.allowances[index].rule)
    }
}

impl Report {
    /// The findings that are shown.
    pub fn shown(&self) -> impl Iterator<Item = &Sifted> {
        self.findings.iter().filter(|s| s.fate == Fate::Shown)
    }

    /// How many there are of each kind.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for sifted in &self.findings {
            *match (sifted.fate, sifted.finding.severity) {
                (Fate::Allowed(_), _) => &mut counts.allowed,
                (Fate::Baselined, _) => &mut counts.baselined,
                (Fate::Shown, Severity::Error) => &mut counts.errors,
                (Fate::Shown, Severity::Warning) => &mut counts.warnings,
                (Fate::Shown, Severity::Note) => &mut counts.notes,
            } += 1;
        }
        counts
    }

    /// Takes what is shown into the baseline; returns what was taken.
    pub fn accept(&mut self) -> Vec<Identity> {
        let shown = self.findings.iter_mut().filter(|s| s.fate == Fate::Shown);
        shown
            .map(|sifted| {
                sifted.fate = Fate::Baselined;
                sifted.identity.clone()
            })
            .collect()
    }

    /// Some shown finding is at least as severe.
    pub fn reaches(&self, severity: Severity) -> bool {
        self.shown().any(|s| s.finding.severity >= severity)
    }
}
