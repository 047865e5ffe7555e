use super::Reach;
use crate::aot::Join;
use crate::testing::{below, entity, source, table, world};

#[test]
fn what_leads_back_is_cyclic_and_has_no_primary_table() {
    let world = world(vec![
        entity("A", vec![source("B", "B")], &[]),
        entity("B", vec![source("A", "A")], &[]),
        entity("Self", vec![source("Self", "Self")], &[]),
        table("T", &[]),
        entity("Fine", vec![source("T", "T")], &[]),
    ]);
    let cyclic = |owner: &str, target: &str| world.graph.is_cyclic(world.id(owner), Some(world.id(target)));
    assert!(cyclic("A", "B") && cyclic("B", "A") && cyclic("Self", "Self"));
    assert!(!cyclic("Fine", "T"));
    assert_eq!(world.graph.primary_table(world.id("A")), None);
    assert_eq!(world.graph.primary_table(world.id("Fine")), Some(world.id("T")));
}

#[test]
fn paths_are_counted_without_being_listed() {
    let mut definitions = vec![table("T", &[])];
    for level in 0..40 {
        let target = if level == 0 { "T".to_owned() } else { format!("E{}", level - 1) };
        let twice = vec![source("One", &target), below(0, "Two", &target, Join::Inner)];
        definitions.push(entity(&format!("E{level}"), twice, &[]));
    }
    let world = world(definitions);
    let (count, some) = world.graph.paths(world.id("E39"), world.id("T"), 3);
    assert_eq!(count, 1u128 << 40);
    assert_eq!(some.len(), 3);
    assert_eq!(some[0].len(), 40);
}

#[test]
fn reach_goes_both_ways_to_a_depth() {
    let world = world(vec![
        table("T", &[]),
        entity("Inner", vec![source("T", "T")], &[]),
        entity("Outer", vec![source("Inner", "Inner")], &[]),
    ]);
    let names = |from: &str, way, depth| -> Vec<String> {
        let reached = world.graph.reach(world.id(from), way, depth);
        reached.into_iter().map(|(id, d)| format!("{}{d}", world.catalog.element(id).name.text)).collect()
    };
    assert_eq!(names("T", Reach::Up, 9), ["T0", "Inner1", "Outer2"]);
    assert_eq!(names("Outer", Reach::Down, 1), ["Outer0", "Inner1"]);
}
