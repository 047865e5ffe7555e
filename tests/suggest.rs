//! `dualtrack suggest`, run as a user runs it: on the sample metadata, and on small trees made for a case.

mod support;

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use support::{Tree, dualtrack, embedded, entity, find, join, mapped, method, relations, root, text};

const NAME: &str = "getEntityDataSourceToFieldMapping";
const CONTACT: &str = "smmContactPersonCDSV2Entity";

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run_on(metadata: &Path, arguments: &[&str]) -> Output {
    let mut command = dualtrack(project());
    command.arg(arguments[0]).arg("-m").arg(metadata).args(["--maps", "metadata/maps"]).args(&arguments[1..]);
    command.output().expect("the binary runs")
}

fn done(output: &Output) -> String {
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn suggest(arguments: &[&str]) -> String {
    done(&run_on(Path::new("metadata"), &[&["suggest"], arguments].concat()))
}

fn json(output: &str) -> Value {
    serde_json::from_str(output).expect("valid JSON")
}

/// A copy of the sample that may be changed.
fn copy() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, bytes) in contents(&project().join("metadata")) {
        let to = folder.path().join(path);
        fs::create_dir_all(to.parent().expect("a folder")).expect("folders");
        fs::write(to, bytes).expect("a file");
    }
    folder
}

