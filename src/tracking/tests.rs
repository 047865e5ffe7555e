use super::{
    Analysis, EntryVerdict, Input, Match, NestedEntity, Policy, Reason, Scope, Status, Via, analyze,
};
use crate::aot::{DataSource, Definition, Join};
use crate::lineage::Equality;
use crate::suggest::{Needed, Remedy, needed};
use crate::testing::{World, below, entity, extension_class, over, source, table, with_method, world};

const MAPPING: &str = "getEntityDataSourceToFieldMapping";
const SKIP: &str = "dualWriteShouldSkipDataSource";

fn judge(world: &World, policy: Policy) -> (Analysis, Vec<Needed>) {
    let equality = Equality::new(&world.catalog, &world.graph, &world.lineage);
    let scope = Scope::assumed(&world.catalog, &policy);
    let input = Input {
        catalog: &world.catalog,
        graph: &world.graph,
        lineage: &world.lineage,
        equality: &equality,
        policy: &policy,
        scope: &scope,
    };
    let analysis = analyze(input, &mut Vec::new());
    let needed = needed(input, &analysis, &[], &|_| true);
    (analysis, needed)
}

fn sources(world: &World, entity: &str) -> Vec<(Status, Option<Reason>)> {
    let (analysis, _) = judge(world, Policy::default());
    let entity = analysis.entity(world.id(entity)).expect("judged");
    entity.sources.iter().map(|s| (s.status, s.reason)).collect()
}

fn read_only(source: DataSource) -> DataSource {
    DataSource { read_only: true, ..source }
}

#[test]
fn the_first_rule_that_applies_decides() {
    let world = world(vec![
        table("T", &["A"]),
        entity("Nested", vec![source("T", "T")], &[("A", "T", "A")]),
        entity(
            "E",
            vec![
                source("Root", "T"),
                read_only(below(0, "OuterReadOnly", "Unloaded", Join::Outer)),
                below(1, "Below", "T", Join::Inner),
                below(0, "Exists", "T", Join::Exists),
                below(0, "Missing", "Unloaded", Join::Outer),
                below(0, "Unbound", "T", Join::Outer),
                read_only(below(0, "InnerReadOnly", "T", Join::Inner)),
                below(0, "Nested", "Nested", Join::Inner),
            ],
            &[("A", "Root", "A"), ("B", "InnerReadOnly", "A"), ("C", "Nested", "A"), ("D", "Below", "A")],
        ),
    ]);
    let untracked = |reason| (Status::Untracked, Some(reason));
    assert_eq!(
        sources(&world, "E"),
        [
            (Status::Tracked, None),
            untracked(Reason::OuterJoinReadOnly),
            untracked(Reason::UnderUntrackedSource),
            untracked(Reason::ExistsJoin),
            (Status::Unresolved, None),
            untracked(Reason::NoMappedField),
            (Status::Tracked, None),
            untracked(Reason::NestedSource),
        ]
    );
}

#[test]
fn the_skip_method_goes_before_mapped_fields() {
    let body = "public static boolean dualWriteShouldSkipDataSource(DictDataEntity _e, str _name, tableid _t, Map _m, boolean _any)
        { if (_name == 'Kept') { return false; } if (_name == 'Dropped') return true; return !_any; }";
    let sources_of = || {
        vec![source("Dropped", "T"), below(0, "Kept", "T", Join::Inner), below(0, "Rest", "T", Join::Inner)]
    };
    let fields = [("A", "Dropped", "A")];
    let world = world(vec![table("T", &["A"]), with_method(entity("E", sources_of(), &fields), SKIP, body)]);
    assert_eq!(
        sources(&world, "E"),
        [
            (Status::Untracked, Some(Reason::SkipMethod)),
            (Status::Tracked, Some(Reason::SkipMethod)),
            (Status::Untracked, Some(Reason::NoMappedField)),
        ]
    );
}

/// An outer entity over a nested one over an address table, with what the mapping method registers.
fn contact(method: &str) -> Vec<Definition> {
    let joined =
        DataSource { conditions: vec![over("Address", "RecId")], ..below(0, "Post", "Base", Join::Outer) };
    let contact = entity(
        "Contact",
        vec![source("Person", "Person"), joined],
        &[("Name", "Person", "Name"), ("City", "Post", "City"), ("AddressId", "Person", "Address")],
    );
    vec![
        table("Person", &["Name", "Address"]),
        table("Address", &["City"]),
        entity("Base", vec![source("Address", "Address")], &[("City", "Address", "City")]),
        if method.is_empty() { contact } else { with_method(contact, MAPPING, method) },
    ]
}

#[test]
fn an_entry_tracks_what_its_field_refers_to_over_a_join() {
    let world = world(contact(
        "public static container m(container c) { c += [[tableStr(Post), tableNum(Address), fieldStr(Contact, AddressId)]]; return c; }",
    ));
    let (analysis, needed) = judge(&world, Policy::default());
    let contact = analysis.entity(world.id("Contact")).expect("judged");
    let entry = &contact.mapping.entries[0];
    assert_eq!((entry.verdict, entry.matched), (EntryVerdict::Needed, Some(Match::Exact)));
    assert_eq!(contact.fields[1].leaves[0].via, Some(Via::MappingMethod));
    assert!(needed.is_empty());
}

#[test]
fn without_an_entry_the_field_that_refers_to_the_record_is_found() {
    let world = world(contact(""));
    let (_, needed) = judge(&world, Policy::default());
    assert_eq!(needed.len(), 1);
    assert_eq!(needed[0].remedy, Remedy::Entry);
    assert_eq!((needed[0].label.as_deref(), needed[0].field.as_deref()), (Some("Post"), Some("AddressId")));
}

#[test]
fn a_policy_decides_what_a_nested_entity_registers() {
    let world = world(contact(""));
    let policy = Policy { nested_entity: NestedEntity::Primary, ..Policy::default() };
    let (analysis, needed) = judge(&world, policy);
    let contact = analysis.entity(world.id("Contact")).expect("judged");
    assert_eq!(contact.sources[1].status, Status::Tracked);
    assert!(needed.is_empty());
}

#[test]
fn wrappers_apply_in_the_order_of_their_names() {
    let mut definitions = contact(
        "public static container m(container c) { c += [['Own', tableNum(Address), fieldStr(Contact, AddressId)]]; return c; }",
    );
    let wrapper = |label: &str| {
        format!(
            "public static container {MAPPING}(container c) {{ c = next {MAPPING}(c); c += [['{label}', tableNum(Address), fieldStr(Contact, AddressId)]]; return c; }}"
        )
    };
    definitions.push(extension_class("Contact_B_Extension", "Contact", MAPPING, &wrapper("B")));
    definitions.push(extension_class("Contact_A_Extension", "Contact", MAPPING, &wrapper("A")));
    let world = world(definitions);
    let (analysis, _) = judge(&world, Policy::default());
    let contact = analysis.entity(world.id("Contact")).expect("judged");
    let labels: Vec<_> = contact.mapping.entries.iter().filter_map(|e| e.label.as_deref()).collect();
    assert_eq!(labels, ["Own", "A", "B"]);
}
