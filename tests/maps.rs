//! `dualtrack maps`: every form in which maps are passed around, and what is said of them.

mod support;

use serde_json::{Value, json};
use std::io::{Cursor, Write};
use support::checks::{harmless, shown};
use support::sample::{list, problems, string};
use support::{Tree, embedded, entity, join, mapped, method, refusal, relations, root, text};

/// A car with its owner behind a data source that is not tracked, a computed and a virtual field.
fn cars() -> Tree {
    let tree = Tree::new();
    tree.table("Car", &["Plate", "Color", "OwnerRef"]).table("Owner", &["Name", "City"]);
    let owner = relations(&[join("OwnerRef", "RecId")]);
    let owner = embedded(
        "Owner",
        "Owner",
        &format!("<JoinMode>OuterJoin</JoinMode><IsReadOnly>Yes</IsReadOnly>{owner}"),
    );
    let unmapped = |name: &str, more: &str| {
        format!(
            "<AxDataEntityViewField i:type=\"AxDataEntityViewUnmappedFieldString\"><Name>{name}</Name>{more}</AxDataEntityViewField>"
        )
    };
    let fields = [
        mapped("Plate", "Car", "Plate"),
        mapped("Color", "Car", "Color"),
        mapped("OwnerName", "Owner", "Name"),
        mapped("OwnerCity", "Owner", "City"),
        unmapped("Caption", "<ComputedFieldMethod>caption</ComputedFieldMethod>"),
        unmapped("Note", "<IsComputedField>No</IsComputedField>"),
    ];
    let caption = "private static str caption() { return SysComputedColumn::returnField(tableStr(CarEntity), \
                   identifierStr(Car), fieldStr(Car, Color)); }";
    let entity =
        entity("CarEntity", &method("caption", caption), &root("Car", "Car", &owner), &fields.concat());
    tree.file(
        "AxDataEntityView/CarEntity",
        entity.replace("<IsPublic>", "<Label>@Fleet:Cars</Label>\n<IsPublic>"),
    );
    tree.entity("TruckEntity", &root("Car", "Car", ""), &mapped("Plate", "Car", "Plate"));
    let label = |language: &str, text: &str| {
        let path = format!("Test/Test/AxLabelFile/LabelResources/{language}/Fleet.{language}.label.txt");
        tree.raw(&path, format!("\u{feff}Cars={text}\r\n ;CarEntity\r\n"));
    };
    label("en-US", "Fleet cars");
    label("de", "Fuhrpark");
    tree
}

fn row(direction: u8, source: &str, destination: &str) -> Value {
    json!({ "syncDirection": direction, "sourceField": source, "destinationField": destination })
}

fn leg(schema: &str, rows: &[Value]) -> Value {
    json!({ "sourceSchema": schema, "destinationSchema": "fab_cars", "fieldMappings": rows })
}

/// One row of each direction.
fn small(schema: &str) -> Value {
    let rows = [row(3, "PLATE", "fab_plate"), row(1, "COLOR", "fab_color"), row(2, "NOTE", "fab_note")];
    json!({ "name": format!("[{schema}] - [fab_cars]"), "legs": [leg(schema, &rows)] })
}

fn saved(name: &str, version: &str, mapping: &Value) -> Value {
    json!({ "msdyn_name": name, "msdyn_version": version, "msdyn_mapping": mapping.to_string() })
}

fn solution(rows: &[Value]) -> String {
    let row = |row: &Value| {
        let column = |name| {
            format!("<{name}>{}</{name}>", string(row, name).replace('&', "&amp;").replace('<', "&lt;"))
        };
        let columns = ["msdyn_mapping", "msdyn_name", "msdyn_version"].map(column).concat();
        format!(
            "<msdyn_dualwriteentitymap msdyn_dualwriteentitymapid=\"{{1}}\">{columns}</msdyn_dualwriteentitymap>"
        )
    };
    let rows: String = rows.iter().map(row).collect();
    format!(
        "<ImportExportXml><Entities/><msdyn_dualwriteentitymaps>{rows}</msdyn_dualwriteentitymaps></ImportExportXml>"
    )
}

fn zip(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a part");
        writer.write_all(content.as_bytes()).expect("its content");
    }
    writer.finish().expect("a zip file").into_inner()
}

