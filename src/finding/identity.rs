//! What a finding is recognised by, from one run to the next.

use super::{Finding, Subject};
use crate::text::{key_order, name_key};
use rayon::prelude::*;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt::Write as _;

/// Rule, subject and keys of a finding: names only, so that it is the same after files were reformatted or
/// renamed, lines moved, or texts of this tool changed. ASCII case does not count, as in all names.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Name of the rule.
    pub rule: Box<str>,
    /// What it is about.
    pub kind: Box<str>,
    /// Its name.
    pub subject: Box<str>,
    /// [`Finding::keys`].
    pub keys: Vec<Box<str>>,
    /// Which of the findings that have all this in common, from 1.
    pub nth: u32,
}

impl Identity {
    /// The identities of findings, in their order.
    pub fn of_all(findings: &[Finding]) -> Vec<Self> {
        let with_key = |finding: &Finding| {
            let first = Self::first(finding);
            let key = first.key();
            (first, key)
        };
        let first: Vec<(Self, String)> = findings.par_iter().map(with_key).collect();
        let mut seen: HashMap<String, u32> = HashMap::with_capacity(first.len());
        first
            .into_iter()
            .map(|(mut identity, key)| {
                let nth = seen.entry(key).or_default();
                *nth += 1;
                identity.nth = *nth;
                identity
            })
            .collect()
    }

    fn first(finding: &Finding) -> Self {
        let Subject { kind, name } = &finding.subject;
        Self {
            rule: finding.rule.name.into(),
            kind: (*kind).into(),
            subject: name.clone(),
            keys: finding.keys.clone(),
            nth: 1,
        }
    }

    /// Everything that counts, as one text: no name can run into the next.
    fn key(&self) -> String {
        let mut key = String::new();
        let parts = [&self.rule, &self.kind, &self.subject].into_iter().chain(&self.keys);
        for part in parts {
            let part = name_key(part);
            let _ = write!(key, "{}:{part}", part.len());
        }
        if self.nth > 1 {
            let _ = write!(key, "#{}", self.nth);
        }
        key
    }

    /// A short text that stands for it: 32 hexadecimal digits. The same in every version of this tool.
    pub fn fingerprint(&self) -> String {
        format!("{:032x}", fnv1a(self.key().as_bytes()))
    }

    /// `Subject > key > key`, as allowances name one finding.
    pub fn path(&self) -> String {
        let parts = std::iter::once(&self.subject).chain(&self.keys);
        parts.map(|part| &**part).collect::<Vec<_>>().join(" > ")
    }
}

/// 128 bits of FNV-1a: simple enough to never change.
fn fnv1a(bytes: &[u8]) -> u128 {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    bytes.iter().fold(BASIS, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME))
}

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Identity {}

impl PartialOrd for Identity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Identity {
    /// By subject, rule and keys, as findings are shown.
    fn cmp(&self, other: &Self) -> Ordering {
        let keys = || {
            let pairs = self.keys.iter().zip(&other.keys);
            let first = pairs.map(|(a, b)| key_order(a, b)).find(|order| order.is_ne());
            first.unwrap_or_else(|| self.keys.len().cmp(&other.keys.len()))
        };
        key_order(&self.subject, &other.subject)
            .then_with(|| key_order(&self.kind, &other.kind))
            .then_with(|| key_order(&self.rule, &other.rule))
            .then_with(keys)
            .then_with(|| self.nth.cmp(&other.nth))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(subject: &str, keys: &[&str]) -> Identity {
        Identity {
            rule: "untracked-field".into(),
            kind: "entity".into(),
            subject: subject.into(),
            keys: keys.iter().map(|key| (*key).into()).collect(),
            nth: 1,
        }
    }

    /// Baselines and dashboards keep these.
    #[test]
    fn fingerprints_never_change() {
        let one = identity("CustEntity", &["Dims", "DimTable"]);
        assert_eq!(one.fingerprint(), "13505e88ba992730206b303eb497a2c0");
        assert_eq!(Identity { nth: 2, ..one }.fingerprint(), "5a5e5ca7bfc62cc569fea07b29dd98d1");
        assert_eq!(format!("{:032x}", fnv1a(b"")), "6c62272e07bb014262b821756295c58d");
        assert_eq!(format!("{:032x}", fnv1a(b"a")), "d228cb696f1a8caf78912b704e4a8964");
    }

    #[test]
    fn case_does_not_count_and_names_do_not_run_together() {
        let one = identity("CustEntity", &["Dims", "DimTable"]);
        assert_eq!(one, identity("custentity", &["DIMS", "dimTable"]));
        assert_eq!(one.fingerprint(), identity("CUSTENTITY", &["dims", "dimtable"]).fingerprint());
        for other in [
            identity("CustEntity", &["DimsDimTable"]),
            identity("CustEntity", &["Dims", "DimTable", ""]),
            identity("CustEntityD", &["ims", "DimTable"]),
            identity("CustEntity", &["DimTable", "Dims"]),
        ] {
            assert_ne!(one, other);
            assert_ne!(one.fingerprint(), other.fingerprint());
        }
    }
}
