//! The naive reading against expectations written by hand: the documented contact scenario (SPEC 11), a
//! cut-down customer entity, and single rules that are easy to misread.

use serde_json::{Value, json};

use super::compare::first_difference;
use super::model::{Element, SourceKind, Table, World};
use super::scenario_world::{bound, empty_world, joined, root, source};

/// SPEC 11: `exposed` adds the RecId at both levels and the entry.
fn contacts(exposed: bool) -> World {
    let internal = Some("Internal");
    let mut address = vec![
        bound("City", "LogisticsPostalAddress", "City", None),
        bound("Location", "LogisticsPostalAddress", "Location", None),
    ];
    let mut contact = vec![
        bound("ContactPersonId", "ContactPerson", "ContactPersonId", None),
        bound("PrimaryAddressCity", "LogisticsPostalAddressBaseEntity", "City", None),
    ];
    let mut cds = vec![
        bound("ContactPersonId", "smmContactPersonV2Entity", "ContactPersonId", None),
        bound("PrimaryAddressCity", "smmContactPersonV2Entity", "PrimaryAddressCity", None),
    ];
    let mut rows: Vec<(&str, &str, &str)> = Vec::new();
    if exposed {
        address.push(bound("RecordId", "LogisticsPostalAddress", "RecId", internal));
        contact.push(bound(
            "PrimaryPostalAddressRecId",
            "LogisticsPostalAddressBaseEntity",
            "RecordId",
            internal,
        ));
        cds.push(bound(
            "PrimaryPostalAddressRecId",
            "smmContactPersonV2Entity",
            "PrimaryPostalAddressRecId",
            internal,
        ));
        rows.push(("smmContactPersonCDSV2Entity", "LogisticsPostalAddress", "PrimaryPostalAddressRecId"));
    }
    let nested = joined(
        "LogisticsPostalAddressBaseEntity",
        "LogisticsPostalAddressBaseEntity",
        "Location",
        "Location",
    );
    empty_world()
        .table("ContactPerson", &["ContactPersonId", "Location"])
        .table("LogisticsPostalAddress", &["City", "Location"])
        .entity(
            "LogisticsPostalAddressBaseEntity",
            vec![root("LogisticsPostalAddress", vec![])],
            address,
            &[],
        )
        .entity("smmContactPersonV2Entity", vec![root("ContactPerson", vec![nested])], contact, &[])
        .entity("smmContactPersonCDSV2Entity", vec![root("smmContactPersonV2Entity", vec![])], cds, &rows)
}

fn named<'v>(values: &'v Value, name: &str) -> &'v Value {
    let all = values.as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().find(|value| value["name"] == name).unwrap_or_else(|| panic!("no {name}"))
}

fn assert_holds(expected: &Value, actual: &Value) {
    if let Some(difference) = first_difference(expected, actual) {
        panic!("{difference}");
    }
}

#[test]
fn an_address_below_two_entities_is_not_registered() {
    let document = contacts(false).document();
    let entity = named(&document["entities"], "smmContactPersonCDSV2Entity");
    assert_holds(
        &json!([{ "path": ["smmContactPersonV2Entity", "LogisticsPostalAddressBaseEntity", "LogisticsPostalAddress"],
                  "table": "LogisticsPostalAddress", "column": "City", "kind": "mapped",
                  "status": "untracked", "reason": "nested_source", "via": null,
                  "joins": [{ "table": "ContactPerson", "column": "Location" },
                            { "table": "LogisticsPostalAddress", "column": "Location" }] }]),
        &named(&entity["fields"], "PrimaryAddressCity")["leaves"],
    );
    let needed = document["needed"].as_array().expect("a list");
    let of_contacts: Vec<&Value> =
        needed.iter().filter(|needed| needed["entity"] == "smmContactPersonCDSV2Entity").collect();
    let field = "LogisticsPostalAddressRecId";
    assert_holds(
        &json!([{ "entity": "smmContactPersonCDSV2Entity", "table": "LogisticsPostalAddress",
                  "fields": ["PrimaryAddressCity"], "remedy": "expose_rec_id",
                  "label": "smmContactPersonV2Entity", "field": field,
                  "steps": [
                    { "element": "LogisticsPostalAddressBaseEntity", "field": field,
                      "data_source": "LogisticsPostalAddress", "data_field": "RecId" },
                    { "element": "smmContactPersonV2Entity", "field": field,
                      "data_source": "LogisticsPostalAddressBaseEntity", "data_field": field },
                    { "element": "smmContactPersonCDSV2Entity", "field": field,
                      "data_source": "smmContactPersonV2Entity", "data_field": field }] }]),
        &json!(of_contacts),
    );
}

