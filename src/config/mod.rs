//! `dualtrack.toml`: found upward from the working directory, read as a source file with places.
//!
//! The command line goes before the file, the file before the defaults; every value remembers where it came from.

mod error;
mod keys;
mod read;
mod rules;
mod settings;
mod starter;
mod thresholds;

pub use error::{ConfigError, ConfigErrorKind, ConfigErrors};
pub use keys::{KEYS, KeyInfo, KeyKind};
pub use settings::{Origin, Overrides, Setting};
pub use starter::starter;
pub use thresholds::{THRESHOLDS, ThresholdInfo, Thresholds};

use crate::cache::CachePlace;
use crate::dualwrite::ENGLISH;
use crate::finding::{Allowance, Levels};
use crate::text::{decode, name_key};
use crate::tracking::Policy;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// The name of the configuration file.
pub const FILE_NAME: &str = "dualtrack.toml";

/// Tables whose rows are only ever inserted: a change always changes the row that refers to them.
///
/// Source: Microsoft's advice on tables to leave out of change tracking (data export performance).
pub const INSERT_ONLY: [&str; 3] =
    ["DimensionAttributeValueSet", "DimensionAttributeValueCombination", "InventDim"];

/// What a run is asked to do, and where each value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The configuration file; none when there is none.
    pub path: Option<PathBuf>,
    /// Metadata roots, the first wins when an element is defined twice.
    pub metadata: Vec<PathBuf>,
    /// Files and folders with dual-write maps.
    pub maps: Vec<PathBuf>,
    /// The language of the labels by which maps name entities; English goes second.
    pub language: String,
    /// Models that the user may change; others are extended.
    pub own_models: Vec<String>,
    /// The folder that receives the results.
    pub out: Option<PathBuf>,
    /// Tables for which no entry is ever suggested.
    pub insert_only: Vec<String>,
    /// The choices of section 9 of the specification.
    pub policy: Policy,
    /// `sourceSchema` of a map → AOT name of the entity.
    pub aliases: BTreeMap<String, String>,
    /// Name of a table map → the version that counts instead of the highest.
    pub map_versions: BTreeMap<String, String>,
    /// The file with the findings that are known.
    pub baseline: Option<PathBuf>,
    /// What rules are set to.
    pub levels: Levels,
    /// Findings that are accepted.
    pub allow: Vec<Allowance>,
    /// From how many on something is worth a finding.
    pub thresholds: Thresholds,
    /// Where facts of files are kept from run to run.
    pub cache: CachePlace,
    /// Dotted key → where the value came from; absent = default.
    origins: BTreeMap<String, Origin>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            path: None,
            metadata: Vec::new(),
            maps: Vec::new(),
            language: ENGLISH.to_owned(),
            own_models: Vec::new(),
            out: None,
            insert_only: INSERT_ONLY.map(str::to_owned).to_vec(),
            policy: Policy::default(),
            aliases: BTreeMap::new(),
            map_versions: BTreeMap::new(),
            baseline: None,
            levels: Levels::default(),
            allow: Vec::new(),
            thresholds: Thresholds::default(),
            cache: CachePlace::Off,
            origins: BTreeMap::new(),
        }
    }
}

impl Config {
    /// Reads the file `explicit`, else the nearest `dualtrack.toml` at or above `cwd`, else takes the defaults.
    ///
    /// # Errors
    /// Everything that is wrong with the file, at once. An explicit file that is missing is an error.
    pub fn load(explicit: Option<&Path>, cwd: &Path) -> Result<Self, ConfigErrors> {
        match explicit.map(|path| cwd.join(path)).or_else(|| find_upward(cwd)) {
            Some(path) => Self::read(&path),
            None => Ok(Self::default()),
        }
    }

    /// The files that [`Config::load`] looks for, there or not.
    pub fn places(explicit: Option<&Path>, cwd: &Path) -> Vec<PathBuf> {
        explicit.map_or_else(|| upward(cwd), |path| vec![cwd.join(path)])
    }

    fn read(path: &Path) -> Result<Self, ConfigErrors> {
        let whole_file = |kind| ConfigErrors(vec![ConfigError { kind, path: path.to_owned(), place: None }]);
        let bytes = std::fs::read(path).map_err(|error| {
            whole_file(match error.kind() {
                io::ErrorKind::NotFound => ConfigErrorKind::Missing,
                _ => ConfigErrorKind::Unreadable(error),
            })
        })?;
        let text = decode(&bytes).map_err(|error| whole_file(ConfigErrorKind::Encoding(error)))?;
        Self::from_text(&text, path)
    }

    /// The configuration that `text` gives; relative paths in it are relative to the folder of `path`.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn from_text(text: &str, path: &Path) -> Result<Self, ConfigErrors> {
        read::config(text, path)
    }

    /// The name of the configuration file in findings.
    pub fn file_name(&self) -> Box<str> {
        let name = self.path.as_deref().and_then(Path::file_name);
        name.map_or(FILE_NAME.into(), |name| name.to_string_lossy().into())
    }

    /// The AOT name that is configured for a `sourceSchema`; ASCII case and outer blanks do not count.
    pub fn alias(&self, schema: &str) -> Option<&str> {
        lookup(&self.aliases, schema)
    }

    /// Whether `table` is one of [`Config::insert_only`].
    pub fn is_insert_only(&self, table: &str) -> bool {
        self.insert_only.iter().any(|name| name.eq_ignore_ascii_case(table))
    }
}

fn lookup<'a>(names: &'a BTreeMap<String, String>, wanted: &str) -> Option<&'a str> {
    let wanted = name_key(wanted);
    names.iter().find(|(name, _)| name_key(name) == wanted).map(|(_, value)| value.as_str())
}

fn find_upward(cwd: &Path) -> Option<PathBuf> {
    upward(cwd).into_iter().find(|path| path.is_file())
}

/// Where the configuration file may lie, the nearest first.
fn upward(cwd: &Path) -> Vec<PathBuf> {
    let Ok(start) = std::path::absolute(cwd) else { return Vec::new() };
    start.ancestors().map(|folder| folder.join(FILE_NAME)).collect()
}

#[cfg(test)]
mod tests;
