//! From the text of `dualtrack.toml` to [`Config`], with a place for everything that is wrong.

use super::error::{ConfigError, ConfigErrorKind, ConfigErrors};
use super::keys::{KEYS, KeyInfo, KeyKind};
use super::{Config, Origin};
use crate::text::{SourceLine, name_key, nearest};
use crate::tracking::PolicyInfo;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Reads the text of the file at `path`.
pub(super) fn config(text: &str, path: &Path) -> Result<Config, ConfigErrors> {
    let (document, syntax) = DeTable::parse_recoverable(text);
    let mut reader = Reader { text, path, config: Config::default(), errors: Vec::new() };
    for error in &syntax {
        reader.syntax_error(error);
    }
    // What the parser recovers after a mistake would only give follow-up errors.
    if syntax.is_empty() {
        reader.root(document.get_ref());
    }
    reader.finish()
}

pub(super) struct Reader<'a> {
    text: &'a str,
    pub(super) path: &'a Path,
    pub(super) config: Config,
    errors: Vec<ConfigError>,
}

/// A key with its value and their places.
pub(super) struct Item<'a> {
    pub(super) key: &'a str,
    pub(super) at: Range<usize>,
    pub(super) value: &'a Spanned<DeValue<'a>>,
}

/// The items of a table in the order of the file.
pub(super) fn items<'a>(table: &'a DeTable<'a>) -> Vec<Item<'a>> {
    let mut items: Vec<_> =
        table.iter().map(|(key, value)| Item { key: key.get_ref(), at: key.span(), value }).collect();
    items.sort_by_key(|item| item.at.start);
    items
}