#[test]
fn the_exposed_rec_id_and_its_entry_register_the_address() {
    let document = contacts(true).document();
    let entity = named(&document["entities"], "smmContactPersonCDSV2Entity");
    let leaves = &named(&entity["fields"], "PrimaryAddressCity")["leaves"];
    assert_holds(&json!([{ "status": "tracked", "via": "mapping_method", "reason": null }]), leaves);
    assert_holds(
        &json!([{ "label": "smmContactPersonCDSV2Entity", "table": "LogisticsPostalAddress",
                  "field": "PrimaryPostalAddressRecId", "verdict": "needed", "match": "exact",
                  "conditional": false }]),
        &entity["mapping_method"]["entries"],
    );
    let rows = document["definitions"].as_array().expect("a list");
    let row = json!({ "ref_table_name": "LogisticsPostalAddress", "ref_entity_name": "smmContactPersonCDSV2Entity",
                      "data_source_name": "smmContactPersonCDSV2Entity",
                      "ref_table_rec_id_field": "PrimaryPostalAddressRecId", "origin": "mapping_method" });
    assert!(rows.contains(&row), "{rows:#?}");
    assert!(
        document["needed"].as_array().is_some_and(|all| {
            all.iter().all(|needed| needed["entity"] != "smmContactPersonCDSV2Entity")
        })
    );
}

/// A customer with a nested party entity that brings the party record and two addresses.
fn customers(with_invoice_city: bool) -> World {
    let mut dimensions = joined("DefaultDimensionDAVs", "DimensionSetEntity", "DefaultDimension", "RecordId");
    dimensions.read_only = true;
    dimensions.children.push(joined("Below", "Currency", "DisplayValue", "CurrencyCode"));
    let mut fields = vec![
        bound("CustomerAccount", "CustTable", "AccountNum", None),
        bound("Dimension", "DefaultDimensionDAVs", "DisplayValue", None),
        bound("Currency", "Below", "CurrencyCode", None),
        bound("AddressCity", "DirPartyBaseEntity", "City", None),
        bound("AddressRecordId", "DirPartyBaseEntity", "AddressRecordId", Some("Internal")),
        bound("PartyRecordId", "DirPartyBaseEntity", "PartyRecordId", Some("Internal")),
        bound("InvoiceAddressRecordId", "InvoiceAddress", "RecordId", Some("Internal")),
    ];
    if with_invoice_city {
        fields.push(bound("InvoiceAddressCity", "InvoiceAddress", "City", None));
    }
    let mut party_address =
        joined("LogisticsPostalAddress", "LogisticsPostalAddress", "PrimaryAddressLocation", "Location");
    party_address.read_only = true;
    empty_world()
        .table("CustTable", &["AccountNum", "Party", "DefaultDimension", "InvoiceAddress"])
        .table("DirPartyTable", &["Name", "PrimaryAddressLocation"])
        .table("LogisticsPostalAddress", &["City", "Location"])
        .table("DimensionSet", &["DisplayValue"])
        .table("Currency", &["CurrencyCode"])
        .entity(
            "DimensionSetEntity",
            vec![root("DimensionSet", vec![])],
            vec![
                bound("DisplayValue", "DimensionSet", "DisplayValue", None),
                bound("RecordId", "DimensionSet", "RecId", None),
            ],
            &[],
        )
        .entity(
            "LogisticsPostalAddressBaseEntity",
            vec![root("LogisticsPostalAddress", vec![])],
            vec![
                bound("City", "LogisticsPostalAddress", "City", None),
                bound("RecordId", "LogisticsPostalAddress", "RecId", None),
            ],
            &[],
        )
        .entity(
            "DirPartyBaseEntity",
            vec![root("DirPartyTable", vec![party_address])],
            vec![
                bound("City", "LogisticsPostalAddress", "City", None),
                bound("AddressRecordId", "LogisticsPostalAddress", "RecId", None),
                bound("PartyRecordId", "DirPartyTable", "RecId", None),
            ],
            &[],
        )
        .entity(
            "CustCustomerV3Entity",
            vec![root(
                "CustTable",
                vec![
                    joined("DirPartyBaseEntity", "DirPartyBaseEntity", "Party", "PartyRecordId"),
                    joined(
                        "InvoiceAddress",
                        "LogisticsPostalAddressBaseEntity",
                        "InvoiceAddress",
                        "RecordId",
                    ),
                    dimensions,
                ],
            )],
            fields,
            &[
                ("DirPartyBaseEntity", "LogisticsPostalAddress", "AddressRecordId"),
                ("DirPartyBaseEntity1", "LogisticsPostalAddress", "InvoiceAddressRecordId"),
                ("DirPartyBaseEntity", "DirPartyTable", "PartyRecordId"),
            ],
        )
}

