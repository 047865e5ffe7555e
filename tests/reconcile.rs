//! `dualtrack reconcile`, run as a user runs it: on the sample, and on a small tree that shows each
//! reason.

mod support;

use serde_json::Value;
use std::path::Path;
use std::process::Output;
use support::reasons::reasons_tree;
use support::{Tree, dualtrack, embedded, mapped, root, text};

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
    assert_eq!(own["agreement"]["rows"], 43);
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
    let lines: Vec<String> = cases.iter().map(|(e, t, s, ..)| format!("{e},{t},{s}")).collect();
    let lines = lines.join("\n");
    let dump = tree.beside("d.csv", format!("RefEntityName,RefTableName,DataSourceName\n{lines}\nU,T,T\n"));
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
    let agreement = &document["agreement"];
    assert_eq!([&agreement["both"], &agreement["rows"]], [1, 3]);
    assert_eq!([&agreement["by_table"]["both"], &agreement["by_table"]["rows"]], [2, 2]);
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
    assert!(text(&failing.stdout).starts_with("38 of 50 rows agree"));
    let same = run(&[&["out/definitions.csv", "--fail-on-difference"], &MAPS[..]].concat());
    assert_eq!(same.status.code(), Some(0));
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
