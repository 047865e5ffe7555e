//! The cases that every version must get right: the documented contact and customer scenarios.

mod support;

use serde_json::{Value, json};
use support::sample::{counted, entries, leaves, list, needed, rows, served_by, string, triple, verdict};
use support::{Tree, find};

const CONTACTS: &str = "smmContactPersonCDSV2Entity";
const CONTACTS_FILE: &str = "ContosoSuite/ContosoSuite/AxDataEntityView/smmContactPersonCDSV2Entity.xml";
const NESTED: &str = "smmContactPersonV2Entity";
const NESTED_FILE: &str = "ContosoSuite/ContosoSuite/AxDataEntityView/smmContactPersonV2Entity.xml";
const BASE: &str = "LogisticsPostalAddressBaseEntity";
const ADDRESS: &str = "LogisticsPostalAddress";
const ADDRESS_FIELDS: [&str; 5] = [
    "PrimaryAddressCity",
    "PrimaryAddressCountryRegionId",
    "PrimaryAddressStateId",
    "PrimaryAddressStreet",
    "PrimaryAddressZipCode",
];
/// The name that the documentation gives to the new field.
const RECORD: &str = "PrimaryPostalAddressRecId";

/// The sample with the map of the contacts only.
fn contacts(tree: &Tree) -> Value {
    tree.analyze(&["--maps", &contacts_map(tree)])
}

fn contacts_map(tree: &Tree) -> String {
    tree.root().join("maps/contacts.json").to_str().expect("a path in Unicode").to_owned()
}

#[test]
fn an_address_change_does_not_reach_the_contact() {
    let tree = Tree::sample();
    let tracking = contacts(&tree);
    let entity = find(&tracking, "entities", CONTACTS);
    let decides = tree.line(NESTED_FILE, &format!("<Name>{BASE}</Name>")) - 1;
    for name in ADDRESS_FIELDS {
        let [leaf] = leaves(entity, name) else { panic!("one leaf for {name}") };
        assert_eq!(leaf["path"], json!([NESTED, BASE, ADDRESS]));
        assert_eq!((&leaf["table"], &leaf["kind"]), (&json!(ADDRESS), &json!("mapped")));
        assert_eq!((&leaf["status"], &leaf["reason"]), (&json!("untracked"), &json!("nested_source")));
        assert_eq!(leaf["via"], Value::Null);
        assert_eq!((string(leaf, "file"), leaf["line"].as_u64()), (NESTED_FILE, Some(decides)), "{name}");
    }
    for name in counted(entity).into_iter().filter(|name| !ADDRESS_FIELDS.contains(name)) {
        assert!(leaves(entity, name).iter().all(|leaf| leaf["status"] == "tracked"), "{name}");
    }
    assert!(rows(&tracking, CONTACTS).iter().all(|row| row["ref_table_name"] != ADDRESS));
    let field = format!("{ADDRESS}RecId");
    assert_eq!(
        needed(&tracking, CONTACTS),
        [&json!({
            "entity": CONTACTS, "path": [NESTED, BASE, ADDRESS], "table": ADDRESS, "fields": ADDRESS_FIELDS,
            "remedy": "expose_rec_id", "label": NESTED, "field": field,
            "steps": [
                { "element": NESTED, "field": field, "data_source": BASE, "data_field": "AddressRecordId" },
                { "element": CONTACTS, "field": field, "data_source": NESTED, "data_field": field },
            ],
        })]
    );
}