impl Reader<'_> {
    fn finish(mut self) -> Result<Config, ConfigErrors> {
        if self.errors.is_empty() {
            self.config.path = Some(self.path.to_owned());
            return Ok(self.config);
        }
        self.errors.sort_by_key(|error| error.place.as_ref().map(|place| (place.line, place.column)));
        Err(ConfigErrors(self.errors))
    }

    pub(super) fn error(&mut self, kind: impl Into<ConfigErrorKind>, at: Range<usize>) {
        let place = Some(SourceLine::of(self.text, at));
        self.errors.push(ConfigError { kind: kind.into(), path: self.path.to_owned(), place });
    }

    fn syntax_error(&mut self, error: &toml::de::Error) {
        let at = error.span().unwrap_or(0..0);
        let line = SourceLine::of(self.text, at.clone());
        let backslash = line.text.contains('\\') && line.text.contains('"');
        self.error(ConfigErrorKind::Syntax { message: error.message().to_owned(), backslash }, at);
    }

    pub(super) fn wrong_type(&mut self, key: &str, expected: &'static str, value: &Spanned<DeValue<'_>>) {
        let example = match PolicyInfo::of(key.strip_prefix("policy.").unwrap_or(key)) {
            Some(info) => format!("{} = '{}'", info.key, info.default_value()),
            None => {
                KeyInfo::of(key).map_or_else(|| "'Name' = 'value'".to_owned(), |info| info.example.to_owned())
            }
        };
        let found = type_name(value.get_ref());
        self.error(
            ConfigErrorKind::WrongType { key: key.to_owned(), expected, found, example },
            value.span(),
        );
    }

    fn line(&self, at: &Range<usize>) -> u32 {
        self.place(at).line
    }

    pub(super) fn place(&self, at: &Range<usize>) -> SourceLine {
        SourceLine::of(self.text, at.clone())
    }

    pub(super) fn note(&mut self, key: &str, at: &Range<usize>) {
        let line = self.line(at);
        self.config.note(key, Origin::File { line });
    }

    fn root(&mut self, table: &DeTable<'_>) {
        for item in items(table) {
            match KeyInfo::of(item.key) {
                Some(info) => self.key(info, &item),
                None => self.unknown_key(&item),
            }
        }
    }

    fn unknown_key(&mut self, item: &Item<'_>) {
        let kind = ConfigErrorKind::UnknownKey {
            key: item.key.to_owned(),
            nearest: nearest(item.key, KEYS.iter().map(|info| info.key), 1).first().copied(),
            is_policy: PolicyInfo::of(item.key).is_some(),
        };
        self.error(kind, item.at.clone());
    }

    fn key(&mut self, info: &'static KeyInfo, item: &Item<'_>) {
        match info.key {
            "metadata" => self.config.metadata = self.paths(info, item),
            "maps" => self.config.maps = self.paths(info, item),
            "language" => self.language(info, item),
            "own-models" => self.config.own_models = self.names(info, item),
            "insert-only" => self.config.insert_only = self.names(info, item),
            "out" => self.config.out = self.paths(info, item).pop(),
            "alias" => self.config.aliases = self.pairs(info, item),
            "map-version" => self.config.map_versions = self.pairs(info, item),
            "baseline" => self.config.baseline = self.paths(info, item).pop(),
            "rules" => self.levels(info, item),
            "allow" => self.allowances(info, item),
            _ => self.policies(info, item),
        }
        if !matches!(info.kind, KeyKind::Policy | KeyKind::Pairs | KeyKind::Rules | KeyKind::Allow) {
            self.note(info.key, &item.at);
        }
    }

    fn paths(&mut self, info: &'static KeyInfo, item: &Item<'_>) -> Vec<PathBuf> {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let mut paths = Vec::new();
        for (text, at) in self.texts(info, item.value) {
            if text.contains(char::is_control) {
                self.error(ConfigErrorKind::ControlCharacter { key: info.key.to_owned() }, at);
            } else {
                paths.push(folder.join(text));
            }
        }
        paths
    }

    fn language(&mut self, info: &'static KeyInfo, item: &Item<'_>) {
        if let Some((language, _)) = self.texts(info, item.value).pop() {
            language.trim().clone_into(&mut self.config.language);
        }
    }

    fn names(&mut self, info: &'static KeyInfo, item: &Item<'_>) -> Vec<String> {
        self.texts(info, item.value).into_iter().map(|(text, _)| text.trim().to_owned()).collect()
    }

    /// The texts of a value that is a list of texts or, where the key allows it, one text.
    fn texts<'v>(
        &mut self,
        info: &'static KeyInfo,
        value: &'v Spanned<DeValue<'v>>,
    ) -> Vec<(&'v str, Range<usize>)> {
        let (one, many) = match info.kind {
            KeyKind::Paths => (true, true),
            KeyKind::Path | KeyKind::Text => (true, false),
            _ => (false, true),
        };
        let values = match value.get_ref() {
            DeValue::String(_) if one => std::slice::from_ref(value).iter().collect(),
            DeValue::Array(list) if many => list.iter().collect(),
            _ => {
                self.wrong_type(info.key, info.kind.expected(), value);
                Vec::new()
            }
        };
        values.into_iter().filter_map(|value| self.text(info.key, info.kind.expected(), value)).collect()
    }

    pub(super) fn text<'v>(
        &mut self,
        key: &str,
        expected: &'static str,
        value: &'v Spanned<DeValue<'v>>,
    ) -> Option<(&'v str, Range<usize>)> {
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(key, expected, value);
            return None;
        };
        if text.trim().is_empty() {
            self.error(ConfigErrorKind::Empty { key: key.to_owned() }, value.span());
            return None;
        }
        Some((text, value.span()))
    }

    pub(super) fn table<'v>(
        &mut self,
        info: &'static KeyInfo,
        value: &'v Spanned<DeValue<'v>>,
    ) -> Vec<Item<'v>> {
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(info.key, info.kind.expected(), value);
            return Vec::new();
        };
        items(table)
    }

    fn policies(&mut self, info: &'static KeyInfo, item: &Item<'_>) {
        for entry in self.table(info, item.value) {
            let key = format!("{}.{}", info.key, entry.key);
            let known = PolicyInfo::of(entry.key).is_some();
            let text = entry.value.get_ref().as_str();
            if !known && KeyInfo::of(entry.key).is_some() {
                let kind = ConfigErrorKind::Misplaced { key: entry.key.to_owned(), table: "[policy]" };
                self.error(kind, entry.at);
                continue;
            }
            if known && text.is_none() {
                self.wrong_type(&key, "a text", entry.value);
                continue;
            }
            match self.config.policy.set(entry.key, text.unwrap_or_default()) {
                Ok(()) => self.note(&key, &entry.at),
                Err(error) if known => self.error(error, entry.value.span()),
                Err(error) => self.error(error, entry.at),
            }
        }
    }

    fn pairs(&mut self, info: &'static KeyInfo, item: &Item<'_>) -> BTreeMap<String, String> {
        let mut seen = HashMap::new();
        let mut pairs = BTreeMap::new();
        for entry in self.table(info, item.value) {
            let key = format!("{}.{}", info.key, entry.key);
            let line = self.line(&entry.at);
            if let Some(first) = seen.insert(name_key(entry.key), line) {
                self.error(ConfigErrorKind::Twice { key, first }, entry.at);
            } else if let Some((text, _)) = self.text(&key, "a text", entry.value) {
                pairs.insert(entry.key.trim().to_owned(), text.trim().to_owned());
                self.note(&format!("{}.{}", info.key, name_key(entry.key)), &entry.at);
            }
        }
        pairs
    }
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
