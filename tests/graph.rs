//! The pictures, as users ask for them.

mod support;

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use support::{Tree, dualtrack, embedded, entity, mapped, root, table, text};

const TIME: &str = "<JoinMode>OuterJoin</JoinMode><IsReadOnly>Yes</IsReadOnly>";

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("metadata")
}

/// Runs `graph` on the sample.
fn graph(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut command = dualtrack(folder.path());
    command.arg("graph").arg(sample()).args(arguments).output().unwrap()
}

fn drawn(arguments: &[&str]) -> String {
    let output = graph(arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&drawn(&[arguments, &["--json"]].concat())).unwrap()
}

fn names(picture: &Value) -> Vec<&str> {
    picture["nodes"].as_array().unwrap().iter().map(|n| n["name"].as_str().unwrap()).collect()
}

/// Edges as `user -> target: name or label`.
fn edges<'a>(picture: &'a Value, kind: &str) -> Vec<(&'a str, &'a str, &'a Value)> {
    let names = names(picture);
    let end = |e: &Value, key: &str| names[usize::try_from(e[key].as_u64().unwrap()).unwrap()];
    let edges = picture["edges"].as_array().unwrap().iter().filter(|e| e["type"] == kind);
    edges.map(|e| (end(e, "from"), end(e, "to"), e)).collect()
}

fn has_graphviz() -> bool {
    std::process::Command::new("dot").arg("-V").output().is_ok()
}

#[test]
fn the_contact_scenario_shows_what_is_never_sent() {
    let picture = json(&["--entity", "smmContactPersonCDSV2Entity"]);
    assert_eq!(names(&picture)[0], "smmContactPersonCDSV2Entity");
    assert_eq!(picture["nodes"][0]["start"], true);
    let sources = edges(&picture, "data_source");
    let nested = sources.iter().find(|(user, target, _)| {
        (*user, *target) == ("smmContactPersonV2Entity", "LogisticsPostalAddressBaseEntity")
    });
    assert_eq!(nested.unwrap().2["reason"], "nested_source");
    let missing = edges(&picture, "missing_entry");
    let address = missing.iter().find(|(user, target, _)| {
        (*user, *target) == ("smmContactPersonCDSV2Entity", "LogisticsPostalAddress")
    });
    assert_eq!(address.unwrap().2["remedy"], "expose_rec_id");
    assert!(!edges(&picture, "mapping_entry").is_empty());
}

#[test]
fn tables_show_their_users_and_entities_what_they_use() {
    let up = json(&["--table", "LogisticsPostalAddress"]);
    assert!(names(&up).contains(&"CustCustomerV3Entity") && !names(&up).contains(&"CustTable"));
    let down = json(&["--table", "LogisticsPostalAddress", "--direction", "down"]);
    assert_eq!(names(&down), ["LogisticsPostalAddress"]);
    let near = json(&["--entity", "FabVehicleServiceEntity", "--depth", "1"]);
    assert!(near["nodes"].as_array().unwrap().iter().all(|n| n["distance"].as_u64().unwrap() <= 1));
    let ghost = near["nodes"].as_array().unwrap().iter().find(|n| n["name"] == "VendVendorV2Entity").unwrap();
    assert_eq!((&ghost["kind"], &ghost["model"]), (&"unresolved".into(), &Value::Null));
    let both = json(&["--entity", "FabDepotEntity", "--direction", "both"]);
    assert!(names(&both).contains(&"FabVehicleEntity") && names(&both).contains(&"FabDepot"));
    assert!(!names(&both).contains(&"FabVehicleType"), "what else a user uses is not shown");
}

#[test]
fn untracked_shows_red_lines_and_what_they_hang_on() {
    let picture = json(&["--untracked"]);
    let sources = edges(&picture, "data_source");
    assert!(sources.iter().any(|(_, _, e)| e["reason"] == "outer_join_read_only"));
    assert!(sources.iter().all(|(_, _, e)| e["reason"] != "no_mapped_field" || e["status"] == "untracked"));
    assert!(edges(&picture, "mapping_entry").is_empty());
    assert!(!names(&picture).contains(&"ProjTableEntity"), "all of it is tracked");
    let all = json(&[]);
    assert!(names(&all).len() > names(&picture).len());
}

