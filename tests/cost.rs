//! `dualtrack cost`, run as a user runs it: on the sample metadata, with and without maps and volumes, and with
//! files that nobody should write.

mod support;

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Output;
use support::{Tree, dualtrack, entity, mapped, method, root, text};

const MAPS: [&str; 4] = ["-m", "metadata", "--maps", "metadata/maps"];

fn run(arguments: &[&str]) -> Output {
    let mut command = dualtrack(Path::new(env!("CARGO_MANIFEST_DIR")));
    command.arg("cost").args(arguments).output().expect("the binary runs")
}

fn cost(arguments: &[&str]) -> String {
    let output = run(&[&MAPS, arguments].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&cost(&[arguments, &["--json"]].concat())).expect("valid JSON")
}

/// A file of volumes in a folder of its own.
struct Volumes(#[allow(dead_code, reason = "removed at the end of the test")] tempfile::TempDir, PathBuf);

impl Volumes {
    fn new(content: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("volumes.csv");
        std::fs::write(&path, content).expect("a file");
        Self(folder, path)
    }

    fn path(&self) -> &str {
        self.1.to_str().expect("a path in UTF-8")
    }

    fn json(&self) -> Value {
        json(&["--volumes", self.path()])
    }

    /// Codes and places of what was complained about.
    fn problems(&self) -> Vec<String> {
        let document = self.json();
        let problems = document["volumes"]["problems"].as_array().cloned().unwrap_or_default();
        let shown = |p: &Value| {
            let fact = |name: &str| p["facts"][name].as_str().unwrap_or_default().to_owned();
            format!("{}:{} {}", fact("line"), fact("column"), p["code"].as_str().unwrap_or_default())
        };
        problems.iter().map(shown).collect()
    }

    /// Exit code and error.
    fn refused(&self) -> String {
        let output = run(&[&MAPS[..], &["--volumes", self.path()]].concat());
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
        assert!(output.stdout.is_empty());
        text(&output.stderr).replace(self.path(), "volumes.csv")
    }
}

const PLAIN: &str = "Table;Changes per day
custtable;12 500
LogisticsElectronicAddress;3200,5
DirPartyTable;4000
DirPerson;2500
fabvehicle;180
FabVehicle;20
FabDepot;3
CustTabel;9
CustGroup;-4
DirOrganization;0
ProjTable;1.250
";

#[test]
fn the_sample_with_maps() {
    insta::assert_snapshot!("with_maps", cost(&[]));
}

#[test]
fn the_sample_without_maps() {
    let output = run(&["metadata"]);
    assert!(output.status.success());
    insta::assert_snapshot!("without_maps", text(&output.stdout));
}

#[test]
fn the_sample_with_volumes() {
    let volumes = Volumes::new(PLAIN);
    let shown = cost(&["--volumes", volumes.path()]).replace(volumes.path(), "volumes.csv");
    insta::assert_snapshot!("with_volumes", shown);
}

/// A screen has about fifty lines.
#[test]
fn the_text_fits_a_screen() {
    let volumes = Volumes::new(PLAIN);
    for arguments in [&[][..], &["--volumes", volumes.path()]] {
        let lines = cost(arguments).lines().count();
        assert!(lines <= 60, "{lines} lines");
    }
}

#[test]
fn a_choice_of_table_and_entity() {
    insta::assert_snapshot!("chosen", cost(&["--table", "dirperson", "--entity", "fabvehicleentity"]));
    let shown = cost(&["--table", "CustInvoiceJour", "--entity", "ProjActiveProjectEntity"]);
    assert!(shown.starts_with("0 predicted rows of BusinessEventsDefinition (of 45)"), "{shown}");
    assert!(shown.contains("CustInvoiceJour: dualtrack impact CustInvoiceJour says what reads it."));
    assert!(shown.contains("ProjActiveProjectEntity: no dual-write map sends it."));
}

#[test]
fn a_wrong_name_is_answered_with_near_ones() {
    let failed = |arguments: &[&str]| {
        let output = run(&[&MAPS, arguments].concat());
        assert_eq!(output.status.code(), Some(2));
        text(&output.stderr)
    };
    insta::assert_snapshot!(failed(&["--table", "CustTabel"]), @"error: no table is called CustTabel; did you mean CustTable?");
    insta::assert_snapshot!(failed(&["--entity", "FabVehicelEntity"]), @"error: no entity is called FabVehicelEntity; did you mean FabVehicleEntity?");
    insta::assert_snapshot!(failed(&["--entity", "CustTable"]), @"error: CustTable is a table, not an entity; try dualtrack impact CustTable");
    insta::assert_snapshot!(failed(&["--table", "CustTable.Party"]), @"error: CustTable.Party is a column, not a table; name the whole of it");
    insta::assert_snapshot!(failed(&["--entity", "CustDefaultRoleLocation"]), @"error: CustDefaultRoleLocation is a view, not an entity; try dualtrack explain CustDefaultRoleLocation");
}

/// Each total is the sum of its parts, and the rows of a table are those that `impact` counts.
#[test]
fn totals_are_sums_and_agree_with_impact() {
    let volumes = Volumes::new(PLAIN);
    for policy in ["chain", "leaf", "root"] {
        let policy = format!("inheritance={policy}");
        let document = json(&["--volumes", volumes.path(), "--policy", &policy]);
        let list = |name: &str| document[name].as_array().cloned().unwrap_or_default();
        let sum = |list: &[Value], pointer: &str| -> f64 {
            list.iter().map(|v| v.pointer(pointer).and_then(Value::as_f64).unwrap_or(0.0)).sum()
        };
        let (tables, entities) = (list("tables"), list("entities"));
        let total =
            |pointer: &str| document["totals"].pointer(pointer).and_then(Value::as_f64).expect("a number");
        for key in ["total", "by_data_source", "by_entry", "removable", "after"] {
            assert_near(sum(&tables, &format!("/own_rows/{key}")), total(&format!("/rows/{key}")));
            assert_near(sum(&entities, &format!("/rows/{key}")), total(&format!("/rows/{key}")));
        }
        for key in ["per_day", "after", "saved"] {
            assert_near(sum(&tables, &format!("/events/{key}")), total(&format!("/events/{key}")));
            assert_near(sum(&entities, &format!("/events/{key}")), total(&format!("/events/{key}")));
        }
        assert_near(sum(&list("removals"), "/events_saved"), total("/events/saved"));
        agree_with_impact(&tables, &policy);
    }
}

fn assert_near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-6, "{a} is not {b}");
}