#[test]
fn explain_names_the_deciding_hop_and_the_plan() {
    let tree = Tree::sample();
    let subject = format!("{CONTACTS}.PrimaryAddressCity");
    let printed = tree.prints(&["explain", &subject, "--maps", &contacts_map(&tree)]);
    assert!(
        printed.starts_with(&format!("A change of {ADDRESS}.City does not reach Dataverse")),
        "{printed}"
    );
    assert!(printed.contains("nested_source"), "{printed}");

    let mut lines = printed.lines().skip_while(|line| !line.contains("<-- decides"));
    let hop = lines.next().expect("the hop that decides");
    assert!(hop.contains(&format!("{BASE} (entity; outer join), field City")), "{hop}");
    let line = tree.line(NESTED_FILE, &format!("<Name>{BASE}</Name>")) - 1;
    assert_eq!(lines.next().map(str::trim), Some(&*format!("{NESTED_FILE}:{line}")));

    let words = printed.split_whitespace().collect::<Vec<_>>().join(" ");
    let steps = [
        format!(
            "1. Add field {ADDRESS}RecId to entity {NESTED}: data source {BASE}, data field AddressRecordId"
        ),
        format!(
            "2. Add field {ADDRESS}RecId to entity {CONTACTS}: data source {NESTED}, data field {ADDRESS}RecId"
        ),
        format!("[tableStr({NESTED}), tableNum({ADDRESS}), fieldStr({CONTACTS}, {ADDRESS}RecId)]"),
        "stop and start the table map".to_owned(),
    ];
    let places: Vec<_> = steps.iter().map(|step| words.find(step.as_str())).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} in {printed}");
}

/// The XML of the documented new field.
fn exposed(source: &str, data_field: &str) -> String {
    format!(
        "<AxDataEntityViewField xmlns=\"\" i:type=\"AxDataEntityViewMappedField\"><Name>{RECORD}</Name>\
         <AccessModifier>Internal</AccessModifier><AllowEdit>No</AllowEdit><Mandatory>No</Mandatory>\
         <DataField>{data_field}</DataField><DataSource>{source}</DataSource></AxDataEntityViewField>\n"
    )
}

fn add_field(tree: &Tree, file: &str, field: &str) {
    tree.insert(file, "<Keys>", Some("</Fields>"), field);
}

fn new_entry() -> String {
    format!("[tableStr({NESTED}), tableNum({ADDRESS}), fieldStr({CONTACTS}, {RECORD})]")
}

fn add_entry(tree: &Tree) {
    tree.insert(CONTACTS_FILE, "return mapping;", None, &format!("mapping += [{}];\n        ", new_entry()));
}

#[test]
fn with_the_fields_and_the_entry_an_address_change_reaches_the_contact() {
    let tree = Tree::sample();
    let before = contacts(&tree);
    add_field(&tree, NESTED_FILE, &exposed(BASE, "AddressRecordId"));
    add_field(&tree, CONTACTS_FILE, &exposed(NESTED, RECORD));
    add_entry(&tree);
    let tracking = contacts(&tree);
    let entity = find(&tracking, "entities", CONTACTS);
    let entry_line = tree.line(CONTACTS_FILE, &new_entry());
    for name in ADDRESS_FIELDS {
        let [leaf] = leaves(entity, name) else { panic!("one leaf for {name}") };
        assert_eq!((&leaf["status"], &leaf["via"]), (&json!("tracked"), &json!("mapping_method")), "{name}");
        assert_eq!(leaf["reason"], Value::Null);
        assert_eq!((string(leaf, "file"), leaf["line"].as_u64()), (CONTACTS_FILE, Some(entry_line)));
    }
    let (last, others) = entries(entity).split_last().expect("entries");
    assert_eq!((triple(last), &*verdict(last)), ([NESTED, ADDRESS, RECORD], "needed exact"));
    let old = entries(find(&before, "entities", CONTACTS));
    assert_eq!(others.iter().map(verdict).collect::<Vec<_>>(), old.iter().map(verdict).collect::<Vec<_>>());

    assert_eq!(needed(&tracking, CONTACTS), [] as [&Value; 0]);
    let added: Vec<_> =
        rows(&tracking, CONTACTS).into_iter().filter(|row| !rows(&before, CONTACTS).contains(row)).collect();
    assert_eq!(
        added,
        [&json!({
            "ref_table_name": ADDRESS, "ref_entity_name": CONTACTS, "data_source_name": NESTED,
            "ref_table_rec_id_field": RECORD, "origin": "mapping_method",
        })]
    );
    assert_eq!(rows(&tracking, CONTACTS).len(), rows(&before, CONTACTS).len() + 1);

    let maps = contacts_map(&tree);
    let explained = tree.prints(&["explain", &format!("{CONTACTS}.PrimaryAddressCity"), "--maps", &maps]);
    assert!(explained.contains(&format!("{CONTACTS_FILE}:{entry_line}")), "{explained}");
    assert!(!explained.contains("nested_source"), "{explained}");
    let impact = tree.prints(&["impact", &format!("{ADDRESS}.City"), "--maps", &maps]);
    assert!(impact.starts_with(&format!("A change of {ADDRESS}.City triggers 1 entity")), "{impact}");
    assert!(impact.contains(&format!("{CONTACTS_FILE}:{entry_line}")), "{impact}");
}

