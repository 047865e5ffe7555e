//! Writing text into XML.

use super::DocumentError;

pub(super) const CDATA_OPEN: &str = "<![CDATA[";
pub(super) const CDATA_CLOSE: &str = "]]>";

/// The namespace of `i:type`.
pub(super) const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Text between tags.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Text inside a CDATA section, which ends and begins again where the text holds `]]>`.
pub(super) fn cdata(text: &str) -> String {
    text.replace("]]>", "]]]]><![CDATA[>")
}

/// Refuses what XML cannot hold, not even escaped.
pub(super) fn check_characters(text: &str, what: impl FnOnce() -> String) -> Result<(), DocumentError> {
    let forbidden = |c: char| (c < ' ' && !"\t\n\r".contains(c)) || c == '\u{FFFE}' || c == '\u{FFFF}';
    match text.chars().find(|c| forbidden(*c)) {
        Some(character) => Err(DocumentError::Character { character, what: what() }),
        None => Ok(()),
    }
}

/// The attributes of a well-formed start tag: name, and where the value stands in the tag.
pub(super) fn attributes(tag: &str) -> Vec<(&str, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    let mut at = tag.find(|c: char| c.is_ascii_whitespace()).unwrap_or(tag.len());
    while let Some(equals) = tag[at..].find('=').map(|offset| at + offset) {
        let name = tag[at..equals].trim();
        let Some(open) = tag[equals..].find(['"', '\'']).map(|offset| equals + offset) else { break };
        let quote = char::from(tag.as_bytes()[open]);
        let Some(close) = tag[open + 1..].find(quote).map(|offset| open + 1 + offset) else { break };
        found.push((name, open + 1..close));
        at = close + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_in_any_spelling() {
        let tag = "<a xmlns=\"\"\r\n\t i:type = 'p:x=\"y\"' b=\"\"/>";
        let found: Vec<_> = attributes(tag).into_iter().map(|(name, value)| (name, &tag[value])).collect();
        assert_eq!(found, [("xmlns", ""), ("i:type", "p:x=\"y\""), ("b", "")]);
        assert_eq!(attributes("<a>"), []);
    }

    #[test]
    fn characters_that_xml_cannot_hold_are_refused() {
        assert!(check_characters("a\tb\r\nc é \u{1F600}", String::new).is_ok());
        for c in ['\0', '\u{1B}', '\u{FFFF}'] {
            assert!(check_characters(&format!("a{c}"), String::new).is_err());
        }
    }
}
