//! Entries that are switched off: well-formed triples inside comments.

use super::code::Code;
use super::facts::MappingEntry;
use super::lexer::{Lexer, Token, TokenKind};
use super::lines::LineCursor;
use super::parts::{self, Part};
use crate::source::Position;

/// The longest triple has 18 tokens; what is longer is none.
const LONGEST: usize = 18;

/// Finds the triples in all comments of a method, in textual order.
pub(super) fn disabled_entries(code: &Code<'_>) -> Vec<MappingEntry> {
    let mut entries = Vec::new();
    let mut from = 0;
    while from < code.comments.len() {
        let to = end_of_text(code, from);
        let (first, position) = code.comments[from];
        let (last, _) = code.comments[to - 1];
        read_text(&code.source[..last.end], first.start, position, &mut entries);
        from = to;
    }
    entries
}

/// Consecutive `//` lines are one text; every block comment is one of its own.
fn end_of_text(code: &Code<'_>, from: usize) -> usize {
    let mut to = from + 1;
    while to < code.comments.len() && continues(code.source, code.comments[to - 1].0, code.comments[to].0) {
        to += 1;
    }
    to
}

fn continues(source: &str, before: Token, after: Token) -> bool {
    let between = source.get(before.end..after.start).unwrap_or_default();
    let lines = before.kind == TokenKind::LineComment && after.kind == TokenKind::LineComment;
    lines && between.trim().is_empty() && between.matches('\n').count() == 1
}

fn read_text(source: &str, start: usize, position: Position, entries: &mut Vec<MappingEntry>) {
    let mut cursor = LineCursor::new(source, start, position);
    let mut at = start;
    while let Some(found) = source[at..].find('[') {
        let open = at + found;
        match read_triple(source, open) {
            Some((triple, end)) => {
                entries.push(parts::entry(&triple, true, cursor.advance(open)));
                at = end;
            }
            None => at = open + 1,
        }
    }
}

/// Reads `[label, table, field]` at an opening bracket; also says where it ends.
fn read_triple(source: &str, open: usize) -> Option<([Part; 3], usize)> {
    let mut tokens = Vec::with_capacity(LONGEST);
    for token in Lexer::inside_comment(source, open + 1).take(LONGEST) {
        match token.text(source) {
            "]" => return Some((three_parts(source, &tokens)?, token.end)),
            "[" | ";" | "{" | "}" => return None,
            _ => tokens.push(token),
        }
    }
    None
}

fn three_parts(source: &str, tokens: &[Token]) -> Option<[Part; 3]> {
    let mut depth = 0;
    let mut elements = tokens.split(|token| {
        match token.text(source) {
            "(" => depth += 1,
            ")" => depth -= 1,
            "," => return depth == 0,
            _ => {}
        }
        false
    });
    let mut part =
        |index: usize| elements.next().map(|tokens| Part::read(source, tokens)).filter(|p| p.fits(index));
    let triple = [part(0)?, part(1)?, part(2)?];
    elements.next().is_none().then_some(triple)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xpp::LabelForm;
    use proptest::prelude::*;

    fn read(source: &str) -> Vec<String> {
        let code = Code::read(source, Position { line: 1, column: 1 });
        let show = |entry: &MappingEntry| {
            assert!(entry.triple);
            let [label, table, field] =
                [&entry.label, &entry.table, &entry.field].map(|part| part.as_deref().unwrap_or("-"));
            format!("{label} {table} {field} {}:{}", entry.position.line, entry.position.column)
        };
        disabled_entries(&code).iter().map(show).collect()
    }

    #[test]
    fn a_line_that_the_documentation_tells_to_comment_out() {
        let source = "mapping += [\n  // [identifierStr(A), tableNum(T), fieldStr(E, F)],\n  [x]];";
        assert_eq!(read(source), ["A T F 2:6"]);
    }

    #[test]
    fn an_entry_on_several_comment_lines() {
        let source = "//  [tableStr(A),\r\n  ///   tableNum(T), \r\n //fieldStr(E, F)]\r\n";
        assert_eq!(read(source), ["A T F 1:5"]);
        assert_eq!(read("// [tableStr(A),\n\n// tableNum(T), 'F']"), Vec::<String>::new());
        assert_eq!(read("// [tableStr(A),\nx; // tableNum(T), 'F']"), Vec::<String>::new());
    }

    #[test]
    fn a_block_comment_with_stars_apostrophes_and_line_comments() {
        let source = "/* don't\n * [tableStr(A), tableNum(T),\n *  fieldStr(E, F)]\n // ['B', tableNum(U), \"G\"]\n */";
        assert_eq!(read(source), ["A T F 2:4", "B U G 4:5"]);
    }

    #[test]
    fn a_whole_statement_and_nested_brackets() {
        let source = "// m += [[tableStr(A), tableNum(T), 'F'], [tableStr(B), tableNum(T), 'F']];";
        assert_eq!(read(source), ["A T F 1:10", "B T F 1:43"]);
    }

    #[test]
    fn what_is_no_triple_or_no_comment() {
        let source = "// [a, b, c] [tableStr(A), tableNum(T)] [tableStr(A), tableNum(T), 'F', 'G'] [1, 2]\n\
                      x = [tableStr(A), tableNum(T), 'F']; s = '// [tableStr(A), tableNum(T), fieldStr(E, F)]';";
        assert_eq!(read(source), Vec::<String>::new());
    }

    #[test]
    fn the_form_of_the_label_is_kept() {
        let code = Code::read("//[identifierStr(A), tableNum(T), 'F']", Position { line: 1, column: 1 });
        let entries = disabled_entries(&code);
        assert_eq!(entries[0].label_form, LabelForm::IdentifierStr);
        assert_eq!(entries[0].field_owner, None);
    }

    proptest! {
        #[test]
        fn no_comment_is_too_strange(pieces in prop::collection::vec(prop::sample::select(vec![
            "//", "/*", "*/", "\n", "[", "]", ",", "(", ")", "tableStr(A)", "tableNum(T)", "'F'", "'", "@\"", "é", ";",
        ]), 0..60)) {
            let source = pieces.concat();
            for entry in disabled_entries(&Code::read(&source, Position { line: 1, column: 1 })) {
                prop_assert!(entry.label.is_some() && entry.table.is_some() && entry.field.is_some());
            }
        }
    }
}