/// Neither half of the documented remedy does anything without the other.
#[test]
fn the_fields_alone_or_the_entry_alone_change_nothing() {
    let fields = Tree::sample();
    add_field(&fields, NESTED_FILE, &exposed(BASE, "AddressRecordId"));
    add_field(&fields, CONTACTS_FILE, &exposed(NESTED, RECORD));
    let tracking = contacts(&fields);
    assert_untracked(find(&tracking, "entities", CONTACTS));
    let [group] = needed(&tracking, CONTACTS)[..] else { panic!("one group") };
    assert_eq!(
        (string(group, "remedy"), string(group, "field")),
        ("entry", RECORD),
        "only the entry is missing"
    );

    let entry = Tree::sample();
    add_entry(&entry);
    let tracking = contacts(&entry);
    let entity = find(&tracking, "entities", CONTACTS);
    assert_untracked(entity);
    let last = entries(entity).last().expect("entries");
    assert_eq!((triple(last)[2], &*verdict(last)), (RECORD, "invalid"), "it names a field that is not there");
}

fn assert_untracked(entity: &Value) {
    for name in ADDRESS_FIELDS {
        assert_eq!(leaves(entity, name)[0]["reason"], "nested_source", "{name}");
    }
}

const CUSTOMERS: &str = "CustCustomerV3Entity";
/// The entries of the entity's own method, as Microsoft's has them.
const NINE: [[&str; 3]; 9] = [
    ["DirPartyBaseEntity", "LogisticsPostalAddress", "AddressRecordId"],
    ["DirPartyBaseEntity1", "LogisticsPostalAddress", "InvoiceAddressRecordId"],
    ["DirPartyBaseEntity2", "LogisticsPostalAddress", "DeliveryAddressRecordId"],
    ["DirPartyBaseEntity3", "LogisticsElectronicAddress", "PrimaryContactURLRecordId"],
    ["DirPartyBaseEntity4", "LogisticsElectronicAddress", "PrimaryContactPhoneRecordId"],
    ["DirPartyBaseEntity5", "LogisticsElectronicAddress", "PrimaryContactEmailRecordId"],
    ["DirPartyBaseEntity6", "LogisticsElectronicAddress", "PrimaryContactFaxRecordId"],
    ["DirPartyBaseEntity7", "DirPartyLocation", "DirPartyLocationRecordId"],
    ["DirPartyBaseEntity", "DirPartyTable", "PartyRecordId"],
];

/// The tracking of the customers with a map that sends these fields.
fn customers(tree: &Tree, fields: &[&str]) -> Value {
    tree.analyze(&["--maps", &tree.map(CUSTOMERS, fields)])
}

/// The nine entries with their verdicts, and whether a row is saved.
fn nine(tracking: &Value) -> Vec<([&str; 3], String, Option<u64>)> {
    let own = entries(find(tracking, "entities", CUSTOMERS)).iter();
    let own = own.filter(|entry| string(entry, "file").ends_with("/CustCustomerV3Entity.xml"));
    own.map(|entry| (triple(entry), verdict(entry), entry["rows_saved"].as_u64())).collect()
}