fn contents(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let relative = path.strip_prefix(root).expect("below the root").to_owned();
                found.insert(relative, fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

/// The documented contact scenario: a field, the same field one level up, an entry.
#[test]
fn the_plan_for_contacts_has_three_steps() {
    let name = ["--entity", CONTACT, "--field-name", "PrimaryPostalAddressRecId"];
    insta::assert_snapshot!("contact", suggest(&name));
    let plan = json(&suggest(&[&name[..], &["--json"]].concat()));
    let [need] = plan["entities"][0]["needed"].as_array().expect("a list").as_slice() else {
        panic!("{plan}")
    };
    assert_eq!(need["table"], "LogisticsPostalAddress");
    let steps: Vec<_> =
        need["steps"].as_array().expect("steps").iter().map(|s| (&s["element"], &s["field"])).collect();
    assert_eq!(format!("{steps:?}").matches("PrimaryPostalAddressRecId").count(), 2);
    assert_eq!((steps[0].0, steps[1].0), (&"smmContactPersonV2Entity".into(), &CONTACT.into()));
    assert_eq!(
        need["code"],
        format!(
            "[tableStr(smmContactPersonV2Entity), tableNum(LogisticsPostalAddress), fieldStr({CONTACT}, PrimaryPostalAddressRecId)]"
        )
    );
    assert_eq!(plan["entities"][0]["maps"], serde_json::json!(["[CDS Contacts V2] - [contacts]"]));
}

#[test]
fn after_the_change_contacts_are_tracked_and_nothing_is_left_to_do() {
    let folder = copy();
    let arguments = ["suggest", "--entity", CONTACT, "--field-name", "PrimaryPostalAddressRecId", "--apply"];
    let said = done(&run_on(folder.path(), &arguments));
    assert!(said.starts_with("Changed 2 files:\n"), "{said}");
    let explained =
        done(&run_on(folder.path(), &["explain", &format!("{CONTACT}.PrimaryAddressCity"), "--json"]));
    let leaf = &json(&explained)["subjects"][0]["leaves"][0];
    assert_eq!((&leaf["status"], &leaf["via"]), (&"tracked".into(), &"mapping_method".into()), "{leaf}");
    let left = done(&run_on(folder.path(), &["suggest", "--entity", CONTACT]));
    assert!(left.starts_with("Nothing to suggest: no entry is missing, and none can go.\n"), "{left}");
    let before = contents(folder.path());
    let again = done(&run_on(folder.path(), &["suggest", "--entity", CONTACT, "--apply"]));
    assert_eq!(again, "Nothing to do: no entry is missing, and none can go.\n");
    assert_eq!(before, contents(folder.path()));
}

#[test]
fn everything_is_applied_at_once_and_only_once() {
    let folder = copy();
    done(&run_on(folder.path(), &["suggest", "--apply"]));
    let (before, sample) = (contents(folder.path()), contents(&project().join("metadata")));
    let changed: Vec<_> =
        before.iter().filter(|(path, bytes)| sample.get(*path) != Some(bytes)).map(|(p, _)| p).collect();
    assert_eq!(changed.len(), 4, "{changed:?}");
    let said = done(&run_on(folder.path(), &["suggest", "--apply"]));
    assert!(said.starts_with("Nothing to do"), "{said}");
    assert_eq!(before, contents(folder.path()));
    let left = json(&done(&run_on(folder.path(), &["suggest", "--json"])));
    let entities = left["entities"].as_array().expect("a list");
    let list = |key: &str| {
        entities.iter().flat_map(|e| e[key].as_array().expect("a list").clone()).collect::<Vec<_>>()
    };
    assert_eq!(list("removable"), Vec::<Value>::new());
    assert!(list("needed").iter().all(|n| n["remedy"] == "add_source"));
}

#[test]
fn customers_without_a_mapped_fax_number_lose_the_fax_entry() {
    let plan = json(&suggest(&["--entity", "CustCustomerV3Entity", "--json"]));
    let [removable] = plan["entities"][0]["removable"].as_array().expect("a list").as_slice() else {
        panic!("one")
    };
    assert_eq!(removable["field"], "PrimaryContactFaxRecordId");
    assert_eq!(removable["rows_saved"], 1);
    let gone = plan["entities"][0]["rows"]["gone"].as_array().expect("rows");
    assert_eq!(gone.len(), 1);
    assert_eq!(gone[0]["data_source_name"], "DirPartyBaseEntity6");
}

#[test]
fn the_whole_list_as_text_and_as_markdown() {
    insta::assert_snapshot!("sample", suggest(&[]));
    insta::assert_snapshot!("sample_markdown", suggest(&["--format", "markdown"]));
    insta::assert_snapshot!("sample_diff", suggest(&["--diff"]));
}

#[test]
fn the_gallery_has_the_suggestions_of_the_sample() {
    let committed = fs::read_to_string(project().join("out/suggestions.md")).expect("out/suggestions.md");
    assert_eq!(committed, suggest(&["--format", "markdown"]));
}

#[test]
fn any_number_of_threads_gives_the_same() {
    for format in ["text", "json", "markdown", "xpp"] {
        let with = |threads| suggest(&["--format", format, "--threads", threads, "--all"]);
        assert_eq!(with("1"), with("8"), "{format}");
    }
}

#[test]
fn what_if_a_field_is_no_longer_mapped() {
    let fields = ["PrimaryContactURL", "PrimaryContactFax"];
    let supposed = [
        "--entity",
        "custcustomerv3entity",
        "--without-field",
        fields[0],
        "--with-field",
        fields[1],
        "--json",
    ];
    let shift = &json(&suggest(&supposed))["what_if"][0];
    assert_eq!(shift["removable"][0]["field"], "PrimaryContactURLRecordId");
    assert_eq!(shift["no_longer_removable"][0]["field"], "PrimaryContactFaxRecordId");
    let shown = suggest(&["--without-field", "CustCustomerV3Entity.PrimaryContactURL"]);
    assert!(shown.contains("What if CustCustomerV3Entity is mapped without PrimaryContactURL:"), "{shown}");
}

fn refused(arguments: &[&str]) -> String {
    let output = run_on(Path::new("metadata"), &[&["suggest"], arguments].concat());
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
    text(&output.stderr)
}

#[test]
fn wrong_names_are_refused_with_the_nearest_ones() {
    assert!(refused(&["--entity", "CustCustomerV4Entity"]).contains("did you mean CustCustomerV3Entity"));
    assert!(refused(&["--entity", "CustTable"]).contains("CustTable is a table, not an entity"));
    let field = refused(&["--entity", "CustCustomerV3Entity", "--without-field", "PrimaryContactFaks"]);
    assert!(field.contains("did you mean PrimaryContactFax"), "{field}");
    assert!(refused(&["--with-field", "PrimaryContactFax"]).contains("name its entity too"));
    let none = refused(&["--entity", "CustCustomerV3Entity", "--field-name", "XRecId"]);
    assert!(
        none.contains("--field-name needs exactly one group that a new RecId field helps; there are 0"),
        "{none}"
    );
    let taken = refused(&["--entity", CONTACT, "--field-name", "primaryaddresscity"]);
    assert!(taken.contains("has a field primaryaddresscity already"), "{taken}");
    assert!(refused(&["--entity", CONTACT, "--field-name", "a b"]).contains("is no name"));
}

/// An entity of another model over a nested one, whose address is not seen.
fn foreign(methods: &str) -> Tree {
    let tree = Tree::new();
    tree.table("T", &["Name", "Ref"]).table("U", &["City"]);
    let over = relations(&[join("Ref", "RecId")]);
    let inner = embedded("U", "U", &format!("<JoinMode>OuterJoin</JoinMode>{over}"));
    tree.entity(
        "Inner",
        &root("T", "T", &inner),
        &[mapped("Name", "T", "Name"), mapped("City", "U", "City")].concat(),
    );
    let fields = [mapped("Name", "Inner", "Name"), mapped("City", "Inner", "City")].concat();
    tree.file("AxDataEntityView/Outer", entity("Outer", methods, &root("Inner", "Inner", ""), &fields));
    tree.raw("Mine/Mine/AxTable/Own.xml", support::table("Own", &["A"]));
    tree.raw("Mine/Descriptor/Mine.xml", "<AxModelInfo><Name>Mine</Name></AxModelInfo>");
    tree.raw("../dualtrack.toml", "own-models = [\"Mine\"]\n");
    tree
}

fn code_of(tree: &Tree) -> Value {
    let output = tree.run(&["suggest", "--entity", "Outer", "--json"]);
    let plan = json(&done(&output));
    assert_eq!(plan["entities"][0]["inconsistencies"], serde_json::json!([]));
    plan["entities"][0]["code"][0].clone()
}

#[test]
fn an_entity_of_another_model_gets_an_extension_class() {
    let own = format!("public static container {NAME}(container mapping)\n{{\n    return mapping;\n}}\n");
    let tree = foreign(&method(NAME, &own));
    let code = code_of(&tree);
    assert_eq!((&code["form"], &code["class"]), (&"wrapper".into(), &"Outer_Mine_Extension".into()));
    insta::assert_snapshot!("wrapper", code["xpp"].as_str().expect("code"));
    done(&tree.run(&["suggest", "--entity", "Outer", "--apply"]));
    let files = contents(&tree.root());
    for path in [
        "AxDataEntityViewExtension/Outer.Mine.xml",
        "AxDataEntityViewExtension/Inner.Mine.xml",
        "AxClass/Outer_Mine_Extension.xml",
    ] {
        assert!(files.contains_key(&Path::new("Mine/Mine").join(path)), "{path}: {:?}", files.keys());
    }
    let tracking = tree.analyze(&[]);
    let leaf = &find(find(&tracking, "entities", "Outer"), "fields", "City")["leaves"][0];
    assert_eq!(leaf["via"], "mapping_method");
    assert!(done(&tree.run(&["suggest", "--entity", "Outer", "--apply"])).starts_with("Nothing to do"));
    assert_eq!(files, contents(&tree.root()));
}

#[test]
fn without_a_method_to_wrap_there_is_a_warning() {
    let code = code_of(&foreign(""));
    assert_eq!(code["form"], "extension_only");
    assert!(!code["xpp"].as_str().expect("code").contains("next "));
    assert!(code["warnings"][0].as_str().expect("a warning").starts_with("No public statement says"));
}

#[test]
fn a_wrapper_of_an_entity_that_is_not_loaded_is_unverified() {
    let tree = foreign("");
    fs::remove_file(tree.root().join("Test/Test/AxDataEntityView/Outer.xml")).expect("it is there");
    let source = format!(
        "<AxDataEntityViewExtension xmlns:i=\"x\"><Name>Outer.Mine</Name><DataSources><AxQueryExtensionEmbeddedDataSource><Parent>Inner</Parent><DataSource>{}</DataSource></AxQueryExtensionEmbeddedDataSource></DataSources><Fields>{}</Fields></AxDataEntityViewExtension>",
        "<Name>More</Name><Table>Inner</Table><JoinMode>OuterJoin</JoinMode>",
        mapped("City", "More", "City")
    );
    tree.raw("Mine/Mine/AxDataEntityViewExtension/Outer.Mine.xml", source);
    tree.raw(
        "../maps/outer.json",
        r#"{"legs":[{"sourceSchema":"Outer","destinationSchema":"x","fieldMappings":[{"sourceField":"CITY","destinationField":"y","syncDirection":1}]}]}"#,
    );
    let maps = tree.root().join("../maps");
    let output = tree.run(&["suggest", "--all", "--json", "--maps", maps.to_str().expect("a path")]);
    let plan = json(&done(&output));
    let code = &plan["entities"][0]["code"][0];
    assert_eq!(code["form"], "unverified_wrapper", "{plan}");
    assert!(code["xpp"].as_str().expect("code").contains(&format!("next {NAME}(mapping)")));
}

#[test]
fn a_wrapper_of_ones_own_is_edited_instead() {
    let tree =
        foreign(&method(NAME, &format!("public static container {NAME}(container m) {{ return m; }}")));
    let class = "<AxClass xmlns:i=\"x\">\n<Name>Odd_Extension</Name>\n<SourceCode>\n<Declaration><![CDATA[\n[ExtensionOf(dataEntityViewStr(Outer))]\nfinal class Odd_Extension\n{\n}\n]]></Declaration>\n<Methods>\n";
    let body = format!(
        "\n    public static container {NAME}(container _m)\n    {{\n        container list = next {NAME}(_m);\n\n        return list;\n    }}\n\n"
    );
    tree.raw(
        "Mine/Mine/AxClass/Odd_Extension.xml",
        format!("{class}{}</Methods>\n</SourceCode>\n</AxClass>\n", method(NAME, &body)),
    );
    let code = code_of(&tree);
    assert_eq!((&code["form"], &code["class"]), (&"edited".into(), &"Odd_Extension".into()));
    assert!(
        code["xpp"].as_str().expect("code").contains("list += [[tableStr(Inner), tableNum(U),"),
        "{code}"
    );
}

#[test]
fn entries_of_another_model_stay_and_the_reason_is_said() {
    let list = "mapping += [[identifierStr(X), tableNum(U), fieldStr(Outer, Name)]];";
    let source = format!(
        "public static container {NAME}(container mapping)\n{{\n    {list}\n    return mapping;\n}}\n"
    );
    let tree = foreign(&method(NAME, &source));
    let before = contents(&tree.root().join("Test"));
    let shown = done(&tree.run(&["suggest", "--entity", "Outer"]));
    assert!(shown.contains("Not done: it stands in a method of model Test, which is not yours"), "{shown}");
    done(&tree.run(&["suggest", "--all", "--apply"]));
    assert_eq!(before, contents(&tree.root().join("Test")));
}

#[test]
fn a_class_without_next_stands_in_the_way() {
    let tree =
        foreign(&method(NAME, &format!("public static container {NAME}(container m) {{ return m; }}")));
    let class = "<AxClass xmlns:i=\"x\"><Name>Z_Extension</Name><SourceCode><Declaration>[ExtensionOf(tableStr(Outer))] final class Z_Extension {}</Declaration><Methods>";
    let methods = method(NAME, &format!("public static container {NAME}(container m) {{ return m; }}"));
    tree.file("AxClass/Z_Extension", format!("{class}{methods}</Methods></SourceCode></AxClass>"));
    let output = tree.run(&["suggest", "--entity", "Outer", "--json"]);
    let plan = json(&done(&output));
    assert_eq!(plan["entities"][0]["needed"][0]["obstacle"]["kind"], "dropped");
    assert_eq!(plan["entities"][0]["fields"], serde_json::json!([]));
}
