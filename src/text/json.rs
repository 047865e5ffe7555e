//! JSON that a terminal may see: `serde_json` escapes below U+0020 only, which is all that JSON asks for.

use super::is_harmful;
use serde::Serialize;
use std::fmt::Write as _;

/// A value in one line, without an end of line.
pub fn json_line(value: &impl Serialize) -> serde_json::Result<String> {
    Ok(json_escaped(serde_json::to_string(value)?))
}

/// A text of JSON with everything escaped that a terminal might obey. Characters other than line ends that are
/// harmful stand inside strings, and all are in the first plane.
pub fn json_escaped(json: String) -> String {
    let is_plain = |byte: &u8| *byte == b'\n' || (b' '..=b'~').contains(byte);
    let is_bad = |c: char| c != '\n' && is_harmful(c);
    if json.as_bytes().iter().all(is_plain) || !json.contains(is_bad) {
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
