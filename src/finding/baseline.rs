//! The baseline: findings that were there when a project began to check, one a line, made to be reviewed.

use super::Identity;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Name and version of the format.
pub const BASELINE_SCHEMA: &str = "dualtrack/baseline/1";

/// Findings that are known, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    identities: Vec<Identity>,
}

/// Why a baseline cannot be used.
#[derive(Debug, Error)]
pub enum BaselineError {
    /// It is not there.
    #[error("there is no baseline {path}; --update-baseline --accept-new writes it", path = .0.display())]
    Missing(PathBuf),
    /// It cannot be opened.
    #[error("cannot read the baseline {path}: {error}", path = .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
    /// It is not what this tool writes.
    #[error("{path}:{line}:{column}: not a baseline: {reason}", path = .path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong.
        reason: String,
    },
    /// It is of another version of the format.
    #[error("the baseline {path} has the format {found}; this version reads {BASELINE_SCHEMA}", path = .path.display())]
    Schema {
        /// The file.
        path: PathBuf,
        /// As written.
        found: String,
    },
}

/// The file as a whole.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "schema")]
    _schema: String,
    findings: Vec<Line>,
}

/// The format alone, so that another version is told from a broken file.
#[derive(Deserialize)]
struct Header {
    schema: String,
}

/// One finding.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    rule: Box<str>,
    kind: Box<str>,
    subject: Box<str>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    keys: Vec<Box<str>>,
    #[serde(default = "first", skip_serializing_if = "is_first")]
    nth: u32,
}

fn first() -> u32 {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_first(nth: &u32) -> bool {
    *nth == 1
}

impl Baseline {
    /// A baseline of these findings.
    pub fn new(mut identities: Vec<Identity>) -> Self {
        identities.sort();
        identities.dedup();
        Self { identities }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// A file that is not there, cannot be read, or is no baseline of this version.
    pub fn load(path: &Path) -> Result<Self, BaselineError> {
        let bytes = std::fs::read(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => BaselineError::Missing(path.to_owned()),
            _ => BaselineError::Unreadable { path: path.to_owned(), error },
        })?;
        Self::parse(&bytes, path)
    }

    fn parse(bytes: &[u8], path: &Path) -> Result<Self, BaselineError> {
        let malformed = |line, column, reason| {
            let path = path.to_owned();
            BaselineError::Malformed { path, line, column, reason }
        };
        let text = crate::text::decode(bytes).map_err(|error| malformed(1, 1, error.to_string()))?;
        if let Ok(Header { schema }) = serde_json::from_str(&text)
            && schema != BASELINE_SCHEMA
        {
            return Err(BaselineError::Schema { path: path.to_owned(), found: schema });
        }
        let file: File = serde_json::from_str(&text).map_err(|error| {
            let reason = error.to_string();
            let place = format!(" at line {} column {}", error.line(), error.column());
            malformed(error.line().max(1), error.column().max(1), reason.replace(&place, ""))
        })?;
        let identity = |line: Line| Identity {
            rule: line.rule,
            kind: line.kind,
            subject: line.subject,
            keys: line.keys,
            nth: line.nth,
        };
        Ok(Self::new(file.findings.into_iter().map(identity).collect()))
    }

    /// Writes it: a header, then one finding a line, sorted.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{{\n\"schema\": \"{BASELINE_SCHEMA}\",\n\"findings\": [")?;
        for (position, identity) in self.identities.iter().enumerate() {
            let Identity { rule, kind, subject, keys, nth } = identity.clone();
            let line = Line { rule, kind, subject, keys, nth };
            out.write_all(if position == 0 { b"\n" } else { b",\n" })?;
            out.write_all(crate::text::json_line(&line)?.as_bytes())?;
        }
        out.write_all(b"\n]\n}\n")
    }

    /// The finding is known.
    pub fn contains(&self, identity: &Identity) -> bool {
        self.identities.binary_search(identity).is_ok()
    }

    /// What is known and not among `seen`, which is sorted.
    pub fn without(&self, seen: &[Identity]) -> Vec<Identity> {
        self.identities.iter().filter(|known| seen.binary_search(known).is_err()).cloned().collect()
    }

    /// The same without these, and with those.
    #[must_use]
    pub fn changed(&self, gone: &[Identity], new: impl IntoIterator<Item = Identity>) -> Self {
        let stays = |known: &&Identity| !gone.contains(known);
        Self::new(self.identities.iter().filter(stays).cloned().chain(new).collect())
    }

    /// How many findings it knows.
    pub fn len(&self) -> usize {
        self.identities.len()
    }

    /// It knows none.
    pub fn is_empty(&self) -> bool {
        self.identities.is_empty()
    }
}
