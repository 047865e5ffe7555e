use super::*;
use crate::dualwrite::{EntityNames, MapFile, parse_maps};
use std::sync::Arc;

fn maps(json: &str) -> Vec<TableMap> {
    let file = Arc::new(MapFile { path: "maps/a.json".into(), root: 0, location: "maps/a.json".into() });
    let (maps, problems) = parse_maps(json.as_bytes(), &file);
    assert_eq!(problems, []);
    maps
}

fn entities(names: &[&str]) -> Vec<EntityNames> {
    names.iter().map(|name| EntityNames { name: (*name).into(), ..EntityNames::default() }).collect()
}

fn run(json: &str, names: &[&str], fields: &EntityFields<'static>) -> Mapped {
    let (entities, aliases) = (entities(names), BTreeMap::new());
    let labels = |_: &str| Vec::new();
    let resolver = Resolver::new(&entities, &aliases, &labels);
    mapped_fields(&maps(json), &resolver, &|_| fields.clone())
}

fn shown(mapped: &MappedEntity) -> Vec<String> {
    let flag = |on: bool, text: &'static str| if on { text } else { "" };
    let line = |f: &MappedField| {
        format!(
            "{} {}{}{}{}",
            f.name,
            flag(f.outbound, "out "),
            flag(f.inbound, "in "),
            flag(f.lookup_only, "lookup "),
            f.rows.len()
        )
    };
    mapped.fields.iter().map(line).collect()
}

#[test]
fn the_field_sets_of_two_maps_are_united() {
    let json = r#"[
        {"legs":[{"sourceSchema":"B","fieldMappings":[
            {"syncDirection":"3","sourceField":"NAME","destinationField":"name"},
            {"syncDirection":2,"sourceField":"NOTE","destinationField":"note"},
            {"syncDirection":1,"sourceField":"GROUP","destinationField":"group.id"},
            {"syncDirection":1,"sourceField":"SITE","destinationField":"site.id"}]}]},
        {"legs":[{"sourceSchema":"A"},{"sourceSchema":"b","fieldMappings":[
            {"syncDirection":1,"sourceField":"name","destinationField":"other.name"},
            {"syncDirection":2,"sourceField":"Group","destinationField":"group"},
            {"syncDirection":1,"sourceField":"site","destinationField":"site"},
            {"syncDirection":1,"destinationField":"constant"}]}]}]"#;
    let fields = EntityFields { names: vec!["Name", "Note", "Group", "Site", "name"], partial: false };
    let mapped = run(json, &["B", "A"], &fields);
    assert_eq!(mapped.problems, []);
    assert_eq!(mapped.entities.iter().map(|entity| entity.entity).collect::<Vec<_>>(), [1, 0]);
    let entity = &mapped.entities[1];
    assert_eq!(shown(entity), ["Group out in lookup 2", "Name out in 2", "Note in 1", "Site out 2"]);
    assert_eq!(entity.counted().count(), 3);
    assert!(entity.field("note").unwrap().is_one_way_inbound());
    assert_eq!(entity.legs.iter().map(|leg| (leg.map, leg.leg)).collect::<Vec<_>>(), [(0, 0), (1, 1)]);
    assert_eq!(entity.field("NAME").unwrap().rows[1], RowId { map: 1, leg: 1, field: 0 });
}

const UNKNOWN: &str = r#"{"name":"M","legs":[
    {"sourceSchema":"Customers","fieldMappings":[
        {"syncDirection":1,"sourceField":"CUSTOMERGRUOP"},{"syncDirection":2,"sourceField":"CUSTOMERGRUOP"},
        {"syncDirection":1,"sourceField":"ZZZ"}]},
    {"sourceSchema":"Custmers","fieldMappings":[{"syncDirection":1,"sourceField":"A"}]},
    {"sourceSchema":"custmers"},
    {}]}"#;

#[test]
fn what_does_not_fit_is_told_once_with_the_nearest_names() {
    let fields = EntityFields { names: vec!["CustomerGroup", "CustomerGroupId"], partial: false };
    let mapped = run(UNKNOWN, &["Customers"], &fields);
    let messages: Vec<_> = mapped.problems.iter().map(Problem::message).collect();
    insta::assert_snapshot!(messages.join("\n"), @r"
    maps/a.json: entity Customers has no field CUSTOMERGRUOP; did you mean CustomerGroup or CustomerGroupId?
    maps/a.json: entity Customers has no field ZZZ
    maps/a.json: no loaded entity is called Custmers by name, public name or label; did you mean Customers?
    maps/a.json: no loaded entity is called (no sourceSchema) by name, public name or label
    ");
}

#[test]
fn a_partial_entity_lacks_nothing() {
    let mapped = run(UNKNOWN, &["Customers", "Custmers"], &EntityFields { names: vec![], partial: true });
    let messages: Vec<_> = mapped.problems.iter().map(Problem::message).collect();
    assert_eq!(messages.len(), 1, "only the leg without a schema: {messages:?}");
    assert_eq!(mapped.entities.len(), 2);
}

#[test]
fn ten_thousand_entities_and_two_hundred_legs() {
    let names: Vec<String> =
        (0..10_000).map(|i| format!("Some{i}LongEntityName{}Entity", i * 7919 % 10_007)).collect();
    let entities: Vec<_> = names
        .iter()
        .map(|name| EntityNames {
            name: name.as_str().into(),
            public_entity_name: format!("{name}Public").into(),
            public_collection_name: format!("{name}Collection").into(),
            label: format!("Label of {name}").into(),
        })
        .collect();
    let aliases = BTreeMap::new();
    let labels = |_: &str| Vec::new();
    let leg = |i: usize| {
        let source_schema =
            if i < 100 { format!("label of {}", names[i]) } else { format!("Unknown thing {i}") };
        Leg { source_schema: source_schema.into(), ..Leg::default() }
    };
    let mut map = maps(r#"{"legs":[]}"#);
    map[0].legs = (0..200).map(leg).collect();
    let resolver = Resolver::new(&entities, &aliases, &labels);
    let mapped = mapped_fields(&map, &resolver, &|_| EntityFields::default());
    assert_eq!(mapped.entities.len(), 100);
    assert_eq!(mapped.problems.len(), 100);
}
