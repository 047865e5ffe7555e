//! The tables of a project and their keys: `environments[].schemas[].keys[]`.
//!
//! Source: the structures of Microsoft's public dual-write automation (`DWFieldMapping`); specification, section 8.

use super::json::{get, list, text};
use super::map::MapKey;
use crate::text::name_key;
use serde_json::{Map, Value};
use std::sync::Arc;

/// A table of one side of a project.
#[derive(Debug)]
pub(super) struct Schema {
    environment: String,
    target: String,
    /// `name` and `displayName`, in lower case.
    names: [String; 2],
    /// In the order of the file.
    pub(super) keys: Arc<[MapKey]>,
}

/// The tables of `environments`; those without keys say nothing that is needed.
pub(super) fn schemas(environments: &Value, encoded: u8) -> Vec<Schema> {
    let mut schemas = Vec::new();
    for environment in list(environments, encoded).iter().filter_map(Value::as_object) {
        let tables = get(environment, "schemas").map(|value| list(value, encoded)).unwrap_or_default();
        schemas.extend(
            tables.iter().filter_map(Value::as_object).filter_map(|t| schema(environment, t, encoded)),
        );
    }
    schemas
}

fn schema(environment: &Map<String, Value>, table: &Map<String, Value>, encoded: u8) -> Option<Schema> {
    let keys: Vec<_> =
        list(get(table, "keys")?, encoded).iter().filter_map(Value::as_object).map(key).collect();
    let first =
        |texts: &[Box<str>]| texts.iter().map(|t| name_key(t)).find(|t| !t.is_empty()).unwrap_or_default();
    let environment_text = |key| text(environment, key);
    (!keys.is_empty()).then(|| Schema {
        environment: first(&["name", "id"].map(environment_text)),
        target: first(&[
            text(table, "targetType"),
            environment_text("targetType"),
            environment_text("environmentType"),
        ]),
        names: ["name", "displayName"].map(|name| name_key(&text(table, name))),
        keys: keys.into(),
    })
}

fn key(object: &Map<String, Value>) -> MapKey {
    let fields = get(object, "fields").map(|value| list(value, 0)).unwrap_or_default();
    let is = |name| text(object, name).eq_ignore_ascii_case("true");
    MapKey {
        name: text(object, "name"),
        fields: fields.iter().filter_map(field_name).collect(),
        is_integration: is("isIntegrationKey"),
        is_primary: is("isPrimaryKey"),
    }
}

/// A field is its name, or an object with a name.
fn field_name(field: &Value) -> Option<Box<str>> {
    match field {
        Value::String(name) => Some(name.trim().into()),
        Value::Object(field) => Some(text(field, "name")).filter(|name| !name.is_empty()),
        _ => None,
    }
}

impl Schema {
    /// Whether it is the table of the side (`source` or `destination`) of a leg. What is not said does not speak
    /// against it.
    pub(super) fn is_of(&self, leg: &Map<String, Value>, side: &str) -> bool {
        let said = |what: &str| name_key(&text(leg, &format!("{side}{what}")));
        let fits = |own: &str, other: String| own.is_empty() || other.is_empty() || own == other;
        let name = said("Schema");
        !name.is_empty()
            && self.names.contains(&name)
            && fits(&self.environment, said("Environment"))
            && fits(&self.target, said("EnvironmentType"))
    }
}

#[cfg(test)]
mod tests {
    use crate::dualwrite::{MapFile, MapKey, parse_maps};
    use serde_json::{Value, json};
    use std::sync::Arc;

    /// The keys of both sides of each leg.
    type Keys = (Arc<[MapKey]>, Arc<[MapKey]>);

    fn legs(project: &Value) -> Vec<Keys> {
        let file = Arc::new(MapFile { path: "p.json".into(), root: 0, location: "p.json".into() });
        let (maps, problems) = parse_maps(project.to_string().as_bytes(), &file);
        assert_eq!(problems, []);
        let legs = maps.into_iter().flat_map(|map| map.legs);
        legs.map(|leg| (leg.source_keys, leg.destination_keys)).collect()
    }

    fn key(name: &str, fields: &[&str], is_integration: bool, is_primary: bool) -> MapKey {
        let fields = fields.iter().map(|field| (*field).into()).collect();
        MapKey { name: name.into(), fields, is_integration, is_primary }
    }

    fn project() -> Value {
        json!({
            "environments": [
                { "name": "fo", "targetType": "AX", "schemas": [
                    { "name": "Customers V3", "displayName": "Customers", "keys": [
                        { "name": "EntityKey", "fields": ["DATAAREAID", " CUSTOMERACCOUNT "], "isIntegrationKey": true,
                          "isPrimaryKey": "True" },
                        { "name": "Other", "fields": ["PARTYNUMBER", 3], "isIntegrationKey": false }
                    ] },
                    { "name": "accounts", "keys": [{ "name": "Decoy", "fields": ["X"] }] },
                    { "name": "Groups", "fields": [] }
                ] },
                { "id": "crm", "environmentType": "CRM", "schemas": [
                    { "name": "accounts", "keys": [{ "fields": [{ "name": "accountnumber" }, {}], "isIntegrationKey": true }] }
                ] }
            ],
            "entityMappingTasks": [{ "legs": [
                { "sourceSchema": "customers", "sourceEnvironment": "FO", "sourceEnvironmentType": "AX",
                  "destinationSchema": "accounts", "destinationEnvironmentType": "CRM", "fieldMappings": [] },
                { "sourceSchema": "Groups", "destinationSchema": "", "fieldMappings": [] }
            ] }]
        })
    }

    #[test]
    fn each_side_of_a_leg_gets_the_keys_of_its_table() {
        let legs = legs(&project());
        let source = [
            key("EntityKey", &["DATAAREAID", "CUSTOMERACCOUNT"], true, true),
            key("Other", &["PARTYNUMBER"], false, false),
        ];
        assert_eq!(*legs[0].0, source);
        assert_eq!(*legs[0].1, [key("", &["accountnumber"], true, false)]);
        assert_eq!(legs[1], Default::default());
    }

    /// A project of many legs over one table with many keys is no larger in memory than in its file.
    #[test]
    fn legs_of_one_table_share_its_keys() {
        let leg = json!({ "sourceSchema": "Groups", "fieldMappings": [] });
        let table = json!({ "name": "Groups", "keys": vec![json!({ "name": "Key" }); 500] });
        let project = json!({ "environments": [{ "schemas": [table] }], "legs": vec![leg; 500] });
        let legs = legs(&project);
        assert_eq!((legs.len(), legs[0].0.len()), (500, 500));
        assert!(legs.iter().all(|(source, _)| Arc::ptr_eq(source, &legs[0].0)));
    }

    #[test]
    fn the_tables_of_a_project_belong_to_no_other() {
        let next = json!({ "legs": [{ "sourceSchema": "Customers", "fieldMappings": [] }] });
        let legs = legs(&json!([project(), next]));
        assert_eq!(legs.len(), 3);
        assert_eq!(legs[2], Default::default());
    }

    #[test]
    fn whatever_stands_there_is_safe() {
        let leg = json!([{ "sourceSchema": "A", "fieldMappings": [] }]);
        for environments in [json!(null), json!(3), json!("[{"), json!([[], {"schemas": {"keys": 1}}])] {
            assert_eq!(legs(&json!({ "environments": environments, "legs": leg })).len(), 1);
        }
    }
}
