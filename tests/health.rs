//! `dualtrack health`, run as a user runs it: on the sample metadata, with and without maps, and with names that
//! are not there or that nobody should have chosen.

mod support;

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use support::sample::{list, string};
use support::{Tree, dualtrack, embedded, entity, join, mapped, refusal, relations, root, table, text};

const MAPS: [&str; 4] = ["-m", "metadata", "--maps", "metadata/maps"];
/// What only the environment knows.
const ELSEWHERE: [&str; 4] = ["100", "5000", "5100", "5200"];

fn sample(arguments: &[&str]) -> String {
    let mut command = dualtrack(Path::new(env!("CARGO_MANIFEST_DIR")));
    let output = command.arg("health").args(arguments).output().expect("the binary runs");
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn document(arguments: &[&str]) -> Value {
    serde_json::from_str(&sample(&[arguments, &["--json"]].concat())).expect("valid JSON")
}

/// `Entity check` → (state, number of findings), for all entities of a document.
fn answers(document: &Value) -> BTreeMap<String, (String, usize)> {
    let mut answers = BTreeMap::new();
    for entity in list(&document["entities"]) {
        for check in list(&entity["checks"]) {
            let key = format!("{} {}", string(entity, "entity"), string(check, "check"));
            let found = list(&check["findings"]).len();
            assert_eq!(found > 0, check["state"] == "finding", "{key}");
            answers.insert(key, (string(check, "state").to_owned(), found));
        }
    }
    answers
}

#[test]
fn every_check_finds_something_in_the_sample() {
    let document = document(&MAPS);
    let all = answers(&document);
    let found: BTreeSet<&str> = all
        .iter()
        .filter(|(_, (state, _))| state == "finding")
        .filter_map(|(key, _)| key.split(' ').nth(1))
        .collect();
    let checks = list(&document["checks"]).iter().map(|check| string(check, "check"));
    let silent: Vec<&str> = checks.filter(|check| !found.contains(check)).collect();
    assert_eq!(silent, ELSEWHERE);
}

#[test]
fn the_document_holds_every_check_of_every_entity_and_only_findings_that_it_names() {
    let document = document(&MAPS);
    assert_eq!(document["schema"], "dualtrack/health/1");
    assert_eq!(document["assumed_mapped"], false);
    let checks: Vec<&str> = list(&document["checks"]).iter().map(|check| string(check, "check")).collect();
    assert!(checks.starts_with(&["100", "400", "500", "900", "1000"]), "{checks:?}");
    let findings = list(&document["findings"]);
    let mut named = BTreeSet::new();
    for entity in list(&document["entities"]) {
        let answered: Vec<&str> = list(&entity["checks"]).iter().map(|c| string(c, "check")).collect();
        assert_eq!(answered, checks, "{}", entity["entity"]);
        assert!(!list(&entity["maps"]).is_empty() && entity["file"].is_string());
        for check in list(&entity["checks"]) {
            let reason = matches!(string(check, "state"), "open" | "not_in_files");
            assert_eq!(check["reason"].is_string(), reason, "{check}");
            for index in list(&check["findings"]) {
                named.insert(usize::try_from(index.as_u64().expect("an index")).expect("a small one"));
            }
        }
    }
    assert_eq!(named, (0..findings.len()).collect());
    for finding in findings {
        assert!(!list(&finding["remedy"]).is_empty() && !string(finding, "message").is_empty(), "{finding}");
        assert!(finding["place"]["file"].is_string(), "{finding}");
    }
}

#[test]
fn what_only_the_environment_knows_is_never_answered() {
    let document = document(&MAPS);
    for (key, (state, _)) in answers(&document) {
        let check = key.split(' ').nth(1).expect("a check");
        assert_eq!(state == "not_in_files", ELSEWHERE.contains(&check), "{key}");
    }
}

#[test]
fn without_maps_what_maps_decide_stays_open() {
    let document = document(&["-m", "metadata"]);
    assert_eq!(document["assumed_mapped"], true);
    let all = answers(&document);
    for check in ["400", "500", "900", "1700", "DIPV1004", "company-field-mapped", "missing-entity-relation"]
    {
        let states: BTreeSet<&str> = all
            .iter()
            .filter(|(key, _)| key.ends_with(&format!(" {check}")))
            .map(|(_, (state, _))| state.as_str())
            .collect();
        assert_eq!(states, BTreeSet::from(["open"]), "{check}");
    }
    assert_eq!(all["CustCustomerV3Entity 1300"].0, "finding");
    assert_eq!(all["FabVehicleEntity 1800"].0, "finding");
    assert!(!all.contains_key("FabFuelStationEntity 500"), "it is not public");
}

#[test]
fn a_change_of_a_shared_table_is_found_at_each_entity() {
    let document = document(&MAPS);
    let all = answers(&document);
    for entity in ["FabDepotEntity", "FabVehicleEntity", "CustCustomerV3Entity"] {
        assert!(all[&format!("{entity} 1700")].1 > 0, "{entity}");
    }
    let of_table = |f: &&Value| f["subject"]["name"] == "DirPartyTable";
    assert_eq!(list(&document["findings"]).iter().filter(of_table).count(), 1);
}

#[test]
fn the_sample_is_told_with_the_verdict_first() {
    insta::assert_snapshot!("sample", sample(&MAPS));
}

#[test]
fn an_entity_that_is_named_is_told_in_full() {
    insta::assert_snapshot!("entity", sample(&[&MAPS[..], &["--entity", "FabFuelCardEntity"]].concat()));
}

#[test]
fn a_map_is_known_by_its_file_and_by_its_table() {
    let by_file = sample(&[&MAPS[..], &["--map", "FUEL"]].concat());
    let by_table = sample(&[&MAPS[..], &["--map", "fab_fuelstations"]].concat());
    assert!(by_file.starts_with("2 entities: "), "{by_file}");
    assert!(by_table.starts_with("1 entity: ") && by_table.contains("\nFabFuelStationEntity"), "{by_table}");
}

#[test]
fn an_entity_that_no_map_names_is_not_checked() {
    let document = document(&[&MAPS[..], &["--entity", "DimensionSetEntity"]].concat());
    let states: BTreeSet<String> = answers(&document).into_values().map(|(state, _)| state).collect();
    assert_eq!(states, BTreeSet::from(["not_in_files".to_owned(), "open".to_owned()]));
    assert_eq!(list(&document["entities"])[0]["checks"][1]["reason"], "no map names the entity");
}

#[test]
fn a_table_has_a_line_for_each_answer_and_each_finding() {
    let csv = sample(&[&MAPS[..], &["--format", "csv"]].concat());
    let rows = csv_rows(&csv);
    let document = document(&MAPS);
    let all = answers(&document);
    let lines: usize = all.values().map(|(_, found)| (*found).max(1)).sum();
    assert_eq!(rows.len(), lines + 1);
    let station = rows.iter().find(|row| row[0] == "FabFuelStationEntity" && row[4] == "500").expect("a row");
    assert_eq!(station[6..10], ["finding", "warning", "documented", "no-outbound-field"]);
    assert_eq!(station[11], "fuel.json");
}

#[test]
fn names_that_are_not_there_are_refused_with_the_nearest() {
    let mut command = dualtrack(Path::new(env!("CARGO_MANIFEST_DIR")));
    let output = command.arg("health").args(MAPS).args(["--map", "fuell"]).output().expect("the binary runs");
    let error = refusal(&output);
    assert!(error.contains("no table map is called fuell") && error.contains("fuel"), "{error}");
    let mut command = dualtrack(Path::new(env!("CARGO_MANIFEST_DIR")));
    let output = command.arg("health").args(MAPS).args(["--entity", "FabDepotEntty"]).output().expect("runs");
    assert!(refusal(&output).contains("FabDepotEntity"));
}

/// The cells of a CSV document.
fn csv_rows(document: &str) -> Vec<Vec<String>> {
    let document = document.strip_prefix('\u{feff}').expect("the mark that Excel looks for");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(document.as_bytes());
    reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

fn row(field: &str, column: &str, way: u8) -> Value {
    json!({ "sourceField": field, "destinationField": column, "syncDirection": way })
}

fn map(name: &str, schema: &str, rows: &[Value]) -> String {
    let leg = json!({ "sourceSchema": schema, "destinationSchema": "fab_things", "fieldMappings": rows });
    json!({ "name": name, "legs": [leg] }).to_string()
}

/// An allowance takes a finding out of the answer, and the answer says so.
#[test]
fn what_is_allowed_is_counted_and_not_shown() {
    let tree = Tree::new();
    tree.table("Car", &["Plate"]);
    tree.entity("CarEntity", &root("Car", "Car", ""), &mapped("Plate", "Car", "Plate"));
    let maps = tree.beside("maps/cars.json", map("Cars", "CarEntity", &[row("PLATE", "fab_plate", 2)]));
    let run = |tree: &Tree| -> Value {
        serde_json::from_str(&tree.prints(&["health", "--maps", &maps, "--json"])).expect("valid JSON")
    };
    let state = |document: &Value| {
        let checks = list(&list(&document["entities"])[0]["checks"]);
        let of = checks.iter().find(|check| check["check"] == "500").expect("500");
        (of["findings"].as_array().map_or(0, Vec::len), of["allowed"].as_u64())
    };
    assert_eq!(state(&run(&tree)), (1, Some(0)));
    tree.beside(
        "dualtrack.toml",
        "[[allow]]\nrule = \"no-outbound-field\"\nelement = \"CarEntity\"\nreason = \"Dataverse owns the cars\"\n",
    );
    assert_eq!(state(&run(&tree)), (1, Some(1)));
    let shown = tree.prints(&["health", "--maps", &maps, "--entity", "CarEntity"]);
    assert!(shown.contains("1 is allowed") && !shown.contains("no-outbound-field"), "{shown}");
}

#[test]
fn a_map_whose_entity_is_not_loaded_is_named() {
    let tree = Tree::new();
    tree.table("Car", &["Plate"]);
    tree.entity("CarEntity", &root("Car", "Car", ""), &mapped("Plate", "Car", "Plate"));
    tree.beside("maps/lost.json", map("Lost", "Nowhere", &[row("PLATE", "fab_plate", 3)]));
    let maps = tree.beside("maps/cars.json", map("Cars", "CarEntity", &[row("PLATE", "fab_plate", 3)]));
    let maps = Path::new(&maps).parent().and_then(Path::to_str).expect("the folder").to_owned();
    let shown = tree.prints(&["health", "--maps", &maps]);
    assert!(
        shown.contains("Not checked: 1 leg of a map whose entity is not loaded\n  Lost: Nowhere\n"),
        "{shown}"
    );
    let shown = tree.prints(&["health", "--maps", &maps, "--map", "lost"]);
    assert!(shown.starts_with("Nothing was checked: no map names an entity that is loaded\n"), "{shown}");
    assert!(shown.contains("Lost: Nowhere"), "{shown}");
}

/// What is not loaded is a reason, never an answer.
#[test]
fn what_is_not_loaded_stays_open() {
    let tree = Tree::new();
    tree.entity(
        "CarEntity",
        &root("Car", "Car", &embedded("Owner", "Owner", &relations(&[join("Owner", "RecId")]))),
        &(mapped("Plate", "Car", "Plate") + &mapped("OwnerName", "Owner", "Name")),
    );
    let keyed = entity("KeyedEntity", "", &root("Gone", "Gone", ""), &mapped("Id", "Gone", "Id")).replace(
        "<ViewMetadata>",
        "<Keys><AxDataEntityViewKey><Name>K</Name><Fields><AxDataEntityViewKeyField><DataField>Id</DataField></AxDataEntityViewKeyField></Fields></AxDataEntityViewKey></Keys><ViewMetadata>",
    );
    tree.file("AxDataEntityView/KeyedEntity", keyed);
    tree.file(
        "AxDataEntityViewExtension/CustEntity.Mine",
        "<AxDataEntityViewExtension><Name>CustEntity.Mine</Name></AxDataEntityViewExtension>",
    );
    let maps =
        [map("A", "CarEntity", &[row("PLATE", "a", 3)]), map("B", "KeyedEntity", &[row("ID", "b", 3)])];
    let partial = map("C", "CustEntity", &[row("NAME", "c", 1)]);
    let maps = tree.beside("maps.json", format!("[{},{},{partial}]", maps[0], maps[1]));
    let document: Value =
        serde_json::from_str(&tree.prints(&["health", "--maps", &maps, "--json"])).expect("valid JSON");
    let reason = |entity: &str, check: &str| {
        let entities = list(&document["entities"]);
        let entity = entities.iter().find(|e| e["entity"] == entity).expect("the entity");
        let checks = list(&entity["checks"]);
        let of = checks.iter().find(|c| c["check"] == check).expect("the check");
        format!("{} {}", string(of, "state"), of["reason"].as_str().unwrap_or_default())
    };
    assert_eq!(reason("KeyedEntity", "2000"), "open Gone is not loaded");
    assert_eq!(reason("KeyedEntity", "DIPV1002"), "open the map files hold no keys of Dataverse");
    assert_eq!(reason("CarEntity", "1500"), "open cannot be followed: Car, Owner");
    assert_eq!(
        reason("CarEntity", "2000"),
        "open no key field is known, neither from a map nor from the entity"
    );
    assert_eq!(reason("CustEntity", "1600"), "open only extensions of the entity are loaded");
    assert_eq!(reason("CustEntity", "500"), "ok ");
}

/// A thousand entities over one table are one finding about the table, however it is asked.
#[test]
fn many_entities_over_one_table_are_told_in_few_lines() {
    let tree = Tree::new();
    tree.table("Car", &["Plate"]);
    let mut maps = Vec::new();
    for number in 0..1000 {
        let name = format!("Car{number}Entity");
        tree.entity(&name, &root("Car", "Car", ""), &mapped("Plate", "Car", "Plate"));
        maps.push(map(&format!("M{number}"), &name, &[row("PLATE", "fab_plate", 3)]));
    }
    let maps = tree.beside("maps.json", format!("[{}]", maps.join(",")));
    let shown = tree.prints(&["health", "--maps", &maps]);
    assert!(shown.lines().count() < 90, "{}", shown.lines().count());
    assert!(shown.starts_with("1000 mapped entities: "), "{}", &shown[..200]);
    let one = tree.prints(&["health", "--maps", &maps, "--entity", "Car7Entity"]);
    assert!(one.lines().count() < 120, "{}", one.lines().count());
    assert!(one.contains("a change of Car evaluates 1000 mapped entities"), "{one}");
}

#[test]
fn hostile_names_are_names() {
    let tree = Tree::new();
    let name = "=1+1\u{1b}[31m\u{202e}&lt;b&gt;";
    tree.file("AxTable/T", table(name, &["Id"]));
    tree.file("AxDataEntityView/E", entity("=E()", "", &root(name, name, ""), &mapped("Id", name, "Id")));
    let maps = tree.beside("maps.json", map("=M()\u{1b}]0;x\u{7}", "=E()", &[row("ID", "\u{1b}[2J", 2)]));
    for arguments in [&["health", "--maps", &maps][..], &["health", "--maps", &maps, "--all"], &["health"]] {
        let shown = tree.prints(arguments);
        assert!(!shown.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{shown:?}");
    }
    let json = tree.prints(&["health", "--maps", &maps, "--json"]);
    assert!(!json.contains(['\u{1b}', '\u{202e}', '\u{7}']));
    let csv = tree.prints(&["health", "--maps", &maps, "--format", "csv"]);
    for cell in csv_rows(&csv).into_iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '@', '\t', '\r']), "{cell:?}");
    }
}

#[test]
fn the_number_of_threads_does_not_matter() {
    for more in [&[][..], &["--all"], &["--json"], &["--format", "csv"]] {
        let run = |threads: &str| sample(&[&MAPS[..], more, &["--threads", threads]].concat());
        assert_eq!(run("1"), run("8"), "{more:?}");
    }
}
