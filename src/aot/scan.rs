//! The markup of one file, piece by piece, without copying any of it.
//!
//! A parser's events would do, but most of the time goes into what nobody asks of them: see
//! `docs/performance.md`. What is not well-formed is found here as well, with its place.

use super::fault::{Fault, Read, Reason};
use super::skip::{CDATA_END, COMMENT_END, tag_end};
use memchr::{memchr, memchr2};
use quick_xml::errors::{IllFormedError, SyntaxError};

/// A piece of a file.
pub(super) enum Piece<'a> {
    /// A start tag: what stands between `<` and `>` or `/>`.
    Start {
        /// Name and attributes.
        content: &'a str,
        /// It is `<empty/>`.
        empty: bool,
    },
    /// The end tag of the element that is open.
    End,
    /// Characters up to the next markup or reference.
    Text(&'a str),
    /// What a CDATA section holds.
    CData(&'a str),
    /// What stands between `&` and `;`.
    Reference(&'a str),
    /// A comment, a processing instruction, or the XML declaration.
    Aside,
    /// `<!DOCTYPE …>`.
    DocType,
    /// The end of the file.
    Eof,
}

/// Reads a file from the front.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    /// Byte offset behind the last piece.
    pub(super) at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'a [u8] {
        &self.text.as_bytes()[self.at..]
    }

    /// Passes over white space.
    pub(super) fn skip_space(&mut self) {
        let rest = self.rest();
        let space = rest.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(rest.len());
        self.at += space;
    }

    /// The next piece. `open` is the name of the element that is open, empty when none is.
    pub(super) fn next(&mut self, open: &str) -> Read<Piece<'a>> {
        let rest = self.rest();
        match rest {
            [] => Ok(Piece::Eof),
            [b'<', b'/', ..] => self.end_tag(open),
            [b'<', b'!', ..] => self.bang(),
            [b'<', b'?', ..] => {
                let end =
                    memchr::memmem::find(rest, b"?>").ok_or_else(|| self.syntax(SyntaxError::UnclosedPI))?;
                self.at += end + 2;
                Ok(Piece::Aside)
            }
            [b'<', ..] => self.start_tag(),
            [b'&', ..] => self.reference(),
            _ => {
                let length = memchr2(b'<', b'&', rest).unwrap_or(rest.len());
                Ok(Piece::Text(self.take(length)))
            }
        }
    }

    /// The next bytes as text. They end where markup begins or ends, so never inside a character.
    fn take(&mut self, length: usize) -> &'a str {
        let end = self.at + length;
        let taken = self.text.get(self.at..end).unwrap_or_default();
        self.at = end;
        taken
    }

    fn start_tag(&mut self) -> Read<Piece<'a>> {
        let from = self.at + 1;
        let end = tag_end(self.text.as_bytes(), from).ok_or_else(|| self.syntax(SyntaxError::UnclosedTag))?;
        self.at = end + 1;
        let empty = self.text.as_bytes()[from..end].last() == Some(&b'/');
        let content = self.text.get(from..end - usize::from(empty)).unwrap_or_default();
        Ok(Piece::Start { content, empty })
    }

    fn end_tag(&mut self, open: &str) -> Read<Piece<'a>> {
        let rest = self.rest();
        let name = &rest[2..];
        if let Some([b'>', ..]) = name.strip_prefix(open.as_bytes()).filter(|_| !open.is_empty()) {
            self.at += open.len() + 3;
            return Ok(Piece::End);
        }
        let end = memchr(b'>', name).ok_or_else(|| self.syntax(SyntaxError::UnclosedTag))?;
        let found = name[..end].trim_ascii_end();
        if found != open.as_bytes() || open.is_empty() {
            let found = String::from_utf8_lossy(found).into_owned();
            let reason = match open {
                "" => Reason::Syntax(IllFormedError::UnmatchedEndTag(found).to_string()),
                open => Reason::Mismatched { expected: open.to_owned(), found },
            };
            return Err(Fault::new(self.at, reason));
        }
        self.at += end + 3;
        Ok(Piece::End)
    }

    /// A comment, a CDATA section or a DOCTYPE.
    fn bang(&mut self) -> Read<Piece<'a>> {
        const CDATA: &[u8] = b"<![CDATA[";
        const DOCTYPE: &[u8] = b"<!DOCTYPE";
        let rest = self.rest();
        if let Some(inside) = rest.strip_prefix(CDATA) {
            let length = CDATA_END.find(inside).ok_or_else(|| self.syntax(SyntaxError::UnclosedCData))?;
            self.at += CDATA.len();
            let text = self.take(length);
            self.at += 3;
            return Ok(Piece::CData(text));
        }
        if let Some(inside) = rest.strip_prefix(b"<!--") {
            let length = COMMENT_END.find(inside).ok_or_else(|| self.syntax(SyntaxError::UnclosedComment))?;
            self.at += 4 + length + 3;
            return Ok(Piece::Aside);
        }
        if rest.get(..DOCTYPE.len()).is_some_and(|start| start.eq_ignore_ascii_case(DOCTYPE)) {
            return Ok(Piece::DocType);
        }
        Err(self.syntax(SyntaxError::InvalidBangMarkup))
    }

    fn reference(&mut self) -> Read<Piece<'a>> {
        let inside = &self.rest()[1..];
        let length = inside.iter().position(|b| matches!(b, b';' | b'<' | b'&'));
        match length {
            Some(length) if inside[length] == b';' => {
                self.at += 1;
                let name = self.take(length);
                self.at += 1;
                Ok(Piece::Reference(name))
            }
            _ => {
                let reason = Reason::Syntax("& that begins no entity; write &amp;".to_owned());
                Err(Fault::new(self.at, reason))
            }
        }
    }

    /// Something at this place that is cut off.
    fn syntax(&self, error: SyntaxError) -> Fault {
        Fault::new(self.at, Reason::Syntax(error.to_string()))
    }
}
