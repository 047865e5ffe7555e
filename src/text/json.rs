//! JSON that a terminal may see: `serde_json` escapes below U+0020 only, which is all that JSON asks for.

use super::is_harmful;
use serde::Serialize;
use std::fmt::Write as _;

/// A value in one line, without an end of line.
pub fn json_line(value: &impl Serialize) -> serde_json::Result<String> {
    json_lines([value])
}

/// Values, each in its own line, with commas between them.
pub fn json_lines(values: impl IntoIterator<Item: Serialize>) -> serde_json::Result<String> {
    let mut lines = Vec::new();
    for (position, value) in values.into_iter().enumerate() {
        if position > 0 {
            lines.extend(b",\n");
        }
        serde_json::to_writer(&mut lines, &value)?;
    }
    let lines = String::from_utf8(lines).map_err(serde::ser::Error::custom)?;
    Ok(json_escaped(lines))
}

/// A text of JSON with everything escaped that a terminal might obey. Characters other than line ends that are
/// harmful stand inside strings, and all are in the first plane.
pub fn json_escaped(json: String) -> String {
    let is_bad = |c: char| c != '\n' && is_harmful(c);
    if is_plain(json.as_bytes()) || !json.contains(is_bad) {
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

/// Visible ASCII, blanks and line ends only. Looks at many bytes at a time, which ends sooner than stopping early.
fn is_plain(bytes: &[u8]) -> bool {
    let is_plain = |byte: &u8| *byte == b'\n' || (b' '..=b'~').contains(byte);
    bytes.chunks(64).all(|chunk| chunk.iter().fold(true, |so_far, byte| so_far & is_plain(byte)))
}
