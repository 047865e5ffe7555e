use super::*;
use proptest::prelude::*;
use serde_json::json;

const LEG: &str = r#"{"sourceSchema":"Units","destinationSchema":"uoms","sourceFilter":"(A == \"x\")",
    "reversedSourceFilter":"a eq 1","fieldMappings":[
      {"syncDirection":"3","sourceField":"UNITSYMBOL","destinationField":"msdyn_symbol","isSystemGenerated":true,
       "valueTransforms":[{"transformType":"Default","defaultValue":"x"}]},
      {"syncDirection":1,"sourceField":"CLASS","destinationField":"class.name"}]}"#;

fn parse(text: impl Into<Vec<u8>>) -> (Vec<TableMap>, Vec<String>) {
    let file = Arc::new(MapFile { path: "m.json".into(), root: 0, location: "m.json".into() });
    let (maps, problems) = parse_maps(&text.into(), &file);
    (maps, problems.iter().map(Problem::message).collect())
}

fn map() -> Value {
    json!({ "name": "[Units] - [uoms]", "legs": [serde_json::from_str::<Value>(LEG).unwrap()] })
}

fn row(name: &str, mapping: &Value) -> Value {
    json!({ "@odata.etag": "W/1", "msdyn_name": name, "msdyn_version": "1.0.0.1", "msdyn_mapping": mapping })
}

fn encoded(value: &Value, times: usize) -> Value {
    (0..times).fold(value.clone(), |value, _| Value::String(value.to_string()))
}

/// How many maps, legs and field rows come out.
fn counts(value: &Value) -> (usize, usize, usize) {
    let (maps, problems) = parse(value.to_string());
    assert_eq!(problems, [""; 0], "{value}");
    let legs: Vec<_> = maps.iter().flat_map(|map| &map.legs).collect();
    (maps.len(), legs.len(), legs.iter().map(|leg| leg.fields.len()).sum())
}

#[test]
fn everything_in_a_leg_is_kept() {
    let (maps, _) = parse(map().to_string());
    let leg = &maps[0].legs[0];
    assert_eq!(maps[0].title.as_deref(), Some("[Units] - [uoms]"));
    assert_eq!((&*leg.source_schema, &*leg.destination_schema), ("Units", "uoms"));
    assert_eq!((&*leg.source_filter, &*leg.reversed_source_filter), ("(A == \"x\")", "a eq 1"));
    let first = &leg.fields[0];
    assert_eq!((first.direction, first.system_generated, first.is_lookup()), (Direction::Both, true, false));
    assert_eq!(first.transforms, [json!({"transformType":"Default","defaultValue":"x"})]);
    assert_eq!((leg.fields[1].direction, leg.fields[1].is_lookup()), (Direction::ToDataverse, true));
}

#[test]
fn every_shape_gives_the_same_map() {
    let shapes = [
        map(),
        json!([map()]),
        json!({ "value": [row("N", &encoded(&map(), 1))] }),
        json!([row("N", &encoded(&map(), 1))]),
        row("N", &encoded(&map(), 1)),
        row("N", &map()),
        row("N", &encoded(&map(), 4)),
        json!({ "entityMappingTasks": [map()] }),
        json!({ "a": { "project": { "entityMappingTasks": [map()] } } }),
        json!({ "Legs": map()["legs"] }),
        json!({ "legs": map()["legs"][0] }),
        json!({ "legs": encoded(&map()["legs"], 1) }),
        json!({ "mapping": encoded(&map(), 2) }),
        encoded(&map(), 1),
        encoded(&map(), 4),
    ];
    for shape in shapes {
        assert_eq!(counts(&shape), (1, 1, 2), "{shape}");
    }
}

#[test]
fn a_row_is_one_map_however_many_tasks_it_has() {
    let project = json!({ "entityMappingTasks": [map(), map()] });
    assert_eq!(counts(&project), (2, 2, 4));
    assert_eq!(counts(&row("N", &encoded(&project, 1))), (1, 2, 4));
    let (maps, _) = parse(row("N", &encoded(&project, 1)).to_string());
    assert_eq!((maps[0].name.as_deref(), maps[0].version.as_deref()), (Some("N"), Some("1.0.0.1")));
}

