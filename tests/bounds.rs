//! Trees that would explode if they were expanded.

mod support;

use support::{Tree, embedded, find, join, mapped, relations, root};

/// Each level joins twenty data sources of the level below over two columns: 64 million records in all.
#[test]
fn twenty_sources_on_six_levels_are_answered() {
    let tree = Tree::new();
    tree.table("Base", &["A", "B"]);
    let target =
        |level: usize| if level == 0 { "Base".to_owned() } else { format!("Level{}Entity", level - 1) };
    for level in 0..6 {
        let field = |name| {
            if level == 0 {
                name
            } else if name == "RecId" {
                "Id"
            } else {
                name
            }
        };
        let joined: String = (0..20)
            .map(|n| {
                let over = relations(&[join(field("RecId"), field("RecId")), join("A", "A")]);
                embedded(&format!("S{n}"), &target(level), &over)
            })
            .collect();
        let fields = [
            mapped("Id", "Top", field("RecId")),
            mapped("A", "Top", "A"),
            mapped("Deep", "S7", if level == 0 { "B" } else { "Deep" }),
        ];
        tree.entity(&format!("Level{level}Entity"), &root("Top", &target(level), &joined), &fields.concat());
    }
    let tracking = tree.analyze(&[]);
    let top = find(&tracking, "entities", "Level5Entity");
    assert_eq!(top["truncated"], false);
    let deep = find(top, "fields", "Deep");
    assert_eq!(deep["leaves"][0]["path"].as_array().map(Vec::len), Some(6));
    assert_eq!(deep["leaves"][0]["reason"], "nested_source");
    let needed = tracking["needed"].as_array().expect("a list");
    let plan = needed.iter().find(|n| n["entity"] == "Level5Entity").expect("a plan");
    assert_eq!(plan["remedy"], "entry", "Id is equal to the RecId of every record: {plan}");
    assert_eq!(plan["field"], "Id");
}

#[test]
fn a_chain_longer_than_the_path_limit_is_cut_and_said_so() {
    let tree = Tree::new();
    tree.table("Base", &["A"]);
    for level in 0..70 {
        let target = if level == 0 { "Base".to_owned() } else { format!("L{}", level - 1) };
        tree.entity(&format!("L{level}"), &root("D", &target, ""), &mapped("A", "D", "A"));
    }
    let tracking = tree.analyze(&[]);
    assert_eq!(find(&tracking, "entities", "L63")["truncated"], false);
    let cut = find(&tracking, "entities", "L64");
    assert_eq!(cut["truncated"], true);
    assert!(tracking["problems"].as_array().unwrap().iter().any(|p| p["code"] == "lineage-limit"));
}

#[test]
fn a_chain_of_thousands_does_not_overflow() {
    let tree = Tree::new();
    tree.table("Base", &["A"]);
    for level in 0..3000 {
        let target = if level == 0 { "Base".to_owned() } else { format!("L{}", level - 1) };
        tree.entity(&format!("L{level}"), &root("D", &target, ""), &mapped("A", "D", "A"));
    }
    assert_eq!(tree.analyze(&[])["entities"].as_array().map(Vec::len), Some(3000));
}
