//! How a document is laid out: the white space between its elements.

use super::outline::{NodeId, Outline};

/// Line ends of a document that has none, and of a new file without neighbours: what files in version
/// control mostly have.
pub(super) const DEFAULT_NEWLINE: &str = "\n";

/// The white space around an element that is inserted: all empty in a document of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// Before its start tag.
    pub(super) before: String,
    /// Before each of its children.
    pub(super) child: String,
    /// Before its end tag.
    pub(super) close: String,
}

impl Layout {
    /// An element in a parent that stands behind `gap`.
    pub(super) fn below(gap: &str, unit: &str) -> Self {
        let before = deeper(gap, unit);
        Self { child: deeper(&before, unit), close: before.clone(), before }
    }

    /// An element like the last child of `list`; `None` when it has none.
    pub(super) fn like_last(outline: &Outline<'_>, list: NodeId) -> Option<Self> {
        let last = outline.children(list).last()?;
        // A sibling on a line of its own shows the indentation better than one behind a comment.
        let on_line =
            outline.children(list).rev().find(|id| outline.gap(outline.node(*id).start).contains('\n'));
        let before = outline.gap(outline.node(on_line.unwrap_or(last)).start).to_owned();
        let inside = outline.children(list).rev().find_map(|id| {
            let child = outline.children(id).next()?;
            let gaps = [outline.node(child).start, outline.node(id).close_start].map(|at| outline.gap(at));
            Some(gaps.map(str::to_owned))
        });
        let [child, close] = inside.unwrap_or_else(|| [deeper(&before, &outline.unit()), before.clone()]);
        Some(Self { before, child, close })
    }
}

/// The gap of a child of an element that stands behind `gap`.
pub(super) fn deeper(gap: &str, unit: &str) -> String {
    if gap.contains('\n') { format!("{gap}{unit}") } else { String::new() }
}

/// White space as XML knows it.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

impl<'a> Outline<'a> {
    /// The white space before a place: from the line end on if there is one, empty lines left out.
    pub(super) fn gap(&self, at: usize) -> &'a str {
        let before = &self.text[..at];
        let spaces = &before[before.trim_end_matches(is_space).len()..];
        match spaces.rfind('\n') {
            Some(line) if spaces[..line].ends_with('\r') => &spaces[line - 1..],
            Some(line) => &spaces[line..],
            None => spaces,
        }
    }

    /// The gap of an element. The root stands on a line if its children do: there may be nothing before it.
    pub(super) fn gap_of(&self, id: NodeId) -> String {
        let own = self.gap(self.node(id).start);
        if id != NodeId::ROOT {
            return own.to_owned();
        }
        let indent = own.trim_start_matches(['\r', '\n']);
        match self.children(id).next().map(|child| self.gap(self.node(child).start)) {
            Some(gap) if gap.contains('\n') => format!("{}{indent}", line_end(gap)),
            Some(_) => String::new(),
            None => own.to_owned(),
        }
    }

    /// What each level is indented by.
    pub(super) fn unit(&self) -> String {
        let root = self.gap(self.node(NodeId::ROOT).start).trim_start_matches(['\r', '\n']);
        let gaps = self.children(NodeId::ROOT).map(|child| self.gap(self.node(child).start));
        match gaps.into_iter().find(|gap| gap.contains('\n')) {
            Some(gap) => {
                let indent = gap.trim_start_matches(['\r', '\n']);
                indent.strip_prefix(root).unwrap_or(indent).to_owned()
            }
            None => "\t".to_owned(),
        }
    }

    /// The line end that most lines of the document have.
    pub(super) fn newline(&self) -> &'static str {
        majority_newline(self.text).unwrap_or(DEFAULT_NEWLINE)
    }
}

fn line_end(gap: &str) -> &'static str {
    if gap.starts_with("\r\n") { "\r\n" } else { "\n" }
}

/// The line end that most lines of a text have; `None` when it is one line.
pub(super) fn majority_newline(text: &str) -> Option<&'static str> {
    let all = text.matches('\n').count();
    let windows = text.matches("\r\n").count();
    match all {
        0 => None,
        _ if 2 * windows > all => Some("\r\n"),
        _ => Some("\n"),
    }
}
