//! `[threshold]`: from how many on something is worth a finding.

use super::error::ConfigErrorKind;
use super::keys::KeyInfo;
use super::read::{Item, Reader};
use crate::text::nearest;

/// From how many on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// Entities for which one table is tracked.
    pub entities_per_table: usize,
    /// Data sources of one entity that are not tracked.
    pub untracked_data_sources: usize,
}

/// What users need to know about a threshold.
#[derive(Clone, Copy, Debug)]
pub struct ThresholdInfo {
    /// As written in the configuration.
    pub key: &'static str,
    /// What is counted, and by which rule.
    pub meaning: &'static str,
    field: fn(&mut Thresholds) -> &mut usize,
}

/// Every threshold.
pub const THRESHOLDS: [ThresholdInfo; 2] = [
    ThresholdInfo {
        key: "entities-per-table",
        meaning: "entities for which one table is tracked (table-tracked-for-several-entities)",
        field: |thresholds| &mut thresholds.entities_per_table,
    },
    ThresholdInfo {
        key: "untracked-data-sources",
        meaning: "data sources of an entity that are not tracked (untracked-data-sources)",
        field: |thresholds| &mut thresholds.untracked_data_sources,
    },
];

impl Default for Thresholds {
    fn default() -> Self {
        Self { entities_per_table: 2, untracked_data_sources: 1 }
    }
}

impl Thresholds {
    /// Keys and values, in the order of the list.
    pub fn values(mut self) -> [(&'static str, usize); 2] {
        THRESHOLDS.map(|info| (info.key, *(info.field)(&mut self)))
    }
}

impl Reader<'_> {
    pub(super) fn thresholds(&mut self, info: &'static KeyInfo, item: &Item<'_>) {
        for entry in self.table(info, item.value) {
            let Some(threshold) = THRESHOLDS.iter().find(|known| known.key == entry.key) else {
                let near = nearest(entry.key, THRESHOLDS.iter().map(|known| known.key), 1).first().copied();
                let kind = ConfigErrorKind::UnknownThreshold { key: entry.key.to_owned(), nearest: near };
                self.error(kind, entry.at);
                continue;
            };
            let key = format!("{}.{}", info.key, entry.key);
            let number = entry.value.get_ref().as_integer().and_then(|number| number.as_str().parse().ok());
            match number.filter(|number| *number > 0) {
                Some(number) => {
                    *(threshold.field)(&mut self.config.thresholds) = number;
                    self.note(&key, &entry.at);
                }
                None => self.wrong_type(&key, "a number from 1", entry.value),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use std::path::Path;

    fn read(text: &str) -> Result<Config, String> {
        Config::from_text(text, Path::new("dualtrack.toml")).map_err(|error| error.to_string())
    }

    #[test]
    fn numbers_from_one_and_known_keys_only() {
        let config = read("[threshold]\nentities-per-table = 5\n").unwrap();
        assert_eq!((config.thresholds.entities_per_table, config.thresholds.untracked_data_sources), (5, 1));
        for wrong in ["0", "-1", "'5'", "1.5", "99999999999999999999999"] {
            let error = read(&format!("[threshold]\nentities-per-table = {wrong}\n")).unwrap_err();
            assert!(error.contains("a number from 1"), "{wrong}: {error}");
        }
        let error = read("[threshold]\nentities-per-tabel = 5\n").unwrap_err();
        assert!(error.contains("entities-per-tabel") && error.contains("entities-per-table"), "{error}");
    }
}
