//! The tokens of an expression in a query range. What is no token becomes one of kind [`Kind::Bad`], so that the
//! parser complains about whatever comes first.

use super::Operator;
use crate::dualwrite::filter::{Date, DateTime, Reason, Span};

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind<'a>,
    pub(super) span: Span,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    Open,
    Close,
    And,
    Or,
    Not,
    Compare(Operator),
    Colons,
    Dot,
    Name(&'a str),
    Text { text: Box<str>, quote: char },
    Number(&'a str),
    Date(Date),
    DateTime(DateTime),
    Bad(Reason),
    End,
}

/// All tokens, the last of kind [`Kind::End`].
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(blank) = source[at..].find(|c: char| !c.is_whitespace()) {
        let start = at + blank;
        let (kind, length) = token(&source[start..]);
        at = start + length.max(1);
        tokens.push(Token { kind, span: Span::new(start, at) });
    }
    let end = source.trim_end().len();
    tokens.push(Token { kind: Kind::End, span: Span::new(end, end) });
    tokens
}

/// Longest first.
const SYMBOLS: [(&str, Kind<'static>); 17] = [
    ("==", Kind::Compare(Operator::Equal)),
    ("!=", Kind::Compare(Operator::NotEqual)),
    ("<>", Kind::Compare(Operator::NotEqual)),
    ("<=", Kind::Compare(Operator::LessOrEqual)),
    (">=", Kind::Compare(Operator::GreaterOrEqual)),
    ("&&", Kind::And),
    ("||", Kind::Or),
    ("::", Kind::Colons),
    ("..", Kind::Bad(Reason::Dots)),
    ("(", Kind::Open),
    (")", Kind::Close),
    ("<", Kind::Compare(Operator::Less)),
    (">", Kind::Compare(Operator::Greater)),
    ("=", Kind::Compare(Operator::Equal)),
    ("!", Kind::Not),
    (".", Kind::Dot),
    (",", Kind::Bad(Reason::List)),
];

/// Operators as other languages write them, and what is meant.
const MISSPELT: [(&str, &str); 8] = [
    ("===", "=="),
    ("!==", "!="),
    ("=>", ">="),
    ("=<", "<="),
    ("=!", "!="),
    ("><", "!="),
    ("&&&", "&&"),
    ("|||", "||"),
];

fn token(rest: &str) -> (Kind<'_>, usize) {
    let first = rest.chars().next().unwrap_or_default();
    if is_name_start(first) {
        let length = length_of(rest, is_name_part);
        return (Kind::Name(&rest[..length]), length);
    }
    if first == '"' || first == '\'' {
        return text(rest, first);
    }
    if starts_number(rest) {
        return number(rest);
    }
    if let Some((found, write)) = MISSPELT.iter().find(|(found, _)| rest.starts_with(found)) {
        return (misspelt(found, write), found.len());
    }
    if let Some((symbol, kind)) = SYMBOLS.iter().find(|(symbol, _)| rest.starts_with(symbol)) {
        return (kind.clone(), symbol.len());
    }
    (odd(rest, first), first.len_utf8())
}

fn misspelt(found: &str, write: &'static str) -> Kind<'static> {
    Kind::Bad(Reason::Misspelt { found: found.into(), write })
}

/// A character that starts no token.
fn odd(rest: &str, first: char) -> Kind<'static> {
    match first {
        '&' => misspelt("&", "&&"),
        '|' => misspelt("|", "||"),
        '*' | '?' => Kind::Bad(Reason::Wildcard(first)),
        '“' | '”' | '„' | '«' | '»' => {
            Kind::Bad(Reason::TypographicQuote { found: first, write: '"' })
        }
        '‘' | '’' | '‚' | '`' => Kind::Bad(Reason::TypographicQuote { found: first, write: '\'' }),
        '%' if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
            let length = 1 + length_of(&rest[1..], |c| c.is_ascii_digit());
            Kind::Bad(Reason::Placeholder(rest[..length].into()))
        }
        _ => Kind::Bad(Reason::Character(first)),
    }
}

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn is_name_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn length_of(text: &str, part: impl Fn(char) -> bool) -> usize {
    text.find(|c| !part(c)).unwrap_or(text.len())
}

