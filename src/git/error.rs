//! Why a revision cannot be read.

use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// What went wrong.
#[derive(Debug, Error)]
pub enum GitError {
    /// The program is missing, or cannot be started.
    #[error("git cannot be started: {0}; install git, or compare two folders instead")]
    NotStarted(io::Error),
    /// Git says no.
    #[error("{0}")]
    Failed(String),
    /// The folder belongs to no repository.
    #[error("{} lies in no git repository: {reason}", folder.display())]
    NoRepository {
        /// The folder.
        folder: PathBuf,
        /// What git says.
        reason: String,
    },
    /// There is no such revision.
    #[error("there is no revision {name}: {reason}; in a pipeline, fetch enough history (fetchDepth: 0)")]
    NoRevision {
        /// As given.
        name: String,
        /// What git says.
        reason: String,
    },
    /// The folder lies outside the repository.
    #[error("{} does not lie in the repository {}", folder.display(), repository.display())]
    Outside {
        /// The folder.
        folder: PathBuf,
        /// The work tree.
        repository: PathBuf,
    },
    /// A file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
}

pub(super) fn not_started(error: io::Error) -> GitError {
    GitError::NotStarted(error)
}

/// What git printed, without its prefix.
pub(super) fn failed(stderr: &[u8]) -> GitError {
    let said = String::from_utf8_lossy(stderr);
    let line = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("git failed without a word");
    GitError::Failed(line.trim_start_matches("fatal: ").trim().to_owned())
}
