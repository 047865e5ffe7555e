//! Files that are broken, endless, or no metadata at all: each is named with its place, and the rest is judged.

mod support;

use serde_json::{Value, json};
use std::fs;
use support::checks::{harmless, shown, well_formed, writes_only_results};
use support::platform::{can_link, link, set_mode};
use support::sample::{leaves, list, problems, string};
use support::{Tree, embedded, entity, find, mapped, method, root, table, text};

/// A tree with something good in it: entity `Good` over table `GoodTable`, one field `A`.
fn tree() -> Tree {
    let tree = Tree::new();
    tree.table("GoodTable", &["A"]);
    tree.entity("Good", &root("GoodTable", "GoodTable", ""), &mapped("A", "GoodTable", "A"));
    tree
}

/// Runs all that reads the tree; the good entity is judged whatever else is there. Returns `tracking.json`.
fn survives(tree: &Tree) -> Value {
    let output = tree.run(&["analyze", "--all", "--verbose"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    harmless(&text(&output.stdout));
    harmless(&text(&output.stderr));
    well_formed(tree);
    let tracking = tree.tracking();
    assert_eq!(leaves(find(&tracking, "entities", "Good"), "A")[0]["status"], "tracked");
    for problem in list(&tracking["problems"]) {
        let message = shown(string(problem, "message"));
        assert!(text(&output.stdout).contains(&message), "{message} is listed");
    }
    tracking
}

/// The only problem with a file; its place is listed too.
fn problem<'a>(tree: &Tree, tracking: &'a Value, code: &str, file: &str) -> &'a Value {
    let [problem] = problems(tracking, code)[..] else {
        panic!("one {code}: {}", tracking["problems"]);
    };
    assert_eq!(problem["file"], file);
    let place = format!("--> {file}:{}:{}", problem["line"], problem["column"]);
    let listed = tree.prints(&["analyze", "--verbose"]);
    assert!(listed.contains(&place), "{place} in {listed}");
    problem
}

/// Where a problem is: line and column.
fn at(problem: &Value) -> (u64, u64) {
    let number = |key: &str| problem[key].as_u64().expect("a number");
    (number("line"), number("column"))
}

const FILE: &str = "Test/Test/AxDataEntityView/Bad.xml";

#[test]
fn a_truncated_file_is_named_wherever_it_ends() {
    let whole = entity(
        "Bad",
        &method("m", "public void m()\n{\n}\n"),
        &root("GoodTable", "GoodTable", ""),
        &mapped("A", "GoodTable", "A"),
    );
    for length in (1..whole.trim_end().len()).step_by(37) {
        let tree = tree();
        tree.raw(FILE, &whole[..length]);
        let tracking = survives(&tree);
        let problem = problem(&tree, &tracking, "malformed-file", FILE);
        let (line, column) = at(problem);
        let lines = u64::try_from(whole[..length].lines().count()).expect("a number");
        assert!((1..=lines + 1).contains(&line) && column >= 1, "{problem} after {length} bytes");
        assert!(list(&tracking["entities"]).iter().all(|entity| entity["name"] != "Bad"), "half an entity");
    }
}

#[test]
fn a_cdata_section_without_end_is_named() {
    let tree = tree();
    let bad = entity("Bad", "<Method><Name>m</Name><Source><![CDATA[ void m() {} </Source></Method>", "", "");
    tree.raw(FILE, &bad);
    let tracking = survives(&tree);
    let problem = problem(&tree, &tracking, "malformed-file", FILE);
    let line = bad.lines().position(|line| line.contains("CDATA")).expect("a line") + 1;
    assert_eq!(at(problem).0, u64::try_from(line).expect("a number"), "{problem}");
    assert!(string(problem, "message").contains("CDATA"), "{problem}");
}

