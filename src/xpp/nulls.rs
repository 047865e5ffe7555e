//! Whether the SQL that a method builds can be NULL, as far as its text tells.

use super::code::{Code, Span};
use super::facts::{Gives, NullFacts, NullRead};
use super::lexer::{TokenKind, text_value};
use super::references::{read_named_field, read_source_field};

/// Reads a body without faults.
pub(super) fn read_nulls(code: &Code<'_>, body: Span) -> Option<Box<NullFacts>> {
    let mut facts = NullFacts::default();
    let mut words = Vec::new();
    for at in body.from..body.to {
        match code.kind(at) {
            Some(TokenKind::Text | TokenKind::VerbatimText) => {
                let line = code.position(at).line;
                words.extend(sql_words(&text_value(code.text(at))).map(|word| (line, word)));
            }
            Some(TokenKind::Identifier) if code.is(at + 1, "(") => call(code, at, &mut facts),
            _ => {}
        }
    }
    sql(&words, &mut facts);
    (facts != NullFacts::default()).then(|| Box::new(facts))
}

fn call(code: &Code<'_>, at: usize, facts: &mut NullFacts) {
    let name = code.text(at).to_ascii_lowercase();
    let framework = at >= 2 && code.is(at - 1, "::") && code.is_word(at - 2, "SysComputedColumn");
    match name.as_str() {
        "returnfield" => {
            let read = read_source_field(code, at + 1);
            facts.reads.extend(read.map(|(source, field)| NullRead { source, field, value: true }));
        }
        "computedcolumnstring" => {
            let read = read_named_field(code, at + 1);
            facts.reads.extend(read.map(|(source, field)| NullRead { source, field, value: false }));
        }
        _ if framework && (name.contains("isnull") || name.contains("notnull")) => facts.guarded = true,
        "if" | "switch" if framework => facts.chooses = true,
        _ => {}
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
            "isnull" | "coalesce" => facts.guarded = true,
            "is" if word(at + 1) == "null" || (word(at + 1) == "not" && word(at + 2) == "null") => {
                facts.guarded = true;
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
    use crate::source::Position;
    use crate::xpp::{MethodContent, SourceName, read_method};

    fn read(body: &str) -> NullFacts {
        let source = format!("static str m()\n{{\n{body}\n}}");
        let content = read_method("m", &source, Position { line: 10, column: 1 }).content;
        let MethodContent::Other(references) = content else { panic!("no hook") };
        references.nulls.map(|facts| *facts).unwrap_or_default()
    }

    fn shown(facts: &NullFacts) -> Vec<(String, bool)> {
        let name = |source: &SourceName| match source {
            SourceName::Identifier(name)
            | SourceName::Table(name)
            | SourceName::EntitySource(name)
            | SourceName::Literal(name) => name.to_string(),
        };
        facts.reads.iter().map(|r| (format!("{}.{}", name(&r.source), r.field), r.value)).collect()
    }

    #[test]
    fn the_documented_guard() {
        let facts = read(
            "str p = SysComputedColumn::returnField(tableStr(E), dataEntityDataSourceStr(E, Parent), fieldStr(T, Id));
return SysComputedColumn::if(SysComputedColumn::isNullExpression(p), SysComputedColumn::returnLiteral(''), p);",
        );
        assert!(facts.guarded && facts.chooses && facts.gives.is_empty());
        assert_eq!(shown(&facts), [("Parent.Id".to_owned(), true)]);
    }

    #[test]
    fn guards_of_sql_text() {
        for body in [
            "return strFmt('ISNULL(%1, 0)', x);",
            "return 'coalesce(' + x + ', 0)';",
            "return 'CASE WHEN ' + x + ' IS NULL THEN 0 ELSE 1 END';",
            "return 'CASE WHEN T1.A is ' + 'not null THEN 1 ELSE 0 END';",
        ] {
            assert!(read(body).guarded, "{body}");
        }
        for body in ["return 'ISNULLABLE';", "return 'is nothing';", "isNull(x); return 'x';", "// ISNULL("] {
            assert!(!read(body).guarded, "{body}");
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
        assert_eq!(shown(&facts), [("F.B".to_owned(), true)]);
    }

    #[test]
    fn names_in_sql_text_may_be_anything() {
        let facts = read(
            "DictView v = new DictView(tableNum(V));
return v.computedColumnString('D', fieldStr(T, A), FieldNameGenerationMode::FieldList) + ' + 1';",
        );
        assert_eq!(shown(&facts), [("D.A".to_owned(), false)]);
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
    fn lines_are_those_of_the_file_and_broken_bodies_say_nothing() {
        assert_eq!(read("\nreturn\n'(SELECT A FROM T)';").gives, [(14, Gives::Subquery)]);
        assert_eq!(read("return 'ISNULL(;"), NullFacts::default());
        assert_eq!(read("return '';"), NullFacts::default());
    }
}
