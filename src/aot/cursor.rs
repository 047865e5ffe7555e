//! A cursor over the elements of one file.
//!
//! The readers of the kinds say what they want of each child element; what they leave alone is skipped. Names
//! are local names, and the only attribute that matters is `i:type`.

use super::fault::{Fault, NESTING_LIMIT, Read, Reason};
use super::scan::{Piece, Scanner};
use super::skip::{Skipper, name_length};
use crate::aot::Named;
use crate::problem::LocalProblem;
use crate::source::{Lines, Position};
use crate::text::Symbol;
use quick_xml::events::BytesRef;
use quick_xml::events::attributes::{AttrError, Attributes};
use std::borrow::Cow;

/// The start tag of an element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag<'a> {
    /// Local name.
    pub(super) name: &'a str,
    /// `i:type` without its prefix; empty when there is none.
    pub(super) kind: &'a str,
    /// Byte offset of `<`.
    pub(super) at: usize,
}

/// The cursor. Elements are read from the outside in: [`Cursor::root`], then [`Cursor::children`] and
/// [`Cursor::text`] of the element that was entered last, then [`Cursor::finish`].
pub(super) struct Cursor<'a> {
    text: &'a str,
    scanner: Scanner<'a>,
    lines: Lines<'a>,
    skipper: Skipper<'a>,
    /// The elements that are open, the root first.
    open: Vec<Open<'a>>,
    /// The innermost open element is `<empty/>`: it has no content and no end tag.
    empty: bool,
    /// Complaints that do not stop the reading.
    pub(super) problems: Vec<LocalProblem>,
}

struct Open<'a> {
    /// Byte offset of `<`.
    at: usize,
    /// Name as written.
    name: &'a str,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            scanner: Scanner::new(text),
            lines: Lines::new(text.as_bytes()),
            skipper: Skipper::new(text),
            open: Vec::new(),
            empty: false,
            problems: Vec::new(),
        }
    }

    /// Line of a byte offset.
    pub(super) fn line(&mut self, at: usize) -> u32 {
        self.lines.line(at)
    }

    /// Where the file is nested too deep for the first time; what is deeper was skipped.
    pub(super) fn too_deep(&self) -> Option<usize> {
        self.skipper.too_deep
    }

    /// Line and column of a byte offset.
    pub(super) fn position(&mut self, at: usize) -> Position {
        self.lines.position(at)
    }

    /// Enters the root element.
    pub(super) fn root(&mut self) -> Read<Tag<'a>> {
        loop {
            let before = self.scanner.at;
            match self.next()? {
                Piece::Start { content, empty } => return self.enter(before, content, empty),
                Piece::Eof if self.text.trim().is_empty() => return Err(Fault::new(0, Reason::Empty)),
                Piece::DocType => return Err(Fault::new(before, Reason::Doctype)),
                piece if is_outside(&piece) => {}
                _ => return Err(Fault::new(before, Reason::NotXml)),
            }
        }
    }

    /// Checks that nothing follows the root element.
    pub(super) fn finish(&mut self) -> Read<()> {
        loop {
            let before = self.scanner.at;
            match self.next()? {
                Piece::Eof => return Ok(()),
                piece if is_outside(&piece) => {}
                _ => return Err(Fault::new(before, Reason::AfterRoot)),
            }
        }
    }

    /// Calls `visit` for each child of the element entered last, and leaves that element. What `visit` does
    /// not read of a child is skipped, and so is a child that is nested too deep.
    pub(super) fn children(&mut self, mut visit: impl FnMut(&mut Self, Tag<'a>) -> Read<()>) -> Read<()> {
        while let Some(tag) = self.next_child()? {
            let outside = self.open.len() - 1;
            if outside < NESTING_LIMIT {
                visit(self, tag)?;
            }
            if self.open.len() > outside {
                self.skip()?;
            }
        }
        Ok(())
    }

    /// The text of the element entered last, trimmed, as a value to keep. Leaves the element.
    pub(super) fn value(&mut self) -> Read<Symbol> {
        let text = self.text()?.0;
        let value = text.trim();
        // XML knows one line end only; in X++ bodies they stay, because positions count.
        Ok(if value.contains('\r') { value.replace("\r\n", "\n").into() } else { value.into() })
    }

    /// As [`Cursor::value`]; `None` when it is empty.
    pub(super) fn some_value(&mut self) -> Read<Option<Symbol>> {
        Ok(Some(self.value()?).filter(|value| !value.is_empty()))
    }

    /// The value is Yes. Leaves the element.
    pub(super) fn yes(&mut self) -> Read<bool> {
        Ok(self.text()?.0.trim().eq_ignore_ascii_case("yes"))
    }

    /// The value and the line of the element `tag` entered last; `None` when it is empty.
    pub(super) fn named(&mut self, tag: Tag<'_>) -> Read<Option<Named>> {
        let line = self.line(tag.at);
        Ok(self.some_value()?.map(|name| Named { name, line }))
    }

    /// The whole text of the element entered last, its entities resolved, and the byte offset where it begins.
    /// White space before a CDATA section is dropped; elements inside are skipped. Leaves the element.
    pub(super) fn text(&mut self) -> Read<(Cow<'a, str>, usize)> {
        let mut text: Cow<'a, str> = Cow::Borrowed("");
        let mut begin = self.scanner.at;
        if self.leave_empty() {
            return Ok((text, begin));
        }
        loop {
            let before = self.scanner.at;
            match self.next()? {
                Piece::Text(piece) => {
                    if text.is_empty() {
                        begin = before;
                    }
                    append(&mut text, Cow::Borrowed(piece));
                }
                Piece::CData(piece) => {
                    if text.trim().is_empty() {
                        begin = before + "<![CDATA[".len();
                        text = Cow::Borrowed("");
                    }
                    append(&mut text, Cow::Borrowed(piece));
                }
                Piece::Reference(name) => append(&mut text, resolve(name)),
                Piece::Start { content, empty } => {
                    self.enter(before, content, empty)?;
                    self.skip()?;
                }
                Piece::End => {
                    self.open.pop();
                    return Ok((text, begin));
                }
                Piece::DocType => return Err(Fault::new(before, Reason::Doctype)),
                Piece::Eof => return Err(self.unclosed()),
                Piece::Aside => {}
            }
        }
    }

    /// Enters the next child of the element entered last; `None` at the end of that element.
    pub(super) fn next_child(&mut self) -> Read<Option<Tag<'a>>> {
        if self.leave_empty() {
            return Ok(None);
        }
        loop {
            self.scanner.skip_space();
            let before = self.scanner.at;
            match self.next()? {
                Piece::Start { content, empty } => return self.enter(before, content, empty).map(Some),
                Piece::End => {
                    self.open.pop();
                    return Ok(None);
                }
                Piece::Eof => return Err(self.unclosed()),
                Piece::DocType => return Err(Fault::new(before, Reason::Doctype)),
                Piece::Text(_) | Piece::CData(_) | Piece::Reference(_) | Piece::Aside => {}
            }
        }
    }

    /// Leaves the element entered last without looking at its content.
    fn skip(&mut self) -> Read<()> {
        if self.leave_empty() {
            return Ok(());
        }
        let Some(end) = self.skipper.end_of_content(self.scanner.at, self.open.len())? else {
            return Err(self.unclosed());
        };
        self.scanner.at = end;
        match self.next()? {
            Piece::End => self.open.pop(),
            _ => return Err(self.unclosed()),
        };
        Ok(())
    }

    /// Leaves the element entered last if it is `<empty/>`.
    fn leave_empty(&mut self) -> bool {
        let empty = std::mem::take(&mut self.empty);
        if empty {
            self.open.pop();
        }
        empty
    }

    /// Notes that an element is open; `content` is what its start tag at `at` holds.
    fn enter(&mut self, at: usize, content: &'a str, empty: bool) -> Read<Tag<'a>> {
        if self.open.len() >= NESTING_LIMIT {
            self.skipper.too_deep.get_or_insert(at);
        }
        let length = name_length(content.as_bytes());
        let (name, attributes) = content.split_at_checked(length).unwrap_or((content, ""));
        self.open.push(Open { at, name });
        self.empty = empty;
        if name.is_empty() {
            return Err(Fault::new(at, Reason::NoName));
        }
        let syntax = |error: AttrError| Fault::new(at, Reason::Syntax(error.to_string()));
        Ok(Tag { name: local(name), kind: element_type(attributes).map_err(syntax)?, at })
    }

    fn next(&mut self) -> Read<Piece<'a>> {
        self.scanner.next(self.open.last().map_or("", |open| open.name))
    }

    /// The file ends inside the innermost open element.
    fn unclosed(&mut self) -> Fault {
        let (at, name) = self.open.last().map_or((0, ""), |open| (open.at, open.name));
        let reason = Reason::Unclosed { name: name.to_owned(), line: self.line(at) };
        Fault::new(self.text.len(), reason)
    }
}

