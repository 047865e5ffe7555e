//! SQL that changes tables: which table, which columns.

use super::facts::WriteForm;
use super::texts::HOLE;

/// A change that SQL text makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SqlWrite {
    /// What it does.
    pub(super) form: WriteForm,
    /// The table; `None` when its name is put together at run time.
    pub(super) table: Option<String>,
    /// The columns of `SET` or of the list behind the table; `None` when there is none.
    pub(super) columns: Option<Vec<String>>,
}

/// The changes in a text. A text that may be any statement is one change of unknown form.
pub(super) fn sql_writes(text: &str) -> Vec<SqlWrite> {
    let tokens = Tokens::read(text);
    let mut writes = Vec::new();
    for at in 0..tokens.all.len() {
        if tokens.starts_statement(at) {
            writes.extend(tokens.write(at));
        }
    }
    let open_start = tokens.all.first().is_none_or(Token::has_hole);
    if writes.is_empty() && open_start {
        writes.push(SqlWrite { form: WriteForm::SqlUnknown, table: None, columns: None });
    }
    writes
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// A name or a keyword; quoted ones are never keywords.
    Word(String, bool),
    /// `'…'`.
    Text,
    /// Anything else.
    Symbol(char),
}

impl Token {
    fn has_hole(&self) -> bool {
        matches!(self, Token::Word(word, _) if word.contains(HOLE))
    }
}

struct Tokens {
    all: Vec<Token>,
}