#[test]
fn an_outer_join_that_is_read_only_excludes_all_beneath_it() {
    let tree = Tree::sample();
    let maps = tree.root().join("maps").to_str().expect("a path in Unicode").to_owned();
    for arguments in [&["--maps", &*maps][..], &[]] {
        let tracking = tree.analyze(arguments);
        let entity = find(&tracking, "entities", CUSTOMERS);
        let source = |name| find(entity, "sources", name);
        let status = |name| [source(name)["status"].clone(), source(name)["reason"].clone()];
        assert_eq!(source("DefaultDimensionDAVs")["join"], "outer");
        assert_eq!(source("DefaultDimensionDAVs")["read_only"], true);
        assert_eq!(status("DefaultDimensionDAVs"), ["untracked", "outer_join_read_only"]);
        assert_eq!(source("DefaultDimensionText")["parent"], "DefaultDimensionDAVs");
        assert_eq!(status("DefaultDimensionText"), ["untracked", "under_untracked_source"]);
        let leaf = &leaves(entity, "DefaultDimensionDisplayValue")[0];
        assert_eq!((&leaf["status"], &leaf["reason"]), (&json!("untracked"), &json!("outer_join_read_only")));
        let excluded = |row: &&Value| string(row, "data_source_name").starts_with("DefaultDimension");
        assert!(!rows(&tracking, CUSTOMERS).iter().any(excluded));
    }
}

#[test]
fn none_of_the_nine_entries_can_go_when_all_their_fields_are_mapped() {
    let tree = Tree::sample();
    let assumed = tree.analyze(&[]);
    assert_eq!(assumed["assumed_mapped"], true);
    let all = counted(find(&assumed, "entities", CUSTOMERS));
    let mapped = customers(&tree, &all);
    assert_eq!(mapped["assumed_mapped"], false);
    for tracking in [&assumed, &mapped] {
        let expected: Vec<_> = NINE.iter().map(|entry| (*entry, "needed exact".to_owned(), None)).collect();
        assert_eq!(nine(tracking), expected);
        let fields: Vec<Value> = NINE.iter().map(|entry| json!(entry)).collect();
        let is_one = |row: &&Value| {
            row["origin"] == "mapping_method"
                && fields.contains(&json!([
                    row["data_source_name"],
                    row["ref_table_name"],
                    row["ref_table_rec_id_field"]
                ]))
        };
        assert_eq!(rows(tracking, CUSTOMERS).into_iter().filter(is_one).count(), 9);
    }
}

/// For each entry in turn: a map without exactly the fields that it serves.
#[test]
fn an_entry_can_go_when_the_fields_that_it_serves_are_not_mapped() {
    let tree = Tree::sample();
    let assumed = tree.analyze(&[]);
    let entity = find(&assumed, "entities", CUSTOMERS);
    let all = counted(entity);
    for (one, entry) in NINE.iter().zip(entries(entity)) {
        let served = served_by(entity, entry);
        assert!(!served.is_empty(), "{one:?} serves no field");
        let mapped: Vec<&str> = all.iter().copied().filter(|field| !served.contains(field)).collect();
        let tracking = customers(&tree, &mapped);
        // Addresses and phones are still reached over columns of the party's record.
        let changed =
            if one[1] == "DirPartyTable" { ("needed join_column", None) } else { ("unused", Some(1)) };
        for (triple, verdict, rows_saved) in nine(&tracking) {
            let expected = if triple == *one { changed } else { ("needed exact", None) };
            assert_eq!((&*verdict, rows_saved), expected, "{triple:?} without {served:?}");
        }
        let others = &entries(find(&tracking, "entities", CUSTOMERS))[9..];
        assert!(others.iter().all(|entry| verdict(entry) == "needed exact"), "the extension's entries stay");
    }
}

