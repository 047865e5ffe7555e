//! Where each value came from, and what the command line changes.

use super::Config;
use crate::finding::{Allowance, Level, Scope, Site};
use crate::text::name_key;
use crate::tracking::PolicyError;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where a value came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// Nothing was said.
    #[default]
    Default,
    /// A line of the configuration file.
    File {
        /// Line, from 1.
        line: u32,
    },
    /// An argument.
    CommandLine,
}

/// One value, for showing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Dotted key, as in `policy.nested-entity`.
    pub key: String,
    /// The value as TOML.
    pub value: String,
    /// Where it came from.
    pub origin: Origin,
}

/// What the command line says; empty = nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Replaces [`Config::metadata`].
    pub metadata: Vec<PathBuf>,
    /// Replaces [`Config::maps`].
    pub maps: Vec<PathBuf>,
    /// Replaces [`Config::language`].
    pub language: Option<String>,
    /// Replaces [`Config::own_models`].
    pub own_models: Vec<String>,
    /// Replaces [`Config::out`].
    pub out: Option<PathBuf>,
    /// Replaces [`Config::insert_only`].
    pub insert_only: Vec<String>,
    /// Replaces [`Config::baseline`].
    pub baseline: Option<PathBuf>,
    /// Levels of rules, in addition to those of the file.
    pub levels: Vec<(String, Level)>,
    /// Policies, each (key, value).
    pub policy: Vec<(String, String)>,
    /// Aliases, each (`sourceSchema`, AOT name), in addition to those of the file.
    pub aliases: Vec<(String, String)>,
    /// Versions, each (map name, version), in addition to those of the file.
    pub map_versions: Vec<(String, String)>,
}

impl Config {
    /// Lets the command line go before the file.
    ///
    /// # Errors
    /// Every policy that does not exist or has no such value; the other values are set all the same.
    pub fn apply(&mut self, overrides: Overrides) -> Result<(), Vec<PolicyError>> {
        self.replace("metadata", overrides.metadata, |config| &mut config.metadata);
        self.replace("maps", overrides.maps, |config| &mut config.maps);
        self.replace("own-models", overrides.own_models, |config| &mut config.own_models);
        self.replace("insert-only", overrides.insert_only, |config| &mut config.insert_only);
        if let Some(language) = overrides.language {
            language.trim().clone_into(&mut self.language);
            self.note("language", Origin::CommandLine);
        }
        if let Some(out) = overrides.out {
            self.out = Some(out);
            self.note("out", Origin::CommandLine);
        }
        if let Some(baseline) = overrides.baseline {
            self.baseline = Some(baseline);
            self.note("baseline", Origin::CommandLine);
        }
        for (rule, level) in overrides.levels {
            self.levels.set(&rule, level);
            self.note(&format!("rules.{rule}"), Origin::CommandLine);
        }
        for (name, value) in overrides.aliases {
            put(&mut self.aliases, &name, value);
            self.note(&format!("alias.{}", name_key(&name)), Origin::CommandLine);
        }
        for (name, value) in overrides.map_versions {
            put(&mut self.map_versions, &name, value);
            self.note(&format!("map-version.{}", name_key(&name)), Origin::CommandLine);
        }
        self.apply_policies(&overrides.policy)
    }

