//! Applied suggestions are a fixed point: what could be changed is tracked afterwards, nothing tracked before is
//! lost, and a second run changes no byte. On random trees, in every style of line ends.
//!
//! `FIXED_POINT_SEEDS=a..b` chooses other trees.

#![allow(
    clippy::pedantic,
    unreachable_pub,
    dead_code,
    reason = "shares the generator of the differential test"
)]

mod reference;

use reference::generate::world;
use reference::model::World;
use reference::render::render;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn seeds() -> Range<u64> {
    let chosen = std::env::var("FIXED_POINT_SEEDS").ok();
    let parsed = chosen.as_deref().and_then(|text| {
        let (from, to) = text.split_once("..")?;
        Some(from.parse().ok()?..to.parse().ok()?)
    });
    parsed.unwrap_or(0..60)
}

/// A tree on disk, and how the binary is asked about it.
struct Site {
    folder: tempfile::TempDir,
    roots: Vec<String>,
    common: Vec<String>,
}

impl Site {
    fn new(seed: u64) -> Self {
        let world = world(seed);
        let folder = tempfile::tempdir().expect("a folder");
        render(&world).write(&world, folder.path()).expect("the tree");
        let roots: Vec<String> = world.roots.iter().map(|r| r.folder.clone()).collect();
        for (number, file) in files(folder.path()).keys().enumerate() {
            restyle(file, seed.wrapping_add(number as u64));
        }
        Self { roots, common: common(&world), folder }
    }

    fn run(&self, command: &[&str]) -> Output {
        let mut run = Command::new(env!("CARGO_BIN_EXE_dualtrack"));
        run.current_dir(self.folder.path()).env("NO_COLOR", "1").env("PATH", "").args(command);
        for root in &self.roots {
            run.args(["-m", root]);
        }
        let output = run.args(&self.common).output().expect("the binary runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}: {errors}");
        output
    }

    fn analyze(&self) -> Value {
        let output = self.run(&["analyze", "--out", "out", "--json"]);
        serde_json::from_slice(&output.stdout).expect("tracking.json")
    }

    fn metadata(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        self.roots.iter().flat_map(|root| files(&self.folder.path().join(root))).collect()
    }
}

fn common(world: &World) -> Vec<String> {
    let mut arguments = Vec::new();
    if world.maps.is_some() {
        arguments.extend(["--maps".to_owned(), "maps".to_owned()]);
    }
    for (key, value) in &world.policy.values {
        arguments.extend(["--policy".to_owned(), format!("{key}={value}")]);
    }
    arguments
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), fs::read(&path).expect("a file"));
        }
    }
    found
}

/// Gives a file other line ends or a byte order mark.
fn restyle(file: &Path, number: u64) {
    if file.extension().is_none_or(|e| e != "xml") {
        return;
    }
    let text = fs::read_to_string(file).expect("text").replace("\r\n", "\n");
    let text = text.trim_start_matches('\u{feff}').to_owned();
    let text = if number.is_multiple_of(3) { text.replace('\n', "\r\n") } else { text };
    let mark = if number.is_multiple_of(4) { "\u{feff}" } else { "" };
    fs::write(file, format!("{mark}{text}")).expect("written");
}

type LeafKey = (String, String, String, String);

/// Leaves of counted fields by (entity, field, path, table and column), with their status.
fn leaves(tracking: &Value) -> BTreeMap<LeafKey, String> {
    let mut leaves = BTreeMap::new();
    for entity in tracking["entities"].as_array().expect("entities") {
        for field in entity["fields"].as_array().expect("fields").iter().filter(|f| f["counted"] == true) {
            for leaf in field["leaves"].as_array().expect("leaves") {
                let key = (
                    entity["name"].to_string(),
                    field["name"].to_string(),
                    leaf["path"].to_string(),
                    format!("{}.{}", leaf["table"], leaf["column"]),
                );
                leaves.insert(key, leaf["status"].as_str().expect("a status").to_owned());
            }
        }
    }
    leaves
}

/// What could be changed: (entity, field, path, table) of needs with a remedy and no obstacle.
fn promised(suggestions: &Value) -> BTreeSet<LeafKey> {
    let mut promised = BTreeSet::new();
    for entity in suggestions["entities"].as_array().expect("entities") {
        assert_eq!(entity["inconsistencies"], Value::Array(Vec::new()), "{}", entity["name"]);
        for need in entity["needed"].as_array().expect("needed") {
            let can_be_done = need["remedy"] != "add_source" && need["obstacle"].is_null();
            let fields = need["fields"].as_array().into_iter().flatten().filter(|_| can_be_done);
            promised.extend(fields.map(|field| {
                let (entity, path, table) = (&need["entity"], &need["path"], &need["table"]);
                (entity.to_string(), field.to_string(), path.to_string(), table.to_string())
            }));
        }
    }
    promised
}

/// The number of promises that were kept.
fn check(seed: u64) -> usize {
    let site = Site::new(seed);
    let before = site.analyze();
    let suggestions = site.run(&["suggest", "--all", "--json"]);
    let suggestions: Value = serde_json::from_slice(&suggestions.stdout).expect("suggestions");
    site.run(&["suggest", "--all", "--apply", "--quiet"]);
    let after = leaves(&site.analyze());
    for (leaf, status) in leaves(&before).iter().filter(|(_, status)| *status == "tracked") {
        assert_eq!(after.get(leaf), Some(status), "seed {seed}: {leaf:?} was tracked");
    }
    let promised = promised(&suggestions);
    for (entity, field, path, table) in &promised {
        for ((of, named, at, column), status) in &after {
            let concerned = of == entity && named == field && at == path;
            let missing = column.to_lowercase().contains("nosuchcolumn");
            if concerned && !missing && column.starts_with(&format!("{table}.")) {
                assert_eq!(status, "tracked", "seed {seed}: {entity} {field} {path} {column}");
            }
        }
    }
    let first = site.metadata();
    let again = site.run(&["suggest", "--all", "--diff"]);
    site.run(&["suggest", "--all", "--apply", "--quiet"]);
    let again = String::from_utf8_lossy(&again.stdout);
    assert!(first == site.metadata(), "seed {seed}: the second run changes files\n{again}");
    promised.len()
}

#[test]
fn applied_suggestions_are_a_fixed_point() {
    let mut failures = Vec::new();
    let mut kept = 0;
    for seed in seeds() {
        match std::panic::catch_unwind(|| check(seed)) {
            Ok(promises) => kept += promises,
            Err(_) => failures.push(seed),
        }
    }
    assert!(failures.is_empty(), "seeds {failures:?}; what failed stands above");
    assert!(kept > 0, "no tree needs anything");
}
