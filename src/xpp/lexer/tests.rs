use super::*;
use proptest::prelude::*;

fn kinds(source: &str) -> Vec<(TokenKind, &str)> {
    Lexer::new(source).map(|token| (token.kind, token.text(source))).collect()
}

fn texts(source: &str) -> Vec<&str> {
    Lexer::new(source).map(|token| token.text(source)).collect()
}

#[test]
fn an_entry_of_the_mapping_method() {
    assert_eq!(
        texts("mapping += [[tableStr(A), tableNum(B), fieldStr(C, D)]];"),
        [
            "mapping", "+=", "[", "[", "tableStr", "(", "A", ")", ",", "tableNum", "(", "B", ")", ",",
            "fieldStr", "(", "C", ",", "D", ")", "]", "]", ";"
        ]
    );
}

#[test]
fn operators_take_the_longest_form() {
    assert_eq!(
        texts("a::b+=c==d!=!e&&f||g<=h>>i"),
        ["a", "::", "b", "+=", "c", "==", "d", "!=", "!", "e", "&&", "f", "||", "g", "<=", "h", ">>", "i"]
    );
}

#[test]
fn both_quotes_with_escapes() {
    assert_eq!(
        kinds(r#"'it\'s' "a\"b\\" 'x"y'"#),
        [(TokenKind::Text, r"'it\'s'"), (TokenKind::Text, r#""a\"b\\""#), (TokenKind::Text, r#"'x"y'"#)]
    );
}

#[test]
fn verbatim_strings_keep_backslashes_and_span_lines() {
    let source = "@\"c:\\\" + @'one\ntwo''s'";
    assert_eq!(
        kinds(source),
        [
            (TokenKind::VerbatimText, "@\"c:\\\""),
            (TokenKind::Symbol, "+"),
            (TokenKind::VerbatimText, "@'one\ntwo''s'")
        ]
    );
}

#[test]
fn a_plain_string_does_not_leave_its_line() {
    assert_eq!(
        kinds("x = 'open;\r\ny = \"z\\\n;"),
        [
            (TokenKind::Identifier, "x"),
            (TokenKind::Symbol, "="),
            (TokenKind::UnterminatedText, "'open;"),
            (TokenKind::Identifier, "y"),
            (TokenKind::Symbol, "="),
            (TokenKind::UnterminatedText, "\"z\\"),
            (TokenKind::Symbol, ";"),
        ]
    );
}

#[test]
fn comments_hide_quotes_and_brackets() {
    assert_eq!(
        kinds("/// don't [\na /* \" ] // */ b // x"),
        [
            (TokenKind::LineComment, "/// don't ["),
            (TokenKind::Identifier, "a"),
            (TokenKind::BlockComment, "/* \" ] // */"),
            (TokenKind::Identifier, "b"),
            (TokenKind::LineComment, "// x"),
        ]
    );
    assert_eq!(kinds("/*/"), [(TokenKind::UnterminatedComment, "/*/")]);
}

#[test]
fn strings_hide_comment_marks() {
    assert_eq!(kinds("'//' \"/*\""), [(TokenKind::Text, "'//'"), (TokenKind::Text, "\"/*\"")]);
}

#[test]
fn macros_are_names_and_directives_are_lines() {
    assert_eq!(
        kinds("#define.Url('http://x') // why\n#Url + #if.A (\nb"),
        [
            (TokenKind::Directive, "#define.Url('http://x') "),
            (TokenKind::LineComment, "// why"),
            (TokenKind::Macro, "#Url"),
            (TokenKind::Symbol, "+"),
            (TokenKind::Directive, "#if.A ("),
            (TokenKind::Identifier, "b"),
        ]
    );
}

#[test]
fn numbers_and_dates_and_ranges() {
    assert_eq!(
        texts("1.50 0x1F 12u 1..2 23\\06\\2021"),
        ["1.50", "0x1F", "12u", "1", ".", ".", "2", "23", "\\", "06", "\\", "2021"]
    );
}

#[test]
fn the_value_of_a_literal() {
    assert_eq!(text_value(r"'plain'"), "plain");
    assert_eq!(text_value(r#""a\tb\"c\'d\\e\q""#), "a\tb\"c'd\\e\\q");
    assert_eq!(text_value("@'it''s \\n'"), "it's \\n");
    assert_eq!(text_value("''"), "");
    assert_eq!(text_value("name"), "name");
}

#[test]
fn comment_text_can_be_read_as_code() {
    let source = "// [a,\n//  b]";
    let read: Vec<&str> = Lexer::inside_comment(source, 3).map(|token| token.text(source)).collect();
    assert_eq!(read, ["[", "a", ",", "b", "]"]);
}

/// Fragments whose combinations reach every state of the lexer.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "'", "\"", "@", "\\", "\n", "\r\n", "/", "*", "//", "/*", "*/", "#", "#define", ".", " ", "a", "é",
        "1", "[", "]", "(", ")", "{", "}", ":", "+", "=", "&", "|", "\u{2028}", "\u{feff}", "𝄞",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn covers(source: &str) {
    let mut end = 0;
    for token in Lexer::new(source) {
        assert!(token.start >= end && token.end > token.start);
        assert!(source[end..token.start].chars().all(char::is_whitespace));
        end = token.end;
    }
    assert!(source[end..].chars().all(char::is_whitespace));
}

proptest! {
    #[test]
    fn tokens_cover_any_text(source in any::<String>()) {
        covers(&source);
    }

    #[test]
    fn tokens_cover_any_soup(source in soup()) {
        covers(&source);
        for token in Lexer::new(&source) {
            text_value(token.text(&source));
        }
    }
}
