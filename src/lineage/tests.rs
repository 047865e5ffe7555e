use super::Equality;
use crate::aot::{DataSource, Join};
use crate::testing::{below, entity, over, related, source, table, union, view, view_over, world};

#[test]
fn a_field_is_followed_through_nested_elements() {
    let world = world(vec![
        table("Address", &["City"]),
        entity("Base", vec![source("Address", "Address")], &[("City", "Address", "City")]),
        entity("Contact", vec![source("Post", "Base")], &[("AddressCity", "Post", "City")]),
    ]);
    assert_eq!(world.leaves("Contact", "AddressCity"), ["Post.Address Address.City mapped"]);
}

#[test]
fn an_undeclared_system_field_is_that_of_the_first_root() {
    let world = world(vec![
        table("T", &[]),
        view("V", vec![source("Root", "T"), below(0, "Other", "T", Join::Outer)], &[]),
        entity("E", vec![source("V", "V")], &[("Id", "V", "recid"), ("Gone", "V", "Gone")]),
    ]);
    assert_eq!(world.leaves("E", "Id"), ["V.Root T.RecId mapped"]);
    assert_eq!(world.leaves("E", "Gone"), ["V V.Gone mapped?"]);
}

#[test]
fn each_branch_of_a_union_gives_a_leaf() {
    let world = world(vec![
        table("Cust", &["Account"]),
        table("Vend", &["Account"]),
        union("Both", vec![source("Cust", "Cust"), source("Vend", "Vend"), source("Lost", "Unloaded")]),
        view_over("Parties", "Both", &[("Account", "Cust", "Account")]),
    ]);
    assert_eq!(
        world.leaves("Parties", "Account"),
        ["Cust Cust.Account mapped", "Vend Vend.Account mapped", "Lost Unloaded.Account mapped?"]
    );
}

#[test]
fn what_is_missing_is_said_as_written() {
    let world =
        world(vec![entity("E", vec![source("Self", "E")], &[("A", "Self", "X"), ("B", "None", "Y")])]);
    assert_eq!(world.leaves("E", "A"), ["Self E.X mapped?"]);
    assert_eq!(world.leaves("E", "B"), ["None -.Y mapped?"]);
}

/// Contact -> (root) Person, joined address whose base is joined inside the nested entity.
#[test]
fn columns_are_equal_through_joins_at_every_level() {
    let joined =
        |s: DataSource, field: &str, own: &str| DataSource { conditions: vec![over(field, own)], ..s };
    let world = world(vec![
        table("Person", &["Location"]),
        table("Location", &["Note"]),
        related("Address", &["LocationId"], ("Located", "Location", "LocationId", "RecId")),
        entity(
            "Base",
            vec![
                source("Address", "Address"),
                joined(below(0, "Place", "Location", Join::Inner), "LocationId", "RecId"),
            ],
            &[("Location", "Address", "LocationId"), ("Note", "Place", "Note")],
        ),
        entity(
            "Contact",
            vec![
                source("Person", "Person"),
                joined(below(0, "Base", "Base", Join::Outer), "Location", "Location"),
            ],
            &[("PersonLocation", "Person", "Location"), ("Note", "Base", "Note")],
        ),
    ]);
    let equality = Equality::new(&world.catalog, &world.graph, &world.lineage);
    let contact = world.id("Contact");
    let leaf = |field: &str| {
        let name = world.catalog.name(field).expect("interned");
        let ix = world.catalog.element(contact).field(name).expect("a field");
        world.lineage.field(contact, ix).leaves[0].clone()
    };
    let location = equality.column(contact, &leaf("PersonLocation")).expect("a column");
    let place = equality.record(contact, &leaf("Note").path);
    assert!(equality.classes(contact).equal(&location, &equality.rec_id(&place)));
    let person = equality.record(contact, &leaf("PersonLocation").path);
    assert!(!equality.classes(contact).equal(&location, &equality.rec_id(&person)));
    let joins: Vec<_> = equality.join_columns(contact, &leaf("Note").path);
    let names: Vec<&str> = joins.iter().map(|j| &*j.name.text).collect();
    assert_eq!(names, ["Location", "LocationId", "RecId"]);
}
