//! The children of one XML element, found with as little as it takes: the file was read already, and if it has
//! changed since, nothing worse happens than that a line is not shown.

/// At most so many bytes of an element are looked at.
const FAR: usize = 1 << 20;

/// A child element.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Child<'a> {
    /// Local name.
    pub(super) name: &'a str,
    /// Byte offset of its `<`.
    pub(super) at: usize,
}

/// The children of the element whose start tag begins at `start`.
pub(super) fn children(text: &str, start: usize) -> Vec<Child<'_>> {
    let end = text.len().min(start.saturating_add(FAR));
    let end = (start..=end).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(start);
    let mut found = Vec::new();
    let (mut at, mut depth) = (start, 0_usize);
    while let Some(next) = text[at..end].find('<').map(|offset| at + offset) {
        let rest = &text[next..end];
        let skipped = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")]
            .into_iter()
            .find(|(open, _)| rest.starts_with(open));
        let close = skipped.map_or(">", |(_, close)| close);
        let Some(length) = rest.find(close).map(|offset| offset + close.len()) else { break };
        at = next + length;
        if skipped.is_some() {
            continue;
        }
        if rest.starts_with("</") {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                break;
            }
            continue;
        }
        if depth == 1 {
            found.push(Child { name: local_name(rest), at: next });
        }
        if !rest[..length].ends_with("/>") {
            depth += 1;
        } else if depth == 0 {
            break;
        }
    }
    found
}

/// The name in a start tag, without prefix.
fn local_name(tag: &str) -> &str {
    let name = tag[1..].split(|c: char| c.is_whitespace() || c == '>' || c == '/').next().unwrap_or_default();
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

#[cfg(test)]
mod tests {
    use super::children;
    use proptest::prelude::*;

    fn names(text: &str) -> Vec<&str> {
        children(text, 0).iter().map(|child| child.name).collect()
    }

    #[test]
    fn only_children_count() {
        let text = "<S a='b'><!-- <No/> --><Name>x</Name><D><Join>No</Join></D><E /><![CDATA[<No>]]><i:Join>Y</i:Join></S><No/>";
        assert_eq!(names(text), ["Name", "D", "E", "Join"]);
        assert_eq!(names("<S/><No/>"), [""; 0]);
        assert_eq!(names("<S><A>"), ["A"]);
        assert_eq!(names(""), [""; 0]);
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "(<|>|/|!--|-->|a|ä|\\[CDATA\\[|\\]\\]>| ){0,60}", start in 0_usize..20) {
            let start = (0..=start.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            for child in children(&text, start) {
                prop_assert!(text[child.at..].starts_with('<'));
            }
        }
    }
}
