//! What arguments can be: their values, as they are written on the command line.

use clap::ValueEnum;
use std::path::PathBuf;
use std::str::FromStr;

/// `KEY=VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyValue {
    /// Before the first `=`.
    pub key: String,
    /// Behind it.
    pub value: String,
}

impl FromStr for KeyValue {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (key, value) = text.split_once('=').ok_or("expected KEY=VALUE")?;
        Ok(Self { key: key.trim().to_owned(), value: value.trim().to_owned() })
    }
}

/// `FORMAT` or `FORMAT=FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatArg {
    /// Name of the format, in lower case.
    pub format: String,
    /// Where it goes; `None` is standard output.
    pub file: Option<PathBuf>,
}

impl FromStr for FormatArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, file) = match text.split_once('=') {
            Some((_, "")) => return Err("expected a file name behind '='".to_owned()),
            Some((format, file)) => (format, Some(PathBuf::from(file))),
            None => (text, None),
        };
        Ok(Self { format: format.to_ascii_lowercase(), file })
    }
}

/// The least severe finding that fails a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors fail it.
    Error,
    /// Warnings too.
    Warning,
    /// Everything.
    Note,
}

/// What makes a comparison fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffFailOn {
    /// A field that is sent is not tracked any more, or nobody can say.
    Lost,
    /// The same, or a field that is sent now is not tracked, or an entry is missing or invalid now.
    Untracked,
    /// A row more.
    Cost,
    /// Any difference that is shown.
    Any,
    /// Nothing.
    None,
}

/// Which way a picture grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GraphDirection {
    /// To what uses it.
    Up,
    /// To what it uses.
    Down,
    /// Both.
    Both,
}

/// What can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListSubject {
    /// The open questions, with the answers that can be chosen.
    Policies,
    /// Why something is not tracked.
    Reasons,
    /// What `check` finds.
    Rules,
}