#[test]
fn unknown_names_get_the_nearest_ones() {
    let error = |arguments: &[&str]| {
        let output = graph(arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty());
        text(&output.stderr).trim().to_owned()
    };
    let near = "error: no entity or view is called CustCustomerV4Entity; did you mean CustCustomerV3Entity?";
    assert_eq!(error(&["--entity", "CustCustomerV4Entity"]), near);
    let other = "error: no entity or view is called custtable; it is the name of a table: use --table";
    assert_eq!(error(&["--entity", "custtable"]), other);
    let prefix = "error: no view is called CustTable; it is the name of a table: use --table";
    assert_eq!(error(&["--entity", "view:CustTable"]), prefix);
    assert!(error(&["--format", "png"]).contains("dot, svg, mermaid, json"));
    assert_eq!(names(&json(&["--entity", "table:CustTable"])), ["CustTable"]);
}

/// One entity, one table, one view of everything that can be drawn.
fn small() -> Tree {
    let tree = Tree::new();
    tree.table("Plain", &["A", "B"]);
    tree.table("Extra", &["A"]);
    let inner = [
        embedded("Set", "Extra", TIME),
        embedded("Filter", "Extra", "<JoinMode>ExistsJoin</JoinMode>"),
        embedded("Far", "Absent", "<JoinMode>OuterJoin</JoinMode>"),
    ];
    let fields = [mapped("A", "Top", "A"), mapped("S", "Set", "A"), mapped("F", "Far", "A")];
    tree.entity("SmallEntity", &root("Top", "Plain", &inner.concat()), &fields.concat());
    tree
}

#[test]
fn a_small_picture_in_every_format() {
    let tree = small();
    for format in ["dot", "mermaid", "json"] {
        let output = tree.run(&["graph", "--format", format]);
        assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
        insta::assert_snapshot!(format!("small_{format}"), text(&output.stdout));
    }
}

#[test]
fn the_same_bytes_with_any_number_of_threads() {
    for format in ["dot", "mermaid", "json"] {
        let one = drawn(&["--format", format, "--threads", "1"]);
        assert_eq!(one, drawn(&["--format", format, "--threads", "8"]), "{format}");
    }
}

#[test]
fn what_does_not_fit_is_counted() {
    let tree = Tree::new();
    for n in 0..100 {
        tree.table(&format!("T{n}"), &["A"]);
        tree.entity(&format!("E{n}"), &root("R", &format!("T{n}"), ""), &mapped("A", "R", "A"));
    }
    let usual = tree.run(&["graph", "--json"]);
    let picture: Value = serde_json::from_slice(&usual.stdout).unwrap();
    assert_eq!(
        (names(&picture).len(), &picture["total"], &picture["hidden"]),
        (60, &200.into(), &140.into())
    );
    assert_eq!(picture["stubs"][0]["model"], "Test");
    assert_eq!(picture["stubs"][0]["count"], 140);
    let note = "note: 60 of 200 elements are drawn, 140 are not: Test 140; --all draws more\n";
    assert_eq!(text(&usual.stderr), note);
    let dot = text(&tree.run(&["graph"]).stdout);
    assert!(dot.contains("60 of 200 elements are drawn") && dot.contains("140 more in Test"), "{dot}");
    assert!(tree.run(&["graph", "--quiet"]).stderr.is_empty());
    let all = tree.run(&["graph", "--json", "--all"]);
    let picture: Value = serde_json::from_slice(&all.stdout).unwrap();
    assert_eq!((names(&picture).len(), picture["stubs"].as_array().unwrap().len()), (200, 0));
    let mermaid = tree.run(&["graph", "--all", "--format", "mermaid"]);
    assert_eq!(text(&mermaid.stderr), "");
}

