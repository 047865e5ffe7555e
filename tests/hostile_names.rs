//! Names that mean something to a terminal, a spreadsheet, a browser, a shell or a drawing program: as names
//! of elements, fields, data sources, labels and models they are names and nothing else.

mod support;

use serde_json::Value;
use std::collections::BTreeSet;
use support::checks::{csv_rows, harmless, shown, well_formed, writes_only_results};
use support::odd::{NAMES, entity_name, tree, xml};
use support::sample::{entries, leaves, list, problems, string, triple};
use support::{Tree, entity, find, mapped, method, root, text};

#[test]
fn odd_names_are_read_as_they_are_written() {
    let tree = tree();
    let tracking = tree.analyze(&[]);
    assert_eq!(list(&tracking["entities"]).len(), 2 * NAMES.len());
    for name in NAMES {
        let entity = find(&tracking, "entities", &entity_name(name));
        assert_eq!(entity["model"], **name);
        let source = find(entity, "sources", name);
        assert_eq!((&source["target"], &source["status"]), (&Value::from(*name), &Value::from("tracked")));
        let [leaf] = leaves(entity, name) else { panic!("one leaf of {name:?}") };
        assert_eq!((&leaf["table"], &leaf["column"]), (&Value::from(*name), &Value::from(*name)));
        let far = find(&tracking, "entities", &format!("{name}~far"));
        assert_eq!(leaves(far, name)[0]["reason"], "nested_source");
    }
    let problems = list(&tracking["problems"]);
    assert!(problems.iter().all(|problem| problem["severity"] != "error"), "{problems:?}");
}

