//! The tokens of X++.
//!
//! The lexer never fails: what cannot be ended (a string, a block comment) becomes a token of its own kind, and the
//! next token starts where a reader would look for it. Tokens and the white space between them cover the input.

use std::borrow::Cow;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A name or a keyword.
    Identifier,
    /// A number, with its suffix.
    Number,
    /// `'…'` or `"…"`, with backslash escapes, on one line.
    Text,
    /// `@'…'` or `@"…"`, without escapes (a doubled quote stands for one), on any number of lines.
    VerbatimText,
    /// A string that ends with its line (plain) or with the input (verbatim).
    UnterminatedText,
    /// `// …`, without the end of the line.
    LineComment,
    /// `/* … */`.
    BlockComment,
    /// `/* …` up to the end of the input.
    UnterminatedComment,
    /// `#name`.
    Macro,
    /// A line for the macro processor: `#define.…`, `#if.…`, up to its end or to a comment.
    Directive,
    /// An operator, a bracket, or any other character.
    Symbol,
}

/// A token: its kind and its byte range in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Offset of its first byte.
    pub start: usize,
    /// Offset behind its last byte.
    pub end: usize,
}

impl Token {
    /// The text of the token in the source that it was read from.
    pub fn text(self, source: &str) -> &str {
        source.get(self.start..self.end).unwrap_or_default()
    }

    /// It is a comment, terminated or not.
    pub fn is_comment(self) -> bool {
        matches!(self.kind, TokenKind::LineComment | TokenKind::BlockComment | TokenKind::UnterminatedComment)
    }

    /// It is a string literal that ends.
    pub fn is_text(self) -> bool {
        matches!(self.kind, TokenKind::Text | TokenKind::VerbatimText)
    }
}

/// Words after `#` that make the line one for the macro processor.
const DIRECTIVES: [&str; 13] = [
    "define",
    "undef",
    "globaldefine",
    "globalmacro",
    "localmacro",
    "macro",
    "endmacro",
    "macrolib",
    "library",
    "if",
    "ifnot",
    "endif",
    "linenumber",
];

/// An iterator over the tokens of a source.
#[derive(Clone, Debug)]
pub struct Lexer<'a> {
    source: &'a str,
    offset: usize,
    inside_comment: bool,
}

impl<'a> Lexer<'a> {
    /// Reads a source from its beginning.
    pub fn new(source: &'a str) -> Self {
        Self { source, offset: 0, inside_comment: false }
    }

    /// Reads the text of a comment as if it were code: the marks of comments (`/` and `*`) count as white space.
    pub fn inside_comment(source: &'a str, offset: usize) -> Self {
        Self { source, offset, inside_comment: true }
    }

    fn rest(&self) -> &'a str {
        self.source.get(self.offset..).unwrap_or_default()
    }

    fn is_blank(&self, c: char) -> bool {
        c.is_whitespace() || (self.inside_comment && matches!(c, '/' | '*'))
    }

    fn scan(rest: &str) -> (TokenKind, usize) {
        let mut chars = rest.chars();
        let first = chars.next().unwrap_or_default();
        let second = chars.next();
        match (first, second) {
            ('/', Some('/')) => (TokenKind::LineComment, line_length(rest)),
            ('/', Some('*')) => block_comment(rest),
            ('\'' | '"', _) => plain_text(rest, first),
            ('@', Some(quote @ ('\'' | '"'))) => verbatim_text(rest, quote),
            ('#', Some(c)) if is_name_start(c) => macro_token(rest),
            _ if is_name_start(first) => (TokenKind::Identifier, name_length(rest)),
            _ if first.is_ascii_digit() => (TokenKind::Number, number_length(rest)),
            (':' | '+' | '-' | '=' | '<' | '>' | '&' | '|', Some(c)) if c == first => (TokenKind::Symbol, 2),
            ('+' | '-' | '!' | '<' | '>', Some('=')) => (TokenKind::Symbol, 2),
            // Every other symbol is one character.
            _ => (TokenKind::Symbol, first.len_utf8()),
        }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let rest = self.rest();
        let blank = rest.find(|c| !self.is_blank(c))?;
        let start = self.offset + blank;
        let (kind, length) = Self::scan(&rest[blank..]);
        self.offset = start + length;
        Some(Token { kind, start, end: self.offset })
    }
}

