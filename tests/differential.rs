//! The binary against a second, naive reading of the specification, on random metadata.
//!
//! `DIFFERENTIAL_SEEDS` sets how many trees are tried (`from..to` for a range), `DUALTRACK_BIN` names
//! another binary, `DIFFERENTIAL_IGNORE` lists keys that are not compared (`maps`: trees with maps neither),
//! `DIFFERENTIAL_FAILURES` says after how many differences to stop.

#![allow(clippy::pedantic, unreachable_pub, reason = "plain code that is easy to compare with the rules")]

mod reference;

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;

use reference::compare::first_difference;
use reference::document::expected_document;
use reference::generate::world;
use reference::model::World;
use reference::render::render;
use serde_json::Value;

fn seeds(default: u64) -> Range<u64> {
    let Ok(text) = env::var("DIFFERENTIAL_SEEDS") else {
        return 0..default;
    };
    let number = |text: &str| text.trim().parse().unwrap_or(default);
    match text.split_once("..") {
        Some((from, to)) => number(from)..number(to),
        None => 0..number(&text),
    }
}

/// Drops keys wherever they are.
fn without(value: &mut Value, keys: &[String]) {
    match value {
        Value::Object(object) => {
            object.retain(|key, _| !keys.contains(key));
            object.values_mut().for_each(|value| without(value, keys));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| without(value, keys)),
        _ => {}
    }
}

fn binary() -> Option<PathBuf> {
    env::var_os("DUALTRACK_BIN")
        .map(PathBuf::from)
        .or_else(|| option_env!("CARGO_BIN_EXE_dualtrack").map(PathBuf::from))
}

fn arguments(world: &World, folder: &Path, seed: u64) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["analyze".into()];
    for root in &world.roots {
        arguments.extend(["-m".into(), folder.join(&root.folder).into()]);
    }
    arguments.extend(["--out".into(), folder.join("out").into()]);
    if let Some(maps) = &world.maps {
        let maps_folder = folder.join("maps");
        // A folder means all files in it.
        if seed.is_multiple_of(2) || maps.is_empty() {
            arguments.extend(["--maps".into(), maps_folder.into()]);
        } else {
            for number in 0..maps.len() {
                arguments.extend(["--maps".into(), maps_folder.join(format!("map{number}.json")).into()]);
            }
        }
    }
    for (key, value) in &world.policy.values {
        arguments.extend(["--policy".into(), format!("{key}={value}").into()]);
    }
    arguments
}

/// What is wrong with the binary's document for this seed, if anything.
fn try_seed(binary: &Path, seed: u64, folder: &Path) -> Result<(), String> {
    let ignored = env::var("DIFFERENTIAL_IGNORE").unwrap_or_default();
    let ignored: Vec<String> = ignored.split(',').map(String::from).collect();
    let world = world(seed);
    if world.maps.is_some() && ignored.iter().any(|key| key == "maps") {
        return Ok(());
    }
    let rendered = render(&world);
    rendered.write(&world, folder).map_err(|error| format!("cannot write the tree: {error}"))?;
    let mut expected = expected_document(&world, &rendered);
    without(&mut expected, &ignored);
    let arguments = arguments(&world, folder, seed);
    let run = Command::new(binary).args(&arguments).current_dir(folder).output();
    let run = run.map_err(|error| format!("cannot run the binary: {error}"))?;
    let written = fs::read_to_string(folder.join("out").join("tracking.json")).map_err(|error| {
        format!("no tracking.json ({error}), {}\n{}", run.status, String::from_utf8_lossy(&run.stderr))
    })?;
    let actual: Value = serde_json::from_str(&written).map_err(|error| format!("tracking.json: {error}"))?;
    first_difference(&expected, &actual).map_or(Ok(()), |difference| {
        let text = serde_json::to_string_pretty(&expected).unwrap_or_default();
        let kept = fs::write(folder.join("expected.json"), text);
        let command: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
        Err(format!("{difference}\n  command: {}\n  {kept:?}", command.join(" ")))
    })
}

