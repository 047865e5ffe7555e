//! Where the elements of a document stand, byte for byte.
//!
//! One pass of quick-xml over the whole text, so that a document with a fault anywhere is refused: what is not
//! understood is not edited.

use super::DocumentError;
use crate::source::Lines;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::ops::Range;

/// Elements may be nested this deep.
const NESTING_LIMIT: usize = 512;

/// An element. Offsets are bytes of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Node<'a> {
    /// Name as written, with its prefix.
    pub(super) name: &'a str,
    parent: Option<usize>,
    /// Of `<`.
    pub(super) start: usize,
    /// Behind the start tag.
    pub(super) open_end: usize,
    /// Of the end tag; `open_end` for `<empty/>`.
    pub(super) close_start: usize,
    /// Behind the element.
    pub(super) end: usize,
}

impl<'a> Node<'a> {
    /// Name without prefix.
    pub(super) fn local(&self) -> &'a str {
        local(self.name)
    }

    /// `<empty/>`.
    pub(super) fn is_empty_tag(&self) -> bool {
        self.end == self.open_end
    }

    /// Between start and end tag.
    pub(super) fn content(&self) -> Range<usize> {
        self.open_end..self.close_start
    }
}

/// A name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The index of an element in an [`Outline`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeId(usize);

impl NodeId {
    /// The document element.
    pub(super) const ROOT: Self = Self(0);
}

/// All elements of a document, in document order.
#[derive(Debug)]
pub(super) struct Outline<'a> {
    /// The document, without byte order mark.
    pub(super) text: &'a str,
    nodes: Vec<Node<'a>>,
}

impl<'a> Outline<'a> {
    /// Reads a document.
    pub(super) fn read(text: &'a str) -> Result<Self, DocumentError> {
        let mut scan = Scan { text, nodes: Vec::new(), open: Vec::new() };
        match scan.run() {
            Ok(()) => Ok(Self { text, nodes: scan.nodes }),
            Err(fault) => Err(malformed(text, fault)),
        }
    }

    /// An element.
    pub(super) fn node(&self, id: NodeId) -> Node<'a> {
        self.nodes[id.0]
    }

    /// The elements right below an element.
    pub(super) fn children(&self, id: NodeId) -> impl DoubleEndedIterator<Item = NodeId> + '_ {
        let end = self.nodes[id.0].end;
        let below = &self.nodes[id.0 + 1..];
        let count = below.partition_point(|node| node.start < end);
        (id.0 + 1..id.0 + 1 + count).filter(move |at| self.nodes[*at].parent == Some(id.0)).map(NodeId)
    }

    /// The first child of this local name.
    pub(super) fn child(&self, id: NodeId, name: &str) -> Option<NodeId> {
        self.named(id, name).next()
    }

    /// The children of this local name.
    pub(super) fn named<'s>(&'s self, id: NodeId, name: &'s str) -> impl Iterator<Item = NodeId> + 's {
        self.children(id).filter(move |child| self.node(*child).local() == name)
    }

    /// The start tag of an element, as written.
    pub(super) fn start_tag(&self, id: NodeId) -> &'a str {
        let node = self.node(id);
        &self.text[node.start..node.open_end]
    }
}

/// A fault, and where.
type Fault = (usize, String);

fn malformed(text: &str, (at, reason): Fault) -> DocumentError {
    let position = Lines::new(text.as_bytes()).position(at.min(text.len()));
    DocumentError::Malformed { line: position.line, column: position.column, reason }
}

struct Scan<'a> {
    text: &'a str,
    nodes: Vec<Node<'a>>,
    open: Vec<usize>,
}

impl Scan<'_> {
    fn run(&mut self) -> Result<(), Fault> {
        // The parser would pass over it without counting it, and all places would be wrong.
        if self.text.starts_with('\u{FEFF}') {
            return Err((0, "a second byte order mark".to_owned()));
        }
        let mut reader = Reader::from_str(self.text);
        reader.config_mut().enable_all_checks(true);
        loop {
            let at = offset(&reader);
            let event = reader.read_event().map_err(|error| {
                (usize::try_from(reader.error_position()).unwrap_or(at), error.to_string())
            })?;
            let end = offset(&reader);
            match event {
                Event::Start(start) => self.enter(&start, at..end, false)?,
                Event::Empty(start) => self.enter(&start, at..end, true)?,
                Event::End(_) => self.leave(at..end)?,
                Event::Text(_) => self.text(at..end)?,
                Event::CData(_) => self.inside(at)?,
                Event::GeneralRef(reference) => self.reference(&reference, at)?,
                Event::DocType(_) => return Err((at, "a DOCTYPE, which AOT files do not have".to_owned())),
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
                Event::Eof => return self.finish(),
            }
        }
    }

    fn enter(&mut self, start: &BytesStart<'_>, tag: Range<usize>, empty: bool) -> Result<(), Fault> {
        let fault = |reason: &str| Err((tag.start, reason.to_owned()));
        if self.open.is_empty() && !self.nodes.is_empty() {
            return fault("there is more after the root element");
        }
        if self.open.len() >= NESTING_LIMIT {
            return fault("nested too deep");
        }
        let name =
            self.text.get(tag.start + 1..).and_then(|rest| rest.get(..start.name().into_inner().len()));
        let Some(name) = name.filter(|name| !name.is_empty() && self.text[tag.start..].starts_with('<'))
        else {
            return fault("an element without a name");
        };
        for attribute in start.attributes() {
            attribute.map_err(|error| (tag.start, error.to_string()))?;
        }
        let Range { start, end } = tag;
        let parent = self.open.last().copied();
        if !empty {
            self.open.push(self.nodes.len());
        }
        self.nodes.push(Node { name, parent, start, open_end: end, close_start: end, end });
        Ok(())
    }

    fn leave(&mut self, tag: Range<usize>) -> Result<(), Fault> {
        let Some(open) = self.open.pop() else { return Err((tag.start, "an end tag too many".to_owned())) };
        self.nodes[open].close_start = tag.start;
        self.nodes[open].end = tag.end;
        Ok(())
    }

    fn text(&self, range: Range<usize>) -> Result<(), Fault> {
        let text = &self.text[range.clone()];
        if let Some(at) = text.find("]]>") {
            return Err((range.start + at, "]]> outside a CDATA section".to_owned()));
        }
        match text.find(|c: char| !c.is_whitespace()) {
            Some(at) => self.inside(range.start + at),
            None => Ok(()),
        }
    }

    fn reference(&self, reference: &BytesRef<'_>, at: usize) -> Result<(), Fault> {
        self.inside(at)?;
        match resolve(reference) {
            Some(_) => Ok(()),
            None => Err((at, format!("an unknown entity &{};", &**reference))),
        }
    }

    /// Text may only stand inside the root element.
    fn inside(&self, at: usize) -> Result<(), Fault> {
        if self.open.is_empty() { Err((at, "text outside the root element".to_owned())) } else { Ok(()) }
    }

    fn finish(&self) -> Result<(), Fault> {
        match self.open.last() {
            Some(open) => {
                let node = &self.nodes[*open];
                Err((node.start, format!("<{}> is never closed", node.name)))
            }
            None if self.nodes.is_empty() => Err((0, "there is no element".to_owned())),
            None => Ok(()),
        }
    }
}

