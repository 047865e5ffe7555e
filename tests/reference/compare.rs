//! Comparison of the two documents, value by value, with a message that names the first difference.

use serde_json::Value;

/// The first difference between what is expected and what was written, or `None`.
///
/// Further keys of the product are welcome. `file` and `line` of leaves are left out, and the order of
/// leaves counts only where each leaf is `mapped` or `aggregate`: the order in which X++ is read is free.
/// The letter case of join columns is not compared.
pub fn first_difference(expected: &Value, actual: &Value) -> Option<String> {
    let (expected, actual) = (with_sorted_leaves(expected), with_sorted_leaves(actual));
    differ(&expected, &actual, "$")
}

fn differ(expected: &Value, actual: &Value, path: &str) -> Option<String> {
    match (expected, actual) {
        (Value::Object(wanted), Value::Object(found)) => wanted.iter().find_map(|(key, value)| {
            let below = format!("{path}.{key}");
            match found.get(key) {
                None => Some(format!("{below}\n  expected: {value}\n  actual:   (no such key)")),
                Some(actual) if key == "line" => differ_in_line(value, actual, &below),
                Some(actual) => differ(value, actual, &below),
            }
        }),
        (Value::Array(wanted), Value::Array(found)) => {
            let inside = wanted.iter().zip(found).enumerate().find_map(|(index, (wanted, found))| {
                differ(wanted, found, &format!("{path}[{}]", label(wanted, index)))
            });
            let length = || {
                (wanted.len() != found.len()).then(|| {
                    let (wanted, found) = (names(wanted), names(found));
                    format!("{path}\n  expected: {wanted}\n  actual:   {found}")
                })
            };
            // A missing element shifts all that follow: the lengths say more then.
            length().or(inside)
        }
        _ if expected == actual => None,
        _ => Some(format!("{path}\n  expected: {expected}\n  actual:   {actual}")),
    }
}

/// An array of lines means: any of these.
fn differ_in_line(expected: &Value, actual: &Value, path: &str) -> Option<String> {
    match expected {
        Value::Array(lines) if lines.contains(actual) => None,
        _ => differ(expected, actual, path),
    }
}

fn label(value: &Value, index: usize) -> String {
    match value.get("name").and_then(Value::as_str) {
        Some(name) => format!("{index} {name}"),
        None => index.to_string(),
    }
}

/// `n elements: …`, short enough to read.
fn names(values: &[Value]) -> String {
    let short = |value: &Value| match value.get("name").and_then(Value::as_str) {
        Some(name) => name.to_string(),
        None => value.to_string(),
    };
    format!("{} elements: {}", values.len(), values.iter().map(short).collect::<Vec<_>>().join(", "))
}

fn with_sorted_leaves(document: &Value) -> Value {
    let mut document = document.clone();
    let entities = document.get_mut("entities").and_then(Value::as_array_mut);
    for entity in entities.into_iter().flatten() {
        let fields = entity.get_mut("fields").and_then(Value::as_array_mut);
        for field in fields.into_iter().flatten() {
            if let Some(leaves) = field.get_mut("leaves").and_then(Value::as_array_mut) {
                leaves.iter_mut().for_each(lower_joins);
                let read = |leaf: &Value| matches!(leaf["kind"].as_str(), Some("mapped" | "aggregate"));
                if !leaves.iter().all(read) {
                    leaves.sort_by_key(|leaf| {
                        ["path", "table", "column", "kind"]
                            .map(|key| leaf[key].to_string().to_ascii_lowercase())
                    });
                }
            }
        }
    }
    document
}

/// A join column without definition may be written in several letter cases: which one is shown is free.
fn lower_joins(leaf: &mut Value) {
    let joins = leaf.get_mut("joins").and_then(Value::as_array_mut);
    for join in joins.into_iter().flatten() {
        for key in ["table", "column"] {
            if let Some(name) = join[key].as_str() {
                join[key] = Value::from(name.to_ascii_lowercase());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::first_difference;
    use serde_json::json;

    #[test]
    fn names_the_place_and_both_values() {
        let expected = json!({ "entities": [{ "name": "A", "line": [3, 4], "sources": [{ "name": "D", "reason": null }] }] });
        let actual = json!({ "entities": [{ "name": "A", "line": 4, "more": 1, "sources": [{ "name": "D", "reason": "x" }] }] });
        let message = first_difference(&expected, &actual).unwrap_or_default();
        assert!(message.starts_with("$.entities[0 A].sources[0 D].reason"), "{message}");
        assert!(message.contains("expected: null") && message.contains("actual:   \"x\""), "{message}");
    }

    #[test]
    fn a_missing_element_is_a_difference_of_length() {
        let message = first_difference(&json!({ "needed": [1, 2] }), &json!({ "needed": [2] }));
        assert!(message.unwrap_or_default().contains("2 elements"));
    }
}
