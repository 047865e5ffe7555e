//! `dualtrack reconcile`, run as a user runs it: on the sample, on small trees that show each reason, and on dumps
//! that nobody should write.

mod support;
#[path = "../src/dualwrite/dump/for_tests.rs"]
mod workbook;

use serde_json::Value;
use std::path::Path;
use std::process::Output;
use support::checks::harmless;
use support::{Tree, dualtrack, embedded, entity, mapped, method, refusal, root, text};
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

/// Entity, table and data source of a row.
fn key(row: &Value) -> String {
    let part = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
    format!("{} {} {}", part("ref_entity_name"), part("ref_table_name"), part("data_source_name"))
}

#[test]
fn the_sample_with_maps() {
    insta::assert_snapshot!("with_maps", sample(&[]));
}

#[test]
fn the_sample_without_maps() {
    insta::assert_snapshot!("without_maps", prints(&[DUMP, "metadata"]));
}

/// The groups, the reasons and the causes of the sample, one line a row.
#[test]
fn the_differences_of_the_sample_for_tools() {
    let document = json(&sample(&["--json"]));
    assert_eq!(document["schema"], "dualtrack/reconcile/1");
    assert_eq!(document["agreement"]["both"], 38);
    let line = |row: &Value| {
        let causes: Vec<&str> = list(row, "causes").iter().filter_map(|c| c["cause"].as_str()).collect();
        let why = &row["not_predicted"];
        let why = [&why["what"], &why["reason"], &why["line"]].map(ToString::to_string).join(" ");
        let left_out = if row["compared"] == true { "" } else { " left out" };
        format!("{} {}: {why}{left_out}; {}", row["group"], key(row), causes.join(", "))
    };
    let rows: Vec<String> =
        list(&document, "rows").iter().filter(|row| row["group"] != "both").map(line).collect();
    insta::assert_snapshot!(rows.join("\n"));
    for row in list(&document, "rows") {
        let ours = list(row, "predicted_by").len() + usize::from(!row["not_predicted"].is_null());
        assert!(ours > 0, "no reason for {row}");
        assert_eq!(list(row, "causes").is_empty(), row["group"] == "both", "{row}");
        for cause in list(row, "causes") {
            assert!(cause["check"].as_str().is_some_and(|check| !check.is_empty()), "{row}");
        }
    }
}

#[test]
fn the_best_policy_comes_with_its_line() {
    let document = json(&sample(&["--json"]));
    let best = &document["policies"]["alternatives"][0];
    assert_eq!(best["set"], serde_json::json!({ "nested-entity": "primary" }));
    assert_eq!(best["fewer_differences"], 3);
    assert_eq!(best["configuration"], "[policy]\nnested-entity = \"primary\"");
    // Under that policy the prediction has the rows, and the values before it fit worse.
    let set = json(&sample(&["--json", "--policy", "nested-entity=primary"]));
    assert_eq!(set["policies"]["differences"], best["differences"]);
    assert_eq!(set["agreement"]["both"], 41);
    let alternatives = list(&set["policies"], "alternatives");
    assert!(alternatives.iter().all(|fit| fit["fewer_differences"].as_i64() < Some(0)), "{alternatives:?}");
}

