//! `dualtrack writes`, run as a user runs it: on the sample metadata, and on small trees made for a case.

mod support;

use serde_json::Value;
use std::path::Path;
use std::process::Output;
use support::{Tree, dualtrack, entity, mapped, refusal, root, text};

const MAPS: [&str; 4] = ["-m", "metadata", "--maps", "metadata/maps"];

fn run(command: &str, arguments: &[&str]) -> Output {
    let mut dualtrack = dualtrack(Path::new(env!("CARGO_MANIFEST_DIR")));
    dualtrack.arg(command).args(MAPS).args(arguments).output().expect("the binary runs")
}

fn prints(command: &str, arguments: &[&str]) -> String {
    let output = run(command, arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn json(command: &str, arguments: &[&str]) -> Value {
    serde_json::from_str(&prints(command, &[arguments, &["--json"]].concat())).expect("valid JSON")
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

#[test]
fn the_sample() {
    insta::assert_snapshot!("sample", prints("writes", &["--all"]));
}

#[test]
fn a_choice_of_table_and_entity() {
    insta::assert_snapshot!("of_table", prints("writes", &["--table", "dirpartytable"]));
    insta::assert_snapshot!("of_entity", prints("writes", &["--entity", "ProjTableEntity"]));
    let depot = json("writes", &["--table", "FabDepot", "--entity", "FabVehicleEntity"]);
    assert_eq!(list(&depot, "transactions").len(), 1, "the split one");
    let (unknown, known): (Vec<&Value>, Vec<&Value>) =
        list(&depot, "writes").iter().partition(|w| w["outcome"] == "unknown_table");
    assert_eq!(unknown.len(), 2, "they may be of anything");
    assert!(known.len() >= 2 && known.iter().all(|w| w["table"] == "FabDepot"), "{known:?}");
}

/// Each kind of statement, each way to a table, each outcome occurs in the sample.
#[test]
fn the_sample_shows_every_kind() {
    let document = json("writes", &[]);
    let texts = |key: &str| {
        let mut texts: Vec<&str> = list(&document, "writes").iter().filter_map(|w| w[key].as_str()).collect();
        texts.sort_unstable();
        texts.dedup();
        texts
    };
    insta::assert_snapshot!("outcomes", texts("outcome").join("\n"));
    insta::assert_snapshot!("operations", texts("operation").join("\n"));
    let steps =
        list(&document, "writes").iter().flat_map(|w| list(w, "path")).filter_map(|s| s["step"].as_str());
    let steps: std::collections::BTreeSet<&str> = steps.collect();
    insta::assert_snapshot!("steps", steps.into_iter().collect::<Vec<_>>().join("\n"));
    let kinds: Vec<&str> =
        list(&document, "transactions").iter().filter_map(|t| t["kind"].as_str()).collect();
    assert_eq!(kinds, ["split", "per_row", "not_committed"]);
    assert_eq!(list(&document, "unread").len(), 0);
}

/// The sections of other commands count what this one lists.
#[test]
fn impact_and_explain_have_the_same_writes() {
    let all = json("writes", &[]);
    let findings = |wanted: &dyn Fn(&Value) -> bool| {
        list(&all, "writes").iter().filter(|w| w["outcome"] == "finding" && wanted(w)).count()
    };
    let impact = json("impact", &["FabVehicle"]);
    let of_table = list(&impact["changes"][0]["writes"], "writes");
    assert_eq!(of_table.len(), findings(&|w| w["table"] == "FabVehicle"));
    assert!(of_table.len() > 3);
    let explain = json("explain", &["FabVehicleEntity"]);
    let of_entity = list(&explain["subjects"][0]["writes"], "writes");
    let loses = |w: &Value| {
        list(w, "entities").iter().any(|e| e["entity"] == "FabVehicleEntity" && !list(e, "fields").is_empty())
    };
    assert_eq!(of_entity.len(), findings(&loses));
    insta::assert_snapshot!("impact", section(&prints("impact", &["FabVehicle.Status"])));
    insta::assert_snapshot!("explain", section(&prints("explain", &["FabVehicleEntity.VehicleStatus"])));
    assert_eq!(section(&prints("impact", &["CustInvoiceJour"])), "");
}

/// The section about writes; empty where there is none.
fn section(shown: &str) -> String {
    let is_heading = |l: &&str| ["bypass events: ", ", or may: "].iter().any(|end| l.contains(end));
    let from = shown.lines().skip_while(|l| !is_heading(l));
    from.take_while(|l| !l.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn csv_has_a_line_for_each() {
    let shown = prints("writes", &["--format", "csv"]);
    let mut reader = csv::Reader::from_reader(&shown.as_bytes()[3..]);
    let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("a line")).collect();
    let document = json("writes", &[]);
    let told = ["finding", "allowed", "unknown_table", "not_loaded"];
    let writes =
        list(&document, "writes").iter().filter(|w| told.contains(&w["outcome"].as_str().unwrap_or("")));
    assert_eq!(rows.len(), writes.count() + list(&document, "transactions").len());
}

#[test]
fn a_wrong_name_is_answered_with_near_ones() {
    let failed = |arguments: &[&str]| refusal(&run("writes", arguments));
    insta::assert_snapshot!(failed(&["--table", "CustTabel"]), @"error: no table is called CustTabel; did you mean CustTable?");
    insta::assert_snapshot!(failed(&["--table", "CustTable.Party"]), @"error: CustTable.Party is a column, not a table; name the whole of it");
    insta::assert_snapshot!(failed(&["--entity", "CustTable"]), @"error: CustTable is a table, not an entity; try dualtrack impact CustTable");
    assert!(failed(&["--format", "dot"]).contains("dot"));
}

fn class(name: &str, body: &str) -> String {
    format!(
        "<AxClass><Name>{name}</Name><SourceCode><Declaration><![CDATA[class {name}\n{{\n}}\n]]></Declaration>\
         <Methods><Method><Name>m</Name><Source><![CDATA[\n{body}]]></Source></Method></Methods></SourceCode></AxClass>"
    )
}

/// A tree with one table, an entity on it and one class.
fn tree(body: &str) -> Tree {
    let tree = Tree::new();
    tree.table("T", &["A", "B"]);
    tree.file("AxDataEntityView/E", entity("E", "", &root("S", "T", ""), &mapped("A", "S", "A")));
    tree.file("AxClass/C", class("C", body));
    tree
}

#[test]
fn without_maps_it_is_said_what_was_assumed() {
    let tree = tree("void m()\n{\n    T t;\n    select forupdate t;\n    t.A = 'x';\n    t.doUpdate();\n}\n");
    insta::assert_snapshot!("without_maps", tree.prints(&["writes"]));
}

#[test]
fn nothing_to_find_is_good_news() {
    let tree = tree("void m()\n{\n    T t;\n    t.A = 'x';\n    t.update();\n}\n");
    insta::assert_snapshot!("nothing", tree.prints(&["writes"]));
}

/// Statements and reasons come from files: none can move the cursor or fake a line.
#[test]
fn hostile_code_cannot_reach_the_terminal() {
    let body = "void m(T \u{1b}[31m)\n{\n    T t;\n    t.doDelete(\"\u{1b}[2J\u{202e}\"); // dualtrack: allow(bypassing-write\u{1b}[0m) why\u{202e}\n    delete_from t;\n}\n";
    let tree = tree(body);
    for more in [&["--all", "-v"][..], &["--json"], &["--table", "T"]] {
        let output = tree.run(&[&["writes"], more].concat());
        let all = format!("{}{}", text(&output.stdout), text(&output.stderr));
        let hostile = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(all.contains("delete_from t") && !all.contains(hostile), "{all:?}");
    }
}

/// A file that is no XML, or no X++, costs itself only.
#[test]
fn broken_files_cost_themselves_only() {
    let tree = tree("void m()\n{\n    T t;\n    delete_from t;\n}\n");
    tree.file(
        "AxClass/Broken",
        "<AxClass><Name>Broken</Name><SourceCode><Methods><Method><Source><![CDATA[ delete_from",
    );
    tree.file("AxClass/Soup", class("Soup", "}}}) { \"delete_from t; /* t.doUpdate(); ((((( ]]"));
    tree.file("AxForm/Empty", "");
    tree.raw("Test/Test/AxClass/Latin.xml", b"<AxClass><Name>\xe4</Name><!-- delete_from --></AxClass>");
    let shown = tree.prints(&["writes"]);
    for file in ["Broken", "Latin"] {
        assert!(shown.contains(&format!("/{file}.xml")), "{file}: {shown}");
    }
    assert!(shown.starts_with("1 write of tracked tables raises no event: 1 warning"), "{shown}");
}

/// A snapshot keeps no X++, and the output says so.
#[test]
fn snapshots_keep_no_code() {
    let tree = tree("void m()\n{\n    T t;\n    delete_from t;\n}\n");
    let snapshot = tree.folder().join("all.dtsnap");
    let snapshot = snapshot.to_str().expect("Unicode");
    tree.prints(&["snapshot", "-o", snapshot]);
    let mut command = dualtrack(tree.folder());
    let output = command.args(["writes", snapshot]).output().expect("the binary runs");
    let shown = text(&output.stdout);
    assert!(shown.contains("Not read X++ of ") && shown.contains("a snapshot keeps none"), "{shown}");
}
