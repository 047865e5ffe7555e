//! How well a rule is founded.

use serde::{Deserialize, Serialize};

/// Where a rule comes from, so that nobody mistakes an inference for a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Microsoft's documentation says so.
    Documented,
    /// Public metadata or code shows it.
    Seen,
    /// Concluded from the other two; it may be wrong.
    Inferred,
}

impl Evidence {
    /// Every kind, the strongest first.
    pub const ALL: [Self; 3] = [Self::Documented, Self::Seen, Self::Inferred];

    /// The stable name that machine output uses.
    pub fn id(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Seen => "seen",
            Self::Inferred => "inferred",
        }
    }

    /// The short mark that text output puts behind a verdict.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Documented => "DOC",
            Self::Seen => "SRC",
            Self::Inferred => "INF",
        }
    }

    /// What the mark means.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Documented => "documented by Microsoft",
            Self::Seen => "seen in public metadata",
            Self::Inferred => "inferred: no document says so",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Evidence;

    #[test]
    fn serde_and_id_agree() {
        for evidence in Evidence::ALL {
            assert_eq!(serde_json::to_value(evidence).unwrap(), evidence.id());
        }
    }
}
