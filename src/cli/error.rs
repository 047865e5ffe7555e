//! Why a command cannot go on.

use crate::config::ConfigErrors;
use crate::engine::LoadError;
use crate::git::GitError;
use crate::source::SourceError;
use crate::tracking::PolicyError;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Wrong usage, or nothing readable. Everything smaller is a [`crate::problem::Problem`].
#[derive(Debug, Error)]
pub enum CliError {
    /// The configuration file is wrong.
    #[error(transparent)]
    Config(#[from] ConfigErrors),
    /// A `--policy` is wrong.
    #[error("--policy: {error}\n{help}", help = .error.help())]
    Policy {
        /// What is wrong.
        error: PolicyError,
    },
    /// A metadata root that cannot be used.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A file that must not be overwritten.
    #[error("{path} is there already; edit it, or take it away first", path = .path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The settings were shown, and nothing else was asked for.
    #[error("")]
    Shown,
    /// A revision that cannot be read.
    #[error(transparent)]
    Git(#[from] GitError),
    /// No metadata root.
    #[error("{0}")]
    Source(#[from] SourceError),
    /// No root is named anywhere, and this folder is none.
    #[error(
        "no metadata root: name one (dualtrack analyze ROOT), or set metadata in dualtrack.toml, or set DUALTRACK_METADATA\n{0}"
    )]
    NoRoot(SourceError),
    /// A file or folder of table maps that is not there: without it, everything would be out of scope.
    #[error("there is no table map {path} ({from}); check the path", path = .path.display())]
    NoMaps {
        /// As given.
        path: PathBuf,
        /// Where it was given.
        from: String,
    },
    /// A command about table maps without any.
    #[error("no table map: name files or folders with --maps, or set maps in dualtrack.toml")]
    NoMapsNamed,
    /// A name is not there.
    #[error("no {kind} is called {name}{hint}")]
    NotFound {
        /// What was looked for.
        kind: &'static str,
        /// The name as given.
        name: String,
        /// Nearest names.
        hint: String,
    },
    /// A name means something else than the command is about.
    #[error("{name} is {is}, not {wanted}{hint}")]
    WrongKind {
        /// The name, safe to print.
        name: String,
        /// What it is, with its article.
        is: &'static str,
        /// What was looked for, with its article.
        wanted: &'static str,
        /// What to do instead.
        hint: String,
    },
    /// The command has no such format.
    #[error("this command has no format {format}; it has {known}")]
    UnknownFormat {
        /// As given.
        format: String,
        /// The formats of the command.
        known: String,
    },
    /// A format that must not be mixed with what a watch prints.
    #[error("--watch prints what changed; write {format} to a file: --format {format}=FILE")]
    WatchedFormat {
        /// The format.
        format: String,
    },
    /// A watch where nobody watches.
    #[error("--watch does not end, and this is a CI run (CI or TF_BUILD is set); leave it out")]
    WatchInPipeline,
    /// A rule is set to two levels.
    #[error("rule {rule} is set to two levels; name it with one of -D, -W and -A")]
    TwoLevels {
        /// The rule.
        rule: &'static str,
    },
    /// There is no baseline to update.
    #[error("no baseline is named: --baseline FILE, or baseline = 'FILE' in dualtrack.toml")]
    NoBaseline,
    /// The baseline cannot be used.
    #[error(transparent)]
    Baseline(#[from] crate::finding::BaselineError),
    /// Something is not loaded, and that was not to be.
    #[error("the metadata is not complete (--require-complete): {missing} of its elements are not loaded")]
    Incomplete {
        /// How many.
        missing: usize,
    },
    /// Nothing of the volumes can be used.
    #[error(transparent)]
    Volumes(#[from] crate::cost::VolumesError),
    /// Nothing of the dump can be used.
    #[error(transparent)]
    Dump(#[from] crate::dualwrite::DumpError),
    /// A field name cannot be used.
    #[error(transparent)]
    FieldName(#[from] crate::suggest::RenameError),
    /// Metadata files cannot be changed.
    #[error(transparent)]
    Edit(#[from] crate::edit::EditError),
    /// A field without its entity.
    #[error("{field}: name its entity too, as ENTITY.{field}, or one entity with --entity")]
    FieldOfWhat {
        /// As given, safe to print.
        field: String,
    },
    /// A file cannot be written.
    #[error("cannot write {path}: {error}{hint}", path = .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
        /// What to do.
        hint: &'static str,
    },
    /// Standard output was closed by its reader, as in `| head`.
    #[error("standard output was closed")]
    ClosedPipe,
    /// Standard output cannot be written.
    #[error("cannot write to standard output: {0}")]
    Stdout(io::Error),
}

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        match kind(&error) {
            io::ErrorKind::BrokenPipe => CliError::ClosedPipe,
            _ => CliError::Stdout(error),
        }
    }
}

/// The kind of an error, also of one that a CSV writer has wrapped.
fn kind(error: &io::Error) -> io::ErrorKind {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<csv::Error>());
    match inner.map(csv::Error::kind) {
        Some(csv::ErrorKind::Io(inner)) => inner.kind(),
        _ => error.kind(),
    }
}