/// What "can go, one row saved" promises: without the entry, one row is gone and all else is as before.
#[test]
fn an_entry_that_can_go_is_missed_by_nothing_but_its_row() {
    let tree = Tree::sample();
    let file = "ContosoSuite/ContosoSuite/AxDataEntityView/CustCustomerV3Entity.xml";
    let original = tree.read(file);
    let assumed = tree.analyze(&[]);
    let entity = find(&assumed, "entities", CUSTOMERS);
    let all = counted(entity);
    for ([label, table, field], entry) in NINE[..8].iter().zip(entries(entity)) {
        let served = served_by(entity, entry);
        let mapped: Vec<&str> = all.iter().copied().filter(|field| !served.contains(field)).collect();
        let mut with = customers(&tree, &mapped);
        let written = format!("[identifierStr({label}), tableNum({table}), fieldStr({CUSTOMERS}, {field})],");
        assert!(original.contains(&written), "{written}");
        tree.raw(file, original.replace(&written, ""));
        let mut without = customers(&tree, &mapped);
        tree.raw(file, &original);

        let rows = with["definitions"].as_array_mut().expect("a list");
        let count = rows.len();
        rows.retain(|row| row["ref_entity_name"] != CUSTOMERS || row["ref_table_rec_id_field"] != *field);
        assert_eq!(rows.len() + 1, count);
        let entries = customers_of(&mut with)["mapping_method"]["entries"].as_array_mut().expect("a list");
        entries.retain(|entry| entry["field"] != *field);
        // What happens to fields that nobody sends does not matter.
        for tracking in [&mut with, &mut without] {
            let fields = customers_of(tracking)["fields"].as_array_mut().expect("a list");
            fields.retain(|field| field["counted"] == true);
        }
        assert!(with == without, "removing {label} changes something else");
    }
}

fn customers_of(tracking: &mut Value) -> &mut Value {
    let entities = tracking["entities"].as_array_mut().expect("a list");
    entities.iter_mut().find(|entity| entity["name"] == CUSTOMERS).expect("the entity")
}

#[test]
fn the_party_entry_stays_as_long_as_a_mapped_field_is_reached_over_the_party() {
    let tree = Tree::sample();
    let party = |mapped: &[&str]| {
        let tracking = customers(&tree, mapped);
        let (triple, verdict, saved) = nine(&tracking).pop().expect("nine entries");
        assert_eq!(triple, NINE[8]);
        (verdict, saved)
    };
    let phone = party(&["CustomerAccount", "PrimaryContactPhone"]);
    assert_eq!(phone, ("needed join_column".to_owned(), None), "the phone hangs on the party");
    let account = party(&["CustomerAccount"]);
    assert_eq!(account, ("unused".to_owned(), Some(1)), "nothing is reached over the party");
    let map = tree.map(CUSTOMERS, &["CustomerAccount", "PrimaryContactPhone"]);
    let explained = tree.prints(&["explain", CUSTOMERS, "--maps", &map]);
    let entry = explained.lines().skip_while(|line| !line.contains("DirPartyTable, PartyRecordId]"));
    let [line, why] = entry.take(2).collect::<Vec<_>>()[..] else { panic!("{explained}") };
    assert!(line.contains("join_column") && why.contains("joined"), "{line}\n{why}");
}

/// A filter `(ParentProject == "")` never matches: the column comes through an outer join and is NULL then.
#[test]
fn the_field_of_the_filter_that_never_matches_comes_through_an_outer_join() {
    let tree = Tree::sample();
    assert!(tree.read("maps/projects.json").contains(r#"(ParentProject == \"\")"#));
    let tracking = tree.analyze(&[]);
    let entity = find(&tracking, "entities", "ProjTableEntity");
    let [leaf] = leaves(entity, "ParentProject") else { panic!("one leaf") };
    let source = string(&json!({ "s": list(&leaf["path"])[0] }), "s").to_owned();
    assert_eq!(find(entity, "sources", &source)["join"], "outer");
}
