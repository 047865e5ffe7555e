//! Copies of the sample metadata, to be edited, and short ways to read what is said about them.

use super::{Tree, find};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

/// The repository: the sample is its folder `metadata`.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The sample's files, as paths below `metadata`, sorted.
pub fn files() -> Vec<PathBuf> {
    let root = repository().join("metadata");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path.strip_prefix(&root).expect("below the root").to_owned());
            }
        }
    }
    files.sort();
    files
}

impl Tree {
    /// A copy of the sample.
    pub fn sample() -> Self {
        Self::sample_with(files(), |_, bytes| bytes)
    }

    /// A copy of the sample: these files, in this order, each changed on its way.
    pub fn sample_with(files: Vec<PathBuf>, change: impl Fn(&Path, Vec<u8>) -> Vec<u8>) -> Self {
        let tree = Self::new();
        for file in files {
            let bytes = fs::read(repository().join("metadata").join(&file)).expect("a file of the sample");
            tree.raw(file.to_str().expect("a path in Unicode"), change(&file, bytes));
        }
        tree
    }

    /// The text of a file below the root.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).expect("a text file")
    }

    /// Puts `text` in front of the first `marker` of a file, or of the last `before` that precedes it.
    pub fn insert(&self, path: &str, marker: &str, before: Option<&str>, text: &str) {
        let old = self.read(path);
        let marked = old.find(marker).unwrap_or_else(|| panic!("no {marker} in {path}"));
        let at = before.map_or(Some(marked), |before| old[..marked].rfind(before));
        let at = at.unwrap_or_else(|| panic!("no {before:?} before {marker} in {path}"));
        self.raw(path, format!("{}{text}{}", &old[..at], &old[at..]));
    }

    /// The number of the line of a file that holds `text`, which stands in one line only.
    pub fn line(&self, path: &str, text: &str) -> u64 {
        let content = self.read(path);
        let lines: Vec<u64> =
            (1..).zip(content.lines()).filter(|(_, line)| line.contains(text)).map(|(n, _)| n).collect();
        assert_eq!(lines.len(), 1, "{text} in {path}");
        lines[0]
    }

    /// Writes a table map that sends these fields of an entity and returns its path.
    pub fn map(&self, entity: &str, fields: &[&str]) -> String {
        let mapping = |field: &&str| {
            let column = format!("x_{}", field.to_ascii_lowercase());
            json!({ "syncDirection": 1, "sourceField": field.to_ascii_uppercase(), "destinationField": column })
        };
        let mappings: Vec<Value> = fields.iter().map(mapping).collect();
        let leg = json!({ "sourceSchema": entity, "destinationSchema": "x", "fieldMappings": mappings });
        self.beside("map.json", json!({ "legs": [leg] }).to_string())
    }
}

/// The values of a list.
pub fn list(value: &Value) -> &[Value] {
    value.as_array().map_or_else(|| panic!("no list: {value}"), Vec::as_slice)
}

pub fn string<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("no text {key} in {value}"))
}

/// The leaves of a field.
pub fn leaves<'a>(entity: &'a Value, field: &str) -> &'a [Value] {
    list(&find(entity, "fields", field)["leaves"])
}

/// The fields that count.
pub fn counted(entity: &Value) -> Vec<&str> {
    let counted = list(&entity["fields"]).iter().filter(|field| field["counted"] == true);
    counted.map(|field| string(field, "name")).collect()
}

pub fn entries(entity: &Value) -> &[Value] {
    list(&entity["mapping_method"]["entries"])
}

/// Label, table and field of an entry.
pub fn triple(entry: &Value) -> [&str; 3] {
    ["label", "table", "field"].map(|key| entry[key].as_str().unwrap_or("?"))
}

/// Verdict and match of an entry: "needed exact", "unused".
pub fn verdict(entry: &Value) -> String {
    let parts = [&entry["verdict"], &entry["match"]];
    parts.iter().filter_map(|part| part.as_str()).collect::<Vec<_>>().join(" ")
}

/// The counted fields of which a leaf is tracked because of this entry.
pub fn served_by<'a>(entity: &'a Value, entry: &Value) -> Vec<&'a str> {
    let place = |value: &Value| (value["file"].clone(), value["line"].clone());
    let by_entry = |leaf: &&Value| leaf["via"] == "mapping_method" && place(leaf) == place(entry);
    let serves = |field: &&str| leaves(entity, field).iter().any(|leaf| by_entry(&leaf));
    counted(entity).into_iter().filter(serves).collect()
}

/// The predicted rows of an entity.
pub fn rows<'a>(tracking: &'a Value, entity: &str) -> Vec<&'a Value> {
    list(&tracking["definitions"]).iter().filter(|row| row["ref_entity_name"] == entity).collect()
}

/// What is needed for an entity.
pub fn needed<'a>(tracking: &'a Value, entity: &str) -> Vec<&'a Value> {
    list(&tracking["needed"]).iter().filter(|group| group["entity"] == entity).collect()
}

/// The problems with this code.
pub fn problems<'a>(tracking: &'a Value, code: &str) -> Vec<&'a Value> {
    list(&tracking["problems"]).iter().filter(|problem| problem["code"] == code).collect()
}