fn json(tree: &Tree, arguments: &[&str]) -> Value {
    let printed = tree.prints(&[&["maps", "--json"], arguments].concat());
    serde_json::from_str(&printed).expect("valid JSON")
}

fn legs(document: &Value) -> Vec<&Value> {
    list(&document["maps"]).iter().flat_map(|map| list(&map["legs"])).collect()
}

/// Nothing of a map is lost, in whatever it is wrapped.
#[test]
fn every_form_of_map_is_read_without_loss() {
    let tree = cars();
    let wide: Vec<u8> =
        format!("\u{feff}{}", small("CarEntity")).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let text = |value: &Value| Value::from(value.to_string()).to_string();
    let other_json = "{\"$schema\": \"x\", \"definition\": {\"actions\": {\"legs\": 3}}}";
    let response = json!({ "value": [saved("list", "1.0.0.1", &small("CarEntity")), saved("list2", "1", &small("CarEntity"))] });
    let packed = solution(&[
        saved("packed", "1.0.0.1", &small("CarEntity")),
        saved("packed 2", "1", &small("CarEntity")),
    ]);
    let maps = [
        ("bare.json", small("CarEntity").to_string().into_bytes()),
        ("array.json", json!([small("CarEntity"), small("TruckEntity")]).to_string().into_bytes()),
        ("list.json", response.to_string().into_bytes()),
        ("project.json", json!({ "entityMappingTasks": [small("CarEntity")] }).to_string().into_bytes()),
        ("text.json", text(&small("CarEntity")).into_bytes()),
        ("twice.json", text(&Value::from(small("CarEntity").to_string())).into_bytes()),
        ("wide.JSON", wide),
        ("deep/er/m.json", small("CarEntity").to_string().into_bytes()),
        ("other.json", other_json.as_bytes().to_vec()),
        ("solution.zip", zip(&[("customizations.xml", &packed), ("Workflows/flow.json", other_json)])),
        ("folder.zip", zip(&[("a/m.json", &small("CarEntity").to_string()), ("readme.txt", "")])),
        (
            "src/Other/Customizations.xml",
            solution(&[saved("unpacked", "1", &small("CarEntity"))]).into_bytes(),
        ),
        (
            "src/msdyn_dualwriteentitymaps/{1}.xml",
            solution(&[saved("record", "1", &small("CarEntity"))]).into_bytes(),
        ),
        ("src/Entities/Account/Entity.xml", b"<Entity/>".to_vec()),
    ];
    for (path, bytes) in &maps {
        tree.beside(&format!("all/{path}"), bytes);
    }
    let maps = tree.folder().join("all");
    let document = json(&tree, &["--maps", maps.to_str().expect("a path in Unicode")]);
    let totals = &document["totals"];
    assert_eq!(
        (&totals["maps"], &totals["legs"], &totals["matched_legs"]),
        (&json!(15), &json!(15), &json!(15))
    );
    let fields = &totals["fields"];
    let counts = ["rows", "both", "to_dataverse", "from_dataverse"].map(|key| fields[key].as_u64());
    assert_eq!(counts, [45, 15, 15, 15].map(Some));
    let skipped = problems(&document, "skipped-map-file");
    assert_eq!(
        skipped.iter().map(|problem| string(problem, "message")).collect::<Vec<_>>(),
        ["other.json holds no table map; skipped"]
    );
    assert_eq!(problems(&document, "unmatched-map-field").len(), 2, "a truck has no Note and no Color");
    assert_eq!(list(&document["problems"]).len(), 1 + 2);
}