#[test]
fn results_with_odd_names_are_well_formed_and_nothing_else_is_written() {
    let tree = tree();
    writes_only_results(&tree, || {
        let output = tree.run(&["analyze", "--all", "--verbose"]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        harmless(&text(&output.stdout));
        harmless(&text(&output.stderr));
        for name in NAMES {
            assert!(text(&output.stdout).contains(&shown(&entity_name(name))), "{name:?} in the summary");
        }
    });
    well_formed(&tree);
    let printed = tree.prints(&["analyze", "--verbose", "--maps", &odd_map(&tree)]);
    harmless(&printed);
    let tracking = tree.tracking();
    assert_eq!(problems(&tracking, "unresolved-reference").len(), NAMES.len());
    assert_eq!(problems(&tracking, "unmatched-map-entity").len(), NAMES.len());
    for problem in list(&tracking["problems"]) {
        assert!(printed.contains(&shown(string(problem, "message"))), "{problem}");
    }
    for name in NAMES {
        let refers = format!("{name}~far refers to {name}~gone (data source Gone), which is not loaded");
        assert!(printed.contains(&shown(&refers)), "{refers}");
    }
}

/// A map with a leg for each name, which no entity has.
fn odd_map(tree: &Tree) -> String {
    let leg =
        |name: &&str| serde_json::json!({ "sourceSchema": format!("{name}~none"), "fieldMappings": [] });
    let legs: Vec<Value> = NAMES.iter().map(leg).collect();
    tree.beside("odd.json", serde_json::json!({ "legs": legs }).to_string())
}

#[test]
fn every_odd_name_is_in_the_table_of_definitions() {
    let tree = tree();
    tree.analyze(&[]);
    let names: BTreeSet<String> = NAMES.iter().map(|name| entity_name(name)).collect();
    let unquoted = |cell: &String| cell.strip_prefix('\'').unwrap_or(cell).to_owned();
    let found: BTreeSet<String> = csv_rows(&tree).iter().map(|row| unquoted(&row[1])).collect();
    let missing: Vec<_> = names.difference(&found).collect();
    assert_eq!(missing, [&""; 0]);
}

/// Entities that write rows by hand under labels that are formulas, markup and escapes.
#[test]
fn odd_labels_of_mapping_entries_are_kept_and_harmless() {
    let labels = ["=1+1", "@x", "-1", "+1", "<b>", "a|b", "../up", "\u{202e}x", "{target}", "%%", "$(x)"];
    let entry = |label: &str| format!("[\"{label}\", tableNum(Deep), fieldStr(Outer, DeepRecId)]");
    let list: Vec<String> = labels.iter().map(|label| entry(label)).collect();
    let body = format!(
        "public static container getEntityDataSourceToFieldMapping(container mapping)\n\
         {{\n    mapping += [{}];\n    return mapping;\n}}",
        list.join(",\n")
    );
    let tree = Tree::new();
    tree.table("Top", &["A"]).table("Deep", &["B"]);
    let nested = [mapped("B", "Deep", "B"), mapped("DeepRecId", "Deep", "RecId")].concat();
    tree.entity("Inner", &root("Deep", "Deep", ""), &nested);
    let outer = root("Top", "Top", &support::embedded("Inner", "Inner", ""));
    let fields = [mapped("B", "Inner", "B"), mapped("DeepRecId", "Inner", "DeepRecId")].concat();
    let method = method("getEntityDataSourceToFieldMapping", &body);
    tree.file("AxDataEntityView/Outer", entity("Outer", &method, &outer, &fields));

    let output = tree.run(&["analyze", "--all", "--verbose"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    well_formed(&tree);
    let tracking = tree.tracking();
    let found: Vec<_> = entries(find(&tracking, "entities", "Outer")).iter().map(|e| triple(e)[0]).collect();
    assert_eq!(found, labels);
    let explained = tree.prints(&["explain", "Outer"]);
    harmless(&explained);
    for label in labels {
        assert!(
            explained.contains(&format!("[{}, Deep, DeepRecId]", shown(label))),
            "{label:?}: {explained}"
        );
    }
    let cells: Vec<String> = csv_rows(&tree).into_iter().map(|mut row| row.swap_remove(2)).collect();
    for label in labels {
        let cell =
            if label.starts_with(['=', '@', '-', '+']) { format!("'{label}") } else { label.to_owned() };
        assert!(cells.contains(&cell), "{cell} in {cells:?}");
    }
}

/// Every command that prints names prints each of these without harm.
#[test]
fn commands_print_odd_names_without_harm() {
    let tree = tree();
    let named: Vec<String> =
        NAMES.iter().filter(|name| !name.contains(['.', ':'])).map(|n| (*n).to_owned()).collect();
    let entities: Vec<String> = named.iter().map(|name| entity_name(name)).collect();
    let fields: Vec<String> = named.iter().map(|name| format!("{name}~far.{name}")).collect();
    for (command, names) in [("explain", &entities), ("explain", &fields), ("impact", &named)] {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for format in [&["--all", "--"][..], &["--json", "--"]] {
            let arguments = [&[command], format, &names].concat();
            let printed = tree.prints(&arguments);
            harmless(&printed);
            if format[0] == "--json" {
                let document: Value = serde_json::from_str(&printed).expect("valid JSON");
                assert!(document.to_string().len() > 100);
            }
        }
    }
    for format in ["dot", "mermaid", "json"] {
        harmless(&tree.prints(&["graph", "--all", "--format", format]));
    }
    for name in &named {
        let option = format!("--table={name}");
        harmless(&tree.prints(&["graph", &option, "--format", "mermaid"]));
    }
}

/// In Mermaid all but letters, digits and harmless signs stands as a code, so that no name ends its quotes.
#[test]
fn mermaid_has_no_bare_sign_of_a_name() {
    let tree = tree();
    let printed = tree.prints(&["graph", "--all", "--format", "mermaid"]);
    for line in printed.lines() {
        assert_eq!(line.matches('"').count() % 2, 0, "{line}");
        for quoted in line.split('"').skip(1).step_by(2) {
            let text = quoted.replace("<br/>", "");
            assert!(!text.contains(['<', '>', '[', ']', '{', '}', '|', '`', '\\', '(', ')']), "{line}");
        }
    }
}

/// Names that the user types come back in messages.
#[test]
fn messages_about_odd_names_are_harmless() {
    let tree = tree();
    for name in NAMES {
        let typed = format!("{name}?");
        for command in [["explain", "--", &typed], ["impact", "--", &typed]] {
            let error = support::refusal(&tree.run(&command));
            harmless(&error);
        }
        let policy = format!("--policy={typed}={typed}");
        let config = format!("--config={typed}");
        for option in [policy, config] {
            harmless(&support::refusal(&tree.run(&["analyze", &option])));
        }
        let mut command = support::dualtrack(tree.folder());
        let output = command.args(["analyze", "--"]).arg(&typed).output().expect("the binary runs");
        harmless(&support::refusal(&output));
    }
}

/// The names that a file can have; folders that begin with a dot are passed over.
#[cfg(unix)]
fn file_names() -> impl Iterator<Item = String> {
    NAMES.iter().filter(|name| !name.starts_with('.')).map(|name| name.replace('/', "_"))
}

/// Folders and files may have such names too, on systems that allow it.
#[cfg(unix)]
#[test]
fn odd_names_of_files_and_folders_are_harmless() {
    let tree = Tree::new();
    tree.table("Top", &["A"]);
    for name in file_names() {
        let folder = format!("{name}/{name}");
        tree.raw(&format!("{folder}/AxTable/{name}.xml"), "<AxTable/>");
        tree.raw(&format!("{folder}/AxView/{name} broken.xml"), "<AxView>");
        tree.raw(
            &format!("{folder}/AxDataEntityView/{name}~entity.xml"),
            entity("", "", &root("T", &xml(&name), ""), ""),
        );
    }
    let output = tree.run(&["analyze", "--all", "--verbose"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    harmless(&text(&output.stdout));
    harmless(&text(&output.stderr));
    well_formed(&tree);
    let tracking = tree.tracking();
    let broken = |problem: &&Value| problem["code"] == "malformed-file";
    assert_eq!(list(&tracking["problems"]).iter().filter(broken).count(), file_names().count());
    for name in file_names() {
        let found = find(&tracking, "entities", &entity_name(&name));
        assert!(string(found, "file").starts_with(&format!("{name}/{name}/")), "{found}");
        assert_eq!(
            list(&found["sources"])[0]["status"],
            "untracked",
            "its table is found by the name of its file"
        );
    }
    // A root that is none, with such folders beside it.
    let mut command = support::dualtrack(tree.folder());
    let output = command.args(["analyze", "."]).output().expect("the binary runs");
    assert!(output.status.success() || support::refusal(&output).contains("did you mean"));
    harmless(&text(&output.stderr));
}