fn verdicts(document: &Value) -> Vec<(String, String)> {
    let entity = named(&document["entities"], "CustCustomerV3Entity");
    let entries = entity["mapping_method"]["entries"].as_array().cloned().unwrap_or_default();
    entries.iter().map(|entry| (entry["verdict"].to_string(), entry["match"].to_string())).collect()
}

#[test]
fn outer_read_only_dimensions_are_untracked_with_all_beneath() {
    let document = customers(true).document();
    let entity = named(&document["entities"], "CustCustomerV3Entity");
    let reason = |name: &str| named(&entity["sources"], name)["reason"].clone();
    assert_eq!(reason("DefaultDimensionDAVs"), "outer_join_read_only");
    assert_eq!(reason("Below"), "under_untracked_source");
    assert_eq!(reason("CustTable"), Value::Null);
    assert_eq!(reason("InvoiceAddress"), "nested_source");
}

#[test]
fn an_entry_goes_when_the_fields_that_it_serves_are_not_mapped() {
    let exact = ("\"needed\"".to_string(), "\"exact\"".to_string());
    let join_column = ("\"needed\"".to_string(), "\"join_column\"".to_string());
    let unused = ("\"unused\"".to_string(), "null".to_string());
    let all = verdicts(&customers(true).document());
    assert_eq!(all, [exact.clone(), exact.clone(), join_column.clone()]);
    let without_invoice = verdicts(&customers(false).document());
    assert_eq!(without_invoice, [exact, unused, join_column]);
}

#[test]
fn a_source_registers_its_row_and_lookups_do_not_reach_siblings() {
    let mut world = empty_world().table("Base", &["Id"]);
    for (name, extends) in [("Left", "Base"), ("Right", "Base")] {
        world = world.with(Element::Table(Table {
            name: name.into(),
            extends: Some(extends.into()),
            columns: vec![format!("{name}Id")],
            ..Table::default()
        }));
    }
    let mut base = root("Base", vec![]);
    base.derived.push(source(SourceKind::Derived, "Left", "left", vec![]));
    let world = world.entity(
        "Things",
        vec![base],
        vec![
            bound("Id", "Base", "Id", None),
            bound("LeftId", "Left", "LeftId", None),
            bound("LeftBaseId", "Left", "Id", None),
        ],
        &[("Base", "Right", "Id")],
    );
    let document = world.document();
    let entity = named(&document["entities"], "Things");
    assert_holds(
        &json!([{ "name": "Base", "kind": "root", "join": null, "status": "tracked" },
                { "name": "Left", "target": "Left", "kind": "derived", "parent": "Base", "join": null,
                  "primary_table": "Left", "status": "tracked" }]),
        &entity["sources"],
    );
    assert_holds(
        &json!([{ "path": ["Left"], "table": "Base", "column": "Id", "status": "tracked", "via": "data_source" }]),
        &named(&entity["fields"], "LeftBaseId")["leaves"],
    );
    // The sibling is in no chain with what the entity reads of Left, but it is with Base itself.
    assert_holds(
        &json!([{ "table": "Right", "verdict": "redundant", "match": "by_column" }]),
        &entity["mapping_method"]["entries"],
    );
}