const CAR_MAP: &str = r#"{ "name": "[Fleet cars] - [fab_cars]",
  "environments": [{ "name": "fo", "targetType": "AX", "schemas": [{ "name": "Fleet cars",
    "keys": [{ "name": "EntityKey", "fields": ["DATAAREAID", "PLATE", "COLOR"], "isIntegrationKey": true }] }] }],
  "legs": [{ "sourceSchema": "Fleet cars", "destinationSchema": "fab_cars",
    "sourceFilter": "(Color == \"red\")", "reversedSourceFilter": "statecode eq 0",
    "fieldMappings": [
      { "syncDirection": "3", "sourceField": "PLATE", "destinationField": "fab_plate" },
      { "syncDirection": 1, "sourceField": "COLOR", "destinationField": "fab_color",
        "valueTransforms": [{ "transformType": "ValueMap", "valueMap": { "red": "1", "blue": "2" } }] },
      { "syncDirection": 1, "sourceField": "OWNERNAME", "destinationField": "fab_owner.fab_name",
        "destinationLookupFieldRelatedEntity": "fab_owners" },
      { "syncDirection": 1, "sourceField": "OWNERCITY", "destinationField": "fab_city" },
      { "syncDirection": 1, "sourceField": "CAPTION", "destinationField": "fab_caption" },
      { "syncDirection": 1, "sourceField": "NOTE", "destinationField": "fab_note" },
      { "syncDirection": 1, "sourceField": "COLOUR", "destinationField": "fab_colour" },
      { "syncDirection": 1, "sourceField": "RECID", "destinationField": "fab_recid" },
      { "sourceField": "PLATE", "destinationField": "fab_lost" },
      { "syncDirection": 2, "sourceField": "NOTE", "destinationField": "fab_note" },
      { "syncDirection": 1, "destinationField": "fab_kind",
        "valueTransforms": [{ "transformType": "Default", "defaultValue": "car" }] }
    ] }] }"#;

