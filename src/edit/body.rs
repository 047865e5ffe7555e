//! The text of an element, piece by piece, and edits of it: CDATA sections, plain text and references.

use super::outline::{NodeId, Outline, offset, resolve};
use super::xml::{CDATA_CLOSE, CDATA_OPEN, cdata, escape};
use super::{Splice, TextEdit};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    CData,
    Reference,
}

/// A part of the text, and where it is written.
#[derive(Clone, Debug)]
struct Piece {
    kind: Kind,
    /// Bytes of the document, without the delimiters of a CDATA section.
    raw: Range<usize>,
    /// Bytes of the text.
    text: Range<usize>,
}

/// The text of an element as the readers of AOT files see it: entities resolved, white space before a CDATA
/// section dropped, elements inside skipped, line ends as they are.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) text: String,
    pieces: Vec<Piece>,
}

impl Body {
    /// Reads the text of an element.
    pub(super) fn read(outline: &Outline<'_>, id: NodeId) -> Self {
        let content = outline.node(id).content();
        let mut body = Self::default();
        let mut reader = Reader::from_str(&outline.text[content.clone()]);
        reader.config_mut().check_end_names = false;
        let mut depth = 0_usize;
        loop {
            let at = offset(&reader);
            // The whole document was read before: an error cannot occur.
            let Ok(event) = reader.read_event() else { return body };
            let raw = content.start + at..content.start + offset(&reader);
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth = depth.saturating_sub(1),
                Event::Eof => return body,
                _ if depth > 0 => {}
                Event::Text(text) => body.push(Kind::Text, raw, &text),
                Event::CData(text) => body.cdata(raw, &text),
                Event::GeneralRef(reference) => {
                    body.push(Kind::Reference, raw, &resolve(&reference).unwrap_or_default());
                }
                _ => {}
            }
        }
    }

    fn cdata(&mut self, raw: Range<usize>, text: &str) {
        if self.text.trim().is_empty() {
            *self = Self::default();
        }
        self.push(Kind::CData, raw.start + CDATA_OPEN.len()..raw.end - CDATA_CLOSE.len(), text);
    }

    fn push(&mut self, kind: Kind, raw: Range<usize>, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.pieces.push(Piece { kind, raw, text: start..self.text.len() });
    }

    /// The first range that is outside the text, cuts a character, or overlaps one before it; the edits are
    /// in the order of their ranges.
    pub(super) fn wrong_range<'e>(&self, edits: &[&'e TextEdit]) -> Option<&'e Range<usize>> {
        let mut free = 0;
        for edit in edits {
            let Range { start, end } = edit.range;
            let fits = free <= start && start <= end && self.text.get(start..end).is_some();
            if !fits {
                return Some(&edit.range);
            }
            free = end;
        }
        None
    }

    /// The text with the edits, which are in order and fit. `newline` is that of the inserted text.
    pub(super) fn edited(&self, edits: &[&TextEdit], newline: &str) -> String {
        let mut text = String::new();
        let mut at = 0;
        for edit in edits {
            text.push_str(&self.text[at..edit.range.start]);
            text.push_str(&with_newlines(&edit.text, newline));
            at = edit.range.end;
        }
        text.push_str(&self.text[at..]);
        text
    }

    /// What must change in the document so that the text is [`Body::edited`].
    pub(super) fn splices(
        &self,
        outline: &Outline<'_>,
        id: NodeId,
        edits: &[&TextEdit],
        newline: &str,
    ) -> Vec<Splice> {
        if self.pieces.is_empty() {
            let text: String = edits.iter().map(|edit| with_newlines(&edit.text, newline)).collect();
            return vec![filled(outline, id, &text)];
        }
        let mut parts: Vec<Vec<Part>> = vec![Vec::new(); self.pieces.len()];
        for edit in edits {
            self.assign(edit, newline, &mut parts);
        }
        self.rendered(outline.text, &parts)
    }

    /// Distributes an edit over the pieces that it touches; the new text goes into the first of them.
    fn assign(&self, edit: &TextEdit, newline: &str, parts: &mut [Vec<Part>]) {
        let new = with_newlines(&edit.text, newline);
        let host = self.host(&edit.range);
        for (at, piece) in self.pieces.iter().enumerate() {
            let from = edit.range.start.max(piece.text.start);
            let to = edit.range.end.min(piece.text.end);
            let is_host = at == host;
            if from < to || is_host {
                let range = from - piece.text.start..to.max(from) - piece.text.start;
                parts[at].push(Part { range, new: if is_host { new.clone() } else { String::new() } });
            }
        }
    }

    /// The piece that receives the new text. Between two pieces a CDATA section is preferred.
    fn host(&self, range: &Range<usize>) -> usize {
        let overlaps = |piece: &Piece| piece.text.start < range.end && range.start < piece.text.end;
        let touches = |piece: &Piece| piece.text.start <= range.start && range.start <= piece.text.end;
        let cdata = |piece: &Piece| piece.kind == Kind::CData && touches(piece);
        let found = if range.is_empty() {
            self.pieces.iter().rposition(cdata).or_else(|| self.pieces.iter().rposition(touches))
        } else {
            self.pieces.iter().position(overlaps)
        };
        found.unwrap_or(0)
    }

    /// One replacement for each CDATA section, and for each run of text between markup.
    fn rendered(&self, document: &str, parts: &[Vec<Part>]) -> Vec<Splice> {
        let mut splices: Vec<(Kind, Splice)> = Vec::new();
        for (piece, parts) in self.pieces.iter().zip(parts) {
            let with = piece.rendered(document, parts);
            match splices.last_mut() {
                Some((_, last)) if last.at.end == piece.raw.start => {
                    last.at.end = piece.raw.end;
                    last.with.push_str(&with);
                }
                _ => splices.push((piece.kind, Splice { at: piece.raw.clone(), with })),
            }
        }
        let finished = splices.into_iter().map(|(kind, splice)| match kind {
            Kind::CData => splice,
            Kind::Text | Kind::Reference => {
                Splice { with: splice.with.replace(CDATA_CLOSE, "]]&gt;"), ..splice }
            }
        });
        finished.filter(|splice| document[splice.at.clone()] != splice.with).collect()
    }
}