#[test]
fn what_is_no_xml_is_named() {
    for (content, code) in [
        (&b""[..], "malformed-file"),
        (b"\xEF\xBB\xBF", "malformed-file"),
        (b"   \r\n ", "malformed-file"),
        (b"hello", "malformed-file"),
        (b"{\"legs\": []}", "malformed-file"),
        (b"\0\0\0\0", "malformed-file"),
        (b"<AxDataEntityView><Name>B</Name></AxDataEntity>", "malformed-file"),
        (b"<AxDataEntityView><Name>B & C</Name></AxDataEntityView>", "malformed-file"),
        (b"<AxDataEntityView><Name>Bad</Name><Name", "malformed-file"),
        (b"<AxDataEntityView><Name>Gr\xF6\xDFe</Name></AxDataEntityView>", "wrong-encoding"),
        (b"\xFF\xFE<\0A\0>", "wrong-encoding"),
        (b"\xFE\xFF\xD8\0\0<", "wrong-encoding"),
    ] {
        let tree = tree();
        tree.raw(FILE, content);
        let tracking = survives(&tree);
        problem(&tree, &tracking, code, FILE);
    }
}

#[test]
fn utf_16_is_read_with_a_mark_and_without() {
    let text = entity("Bad", "", &root("GoodTable", "GoodTable", ""), &mapped("Grün", "GoodTable", "A"));
    for (mark, bytes) in [
        (&b"\xFF\xFE"[..], u16::to_le_bytes as fn(u16) -> [u8; 2]),
        (b"\xFE\xFF", u16::to_be_bytes),
        (b"", u16::to_le_bytes),
        (b"", u16::to_be_bytes),
    ] {
        let tree = tree();
        let utf16: Vec<u8> = text.encode_utf16().flat_map(bytes).collect();
        tree.raw(FILE, [mark, &*utf16].concat());
        let tracking = survives(&tree);
        assert_eq!(leaves(find(&tracking, "entities", "Bad"), "Grün")[0]["status"], "tracked");
        assert_eq!(list(&tracking["problems"]), [] as [Value; 0]);
    }
}

/// A document type can define entities that grow to gigabytes, or that name files.
#[test]
fn document_types_are_not_expanded() {
    let level = |n: usize| format!("<!ENTITY e{n} \"{}\">", format!("&e{};", n - 1).repeat(10));
    let levels = (1..40).map(level).collect::<Vec<_>>().concat();
    let tree = tree();
    tree.beside("secret.txt", "TopSecret");
    let secret = tree.folder().join("secret.txt");
    let head =
        format!("<!DOCTYPE a [<!ENTITY e0 \"x\">{levels}<!ENTITY f SYSTEM \"{}\">]>", secret.display());
    let body = entity("Bad", "", &root("GoodTable", "GoodTable", ""), &mapped("&e39;&f;", "GoodTable", "A"));
    tree.raw(FILE, body.replacen("?>\n", &format!("?>\n{head}\n"), 1));
    let tracking = survives(&tree);
    assert!(list(&tracking["problems"]).iter().any(|p| p["file"] == FILE), "{}", tracking["problems"]);
    assert!(!tracking.to_string().contains("TopSecret"));
}

#[test]
fn an_entity_that_is_its_own_data_source_is_not_followed() {
    let tree = tree();
    tree.raw(FILE, entity("Bad", "", &root("Bad", "bad", ""), &mapped("A", "Bad", "A")));
    let tracking = survives(&tree);
    let bad = find(&tracking, "entities", "Bad");
    assert_eq!(find(bad, "sources", "Bad")["status"], "unresolved");
    let [leaf] = leaves(bad, "A") else { panic!("one leaf") };
    assert_eq!(leaf["status"], "unresolved");
    assert_eq!(
        (&leaf["path"], &leaf["table"], &leaf["column"]),
        (&json!(["Bad"]), &json!("Bad"), &json!("A"))
    );
    problem(&tree, &tracking, "cyclic-data-source", FILE);
    assert!(tree.prints(&["explain", "Bad.A"]).contains("Bad"));
    assert!(tree.prints(&["graph", "--entity", "Bad", "--format", "mermaid"]).contains("graph LR"));
}