/// A text with the backslash escapes of X++; it may hold line ends, which JSON can.
fn text(rest: &str, quote: char) -> (Kind<'_>, usize) {
    let mut value = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            _ if c == quote => return (Kind::Text { text: value.into(), quote }, at + 1),
            '\\' => match chars.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, 'r')) => value.push('\r'),
                Some((_, 't')) => value.push('\t'),
                Some((_, escaped @ ('\\' | '\'' | '"'))) => value.push(escaped),
                Some((_, other)) => value.extend(['\\', other]),
                None => break,
            },
            _ => value.push(c),
        }
    }
    (Kind::Bad(Reason::OpenText(quote)), rest.len())
}

fn starts_number(rest: &str) -> bool {
    let unsigned = rest.strip_prefix('-').unwrap_or(rest);
    unsigned.strip_prefix('.').unwrap_or(unsigned).starts_with(|c: char| c.is_ascii_digit())
}

/// Everything that starts with a digit: a date, a date with a time, or a number.
fn number(rest: &str) -> (Kind<'_>, usize) {
    let days = length_of(rest, |c| c.is_ascii_digit());
    let behind = rest[days..].chars().next();
    match behind {
        Some('\\') => xpp_date(rest),
        Some('/') => (Kind::Bad(Reason::DateForm), length_of(rest, |c| c.is_ascii_digit() || c == '/')),
        Some('-') if days == 4 => dashed(rest),
        _ => plain_number(rest),
    }
}

fn xpp_date(rest: &str) -> (Kind<'_>, usize) {
    let length = length_of(rest, |c| c.is_ascii_digit() || c == '\\');
    let parts: Vec<&str> = rest[..length].split('\\').collect();
    let date = match parts.as_slice() {
        [day, month, year] if day.len() <= 2 && month.len() <= 2 && year.len() == 4 => {
            match (value_of(day), value_of(month), value_of(year)) {
                (Some(day), Some(month), Some(year)) => Date::of_xpp(day, month, year),
                _ => Err(Reason::DateForm),
            }
        }
        _ => Err(Reason::DateForm),
    };
    (date.map_or_else(Kind::Bad, Kind::Date), length)
}

/// `2021-06-23T14:30:00`; without the time it is no date of X++.
fn dashed(rest: &str) -> (Kind<'_>, usize) {
    let length = length_of(rest, |c| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '.' | '+'));
    let written = &rest[..length];
    let Some((date, time)) = written.split_once(['T', 't']) else {
        return (Kind::Bad(Reason::DateForm), length);
    };
    let date: Vec<Option<u32>> = date.split('-').map(two_or_four).collect();
    let time: Vec<Option<u32>> = time.split(':').map(two_or_four).collect();
    let (&[Some(year), Some(month), Some(day)], &[Some(hour), Some(minute), Some(second)]) =
        (date.as_slice(), time.as_slice())
    else {
        return (Kind::Bad(Reason::DateTimeForm), length);
    };
    let moment = Date::of_xpp(day, month, year).and_then(|date| DateTime::new(date, hour, minute, second));
    (moment.map_or_else(Kind::Bad, Kind::DateTime), length)
}

fn two_or_four(digits: &str) -> Option<u32> {
    value_of(digits).filter(|_| digits.len() == 2 || digits.len() == 4)
}

fn value_of(digits: &str) -> Option<u32> {
    digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()))
}

fn plain_number(rest: &str) -> (Kind<'_>, usize) {
    let sign = usize::from(rest.starts_with('-'));
    let digits = |at: usize| length_of(&rest[at..], |c| c.is_ascii_digit());
    let mut end = sign + digits(sign);
    if rest[end..].starts_with("..") {
        return (Kind::Number(&rest[..end]), end);
    }
    if rest[end..].starts_with('.') {
        end += 1 + digits(end + 1);
    }
    if rest[end..].starts_with(['e', 'E']) {
        let signed = end + 1 + usize::from(rest[end + 1..].starts_with(['+', '-']));
        if digits(signed) > 0 {
            end = signed + digits(signed);
        }
    }
    let whole = length_of(rest, |c| is_name_part(c) || c == '.' || c == '-');
    if whole > end && !rest[end..].starts_with('-') {
        let dotted = rest[..whole].split('.').filter(|part| value_of(part).is_some()).count() == 3;
        let reason = if dotted { Reason::DateForm } else { Reason::NotANumber(rest[..whole].into()) };
        return (Kind::Bad(reason), whole);
    }
    (Kind::Number(&rest[..end]), end)
}
