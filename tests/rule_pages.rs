//! `dualtrack list rules` and `dualtrack rule`, and the pages in `docs/rules` that the latter writes.

mod support;

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use support::sample::repository;
use support::{dualtrack, refusal, text};

fn run(arguments: &[&str]) -> std::process::Output {
    dualtrack(repository()).args(arguments).output().expect("the binary runs")
}

fn prints(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn rules() -> Vec<Value> {
    serde_json::from_str(&prints(&["list", "rules", "--json"])).expect("valid JSON")
}

fn pages(folder: &Path) -> BTreeMap<String, String> {
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, std::fs::read_to_string(path).expect("a page"))
    };
    std::fs::read_dir(folder).expect("a folder").map(read).collect()
}

#[test]
fn the_documentation_is_up_to_date() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a path in Unicode");
    assert_eq!(prints(&["rule", "--pages", path]), "");
    let (written, kept) = (pages(folder.path()), pages(&repository().join("docs/rules")));
    let names = |pages: &BTreeMap<String, String>| pages.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&written), names(&kept), "cargo run -- rule --pages docs/rules");
    for (name, page) in &written {
        assert_eq!(page, &kept[name], "{name}: cargo run -- rule --pages docs/rules");
    }
}

#[test]
fn every_rule_is_listed_and_explained() {
    let list = prints(&["list", "rules"]);
    let rules = rules();
    let names: Vec<&str> = rules.iter().filter_map(|rule| rule["name"].as_str()).collect();
    assert!(names.len() > 30);
    for name in &names {
        assert!(list.contains(&format!("  {name} ")), "{name}");
    }
    let pages = prints(&[&["rule"], names.as_slice()].concat());
    for title in ["What it finds", "Why it matters", "Example", "What to do", "Source"] {
        assert_eq!(pages.matches(&format!("\n{title}\n")).count(), names.len(), "{title}");
    }
    assert!(pages.lines().filter(|line| !line.contains("https://")).all(|line| line.chars().count() <= 180));
}

#[test]
fn a_page_in_the_terminal() {
    insta::assert_snapshot!("rule_missing_mapping_entry", prints(&["rule", "missing-mapping-entry"]));
}

#[test]
fn a_page_for_tools() {
    let page = prints(&["rule", "virtual-field-mapped", "--json"]);
    let page: Value = serde_json::from_str(&page).expect("valid JSON");
    assert_eq!(page[0]["number"], 1300);
    assert_eq!(page[0]["severity"], "warning");
    assert_eq!(page[0]["confidence"], "documented");
    assert!(page[0]["example"].as_str().is_some_and(|example| example.starts_with("```xml\n")));
    let page = prints(&["rule", "virtual-field-mapped", "--format", "markdown"]);
    assert_eq!(
        page,
        std::fs::read_to_string(repository().join("docs/rules/virtual-field-mapped.md")).expect("a page")
    );
}

#[test]
fn a_wrong_name_is_answered_with_near_ones() {
    insta::assert_snapshot!(refusal(&run(&["rule", "untracked-feild"])), @"error: no rule is called untracked-feild; did you mean untracked-field or new-untracked-field?");
    insta::assert_snapshot!(refusal(&run(&["rule", "xyz\u{1b}[2J"])), @r"error: no rule is called xyz\u{1b}[2J; dualtrack list rules shows them");
    assert_eq!(run(&["rule"]).status.code(), Some(2));
    assert_eq!(run(&["rule", "untracked-field", "--pages", "x"]).status.code(), Some(2));
}
