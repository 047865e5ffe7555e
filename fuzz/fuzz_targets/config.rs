//! `dualtrack.toml`: every complaint has its place, and a configuration that the program writes is one that it reads.

#![no_main]

use dualtrack::config::{Config, ConfigErrorKind, starter};
use libfuzzer_sys::fuzz_target;
use std::path::{Path, PathBuf};

const FILE: &str = "folder/dualtrack.toml";

fuzz_target!(|text: &str| {
    check(text);
    check_starter(text);
});

fn check(text: &str) {
    let read = || Config::from_text(text, Path::new(FILE));
    match (read(), read()) {
        (Ok(config), Ok(again)) => {
            assert_eq!(config, again, "read twice");
            let names = config.aliases.len() + config.map_versions.len() + config.allow.len();
            let paths = config.metadata.len() + config.maps.len() + config.own_models.len();
            assert!(names + paths <= text.len());
        }
        (Err(errors), Err(again)) => {
            assert_eq!(errors.to_string(), again.to_string(), "read twice");
            assert!(!errors.0.is_empty());
            let lines: Vec<&str> = text.split('\n').collect();
            for place in errors.0.iter().filter_map(|error| error.place.as_ref()) {
                let line = usize::try_from(place.line).ok().and_then(|line| lines.get(line.checked_sub(1)?));
                let line = line.unwrap_or_else(|| panic!("no such line: {place:?}"));
                assert_eq!(line.trim_end_matches('\r'), place.text);
                let width = u32::try_from(line.chars().count()).expect("a width");
                assert!((1..=width + 1).contains(&place.column), "{place:?}");
            }
        }
        _ => panic!("read twice"),
    }
}

/// Whatever paths a folder has, `init` writes them so that they come back.
fn check_starter(text: &str) {
    let mut paths: Vec<PathBuf> = text.split('\n').take(5).map(PathBuf::from).collect();
    paths.dedup();
    let maps = paths.split_off(paths.len() / 2);
    if paths.is_empty() {
        return;
    }
    let written = starter(&paths, &maps, "baseline.json");
    let joined =
        |paths: &[PathBuf]| -> Vec<PathBuf> { paths.iter().map(|p| Path::new("folder").join(p)).collect() };
    match Config::from_text(&written, Path::new(FILE)) {
        Ok(config) => {
            assert_eq!(config.metadata, joined(&paths));
            assert_eq!(config.maps, joined(&maps));
        }
        Err(errors) => {
            let is_refused = |kind: &ConfigErrorKind| {
                matches!(kind, ConfigErrorKind::Empty { .. } | ConfigErrorKind::ControlCharacter { .. })
            };
            assert!(errors.0.iter().all(|error| is_refused(&error.kind)), "{errors}\n{written}");
        }
    }
}
