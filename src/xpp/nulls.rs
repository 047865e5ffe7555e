//! Whether the SQL that a method builds can be NULL, as far as its text tells.

use super::code::{Code, Span};
use super::facts::{Qualifier, SourceName};
use super::lexer::{TokenKind, text_value};
use super::references::{read_named_field, read_qualifier, read_source_field};
use crate::source::Position;

/// What a method that builds a computed column says of NULL. Lines are those of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NullFacts {
    /// An unterminated string or comment, or unbalanced brackets: nothing of the body can be trusted.
    pub broken: bool,
    /// It turns NULL into something else: `isNullExpression`, `ISNULL`, `COALESCE`, `IS NULL`.
    pub guard: Option<u32>,
    /// It chooses between values (`SysComputedColumn::if`, `CASE`), so that a value may never be shown.
    pub chooses: bool,
    /// Columns whose values it shows, in textual order.
    pub reads: Vec<NullRead>,
    /// Parts that can be NULL by themselves, with their lines.
    pub gives: Vec<(u32, Gives)>,
    /// Calls that may be followed, with their lines.
    pub calls: Vec<(u32, Qualifier, Box<str>)>,
}

/// A column that a method shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NullRead {
    /// Line of the call.
    pub line: u32,
    /// The data source.
    pub source: SourceName,
    /// The field of it.
    pub field: Box<str>,
    /// The call gives the value (`returnField`); else it gives a name that SQL text may do anything with.
    pub value: bool,
}

/// What can be NULL by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gives {
    /// `NULL` stands in the SQL text.
    Null,
    /// A `SELECT` in the SQL text gives NULL when no row fits.
    Subquery,
    /// A `CASE` without `ELSE`.
    CaseWithoutElse,
}

/// Reads the source of one method, whose first character stands at `first`.
pub fn read_nulls(source: &str, first: Position) -> NullFacts {
    let code = Code::read(source, first);
    if code.fault.is_some() {
        return NullFacts { broken: true, ..NullFacts::default() };
    }
    let body = code.signature().map_or(Span::new(0, 0), |signature| signature.body);
    let mut facts = NullFacts::default();
    let mut words = Vec::new();
    for at in body.from..body.to {
        let line = code.position(at).line;
        match code.kind(at) {
            Some(TokenKind::Text | TokenKind::VerbatimText) => {
                words.extend(sql_words(&text_value(code.text(at))).map(|word| (line, word)));
            }
            Some(TokenKind::Identifier) if code.is(at + 1, "(") => call(&code, at, line, &mut facts),
            _ => {}
        }
    }
    sql(&words, &mut facts);
    facts
}

fn call(code: &Code<'_>, at: usize, line: u32, facts: &mut NullFacts) {
    let name = code.text(at).to_ascii_lowercase();
    let framework = at >= 2 && code.is(at - 1, "::") && code.is_word(at - 2, "SysComputedColumn");
    match name.as_str() {
        "returnfield" | "comparisonfield" => {
            let read = read_source_field(code, at + 1);
            let shown = read.filter(|_| name == "returnfield");
            facts.reads.extend(shown.map(|(source, field)| NullRead { line, source, field, value: true }));
        }
        "computedcolumnstring" => {
            let read = read_named_field(code, at + 1);
            facts.reads.extend(read.map(|(source, field)| NullRead { line, source, field, value: false }));
        }
        _ if framework && (name.contains("isnull") || name.contains("notnull")) => {
            facts.guard = facts.guard.or(Some(line));
        }
        "if" | "switch" if framework => facts.chooses = true,
        _ => {
            let qualifier = read_qualifier(code, at);
            facts.calls.extend(qualifier.map(|qualifier| (line, qualifier, code.text(at).into())));
        }
    }
}

/// The words of SQL text in lower case.
fn sql_words(text: &str) -> impl Iterator<Item = String> {
    let words: Vec<String> = text
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '%' | '@' | '#')))
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.into_iter()
}

/// What the words of all texts of a body, in their order, say of NULL.
fn sql(words: &[(u32, String)], facts: &mut NullFacts) {
    let word = |at: usize| words.get(at).map_or("", |(_, word)| word.as_str());
    let mut open_case = None;
    for (at, (line, text)) in words.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", word);
        match text.as_str() {
            "isnull" | "coalesce" => facts.guard = facts.guard.or(Some(*line)),
            "is" if word(at + 1) == "null" || (word(at + 1) == "not" && word(at + 2) == "null") => {
                facts.guard = facts.guard.or(Some(*line));
            }
            "null" if !matches!(before, "is" | "not") => facts.gives.push((*line, Gives::Null)),
            "case" => {
                facts.chooses = true;
                open_case = open_case.or(Some(*line));
            }
            "else" => open_case = None,
            "select" if !matches!(before, "exists" | "in") && !counts(&word, at + 1) => {
                facts.gives.push((*line, Gives::Subquery));
            }
            _ => {}
        }
    }
    facts.gives.extend(open_case.map(|line| (line, Gives::CaseWithoutElse)));
}

