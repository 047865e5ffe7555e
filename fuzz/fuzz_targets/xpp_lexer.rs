//! Tokens and the white space between them cover the source; a token read alone is the same token.

#![no_main]

use dualtrack::xpp::lexer::{Lexer, Token, TokenKind, text_value};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &str| {
    let tokens: Vec<Token> = Lexer::new(source).collect();
    check_cover(source, &tokens, 0, char::is_whitespace);
    tokens.iter().for_each(|token| check_alone(source, *token));
    check_rest(source, &tokens);
    if source.len() < 1 << 12 {
        let offset = tokens.first().map_or(0, |token| token.start);
        let inside: Vec<Token> = Lexer::inside_comment(source, offset).collect();
        check_cover(source, &inside, offset, |c| c.is_whitespace() || matches!(c, '/' | '*'));
    }
});

fn check_cover(source: &str, tokens: &[Token], start: usize, is_blank: impl Fn(char) -> bool) {
    let mut end = start;
    for token in tokens {
        assert!(token.start < token.end, "an empty token: {token:?}");
        let gap = source.get(end..token.start).expect("characters, in order");
        assert!(gap.chars().all(&is_blank), "{gap:?} is in no token");
        assert!(source.get(token.start..token.end).is_some(), "half a character: {token:?}");
        end = token.end;
    }
    assert!(source[end..].chars().all(is_blank), "{:?} is in no token", &source[end..]);
}

/// What stands before and behind a token does not change what it is.
fn check_alone(source: &str, token: Token) {
    let text = token.text(source);
    let alone: Vec<Token> = Lexer::new(text).collect();
    assert_eq!(alone, [Token { kind: token.kind, start: 0, end: text.len() }], "{text:?}");
    let value = text_value(text);
    assert!(value.len() <= text.len(), "{text:?} stands for {value:?}");
    if token.kind == TokenKind::Text && !value.contains(['\'', '\\', '\n', '\r']) {
        assert_eq!(text_value(&format!("'{value}'")), value);
    }
    if token.kind == TokenKind::VerbatimText {
        assert_eq!(text_value(&format!("@'{}'", value.replace('\'', "''"))), value);
    }
}

/// Reading can begin at any token.
fn check_rest(source: &str, tokens: &[Token]) {
    let middle = tokens.len() / 2;
    if let Some(first) = tokens.get(middle) {
        let moved =
            |token: Token| Token { start: token.start + first.start, end: token.end + first.start, ..token };
        let rest: Vec<Token> = Lexer::new(&source[first.start..]).map(moved).collect();
        assert_eq!(rest, tokens[middle..]);
    }
}
