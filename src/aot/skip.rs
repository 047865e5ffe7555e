//! Passing over what nobody reads: X++ bodies, field groups, indexes.
//!
//! Most bytes of a metadata tree stand in CDATA sections of elements that the analysis does not ask for.
//! Running a parser's events through them costs several times the time of reading the files, so this scanner
//! looks for `<` only, jumps over CDATA sections and comments as a whole, and checks just the nesting of names.

use super::fault::{Fault, NESTING_LIMIT, Read, Reason};
use memchr::memmem::Finder;
use memchr::{memchr, memchr3};
use std::sync::LazyLock;

/// Made once: for a small file it would take as long as the search.
pub(super) static CDATA_END: LazyLock<Finder> = LazyLock::new(|| Finder::new("]]>"));
/// See [`CDATA_END`].
pub(super) static COMMENT_END: LazyLock<Finder> = LazyLock::new(|| Finder::new("-->"));

/// A scanner over a file; its stack is kept between calls.
#[derive(Debug)]
pub(super) struct Skipper<'a> {
    text: &'a [u8],
    /// Where the names of the elements stand that were opened since the start, innermost last.
    open: Vec<(usize, usize)>,
    /// The first element that is nested too deep.
    pub(super) too_deep: Option<usize>,
}

impl<'a> Skipper<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), open: Vec::new(), too_deep: None }
    }

    /// The offset of the `</` that closes the element whose content begins at `from`; `None` when the file
    /// ends before. `depth` elements are open at `from`.
    pub(super) fn end_of_content(&mut self, from: usize, depth: usize) -> Read<Option<usize>> {
        self.open.clear();
        let mut at = from;
        loop {
            let Some(next) = memchr(b'<', &self.text[at..]) else { return Ok(None) };
            at += next;
            let after = match self.text.get(at + 1) {
                Some(b'/') if self.open.is_empty() => return Ok(Some(at)),
                Some(b'/') => self.close(at)?,
                Some(b'!') => self.bang(at)?,
                Some(b'?') => memchr::memmem::find(&self.text[at..], b"?>").map(|end| at + end + 2),
                _ => self.start(at, depth)?,
            };
            match after {
                Some(after) => at = after,
                None => return Ok(None),
            }
        }
    }

    /// Behind the end tag at `at`.
    fn close(&mut self, at: usize) -> Read<Option<usize>> {
        let Some(end) = memchr(b'>', &self.text[at..]) else { return Ok(None) };
        let found = self.text[at + 2..at + end].trim_ascii_end();
        let expected = self.open.pop().map_or(&[][..], |(from, to)| &self.text[from..to]);
        if found != expected {
            let show = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
            return Err(Fault::new(at, Reason::Mismatched { expected: show(expected), found: show(found) }));
        }
        Ok(Some(at + end + 1))
    }

    /// Behind the comment or CDATA section at `at`.
    fn bang(&self, at: usize) -> Read<Option<usize>> {
        let rest = &self.text[at..];
        let after = |finder: &Finder<'_>, begin: usize| {
            rest.get(begin..).and_then(|rest| finder.find(rest)).map(|end| at + begin + end + 3)
        };
        if rest.starts_with(b"<![CDATA[") {
            Ok(after(&CDATA_END, 9))
        } else if rest.starts_with(b"<!--") {
            Ok(after(&COMMENT_END, 4))
        } else {
            Err(Fault::new(at, Reason::Syntax("<! that opens neither a comment nor CDATA".to_owned())))
        }
    }

    /// Behind the start tag at `at`.
    fn start(&mut self, at: usize, depth: usize) -> Read<Option<usize>> {
        let Some(close) = tag_end(self.text, at + 1) else { return Ok(None) };
        let inside = &self.text[at + 1..close];
        let empty = inside.ends_with(b"/");
        let name = name_length(inside);
        if name == 0 {
            return Err(Fault::new(at, Reason::NoName));
        }
        if depth + self.open.len() >= NESTING_LIMIT {
            self.too_deep.get_or_insert(at);
        }
        if !empty {
            self.open.push((at + 1, at + 1 + name));
        }
        Ok(Some(close + 1))
    }
}

/// Length of the name at the beginning of a tag's content.
pub(super) fn name_length(content: &[u8]) -> usize {
    content.iter().position(|b| b.is_ascii_whitespace() || *b == b'/').unwrap_or(content.len())
}

/// The offset of the `>` that ends the tag, quoted values aside.
pub(super) fn tag_end(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr3(b'>', b'"', b'\'', &text[at..])?;
        let quote = text[at];
        if quote == b'>' {
            return Some(at);
        }
        at += 1;
        at += memchr(quote, &text[at..])? + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::Skipper;
    use crate::aot::fault::{Read, Reason};

    fn end(content: &str) -> Read<Option<usize>> {
        Skipper::new(content).end_of_content(0, 1)
    }

    #[test]
    fn it_finds_the_end_of_the_element() {
        for content in [
            "text",
            "<a><b x='>' y=\"</a>\"/><c>&amp;</c></a>",
            "<![CDATA[ </x> <a> ]] ]>]]>",
            "<!-- </x> - <a> --><?pi </x> ?>",
            "<a></a ><a\n/>",
            "",
        ] {
            assert_eq!(end(&format!("{content}</x>")), Ok(Some(content.len())), "{content}");
        }
    }

    #[test]
    fn a_truncated_file_has_no_end() {
        for content in ["", "<a></a>", "<a", "<a x='", "<![CDATA[ ]]", "<!-- --", "<?x", "<", "<a></a"] {
            assert_eq!(end(content), Ok(None), "{content}");
        }
    }

    #[test]
    fn wrong_nesting_is_seen() {
        let fault = end("<a><b></a></b></x>").unwrap_err();
        assert_eq!(fault.at, 6);
        assert_eq!(fault.reason, Reason::Mismatched { expected: "b".into(), found: "a".into() });
        assert_eq!(end("<>").unwrap_err().reason, Reason::NoName);
        assert_eq!(end("<a>".repeat(100_000).as_str()).unwrap(), None);
        assert!(matches!(end("<!x>").unwrap_err().reason, Reason::Syntax(_)));
    }
}
