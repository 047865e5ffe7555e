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

/// An entity may have any number of data sources and fields: the answer grows with the file.
#[test]
fn wide_entities_are_answered() {
    const WIDE: usize = 1_500;
    let tree = Tree::new();
    tree.table("Base", &["A"]);
    let joined: String = (0..WIDE)
        .map(|n| embedded(&format!("S{n}"), "Base", &relations(&[join("RecId", "RecId")])))
        .collect();
    let fields: String = (0..WIDE).map(|n| mapped(&format!("F{n}"), &format!("S{n}"), "A")).collect();
    tree.entity("Wide", &root("Top", "Base", &joined), &fields);
    let tracking = tree.analyze(&[]);
    let wide = find(&tracking, "entities", "Wide");
    assert_eq!(wide["truncated"], false);
    assert_eq!(wide["sources"].as_array().map(Vec::len), Some(WIDE + 1));
    assert_eq!(find(wide, "fields", "F1499")["leaves"].as_array().map(Vec::len), Some(1));
    let written = std::fs::metadata(tree.out().join("tracking.json")).expect("a result").len();
    assert!(written < 4_000_000, "{written} bytes for {WIDE} fields");
}

/// A union of unions doubles the leaves with each level: they are cut, and said to be.
#[test]
fn leaves_that_double_with_each_level_are_cut() {
    let tree = Tree::new();
    tree.table("Base", &["A"]);
    for level in 0..20 {
        let target = if level == 0 { "Base".to_owned() } else { format!("V{}", level - 1) };
        let branches = root("L", &target, "") + &root("R", &target, "");
        let field = "<AxViewField i:type=\"AxViewFieldBound\"><Name>A</Name><DataField>A</DataField><DataSource>L</DataSource></AxViewField>";
        tree.file(
            &format!("AxView/V{level}"),
            format!(
                "<AxView xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"><Name>V{level}</Name><Fields>{field}</Fields>\
                 <ViewMetadata><QueryType>Union</QueryType><DataSources>{branches}</DataSources></ViewMetadata></AxView>"
            ),
        );
    }
    tree.entity("E", &root("V", "V19", ""), &mapped("A", "V", "A"));
    let tracking = tree.analyze(&[]);
    let entity = find(&tracking, "entities", "E");
    assert_eq!(entity["truncated"], true);
    let leaves = find(entity, "fields", "A")["leaves"].as_array().map_or(0, Vec::len);
    assert!((1..=10_000).contains(&leaves), "{leaves} of a million leaves are kept");
    assert!(tracking["problems"].as_array().unwrap().iter().any(|p| p["code"] == "lineage-limit"));
}

/// A circle of many entities: each data source on it is cut once, whatever the way around.
#[test]
fn a_large_circle_is_cut_at_each_data_source() {
    const AROUND: usize = 300;
    let tree = Tree::new();
    for number in 0..AROUND {
        let (next, far) = ((number + 1) % AROUND, (number + 7) % AROUND);
        let sources = root("Next", &format!("C{next}"), &embedded("Far", &format!("C{far}"), ""));
        tree.entity(&format!("C{number}"), &sources, &mapped("A", "Next", "A"));
    }
    let tracking = tree.analyze(&[]);
    let problems = tracking["problems"].as_array().expect("a list");
    let cut = problems.iter().filter(|problem| problem["code"] == "cyclic-data-source").count();
    assert_eq!(cut, 2 * AROUND);
    let leaves = find(find(&tracking, "entities", "C0"), "fields", "A")["leaves"].clone();
    assert_eq!(leaves.as_array().map(Vec::len), Some(1));
    assert_eq!(leaves[0]["status"], "unresolved");
}

/// A picture of thousands of elements is limited before any other program sees it.
#[test]
fn a_picture_is_limited() {
    let tree = Tree::new();
    tree.table("Base", &["A"]);
    for number in 0..1_200 {
        let sources = root("D", "Base", &embedded("Far", &format!("N{}", (number * 7 + 1) % 1_200), ""));
        tree.entity(&format!("N{number}"), &sources, &mapped("A", "D", "A"));
    }
    let dot = tree.prints(&["graph"]);
    let nodes = dot.lines().filter(|line| line.contains('[') && !line.contains("->")).count();
    assert!(nodes < 200, "{nodes} nodes");
    let mermaid = tree.prints(&["graph", "--format", "mermaid"]);
    assert!(mermaid.len() <= 50_000, "{} bytes", mermaid.len());
    let everything = tree.run(&["graph", "--all", "--format", "mermaid"]);
    let said = support::text(&everything.stderr);
    assert!(said.contains("Mermaid usually draws"), "{said}");
}
