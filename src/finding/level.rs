//! What a rule is set to.

use super::{Finding, Severity};
use std::collections::BTreeMap;

/// What a rule is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It is not asked.
    Off,
    /// All its findings have this severity.
    At(Severity),
}

impl Level {
    /// What may be written.
    pub const ALL: [(&'static str, Level); 4] = [
        ("off", Level::Off),
        ("note", Level::At(Severity::Note)),
        ("warning", Level::At(Severity::Warning)),
        ("error", Level::At(Severity::Error)),
    ];

    /// The level of this name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == id).map(|(_, level)| level)
    }

    /// The name in configuration and output.
    pub fn id(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, level)| *level == self).map_or("off", |(id, _)| id)
    }
}

/// The rules that are set to something, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels(pub BTreeMap<String, Level>);

impl Levels {
    /// Sets a rule.
    pub fn set(&mut self, rule: &str, level: Level) {
        self.0.insert(rule.to_owned(), level);
    }

    /// The rule is asked.
    pub fn is_on(&self, rule: &str) -> bool {
        self.0.get(rule) != Some(&Level::Off)
    }

    /// Gives a finding the severity that its rule is set to; whoever sets nothing leaves the rule its own.
    pub(super) fn apply(&self, finding: &mut Finding) {
        if let Some(Level::At(severity)) = self.0.get(finding.rule.name) {
            finding.severity = *severity;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Level;

    #[test]
    fn names_read_back() {
        for (id, level) in Level::ALL {
            assert_eq!((Level::from_id(id), level.id()), (Some(level), id));
        }
        assert_eq!(Level::from_id("Error"), None);
    }
}