#[test]
fn a_map_is_told_with_its_verdict_first() {
    let tree = cars();
    tree.beside("maps/car.json", CAR_MAP);
    tree.beside(
        "maps/truck.json",
        json!({ "legs": [leg("TruckEntity", &[row(1, "PLATE", "p")])] }).to_string(),
    );
    tree.beside(
        "maps/gone.json",
        json!({ "legs": [leg("TrukEntity", &[row(1, "PLATE", "p")])] }).to_string(),
    );
    tree.beside("maps/empty.json", r#"{"legs": []}"#);
    let maps = tree.folder().join("maps");
    insta::assert_snapshot!(tree.prints(&["maps", "--maps", maps.to_str().expect("Unicode")]));
}

#[test]
fn a_map_that_is_asked_for_is_told_in_full() {
    let tree = cars();
    let maps = tree.beside("maps/car.json", CAR_MAP);
    tree.beside(
        "maps/truck.json",
        json!({ "legs": [leg("TruckEntity", &[row(3, "PLATE", "p")])] }).to_string(),
    );
    let folder = tree.folder().join("maps");
    let folder = folder.to_str().expect("Unicode");
    insta::assert_snapshot!(tree.prints(&["maps", "--maps", folder, "--entity", "truckentity", "--all"]));
    for name in ["car", "car.json", "[Fleet Cars] - [fab_cars]", "fleet cars"] {
        assert_eq!(
            tree.prints(&["maps", "--maps", folder, "--map", name]),
            tree.prints(&["maps", "--maps", &maps, "--map", "car"])
        );
    }
    let none = tree.prints(&["maps", "--maps", &maps, "--entity", "TruckEntity"]);
    assert_eq!(none, "No table map is for what was named.\n");
}

#[test]
fn what_is_asked_for_must_be_there() {
    let tree = cars();
    let maps = tree.beside("car.json", CAR_MAP);
    let error = |arguments: &[&str]| refusal(&tree.run(&[&["maps"], arguments].concat()));
    assert!(error(&[]).contains("no table map: name files or folders with --maps"));
    let near = error(&["--maps", &maps, "--map", "fab_car"]);
    assert!(near.contains("no table map is called fab_car; did you mean fab_cars?"), "{near}");
    assert!(error(&["--maps", &maps, "--entity", "CarEntit"]).contains("did you mean CarEntity?"));
    assert!(error(&["--maps", &maps, "--format", "xml"]).contains("it has text, json, csv"));
}

/// The highest version counts unless the configuration names one; the others are named.
#[test]
fn versions_are_chosen_and_the_others_named() {
    let tree = cars();
    let versions =
        ["1.0.0.9", "1.0.0.10", "1.0.0.10"].map(|version| saved("cars", version, &small("CarEntity")));
    let maps = tree.beside("v.json", json!({ "value": versions }).to_string());
    let printed = tree.prints(&["maps", "--maps", &maps, "--map", "cars"]);
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected =
        "version 1.0.0.10, the highest; not counted: 1.0.0.9 (v.json), 1.0.0.10 (v.json, the same again)";
    assert!(words(&printed).contains(expected), "{printed}");
    tree.beside("dualtrack.toml", "[map-version]\nCARS = '1.0.0.9'\n");
    let printed = tree.prints(&["maps", "--maps", &maps, "--map", "cars"]);
    assert!(printed.contains("version 1.0.0.9, as configured; not counted: 1.0.0.10 (v.json)"), "{printed}");
}

/// Labels are looked up in the language that was asked for, then in English.
#[test]
fn labels_are_found_in_other_languages_on_request() {
    let tree = cars();
    let map = |schema: &str| tree.beside(&format!("{schema}.json"), small(schema).to_string());
    let (german, english) = (map("fuhrpark"), map("Fleet Cars"));
    let label = |arguments: &[&str]| {
        let document = json(&tree, arguments);
        let entity = &legs(&document)[0]["entity"];
        if entity.is_null() { None } else { Some(string(&entity["label"], "language").to_owned()) }
    };
    assert_eq!(label(&["--maps", &german]), None);
    assert_eq!(label(&["--maps", &english]).as_deref(), Some("en-US"));
    assert_eq!(label(&["--maps", &german, "--language", "DE"]).as_deref(), Some("de"));
    assert_eq!(label(&["--maps", &english, "--language", "de"]).as_deref(), Some("en-US"));
    tree.beside("dualtrack.toml", "language = 'de'\n");
    assert_eq!(label(&["--maps", &german]).as_deref(), Some("de"));
    let document = json(&tree, &["--maps", &english, "--language", "en-GB"]);
    let message = string(problems(&document, "unknown-language")[0], "message");
    assert_eq!(
        message,
        "no label of en-GB is loaded, so that labels are looked up in en-US alone; loaded are de, en-US"
    );
}

#[test]
fn json_says_how_each_field_ends() {
    let tree = cars();
    let document = json(&tree, &["--maps", &tree.beside("car.json", CAR_MAP)]);
    assert_eq!(document["schema"], "dualtrack/maps/1");
    let leg = legs(&document)[0];
    let rows: Vec<_> = list(&leg["rows"])
        .iter()
        .map(|row| {
            let name = row["field"].as_str().unwrap_or(string(row, "source_field"));
            format!("{name} {} {}", string(row, "kind"), row["triggers"].as_str().unwrap_or("-"))
        })
        .collect();
    let expected = [
        "Plate mapped yes",
        "Color mapped yes",
        "OwnerName mapped never",
        "OwnerCity mapped never",
        "Caption computed yes",
        "Note virtual never",
        "COLOUR missing -",
        "RECID system -",
        "Plate mapped -",
        "Note virtual -",
        " constant -",
    ];
    assert_eq!(rows, expected);
    let ways: Vec<_> = list(&leg["keys"][0]["fields"]).iter().map(|field| string(field, "mapped")).collect();
    assert_eq!(ways, ["company", "both", "to_dataverse"]);
    assert_eq!(leg["rows"][6]["nearest"], json!(["Color"]));
    assert_eq!(leg["rows"][2]["leaves"][0]["reason"], "outer_join_read_only");
    assert_eq!(leg["rows"][1]["transforms"][0]["valueMap"], json!({ "red": "1", "blue": "2" }));
    assert_eq!(list(&leg["definitions"]).len(), 1);
}

/// One line a field row, nothing that a spreadsheet would run, and as many cells as there are columns.
#[test]
fn csv_has_a_line_for_each_row() {
    let tree = cars();
    let maps = tree.beside("car.json", CAR_MAP);
    let csv = tree.prints(&["maps", "--maps", &maps, "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(csv.strip_prefix('\u{feff}').expect("a mark").as_bytes());
    let head: Vec<_> = reader.headers().expect("a head").iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> =
        reader.records().map(|row| row.expect("as many cells as the head")).collect();
    assert_eq!(rows.len(), 11);
    let cell =
        |row: usize, column: &str| &rows[row][head.iter().position(|c| c == column).expect("a column")];
    assert_eq!(
        (cell(2, "Triggers"), cell(2, "Reasons"), cell(2, "Tables")),
        ("never", "outer_join_read_only", "Owner")
    );
    assert_eq!(
        (cell(1, "Field"), cell(1, "Transforms"), cell(1, "Direction")),
        ("Color", "value map (2)", "to_dataverse")
    );
    assert_eq!((cell(0, "Entity"), cell(0, "FoundBy")), ("CarEntity", "label_text"));
}

/// Names in maps mean something to a terminal or a spreadsheet; here they are names.
#[test]
fn odd_names_in_maps_are_harmless() {
    let names =
        ["=1+1", "@x", "-1", "+1", "<b>&amp;", "new\nline", "\u{1b}[2J", "\u{202e}x", "../up", "{x}", "a\"b"];
    let tree = cars();
    let rows: Vec<Value> = names
        .iter()
        .map(|name| {
            json!({ "syncDirection": 1, "sourceField": name, "destinationField": format!("{name}.{name}"),
            "destinationLookupFieldRelatedEntity": name, "valueTransforms": [
                { "transformType": name }, { "transformType": "Default", "defaultValue": name }] })
        })
        .collect();
    let odd = |name: &str, schema: &str| {
        let mut leg = leg(schema, &rows);
        leg["destinationSchema"] = json!(name);
        leg["sourceFilter"] = json!(name);
        leg["reversedSourceFilter"] = json!(name);
        saved(
            name,
            name,
            &json!({ "environments": [{ "schemas": [{ "name": schema, "keys": [
            { "name": name, "fields": [name], "isIntegrationKey": true }] }] }], "legs": [leg] }),
        )
    };
    let known = names.iter().map(|name| odd(name, "CarEntity"));
    let unknown = names.iter().map(|name| odd(&format!("{name}~"), name));
    let maps =
        tree.beside("odd.json", json!({ "value": known.chain(unknown).collect::<Vec<_>>() }).to_string());
    for more in [&["--all"][..], &["-v"]] {
        let printed = tree.prints(&[&["maps", "--maps", &maps], more].concat());
        harmless(&printed);
        for name in names {
            assert!(printed.contains(&shown(name)), "{name:?} in {printed}");
        }
    }
    let document = json(&tree, &["--maps", &maps]);
    assert_eq!(document["totals"]["maps"], 2 * names.len());
    let csv = tree.prints(&["maps", "--maps", &maps, "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    for row in reader.records() {
        for cell in &row.expect("a row") {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "a formula: {cell:?}");
        }
    }
}

/// Zip files with paths that lead elsewhere, and files that are none, harm nothing and stop nothing.
#[test]
fn hostile_archives_are_read_or_named() {
    let tree = cars();
    tree.beside(
        "maps/escape.zip",
        zip(&[("../../up.json", &small("CarEntity").to_string()), ("/abs.json", "[1")]),
    );
    tree.beside("maps/torn.zip", &zip(&[("m.json", "{}")])[..20]);
    tree.beside("maps/nothing.zip", zip(&[("a.txt", "x")]));
    tree.beside("maps/good.json", small("TruckEntity").to_string());
    let maps = tree.folder().join("maps");
    let maps = maps.to_str().expect("Unicode");
    let before = support::checks::snapshot(tree.folder());
    let output = tree.run(&["maps", "--maps", maps]);
    assert!(output.status.success() && support::checks::snapshot(tree.folder()) == before);
    let printed = text(&output.stdout);
    for expected in [
        "2 table maps with 2 legs",
        "error[unreadable-map]: escape.zip//abs.json: not valid JSON in line 1",
        "error[unreadable-map]: torn.zip: not a readable zip file",
        "1 file without table map",
    ] {
        assert!(printed.contains(expected), "{expected} in {printed}");
    }
}

#[test]
fn threads_do_not_change_a_byte() {
    let tree = Tree::sample();
    let maps = tree.root().join("maps");
    let maps = maps.to_str().expect("Unicode");
    for format in ["text", "json", "csv"] {
        let run = |threads| {
            tree.prints(&["maps", "--maps", maps, "--all", "--format", format, "--threads", threads])
        };
        assert_eq!(run("1"), run("8"), "{format}");
    }
}