impl Tokens {
    fn read(text: &str) -> Self {
        let mut all = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let length = match first {
                '\'' => {
                    all.push(Token::Text);
                    quoted(rest, '\'')
                }
                '[' | '"' => {
                    let length = quoted(rest, if first == '[' { ']' } else { '"' });
                    let inner = rest.get(1..length - 1).unwrap_or_default();
                    all.push(Token::Word(inner.to_owned(), true));
                    length
                }
                '-' if rest.starts_with("--") => rest.find(['\r', '\n']).unwrap_or(rest.len()),
                '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
                c if is_word(c) => {
                    let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                    all.push(Token::Word(rest[..length].to_owned(), false));
                    length
                }
                c => {
                    if !c.is_whitespace() {
                        all.push(Token::Symbol(c));
                    }
                    c.len_utf8()
                }
            };
            rest = &rest[length..];
        }
        Self { all }
    }

    fn is(&self, at: usize, word: &str) -> bool {
        matches!(self.all.get(at), Some(Token::Word(text, false)) if text.eq_ignore_ascii_case(word))
    }

    fn symbol(&self, at: usize, symbol: char) -> bool {
        self.all.get(at) == Some(&Token::Symbol(symbol))
    }

    /// A word at which a statement may start: not one behind a point or a comma, and not `UPDATE` of a trigger or lock.
    fn starts_statement(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return true };
        let joined = ['.', ',', '=', '@'].iter().any(|symbol| self.symbol(before, *symbol));
        !joined && !["for", "after", "on", "instead"].iter().any(|word| self.is(before, word))
    }

    fn write(&self, at: usize) -> Option<SqlWrite> {
        let form = [
            ("insert", WriteForm::SqlInsert),
            ("update", WriteForm::SqlUpdate),
            ("delete", WriteForm::SqlDelete),
            ("truncate", WriteForm::SqlDelete),
            ("merge", WriteForm::SqlMerge),
        ];
        let (word, form) = form.into_iter().find(|(word, _)| self.is(at, word))?;
        // `WHEN MATCHED THEN UPDATE SET`: the table is that of the MERGE.
        if self.is(at + 1, "set") || at > 0 && self.is(at - 1, "then") {
            return None;
        }
        let name_at = self.behind_noise(at + 1);
        let (name, behind) = self.name(name_at)?;
        if word == "truncate" && !self.is(at + 1, "table") {
            return None;
        }
        let columns = match form {
            WriteForm::SqlInsert => self.listed(behind),
            WriteForm::SqlUpdate => self.set(behind),
            _ => None,
        };
        let table = self.aliased(&name, behind).unwrap_or(name);
        if table.starts_with(['#', '@']) {
            return None;
        }
        let table = (!table.contains(HOLE) && !table.is_empty()).then_some(table);
        Some(SqlWrite { form, table, columns })
    }

    /// Behind `INTO`, `FROM`, `TABLE`, `TOP (n)`, `LOW_PRIORITY` and the like.
    fn behind_noise(&self, mut at: usize) -> usize {
        loop {
            if ["into", "from", "table", "percent"].iter().any(|word| self.is(at, word)) {
                at += 1;
            } else if self.is(at, "top") {
                at += 1;
                at = if self.symbol(at, '(') { self.behind_bracket(at) } else { at + 1 };
            } else {
                return at;
            }
        }
    }

    fn behind_bracket(&self, open: usize) -> usize {
        let mut depth = 0_usize;
        for at in open..self.all.len() {
            depth += usize::from(self.symbol(at, '('));
            if self.symbol(at, ')') {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
        }
        self.all.len()
    }

    /// The last part of `a.b.c` at a token, and the index behind it.
    fn name(&self, mut at: usize) -> Option<(String, usize)> {
        let Some(Token::Word(first, _)) = self.all.get(at) else { return None };
        let mut name = first.clone();
        at += 1;
        while self.symbol(at, '.') {
            while self.symbol(at, '.') {
                at += 1;
            }
            let Some(Token::Word(part, _)) = self.all.get(at) else { return None };
            name.clone_from(part);
            at += 1;
        }
        Some((name, at))
    }

    /// The table that an alias stands for: `UPDATE a … FROM t a`, `DELETE a FROM t AS a`.
    fn aliased(&self, alias: &str, from: usize) -> Option<String> {
        for at in from..self.all.len() {
            if !self.is(at, "from") && !self.is(at, "join") && !self.symbol(at, ',') {
                continue;
            }
            let Some((name, behind)) = self.name(at + 1) else { continue };
            let behind = behind + usize::from(self.is(behind, "as"));
            if matches!(self.all.get(behind), Some(Token::Word(word, _)) if word.eq_ignore_ascii_case(alias))
            {
                return Some(name);
            }
        }
        None
    }

    /// `(a, b)`.
    fn listed(&self, open: usize) -> Option<Vec<String>> {
        if !self.symbol(open, '(') {
            return None;
        }
        let end = self.behind_bracket(open).saturating_sub(1);
        let mut names = Vec::new();
        let mut at = open + 1;
        while at < end {
            let (name, behind) = self.name(at)?;
            names.push(name);
            at = behind + usize::from(self.symbol(behind, ','));
        }
        (!names.iter().any(|name| name.contains(HOLE))).then_some(names)
    }

    /// The columns of `SET a = …, b = …`.
    fn set(&self, from: usize) -> Option<Vec<String>> {
        let set = (from..self.all.len()).find(|at| self.is(*at, "set"))?;
        let mut names = Vec::new();
        let mut at = set + 1;
        loop {
            let (name, behind) = self.name(at)?;
            let sign = behind + usize::from("+-*/%|&^".chars().any(|sign| self.symbol(behind, sign)));
            if name.contains(HOLE) || !self.symbol(sign, '=') {
                return None;
            }
            names.push(name);
            match self.next_assignment(sign + 1) {
                Next::Assignment(next) => at = next,
                Next::End => return Some(names),
                Next::Unknown => return None,
            }
        }
    }

    fn next_assignment(&self, mut at: usize) -> Next {
        while let Some(token) = self.all.get(at) {
            match token {
                Token::Symbol(',') => return Next::Assignment(at + 1),
                Token::Symbol(';') => return Next::End,
                Token::Symbol('(') => {
                    at = self.behind_bracket(at);
                    continue;
                }
                Token::Word(word, false) => {
                    let ends = ["from", "where", "output", "option", "when"];
                    if ends.iter().any(|end| end.eq_ignore_ascii_case(word)) {
                        return Next::End;
                    }
                    // A hole that is not an operand may hold more assignments.
                    let operand =
                        at.checked_sub(1).is_some_and(|before| matches!(self.all[before], Token::Symbol(_)));
                    if word.contains(HOLE) && !operand {
                        return Next::Unknown;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        Next::End
    }
}

enum Next {
    Assignment(usize),
    End,
    Unknown,
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '#' | '@' | '$' | HOLE)
}

/// The length of a quoted text; a doubled quote stands for one.
fn quoted(text: &str, quote: char) -> usize {
    let mut at = 1;
    while let Some(found) = text[at..].find(quote) {
        at += found + 1;
        if !text[at..].starts_with(quote) {
            return at;
        }
        at += 1;
    }
    // Without an end, the quote is taken for itself alone: what follows is still looked at.
    1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<String> {
        sql_writes(text)
            .into_iter()
            .map(|write| {
                let form = format!("{:?}", write.form);
                let columns =
                    write.columns.map_or_else(String::new, |columns| format!(" {}", columns.join(",")));
                format!(
                    "{} {}{columns}",
                    form.trim_start_matches("Sql"),
                    write.table.unwrap_or_else(|| "?".to_owned())
                )
            })
            .collect()
    }

    #[test]
    fn each_verb_names_its_table() {
        for (text, expected) in [
            (
                "INSERT INTO CUSTTABLE (ACCOUNTNUM, NAME_) VALUES ('a', 'it''s')",
                "Insert CUSTTABLE ACCOUNTNUM,NAME_",
            ),
            ("insert dbo.[CustTable] select * from x", "Insert CustTable"),
            (
                "UPDATE CUSTTABLE SET BLOCKED = 1, NAME = f(a, b) WHERE RECID = 1",
                "Update CUSTTABLE BLOCKED,NAME",
            ),
            ("update top (10) AxDB.dbo.CustTable set A += 1", "Update CustTable A"),
            ("UPDATE T SET T.A = 1 FROM CUSTTABLE T WHERE 1=1", "Update CUSTTABLE A"),
            ("UPDATE T SET A = B.C FROM B JOIN CUSTTABLE AS T ON T.X = B.X", "Update CUSTTABLE A"),
            ("DELETE FROM CUSTTABLE WHERE NAME = 'DELETE FROM X'", "Delete CUSTTABLE"),
            ("delete T from CustTable as T", "Delete CustTable"),
            ("TRUNCATE TABLE [dbo].[CUSTTABLE]", "Delete CUSTTABLE"),
            (
                "MERGE INTO CUSTTABLE AS T USING S ON 1=1 WHEN MATCHED THEN UPDATE SET A = 1;",
                "Merge CUSTTABLE",
            ),
            ("/* UPDATE X SET A=1 */ -- DELETE FROM Y\nDELETE A..CUSTTABLE", "Delete CUSTTABLE"),
        ] {
            assert_eq!(read(text), [expected], "{text}");
        }
    }

    #[test]
    fn what_is_not_known_stays_unknown() {
        assert_eq!(read("UPDATE \u{FFFC} SET A = 1"), ["Update ? A"]);
        assert_eq!(read("UPDATE CUSTTABLE SET \u{FFFC} = 1"), ["Update CUSTTABLE"]);
        assert_eq!(read("UPDATE CUSTTABLE SET A = \u{FFFC} WHERE \u{FFFC}"), ["Update CUSTTABLE A"]);
        assert_eq!(read("UPDATE CUSTTABLE SET A = 1 \u{FFFC}"), ["Update CUSTTABLE"]);
        assert_eq!(read("\u{FFFC}"), ["Unknown ?"]);
        assert_eq!(read(""), ["Unknown ?"]);
        assert_eq!(read("UPDATE x\u{FFFC}y SET A = 1"), ["Update ? A"]);
    }

    #[test]
    fn what_changes_no_table_of_the_application() {
        for text in [
            "SELECT * FROM CUSTTABLE",
            "INSERT INTO #tmp SELECT 1",
            "DELETE FROM @rows",
            "CREATE INDEX i ON CUSTTABLE (A)",
            "SELECT A.UPDATE, B.DELETE FROM X",
            "SELECT 'UPDATE CUSTTABLE SET A = 1'",
            "EXEC sp_x \u{FFFC}",
        ] {
            assert_eq!(read(text), Vec::<String>::new(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(UPDATE|set|INSERT|into|delete|FROM|T|a|\\.|,|=|\\(|\\)|\\[|\\]|'|\"|--|/\\*|\\*/|;|\u{FFFC}|é|#| |\n){0,60}") {
            sql_writes(&text);
        }
    }
}
