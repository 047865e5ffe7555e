//! The tokens of a `$filter`. What is no token becomes one of kind [`Kind::Bad`], so that the parser complains
//! about whatever comes first.

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
    Slash,
    Comma,
    Colon,
    Assign,
    /// A name with its namespace, or a word of the language.
    Name(&'a str),
    Text(Box<str>),
    Number(&'a str),
    Date(Date),
    Moment(&'a str),
    Guid(&'a str),
    /// `[…]`.
    Array(&'a str),
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

/// Operators of X++ and others, the longest first, and what is meant.
const FOREIGN: [(&str, &str); 11] = [
    ("==", "eq"),
    ("!=", "ne"),
    ("<>", "ne"),
    ("<=", "le"),
    (">=", "ge"),
    ("&&", "and"),
    ("||", "or"),
    ("<", "lt"),
    (">", "gt"),
    ("!", "not"),
    ("&", "and"),
];

fn token(rest: &str) -> (Kind<'_>, usize) {
    let first = rest.chars().next().unwrap_or_default();
    if let Some(length) = guid_length(rest) {
        return (Kind::Guid(&rest[..length]), length);
    }
    if first.is_alphabetic() || matches!(first, '_' | '$') {
        return name(rest);
    }
    let unsigned = rest.strip_prefix('-').unwrap_or(rest);
    if unsigned.starts_with(|c: char| c.is_ascii_digit()) {
        return number(rest);
    }
    if let Some((found, write)) = FOREIGN.iter().find(|(found, _)| rest.starts_with(found)) {
        return (Kind::Bad(Reason::Misspelt { found: (*found).into(), write }), found.len());
    }
    let kind = match first {
        '\'' => return text(rest),
        '[' => return array(rest),
        '(' => Kind::Open,
        ')' => Kind::Close,
        '/' => Kind::Slash,
        ',' => Kind::Comma,
        ':' => Kind::Colon,
        '=' => Kind::Assign,
        '"' => Kind::Bad(Reason::WrongQuote('\'')),
        '“' | '”' | '„' | '‘' | '’' | '‚' | '`' => {
            Kind::Bad(Reason::TypographicQuote { found: first, write: '\'' })
        }
        _ => Kind::Bad(Reason::Character(first)),
    };
    (kind, first.len_utf8())
}

/// A name; a dot belongs to it where a name goes on behind it.
fn name(rest: &str) -> (Kind<'_>, usize) {
    let mut end = 0;
    loop {
        let part = &rest[end..];
        end += part.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$'))).unwrap_or(part.len());
        let Some(behind) = rest[end..].strip_prefix('.') else { break };
        if !behind.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            break;
        }
        end += 1;
    }
    if rest[end..].starts_with('\'') {
        return (Kind::Bad(Reason::OldLiteral(rest[..end].into())), end);
    }
    (Kind::Name(&rest[..end]), end)
}

/// A doubled quote stands for one.
fn text(rest: &str) -> (Kind<'_>, usize) {
    let mut value = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != '\'' {
            value.push(c);
        } else if chars.next_if(|(_, next)| *next == '\'').is_some() {
            value.push('\'');
        } else {
            return (Kind::Text(value.into()), at + 1);
        }
    }
    (Kind::Bad(Reason::OpenText('\'')), rest.len())
}

/// A JSON array up to its bracket; brackets inside texts do not count.
fn array(rest: &str) -> (Kind<'_>, usize) {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for (at, c) in rest.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' => in_text = !in_text,
            '[' if !in_text => depth += 1,
            ']' if !in_text => {
                depth -= 1;
                if depth == 0 {
                    return (Kind::Array(&rest[..=at]), at + 1);
                }
            }
            _ => {}
        }
    }
    (Kind::Bad(Reason::OpenText(']')), rest.len())
}

/// The length of an id: 8-4-4-4-12 hexadecimal digits, and nothing that goes on.
fn guid_length(rest: &str) -> Option<usize> {
    let end = rest.find(|c: char| !(c.is_ascii_hexdigit() || c == '-')).unwrap_or(rest.len());
    let lengths: Vec<usize> = rest[..end].split('-').map(str::len).collect();
    let ends = !rest[end..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
    (lengths == [8, 4, 4, 4, 12] && ends).then_some(end)
}

fn number(rest: &str) -> (Kind<'_>, usize) {
    let whole = rest
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | ':' | '+')))
        .unwrap_or(rest.len());
    let written = &rest[..whole];
    if rest[whole..].starts_with(['/', '\\']) {
        return (Kind::Bad(Reason::ODataDateForm), whole);
    }
    if is_number(written) {
        return (Kind::Number(written), whole);
    }
    if let Some(kind) = moment(written) {
        return (kind, whole);
    }
    let date = written.matches('-').count() == 2 || written.matches('.').count() == 2;
    let reason = if date { Reason::ODataDateForm } else { Reason::NotANumber(written.into()) };
    (Kind::Bad(reason), whole)
}

fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    [whole, fraction, exponent].iter().all(|part| is_digits(part))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A date, alone or with a time and its zone.
fn moment(written: &str) -> Option<Kind<'_>> {
    let (date, time) = written.split_once('T').map_or((written, None), |(date, time)| (date, Some(time)));
    let &[year, month, day] = date.split('-').collect::<Vec<_>>().as_slice() else { return None };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    let date = match Date::new(digits(day)?, digits(month)?, digits(year)?) {
        Ok(date) => date,
        Err(reason) => return Some(Kind::Bad(reason)),
    };
    let Some(time) = time else { return Some(Kind::Date(date)) };
    let clock = time.strip_suffix('Z').or_else(|| without_offset(time))?;
    let parts: Vec<&str> = clock.split(':').collect();
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] => (hour, minute, "00"),
        [hour, minute, second] => (hour, minute, second.split_once('.').map_or(*second, |(whole, _)| whole)),
        _ => return None,
    };
    let fraction = parts.get(2).and_then(|second| second.split_once('.')).is_none_or(|(_, f)| is_digits(f));
    if !fraction || [hour, minute, &second].iter().any(|part| part.len() != 2) {
        return None;
    }
    Some(match DateTime::new(date, digits(hour)?, digits(minute)?, digits(second)?) {
        Ok(_) => Kind::Moment(written),
        Err(reason) => Kind::Bad(reason),
    })
}

/// `10:00:00` of `10:00:00+02:00`.
fn without_offset(time: &str) -> Option<&str> {
    let (clock, offset) = time.rsplit_once(['+', '-'])?;
    let (hours, minutes) = offset.split_once(':')?;
    (hours.len() == 2 && minutes.len() == 2 && is_digits(hours) && is_digits(minutes)).then_some(clock)
}

fn digits(text: &str) -> Option<u32> {
    text.parse().ok().filter(|_| is_digits(text))
}