#[test]
fn without_graphviz_there_is_dot_instead() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = dualtrack(folder.path());
    command.env("PATH", "").env_remove("ProgramFiles").env_remove("ProgramFiles(x86)");
    let output = command.arg("graph").arg(sample()).args(["--format", "svg=x.svg"]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let note = text(&output.stderr);
    assert!(note.starts_with("note: no SVG: Graphviz is not installed"), "{note}");
    assert!(note.trim_end().ends_with("wrote DOT to x.dot instead"), "{note}");
    assert!(!folder.path().join("x.svg").exists());
    assert!(fs::read_to_string(folder.path().join("x.dot")).unwrap().starts_with("digraph"));
}

/// Names with everything in them, through XML, the analysis and Graphviz.
#[test]
fn hostile_names_reach_the_picture_as_they_are() {
    let names = ["A\"b", "<i>x</i>&amp;", "back\\N\\", "../../up", "a&#10;b", "-->|x| n0"];
    let tree = Tree::new();
    for (n, name) in names.iter().enumerate() {
        let xml = name.replace('<', "&lt;").replace('>', "&gt;");
        tree.file(&format!("AxTable/T{n}"), table(&format!("{xml} table"), &["A"]));
        let sources = root(&format!("{xml} source"), &format!("{xml} table"), "");
        let fields = mapped("A", &format!("{xml} source"), "A");
        let content = entity(&format!("{xml} entity"), "", &sources, &fields);
        tree.file(&format!("AxDataEntityView/E{n}"), content);
    }
    let picture: Value = serde_json::from_slice(&tree.run(&["graph", "--json"]).stdout).unwrap();
    let found: Vec<&str> = self::names(&picture);
    assert_eq!(found.len(), 2 * names.len());
    assert!(found.contains(&"<i>x</i>& entity") && found.contains(&"a\nb table"), "{found:?}");
    if has_graphviz() {
        let output = tree.run(&["graph", "--format", "svg"]);
        assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
        let svg = text(&output.stdout);
        let document = roxmltree::Document::parse_with_options(&svg, options).unwrap();
        let all: Vec<&str> = document.descendants().filter_map(|n| n.text()).collect();
        for name in
            ["A\"b entity", "<i>x</i>& table", "../../up source", "a\\u{a}b entity", "-->|x| n0 table"]
        {
            assert!(all.contains(&name), "{name} in {all:?}");
        }
    }
}

#[test]
fn analyze_writes_the_pictures() {
    let tree = small();
    assert!(tree.run(&["analyze"]).status.success());
    let dot = fs::read_to_string(tree.out().join("graph.dot")).unwrap();
    assert_eq!(dot, text(&tree.run(&["graph"]).stdout));
    assert_eq!(tree.out().join("graph.svg").is_file(), has_graphviz());
}

/// Nothing sends what an entry of an entity out of scope names.
#[test]
fn entries_out_of_scope_are_drawn_as_such() {
    let tree = Tree::new();
    tree.table("Plain", &["A"]);
    let method = support::method(
        "getEntityDataSourceToFieldMapping",
        "public static container getEntityDataSourceToFieldMapping(container m)
        { m += [[tableStr(Plain), tableNum(Plain), fieldStr(OtherEntity, A)]]; return m; }",
    );
    let content = entity("OtherEntity", &method, &root("Top", "Plain", ""), &mapped("A", "Top", "A"));
    tree.file("AxDataEntityView/OtherEntity", content.replace("<IsPublic>Yes", "<IsPublic>No"));
    let output = tree.run(&["graph", "--json"]);
    let picture: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(edges(&picture, "mapping_entry")[0].2["in_scope"], false);
    let dot = text(&tree.run(&["graph"]).stdout);
    assert!(dot.contains("mapping entry, not in scope") && !dot.contains("sends changes"), "{dot}");
}
