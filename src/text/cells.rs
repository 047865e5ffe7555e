//! Lines and cells of a separated file, each cell with its place.

/// How far a cell in quotes may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quotes {
    /// To the end of its line: for files whose cells are short, so that a forgotten quote spoils one line and
    /// not the rest of the file.
    WithinLine,
    /// Over line ends, where its closing quote ends the cell; a quote that does not ends with its line.
    OverLines,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its text, without quotes and outer blanks.
    pub text: String,
    /// Where it starts, in characters from 1.
    pub column: u32,
    /// It starts with a quote that nothing closes.
    pub open: bool,
}

/// A line with something in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it starts, from 1.
    pub number: u32,
    /// At least one.
    pub cells: Vec<Cell>,
}

/// The closing quote of a cell is looked for in so many bytes: Excel allows 32,767 characters a cell.
const LONGEST_CELL: usize = 1 << 17;
/// So many bytes are looked through in vain before quotes end with their lines.
const IN_VAIN: usize = 1 << 24;

/// The lines of a text that are not blank. Cells are parted by `separator`; without one, by what the first line
/// declares (`sep=;`), else by a semicolon, a tab or a comma, the first of them that stands in the first line.
pub fn lines(text: &str, separator: Option<char>, quotes: Quotes) -> Vec<Line> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut scanner = Scanner { rest: &text, line: 1, column: 1, separator: ',', quotes, in_vain: 0 };
    scanner.skip_blank_lines();
    let declared = declared(first_line(scanner.rest));
    if declared.is_some() {
        scanner.skip_line();
        scanner.skip_blank_lines();
    }
    scanner.separator = separator.or(declared).unwrap_or_else(|| guessed(first_line(scanner.rest)));
    let mut lines = Vec::new();
    while !scanner.rest.is_empty() {
        let line = scanner.line();
        if line.cells.iter().any(|c| !c.text.is_empty() || c.open) {
            lines.push(line);
        }
    }
    lines
}

/// What the first line of a text that is not blank declares as its separator.
pub fn declared_separator(text: &str) -> Option<char> {
    declared(text.split(['\r', '\n']).find(|line| !line.trim().is_empty())?)
}

fn first_line(text: &str) -> &str {
    text.split('\n').next().unwrap_or_default()
}

/// The first line that Excel takes as an instruction.
fn declared(line: &str) -> Option<char> {
    let rest = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).map(|_| &line[4..])?;
    let mut chars = rest.chars();
    let separator = chars.next()?;
    (chars.as_str().trim().is_empty() && separator != '"').then_some(separator)
}

fn guessed(line: &str) -> char {
    let mut quoted = false;
    let mut outside = String::new();
    for c in line.chars() {
        quoted ^= c == '"';
        if !quoted {
            outside.push(c);
        }
    }
    [';', '\t'].into_iter().find(|c| outside.contains(*c)).unwrap_or(',')
}

struct Scanner<'a> {
    rest: &'a str,
    line: u32,
    column: u32,
    separator: char,
    quotes: Quotes,
    in_vain: usize,
}

impl Scanner<'_> {
    fn skip_blank_lines(&mut self) {
        while !self.rest.is_empty() && first_line(self.rest).trim().is_empty() {
            self.skip_line();
        }
    }

    fn skip_line(&mut self) {
        let end = self.rest.find('\n').map_or(self.rest.len(), |at| at + 1);
        self.skip(end);
    }

    /// Goes on by so many bytes.
    fn skip(&mut self, bytes: usize) {
        let (passed, rest) = self.rest.split_at(bytes);
        for c in passed.chars() {
            if c == '\n' {
                self.line = self.line.saturating_add(1);
                self.column = 1;
            } else {
                self.column = self.column.saturating_add(1);
            }
        }
        self.rest = rest;
    }

    fn line(&mut self) -> Line {
        let mut line = Line { number: self.line, cells: Vec::new() };
        loop {
            line.cells.push(self.cell());
            match self.rest.chars().next() {
                Some(c) if c == self.separator => self.skip(c.len_utf8()),
                Some(_) => {
                    self.skip(1);
                    return line;
                }
                None => return line,
            }
        }
    }

    /// A cell, up to its separator, the end of the line, or the end of the text.
    fn cell(&mut self) -> Cell {
        let mut cell = Cell { text: String::new(), column: self.column, open: false };
        while let Some(c) = self.rest.chars().next() {
            if c == '"' && cell.text.trim().is_empty() {
                cell.text.clear();
                self.quoted(&mut cell);
            } else if c == '\n' || c == self.separator {
                break;
            } else {
                cell.text.push(c);
                self.skip(c.len_utf8());
            }
        }
        Cell { text: cell.text.trim().to_owned(), ..cell }
    }

    /// The text of quotes that start here; a quote that nothing closes takes the rest of the line.
    fn quoted(&mut self, cell: &mut Cell) {
        let inside = &self.rest[1..];
        let over_lines = self.quotes == Quotes::OverLines && self.in_vain < IN_VAIN;
        let found = if over_lines { self.closing_over_lines(inside) } else { None };
        let (end, open) = match found.or_else(|| lone_quote(first_line(inside))) {
            Some(end) => (end, false),
            None => (first_line(inside).len(), true),
        };
        cell.text.push_str(&inside[..end].replace("\"\"", "\""));
        cell.open = open;
        self.skip(1 + end + usize::from(!open));
    }

    /// The closing quote of a cell, when what follows it ends the cell.
    fn closing_over_lines(&mut self, inside: &str) -> Option<usize> {
        let limit = (0..=LONGEST_CELL.min(inside.len())).rev().find(|at| inside.is_char_boundary(*at))?;
        let quote = lone_quote(&inside[..limit]);
        let end = quote.filter(|end| {
            let after = inside[end + 1..].trim_start_matches(' ');
            after.is_empty() || after.starts_with('\n') || after.starts_with(self.separator)
        });
        if end.is_none() {
            self.in_vain += quote.unwrap_or(limit);
        }
        end
    }
}