    fn apply_policies(&mut self, policies: &[(String, String)]) -> Result<(), Vec<PolicyError>> {
        let mut errors = Vec::new();
        for (key, value) in policies {
            match self.policy.set(key, value) {
                Ok(()) => self.note(&format!("policy.{key}"), Origin::CommandLine),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    fn replace<T>(&mut self, key: &str, values: Vec<T>, field: fn(&mut Self) -> &mut Vec<T>) {
        if !values.is_empty() {
            *field(self) = values;
            self.note(key, Origin::CommandLine);
        }
    }

    pub(super) fn note(&mut self, key: &str, origin: Origin) {
        self.origins.insert(key.to_owned(), origin);
    }

    /// Where the value of a dotted key came from. Names under `alias` and `map-version` in any case.
    pub fn origin(&self, key: &str) -> Origin {
        let folded = match key.split_once('.') {
            Some((table @ ("alias" | "map-version"), name)) => format!("{table}.{}", name_key(name)),
            _ => key.to_owned(),
        };
        self.origins.get(&folded).copied().unwrap_or_default()
    }

    /// An origin as text: `default`, `dualtrack.toml:3` or `command line`.
    pub fn describe(&self, origin: Origin) -> String {
        match (origin, &self.path) {
            (Origin::Default, _) => "default".to_owned(),
            (Origin::CommandLine, _) => "command line".to_owned(),
            (Origin::File { line }, Some(path)) => format!("{}:{line}", path.display()),
            (Origin::File { line }, None) => format!("{}:{line}", super::FILE_NAME),
        }
    }

    /// Every value of the run, in the order of the documentation.
    pub fn settings(&self) -> Vec<Setting> {
        let mut list = vec![
            self.setting("metadata", paths(&self.metadata)),
            self.setting("maps", paths(&self.maps)),
            self.setting("language", quoted(&self.language)),
            self.setting("own-models", names(&self.own_models)),
            self.setting("out", self.out.as_deref().map_or_else(|| "\"\"".to_owned(), path)),
            self.setting("insert-only", names(&self.insert_only)),
        ];
        list.extend(
            self.policy.values().map(|(key, value)| self.setting(&format!("policy.{key}"), quoted(value))),
        );
        list.extend(self.pairs("alias", &self.aliases));
        list.extend(self.pairs("map-version", &self.map_versions));
        list.push(self.setting("baseline", self.baseline.as_deref().map_or_else(|| "\"\"".to_owned(), path)));
        let levels = self.levels.0.iter();
        list.extend(levels.map(|(rule, level)| self.setting(&format!("rules.{rule}"), quoted(level.id()))));
        list.extend(self.allow.iter().map(allowance));
        list
    }

    fn pairs<'a>(
        &'a self,
        table: &'a str,
        pairs: &'a BTreeMap<String, String>,
    ) -> impl Iterator<Item = Setting> + 'a {
        pairs.iter().map(move |(name, value)| {
            let origin = self.origin(&format!("{table}.{name}"));
            Setting { key: format!("{table}.{}", quoted(name)), value: quoted(value), origin }
        })
    }

    fn setting(&self, key: &str, value: String) -> Setting {
        Setting { key: key.to_owned(), value, origin: self.origin(key) }
    }
}

/// An allowance of the file: nothing else gives any.
fn allowance(allowance: &Allowance) -> Setting {
    let element = match &allowance.scope {
        Scope::Elements(pattern) => quoted(pattern),
        Scope::Lines { .. } => quoted("*"),
    };
    let Allowance { rule, reason, .. } = allowance;
    let value = format!("{{ rule = {}, element = {element}, reason = {} }}", quoted(rule), quoted(reason));
    let line = match &allowance.site {
        Site::Outside(outside) => outside.line,
        _ => None,
    };
    let origin = line.map_or(Origin::Default, |line| Origin::File { line });
    Setting { key: "allow".to_owned(), value, origin }
}

/// Puts a pair in place of one whose name differs in case only.
fn put(pairs: &mut BTreeMap<String, String>, name: &str, value: String) {
    let key = name_key(name);
    pairs.retain(|known, _| name_key(known) != key);
    pairs.insert(name.trim().to_owned(), value);
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn path(path: &Path) -> String {
    quoted(&path.to_string_lossy())
}

fn paths(paths: &[PathBuf]) -> String {
    format!("[{}]", paths.iter().map(|one| path(one)).collect::<Vec<_>>().join(", "))
}

fn names(names: &[String]) -> String {
    format!("[{}]", names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", "))
}
