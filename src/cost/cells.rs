//! Lines and cells of a separated file, each cell with its place. Quotes end with their line: neither a name nor
//! a number goes over two, so that a forgotten quote spoils one line and not the rest of the file.

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// Its text, without quotes and outer blanks.
    pub(super) text: String,
    /// Where it starts, in characters from 1.
    pub(super) column: u32,
    /// It starts with a quote that nothing closes.
    pub(super) open: bool,
}

/// A line with something in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// From 1.
    pub(super) number: u32,
    /// At least one.
    pub(super) cells: Vec<Cell>,
}

/// The lines of a file that are not blank. The first of them says what parts its cells: `sep=;` does so in
/// words, else a semicolon, a tab, or a comma.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut numbered = (1..).zip(text.split('\n')).filter(|(_, l)| !l.trim().is_empty()).peekable();
    let mut separator = None;
    if let Some((_, first)) = numbered.peek() {
        separator = declared(first);
        if separator.is_some() {
            numbered.next();
        }
    }
    let separator = separator.unwrap_or_else(|| numbered.peek().map_or(',', |(_, first)| guessed(first)));
    let lines = numbered.map(|(number, line)| Line { number, cells: cells(line, separator) });
    lines.filter(|line| line.cells.iter().any(|c| !c.text.is_empty() || c.open)).collect()
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

fn cells(line: &str, separator: char) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut chars = line.chars().peekable();
    let mut column = 1;
    loop {
        let mut cell = Cell { text: String::new(), column, open: false };
        let mut ended = true;
        while let Some(c) = chars.next() {
            column += 1;
            if c == separator && !cell.open {
                ended = false;
                break;
            }
            match c {
                '"' if cell.open && chars.peek() == Some(&'"') => {
                    chars.next();
                    column += 1;
                    cell.text.push('"');
                }
                '"' if cell.open => cell.open = false,
                '"' if cell.text.trim().is_empty() => {
                    cell.text.clear();
                    cell.open = true;
                }
                c => cell.text.push(c),
            }
        }
        cells.push(Cell { text: cell.text.trim().to_owned(), ..cell });
        if ended {
            return cells;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<(u32, Vec<(u32, String)>)> {
        let cells = |line: Line| line.cells.into_iter().map(|c| (c.column, c.text)).collect();
        lines(text).into_iter().map(|line| (line.number, cells(line))).collect()
    }

    fn row(line: u32, cells: &[(u32, &str)]) -> (u32, Vec<(u32, String)>) {
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
    }

    #[test]
    fn an_open_quote_ends_with_its_line() {
        let lines = lines("\"A,1\nB,2");
        assert!(lines[0].cells[0].open);
        assert_eq!(lines[1].cells[0].text, "B");
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "[a\",;\t\r\n=sep \u{1F600}\u{0}]{0,60}") {
            for line in lines(&text) {
                prop_assert!(!line.cells.is_empty());
            }
        }
    }
}