/// Two entities that use each other, beside a good path to the table.
#[test]
fn a_circle_of_entities_is_cut_in_the_same_way_from_every_side() {
    let tree = tree();
    for (one, other) in [("Bad", "Worse"), ("Worse", "Bad")] {
        let sources = root("GoodTable", "GoodTable", &embedded("Other", other, ""));
        let fields = [mapped("A", "GoodTable", "A"), mapped("Far", "Other", "Far")].concat();
        tree.file(&format!("AxDataEntityView/{one}"), entity(one, "", &sources, &fields));
    }
    let tracking = survives(&tree);
    for name in ["Bad", "Worse"] {
        let entity = find(&tracking, "entities", name);
        assert_eq!(leaves(entity, "A")[0]["status"], "tracked");
        assert_eq!(leaves(entity, "Far")[0]["status"], "unresolved");
    }
    assert_eq!(problems(&tracking, "cyclic-data-source").len(), 2);
}

const DEEP: usize = 100_000;

#[test]
fn endless_nesting_is_cut_and_does_not_overflow() {
    let open = "<AxQuerySimpleEmbeddedDataSource><Name>D</Name><Table>GoodTable</Table><DataSources>";
    let close = "</DataSources></AxQuerySimpleEmbeddedDataSource>";
    let sources = |inner: &str| entity("Bad", "", &root("GoodTable", "GoodTable", inner), "");
    let nested = |open: &str, close: &str| format!("{}{}", open.repeat(DEEP), close.repeat(DEEP));
    for content in [
        sources(&nested(open, close)),
        sources(&nested(open, "")),
        sources(&nested("<Odd>", "</Odd>")),
        format!("<AxDataEntityView><Name>Bad</Name>{}</AxDataEntityView>", nested("<A><B>", "</B></A>")),
        nested("<AxTable>", "</AxTable>"),
        nested("<a>", ""),
    ] {
        let tree = tree();
        tree.raw(FILE, &content);
        let tracking = survives(&tree);
        let found = list(&tracking["problems"]).iter().any(|problem| {
            problem["file"] == FILE && ["nesting-limit", "malformed-file"].contains(&string(problem, "code"))
        });
        assert!(found, "{} ({})", tracking["problems"], &content[..60]);
    }
}

/// X++ that no compiler has seen: what cannot be read is said to be so.
#[test]
fn endless_or_broken_methods_do_not_stop_anything() {
    let mapping = |body: &str| {
        let head = "public static container getEntityDataSourceToFieldMapping(container mapping)\n";
        method("getEntityDataSourceToFieldMapping", &format!("{head}{{\n{body}\nreturn mapping;\n}}"))
    };
    let wrapped = |open: &str, close: &str, n: usize| {
        let entry = "[identifierStr(D), tableNum(GoodTable), fieldStr(Bad, A)]";
        format!("mapping += [{}{entry}{}];", open.repeat(n), close.repeat(n))
    };
    for body in [
        wrapped("(", ")", DEEP),
        wrapped("[", "]", DEEP),
        wrapped("[", "", DEEP),
        format!("{}mapping += [[1]];{}", "if (a) {".repeat(DEEP), "}".repeat(DEEP)),
        format!("{}mapping += [[1]];", "if (a) ".repeat(DEEP)),
        format!("mapping += [[{}]];", "strFmt(".repeat(DEEP)),
        "mapping += [[\"".to_owned(),
        "/* mapping += [[".to_owned(),
        "}}}}]]))".to_owned(),
        "mapping = mapping + + + ;;; += ] [".to_owned(),
        format!("mapping += {};", "mapping + ".repeat(DEEP)),
    ] {
        let tree = tree();
        let fields = mapped("A", "GoodTable", "A");
        tree.raw(FILE, entity("Bad", &mapping(&body), &root("GoodTable", "GoodTable", ""), &fields));
        let tracking = survives(&tree);
        let bad = find(&tracking, "entities", "Bad");
        assert_eq!(leaves(bad, "A")[0]["status"], "tracked", "{}", &body[..body.len().min(60)]);
        assert_eq!(bad["mapping_method"]["present"], true);
    }
}