/// A change of one piece: a range of its text, and what stands there afterwards.
#[derive(Clone, Debug)]
struct Part {
    range: Range<usize>,
    new: String,
}

impl Piece {
    /// The bytes of the piece after its changes.
    fn rendered(&self, document: &str, parts: &[Part]) -> String {
        let raw = &document[self.raw.clone()];
        match self.kind {
            Kind::CData => cdata(&replaced(raw, parts, str::to_owned)),
            Kind::Text => replaced(raw, parts, escape),
            Kind::Reference => reference(raw, parts),
        }
    }
}

/// A reference stays or goes as a whole.
fn reference(raw: &str, parts: &[Part]) -> String {
    let (mut before, mut after) = (String::new(), String::new());
    let mut kept = raw;
    for part in parts {
        let place = if part.range.start == 0 { &mut before } else { &mut after };
        place.push_str(&escape(&part.new));
        if !part.range.is_empty() {
            kept = "";
        }
    }
    format!("{before}{kept}{after}")
}

fn replaced(raw: &str, parts: &[Part], written: impl Fn(&str) -> String) -> String {
    let mut text = String::new();
    let mut at = 0;
    for part in parts {
        text.push_str(&raw[at..part.range.start]);
        text.push_str(&written(&part.new));
        at = part.range.end;
    }
    text.push_str(&raw[at..]);
    text
}

/// An element without text gets a CDATA section.
fn filled(outline: &Outline<'_>, id: NodeId, text: &str) -> Splice {
    let node = outline.node(id);
    let section = format!("{CDATA_OPEN}{}{CDATA_CLOSE}", cdata(text));
    if !node.is_empty_tag() {
        return Splice { at: node.open_end..node.open_end, with: section };
    }
    let tag = outline.start_tag(id);
    let kept = tag.trim_end_matches("/>").trim_end().len();
    Splice { at: node.start + kept..node.end, with: format!(">{section}</{}>", node.name) }
}

/// One CDATA section instead of all that stands in an element.
pub(super) fn rewritten(outline: &Outline<'_>, id: NodeId, text: &str) -> Splice {
    Splice { at: outline.node(id).content(), with: format!("{CDATA_OPEN}{}{CDATA_CLOSE}", cdata(text)) }
}

/// The text with all its line ends written as `newline`.
pub(super) fn with_newlines(text: &str, newline: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', newline)
}
