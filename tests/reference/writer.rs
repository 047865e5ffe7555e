//! Text with a line counter, so that the place of everything that is written is known.

use super::model::{Mark, Style};

/// Where a marked thing stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: usize,
    /// 1-based; several where more than one line can be said to be its place.
    pub lines: Vec<u32>,
}

pub struct Writer<'w> {
    pub text: String,
    line: u32,
    depth: usize,
    style: Style,
    file: usize,
    places: &'w mut Vec<Option<Place>>,
}

impl<'w> Writer<'w> {
    pub fn new(file: usize, style: Style, places: &'w mut Vec<Option<Place>>) -> Self {
        Writer { text: String::new(), line: 1, depth: 0, style, file, places }
    }

    /// The current line is a place of `mark`.
    pub fn mark(&mut self, mark: Mark) {
        self.mark_line(mark, self.line);
    }

    pub fn mark_line(&mut self, mark: Mark, line: u32) {
        let place = self.places[mark].get_or_insert_with(|| Place { file: self.file, lines: Vec::new() });
        if !place.lines.contains(&line) {
            place.lines.push(line);
        }
    }

    pub fn line(&self) -> u32 {
        self.line
    }

    pub fn put(&mut self, text: &str) {
        self.line += u32::try_from(text.matches('\n').count()).unwrap_or(0);
        self.text.push_str(text);
    }

    pub fn end_line(&mut self) {
        if !self.style.one_line {
            self.put("\n");
        }
    }

    fn indent(&mut self) {
        if !self.style.one_line {
            self.text.push_str(&"\t".repeat(self.depth));
        }
    }

    pub fn open(&mut self, tag: &str) {
        self.indent();
        self.put(&format!("<{tag}>"));
        self.end_line();
        self.depth += 1;
    }

    /// An element of a list with its XML type, the way the product's own files break it.
    pub fn open_typed(&mut self, tag: &str, kind: &str) {
        self.indent();
        self.put(&format!("<{tag} xmlns=\"\""));
        self.end_line();
        self.indent();
        self.put(&format!(" i:type=\"{kind}\">"));
        self.end_line();
        self.depth += 1;
    }

    pub fn close(&mut self, tag: &str) {
        self.depth -= 1;
        self.indent();
        self.put(&format!("</{tag}>"));
        self.end_line();
    }

    pub fn value(&mut self, tag: &str, text: &str) {
        self.indent();
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        self.put(&format!("<{tag}>{text}</{tag}>"));
        self.end_line();
    }

    pub fn optional(&mut self, tag: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.value(tag, text);
        }
    }

    pub fn yes(&mut self, tag: &str, set: bool) {
        if set {
            self.value(tag, "Yes");
        }
    }

    pub fn empty(&mut self, tag: &str) {
        self.indent();
        self.put(&format!("<{tag} />"));
        self.end_line();
    }

    /// An element with `body`, or the empty form when there is nothing to say.
    pub fn list(&mut self, tag: &str, empty: bool, body: impl FnOnce(&mut Self)) {
        if empty {
            self.empty(tag);
        } else {
            self.open(tag);
            body(self);
            self.close(tag);
        }
    }

    /// One line of X++, four spaces per level.
    pub fn code(&mut self, level: usize, text: &str) {
        self.code_start(level);
        self.put(text);
        self.put("\n");
    }

    pub fn code_start(&mut self, level: usize) {
        self.put(&"    ".repeat(level));
    }
}
