//! What a method that builds the SQL of a computed column refers to.

use super::code::{Code, Span};
use super::facts::{Qualifier, Reference, ReferenceKind, References, SourceName};
use super::intrinsics::is_intrinsic;
use super::lexer::{TokenKind, text_value};
use super::lines::saturated;
use super::nulls::read_nulls;
use super::sql_text::sql_tables;
use crate::text::Symbol;
use rustc_hash::FxHashSet;

/// Reads the references of a body in textual order.
pub(super) fn read_references(code: &Code<'_>) -> References {
    if code.fault.is_some() {
        return References { broken: true, ..References::default() };
    }
    let body = code.signature().map_or(Span::new(0, 0), |signature| signature.body);
    let mut scanner = Scanner { code, local_functions: local_functions(code, body), items: Vec::new() };
    scanner.scan(body);
    References { broken: false, items: scanner.items, nulls: read_nulls(code, body) }
}

/// Reserved words that may stand before a parenthesis, and are no types, so that a name behind them is no declaration.
const KEYWORDS: [&str; 50] = [
    "as",
    "avg",
    "breakpoint",
    "by",
    "case",
    "catch",
    "changecompany",
    "count",
    "crosscompany",
    "delete_from",
    "div",
    "do",
    "else",
    "exists",
    "finally",
    "firstonly",
    "for",
    "forupdate",
    "from",
    "group",
    "if",
    "in",
    "index",
    "insert_recordset",
    "is",
    "join",
    "like",
    "maxof",
    "minof",
    "mod",
    "new",
    "next",
    "notexists",
    "order",
    "outer",
    "print",
    "return",
    "select",
    "setting",
    "sum",
    "super",
    "switch",
    "throw",
    "try",
    "unchecked",
    "update_recordset",
    "using",
    "validtimestate",
    "where",
    "while",
];

fn is_one_of(words: &[&str], name: &str) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(name))
}

/// The functions that a body declares: `type name(…) { … }`.
fn local_functions(code: &Code<'_>, body: Span) -> FxHashSet<String> {
    let declared = |at: usize| {
        let (result, name) = (code.name(at)?, code.name(at + 1)?);
        let declares =
            code.is(at + 2, "(") && code.is(code.after(at + 2), "{") && !is_one_of(&KEYWORDS, result);
        declares.then(|| name.to_ascii_lowercase())
    };
    (body.from..body.to).filter_map(declared).collect()
}

/// The data source and the field of a call `(anything, data source, fieldStr(T, f))`, by its opening parenthesis.
pub(super) fn read_source_field(code: &Code<'_>, open: usize) -> Option<(SourceName, Symbol)> {
    let scanner = Scanner { code, local_functions: FxHashSet::default(), items: Vec::new() };
    match scanner.source_field(open)?.0 {
        ReferenceKind::SourceField { source, field } => Some((source, field)),
        _ => None,
    }
}

/// The data source and the field of a call that starts `(data source, fieldStr(T, f)`.
pub(super) fn read_named_field(code: &Code<'_>, open: usize) -> Option<(SourceName, Symbol)> {
    let scanner = Scanner { code, local_functions: FxHashSet::default(), items: Vec::new() };
    let arguments = code.split(code.inside(open), ",");
    let (source, field) = (arguments.first()?, arguments.get(1)?);
    let (source, _) = scanner.source_name(source.to.checked_sub(1)?)?;
    let field = scanner.two_names(field.from + 1).filter(|_| code.is_word(field.from, "fieldStr"))?;
    Some((source, field.into()))
}

struct Scanner<'c, 'a> {
    code: &'c Code<'a>,
    local_functions: FxHashSet<String>,
    items: Vec<Reference>,
}