#[test]
fn positions_count_the_maps_of_a_file() {
    let (maps, _) = parse(json!({ "value": [row("A", &map()), row("B", &map())] }).to_string());
    assert_eq!(maps.iter().map(|map| map.position).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn marks_and_utf_16_are_read() {
    let text = map().to_string();
    assert_eq!(parse(format!("\u{feff}{text}")).0.len(), 1);
    let wide = |bytes: fn(u16) -> [u8; 2]| {
        format!("\u{feff}{text}").encode_utf16().flat_map(bytes).collect::<Vec<_>>()
    };
    assert_eq!(parse(wide(u16::to_le_bytes)).0.len(), 1);
    assert_eq!(parse(wide(u16::to_be_bytes)).0.len(), 1);
}

#[test]
fn directions() {
    let direction = |value: Value| Direction::from_json(&value);
    assert_eq!(direction(json!(1)), Direction::ToDataverse);
    assert_eq!(direction(json!(2.0)), Direction::FromDataverse);
    assert_eq!(direction(json!(" 3 ")), Direction::Both);
    for unknown in [json!(0), json!(4), json!(1.5), json!("x"), json!(null), json!([1])] {
        assert_eq!(direction(unknown), Direction::Unknown);
    }
}

#[test]
fn missing_keys_are_no_error() {
    assert_eq!(
        counts(&json!({ "legs": [{ "sourceSchema": "A" }, { "fieldMappings": [{}, null] }] })),
        (1, 2, 1)
    );
    assert_eq!(counts(&json!({ "legs": [] })), (1, 0, 0));
}

#[test]
fn complaints() {
    let all = [
        String::new(),
        "{\n  \"ä\": \"é\", x }".to_owned(),
        "[1, {\"msdyn_name\": \"other\"}, \"text\", null]".to_owned(),
        r#"{"legs":[{"flight":"LH 400"}]}"#.to_owned(),
        row("Broken", &json!("{\"legs\": [}")).to_string(),
        row("Empty", &json!("{}")).to_string(),
        row("Null", &json!(null)).to_string(),
        r#"{"msdyn_name":"Not exported","msdyn_version":"1.0"}"#.to_owned(),
        encoded(&row("Deep", &json!("{}")), 4).to_string(),
        encoded(&map(), 5).to_string(),
        r#"{"name":"M","legs":[{"sourceSchema":"A","fieldMappings":[{"sourceField":"B","syncDirection":7},{"syncDirection":7}]}]}"#
            .to_owned(),
        "[".repeat(100_000),
    ];
    let problems: Vec<_> = all.into_iter().flat_map(|text| parse(text).1).collect();
    insta::assert_snapshot!(problems.join("\n"), @r"
    m.json: not valid JSON in line 1, column 1: EOF while parsing a value
    m.json: not valid JSON in line 2, column 13: key must be a string
    m.json holds no table map; skipped
    m.json holds no table map; skipped
    m.json: msdyn_mapping of Broken is not valid JSON in line 1, column 11: expected value
    m.json: msdyn_mapping of Empty holds no table map
    m.json: Null has no msdyn_mapping; export that column too
    m.json: Not exported has no msdyn_mapping; export that column too
    m.json: msdyn_mapping of Deep is JSON text inside JSON text too often
    m.json holds no table map; skipped
    m.json: field B of table map M has no known syncDirection (1, 2 or 3); this row does not count
    m.json: not valid JSON in line 1, column 128: recursion limit exceeded
    ");
    insta::assert_snapshot!(parse(vec![b'{', 0xFF]).1.join("\n"), @"m.json: not UTF-8: invalid byte at offset 1");
}

#[test]
fn line_and_column_are_facts() {
    let file = Arc::new(MapFile { path: "m.json".into(), root: 0, location: "m.json".into() });
    let (_, problems) = parse_maps(b"{\n \"a\": ?}", &file);
    assert_eq!((problems[0].fact("line"), problems[0].fact("column")), (Some("2"), Some("7")));
}

#[test]
fn the_deepest_json_that_is_read_is_safe() {
    let deep = (0..=4).fold(map(), |value, layer| {
        let value = if layer == 0 { value } else { Value::String(value.to_string()) };
        (0..110)
            .fold(value, |inner, level| if level % 2 == 0 { json!([inner]) } else { json!({ "x": inner }) })
    });
    assert_eq!(counts(&deep), (1, 1, 2));
}

fn any_json() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "legs",
        "fieldMappings",
        "sourceSchema",
        "entityMappingTasks",
        "msdyn_mapping",
        "msdyn_name",
        "msdyn_version",
        "value",
        "name",
        "syncDirection",
        "sourceField",
        "valueTransforms",
        "x",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[{}\\[\\]\":a-z1-3.]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner.clone()), 0..5)
                .prop_map(|pairs| pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
            inner.prop_map(|value| Value::String(value.to_string())),
        ]
    })
}

fn any_field() -> impl Strategy<Value = FieldMapping> {
    let direction = prop::sample::select(vec![1, 2, 3]);
    (direction, "[A-Z]{1,5}", "[a-z]{1,4}(\\.[a-z]{1,3})?", any::<bool>()).prop_map(
        |(direction, source, to, own)| FieldMapping {
            direction: Direction::from_json(&json!(direction)),
            source_field: source.into(),
            destination_field: to.into(),
            lookup_entity: "".into(),
            system_generated: own,
            transforms: vec![json!({ "transformType": "Default" })],
        },
    )
}

fn print(leg: &Leg, as_text: bool) -> Value {
    let direction = |row: &FieldMapping| {
        let number = match row.direction {
            Direction::ToDataverse => 1,
            Direction::FromDataverse => 2,
            _ => 3,
        };
        if as_text { json!(number.to_string()) } else { json!(number) }
    };
    let rows = leg.fields.iter().map(|row| {
        json!({ "syncDirection": direction(row), "sourceField": row.source_field, "destinationField": row.destination_field,
            "isSystemGenerated": row.system_generated, "valueTransforms": row.transforms })
    });
    json!({ "sourceSchema": leg.source_schema, "destinationSchema": leg.destination_schema,
        "fieldMappings": rows.collect::<Vec<_>>() })
}

proptest! {
    #[test]
    fn any_json_is_safe(value in any_json()) {
        parse(value.to_string());
    }

    #[test]
    fn any_bytes_are_safe(bytes: Vec<u8>) {
        parse(bytes);
    }

    #[test]
    fn what_is_printed_reads_back(
        fields in prop::collection::vec(any_field(), 0..6),
        schema in "[A-Za-z][A-Za-z ]{0,8}[A-Za-z]",
        as_text: bool,
        times in 0_usize..5,
    ) {
        let leg = Leg { source_schema: schema.into(), destination_schema: "d".into(), fields, ..Leg::default() };
        let value = encoded(&json!({ "legs": [print(&leg, as_text)] }), times);
        let (maps, problems) = parse(value.to_string());
        prop_assert!(problems.is_empty());
        prop_assert_eq!(&maps[0].legs, &[leg]);
    }
}
