//! Findings of `check`, one file per format. What all formats need of the places stands in [`source`]; what a
//! run could not say in [`Coverage`].

pub mod azure;
pub mod github;
pub mod json;
pub mod junit;
mod line;
pub mod markdown;
mod outline;
pub mod sarif;
pub mod source;
pub mod text;

use crate::config::Config;
use crate::engine::{Coverage, Judged};
use crate::finding::{Allowance, Finding, Report};
use crate::text::Shown;

use std::io;
use std::path::Path;

/// What is shown.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The model and the verdicts.
    pub judged: &'a Judged<'a>,
    /// What the user set.
    pub config: &'a Config,
    /// The findings.
    pub report: &'a Report,
    /// What is allowed; [`crate::finding::Fate::Allowed`] counts in it.
    pub allowances: &'a [Allowance],
    /// What the run could not say.
    pub coverage: &'a Coverage,
    /// The baseline file.
    pub baseline: Option<&'a Path>,
    /// Findings about models of somebody else are shown too.
    pub all: bool,
    /// Notes are shown as fully as errors.
    pub verbose: bool,
}

/// Writes findings in one format.
pub type Write = fn(&View, &mut dyn io::Write) -> io::Result<()>;

/// The formats of findings, the default first.
pub const FORMATS: &[(&str, Write)] = &[
    ("text", text::write),
    ("json", json::write),
    ("sarif", sarif::write),
    ("github", github::write),
    ("azure", azure::write),
    ("junit", junit::write),
    ("markdown", markdown::write),
];

/// Message, notes and steps of a finding, for formats that have one text for all of it.
fn whole_message(finding: &Finding) -> String {
    let more = finding.notes.iter().chain(finding.remedy.iter().map(|step| &step.text));
    let lines: Vec<String> = std::iter::once(&finding.message).chain(more).map(|line| safe(line)).collect();
    lines.join("\n")
}

/// A text with its lines, and everything else in it that a log would obey as escapes.
fn safe(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(|line| Shown(line).to_string()).collect();
    lines.join("\n")
}
