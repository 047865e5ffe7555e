//! Statements.

use super::class::read_head;
use super::declaration::read_declaration;
use super::expression::read_expression;
use super::find::{behind_options, is_select_word, read_find, read_recordset};
use super::{Choice, Expr, Find, Loop, RecordsetKind, Section, Statement, StatementKind, Tts};
use crate::xpp::code::{Code, MAX_DEPTH, Span};
use crate::xpp::lexer::TokenKind;

#[derive(Clone, Copy)]
pub(super) struct Reader<'c, 'a> {
    pub(super) code: &'c Code<'a>,
}

/// A statement and the index behind it.
type Read<'a> = (Statement<'a>, usize);

impl<'a> Reader<'_, 'a> {
    pub(super) fn block(self, span: Span, depth: usize) -> Vec<Statement<'a>> {
        let mut statements = Vec::new();
        let mut at = span.from;
        while at < span.to {
            if [";", "}", ")", "]"].iter().any(|stray| self.code.is(at, stray)) {
                at += 1;
                continue;
            }
            let (statement, next) = self.statement(Span::new(at, span.to), depth);
            statements.push(statement);
            at = next.max(at + 1);
        }
        statements
    }

    /// Reads the statement at the start of `span`.
    fn statement(self, span: Span, depth: usize) -> Read<'a> {
        let code = self.code;
        let at = span.from;
        if depth > MAX_DEPTH {
            return (Statement { span, kind: StatementKind::Unread }, span.to);
        }
        if code.is(at, "{") {
            let body = self.block(code.inside(at), depth + 1);
            return made(at, at + 1, StatementKind::Block(body), code.after(at));
        }
        let headed = code.is(at + 1, "(") && code.partner(at + 1) > at;
        let word = code.name(at).unwrap_or_default().to_ascii_lowercase();
        match word.as_str() {
            "if" if headed => self.choice(span, depth),
            "switch" if headed && code.is(code.after(at + 1), "{") => self.switch(at, depth),
            "while" | "for" if headed => self.headed_loop(span, &word, depth),
            "while" if code.is_word(at + 1, "select") => self.while_select(span, depth),
            "do" if code.is(at + 1, "{") || !headed => self.do_while(span, depth),
            "try" if code.is(at + 1, "{") => self.guarded(span, depth),
            "using" | "changecompany" | "unchecked" if headed => self.with(span, depth),
            "case" | "default" => self.label(span),
            _ => self.simple(span, &word, depth),
        }
    }

    /// A label outside a `switch` that could be read: only the label is lost.
    fn label(self, span: Span) -> Read<'a> {
        let colon = self.code.find(span, |at| self.code.is(at, ":") || self.code.is(at, ";"));
        made(span.from, colon, StatementKind::Unread, colon + 1)
    }

    /// A statement that ends with a semicolon, or, being a local function, with its block.
    fn simple(self, span: Span, word: &str, depth: usize) -> Read<'a> {
        let code = self.code;
        let at = span.from;
        if let Some(tts) = tts(word).filter(|_| !code.is(at + 1, "(") && !code.is(at + 1, ".")) {
            return made(at, at + 1, StatementKind::Tts(tts), at + 1);
        }
        if let Some(behind) = self.macro_line(at) {
            return made(at, behind, StatementKind::Expression(Expr::Literal), behind);
        }
        let end = self.end(span);
        if code.is(end, "{") && end < span.to {
            return self.function(Span::new(at, span.to), end, depth);
        }
        let whole = Span::new(at, end);
        let rest = Span::new((at + 1).min(end), end);
        let value = |rest: Span| (!rest.is_empty()).then(|| read_expression(code, rest, depth + 1));
        let kind = match word {
            "return" => StatementKind::Return(value(rest)),
            "throw" => StatementKind::Throw(value(rest)),
            "retry" if rest.is_empty() => StatementKind::Throw(None),
            "break" if rest.is_empty() => StatementKind::Break,
            "continue" if rest.is_empty() => StatementKind::Continue,
            "select" => StatementKind::Find(read_find(code, rest)),
            "next" if rest.len() == 1 => {
                StatementKind::Find(Find { buffers: code.name(rest.from).into_iter().collect() })
            }
            "insert_recordset" => recordset(code, RecordsetKind::Insert, rest),
            "update_recordset" => recordset(code, RecordsetKind::Update, rest),
            "delete_from" => recordset(code, RecordsetKind::Delete, rest),
            _ => match read_declaration(code, whole, depth) {
                Some(variables) => StatementKind::Declare(variables),
                None => StatementKind::Expression(read_expression(code, whole, depth + 1)),
            },
        };
        made(at, end, kind, self.behind(end))
    }

    /// A macro that stands alone on its line: nobody knows what it stands for, and it may have no semicolon.
    fn macro_line(self, at: usize) -> Option<usize> {
        let code = self.code;
        if code.kind(at) != Some(TokenKind::Macro) {
            return None;
        }
        let behind = if code.is(at + 1, "(") { code.after(at + 1) } else { at + 1 };
        (code.position(behind - 1).line < code.position(behind).line).then_some(behind)
    }

    /// Where a simple statement ends: at its semicolon, at a block, behind a string that does not end.
    fn end(self, span: Span) -> usize {
        let code = self.code;
        let mut broken = false;
        code.find(span, |at| {
            let ends = broken || code.is(at, ";") || code.is(at, "{") || code.is(at, "}");
            broken = code.kind(at) == Some(TokenKind::UnterminatedText);
            ends
        })
    }

    fn behind(self, end: usize) -> usize {
        end + usize::from(self.code.is(end, ";"))
    }

    /// `T f(…) { … }`, or tokens before a block that make no sense: they are lost, the block is not.
    fn function(self, span: Span, open: usize, depth: usize) -> Read<'a> {
        let code = self.code;
        let at = span.from;
        let Some(head) = read_head(code, Span::new(at, open)) else {
            return made(at, open, StatementKind::Unread, open);
        };
        let body = self.block(code.inside(open), depth + 1);
        made(at, open, StatementKind::Function(Box::new(head), body), code.after(open))
    }

    /// Reads `if (…) … else if (…) … else …`; a long chain is no deep nesting.
    fn choice(self, span: Span, depth: usize) -> Read<'a> {
        let code = self.code;
        let mut choice = Choice { branches: Vec::new(), otherwise: None };
        let head = Span::new(span.from, code.after(span.from + 1));
        let mut at = span.from;
        loop {
            let condition = read_expression(code, code.inside(at + 1), depth + 1);
            let (body, next) = self.body(Span::new(code.after(at + 1), span.to), depth);
            choice.branches.push((condition, body));
            at = next;
            if at >= span.to || !code.is_word(at, "else") {
                break;
            }
            if code.is_word(at + 1, "if") && code.is(at + 2, "(") && code.partner(at + 2) > at {
                at += 1;
                continue;
            }
            let (body, next) = self.body(Span::new(at + 1, span.to), depth);
            choice.otherwise = Some(body);
            at = next;
            break;
        }
        made(head.from, head.to, StatementKind::If(choice), at)
    }

    /// The statement that a head governs, a block without its braces.
    fn body(self, span: Span, depth: usize) -> (Vec<Statement<'a>>, usize) {
        if span.is_empty() || self.code.is(span.from, ";") {
            return (Vec::new(), span.from + 1);
        }
        if self.code.is(span.from, "{") {
            return (self.block(self.code.inside(span.from), depth + 1), self.code.after(span.from));
        }
        let (statement, next) = self.statement(span, depth + 1);
        (vec![statement], next)
    }

    fn switch(self, at: usize, depth: usize) -> Read<'a> {
        let code = self.code;
        let on = read_expression(code, code.inside(at + 1), depth + 1);
        let open = code.after(at + 1);
        let inside = code.inside(open);
        let mut sections = Vec::new();
        let mut label = self.next_label(inside);
        while label < inside.to {
            let colon = code.find(Span::new(label, inside.to), |at| code.is(at, ":"));
            let end = self.next_label(Span::new((colon + 1).min(inside.to), inside.to));
            let body = self.block(Span::new((colon + 1).min(end), end), depth + 1);
            sections.push(Section { is_default: code.is_word(label, "default"), body });
            label = end;
        }
        made(at, open, StatementKind::Switch(on, sections), code.after(open))
    }

    /// The next `case` or `default` of a `switch`, outside nested blocks.
    fn next_label(self, span: Span) -> usize {
        let code = self.code;
        code.find(span, |at| {
            code.is_word(at, "case") || (code.is_word(at, "default") && code.is(at + 1, ":"))
        })
    }

    /// `while (…) …`, `for (…; …; …) …`.
    fn headed_loop(self, span: Span, word: &str, depth: usize) -> Read<'a> {
        let code = self.code;
        let open = span.from + 1;
        let behind = code.after(open);
        let (body, next) = self.body(Span::new(behind, span.to), depth);
        let mut parts = code.split(code.inside(open), ";").into_iter();
        let before = if word == "for" { self.step(parts.next(), depth) } else { Vec::new() };
        let condition = parts.next().map(|part| read_expression(code, part, depth + 1));
        let after = self.step(parts.next(), depth);
        let kind = Loop { before, condition, find: None, body, after, body_first: false };
        made(span.from, behind, StatementKind::Loop(kind), next)
    }

    fn step(self, part: Option<Span>, depth: usize) -> Vec<Statement<'a>> {
        part.map_or_else(Vec::new, |part| self.block(part, depth + 1))
    }

    fn while_select(self, span: Span, depth: usize) -> Read<'a> {
        let code = self.code;
        let from = span.from + 2;
        let open = code.find(Span::new(from, span.to), |at| code.is(at, "{") || code.is(at, ";"));
        let whole = open >= span.to || code.is(open, "{");
        let head = if whole { open } else { self.unbraced(Span::new(from, open)) };
        let find = Some(read_find(code, Span::new(from, head)));
        let (body, next) = self.body(Span::new(head, span.to), depth);
        let kind =
            Loop { before: Vec::new(), condition: None, find, body, after: Vec::new(), body_first: false };
        made(span.from, head, StatementKind::Loop(kind), next)
    }

    /// Where the single statement behind `while select` starts: two operands follow each other only there.
    fn unbraced(self, span: Span) -> usize {
        let code = self.code;
        let is_clause = |at: usize| code.name(at).is_some_and(is_select_word);
        let is_value = |at: usize| match code.kind(at) {
            Some(TokenKind::Symbol) => code.is(at, ")") || code.is(at, "]"),
            kind => kind.is_some() && !is_clause(at),
        };
        let mut at = behind_options(code, span) + 1;
        while at < span.to {
            if is_value(at - 1) && code.name(at).is_some() && !is_clause(at) {
                return at;
            }
            at = code.after(at);
        }
        span.to
    }

    fn do_while(self, span: Span, depth: usize) -> Read<'a> {
        let code = self.code;
        let (body, mut next) = self.body(Span::new(span.from + 1, span.to), depth);
        let mut condition = None;
        if next < span.to && code.is_word(next, "while") && code.is(next + 1, "(") {
            condition = Some(read_expression(code, code.inside(next + 1), depth + 1));
            next = self.behind(code.after(next + 1));
        }
        let kind =
            Loop { before: Vec::new(), condition, find: None, body, after: Vec::new(), body_first: true };
        made(span.from, span.from + 1, StatementKind::Loop(kind), next)
    }

    fn guarded(self, span: Span, depth: usize) -> Read<'a> {
        let code = self.code;
        let (body, mut at) = self.body(Span::new(span.from + 1, span.to), depth);
        let (mut catches, mut finally) = (Vec::new(), None);
        while at < span.to && code.is_word(at, "catch") {
            let behind = if code.is(at + 1, "(") { code.after(at + 1) } else { at + 1 };
            let (caught, next) = self.body(Span::new(behind, span.to), depth);
            catches.push(caught);
            at = next;
        }
        if at < span.to && code.is_word(at, "finally") {
            let (last, next) = self.body(Span::new(at + 1, span.to), depth);
            finally = Some(last);
            at = next;
        }
        made(span.from, span.from + 1, StatementKind::Try { body, catches, finally }, at)
    }

    /// `using (var x = …) …`, `changecompany (…) …`.
    fn with(self, span: Span, depth: usize) -> Read<'a> {
        let code = self.code;
        let open = span.from + 1;
        let head = self.block(code.inside(open), depth + 1);
        let behind = code.after(open);
        let (body, next) = self.body(Span::new(behind, span.to), depth);
        made(span.from, behind, StatementKind::With(head, body), next)
    }
}

fn tts(word: &str) -> Option<Tts> {
    match word {
        "ttsbegin" => Some(Tts::Begin),
        "ttscommit" => Some(Tts::Commit),
        "ttsabort" => Some(Tts::Abort),
        _ => None,
    }
}

fn recordset<'a>(code: &Code<'a>, kind: RecordsetKind, rest: Span) -> StatementKind<'a> {
    StatementKind::Recordset(read_recordset(code, kind, rest))
}

fn made(from: usize, to: usize, kind: StatementKind<'_>, next: usize) -> Read<'_> {
    (Statement { span: Span::new(from, to), kind }, next)
}
