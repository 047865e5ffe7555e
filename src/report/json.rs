//! How every JSON document is made and written. What a terminal might obey is escaped.

use super::batches::write_parts;
use crate::engine::Model;
use crate::source::Place;
use crate::text::{json_escaped, json_lines};
use serde::Serialize;
use serde_json::Value;
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

/// File and line of a place, if there is one.
pub(super) fn place(model: &Model, place: Option<Place>) -> (Option<&str>, Option<u32>) {
    place.map(|place| (model.path(place.file), place.line)).unzip()
}

/// `"name": [...]` with one value a line: readable in a comparison of two versions, and never whole in memory.
/// `values` makes those of some items that follow each other, in one thread.
pub(super) fn write_list<'a, T: Sync, V: Iterator<Item: Serialize>>(
    name: &str,
    items: &'a [T],
    values: impl Fn(&'a [T]) -> V + Sync,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, "\"{name}\": [")?;
    let mut separator = "\n";
    let render = |part| json_lines(values(part));
    write_parts(items, render, |lines| {
        write!(out, "{separator}{}", lines?)?;
        separator = ",\n";
        Ok(())
    })?;
    out.write_all(b"\n]")
}

/// A value in indented lines.
pub(super) fn write_pretty(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", json_escaped(serde_json::to_string_pretty(value)?))
}

#[cfg(test)]
mod tests {
    use super::write_pretty;
    use crate::text::json_line;
    use serde_json::{Value, json};

    #[test]
    fn what_is_harmful_is_escaped_and_reads_back() {
        let value = json!({ "a\u{9b}": ["\u{1b}\n", "\u{7f}\u{202e}\u{2028}", "ü \u{1f697}"] });
        let line = json_line(&value).unwrap();
        assert_eq!(line, r#"{"a\u009b":["\u001b\n","\u007f\u202e\u2028","ü 🚗"]}"#);
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), value);
        let mut pretty = Vec::new();
        write_pretty(&value, &mut pretty).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&pretty).unwrap(), value);
    }
}
