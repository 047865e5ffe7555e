//! JSON as text. What a terminal might obey is escaped: `serde_json` does so below U+0020 only, which is all
//! that JSON asks for.

use super::style::is_harmful;
use serde::Serialize;
use std::fmt::Write as _;
use std::io::{self, Write};

/// A value in one line, without an end of line.
pub(super) fn write_line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(escaped(serde_json::to_string(value)?).as_bytes())
}

/// A value in indented lines.
pub(super) fn write_pretty(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", escaped(serde_json::to_string_pretty(value)?))
}

/// Characters other than line ends that are harmful stand inside strings, and all are in the first plane.
fn escaped(json: String) -> String {
    let is_bad = |c: char| c != '\n' && is_harmful(c);
    if !json.contains(is_bad) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_bad(c) {
            let _ = write!(escaped, "\\u{:04x}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
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