/// A dump of what we predict agrees; of what we predict under another policy, that policy is named first.
#[test]
fn a_dump_of_our_own_prediction() {
    let tree = Tree::sample();
    let maps = tree.root().join("maps").to_str().expect("a path in Unicode").to_owned();
    let maps = ["--maps", &*maps];
    let reconcile = |dump: &str| json(&tree.prints(&[&["reconcile", dump, "--json"], &maps[..]].concat()));
    let dump = tree.out().join("definitions.csv").to_str().expect("a path in Unicode").to_owned();
    tree.analyze(&maps);
    let own = reconcile(&dump);
    assert_eq!(own["agreement"]["percent"], 100.0);
    assert_eq!(own["agreement"]["rows"], 42);
    assert_eq!(own["policies"]["differences"], 0);
    for (key, value) in [
        ("nested-entity", "primary"),
        ("nested-entity", "all"),
        ("nested-view", "none"),
        ("inner-read-only", "untracked"),
        ("under-untracked", "own"),
        ("inheritance", "root"),
        ("lookup-only", "ignored"),
    ] {
        tree.analyze(&[&maps[..], &["--policy", &format!("{key}={value}")]].concat());
        let other = reconcile(&dump);
        let best = &other["policies"]["alternatives"][0];
        if other["policies"]["differences"] == 0 {
            assert!(list(&other["policies"], "without_effect").contains(&Value::from(key)), "{key}={value}");
        } else {
            assert_eq!(best["set"], serde_json::json!({ key: value }));
            assert_eq!(best["differences"], 0);
        }
    }
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
        ("lines.json", objects.iter().map(|o| format!("{o}\n")).collect::<String>().into_bytes()),
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

/// A small model with one of each reason for a row that we do not predict.
fn reasons_tree() -> Tree {
    let tree = Tree::new();
    for name in ["T", "T2", "Base"] {
        tree.table(name, &["A"]);
    }
    let source = "public static container getEntityDataSourceToFieldMapping(container mapping)\n{\n    mapping += [\n        [identifierStr(Good), tableNum(T2), fieldStr(E, AId)],\n        //[identifierStr(Off), tableNum(T2), fieldStr(E, AId)],\n        [identifierStr(Bad), tableNum(T2), fieldStr(Other, AId)]\n    ];\n    return mapping;\n}";
    let sources = root(
        "T",
        "T",
        &[
            embedded("Outer", "T2", "<JoinMode>OuterJoin</JoinMode><IsReadOnly>Yes</IsReadOnly>"),
            embedded("Missing", "NotThere", ""),
            embedded("Unmapped", "T2", ""),
        ]
        .concat(),
    );
    let fields = [
        mapped("A", "T", "A"),
        mapped("AId", "T", "RecId"),
        mapped("O", "Outer", "A"),
        mapped("M", "Missing", "A"),
    ];
    let methods = method("getEntityDataSourceToFieldMapping", source);
    tree.file("AxDataEntityView/E", entity("E", &methods, &sources, &fields.concat()));
    let unread = "public static container getEntityDataSourceToFieldMapping(container mapping)\n{\n    mapping = this.more(mapping);\n    return mapping;\n}";
    let methods = method("getEntityDataSourceToFieldMapping", unread);
    tree.file("AxDataEntityView/U", entity("U", &methods, &root("T", "T", ""), &mapped("A", "T", "A")));
    let private = entity("P", "", &root("T", "T", ""), &mapped("A", "T", "A"));
    tree.file("AxDataEntityView/P", private.replace("<IsPublic>Yes</IsPublic>", ""));
    tree.file(
        "AxDataEntityViewExtension/X.Mine",
        "<AxDataEntityViewExtension><Name>X.Mine</Name></AxDataEntityViewExtension>",
    );
    tree
}

#[test]
fn each_reason_not_to_predict_a_row() {
    let tree = reasons_tree();
    let cases = [
        ("E", "T2", "Outer", "data_source", "stale_row, other_metadata"),
        ("E", "NotThere", "Missing", "data_source", "metadata_missing, stale_row"),
        ("E", "T2", "Unmapped", "data_source", "fields_are_assumed, stale_row"),
        ("E", "T2", "T", "other_table", "map_not_restarted, stale_row"),
        ("E", "T2", "Off", "entry_commented_out", "map_not_restarted"),
        ("E", "T2", "Bad", "entry_invalid", "stale_row, other_metadata"),
        ("E", "T", "Good", "entry_of_other_table", "map_not_restarted, stale_row"),
        ("E", "Nowhere", "Goood", "no_such_data_source", "stale_row, metadata_missing, other_metadata"),
        ("E", "T", "", "no_such_data_source", "stale_row, other_metadata"),
        ("U", "T", "Other", "mapping_method_unreadable", "code_not_read, stale_row"),
        ("P", "T", "T", "out_of_scope", "fields_are_assumed, stale_row"),
        ("X", "T", "T", "only_extensions_loaded", "metadata_missing, stale_row"),
        ("EE", "T", "T", "entity_not_loaded", "metadata_missing, stale_row"),
        ("T", "T", "T", "not_an_entity", "other_metadata, stale_row"),
    ];
    let lines: String = cases.iter().map(|(e, t, s, ..)| format!("{e},{t},{s}\n")).collect();
    let dump = tree.beside("d.csv", format!("RefEntityName,RefTableName,DataSourceName\n{lines}U,T,T\n"));
    let document = json(&tree.prints(&["reconcile", &dump, "--json"]));
    for (e, t, s, what, causes) in cases {
        let wanted = format!("{e} {t} {s}");
        let row = list(&document, "rows").iter().find(|row| key(row) == wanted).expect("the row");
        assert_eq!(row["group"], "only_dump", "{wanted}");
        assert_eq!(row["not_predicted"]["what"], what, "{wanted}");
        let found: Vec<&str> = list(row, "causes").iter().filter_map(|c| c["cause"].as_str()).collect();
        assert_eq!(found.join(", "), causes, "{wanted}");
        assert_eq!(row["compared"], matches!(e, "E" | "U"), "{wanted}");
    }
    let shown = tree.prints(&["reconcile", &dump, "--all"]);
    insta::assert_snapshot!(shown.replace(&dump, "d.csv"));
}

/// A data source or label that was renamed: one row on either side, for the same table.
#[test]
fn a_renamed_data_source_is_recognised() {
    let tree = reasons_tree();
    let dump = tree.beside(
        "d.csv",
        "RefEntityName,RefTableName,DataSourceName,RefTableRecIdField\nE,T,OldName,12\nE,T2,GOOD,Wrong\n",
    );
    let document = json(&tree.prints(&["reconcile", &dump, "--json"]));
    for name in ["OldName", "T"] {
        let row =
            list(&document, "rows").iter().find(|row| row["data_source_name"] == name).expect("the row");
        assert_eq!(row["causes"][0]["cause"], "other_name", "{row}");
    }
    let good = list(&document, "rows").iter().find(|row| row["data_source_name"] == "Good").expect("the row");
    assert_eq!((good["group"].as_str(), &good["other_rec_id_field"]), (Some("both"), &Value::from(true)));
    let shown = tree.prints(&["reconcile", &dump]);
    assert!(shown.contains("with another RefTableRecIdField than we predict: T2, Good of E"), "{shown}");
}

/// A map that sends an entity of which there is no row: its rows are missing, and say nothing about policies.
#[test]
fn an_entity_without_any_row() {
    let tree = reasons_tree();
    let field = |direction: u8| {
        format!("[{{\"sourceField\":\"A\",\"destinationField\":\"a\",\"syncDirection\":{direction}}}]")
    };
    let map = |entity: &str, direction: u8| {
        format!(
            "{{\"legs\":[{{\"sourceSchema\":\"{entity}\",\"destinationSchema\":\"x\",\"fieldMappings\":{}}}]}}",
            field(direction)
        )
    };
    let maps = tree.beside("maps/e.json", map("E", 2));
    tree.beside("maps/u.json", map("U", 1));
    let maps = Path::new(&maps).parent().expect("a folder").to_str().expect("a path").to_owned();
    let dump = tree.beside("d.csv", "RefEntityName,RefTableName,DataSourceName\n");
    let document = json(&tree.prints(&["reconcile", &dump, "--maps", &maps, "--json"]));
    let rows: Vec<String> = list(&document, "rows")
        .iter()
        .map(|row| {
            let causes: Vec<&str> = list(row, "causes").iter().filter_map(|c| c["cause"].as_str()).collect();
            format!("{} {}: {}", row["group"], key(row), causes.join(", "))
        })
        .collect();
    assert_eq!(
        rows,
        [
            "\"only_predicted\" E T2 Good: map_sends_nothing, entity_not_enabled, map_not_running",
            "\"only_predicted\" U T T: entity_not_enabled, map_not_running",
        ]
    );
    assert_eq!(document["agreement"]["percent"], 0.0);
    assert_eq!(document["policies"]["entities"], 0);
    assert_eq!(document["policies"]["alternatives"], Value::Array(Vec::new()));
    let assumed = tree.prints(&["reconcile", &dump]);
    assert!(assumed.starts_with("No row can be compared.\n"), "{assumed}");
    assert!(assumed.contains("2 entities without a row in the dump (3 rows predicted)"), "{assumed}");
}

#[test]
fn exit_codes() {
    assert_eq!(run(&[&[DUMP], &MAPS[..]].concat()).status.code(), Some(0));
    let failing = run(&[&[DUMP, "--fail-on-difference"], &MAPS[..]].concat());
    assert_eq!(failing.status.code(), Some(1));
    assert_eq!(text(&failing.stderr), "");
    assert!(text(&failing.stdout).starts_with("38 of 49 rows agree"));
    let same = run(&[&["out/definitions.csv", "--fail-on-difference"], &MAPS[..]].concat());
    assert_eq!(same.status.code(), Some(0));
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
        lines += &format!("Unknown{n}Entity,Table{n},S\nE,T,S{n}\n");
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

/// The line to write names the configuration file that is in use.
#[test]
fn the_configuration_file_is_named() {
    let tree = reasons_tree();
    let config =
        tree.beside("dualtrack.toml", "metadata = [\"metadata\"]\n[policy]\nnested-view = \"none\"\n");
    tree.file("AxView/V", "<AxView xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"><Name>V</Name><Fields><AxViewField i:type=\"AxViewFieldBound\"><Name>A</Name><DataField>A</DataField><DataSource>B</DataSource></AxViewField></Fields><ViewMetadata><DataSources><AxQuerySimpleRootDataSource><Name>B</Name><Table>Base</Table></AxQuerySimpleRootDataSource></DataSources></ViewMetadata></AxView>");
    tree.entity(
        "F",
        &root("T", "T", &embedded("V", "V", "")),
        &[mapped("A", "T", "A"), mapped("V", "V", "A")].concat(),
    );
    let dump = tree.beside("d.csv", "RefEntityName,RefTableName,DataSourceName\nF,T,T\nF,Base,V\n");
    let shown = tree.prints(&["reconcile", &dump]);
    assert!(
        shown.contains(
            "nested-view = primary would explain the dump better: 1 fewer difference (0 instead of"
        ),
        "{shown}"
    );
    let file = support::checks::shown(&config);
    assert!(shown.replace("\n         ", " ").contains(&format!("set it in {file}:")), "{shown}");
    assert!(shown.contains("\n           nested-view = \"primary\"\n"), "{shown}");
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

#[test]
fn csv_is_complete() {
    let csv = sample(&["--format", "csv"]);
    assert!(csv.starts_with("\u{feff}Group,Compared,RefEntityName,RefTableName,DataSourceName,InDump,"));
    let rows = list(&json(&sample(&["--json"])), "rows").len();
    let mut reader = csv::ReaderBuilder::new().from_reader(csv.as_bytes());
    assert_eq!(reader.records().filter_map(Result::ok).count(), rows);
}

/// What the README shows of the sample is printed, line after line.
#[test]
fn the_readme_shows_what_is_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("README.md");
    let (_, section) = readme.split_once("### `reconcile`").expect("the section");
    let (_, excerpt) = section.split_once("```text\n").expect("an excerpt");
    let (excerpt, _) = excerpt.split_once("```").expect("its end");
    let printed = sample(&[]);
    let mut lines = printed.lines();
    for line in excerpt.lines() {
        assert!(lines.any(|l| l == line), "refresh the README: {line}\n{printed}");
    }
}

/// The page on dumps names every column that is read, and every value of the machine output.
#[test]
fn the_page_on_dumps_is_complete() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/dump-format.md")).expect("the page");
    for column in dualtrack::dualwrite::Column::ALL {
        assert!(page.contains(&format!("`{}`", column.name())), "{}", column.name());
    }
    let tree = reasons_tree();
    let dump = tree.beside("d.csv", "RefEntityName,RefTableName,DataSourceName\nE,T,T\n");
    let document = json(&tree.prints(&["reconcile", &dump, "--json"]));
    let mut named = vec![&document, &document["dump"], &document["agreement"], &document["policies"]];
    named.extend([&document["entities"][0], &document["rows"][0]]);
    for key in named.into_iter().filter_map(Value::as_object).flat_map(|object| object.keys()) {
        let named = page.contains(&format!("`{key}`")) || page.contains(&format!("`{key}[]`"));
        assert!(named || key == "schema", "{key}");
    }
    for value in document_values() {
        assert!(page.contains(&format!("`{value}`")), "{value}");
    }
}

/// Causes and reasons that the sample and the small tree show.
fn document_values() -> Vec<String> {
    let mut values = Vec::new();
    for row in list(&json(&sample(&["--json"])), "rows") {
        values.extend(list(row, "causes").iter().filter_map(|c| c["cause"].as_str()).map(str::to_owned));
        values.extend(row["not_predicted"]["what"].as_str().map(str::to_owned));
        values.extend(row["group"].as_str().map(str::to_owned));
    }
    values
}
