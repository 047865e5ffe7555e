//! `dualtrack impact`, run as a user runs it: on the sample metadata, and on small trees made for a case.

mod support;

use serde_json::Value;
use std::path::Path;
use std::process::Output;
use support::{Tree, dualtrack, mapped, root, text};

fn run(arguments: &[&str]) -> Output {
    let mut command = dualtrack(Path::new(env!("CARGO_MANIFEST_DIR")));
    command.args(["impact"]).args(arguments);
    command.output().expect("the binary runs")
}

/// Runs `impact` on the sample with its maps.
fn impact(arguments: &[&str]) -> String {
    let output = run(&[&["-m", "metadata", "--maps", "metadata/maps"], arguments].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn first_line(arguments: &[&str]) -> String {
    impact(arguments).lines().next().unwrap_or_default().to_owned()
}

#[test]
fn an_address_is_missed_by_the_contacts_only() {
    let shown = impact(&["LogisticsPostalAddress"]);
    assert!(shown.starts_with("A change of LogisticsPostalAddress triggers 3 entities and is missed by 1"));
    insta::assert_snapshot!("postal_address", shown);
}

#[test]
fn a_column_names_only_what_reads_it() {
    insta::assert_snapshot!("party_name", impact(&["dirpartytable.NAME"]));
}

#[test]
fn the_chain_of_a_table_counts_with_it() {
    insta::assert_snapshot!("party", impact(&["table:DirPartyTable"]));
}

#[test]
fn a_table_that_is_read_in_sql_only() {
    insta::assert_snapshot!("invoices", impact(&["CustInvoiceJour"]));
}

#[test]
fn a_table_that_is_not_loaded() {
    insta::assert_snapshot!("worker", impact(&["hcmworker"]));
}

#[test]
fn several_subjects_in_one_run() {
    insta::assert_snapshot!("several", impact(&["FabDepot", "CustTable.Party"]));
}

/// The policy decides how far a chain goes.
#[test]
fn the_policy_decides_about_the_chain() {
    let tables = |policy: &str| {
        let shown = impact(&["DirPerson", "--json", "--policy", &format!("inheritance={policy}")]);
        let document: Value = serde_json::from_str(&shown).expect("valid JSON");
        document["changes"][0]["tables"].to_string()
    };
    assert_eq!(tables("chain"), r#"["DirPerson","DirPartyTable"]"#);
    assert_eq!(tables("root"), r#"["DirPerson","DirPartyTable"]"#);
    assert_eq!(tables("leaf"), r#"["DirPerson"]"#);
}

/// Numbers are those of all entities; lists show your own, unless everything is asked for.
#[test]
fn counts_are_exact_where_lists_are_cut() {
    let roots =
        ["-m", "metadata/FabrikamFleet", "-m", "metadata/ContosoSuite", "-m", "metadata/ContosoDirectory"];
    let own = text(&run(&[&["LogisticsPostalAddress"], &roots[..]].concat()).stdout);
    let all = text(&run(&[&["LogisticsPostalAddress", "--all"], &roots[..]].concat()).stdout);
    assert_eq!(own.lines().next(), all.lines().next());
    assert!(own.contains("of models that are not yours (--all lists them)"), "{own}");
    assert!(!own.contains("smmContactPersonV2Entity") && all.contains("smmContactPersonV2Entity"));
    assert!(!all.contains("--all"), "{all}");
}

#[test]
fn json_is_complete() {
    let document: Value =
        serde_json::from_str(&impact(&["LogisticsPostalAddress", "--json"])).expect("valid JSON");
    assert_eq!(document["schema"], "dualtrack/impact/1");
    let change = &document["changes"][0];
    assert_eq!(change["counts"]["triggered"], 3);
    assert_eq!(change["counts"]["not_triggered"], 1);
    let entities = change["entities"].as_array().expect("entities");
    let contacts = entities.iter().find(|e| e["name"] == "smmContactPersonCDSV2Entity").expect("contacts");
    assert_eq!(contacts["effect"], "not_triggered");
    assert_eq!(contacts["readings"][0]["reason"], "nested_source");
    assert_eq!(contacts["readings"][0]["rules"][0]["evidence"], "inferred");
    assert_eq!(contacts["readings"][0]["remedy"]["needed"]["remedy"], "expose_rec_id");
    assert_eq!(contacts["join_columns"][0]["column"], "Location");
    let customers = entities.iter().find(|e| e["name"] == "CustCustomerV3Entity").expect("customers");
    assert_eq!(customers["readings"][0]["via"], "mapping_method");
    assert_eq!(customers["readings"][0]["entry"]["field"], "AddressRecordId");
}

#[test]
fn an_inherited_column_is_that_of_the_table_that_declares_it() {
    assert_eq!(
        first_line(&["DirPerson.Name"]).split_once(" triggers").map(|(a, _)| a.to_owned()).as_deref(),
        Some("A change of DirPerson.Name")
    );
}

#[test]
fn a_wrong_name_is_answered_with_near_ones() {
    let failed = |arguments: &[&str]| {
        let output = run(&[&["-m", "metadata"], arguments].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty());
        text(&output.stderr)
    };
    insta::assert_snapshot!(failed(&["CustTabel"]), @"error: no table is called CustTabel; did you mean CustTable?");
    insta::assert_snapshot!(failed(&["CustTable.CustGruop"]), @"error: no column is called CustTable.CustGruop; did you mean CustGroup?");
    insta::assert_snapshot!(failed(&["CustCustomerV3Entity"]), @"error: CustCustomerV3Entity is an entity, not a table; try dualtrack explain CustCustomerV3Entity");
    insta::assert_snapshot!(failed(&["entity:CustTable"]), @"error: CustTable is a table, not an entity; try dualtrack impact CustTable");
    insta::assert_snapshot!(failed(&["LogisticsPostalAddressMap"]), @"error: LogisticsPostalAddressMap is a table map, not a table; it has no rows of its own");
}

/// Names from files reach the terminal with their control characters escaped.
#[test]
fn hostile_names_cannot_reach_the_terminal() {
    let evil = "Ci&#x1b;[2Jty\u{202e}";
    let tree = Tree::new();
    tree.table("Address", &[evil]);
    let fields = [mapped("Plain", "A&#x1b;[31m", evil), mapped(evil, "A&#x1b;[31m", "RecId")].concat();
    tree.entity("Dep&#x1b;[1mot", &root("A&#x1b;[31m", "Address", ""), &fields);
    tree.entity("Other", &root("G", "Go&#x9b;ne", ""), &mapped("F", "G", evil));
    for subject in ["Address", "Address.RecId", "Go\u{9b}ne", "Nothing\u{1b}[0m"] {
        let output = tree.run(&["impact", "--all", "-v", subject]);
        let all = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert!(!all.is_empty());
        let hostile = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!all.contains(hostile), "{subject:?}: {all:?}");
    }
}

/// The numbers are those that follow from `tracking.json`, for every table of the sample.
#[test]
fn counts_follow_from_the_verdicts() {
    let folder = tempfile::tempdir().expect("a folder");
    let sample = ["-m", "metadata", "--maps", "metadata/maps"];
    let mut analyze = dualtrack(Path::new(env!("CARGO_MANIFEST_DIR")));
    let analyze = analyze.args(["analyze", "--quiet", "--out"]).arg(folder.path()).args(sample).output();
    assert!(analyze.expect("the binary runs").status.success());
    let tracking = std::fs::read_to_string(folder.path().join("tracking.json")).expect("tracking.json");
    let tracking: Value = serde_json::from_str(&tracking).expect("valid JSON");
    let tables = tables_read(&tracking);
    let arguments: Vec<&str> = std::iter::once("--json").chain(tables.iter().map(String::as_str)).collect();
    let document: Value = serde_json::from_str(&impact(&arguments)).expect("valid JSON");
    for change in document["changes"].as_array().expect("changes") {
        let chain: Vec<&str> = strings(&change["tables"]);
        let (mut triggered, mut missed) = (0, 0);
        for entity in tracking["entities"].as_array().expect("entities") {
            let of_chain = |leaf: &&Value| leaf["table"].as_str().is_some_and(|t| chain.contains(&t));
            let leaves: Vec<&Value> = counted_leaves(entity).filter(of_chain).collect();
            let any = |status: &str| leaves.iter().any(|leaf| leaf["status"] == status);
            triggered += usize::from(any("tracked"));
            missed += usize::from(!any("tracked") && any("untracked"));
        }
        assert_eq!(change["counts"]["triggered"], triggered, "{}", change["table"]);
        assert_eq!(change["counts"]["not_triggered"], missed, "{}", change["table"]);
    }
}

fn counted_leaves(entity: &Value) -> impl Iterator<Item = &Value> {
    let fields = entity["fields"].as_array().into_iter().flatten().filter(|f| f["counted"] == true);
    fields.flat_map(|f| f["leaves"].as_array().into_iter().flatten())
}

fn strings(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Every loaded table behind some field.
fn tables_read(tracking: &Value) -> Vec<String> {
    let entities = tracking["entities"].as_array().expect("entities");
    let leaves = entities.iter().flat_map(counted_leaves).filter(|leaf| leaf["status"] != "unresolved");
    let tables: std::collections::BTreeSet<&str> = leaves.filter_map(|leaf| leaf["table"].as_str()).collect();
    tables.into_iter().map(str::to_owned).collect()
}
