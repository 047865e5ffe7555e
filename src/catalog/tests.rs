use crate::aot::{Definition, Methods, read_file};
use crate::problem::Code;
use crate::testing::{World, entity, extension, source, table, view, world};

fn sources(world: &World, element: &str) -> Vec<String> {
    let element = world.catalog.element(world.id(element));
    let parent = |p| element.source_at(p).name.text.to_string();
    let show = |s: &super::Source| {
        let above = s.parent.map(parent).or(s.missing_parent.as_deref().map(|p| format!("no {p}")));
        format!("{}<{}", s.name.text, above.unwrap_or_default())
    };
    element.sources.iter().map(show).collect()
}

fn codes(world: &World) -> Vec<Code> {
    world.problems.iter().map(|p| p.code).collect()
}

#[test]
fn names_have_no_case_but_keep_their_spelling() {
    let world = world(vec![table("CustTable", &["AccountNum"])]);
    let id = world.id("CUSTTABLE");
    assert_eq!(&*world.catalog.element(id).name.text, "CustTable");
    let name = world.catalog.name("accountnum").expect("interned");
    assert!(world.catalog.has_field(id, name));
}

#[test]
fn the_first_definition_counts() {
    let world = world(vec![table("T", &["First"]), view("t", vec![], &[])]);
    assert_eq!(world.catalog.element(world.id("T")).fields.len(), 1);
    assert_eq!(codes(&world), [Code::DuplicateElement]);
}

#[test]
fn a_source_may_hang_below_one_of_a_later_extension() {
    let world = world(vec![
        table("T", &["A"]),
        entity("E", vec![source("Root", "T")], &[]),
        extension("E.A", vec![("FromB", source("FromA", "T"))]),
        extension("E.B", vec![("Root", source("FromB", "T"))]),
    ]);
    assert_eq!(sources(&world, "E"), ["Root<", "FromB<Root", "FromA<FromB"]);
    assert!(codes(&world).is_empty());
}

#[test]
fn without_its_parent_a_source_is_kept_at_the_end() {
    let world = world(vec![
        table("T", &["A"]),
        entity("E", vec![source("Root", "T")], &[]),
        extension("E.A", vec![("Nowhere", source("Lost", "T")), ("Root", source("Found", "T"))]),
        extension("E.B", vec![("Root", source("found", "T"))]),
    ]);
    assert_eq!(sources(&world, "E"), ["Root<", "Found<Root", "Lost<no Nowhere"]);
    assert_eq!(codes(&world), [Code::DuplicatePart, Code::MissingParent]);
}

#[test]
fn parents_in_a_circle_are_opened() {
    let world = world(vec![
        table("T", &["A"]),
        entity("E", vec![source("Root", "T")], &[]),
        extension("E.A", vec![("B", source("A", "T")), ("A", source("B", "T"))]),
    ]);
    assert_eq!(sources(&world, "E"), ["Root<", "A<no B", "B<A"]);
}

#[test]
fn extensions_alone_make_a_partial_element() {
    let world = world(vec![extension("Unseen.Mine", vec![("Root", source("Mine", "T"))])]);
    assert!(world.catalog.element(world.id("Unseen")).is_partial());
}

/// The definition that a file of this text holds.
fn parsed(text: &str) -> Definition {
    read_file(text, "", Methods::None).definition.expect("a definition")
}

#[test]
fn a_query_gives_its_ranges_and_those_of_its_extensions_to_the_sources() {
    let range = |field: &str| {
        format!(
            "<AxQuerySimpleDataSourceRange><Field>{field}</Field><Value>1</Value></AxQuerySimpleDataSourceRange>"
        )
    };
    let added = |parent: &str| {
        format!(
            "<AxQueryExtensionQueryDataSourceRange><Parent>{parent}</Parent><QueryDataSourceRange><Field>B</Field></QueryDataSourceRange></AxQueryExtensionQueryDataSourceRange>"
        )
    };
    let world = world(vec![
        table("T", &["A", "B"]),
        parsed(&format!(
            "<AxQuery><Name>Q</Name><DataSources><AxQuerySimpleRootDataSource><Name>R</Name><Table>T</Table><Ranges>{}</Ranges></AxQuerySimpleRootDataSource></DataSources></AxQuery>",
            range("A")
        )),
        parsed(&format!(
            "<AxQuerySimpleExtension><Name>Q.My</Name><Ranges>{}{}</Ranges></AxQuerySimpleExtension>",
            added("R"),
            added("Nowhere")
        )),
        parsed("<AxView><Name>V</Name><Query>Q</Query></AxView>"),
    ]);
    let view = world.catalog.element(world.id("V"));
    let ranges: Vec<_> = view.sources[0].ranges.iter().map(|r| (&*r.field.text, r.restricts())).collect();
    assert_eq!(ranges, [("A", true), ("B", false)]);
    assert_eq!(codes(&world), [Code::UnknownDataSource]);
}

#[test]
fn the_key_of_an_entity_is_the_one_that_it_names_else_the_first() {
    let key = |primary: &str| {
        let world = world(vec![parsed(&format!(
            "<AxDataEntityView><Name>E</Name><PrimaryKey>{primary}</PrimaryKey><Keys>
<AxDataEntityViewKey><Name>Off</Name><Enabled>No</Enabled></AxDataEntityViewKey>
<AxDataEntityViewKey><Name>First</Name></AxDataEntityViewKey>
<AxDataEntityViewKey><Name>Second</Name></AxDataEntityViewKey></Keys></AxDataEntityView>"
        ))]);
        let entity = &world.catalog.element(world.id("E")).entity;
        entity.key().expect("a key").name.text.to_string()
    };
    assert_eq!([key("SECOND"), key(""), key("Gone"), key("Off")], ["Second", "First", "First", "Off"]);
}