/// The first quote that is not doubled.
fn lone_quote(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        at += memchr::memchr(b'"', &bytes[at..])?;
        if bytes.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Row = (u32, Vec<(u32, String)>);

    fn read_as(text: &str, quotes: Quotes) -> Vec<Row> {
        let cells = |line: Line| line.cells.into_iter().map(|c| (c.column, c.text)).collect();
        lines(text, None, quotes).into_iter().map(|line| (line.number, cells(line))).collect()
    }

    fn read(text: &str) -> Vec<Row> {
        let within = read_as(text, Quotes::WithinLine);
        assert_eq!(within, read_as(text, Quotes::OverLines));
        within
    }

    fn row(line: u32, cells: &[(u32, &str)]) -> Row {
        (line, cells.iter().map(|(column, text)| (*column, (*text).to_owned())).collect())
    }

    #[test]
    fn cells_know_their_places() {
        assert_eq!(
            read("A,1\r\n\r\n  B , \"2,5\"\n,,\n"),
            [row(1, &[(1, "A"), (3, "1")]), row(3, &[(1, "B"), (6, "2,5")])]
        );
        assert_eq!(read("A;1,5\rB;2"), [row(1, &[(1, "A"), (3, "1,5")]), row(2, &[(1, "B"), (3, "2")])]);
        assert_eq!(read("A\t1"), [row(1, &[(1, "A"), (3, "1")])]);
        assert_eq!(read("SEP=|\nA|1"), [row(2, &[(1, "A"), (3, "1")])]);
        assert_eq!(read("\"A;\"\"B\"\"\",1"), [row(1, &[(1, "A;\"B\""), (11, "1")])]);
        assert_eq!(read("\"\",\"\"\"\"\n"), [row(1, &[(1, ""), (4, "\"")])]);
        assert_eq!(lines("A,1;2", Some(';'), Quotes::OverLines)[0].cells.len(), 2);
    }

    #[test]
    fn a_separator_can_be_declared() {
        assert_eq!(declared_separator("\r\n\n Sep=;"), None);
        assert_eq!(declared_separator("\r\n\nSep=; \r\nA"), Some(';'));
        assert_eq!(declared_separator("sep=\""), None);
        assert_eq!(declared_separator(""), None);
    }

    #[test]
    fn an_open_quote_ends_with_its_line() {
        for quotes in [Quotes::WithinLine, Quotes::OverLines] {
            let lines = lines("\"A,1\nB,2", None, quotes);
            assert!(lines[0].cells[0].open);
            assert_eq!(lines[1].cells[0].text, "B");
        }
        let forgotten = read_as("\"A,1\n\"B\",2\nC,\"3\n4\"5", Quotes::OverLines);
        assert_eq!(
            forgotten,
            [
                row(1, &[(1, "A,1")]),
                row(2, &[(1, "B"), (5, "2")]),
                row(3, &[(1, "C"), (3, "3")]),
                row(4, &[(1, "4\"5")])
            ]
        );
    }

    #[test]
    fn a_cell_in_quotes_may_go_over_lines() {
        let text = "A,\"1\n\"\"2\"\" \",x\nB,2";
        assert_eq!(
            read_as(text, Quotes::OverLines),
            [row(1, &[(1, "A"), (3, "1\n\"2\""), (9, "x")]), row(3, &[(1, "B"), (3, "2")])]
        );
    }

    /// Forgotten quotes do not make reading slow: this is some hundred times what a real file can hold.
    #[test]
    fn many_forgotten_quotes_are_read_in_time() {
        let text = "\"a\"\"\n".repeat(200_000);
        assert_eq!(lines(&text, None, Quotes::OverLines).len(), 200_000);
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "[a\",;\t\r\n=sep \u{1F600}\u{0}]{0,60}") {
            for quotes in [Quotes::WithinLine, Quotes::OverLines] {
                for line in lines(&text, None, quotes) {
                    prop_assert!(!line.cells.is_empty());
                }
            }
        }

        /// What is written by the rules of RFC 4180 reads back.
        #[test]
        fn written_cells_read_back(cells in proptest::collection::vec("[a\",;\n ]{0,6}", 1..5)) {
            let cells: Vec<String> = cells.iter().map(|c| c.trim().to_owned()).collect();
            prop_assume!(cells.iter().any(|c| !c.is_empty()));
            let quoted: Vec<String> = cells.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
            let text = format!("{}\n", quoted.join("|"));
            let lines = lines(&text, Some('|'), Quotes::OverLines);
            prop_assert_eq!(lines.len(), 1);
            let read: Vec<&str> = lines[0].cells.iter().map(|c| c.text.as_str()).collect();
            prop_assert_eq!(read, cells);
        }
    }
}