impl<'a> Scanner<'_, 'a> {
    fn scan(&mut self, body: Span) {
        let mut at = body.from;
        while at < body.to {
            at = match self.code.kind(at) {
                Some(TokenKind::Text | TokenKind::VerbatimText) => self.text(at),
                Some(TokenKind::Identifier) if self.code.is(at + 1, "(") => self.call(at),
                _ => at + 1,
            };
        }
    }

    fn add(&mut self, line: u32, kind: ReferenceKind) {
        self.items.push(Reference { line, kind });
    }

    /// Literals joined by `+` are one text. Returns the token behind it.
    fn text(&mut self, at: usize) -> usize {
        let code = self.code;
        let mut end = at + 1;
        while code.is(end, "+") && code.tokens.get(end + 1).is_some_and(|token| token.is_text()) {
            end += 2;
        }
        self.sql(Span::new(at, end));
        end
    }

    /// Finds tables in the joined text of the literals of a span.
    fn sql(&mut self, span: Span) {
        let code = self.code;
        let mut text = String::new();
        let mut pieces = Vec::new();
        for at in (span.from..span.to).step_by(2) {
            pieces.push((text.len(), at));
            text.push_str(&text_value(code.text(at)));
        }
        for (offset, name) in sql_tables(&text) {
            let (start, token) = pieces[pieces.partition_point(|&(start, _)| start <= offset) - 1];
            let verbatim = code.kind(token) == Some(TokenKind::VerbatimText);
            let ends = if verbatim { text[start..offset].matches('\n').count() } else { 0 };
            self.add(
                code.position(token).line.saturating_add(saturated(ends)),
                ReferenceKind::SqlTable(name.into()),
            );
        }
    }

    /// A name before a parenthesis. Returns the token to go on with.
    fn call(&mut self, at: usize) -> usize {
        let code = self.code;
        let name = code.text(at);
        let line = code.position(at).line;
        let plain = !self.is_qualified(at);
        if plain && is_one_of(&KEYWORDS, name) {
            return at + 1;
        }
        if plain && is_intrinsic(name) {
            return self.intrinsic(at);
        }
        if let Some(qualifier) = self.qualifier(at) {
            self.add(line, ReferenceKind::Call { qualifier, method: name.into() });
        }
        let Some((source, literal)) = self.source_field(at + 1) else { return at + 1 };
        self.add(line, source);
        if let Some(literal) = literal {
            self.sql(Span::new(literal, literal + 1));
        }
        code.after(at + 1)
    }

    fn intrinsic(&mut self, at: usize) -> usize {
        let code = self.code;
        let table = code.is_word(at, "tableStr") || code.is_word(at, "tableNum");
        if let Some(name) = code.name(at + 2).filter(|_| table && code.is(at + 3, ")")) {
            self.add(code.position(at).line, ReferenceKind::Table(name.into()));
        }
        at + 1
    }

    fn is_qualified(&self, at: usize) -> bool {
        at > 0 && (self.code.is(at - 1, "::") || self.code.is(at - 1, "."))
    }

    /// What a call that may be followed stands on; `None` for every other one.
    fn qualifier(&self, at: usize) -> Option<Qualifier> {
        let code = self.code;
        let before = at.checked_sub(1)?;
        if code.is(before, "::") {
            let class = self.class(before.checked_sub(1)?)?;
            return (!is_framework(&class)).then(|| Qualifier::Static(class.into()));
        }
        if code.is(before, ".") {
            let this =
                before.checked_sub(1).is_some_and(|at| code.is_word(at, "this") && !self.is_qualified(at));
            return this.then_some(Qualifier::This);
        }
        let created = code.is_word(before, "new");
        (!created && !self.local_functions.contains(&code.text(at).to_ascii_lowercase()))
            .then_some(Qualifier::None)
    }

    /// A class name, with its name space when there is one.
    fn class(&self, at: usize) -> Option<String> {
        let code = self.code;
        let mut from = at;
        while from >= 2 && code.is(from - 1, ".") && code.name(from - 2).is_some() {
            from -= 2;
        }
        code.name(at)?;
        Some((from..=at).map(|at| code.text(at)).collect())
    }

    /// Reads `(anything, data source, fieldStr(T, f))` from its end; also gives the token of a literal data source.
    fn source_field(&self, open: usize) -> Option<(ReferenceKind, Option<usize>)> {
        let code = self.code;
        let close = code.partner(open);
        let third = close.checked_sub(6).filter(|&third| third > open + 3)?;
        let field = self.two_names(third + 1).filter(|_| code.is_word(third, "fieldStr"))?;
        if !code.is(third - 1, ",") {
            return None;
        }
        let (source, from) = self.source_name(third - 2)?;
        let comma = from.checked_sub(1).filter(|&comma| comma > open + 1 && code.is(comma, ","))?;
        let first = Span::new(open + 1, comma);
        if code.find(first, |at| code.is(at, ",")) < comma {
            return None;
        }
        let literal = matches!(source, SourceName::Literal(_)).then_some(from);
        Some((ReferenceKind::SourceField { source, field: field.into() }, literal))
    }

    /// The data source that ends with this token, and its first token.
    fn source_name(&self, last: usize) -> Option<(SourceName, usize)> {
        let code = self.code;
        if code.tokens.get(last).is_some_and(|token| token.is_text()) {
            return Some((SourceName::Literal(text_value(code.text(last)).into()), last));
        }
        let open = code.partner(last);
        let function = open.checked_sub(1).filter(|_| code.is(last, ")"))?;
        let names = last - open - 1;
        let name: Symbol = if names == 1 { code.name(open + 1)? } else { self.two_names(open)? }.into();
        let source = match (code.name(function)?.to_ascii_lowercase().as_str(), names) {
            ("identifierstr", 1) => SourceName::Identifier(name),
            ("tablestr", 1) => SourceName::Table(name),
            ("dataentitydatasourcestr", 3) => SourceName::EntitySource(name),
            _ => return None,
        };
        Some((source, function))
    }

    /// The second name of `(A, B)`.
    fn two_names(&self, open: usize) -> Option<&'a str> {
        let code = self.code;
        code.name(open + 1)
            .filter(|_| code.is(open, "(") && code.is(open + 2, ",") && code.is(open + 4, ")"))?;
        code.name(open + 3)
    }
}

/// Classes of the platform, which are never followed.
fn is_framework(class: &str) -> bool {
    let class = class.to_ascii_lowercase();
    class.starts_with("sys") || class.starts_with("dict") || class == "global" || class == "datetimeutil"
}

#[cfg(test)]
mod tests;