fn agree_with_impact(tables: &[Value], policy: &str) {
    let names: Vec<&str> = tables.iter().filter_map(|t| t["table"].as_str()).collect();
    let mut command = dualtrack(Path::new(env!("CARGO_MANIFEST_DIR")));
    let output = command.args(["impact", "--json", "--policy", policy]).args(MAPS).args(&names).output();
    let document: Value =
        serde_json::from_slice(&output.expect("the binary runs").stdout).expect("valid JSON");
    let changes = document["changes"].as_array().expect("changes");
    assert_eq!(changes.len(), tables.len());
    for (change, table) in changes.iter().zip(tables) {
        assert_eq!(change["counts"]["definitions"], table["rows"]["total"], "{}", table["table"]);
    }
}

#[test]
fn volumes_are_counted_before_and_after_the_removals() {
    let document = Volumes::new("FabVehicle,200\nLogisticsElectronicAddress,10.5\n").json();
    assert_eq!(document["schema"], "dualtrack/cost/1");
    assert_eq!(document["rules"][0]["evidence"], "documented");
    let tables = document["tables"].as_array().expect("tables");
    let table = |name: &str| tables.iter().find(|t| t["table"] == name).expect("the table");
    assert_eq!(table("FabVehicle")["events"]["per_day"], 400);
    assert_eq!(table("FabVehicle")["events"]["after"], 200);
    assert_eq!(table("LogisticsElectronicAddress")["events"]["saved"], 21);
    assert_eq!(table("CustTable")["events"], Value::Null);
    assert_eq!(document["totals"]["events"]["per_day"], 484);
    assert_eq!(document["totals"]["events"]["after"], 263);
}

/// Bytes, separators and line ends of the files that spreadsheets write.
#[test]
fn any_encoding_and_separator() {
    let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    let expected = Volumes::new("CustTable,5\nFabDepot,7").json()["totals"].clone();
    for content in [
        b"\xef\xbb\xbfTable,Changes\r\nCustTable,5\r\nFabDepot,7\r\n".to_vec(),
        b"custTABLE;5\rFABdepot;7\r".to_vec(),
        b"sep=|\n\"CustTable\"|\"5\"\n\n FabDepot | 7.0 ||\n".to_vec(),
        utf16("Tabelle\t\u{c4}nderungen\r\nCustTable\t5\r\nFabDepot\t7\r\n", u16::to_le_bytes),
        utf16("CustTable;5\nFabDepot;3\nFabDepot;4", u16::to_be_bytes),
    ] {
        assert_eq!(Volumes::new(&content).json()["totals"], expected, "{}", text(&content));
    }
}

#[test]
fn wrong_lines_have_places_and_the_rest_counts() {
    assert_eq!(
        Volumes::new(PLAIN).problems(),
        [
            "7:1 duplicate-volume",
            "9:1 unknown-volume-table",
            "10:11 unreadable-volume",
            "12:11 unreadable-volume"
        ]
    );
    let hostile = Volumes::new(
        "CustTable,1,250\n\"CustGroup,5\n,5\nFabDepot\nCustCustomerV3Entity,1\n=cmd|' /C calc'!A0,1\nCustTable,1e9\nCustTable,99999999999999999999999\nCustTable,NaN\nFabDepot,\"1\n",
    );
    assert_eq!(
        hostile.problems(),
        [
            "1:13 unreadable-volume",
            "2:1 unreadable-volume",
            "3:1 unreadable-volume",
            "4:1 unreadable-volume",
            "5:1 unknown-volume-table",
            "6:1 unknown-volume-table",
            "7:11 unreadable-volume",
            "8:11 unreadable-volume",
            "9:11 unreadable-volume",
            "10:10 unreadable-volume"
        ]
    );
}

