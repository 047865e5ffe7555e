use super::*;
use crate::aot::{Definition, Join, Table};
use crate::lineage::Equality;
use crate::testing::{World, below, columns, entity, named, source, table, with_method, world};
use crate::text::Symbol;
use crate::tracking::{Inheritance, Input, Scope, analyze};
use proptest::prelude::*;

fn derived(name: &str, base: &str) -> Definition {
    let fields = columns(&["A"]);
    Definition::Table(Table { named: named(name), fields, extends: Some(named(base)), ..Table::default() })
}

/// E registers `CustTable` (and once more by hand, for nothing), `Party`, and a table that is not loaded; F the
/// person, a table below `Party`.
pub(crate) fn sample() -> World {
    let method = "public static container m(container c) { c += [
        ['A', tableNum(CustTable), fieldStr(E, Id)],
        ['A', tableNum(CustTable), fieldStr(E, Id)],
        ['B', tableNum(Gone), fieldStr(E, Id)]]; return c; }";
    let sources = vec![source("Cust", "CustTable"), below(0, "Party", "Party", Join::Inner)];
    let fields = [("Id", "Cust", "RecId"), ("A", "Cust", "A"), ("P", "Party", "A")];
    world(vec![
        table("CustTable", &["A"]),
        table("Party", &["A"]),
        derived("Person", "Party"),
        derived("Organization", "Party"),
        with_method(entity("E", sources, &fields), "getEntityDataSourceToFieldMapping", method),
        entity("F", vec![source("Person", "Person")], &[("A", "Person", "A")]),
    ])
}

fn analysis(world: &World, policy: Policy) -> Analysis {
    let equality = Equality::new(&world.catalog, &world.graph, &world.lineage);
    let scope = Scope::assumed(&world.catalog, &policy);
    let (catalog, graph, lineage) = (&world.catalog, &world.graph, &world.lineage);
    let input = Input { catalog, graph, lineage, equality: &equality, policy: &policy, scope: &scope };
    analyze(input, &mut Vec::new())
}

pub(crate) fn with_known<T>(world: &World, run: impl FnOnce(&KnownTables) -> T) -> T {
    run(&KnownTables::new(&world.catalog, &analysis(world, Policy::default())))
}

fn ask(inheritance: Inheritance, tables: &[&str], entities: &[&str], volumes: Option<&str>) -> Cost {
    let world = sample();
    let policy = Policy { inheritance, ..Policy::default() };
    let analysis = analysis(&world, policy);
    let known = KnownTables::new(&world.catalog, &analysis);
    let volumes = volumes.map(|text| Volumes::from_text(text, "v.csv", &known));
    let tables: Vec<Symbol> = tables.iter().map(|t| (*t).into()).collect();
    let entities: Vec<ElementId> = entities.iter().map(|e| world.id(e)).collect();
    let request = Request { tables: &tables, entities: &entities, volumes: volumes.as_ref() };
    cost(&world.catalog, policy, &analysis, &request)
}

/// `Table rows/own/after`.
fn tables(cost: &Cost) -> Vec<String> {
    let shown = |t: &TableCost| format!("{} {}/{}/{}", t.name, t.rows.total(), t.own.total(), t.rows.after());
    cost.tables.iter().map(shown).collect()
}

fn events(events: Option<Events>) -> String {
    events.map_or("-".to_owned(), |e| format!("{} {}", e.before, e.after))
}

#[test]
fn tables_are_ranked_by_the_rows_that_a_change_raises() {
    let cost = ask(Inheritance::Chain, &[], &[], None);
    assert_eq!(cost.rows, Rows { by_source: 3, by_entry: 2, removable: 1 });
    assert_eq!((cost.row_tables, cost.all_rows, cost.open_sources), (4, 5, 0));
    assert_eq!(
        tables(&cost),
        ["Party 2/1/2", "Person 2/1/2", "CustTable 2/2/1", "Gone 1/1/1", "Organization 1/0/1"]
    );
    assert_eq!(cost.tables[0].through.iter().map(|t| &**t).collect::<Vec<_>>(), ["Person"]);
    assert_eq!(events(cost.events), "-");
}

