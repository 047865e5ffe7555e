//! Findings that somebody looked at and accepts, each with a reason.

use super::{Identity, Site};
use crate::text::is_like;

/// An allowance: `[[allow]]` in the configuration, or a comment in X++.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Name of the rule.
    pub rule: Box<str>,
    /// Why; never empty.
    pub reason: Box<str>,
    /// What it covers.
    pub scope: Scope,
    /// Where it stands.
    pub site: Site,
}

/// What an allowance covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Subjects like this pattern, or like `Subject > key > key` where one of several findings is meant.
    Elements(Box<str>),
    /// What shows in these lines of a file; with `subject`, all that is about this element too.
    Lines {
        /// The file.
        file: crate::source::FileId,
        /// First line, from 1.
        from: u32,
        /// Last line.
        to: u32,
        /// The element that the whole file defines or extends.
        subject: Option<Box<str>>,
    },
}

impl Allowance {
    /// Whether it covers a finding with this identity at this site.
    pub(super) fn covers(&self, identity: &Identity, site: &Site) -> bool {
        if self.rule != identity.rule {
            return false;
        }
        match &self.scope {
            Scope::Elements(pattern) => {
                is_like(&identity.subject, pattern) || is_like(&identity.path(), pattern)
            }
            Scope::Lines { file, from, to, subject } => {
                let is_here = matches!(site, Site::Metadata(place)
                    if place.file == *file && (*from..=*to).contains(&place.line));
                let is_about = subject.as_deref().is_some_and(|s| s.eq_ignore_ascii_case(&identity.subject));
                is_here || is_about
            }
        }
    }
}