/// `SELECT COUNT(…)` always gives a number.
fn counts<'w>(word: &impl Fn(usize) -> &'w str, at: usize) -> bool {
    matches!(word(at), "count" | "count_big")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> NullFacts {
        read_nulls(&format!("static str m()\n{{\n{body}\n}}"), Position { line: 10, column: 1 })
    }

    fn shown(facts: &NullFacts) -> Vec<(u32, String, bool)> {
        let name = |source: &SourceName| match source {
            SourceName::Identifier(name)
            | SourceName::Table(name)
            | SourceName::EntitySource(name)
            | SourceName::Literal(name) => name.to_string(),
        };
        facts.reads.iter().map(|r| (r.line, format!("{}.{}", name(&r.source), r.field), r.value)).collect()
    }

    #[test]
    fn the_documented_guard() {
        let facts = read(
            "str p = SysComputedColumn::returnField(tableStr(E), dataEntityDataSourceStr(E, Parent), fieldStr(T, Id));
return SysComputedColumn::if(SysComputedColumn::isNullExpression(p), SysComputedColumn::returnLiteral(''), p);",
        );
        assert_eq!(facts.guard, Some(13));
        assert!(facts.chooses && facts.gives.is_empty() && facts.calls.is_empty());
        assert_eq!(shown(&facts), [(12, "Parent.Id".to_owned(), true)]);
    }

    #[test]
    fn guards_of_sql_text() {
        for body in [
            "return strFmt('ISNULL(%1, 0)', x);",
            "return 'coalesce(' + x + ', 0)';",
            "return 'CASE WHEN ' + x + ' IS NULL THEN 0 ELSE 1 END';",
            "return 'CASE WHEN T1.A is ' + 'not null THEN 1 ELSE 0 END';",
        ] {
            assert_eq!(read(body).guard, Some(12), "{body}");
        }
        for body in ["return 'ISNULLABLE';", "return 'is nothing';", "isNull(x); return 'x';", "// ISNULL("] {
            assert_eq!(read(body).guard, None, "{body}");
        }
    }

    #[test]
    fn columns_that_are_only_compared_are_not_shown() {
        let facts = read(
            "return SysComputedColumn::if(
SysComputedColumn::equalExpression(SysComputedColumn::comparisonField(tableStr(E), identifierStr(D), fieldStr(T, A)),
SysComputedColumn::comparisonLiteral(1)), SysComputedColumn::returnLiteral(1),
SysComputedColumn::returnField('E', 'F', fieldStr(T, B)));",
        );
        assert_eq!(shown(&facts), [(15, "F.B".to_owned(), true)]);
        assert_eq!(facts.calls, []);
    }

    #[test]
    fn names_in_sql_text_may_be_anything() {
        let facts = read(
            "DictView v = new DictView(tableNum(V));
return v.computedColumnString('D', fieldStr(T, A), FieldNameGenerationMode::FieldList) + ' + 1';",
        );
        assert_eq!(shown(&facts), [(13, "D.A".to_owned(), false)]);
        assert_eq!(facts.calls, []);
    }

    #[test]
    fn what_can_be_null_by_itself() {
        let gives = |body: &str| read(body).gives.into_iter().map(|(_, gives)| gives).collect::<Vec<_>>();
        assert_eq!(gives("return '(SELECT TOP 1 A FROM T)';"), [Gives::Subquery]);
        assert_eq!(gives("return '(SELECT COUNT(*) FROM T)';"), []);
        assert_eq!(gives("return '(SELECT SUM(A) FROM T)';"), [Gives::Subquery]);
        assert_eq!(gives("return 'CASE WHEN EXISTS (SELECT 1 FROM T) THEN 1 ELSE 0 END';"), []);
        assert_eq!(gives("return 'CASE WHEN A = 1 THEN 1 END';"), [Gives::CaseWithoutElse]);
        assert_eq!(gives("return 'CASE WHEN A = 1 THEN 1 ELSE NULL END';"), [Gives::Null]);
        assert_eq!(gives("return 'A IS NOT NULL';"), []);
    }

    #[test]
    fn calls_are_kept_and_broken_bodies_are_known() {
        let facts = read("return E::first() + this.second() + third() + Global::strFmt('x');");
        let calls: Vec<_> =
            facts.calls.iter().map(|(_, qualifier, name)| (qualifier.clone(), &**name)).collect();
        assert_eq!(
            calls,
            [
                (Qualifier::Static("E".into()), "first"),
                (Qualifier::This, "second"),
                (Qualifier::None, "third")
            ]
        );
        assert!(read("return 'x;").broken);
        assert_eq!(read_nulls("", Position { line: 1, column: 1 }), NullFacts::default());
    }
}
