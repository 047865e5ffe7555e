//! What stands at the place of a finding: the one reader of source lines for all formats.

use super::line::{self, Line};
use super::outline;
use crate::config::Config;
use crate::engine::Judged;
use crate::finding::{Finding, Site};
use crate::text::decode;
use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Larger files are not opened to show a line.
const LARGEST: u64 = 64 << 20;
/// Longer lines say nothing where only the line is known.
const LONGEST: usize = 1_000;

/// Finds and reads places. The file that was read last is kept: findings come by subject.
pub struct Sources<'a> {
    judged: &'a Judged<'a>,
    config: &'a Config,
    last: RefCell<Option<(PathBuf, Option<Rc<Text>>)>>,
}

/// A place as output names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot<'a> {
    /// Relative to the metadata root, or to the folder that was named; with `/`. As it is: not yet safe to print.
    pub path: Cow<'a, str>,
    /// Line, from 1.
    pub line: Option<u32>,
    /// Column in characters, from 1.
    pub column: Option<u32>,
    /// Where to open the file; none where that is not known for sure.
    pub location: Option<PathBuf>,
}

/// Lines of a file around a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Where the mark starts: line and column in characters, from 1.
    pub line: u32,
    /// See `line`.
    pub column: u32,
    /// How many characters are marked.
    pub width: u32,
    /// The lines, in order; the marked one is among them.
    pub lines: Vec<WindowLine>,
}

/// A line of a window, safe to print and cut to a bounded width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowLine {
    /// Line in the file, from 1.
    pub number: u32,
    /// Its text.
    pub text: String,
    /// What it has to do with the finding.
    pub role: Role,
}

/// What a line of a window has to do with the finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// The place itself: these bytes of the text.
    Place(Range<usize>),
    /// It shows why: these bytes of the text.
    Witness(Range<usize>),
    /// It stands nearby.
    Nearby,
}

/// A text and where its lines start.
struct Text {
    text: String,
    starts: Vec<usize>,
}

impl Text {
    fn new(text: String) -> Self {
        let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        Self { starts: starts.collect(), text }
    }

    /// A line without its end.
    fn line(&self, number: u32) -> Option<&str> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        let from = *self.starts.get(index)?;
        let to = self.starts.get(index + 1).map_or(self.text.len(), |next| next - 1);
        Some(self.text[from..to].trim_end_matches('\r'))
    }

    fn start(&self, number: u32) -> Option<usize> {
        self.starts.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
    }

    fn number(&self, at: usize) -> u32 {
        u32::try_from(self.starts.partition_point(|start| *start <= at)).unwrap_or(u32::MAX)
    }
}

impl Spot<'_> {
    /// The path as a pipeline knows it: below the folder that it runs in, where the file lies there.
    pub fn repository_path(&self) -> String {
        let here = std::env::current_dir().ok();
        let location = self.location.as_deref().and_then(|path| std::path::absolute(path).ok());
        let below =
            here.zip(location).and_then(|(here, path)| Some(path.strip_prefix(here).ok()?.to_owned()));
        below.map_or_else(|| self.path.to_string(), |path| crate::source::with_slashes(&path))
    }
}

impl<'a> Sources<'a> {
    /// Reads the files of this run.
    pub fn new(judged: &'a Judged<'a>, config: &'a Config) -> Self {
        Self { judged, config, last: RefCell::new(None) }
    }

