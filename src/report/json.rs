//! How every JSON document is made and written. What a terminal might obey is escaped.

use crate::engine::Model;
use crate::source::Place;
use crate::text::{json_escaped, json_line};
use serde::Serialize;
use serde_json::{Value, json};
use std::io::{self, Write};

/// An object with its keys in this order.
pub(super) fn object<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Adds the entries of one object to another.
pub(super) fn extend(value: &mut Value, more: Value) {
    if let (Value::Object(value), Value::Object(more)) = (value, more) {
        value.extend(more);
    }
}

/// File and line of a place; both null where there is none.
pub(super) fn place(model: &Model, place: Option<Place>) -> (Value, Value) {
    match place {
        Some(place) => (json!(model.path(place.file)), json!(place.line)),
        None => (Value::Null, Value::Null),
    }
}

/// `"name": [...]` with one value a line: readable in a comparison of two versions, and never whole in memory.
pub(super) fn write_list(
    name: &str,
    values: impl Iterator<Item = Value>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, "\"{name}\": [")?;
    for (position, value) in values.enumerate() {
        out.write_all(if position == 0 { b"\n" } else { b",\n" })?;
        write_line(&value, out)?;
    }
    out.write_all(b"\n]")
}

/// A value in one line, without an end of line.
fn write_line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(json_line(value)?.as_bytes())
}

/// A value in indented lines.
pub(super) fn write_pretty(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", json_escaped(serde_json::to_string_pretty(value)?))
}

#[cfg(test)]
mod tests {
    use super::{write_line, write_pretty};
    use serde_json::{Value, json};

    #[test]
    fn what_is_harmful_is_escaped_and_reads_back() {
        let value = json!({ "a\u{9b}": ["\u{1b}\n", "\u{7f}\u{202e}\u{2028}", "ü \u{1f697}"] });
        let mut line = Vec::new();
        write_line(&value, &mut line).unwrap();
        let line = String::from_utf8(line).unwrap();
        assert_eq!(line, r#"{"a\u009b":["\u001b\n","\u007f\u202e\u2028","ü 🚗"]}"#);
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), value);
        let mut pretty = Vec::new();
        write_pretty(&value, &mut pretty).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&pretty).unwrap(), value);
    }
}
