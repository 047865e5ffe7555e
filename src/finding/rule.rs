//! What is known of a rule itself: its level, its evidence, its documentation.

use crate::problem::Severity;
use crate::tracking::Evidence;

/// A rule as users see it: in a finding, in the list, on its page, in machine output.
#[derive(Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// The stable name: kebab-case, used in output, configuration and comments.
    pub name: &'static str,
    /// What it looks at.
    pub group: Group,
    /// How much a finding matters, unless the finding or the configuration says otherwise.
    pub severity: Severity,
    /// How well it is founded, unless the finding says otherwise.
    pub confidence: Evidence,
    /// The number of the documented table map health check that it answers.
    pub number: Option<u16>,
    /// What it finds, in one line for lists.
    pub summary: &'static str,
    /// What it finds, whole.
    pub finds: &'static str,
    /// Why it matters: what happens in production.
    pub why: &'static str,
    /// Metadata, X++ or JSON that is found.
    pub example: &'static str,
    /// What to do.
    pub remedy: &'static str,
    /// Where the rule comes from.
    pub source: &'static str,
    /// The public page, where there is one.
    pub url: Option<&'static str>,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Which changes reach the entity.
    Tracking,
    /// The mapping method and its entries, and the other methods that decide.
    Mapping,
    /// The metadata itself: what is missing, defined twice, cyclic.
    Model,
    /// Table maps, their filters included.
    Map,
    /// What slows live synchronization down, or makes it fail.
    Health,
    /// X++ that writes past the framework.
    Writes,
    /// What a change does, compared with the state before.
    Change,
    /// The project's own settings: allowances, baseline.
    Settings,
}

impl Group {
    /// The word in lists and machine output.
    pub fn id(self) -> &'static str {
        match self {
            Self::Tracking => "tracking",
            Self::Mapping => "mapping",
            Self::Model => "model",
            Self::Map => "map",
            Self::Health => "health",
            Self::Writes => "writes",
            Self::Change => "change",
            Self::Settings => "settings",
        }
    }
}