/// Byte offset behind the last event.
pub(super) fn offset(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// The text that a reference stands for; there is no DTD, so only the predefined entities have a meaning.
pub(super) fn resolve(reference: &BytesRef<'_>) -> Option<String> {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return Some(character.to_string());
    }
    quick_xml::escape::resolve_predefined_entity(reference).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn elements_are_found_where_they_stand() {
        let text = "<?xml version=\"1.0\"?>\n<a x='>'>\n <p:b/><c>t&amp;<![CDATA[<d>]]></c>\n</a>\n";
        let outline = Outline::read(text).unwrap();
        let children: Vec<_> = outline.children(NodeId::ROOT).map(|id| outline.node(id)).collect();
        let names: Vec<_> = children.iter().map(|node| (node.name, node.local())).collect();
        assert_eq!(names, [("p:b", "b"), ("c", "c")]);
        assert!(children[0].is_empty_tag());
        assert_eq!(&text[children[0].start..children[0].end], "<p:b/>");
        assert_eq!(&text[children[1].content()], "t&amp;<![CDATA[<d>]]>");
        assert_eq!(outline.start_tag(NodeId::ROOT), "<a x='>'>");
        assert_eq!(outline.child(NodeId::ROOT, "d"), None);
    }

    #[test]
    fn what_is_not_well_formed_is_refused_with_its_place() {
        let cases = [
            ("", 1),
            ("  \n", 1),
            ("text", 1),
            ("\u{FEFF}<a/>", 1),
            ("<a>", 1),
            ("<a>\n<b></a>", 2),
            ("<a/>\n<b/>", 2),
            ("<a/>\nmore", 2),
            ("<a>\n&unknown;</a>", 2),
            ("<a>\n& b</a>", 2),
            ("<a>\n]]></a>", 2),
            ("<a>\n<b x='1' x='2'/></a>", 2),
            ("<a>\n<b x></b></a>", 2),
            ("<!DOCTYPE a>\n<a/>", 1),
            ("<a><![CDATA[</a>", 1),
            ("</a>", 1),
            ("<a>\n< b/></a>", 2),
        ];
        for (text, expected) in cases {
            match Outline::read(text) {
                Err(DocumentError::Malformed { line, .. }) => assert_eq!(line, expected, "{text:?}"),
                other => panic!("{text:?}: {other:?}"),
            }
        }
    }

    #[test]
    fn depth_is_limited() {
        let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(Outline::read(&nested(512)).is_ok());
        assert!(Outline::read(&nested(513)).is_err());
        assert!(Outline::read(&"<a>".repeat(200_000)).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "(<|>|/|a|b|!|\\[|\\]|CDATA|-|\\?|&|;|\"|'|=| |é){0,40}") {
            if let Ok(outline) = Outline::read(&text) {
                for node in &outline.nodes {
                    prop_assert!(text[node.start..node.end].starts_with('<'));
                    prop_assert!(node.open_end <= node.close_start && node.close_start <= node.end);
                }
            }
        }

        #[test]
        fn what_roxmltree_reads_is_the_same_tree(text in "(<a>|</a>|<b/>|<b>|</b>|x|<!--c-->|<!\\[CDATA\\[<\\]\\]>|&lt;){0,12}") {
            let text = format!("<a>{text}</a>");
            let ours = Outline::read(&text);
            let theirs = roxmltree::Document::parse(&text);
            prop_assert_eq!(ours.is_ok(), theirs.is_ok());
            if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
                let theirs: Vec<_> = theirs.descendants().filter(roxmltree::Node::is_element).map(|n| n.range()).collect();
                let ours: Vec<_> = ours.nodes.iter().map(|n| n.start..n.end).collect();
                prop_assert_eq!(ours, theirs);
            }
        }
    }
}
