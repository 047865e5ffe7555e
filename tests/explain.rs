//! `dualtrack explain`, run as a user runs it: on the sample metadata, and on small trees made for a case.

mod support;

use serde_json::Value;
use std::path::Path;
use std::process::Output;
use support::{Tree, dualtrack, embedded, entity, join, mapped, method, relations, root, text};

/// Runs `explain` on the sample with its maps.
fn explain(arguments: &[&str]) -> String {
    explain_with(&[&["--maps", "metadata/maps"], arguments].concat())
}

/// Runs `explain` on the sample without maps.
fn explain_with(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn run(arguments: &[&str]) -> Output {
    let mut command = dualtrack(Path::new(env!("CARGO_MANIFEST_DIR")));
    command.args(["explain", "-m", "metadata"]).args(arguments);
    command.output().expect("the binary runs")
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&explain(&[&["--json"], arguments].concat())).expect("valid JSON")
}

/// The documented contact scenario: the answer comes first, and all of it fits a screen.
#[test]
fn why_an_address_of_a_contact_does_not_reach_dataverse() {
    let shown = explain(&["smmContactPersonCDSV2Entity.PrimaryAddressCity"]);
    let first = shown.lines().next().unwrap_or_default();
    assert!(first.starts_with("A change of LogisticsPostalAddress.City does not reach Dataverse"), "{first}");
    assert!(shown.lines().count() <= 40, "{} lines", shown.lines().count());
    insta::assert_snapshot!("contact_address", shown);
}

#[test]
fn the_contact_scenario_without_maps_says_what_was_assumed() {
    let shown = explain_with(&["smmContactPersonCDSV2Entity.PrimaryAddressCity"]);
    assert!(shown.lines().count() <= 40, "{} lines", shown.lines().count());
    assert!(shown.ends_with("every public field of a public entity is assumed to be mapped (--maps).\n"));
}

#[test]
fn a_field_that_an_entry_covers() {
    insta::assert_snapshot!("customer_address", explain(&["CustCustomerV3Entity.AddressCity"]));
}

#[test]
fn a_field_of_a_tracked_data_source() {
    insta::assert_snapshot!("customer_group", explain(&["custcustomerv3entity.CUSTOMERGROUPID"]));
}

#[test]
fn a_computed_field_with_columns_of_two_kinds() {
    insta::assert_snapshot!("last_invoice_date", explain(&["CustCustomerV3Entity.LastInvoiceDate"]));
}

#[test]
fn a_virtual_field_can_never_trigger() {
    insta::assert_snapshot!("import_remark", explain(&["CustCustomerV3Entity.ImportRemark"]));
}

#[test]
fn an_entry_that_is_only_commented_out() {
    insta::assert_snapshot!("customer_phone", explain(&["FabVehicleEntity.CustomerPhone"]));
}

#[test]
fn what_must_be_loaded() {
    insta::assert_snapshot!("workshop_name", explain(&["FabVehicleServiceEntity.WorkshopName"]));
}

#[test]
fn a_skip_method_that_cannot_be_read() {
    insta::assert_snapshot!("default_depot", explain(&["FabFleetSegmentEntity.DefaultDepotName"]));
}

#[test]
fn an_entity_out_of_scope() {
    insta::assert_snapshot!("out_of_scope", explain(&["CustVendAccountEntity.AccountNumber"]));
}

#[test]
fn whole_entities() {
    insta::assert_snapshot!("customer_entity", explain(&["CustCustomerV3Entity"]));
    insta::assert_snapshot!("vehicle_entity", explain(&["entity:FabVehicleEntity", "--all"]));
    insta::assert_snapshot!("contact_entity_without_maps", explain_with(&["smmContactPersonCDSV2Entity"]));
}

#[test]
fn a_view_and_one_of_its_fields() {
    insta::assert_snapshot!("view", explain(&["view:CustVendAccountView", "CustVendAccountView.AccountNum"]));
}

#[test]
fn json_has_the_answer_the_rules_and_the_plan() {
    let document = json(&["smmContactPersonCDSV2Entity.PrimaryAddressCity"]);
    assert_eq!(document["schema"], "dualtrack/explain/1");
    let subject = &document["subjects"][0];
    assert!(subject["answer"].as_str().is_some_and(|a| a.contains("does not reach Dataverse")));
    let leaf = &subject["leaves"][0];
    assert_eq!(leaf["rules"][0]["rule"], "nested_source");
    assert_eq!(leaf["rules"][0]["evidence"], "inferred");
    let deciding: Vec<&Value> =
        leaf["hops"].as_array().expect("hops").iter().filter(|hop| hop["decides"] == true).collect();
    assert_eq!(deciding.len(), 1);
    assert_eq!(deciding[0]["element"], "smmContactPersonV2Entity");
    assert_eq!(leaf["remedy"]["needed"]["remedy"], "expose_rec_id");
    assert_eq!(leaf["remedy"]["needed"]["steps"].as_array().map(Vec::len), Some(2));
}

#[test]
fn json_of_an_entity_is_that_of_tracking_json_and_more() {
    let document = json(&["FabVehicleServiceEntity"]);
    let subject = &document["subjects"][0];
    assert_eq!(subject["in_scope"], true);
    assert_eq!(subject["unresolved"][0]["missing"]["name"], "VendVendorV2Entity");
    assert_eq!(subject["unresolved"][0]["missing"]["load"], true);
    assert!(subject["sources"].as_array().is_some_and(|s| s.len() == 3));
}