/// What may stand outside the root element.
fn is_outside(piece: &Piece<'_>) -> bool {
    match piece {
        Piece::Text(text) => text.trim().is_empty(),
        piece => matches!(piece, Piece::Aside),
    }
}

/// The value of `i:type` (whatever the prefix), without a prefix of its own.
fn element_type(attributes: &str) -> Result<&str, AttrError> {
    if attributes.trim_ascii().is_empty() {
        return Ok("");
    }
    if let Some(kind) = as_designed(attributes) {
        return Ok(kind);
    }
    for attribute in Attributes::new(attributes, 0) {
        let attribute = attribute?;
        if let (Cow::Borrowed(value), "type") = (attribute.value, local(attribute.key.0)) {
            return Ok(local(value.trim()));
        }
    }
    Ok("")
}

/// The type where attributes stand as the designer writes them: `xmlns="" i:type="X"`.
fn as_designed(attributes: &str) -> Option<&str> {
    let rest = attributes.trim_ascii_start();
    let rest = rest.strip_prefix("xmlns=\"\"").map_or(rest, str::trim_ascii_start);
    let kind = rest.strip_prefix("i:type=\"")?.trim_ascii_end().strip_suffix('"')?;
    kind.bytes().all(|b| b.is_ascii_alphanumeric()).then_some(kind)
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    let colon = memchr::memrchr(b':', name.as_bytes());
    colon.and_then(|colon| name.get(colon + 1..)).unwrap_or(name)
}

fn append<'a>(text: &mut Cow<'a, str>, piece: Cow<'a, str>) {
    if text.is_empty() {
        *text = piece;
    } else {
        text.to_mut().push_str(&piece);
    }
}

/// The character that a reference stands for. There is no DTD, so only the predefined entities and character
/// references mean something; others are kept as written.
fn resolve(name: &str) -> Cow<'_, str> {
    if let Ok(Some(character)) = BytesRef::new(name).resolve_char_ref() {
        return Cow::Owned(character.to_string());
    }
    match quick_xml::escape::resolve_predefined_entity(name) {
        Some(known) => Cow::Borrowed(known),
        None => Cow::Owned(format!("&{name};")),
    }
}