#[test]
fn a_computed_column_of_endless_calls_is_answered() {
    let calls = |n: usize| -> String {
        let one = |i: usize| {
            let body = format!("private static str m{i}()\n{{\n return Bad::m{}();\n}}", i + 1);
            method(&format!("m{i}"), &body)
        };
        (0..n).map(one).collect()
    };
    let field = "<AxDataEntityViewField i:type=\"AxDataEntityViewUnmappedFieldString\"><Name>C</Name>\
                 <ComputedFieldMethod>m0</ComputedFieldMethod></AxDataEntityViewField>";
    let tree = tree();
    let last = method("m2000", "private static str m2000()\n{\n return Bad::m0();\n}");
    let methods = calls(2000) + &last;
    tree.raw(FILE, entity("Bad", &methods, &root("GoodTable", "GoodTable", ""), field));
    let tracking = survives(&tree);
    let bad = find(&tracking, "entities", "Bad");
    assert_eq!(bad["truncated"], true, "{}", find(bad, "fields", "C"));
    assert_eq!(problems(&tracking, "lineage-limit").len(), 1);
}

#[test]
fn files_of_another_kind_or_name_are_read_for_what_they_are() {
    let tree = tree();
    // A table in the folder of the entities, a file whose name says something else, and things to skip.
    tree.raw(FILE, table("OtherTable", &["B"]));
    tree.entity("Other", &root("OtherTable", "OtherTable", ""), &mapped("B", "OtherTable", "B"));
    tree.raw("Test/Test/AxTable/readme.md", "no metadata");
    tree.raw("Test/Test/AxTable/Copy of GoodTable.xml", "<AxEdt><Name>X</Name></AxEdt>");
    tree.raw("Test/Test/AxForm/Broken.xml", "<");
    tree.raw("Test/bin/AxTable/Broken.xml", "<");
    fs::create_dir_all(tree.root().join("Test/Test/AxTable/Folder.xml")).expect("a folder");
    let tracking = survives(&tree);
    assert_eq!(leaves(find(&tracking, "entities", "Other"), "B")[0]["status"], "tracked");
    assert!(list(&tracking["problems"]).iter().all(|problem| problem["severity"] != "error"));
}

/// Files and folders that the operating system does not let the tool open.
#[test]
fn what_cannot_be_opened_is_named() {
    if !can_link() {
        return;
    }
    let tree = tree();
    link("nowhere.xml", tree.root().join("Test/Test/AxTable/Gone.xml"));
    let tracking = survives(&tree);
    let named = |tracking: &Value, name: &str| {
        let unreadable = problems(tracking, "unreadable-file").into_iter();
        unreadable.filter(|problem| string(problem, "message").contains(name)).count()
    };
    assert_eq!(named(&tracking, "Gone.xml"), 1, "{}", tracking["problems"]);

    let closed = tree.root().join(FILE);
    tree.raw(FILE, "<AxDataEntityView/>");
    let folder = tree.root().join("Closed/Closed/AxTable");
    tree.raw("Closed/Closed/AxTable/X.xml", table("X", &[]));
    set_mode(&closed, 0o000);
    set_mode(&folder, 0o000);
    // The administrator may open everything, and everybody on Windows.
    let may_open = fs::read(&closed).is_ok();
    if !may_open {
        let tracking = survives(&tree);
        assert_eq!(named(&tracking, "Bad.xml"), 1, "{}", tracking["problems"]);
        assert_eq!(named(&tracking, "Closed"), 1, "{}", tracking["problems"]);
    }
    set_mode(&closed, 0o644);
    set_mode(&folder, 0o755);
}

#[test]
fn nothing_is_written_but_the_results() {
    let tree = tree();
    tree.raw(FILE, "<AxDataEntityView><Name>../../escape</Name></AxDataEntityView>");
    tree.raw("Test/Descriptor/Test.xml", "<AxModelInfo><Name>..\\..\\/etc/../Test</Name></AxModelInfo>");
    writes_only_results(&tree, || {
        survives(&tree);
        tree.prints(&["graph"]);
    });
    let mut names: Vec<_> =
        fs::read_dir(tree.out()).expect("results").map(|e| e.expect("a file").file_name()).collect();
    names.retain(|name| name != "graph.svg");
    names.sort();
    assert_eq!(names, ["definitions.csv", "graph.dot", "suggestions.md", "tracking.json"]);
}