    /// The place of a site; none for one that is nowhere.
    pub fn spot<'s>(&self, site: &'s Site) -> Option<Spot<'s>> {
        match site {
            Site::Nowhere => None,
            Site::Metadata(place) => {
                let file = self.judged.model.files.file(place.file)?;
                let path = Cow::Owned(file.path.to_string());
                let column = (place.column > 1).then_some(place.column);
                Some(Spot { path, line: Some(place.line), column, location: Some(file.absolute.clone()) })
            }
            Site::Outside(outside) => Some(Spot {
                path: Cow::Borrowed(&*outside.path),
                line: outside.line,
                column: outside.column,
                location: self.outside(&outside.path),
            }),
        }
    }

    /// The place of a site, with the column where the line is there to see.
    pub fn exact<'s>(&self, site: &'s Site) -> Option<Spot<'s>> {
        let mut spot = self.spot(site)?;
        if let Some((_, place)) = self.place(&spot) {
            spot.column = Some(place.column);
        }
        Some(spot)
    }

    /// The file of a table map or of the configuration; none when several could be meant.
    fn outside(&self, path: &str) -> Option<PathBuf> {
        let own = self.config.path.as_deref().filter(|own| names(own, path));
        let below = |root: &PathBuf| {
            if root.is_dir() {
                Some(root.join(path)).filter(|file| file.is_file())
            } else {
                names(root, path).then(|| root.clone())
            }
        };
        let mut found: Vec<PathBuf> = self.config.maps.iter().filter_map(below).collect();
        found.extend(own.map(Path::to_owned));
        found.dedup();
        if found.len() == 1 { found.pop() } else { None }
    }

    /// The text of a file; none when it is gone, too large, or no text.
    fn text(&self, path: &Path) -> Option<Rc<Text>> {
        if let Some((known, text)) = &*self.last.borrow()
            && known == path
        {
            return text.clone();
        }
        let small = std::fs::metadata(path).is_ok_and(|data| data.is_file() && data.len() <= LARGEST);
        let bytes = if small { std::fs::read(path).ok() } else { None };
        let text = bytes.and_then(|bytes| Some(Rc::new(Text::new(decode(&bytes).ok()?.into_owned()))));
        *self.last.borrow_mut() = Some((path.to_owned(), text.clone()));
        text
    }

    /// The lines around the place of a finding; none when the file is gone, or has something else there by now.
    pub fn window(&self, finding: &Finding) -> Option<Window> {
        let (text, place) = self.place(&self.spot(&finding.site)?)?;
        let mut lines = vec![place.shown(&text)?];
        let start = text.start(place.line)? + place.from;
        if text.text[start..].starts_with('<') {
            lines.extend(witnesses(&text, start, finding.witness));
        } else {
            let around = [place.line.checked_sub(1), place.line.checked_add(1)];
            lines.extend(around.into_iter().flatten().filter_map(|number| nearby(&text, number)));
        }
        lines.sort_by_key(|line| line.number);
        lines.dedup_by_key(|line| line.number);
        fill(&text, &mut lines);
        dedent(&mut lines);
        let (line, column, width) = (place.line, place.column, place.width);
        Some(Window { line, column, width, lines })
    }

    fn place(&self, spot: &Spot) -> Option<(Rc<Text>, Marked)> {
        let text = self.text(spot.location.as_deref()?)?;
        let number = spot.line?;
        let content = text.line(number)?;
        if spot.column.is_none() && content.len() > LONGEST {
            return None;
        }
        let from = match spot.column {
            None => content.len() - content.trim_start().len(),
            Some(column) => content.char_indices().nth(usize::try_from(column).ok()? - 1)?.0,
        };
        // A blank is never a place: the file has changed.
        if !content[from..].starts_with(|c: char| !c.is_whitespace()) {
            return None;
        }
        let width = line::marked(&content[from..], spot.column.is_some());
        let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let column = count(&content[..from]).saturating_add(1);
        let marked = count(&content[from..from + width]);
        Some((Rc::clone(&text), Marked { line: number, column, width: marked, from, to: from + width }))
    }
}

/// The path of a file ends in this name.
fn names(file: &Path, path: &str) -> bool {
    file.file_name().is_some_and(|name| name.to_string_lossy() == path)
        || crate::source::with_slashes(file) == path
}

/// What is marked of a line.
struct Marked {
    line: u32,
    /// Characters.
    column: u32,
    width: u32,
    /// Bytes.
    from: usize,
    to: usize,
}

impl Marked {
    fn shown(&self, text: &Text) -> Option<WindowLine> {
        let Line { text, mark } = Line::around(text.line(self.line)?, self.from..self.to);
        Some(WindowLine { number: self.line, text, role: Role::Place(mark) })
    }
}

/// The name of the XML element at `start`, and those of its properties that show why.
fn witnesses(text: &Text, start: usize, wanted: &[&str]) -> Vec<WindowLine> {
    let children = outline::children(&text.text, start);
    let shown = children.into_iter().filter_map(|child| {
        let is_witness = wanted.contains(&child.name);
        if !is_witness && child.name != "Name" {
            return None;
        }
        let number = text.number(child.at);
        let line = text.line(number)?;
        let from = child.at - text.start(number)?;
        let end = from + line::marked(&line[from..], false);
        let Line { text, mark } = Line::around(line, from..end);
        let role = if is_witness { Role::Witness(mark) } else { Role::Nearby };
        Some(WindowLine { number, text, role })
    });
    shown.collect()
}

/// Adds single lines between others: a sign that one line was left out takes a line itself.
fn fill(text: &Text, lines: &mut Vec<WindowLine>) {
    let gaps = lines.windows(2).filter(|pair| pair[1].number - pair[0].number == 2);
    let between: Vec<u32> = gaps.map(|pair| pair[0].number + 1).collect();
    lines.extend(between.into_iter().filter_map(|number| nearby(text, number)));
    lines.sort_by_key(|line| line.number);
}

/// Takes away the blanks that all lines start with: the AOT nests deep.
fn dedent(lines: &mut [WindowLine]) {
    let blanks = |line: &WindowLine| line.text.len() - line.text.trim_start_matches(' ').len();
    let common = lines.iter().map(blanks).min().unwrap_or(0);
    for line in lines {
        line.text.drain(..common);
        if let Role::Place(mark) | Role::Witness(mark) = &mut line.role {
            *mark = mark.start.saturating_sub(common)..mark.end.saturating_sub(common);
        }
    }
}

fn nearby(text: &Text, number: u32) -> Option<WindowLine> {
    let line = text.line(number).filter(|line| !line.trim().is_empty())?;
    let Line { text, .. } = Line::around(line, 0..0);
    Some(WindowLine { number, text, role: Role::Nearby })
}
