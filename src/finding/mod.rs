//! What a rule finds: where, why, and what to do, as plain data that knows no output format.

mod allow;
mod baseline;
mod identity;
mod level;
mod rule;
mod sift;
mod site;
mod turnover;

pub use crate::problem::Severity;
pub use allow::{Allowance, Scope};
pub use baseline::{BASELINE_SCHEMA, Baseline, BaselineError};
pub use identity::Identity;
pub use level::{Level, Levels};
pub use rule::{Group, RuleInfo};
pub use sift::{Counts, Fate, Report, Sieve, Sifted, sift};
pub use site::{Outside, Site};
pub use turnover::{Turnover, turnover};

use crate::source::Place;
use crate::tracking::Evidence;

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static RuleInfo,
    /// How much it matters; the rule's own level unless this case is worse or milder.
    pub severity: Severity,
    /// How well it is founded; the rule's own unless this case rests on less.
    pub confidence: Evidence,
    /// What it is about.
    pub subject: Subject,
    /// What tells it from other findings of the rule about the subject: data sources, table, field. Names
    /// only, never lines, so that it is the same after the file was reformatted.
    pub keys: Vec<Box<str>>,
    /// What is wrong, as a sentence without full stop.
    pub message: String,
    /// Where it shows.
    pub site: Site,
    /// A few words at the place: "outer join, read-only".
    pub label: String,
    /// Properties of the XML element at the place that show why.
    pub witness: &'static [&'static str],
    /// The way there: entity, data sources, table.
    pub trail: Vec<Hop>,
    /// What else to know.
    pub notes: Vec<String>,
    /// What to do, in order.
    pub remedy: Vec<Step>,
    /// Where it comes from; the rule's own source unless this case rests on another.
    pub source: &'static str,
    /// The public page of that source.
    pub url: Option<&'static str>,
}

/// What a finding is about: an element of the metadata, a table map, a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// `entity`, `table`, `view`, `class`, `table map`, `file`, `configuration`.
    pub kind: &'static str,
    /// Its name as defined.
    pub name: Box<str>,
}

/// One step of the way from the subject to the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// `DefaultDimensionDAVs (table DimensionAttributeValueSet; outer join, read-only)`.
    pub text: String,
    /// Where it is defined.
    pub site: Option<Site>,
}

/// One step of a remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What to do.
    pub text: String,
    /// What to type: X++, XML, or a line of configuration.
    pub code: Option<String>,
}

impl Subject {
    /// A subject of this kind.
    pub fn new(kind: &'static str, name: impl Into<Box<str>>) -> Self {
        Self { kind, name: name.into() }
    }
}

impl Finding {
    /// A finding of `rule`, at the rule's own level.
    pub fn new(
        rule: &'static RuleInfo,
        subject: Subject,
        site: impl Into<Site>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            severity: rule.severity,
            confidence: rule.confidence,
            subject,
            keys: Vec::new(),
            message: message.into(),
            site: site.into(),
            label: String::new(),
            witness: &[],
            trail: Vec::new(),
            notes: Vec::new(),
            remedy: Vec::new(),
            source: rule.source,
            url: rule.url,
        }
    }

    /// Adds a name that tells it from its siblings.
    #[must_use]
    pub fn key(mut self, name: impl AsRef<str>) -> Self {
        self.keys.push(name.as_ref().into());
        self
    }

    /// Sets the words at the place.
    #[must_use]
    pub fn labelled(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Names the properties of the XML element at the place that show why.
    #[must_use]
    pub fn shown_by(mut self, properties: &'static [&'static str]) -> Self {
        self.witness = properties;
        self
    }

    /// Sets another level than the rule's own.
    #[must_use]
    pub fn level(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Says that this case rests on other evidence than the rule as such.
    #[must_use]
    pub fn founded_on(mut self, evidence: Evidence) -> Self {
        self.confidence = evidence;
        self
    }

    /// Says that this case comes from another source than the rule as such.
    #[must_use]
    pub fn from_source(mut self, source: &'static str, url: Option<&'static str>) -> Self {
        (self.source, self.url) = (source, url);
        self
    }

    /// Adds a step of the way.
    #[must_use]
    pub fn hop(mut self, text: impl Into<String>, place: Option<Place>) -> Self {
        self.trail.push(Hop { text: text.into(), site: place.map(Site::Metadata) });
        self
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds a step of the remedy.
    #[must_use]
    pub fn remedy(mut self, text: impl Into<String>) -> Self {
        self.remedy.push(Step { text: text.into(), code: None });
        self
    }

    /// Adds a step of the remedy with something to type.
    #[must_use]
    pub fn remedy_code(mut self, text: impl Into<String>, code: impl Into<String>) -> Self {
        self.remedy.push(Step { text: text.into(), code: Some(code.into()) });
        self
    }
}