#[test]
fn lines_stay_within_the_width_where_they_can() {
    let shown = explain(&["CustCustomerV3Entity", "smmContactPersonV2Entity", "--all"]);
    for line in shown.lines().filter(|line| !line.contains('[') && !line.contains(".xml")) {
        assert!(line.chars().count() <= 110, "{line}");
    }
    assert!(shown.lines().all(|line| line.trim_end() == line), "blanks at the end of a line");
}

#[test]
fn a_wrong_name_is_answered_with_near_ones() {
    let failed = |arguments: &[&str]| {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty());
        text(&output.stderr)
    };
    insta::assert_snapshot!(failed(&["CustCustomerV4Entity"]), @"error: no entity is called CustCustomerV4Entity; did you mean CustCustomerV3Entity?");
    insta::assert_snapshot!(failed(&["CustCustomerV3Entity.AdressCity"]), @"error: no field is called CustCustomerV3Entity.AdressCity; did you mean AddressCity?");
    insta::assert_snapshot!(failed(&["CustTable"]), @"error: CustTable is a table, not an entity; try dualtrack impact CustTable");
    insta::assert_snapshot!(failed(&["table:CustTable"]), @"error: CustTable is a table, not an entity; try dualtrack impact CustTable");
    insta::assert_snapshot!(failed(&["ProjActiveProjectQuery"]), @"error: ProjActiveProjectQuery is a query, not an entity; it is the query of ProjActiveProjectEntity");
    insta::assert_snapshot!(failed(&["FabDepotEntity", "--format", "yaml"]), @"error: this command has no format yaml; it has text, json");
}

#[test]
fn help_has_examples() {
    let output = run(&["--help"]);
    assert!(output.status.success());
    assert!(text(&output.stdout).contains("Examples:"));
}

#[test]
fn a_file_gets_no_colours_and_neither_does_a_pipe() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("explained.txt");
    let mut command = dualtrack(Path::new(env!("CARGO_MANIFEST_DIR")));
    command.env_remove("NO_COLOR").env("CLICOLOR_FORCE", "1");
    let output = command
        .args(["explain", "-m", "metadata", "FabDepotEntity"])
        .arg(format!("--format=text={}", path.display()))
        .output()
        .expect("the binary runs");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let written = std::fs::read_to_string(path).expect("the file");
    assert!(written.contains("FabDepotEntity") && !written.contains('\u{1b}'));
    assert!(!explain(&["FabDepotEntity"]).contains('\u{1b}'));
}

/// Names from files reach the terminal with their control characters escaped.
#[test]
fn hostile_names_cannot_reach_the_terminal() {
    let evil = "Ci&#x1b;[2Jty\u{202e}";
    let tree = Tree::new();
    tree.table("Address", &["Street"]);
    let fields = [mapped(evil, "Add&#x1b;]0;x", evil), mapped("Plain", "Address", evil)].concat();
    tree.entity("Depot", &root("Address", "Address", ""), &fields);
    tree.entity("Other", &root("Gone", "&#x9b;Missing", ""), &mapped("F", "Gone", evil));
    for subject in ["Depot", "Depot.Plain", "Other", "Other.F", "Depot.no\u{1b}[1m"] {
        let mut command = dualtrack(&tree.root());
        command.env("NO_COLOR", "1").args(["explain", "--all", "-v", "-m", ".", subject]);
        let output = command.output().expect("the binary runs");
        let all = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert!(!all.is_empty());
        let hostile = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!all.contains(hostile), "{subject}: {all:?}");
    }
}

/// An entity of which only an extension is loaded says what must be loaded.
#[test]
fn a_partial_entity_says_what_to_load() {
    let tree = Tree::new();
    tree.table("Extra", &["Note"]);
    tree.file(
        "AxDataEntityViewExtension/BigEntity.Mine",
        "<AxDataEntityViewExtension xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"><Name>BigEntity.Mine</Name>\
         <Fields><AxDataEntityViewField i:type=\"AxDataEntityViewMappedField\"><Name>Note</Name>\
         <DataField>Note</DataField><DataSource>Hidden</DataSource></AxDataEntityViewField></Fields>\
         </AxDataEntityViewExtension>",
    );
    let shown = text(&tree.run(&["explain", "BigEntity"]).stdout);
    insta::assert_snapshot!(shown);
}

/// A data source that leads back to its own entity is not followed, and said to be so.
#[test]
fn a_circle_is_named() {
    let tree = Tree::new();
    tree.table("Address", &["City"]);
    let back = embedded("Back", "Depot", &relations(&[join("City", "City")]));
    let fields = [mapped("City", "Address", "City"), mapped("Again", "Back", "City")].concat();
    tree.entity("Depot", &root("Address", "Address", &back), &fields);
    let shown = text(&tree.run(&["explain", "Depot.Again"]).stdout);
    insta::assert_snapshot!(shown);
}

/// A mapping method whose entries cannot be read is shown to be so.
#[test]
fn an_unreadable_computed_field() {
    let tree = Tree::new();
    tree.table("Address", &["City"]);
    let methods = method("sum", "private static str sum() { return Gone::sql(); }");
    let computed = "<AxDataEntityViewField i:type=\"AxDataEntityViewUnmappedFieldString\"><Name>Sum</Name>\
                    <ComputedFieldMethod>sum</ComputedFieldMethod></AxDataEntityViewField>";
    let fields = [mapped("City", "Address", "City"), computed.to_owned()].concat();
    tree.file("AxDataEntityView/Depot", entity("Depot", &methods, &root("Address", "Address", ""), &fields));
    let shown = text(&tree.run(&["explain", "Depot.Sum"]).stdout);
    insta::assert_snapshot!(shown);
}
