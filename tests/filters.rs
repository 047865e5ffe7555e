//! The filters of table maps, checked as a user checks them: the documented trap, its remedy applied, hostile text.

mod support;

use serde_json::{Value, json};
use support::{Tree, embedded, entity, join, mapped, method, relations, root, text};

/// A map of `entity` with these filters and rows.
fn map(entity: &str, filter: &str, reversed: &str, fields: &[&str]) -> String {
    let rows: Vec<Value> = fields
        .iter()
        .map(|field| {
            json!({ "syncDirection": 3, "sourceField": field.to_uppercase(), "destinationField": field.to_lowercase() })
        })
        .collect();
    let leg = json!({ "sourceSchema": entity, "destinationSchema": "msdyn_projects", "sourceFilter": filter,
        "reversedSourceFilter": reversed, "fieldMappings": rows });
    serde_json::to_string_pretty(&json!({ "name": "Projects", "legs": [leg] })).expect("JSON")
}

/// An entity of projects with their parents, which are joined as `join_mode` says.
fn project(methods: &str, join_mode: &str, fields: &str) -> String {
    let parent = format!("<JoinMode>{join_mode}</JoinMode>{}", relations(&[join("ParentId", "ProjId")]));
    let sources = root("Proj", "ProjTable", &embedded("Parent", "ProjTable", &parent));
    let own = mapped("ProjectId", "Proj", "ProjId") + &mapped("ParentProject", "Parent", "ProjId");
    entity("ProjectEntity", methods, &sources, &(own + fields))
}

fn tree(join_mode: &str) -> Tree {
    let tree = Tree::new();
    tree.table("ProjTable", &["ProjId", "ParentId"]);
    tree.file("AxDataEntityView/ProjectEntity", project("", join_mode, ""));
    tree
}

const FIELDS: [&str; 2] = ["ProjectId", "ParentProject"];

/// The findings about filters, with the exit code.
fn check(tree: &Tree, arguments: &[&str]) -> (Vec<Value>, Option<i32>) {
    let output = tree.run(&[&["check", "--maps", "maps", "--json"], arguments].concat());
    let document: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr)));
    let findings = document["findings"].as_array().expect("findings").iter();
    let about = |finding: &&Value| finding["rule"].as_str().is_some_and(|rule| rule.contains("filter"));
    (findings.filter(about).cloned().collect(), output.status.code())
}

fn rules(findings: &[Value]) -> Vec<&str> {
    findings.iter().map(|finding| finding["rule"].as_str().expect("a rule")).collect()
}

/// What the steps of a remedy say to type.
fn codes(finding: &Value) -> Vec<String> {
    let steps = finding["remedy"].as_array().expect("steps").iter();
    steps.filter_map(|step| step["code"].as_str().map(str::to_owned)).collect()
}