#[test]
fn only_a_file_without_any_volume_is_refused() {
    insta::assert_snapshot!(Volumes::new("").refused(), @"error: the volumes volumes.csv hold no line with a table and its changes a day, as in CustTable,1250");
    insta::assert_snapshot!(Volumes::new("Table,Changes\n").refused(), @"error: the volumes volumes.csv hold no line with a table and its changes a day, as in CustTable,1250");
    insta::assert_snapshot!(Volumes::new("CustTable,-1\n").refused(), @r"
    error: the volumes volumes.csv hold no line with a table and its changes a day, as in CustTable,1250
    volumes.csv:1:11: -1 is negative: write how often the table changes in a day
");
    insta::assert_snapshot!(Volumes::new(b"PK\x03\x04\xff\xfe\x00").refused(), @"error: the volumes volumes.csv cannot be read: not UTF-8: invalid byte at offset 4; save it as CSV UTF-8");
    insta::assert_snapshot!(Volumes::new(b"\xff\xfeC").refused(), @"error: the volumes volumes.csv cannot be read: not UTF-16: invalid code unit at offset 2; save it as CSV UTF-8");
    assert!(Volumes::new("SalesLine,4\n").json()["totals"]["events"]["per_day"] == 0);
    let missing = run(&[&MAPS[..], &["--volumes", "no/such.csv"]].concat());
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("cannot read the volumes no/such.csv"));
    let folder = run(&[&MAPS[..], &["--volumes", "metadata"]].concat());
    assert_eq!(folder.status.code(), Some(2));
}

/// Ten thousand wrong lines are counted, not listed.
#[test]
fn many_wrong_lines_are_cut() {
    let lines: Vec<String> = (0..10_000).map(|n| format!("No\u{1b}[2JTable{n},{n}")).collect();
    let volumes = Volumes::new(lines.join("\n"));
    let shown = cost(&["--volumes", volumes.path()]);
    assert!(shown.contains("and 9997 more problems in "), "{shown}");
    assert!(!shown.contains('\u{1b}'));
}

#[test]
fn csv_is_complete_and_harmless() {
    let volumes = Volumes::new(PLAIN);
    let output = run(&[&MAPS[..], &["--volumes", volumes.path(), "--format", "csv"]].concat());
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(out.starts_with("\u{feff}Kind,Name,Model,Own,"));
    assert!(out.contains("table,FabVehicle,FabrikamFleet,yes,,1,2,2,1,1,1,,200,400,200\r\n"), "{out}");
    assert!(out.contains("entity,ProjTableEntity,ContosoProject,yes,1,,2,2,0,0,2,2,,,\r\n"), "{out}");
    assert!(err.contains("error[unreadable-volume]"), "{err}");

    let tree = Tree::new();
    tree.table("=1+1", &["A"]);
    tree.entity("@E", &root("S", "=1+1", ""), &mapped("A", "S", "A"));
    let out = text(&tree.run(&["cost", "--format", "csv"]).stdout);
    assert!(out.contains("table,'=1+1,") && out.contains("entity,'@E,"), "{out}");
}

/// Names from files reach the terminal with their control characters escaped.
#[test]
fn hostile_names_cannot_reach_the_terminal() {
    let tree = Tree::new();
    tree.table("T&#x1b;[2Jx", &["A"]);
    let body = "public static container m(container c) { c += [['L\u{1b}[1m', tableNum(No), 'F\u{202e}']]; return c; }";
    let methods = method("getEntityDataSourceToFieldMapping", body);
    let content = entity("E&#x1b;[31m", &methods, &root("S", "T&#x1b;[2Jx", ""), &mapped("A", "S", "A"));
    tree.file("AxDataEntityView/E", content);
    let volumes = Volumes::new("T\u{1b}[2Jx,5\nX\u{202e},5\n");
    for more in [&["--all", "-v"][..], &["--volumes", volumes.path(), "-v"], &["--table", "T\u{1b}[0m"]] {
        let output = tree.run(&[&["cost"], more].concat());
        let all = format!("{}{}", text(&output.stdout), text(&output.stderr));
        let hostile = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!all.is_empty() && !all.contains(hostile), "{all:?}");
    }
}

#[test]
fn threads_do_not_matter() {
    let volumes = Volumes::new(PLAIN);
    let with = |threads: &str| cost(&["--volumes", volumes.path(), "--threads", threads, "--all", "--json"]);
    assert_eq!(with("1"), with("8"));
}