/// The value of a string literal: quotes removed, escapes resolved. Text of any other kind is returned as it is.
pub fn text_value(literal: &str) -> Cow<'_, str> {
    let verbatim = literal.starts_with('@');
    let quoted = &literal[usize::from(verbatim)..];
    let Some(quote @ ('\'' | '"')) = quoted.chars().next() else { return Cow::Borrowed(literal) };
    let Some(inner) = quoted.get(1..quoted.len() - 1) else { return Cow::Borrowed("") };
    let special = if verbatim { quote } else { '\\' };
    if !inner.contains(special) {
        return Cow::Borrowed(inner);
    }
    if verbatim {
        let one = quote.to_string();
        return Cow::Owned(inner.replace(&one.repeat(2), &one));
    }
    Cow::Owned(unescape(inner))
}

fn unescape(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => value.push('\n'),
                Some('r') => value.push('\r'),
                Some('t') => value.push('\t'),
                Some(escaped @ ('\\' | '\'' | '"')) => value.push(escaped),
                other => value.extend(std::iter::once('\\').chain(other)),
            },
            _ => value.push(c),
        }
    }
    value
}

fn is_name_start(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

fn is_name_part(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

fn name_length(text: &str) -> usize {
    text.find(|c| !is_name_part(c)).unwrap_or(text.len())
}

/// Digits, letters (hexadecimal digits, suffixes) and one point that is followed by a digit.
fn number_length(text: &str) -> usize {
    let whole = name_length(text);
    match text[whole..].strip_prefix('.') {
        Some(fraction) if fraction.starts_with(|c: char| c.is_ascii_digit()) => {
            whole + 1 + name_length(fraction)
        }
        _ => whole,
    }
}

fn line_length(text: &str) -> usize {
    text.find(['\r', '\n']).unwrap_or(text.len())
}

fn block_comment(text: &str) -> (TokenKind, usize) {
    match memchr::memmem::find(&text.as_bytes()[2..], b"*/") {
        Some(at) => (TokenKind::BlockComment, at + 4),
        None => (TokenKind::UnterminatedComment, text.len()),
    }
}

fn plain_text(text: &str, quote: char) -> (TokenKind, usize) {
    let bytes = text.as_bytes();
    let mut at = 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\r' | b'\n' => return (TokenKind::UnterminatedText, at),
            b'\\' if !matches!(bytes.get(at + 1), None | Some(b'\r' | b'\n')) => at += 2,
            _ if char::from(byte) == quote => return (TokenKind::Text, at + 1),
            _ => at += 1,
        }
    }
    (TokenKind::UnterminatedText, text.len())
}

fn verbatim_text(text: &str, quote: char) -> (TokenKind, usize) {
    let mut at = 2;
    while let Some(found) = text[at..].find(quote) {
        at += found + 1;
        if !text[at..].starts_with(quote) {
            return (TokenKind::VerbatimText, at);
        }
        at += 1;
    }
    (TokenKind::UnterminatedText, text.len())
}

fn macro_token(text: &str) -> (TokenKind, usize) {
    let length = 1 + name_length(&text[1..]);
    let word = &text[1..length];
    if !DIRECTIVES.iter().any(|directive| directive.eq_ignore_ascii_case(word)) {
        return (TokenKind::Macro, length);
    }
    (TokenKind::Directive, directive_length(&text[..line_length(text)]))
}

/// A directive ends with its line, or where a comment starts outside a string.
fn directive_length(line: &str) -> usize {
    let bytes = line.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'\'' | b'"') => {
                let (kind, length) = plain_text(&line[at..], char::from(quote));
                at += if kind == TokenKind::Text { length } else { 1 };
            }
            b'/' if matches!(bytes.get(at + 1), Some(b'/' | b'*')) => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests;
