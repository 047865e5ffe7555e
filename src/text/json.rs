//! JSON that a terminal or the log of a pipeline may show: `serde_json` escapes below U+0020 only, which is all that JSON asks for.

use super::{is_command, is_harmful};
use serde::Serialize;
use std::fmt::Write as _;

/// A value in one line, without an end of line.
pub fn json_line(value: &impl Serialize) -> serde_json::Result<String> {
    Ok(json_escaped(serde_json::to_string(value)?))
}

/// A text of JSON with everything escaped that a terminal or a pipeline might obey. Characters other than line ends
/// that are harmful stand inside strings, as do the marks of commands, and all are in the first plane.
pub fn json_escaped(json: String) -> String {
    let is_bad = |c: char| c != '\n' && is_harmful(c);
    if !json.contains(is_bad) && !json.contains("##") {
        return json;
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    for (at, c) in json.char_indices() {
        if is_bad(c) || (c == '#' && is_command(&json[at..])) {
            let _ = write!(escaped, "\\u{:04x}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}
