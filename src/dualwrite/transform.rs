//! `valueTransforms` of a field row.
//!
//! Documented are default values and value maps; other types are kept by their name.

use super::map::FieldMapping;
use crate::text::name_key;
use serde_json::Value;

/// What happens to a value on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transform<'a> {
    /// `Default`: sent where there is no value. `None` where the row does not say which.
    Default(Option<&'a Value>),
    /// `ValueMap`: so many values stand for others.
    ValueMap(usize),
    /// A type that is not documented, by its name.
    Other(&'a str),
}

impl FieldMapping {
    /// The transforms that the row has, in order.
    pub fn read_transforms(&self) -> impl Iterator<Item = Transform<'_>> {
        self.transforms.iter().map(read)
    }
}

/// The type is said, or else told by what is there.
fn read(value: &Value) -> Transform<'_> {
    let get = |key: &str| {
        let object = value.as_object()?;
        object.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)
    };
    let kind = get("transformType").and_then(Value::as_str).unwrap_or_default().trim();
    let (map, default) = (get("valueMap"), get("defaultValue"));
    match (name_key(kind).as_str(), map, default) {
        ("valuemap", ..) | ("", Some(Value::Object(_) | Value::Array(_)), _) => {
            Transform::ValueMap(map.map_or(0, pairs))
        }
        ("default", ..) | ("", _, Some(_)) => Transform::Default(default.filter(|value| !value.is_null())),
        ("", ..) => Transform::Other("unnamed"),
        _ => Transform::Other(kind),
    }
}

fn pairs(map: &Value) -> usize {
    match map {
        Value::Object(pairs) => pairs.len(),
        Value::Array(pairs) => pairs.len(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_type_is_said_or_told_by_what_is_there() {
        let x = json!("x");
        let cases = [
            (
                json!({ "transformType": "ValueMap", "valueMap": { "a": "1", "b": "2" } }),
                Transform::ValueMap(2),
            ),
            (json!({ "TransformType": "valuemap" }), Transform::ValueMap(0)),
            (json!({ "valueMap": { "a": "1" } }), Transform::ValueMap(1)),
            (json!({ "transformType": "Default", "defaultValue": "x" }), Transform::Default(Some(&x))),
            (
                json!({ "transformType": "default", "defaultValue": null, "valueMap": {} }),
                Transform::Default(None),
            ),
            (json!({ "defaultValue": "x", "valueMap": null }), Transform::Default(Some(&x))),
            (json!({ "transformType": "Truncate" }), Transform::Other("Truncate")),
            (json!({}), Transform::Other("unnamed")),
            (json!("text"), Transform::Other("unnamed")),
        ];
        for (value, expected) in &cases {
            assert_eq!(read(value), *expected, "{value}");
        }
    }
}
