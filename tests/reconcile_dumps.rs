//! The dumps that `dualtrack reconcile` reads: every form gives the same comparison; what nobody should write is
//! refused, or reported row by row, and reaches no terminal.

mod support;
#[path = "../src/dualwrite/dump/for_tests.rs"]
mod workbook;

use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Output;
use support::checks::harmless;
use support::reasons::reasons_tree;
use support::{Tree, dualtrack, refusal, text};
use workbook::{Cell, workbook};

const DUMP: &str = "metadata/dumps/business-events-definition.csv";
const MAPS: [&str; 4] = ["-m", "metadata", "--maps", "metadata/maps"];

fn run(arguments: &[&str]) -> Output {
    let mut command = dualtrack(Path::new(env!("CARGO_MANIFEST_DIR")));
    command.arg("reconcile").args(arguments).output().expect("the binary runs")
}

fn prints(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn sample(arguments: &[&str]) -> String {
    prints(&[&[DUMP], &MAPS[..], arguments].concat())
}

fn json(printed: &str) -> Value {
    serde_json::from_str(printed).expect("valid JSON")
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

/// Each form of the same rows gives the same comparison.
#[test]
fn every_form_reads_alike() {
    let tree = Tree::new();
    let csv = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(DUMP)).expect("the dump");
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    let objects: Vec<Value> = rows[1..]
        .iter()
        .map(|row| {
            let cells =
                rows[0].iter().zip(row).map(|(name, cell)| ((*name).to_lowercase(), Value::from(*cell)));
            Value::Object(cells.collect())
        })
        .collect();
    let odata = serde_json::json!({ "@odata.context": "x", "value": objects });
    let cells: Vec<Vec<Cell>> = rows
        .iter()
        .map(|row| {
            row.iter()
                .map(|cell| match cell.parse::<f64>() {
                    Ok(number) => Cell::Number(number),
                    Err(_) if cell.is_empty() => Cell::Nothing,
                    Err(_) => Cell::Shared(cell),
                })
                .collect()
        })
        .collect();
    let notes = vec![vec![Cell::Inline("Exported for the review")]];
    let forms: [(&str, Vec<u8>); 4] = [
        ("dump.txt", csv.replace(',', "\t").into_bytes()),
        ("dump.json", odata.to_string().into_bytes()),
        ("lines.json", objects.iter().map(Value::to_string).collect::<Vec<_>>().join("\n").into_bytes()),
        ("dump.xlsx", workbook(&[("Notes", notes), ("BusinessEventsDefinition", cells)])),
    ];
    let compared = |dump: &str| {
        let document = json(&prints(&[&[dump, "--json"], &MAPS[..]].concat()));
        let rows: Vec<Value> = list(&document, "rows")
            .iter()
            .map(|row| {
                let mut row = row.clone();
                row["dump"] = Value::from(row["dump"]["repeats"].as_array().map(Vec::len));
                row
            })
            .collect();
        (rows, document["agreement"].clone(), document["policies"].clone())
    };
    let expected = compared(DUMP);
    for (name, bytes) in forms {
        assert_eq!(compared(&tree.beside(name, bytes)), expected, "{name}");
    }
    let sheet = json(&prints(
        &[
            &[
                &*tree.beside(
                    "dump.xlsx",
                    workbook(&[(
                        "S",
                        vec![
                            vec![
                                Cell::Nothing,
                                Cell::Shared("RefEntityName"),
                                Cell::Shared("RefTableName"),
                                Cell::Shared("DataSourceName"),
                            ],
                            vec![
                                Cell::Nothing,
                                Cell::Shared("FabDepotEntity"),
                                Cell::Shared("FabDepot"),
                                Cell::Shared("Old"),
                            ],
                        ],
                    )]),
                ),
                "--json",
            ],
            &MAPS[..],
        ]
        .concat(),
    ));
    let row = list(&sheet, "rows").iter().find(|row| row["data_source_name"] == "Old").expect("the row");
    assert_eq!(row["dump"]["at"]["cell"], "B2");
}

#[test]
fn what_cannot_be_used_is_refused() {
    let tree = reasons_tree();
    let refused = |content: &[u8]| {
        let dump = tree.beside("d.csv", content);
        refusal(&tree.run(&["reconcile", &dump])).replace(&dump, "d.csv")
    };
    insta::assert_snapshot!(refused(b"T,E,S\n"), @r"
    error: the dump d.csv has no columns RefEntityName, RefTableName and DataSourceName: line 1 has T, E, S
    export the table with its headings (in SQL Server Management Studio: Copy with Headers); docs/dump-format.md has a query
    ");
    insta::assert_snapshot!(refused(b"RefTableName,\x1b[2J,x\n"), @r"
    error: the dump d.csv has no columns RefEntityName and DataSourceName: line 1 has RefTableName, \u{1b}[2J, x
    export the table with its headings (in SQL Server Management Studio: Copy with Headers); docs/dump-format.md has a query
    ");
    insta::assert_snapshot!(refused(b"PK\x03\x04\x00"), @"error: the dump d.csv is no workbook that can be read: invalid Zip archive: Could not find EOCD; save it as CSV UTF-8");
    insta::assert_snapshot!(refused(b"[{\"RefTableName\""), @"error: the dump d.csv is no JSON in line 1, column 16: EOF while parsing an object");
    let missing = refusal(&tree.run(&["reconcile", "no/such.csv"]));
    assert!(missing.starts_with("error: cannot read the dump no/such.csv: "), "{missing}");
    let folder = refusal(&tree.run(&["reconcile", tree.folder().to_str().expect("a path")]));
    assert!(folder.contains("cannot read the dump"), "{folder}");
    let channel = refusal(&run(&[&[DUMP, "--channel", "DualWrite"], &MAPS[..]].concat()));
    insta::assert_snapshot!(channel, @"error: no row of the dump metadata/dumps/business-events-definition.csv has channel dualwrite; it has (blank), AthenaFinanceOperationsTableDataEvents");
}

/// Bad rows are named with their places, the rest is compared; nothing in a dump reaches the terminal or a
/// spreadsheet as it is.
#[test]
fn hostile_dumps_are_harmless() {
    let tree = reasons_tree();
    let hostile = "RefEntityName,RefTableName,DataSourceName,Channel,CreatedDateTime\n\
        E\u{1b}[2J,T\u{202e},=cmd|' /C calc'!A0,\u{1b}]0;x,\u{7}\n\
        E,\u{1b}[31mT,\"S\r\n\u{1b}[1m\",x,\n\
        ,T,S,x,\nE,T,T,x,,,more\nE,T,\"T,x\n@E,+T,-S,x,\n";
    let dump = tree.beside("d.csv", hostile);
    for more in [&[][..], &["--all", "-v"], &["--json"], &["--format", "csv"]] {
        let output = tree.run(&[&["reconcile", &dump], more].concat());
        assert!(output.status.success());
        harmless(&text(&output.stderr));
        if more != ["--format", "csv"] {
            harmless(&text(&output.stdout).replace("\r\n", "\n"));
        }
    }
    let csv = text(&tree.run(&["reconcile", &dump, "--format", "csv"]).stdout);
    assert!(csv.contains(",'@E,") || csv.contains("only_dump,no,'@E,'+T,'-S,"), "{csv}");
    let document = json(&tree.prints(&["reconcile", &dump, "--json"]));
    let problems: Vec<&str> =
        list(&document["dump"], "problems").iter().filter_map(|p| p["facts"]["line"].as_str()).collect();
    assert_eq!(problems, ["5", "6", "7"]);
}

/// A dump of another system: a hundred thousand rows that match nothing.
#[test]
fn a_dump_that_matches_nothing_is_cut() {
    let tree = reasons_tree();
    let mut lines = String::from("RefEntityName,RefTableName,DataSourceName\n");
    for n in 0..20_000 {
        let _ = writeln!(lines, "Unknown{n}Entity,Table{n},S\nE,T,S{n}");
    }
    let dump = tree.beside("d.csv", lines);
    let shown = tree.prints(&["reconcile", &dump]);
    assert!(shown.lines().count() < 100, "{} lines", shown.lines().count());
    assert!(shown.contains("… and 19995 rows of 19995 more entities (--all lists them)."), "{shown}");
    assert!(shown.contains("… and 19988 more rows (--all lists them)"), "{shown}");
}

#[test]
fn channels_are_named_and_chosen() {
    let tree = reasons_tree();
    let lines = "RefEntityName,RefTableName,DataSourceName,Channel\nE,T,T,One\nE,T2,Good,Two\nE,T2,Good,AthenaFinanceOperationsTableDataX\n";
    let dump = tree.beside("d.csv", lines);
    let all = tree.prints(&["reconcile", &dump]);
    assert!(all.contains("Channels left out: AthenaFinanceOperationsTableDataX (1).\n"), "{all}");
    assert!(all.contains("compared: One (1), Two (1). Which of them is dual-write's is not public"), "{all}");
    let one = json(&tree.prints(&["reconcile", &dump, "--channel", "one", "--json"]));
    assert_eq!(one["agreement"]["both"], 1);
    let other = json(&tree.prints(&["reconcile", &dump, "--channel", "athena*", "--json"]));
    assert_eq!(other["agreement"]["both"], 1);
}

#[test]
fn threads_and_the_order_of_rows_do_not_matter() {
    let with = |threads: &str| sample(&["--threads", threads, "--all", "--json"]);
    assert_eq!(with("1"), with("8"));
    let csv = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(DUMP)).expect("the dump");
    let mut lines: Vec<&str> = csv.lines().collect();
    lines[1..].reverse();
    let tree = Tree::new();
    let dump = tree.beside("d.csv", lines.join("\n"));
    let without_places = |document: Value| {
        let rows = list(&document, "rows").iter().map(|row| {
            let mut row = row.clone();
            row["dump"] = Value::Null;
            row
        });
        (rows.collect::<Vec<_>>(), document["policies"].clone())
    };
    let reversed = json(&prints(&[&[&*dump, "--json"], &MAPS[..]].concat()));
    assert_eq!(without_places(reversed), without_places(json(&sample(&["--json"]))));
}
