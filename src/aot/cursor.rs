//! A cursor over the elements of one file, on top of quick-xml's borrowed events.
//!
//! The readers of the kinds say what they want of each child element; what they leave alone is skipped. Names
//! are local names, and the only attribute that matters is `i:type`.

use super::fault::{Fault, NESTING_LIMIT, Read, Reason};
use super::skip::{Skipper, name_length};
use crate::aot::Named;
use crate::problem::LocalProblem;
use crate::source::{Lines, Position};
use crate::text::Symbol;
use quick_xml::Reader;
use quick_xml::errors::{Error, IllFormedError};
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesRef, Event};
use std::borrow::Cow;
use std::io::BufRead;

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
    reader: Reader<&'a [u8]>,
    lines: Lines<'a>,
    skipper: Skipper<'a>,
    /// Offsets of the start tags of the elements that are open, the root first.
    open: Vec<usize>,
    /// The innermost open element is `<empty/>`: it has no content and no end tag.
    empty: bool,
    /// Complaints that do not stop the reading.
    pub(super) problems: Vec<LocalProblem>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            reader: Reader::from_str(text),
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
            let before = self.offset();
            match self.event()? {
                Event::Start(start) => return self.enter(start.len(), false),
                Event::Empty(start) => return self.enter(start.len(), true),
                Event::Eof if self.text.trim().is_empty() => return Err(Fault::new(0, Reason::Empty)),
                Event::DocType(_) => return Err(Fault::new(before, Reason::Doctype)),
                event if is_outside(&event) => {}
                _ => return Err(Fault::new(before, Reason::NotXml)),
            }
        }
    }

    /// Checks that nothing follows the root element.
    pub(super) fn finish(&mut self) -> Read<()> {
        loop {
            let before = self.offset();
            match self.event()? {
                Event::Eof => return Ok(()),
                event if is_outside(&event) => {}
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
        let mut begin = self.offset();
        if self.leave_empty() {
            return Ok((text, begin));
        }
        loop {
            let before = self.offset();
            match self.event()? {
                Event::Text(piece) => {
                    if text.is_empty() {
                        begin = before;
                    }
                    append(&mut text, piece.into_inner());
                }
                Event::CData(piece) => {
                    if text.trim().is_empty() {
                        begin = before + "<![CDATA[".len();
                        text = Cow::Borrowed("");
                    }
                    append(&mut text, piece.into_inner());
                }
                Event::GeneralRef(reference) => append(&mut text, resolve(&reference)),
                Event::Start(start) => {
                    self.enter(start.len(), false)?;
                    self.skip()?;
                }
                Event::End(_) => {
                    self.open.pop();
                    return Ok((text, begin));
                }
                Event::DocType(_) => return Err(Fault::new(before, Reason::Doctype)),
                Event::Eof => return Err(self.unclosed()),
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
    }

    /// Enters the next child of the element entered last; `None` at the end of that element.
    fn next_child(&mut self) -> Read<Option<Tag<'a>>> {
        if self.leave_empty() {
            return Ok(None);
        }
        loop {
            let before = self.offset();
            match self.event()? {
                Event::Start(start) => return self.enter(start.len(), false).map(Some),
                Event::Empty(start) => return self.enter(start.len(), true).map(Some),
                Event::End(_) => {
                    self.open.pop();
                    return Ok(None);
                }
                Event::Eof => return Err(self.unclosed()),
                Event::DocType(_) => return Err(Fault::new(before, Reason::Doctype)),
                _ => {}
            }
        }
    }

    /// Leaves the element entered last without looking at its content.
    fn skip(&mut self) -> Read<()> {
        if self.leave_empty() {
            return Ok(());
        }
        let from = self.offset();
        let Some(end) = self.skipper.end_of_content(from, self.open.len())? else {
            return Err(self.unclosed());
        };
        self.reader.stream().consume(end - from);
        match self.event()? {
            Event::End(_) => self.open.pop(),
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

    /// Notes that the element whose start tag was just read, with `length` bytes of content, is open.
    fn enter(&mut self, length: usize, empty: bool) -> Read<Tag<'a>> {
        let end = self.offset() - if empty { 2 } else { 1 };
        let at = end - length - 1;
        let content = &self.text[at + 1..end];
        if self.open.len() >= NESTING_LIMIT {
            self.skipper.too_deep.get_or_insert(at);
        }
        self.open.push(at);
        self.empty = empty;
        let name = name_length(content.as_bytes());
        if name == 0 {
            return Err(Fault::new(at, Reason::NoName));
        }
        let syntax = |error: &dyn std::fmt::Display| Fault::new(at, Reason::Syntax(error.to_string()));
        let kind = element_type(content, name).map_err(|error| syntax(&error))?;
        Ok(Tag { name: local(&content[..name]), kind, at })
    }

    /// Byte offset behind the last event.
    fn offset(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(self.text.len())
    }

    fn event(&mut self) -> Read<Event<'a>> {
        self.reader.read_event().map_err(|error| {
            let at = usize::try_from(self.reader.error_position()).unwrap_or(0);
            Fault::new(at, reason(error))
        })
    }

    /// The file ends inside the innermost open element.
    fn unclosed(&mut self) -> Fault {
        let at = self.open.last().copied().unwrap_or(0);
        let content = self.text.get(at + 1..).unwrap_or_default();
        let length =
            content.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap_or(content.len());
        let reason = Reason::Unclosed { name: content[..length].to_owned(), line: self.line(at) };
        Fault::new(self.text.len(), reason)
    }
}

/// What may stand outside the root element.
fn is_outside(event: &Event<'_>) -> bool {
    match event {
        Event::Text(text) => text.trim().is_empty(),
        event => matches!(event, Event::Comment(_) | Event::Decl(_) | Event::PI(_)),
    }
}

fn reason(error: Error) -> Reason {
    match error {
        Error::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
            Reason::Mismatched { expected, found }
        }
        Error::IllFormed(IllFormedError::UnclosedReference) => {
            Reason::Syntax("& that begins no entity; write &amp;".to_owned())
        }
        Error::IllFormed(error) => Reason::Syntax(error.to_string()),
        Error::Syntax(error) => Reason::Syntax(error.to_string()),
        error => Reason::Syntax(error.to_string()),
    }
}

/// The value of `i:type` (whatever the prefix), without a prefix of its own.
fn element_type(content: &str, name: usize) -> Result<&str, quick_xml::events::attributes::AttrError> {
    for attribute in Attributes::new(content, name) {
        let attribute = attribute?;
        if let (Cow::Borrowed(value), "type") = (attribute.value, local(attribute.key.0)) {
            return Ok(local(value.trim()));
        }
    }
    Ok("")
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
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
fn resolve<'a>(reference: &BytesRef<'a>) -> Cow<'a, str> {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return Cow::Owned(character.to_string());
    }
    match quick_xml::escape::resolve_predefined_entity(reference) {
        Some(known) => Cow::Borrowed(known),
        None => Cow::Owned(format!("&{};", &**reference)),
    }
}