#[test]
fn an_empty_text_on_an_outer_join_is_the_documented_trap() {
    let tree = tree("OuterJoin");
    tree.beside("maps/projects.json", map("ProjectEntity", r#"(ParentProject == "")"#, "", &FIELDS));
    let (findings, code) = check(&tree, &[]);
    assert_eq!((rules(&findings), code), (vec!["filter-null-comparison"], Some(1)));
    let finding = &findings[0];
    assert_eq!((&finding["severity"], &finding["confidence"]), (&json!("error"), &json!("documented")));
    assert_eq!(
        finding["message"],
        "ParentProject == \"\" never holds where ProjectEntity.ParentProject is NULL, and NULL is not the empty \
         value: data source Parent of ProjectEntity is joined with an outer join"
    );
    assert_eq!((&finding["place"]["file"], &finding["place"]["line"]), (&json!("projects.json"), &json!(7)));
    let path: Vec<&str> =
        finding["path"].as_array().expect("a path").iter().filter_map(|hop| hop["text"].as_str()).collect();
    assert_eq!(path, ["entity ProjectEntity", "Parent (table ProjTable; outer join)"]);
    let (findings, code) = check(&tree, &["-A", "filter-null-comparison"]);
    assert_eq!((rules(&findings), code), (vec![], Some(0)));
}

#[test]
fn the_remedy_of_the_trap_works() {
    let tree = tree("OuterJoin");
    tree.beside("maps/projects.json", map("ProjectEntity", r#"(ParentProject == "")"#, "", &FIELDS));
    let (findings, _) = check(&tree, &[]);
    let [field, code, filter] = codes(&findings[0]).try_into().expect("a field, a method, a filter");
    assert_eq!(filter, r#"(ParentProjectNotNull == "")"#);
    let with_method = project(&method("parentProjectNotNull", &code), "OuterJoin", &field);
    tree.file("AxDataEntityView/ProjectEntity", with_method);
    let fields = ["ProjectId", "ParentProject", "ParentProjectNotNull"];
    tree.beside("maps/projects.json", map("ProjectEntity", &filter, "", &fields));
    assert_eq!(rules(&check(&tree, &[]).0), [""; 0]);
    tree.beside("maps/projects.json", map("ProjectEntity", r#"(ParentProject == "")"#, "", &fields));
    let (findings, _) = check(&tree, &[]);
    assert_eq!(codes(&findings[0]), [filter], "the column that is there is the remedy now");
}

#[test]
fn the_remedy_for_an_entity_of_others_is_an_extension() {
    let tree = Tree::new();
    tree.table("OwnTable", &["A"]);
    tree.beside(
        "standard/App/App/AxTable/ProjTable.xml",
        support::table("ProjTable", &["ProjId", "ParentId"]),
    );
    tree.beside("standard/App/App/AxDataEntityView/ProjectEntity.xml", project("", "OuterJoin", ""));
    tree.beside("maps/projects.json", map("ProjectEntity", r#"(ParentProject == "")"#, "", &FIELDS));
    let standard = ["--metadata", "standard"];
    let (findings, _) = check(&tree, &standard);
    let [field, class, filter] = codes(&findings[0]).try_into().expect("a field, a class, a filter");
    let (declaration, rest) = class.split_once("    /// <summary>").expect("the method follows");
    assert!(declaration.ends_with("final class ProjectEntity_Test_Extension\n{\n"), "{declaration}");
    let body = rest.rsplit_once('}').expect("the end of the class").0;
    tree.file(
        "AxClass/ProjectEntity_Test_Extension",
        format!(
            "<AxClass><Name>ProjectEntity_Test_Extension</Name><SourceCode><Declaration><![CDATA[{declaration}}}]]>\
             </Declaration><Methods>{}</Methods></SourceCode></AxClass>",
            method("parentProjectNotNull", &format!("    /// <summary>{body}"))
        ),
    );
    tree.file(
        "AxDataEntityViewExtension/ProjectEntity.Test",
        format!(
            "<AxDataEntityViewExtension xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">\
             <Name>ProjectEntity.Test</Name><Fields>{field}</Fields></AxDataEntityViewExtension>"
        ),
    );
    let fields = ["ProjectId", "ParentProject", "ParentProjectNotNull"];
    tree.beside("maps/projects.json", map("ProjectEntity", &filter, "", &fields));
    assert_eq!(rules(&check(&tree, &standard).0), [""; 0]);
}

#[test]
fn an_inner_join_is_no_trap() {
    let tree = tree("InnerJoin");
    tree.beside("maps/projects.json", map("ProjectEntity", r#"(ParentProject == "")"#, "", &FIELDS));
    assert_eq!(check(&tree, &[]).0, Vec::<Value>::new());
}

#[test]
fn each_mistake_is_found_once_under_its_rule() {
    let tree = tree("OuterJoin");
    for (filter, reversed, expected) in [
        ("(ProjectId = 1", "", vec!["filter-syntax"]),
        ("ProjectId = 1", "", vec!["filter-parentheses"]),
        ("(ProjektId = 1)", "", vec!["filter-unknown-field"]),
        ("(Proj.ProjId = 1)", "", vec!["filter-unknown-field"]),
        ("(RecId > 0)", "", vec!["filter-unmapped-field"]),
        ("(ParentProject < 100)", "", vec!["filter-null-comparison"]),
        ("", "projectid == 1", vec!["reversed-filter-syntax"]),
        ("", "projectid/owner/name eq 'x'", vec!["reversed-filter-nested-lookup"]),
        ("", "contains(projectid, 'x')", vec!["reversed-filter-unsupported"]),
        ("", "statecode eq 0", vec!["filter-unmapped-field"]),
        ("(ProjectId != \"x\")", "projectid ne null", vec![]),
    ] {
        tree.beside("maps/projects.json", map("ProjectEntity", filter, reversed, &FIELDS));
        assert_eq!(rules(&check(&tree, &["--fail-on", "note"]).0), expected, "{filter}{reversed}");
    }
}

#[test]
fn maps_of_unknown_entities_are_still_read() {
    let tree = tree("OuterJoin");
    tree.beside("maps/projects.json", map("Nothing", "(A == ", "b ==", &FIELDS));
    assert_eq!(rules(&check(&tree, &[]).0), ["filter-syntax", "reversed-filter-syntax"]);
}

#[test]
fn hostile_filters_are_ordinary_input() {
    let tree = tree("OuterJoin");
    let deep = "(".repeat(50_000);
    let long = format!("({})", vec!["(ParentProject == \"\")"; 500].join(" || "));
    for filter in [
        "(A == \"\u{1b}[2J\u{202e}\")",
        "(<script>alert(1)</script> == 1)",
        "\u{0}\u{0}\u{0}",
        "(=cmd|'/C calc'!A0)",
        "(\u{feff}Größe == '😀')",
        &deep,
        &long,
    ] {
        tree.beside("maps/projects.json", map("ProjectEntity", filter, filter, &FIELDS));
        let output = tree.run(&["check", "--maps", "maps"]);
        let (out, error) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(
            !out.contains('\u{1b}') && !out.contains('\u{202e}') && !error.contains("panicked"),
            "{error}"
        );
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let tree = tree("OuterJoin");
    let filter = r#"((ParentProject == "") && (Gone == 1) && (RecId == 0))"#;
    tree.beside("maps/a.json", map("ProjectEntity", filter, "a/b/c eq contains(d, 'e')", &FIELDS));
    tree.beside("maps/b.json", map("ProjectEntity", "(A", "b", &FIELDS));
    let run = |threads| tree.run(&["check", "--maps", "maps", "--all", "--threads", threads]).stdout;
    assert_eq!(text(&run("1")), text(&run("8")));
}
