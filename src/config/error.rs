//! What can be wrong with the configuration file, shown with its line.

use super::keys::{KEYS, KeyInfo};
use crate::text::{DecodeError, SourceLine};
use crate::tracking::PolicyError;
use std::path::PathBuf;
use std::{fmt, io};
use thiserror::Error;

/// What is wrong.
#[derive(Debug, Error)]
pub enum ConfigErrorKind {
    /// The file that was asked for is not there.
    #[error("this configuration file does not exist")]
    Missing,
    /// The file cannot be opened.
    #[error("cannot open the configuration file: {0}")]
    Unreadable(#[source] io::Error),
    /// The file is no text.
    #[error("the configuration file is {0}")]
    Encoding(#[source] DecodeError),
    /// The file is not TOML.
    #[error("not valid TOML: {message}")]
    Syntax {
        /// What the TOML parser says.
        message: String,
        /// The line holds a backslash inside double quotes.
        backslash: bool,
    },
    /// There is no such key.
    #[error("unknown key `{key}`")]
    UnknownKey {
        /// As written.
        key: String,
        /// The key that was probably meant.
        nearest: Option<&'static str>,
        /// It is the key of a policy.
        is_policy: bool,
    },
    /// A key of the top level below a table's heading, where TOML takes it as part of that table.
    #[error("`{key}` does not belong under `{table}`")]
    Misplaced {
        /// As written.
        key: String,
        /// The heading above it.
        table: &'static str,
    },
    /// The key holds something else.
    #[error("`{key}` must be {expected}, not {found}")]
    WrongType {
        /// The key, dotted.
        key: String,
        /// What may be written.
        expected: &'static str,
        /// What is written.
        found: &'static str,
        /// How it is written right.
        example: String,
    },
    /// A path or name without text.
    #[error("`{key}` is empty")]
    Empty {
        /// The key, dotted.
        key: String,
    },
    /// A path with a control character, as `"C:\temp"` makes one.
    #[error("the path of `{key}` holds a control character")]
    ControlCharacter {
        /// The key.
        key: String,
    },
    /// Two names that differ in case only.
    #[error("`{key}` stands here twice; upper and lower case do not count (first in line {first})")]
    Twice {
        /// The key, dotted.
        key: String,
        /// The line of the other one.
        first: u32,
    },
    /// There is no such rule.
    #[error("unknown rule `{rule}`")]
    UnknownRule {
        /// As written.
        rule: String,
        /// The rule that was probably meant.
        nearest: Option<&'static str>,
    },
    /// A rule cannot be set to this.
    #[error("unknown level `{level}` of rule `{rule}`; allowed: `off`, `note`, `warning` or `error`")]
    UnknownLevel {
        /// The rule.
        rule: String,
        /// As written.
        level: String,
        /// The level that it has.
        own: &'static str,
    },
    /// An allowance knows no such key.
    #[error("unknown key `{key}` in `[[allow]]`")]
    UnknownPart {
        /// As written.
        key: String,
    },
    /// An allowance lacks something.
    #[error("this `[[allow]]` has no `{key}`")]
    MissingPart {
        /// What it lacks.
        key: &'static str,
    },
    /// A policy that does not exist or has no such value.
    #[error(transparent)]
    Policy(#[from] PolicyError),
}

const BACKSLASH: &str =
    "a path with backslashes needs single quotes, as in 'C:\\Metadata'; or write / instead";

impl ConfigErrorKind {
    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Missing => Some("create it, or leave the option out".to_owned()),
            Self::Unreadable(_) => {
                Some("close the program that holds it, or check its access rights".to_owned())
            }
            Self::Encoding(_) => Some("save the file as UTF-8".to_owned()),
            Self::Syntax { backslash, .. } => backslash.then(|| BACKSLASH.to_owned()),
            Self::UnknownKey { key, is_policy: true, .. } => {
                Some(format!("`{key}` belongs under `[policy]`"))
            }
            Self::UnknownKey { nearest: Some(name), .. } | Self::UnknownRule { nearest: Some(name), .. } => {
                Some(format!("did you mean `{name}`?"))
            }
            Self::UnknownKey { .. } => Some(format!("known keys: {}", known_keys())),
            Self::Misplaced { key, .. } => Some(format!("write `{key}` above the first line in [brackets]")),
            Self::WrongType { example, .. } => {
                Some(format!("for example: {}", example.replace('\n', "\n     ")))
            }
            Self::Empty { .. } => Some("write a value, or leave the key out".to_owned()),
            Self::ControlCharacter { .. } => Some(BACKSLASH.to_owned()),
            Self::Twice { .. } => Some("remove one of them".to_owned()),
            Self::UnknownRule { .. } => Some("`dualtrack list rules` shows them".to_owned()),
            Self::UnknownLevel { own, .. } => Some(format!("its own level is `{own}`")),
            Self::UnknownPart { .. } => Some(
                "an allowance has a `rule`, an `element` (with * for any characters) and a `reason`"
                    .to_owned(),
            ),
            Self::MissingPart { key: "reason" } => {
                Some("say why these findings are accepted: others will ask".to_owned())
            }
            Self::MissingPart { .. } => Some(format!("for example: {}", example_of("allow"))),
            Self::Policy(error) => Some(error.help()),
        }
    }
}

/// The example of a key, for a help text.
fn example_of(key: &str) -> String {
    KeyInfo::of(key).map_or("", |info| info.example).replace('\n', "\n     ")
}

fn known_keys() -> String {
    KEYS.iter().map(|info: &KeyInfo| info.key).collect::<Vec<_>>().join(", ")
}

/// Something wrong with the configuration file, and where.
#[derive(Debug)]
pub struct ConfigError {
    /// What is wrong.
    pub kind: ConfigErrorKind,
    /// The file.
    pub path: PathBuf,
    /// The line; none when the file as a whole is meant.
    pub place: Option<SourceLine>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.place.as_ref().map_or(1, |place| place.line.to_string().len());
        let gutter = " ".repeat(digits + 1);
        write!(f, "{}\n{gutter}--> {}", self.kind, self.path.display())?;
        if let Some(place) = &self.place {
            write!(f, ":{}:{}\n{place}", place.line, place.column)?;
        }
        match self.kind.help() {
            Some(help) => write!(f, "\n{gutter} = help: {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.kind)
    }
}

/// Everything that is wrong with the configuration file, in the order of its lines; never empty.
#[derive(Debug)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            write!(f, "{}{error}", if index == 0 { "" } else { "\n\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}