#[test]
fn the_policy_decides_about_the_chain() {
    let leaf = ask(Inheritance::Leaf, &[], &[], None);
    assert_eq!(tables(&leaf), ["CustTable 2/2/1", "Gone 1/1/1", "Party 1/1/1", "Person 1/1/1"]);
    let root = ask(Inheritance::Root, &[], &[], None);
    assert_eq!(
        tables(&root),
        ["Party 2/2/2", "Organization 2/0/2", "Person 2/0/2", "CustTable 2/2/1", "Gone 1/1/1"]
    );
}

#[test]
fn entities_and_removals() {
    let cost = ask(Inheritance::Chain, &[], &[], Some("CustTable,10\nPerson,1"));
    let entities: Vec<_> = cost
        .entities
        .iter()
        .map(|e| (e.rows.total(), e.tables, e.without_volume, events(e.events)))
        .collect();
    assert_eq!(entities, [(4, 3, 2, "21 11".to_owned()), (1, 1, 0, "1 1".to_owned())]);
    let removals: Vec<_> = cost.removals.iter().map(|r| (r.entry, r.rows, r.saved)).collect();
    assert_eq!(removals, [(0, 1, Some(PerDay::whole(10))), (1, 0, Some(PerDay::default()))]);
    assert_eq!(events(cost.events), "22 12");
}

#[test]
fn volumes_meet_rows_through_the_chain() {
    let cost = ask(Inheritance::Chain, &[], &[], Some("Organization,5\nParty,2\nGone,0.5"));
    assert_eq!(events(cost.events), "9.5 9.5");
    assert_eq!(cost.tables[0].name.as_ref(), "Organization");
    assert_eq!(cost.overlapping.iter().map(|t| &**t).collect::<Vec<_>>(), ["Organization", "Party"]);
    let without: Vec<&str> = cost.tables.iter().filter(|t| t.events.is_none()).map(|t| &*t.name).collect();
    assert_eq!(without, ["Person", "CustTable"]);
}

#[test]
fn a_choice_leaves_the_rows_that_it_names() {
    let cost = ask(Inheritance::Chain, &["Organization"], &[], Some("Organization,5\nParty,2"));
    assert_eq!(tables(&cost), ["Organization 1/0/1"]);
    assert_eq!((cost.rows.total(), events(cost.events)), (1, "5 5".to_owned()));
    assert!(cost.removals.is_empty());
    let cost = ask(Inheritance::Chain, &[], &["F"], Some("CustTable,5"));
    assert_eq!(tables(&cost), ["Person 1/1/1", "Party 1/0/1"]);
    assert_eq!(cost.idle.iter().map(|t| &**t).collect::<Vec<_>>(), ["CustTable"]);
}

proptest! {
    /// Whatever is asked, each total is the sum of its parts.
    #[test]
    fn totals_are_sums(
        policy in 0_usize..3,
        chosen in proptest::sample::subsequence(vec!["CustTable", "Party", "Person", "Organization", "Gone"], 0..=5),
        entities in proptest::sample::subsequence(vec!["E", "F"], 0..=2),
        volumes in proptest::collection::vec((0_usize..6, 0_u32..100_000), 0..8),
    ) {
        let names = ["custtable", "Party", "PERSON", "Organization", "Gone", "Nothing"];
        let lines: Vec<String> = volumes.iter().map(|(t, n)| format!("{};{n}", names[*t])).collect();
        let inheritance = [Inheritance::Chain, Inheritance::Leaf, Inheritance::Root][policy];
        let cost = ask(inheritance, &chosen, &entities, Some(&lines.join("\n")));
        let by_entity: Rows = cost.entities.iter().map(|e| e.rows).sum();
        prop_assert_eq!(by_entity, cost.rows);
        if chosen.is_empty() {
            let own: Rows = cost.tables.iter().map(|t| t.own).sum();
            prop_assert_eq!(own, cost.rows);
            prop_assert_eq!(cost.removals.iter().map(|r| r.rows).sum::<usize>(), cost.rows.removable);
        }
        let of_tables: Events = cost.tables.iter().filter_map(|t| t.events).sum();
        let of_entities: Events = cost.entities.iter().filter_map(|e| e.events).sum();
        prop_assert_eq!(Some(of_tables), cost.events);
        prop_assert_eq!(of_entities, of_tables);
        let saved: PerDay = cost.removals.iter().filter_map(|r| r.saved).sum();
        prop_assert_eq!(saved, of_tables.saved());
        prop_assert!(cost.tables.iter().all(|t| t.rows.removable <= t.rows.by_entry));
    }
}