#[test]
fn the_binary_agrees_with_the_naive_reading() {
    let Some(binary) = binary() else {
        eprintln!("no binary to try");
        return;
    };
    let most: usize = env::var("DIFFERENTIAL_FAILURES").ok().and_then(|text| text.parse().ok()).unwrap_or(3);
    let mut failures = Vec::new();
    for seed in seeds(120) {
        let folder = tempfile::Builder::new()
            .prefix(&format!("dualtrack-seed-{seed}-"))
            .tempdir()
            .expect("a temporary folder");
        if let Err(difference) = try_seed(&binary, seed, folder.path()) {
            // Kept for a look at the files.
            let folder = folder.keep();
            failures.push(format!("seed {seed}: {difference}\n  tree: {}", folder.display()));
            if failures.len() >= most {
                break;
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn the_same_seed_gives_the_same_tree() {
    for seed in 0..20 {
        let (first, second) = (world(seed), world(seed));
        let (first_text, second_text) = (render(&first), render(&second));
        assert_eq!(first_text.paths, second_text.paths);
        assert_eq!(expected_document(&first, &first_text), expected_document(&second, &second_text));
    }
}

#[test]
fn no_two_files_share_a_path() {
    for seed in 0..500 {
        let world = world(seed);
        let mut seen = BTreeMap::new();
        for (file, path) in render(&world).paths.iter().enumerate() {
            let root = world.models[world.files[file].model].root;
            assert_eq!(seen.insert((root, path.to_ascii_lowercase()), file), None, "seed {seed}: {path}");
        }
    }
}

/// What must occur, and how often it does over 500 seeds.
const CENSUS: [(&str, &[&str]); 14] = [
    ("source status", &["tracked", "untracked", "unresolved", "undecidable"]),
    (
        "source reason",
        &[
            "outer_join_read_only",
            "inner_join_read_only",
            "under_untracked_source",
            "exists_join",
            "temporary_table",
            "skip_method",
            "no_mapped_field",
            "nested_source",
            "entity_read_only",
            "null",
        ],
    ),
    ("source kind", &["root", "embedded", "derived"]),
    ("source join", &["null", "inner", "outer", "exists", "not_exists"]),
    ("source target_kind", &["table", "view", "entity", "unresolved"]),
    ("leaf status", &["tracked", "untracked", "unresolved", "undecidable"]),
    (
        "leaf reason",
        &[
            "outer_join_read_only",
            "inner_join_read_only",
            "under_untracked_source",
            "exists_join",
            "temporary_table",
            "skip_method",
            "no_mapped_field",
            "nested_source",
            "entity_read_only",
            "inheritance",
            "unknown_method",
            "sql_only",
            "null",
        ],
    ),
    ("leaf kind", &["mapped", "aggregate", "computed", "sql", "unknown"]),
    ("leaf via", &["data_source", "mapping_method", "null"]),
    (
        "entry verdict",
        &["invalid", "duplicate", "conflicting", "redundant", "needed", "unused", "mismatched"],
    ),
    ("entry match", &["exact", "by_column", "unverified", "join_column", "null"]),
    ("entry conditional", &["true", "false"]),
    ("definition origin", &["data_source", "mapping_method"]),
    ("needed remedy", &["entry", "expose_rec_id", "add_source"]),
];

#[test]
fn every_value_of_the_specification_occurs() {
    let mut census: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut count = |what: &str, value: &Value| {
        let value = value.as_str().map_or_else(|| value.to_string(), String::from);
        *census.entry((what.to_string(), value)).or_default() += 1;
    };
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let range = seeds(500);
    for seed in range.clone() {
        let world = world(seed);
        let document = expected_document(&world, &render(&world));
        for entity in list(&document["entities"]) {
            count("entity in_scope", &entity["in_scope"]);
            count("entity partial", &entity["partial"]);
            for source in list(&entity["sources"]) {
                for key in ["status", "reason", "kind", "join", "target_kind"] {
                    count(&format!("source {key}"), &source[key]);
                }
            }
            for field in list(&entity["fields"]) {
                for leaf in list(&field["leaves"]) {
                    for key in ["status", "reason", "kind", "via"] {
                        count(&format!("leaf {key}"), &leaf[key]);
                    }
                    count("leaf path length", &Value::from(list(&leaf["path"]).len()));
                    count("leaf has joins", &Value::from(!list(&leaf["joins"]).is_empty()));
                }
            }
            for entry in list(&entity["mapping_method"]["entries"]) {
                count("entry verdict", &entry["verdict"]);
                count("entry match", &entry["match"]);
                count("entry conditional", &entry["conditional"]);
                count("entry", &Value::from(format!("{} {}", entry["verdict"], entry["match"])));
            }
            for key in ["disabled", "undecidable"] {
                for _ in list(&entity["mapping_method"][key]) {
                    count("mapping method", &Value::from(key));
                }
            }
        }
        for row in list(&document["definitions"]) {
            count("definition origin", &row["origin"]);
        }
        for needed in list(&document["needed"]) {
            count("needed remedy", &needed["remedy"]);
            count("needed steps", &Value::from(list(&needed["steps"]).len()));
        }
    }
    for ((what, value), number) in &census {
        println!("{what:24} {value:28} {number}");
    }
    if range.end - range.start < 500 {
        return;
    }
    for (what, values) in CENSUS {
        for value in values {
            let number = census.get(&(what.to_string(), (*value).to_string())).copied().unwrap_or(0);
            assert!(number > 0, "{what} {value} never occurs");
        }
    }
}

/// `DIFFERENTIAL_WRITE=folder`: writes the trees and expected documents of the seeds, for a look at them.
#[test]
fn write_trees_on_request() {
    let Some(folder) = env::var_os("DIFFERENTIAL_WRITE").map(PathBuf::from) else {
        return;
    };
    for seed in seeds(1) {
        let world = world(seed);
        let rendered = render(&world);
        let folder = folder.join(format!("seed-{seed}"));
        rendered.write(&world, &folder).expect("the tree can be written");
        let text = serde_json::to_string_pretty(&expected_document(&world, &rendered)).unwrap_or_default();
        fs::write(folder.join("expected.json"), text).expect("the document can be written");
    }
}
