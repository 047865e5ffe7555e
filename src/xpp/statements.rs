//! The statements of a body, as far as the flow of a decision needs them: blocks, `if`, `switch`, `return`.
//!
//! Loops, `try` and whatever else brings its own block are one opaque statement with the right extent. Nesting beyond
//! [`MAX_DEPTH`] is opaque too, so that no input can exhaust the stack.

use super::code::{Code, MAX_DEPTH, Span};

/// A statement and its tokens (without the final semicolon of a simple one).
#[derive(Debug)]
pub(crate) struct Statement {
    /// Its tokens.
    pub(crate) span: Span,
    /// What it is.
    pub(crate) kind: StatementKind,
}

/// The kinds of statements that are told apart.
#[derive(Debug)]
pub(crate) enum StatementKind {
    /// `{ … }`.
    Block(Vec<Statement>),
    /// `if … else if … else …`.
    If(Choice),
    /// `switch (…) { case …: … default: … }`.
    Switch(Vec<Section>),
    /// `return …;` with the tokens of the expression.
    Return(Span),
    /// `break;`.
    Break,
    /// `throw …;`: nothing behind it runs.
    Throw,
    /// Everything that ends with a semicolon and has no block.
    Simple,
    /// A loop, `try`, a local function, or another statement with statements inside.
    Opaque,
}

/// A chain of conditions.
#[derive(Debug)]
pub(crate) struct Choice {
    /// Conditions, without their parentheses, and what runs when one holds.
    pub(crate) branches: Vec<(Span, Vec<Statement>)>,
    /// What runs when none holds.
    pub(crate) otherwise: Option<Vec<Statement>>,
}

/// One label of a `switch` with the statements behind it.
#[derive(Debug)]
pub(crate) struct Section {
    /// It is `default:`.
    pub(crate) is_default: bool,
    /// Its statements, up to the next label.
    pub(crate) body: Vec<Statement>,
}

/// Reads the statements of a span.
pub(crate) fn read_statements(code: &Code<'_>, span: Span) -> Vec<Statement> {
    Reader { code }.block(span, 0)
}

/// Statements whose head in parentheses is followed by another statement.
const HEADED: [&str; 7] = ["if", "while", "for", "switch", "using", "changecompany", "unchecked"];

#[derive(Clone, Copy)]
struct Reader<'c, 'a> {
    code: &'c Code<'a>,
}

impl Reader<'_, '_> {
    fn block(self, span: Span, depth: usize) -> Vec<Statement> {
        let mut statements = Vec::new();
        let mut at = span.from;
        while at < span.to {
            if self.code.is(at, ";") {
                at += 1;
                continue;
            }
            let (statement, next) = self.statement(Span::new(at, span.to), depth);
            statements.push(statement);
            at = next.max(at + 1);
        }
        statements
    }

    /// Reads the statement at the start of `span`; also says where the next one starts.
    fn statement(self, span: Span, depth: usize) -> (Statement, usize) {
        let code = self.code;
        let at = span.from;
        if depth > MAX_DEPTH {
            return opaque(at, span.to);
        }
        if code.is(at, "{") {
            let body = self.block(code.inside(at), depth + 1);
            return statement(at, code.after(at), StatementKind::Block(body));
        }
        let headed = code.is(at + 1, "(");
        let word = code.name(at).unwrap_or_default().to_ascii_lowercase();
        match word.as_str() {
            "if" if headed => self.choice(span, depth),
            "switch" if headed && code.is(code.after(at + 1), "{") => self.switch(at, depth),
            "return" => self.simple(span, StatementKind::Return(self.expression(span))),
            "break" => self.simple(span, StatementKind::Break),
            "throw" => self.simple(span, StatementKind::Throw),
            "try" | "do" | "while" => opaque(at, self.skip(span)),
            head if headed && HEADED.contains(&head) => opaque(at, self.skip(span)),
            _ => self.plain(span),
        }
    }

    /// What follows the first word of a statement, up to its semicolon.
    fn expression(self, span: Span) -> Span {
        Span::new(span.from + 1, self.semicolon(span))
    }

    fn semicolon(self, span: Span) -> usize {
        self.code.find(span, |at| self.code.is(at, ";"))
    }

    fn simple(self, span: Span, kind: StatementKind) -> (Statement, usize) {
        let end = self.semicolon(span);
        (Statement { span: Span::new(span.from, end), kind }, end + 1)
    }

    /// A statement without a keyword of its own ends with a semicolon, or, being a local function, with its block.
    fn plain(self, span: Span) -> (Statement, usize) {
        let code = self.code;
        let end = code.find(span, |at| code.is(at, ";") || code.is(at, "{"));
        if code.is(end, "{") && end < span.to {
            return opaque(span.from, code.after(end));
        }
        self.simple(span, StatementKind::Simple)
    }

    /// Reads `if (…) … else if (…) … else …`; a long chain is no deep nesting.
    fn choice(self, span: Span, depth: usize) -> (Statement, usize) {
        let code = self.code;
        let mut choice = Choice { branches: Vec::new(), otherwise: None };
        let mut at = span.from;
        loop {
            let condition = code.inside(at + 1);
            let (body, next) = self.body(Span::new(code.after(at + 1), span.to), depth);
            choice.branches.push((condition, body));
            at = next;
            if at >= span.to || !code.is_word(at, "else") {
                break;
            }
            if code.is_word(at + 1, "if") && code.is(at + 2, "(") {
                at += 1;
                continue;
            }
            let (body, next) = self.body(Span::new(at + 1, span.to), depth);
            choice.otherwise = Some(body);
            at = next;
            break;
        }
        statement(span.from, at, StatementKind::If(choice))
    }

    /// The statement that a head governs, a block without its braces.
    fn body(self, span: Span, depth: usize) -> (Vec<Statement>, usize) {
        if span.is_empty() || self.code.is(span.from, ";") {
            return (Vec::new(), span.from + 1);
        }
        if self.code.is(span.from, "{") {
            return (self.block(self.code.inside(span.from), depth + 1), self.code.after(span.from));
        }
        let (statement, next) = self.statement(span, depth + 1);
        (vec![statement], next)
    }

    fn switch(self, at: usize, depth: usize) -> (Statement, usize) {
        let code = self.code;
        let open = code.after(at + 1);
        let inside = code.inside(open);
        let mut sections = Vec::new();
        let mut label = self.label(inside);
        while label < inside.to {
            let colon = code.find(Span::new(label, inside.to), |at| code.is(at, ":"));
            let end = self.label(Span::new((colon + 1).min(inside.to), inside.to));
            let body = self.block(Span::new(colon + 1, end), depth + 1);
            sections.push(Section { is_default: code.is_word(label, "default"), body });
            label = end;
        }
        statement(at, code.after(open), StatementKind::Switch(sections))
    }

    /// The next `case` or `default` of a `switch`, outside nested blocks.
    fn label(self, span: Span) -> usize {
        let code = self.code;
        code.find(span, |at| {
            code.is_word(at, "case") || (code.is_word(at, "default") && code.is(at + 1, ":"))
        })
    }

    /// The end of a statement that is not looked into, found without recursion.
    fn skip(self, span: Span) -> usize {
        let code = self.code;
        let mut open: Vec<Open> = Vec::new();
        let mut at = span.from;
        while at < span.to {
            let word = code.name(at).unwrap_or_default().to_ascii_lowercase();
            match word.as_str() {
                "try" => open.push(Open::Try),
                "do" => open.push(Open::Do),
                head if code.is(at + 1, "(") && HEADED.contains(&head) => {
                    if head == "if" {
                        open.push(Open::If);
                    }
                    at = code.after(at + 1);
                    continue;
                }
                _ => {
                    let (end, block_follows) = self.leaf(Span::new(at, span.to), word == "while");
                    at = end;
                    if block_follows || self.resume(&mut open, &mut at) {
                        continue;
                    }
                    return at.min(span.to);
                }
            }
            at += 1;
        }
        span.to
    }

    /// The end of a statement without inner statements; the head of `while select …` stops before its block.
    fn leaf(self, span: Span, is_head: bool) -> (usize, bool) {
        let code = self.code;
        let end = code.find(span, |at| code.is(at, ";") || code.is(at, "{"));
        if end >= span.to || code.is(end, ";") {
            return (end + 1, false);
        }
        if is_head { (end, true) } else { (code.after(end), false) }
    }

    /// Continues behind a finished statement with what the open ones still need: `else`, `while (…)`, `catch …`.
    fn resume(self, open: &mut Vec<Open>, at: &mut usize) -> bool {
        let code = self.code;
        while let Some(last) = open.pop() {
            match last {
                Open::If if code.is_word(*at, "else") => {
                    *at += 1;
                    return true;
                }
                Open::Do if code.is_word(*at, "while") && code.is(*at + 1, "(") => {
                    *at = code.after(*at + 1);
                    *at += usize::from(code.is(*at, ";"));
                }
                Open::Try if code.is_word(*at, "catch") || code.is_word(*at, "finally") => {
                    *at += 1;
                    *at = if code.is(*at, "(") { code.after(*at) } else { *at };
                    open.push(Open::Try);
                    return true;
                }
                Open::If | Open::Do | Open::Try => {}
            }
        }
        false
    }
}

/// A statement that may go on behind its first inner statement.
#[derive(Clone, Copy, Debug)]
enum Open {
    If,
    Do,
    Try,
}

fn statement(from: usize, to: usize, kind: StatementKind) -> (Statement, usize) {
    (Statement { span: Span::new(from, to), kind }, to)
}

fn opaque(from: usize, to: usize) -> (Statement, usize) {
    statement(from, to, StatementKind::Opaque)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Position;

    /// The shape of the statements of a body: one word each, inner statements in parentheses, nothing of opaque ones.
    fn shape(body: &str) -> String {
        let code = Code::read(body, Position { line: 1, column: 1 });
        assert_eq!(code.fault, None, "{body}");
        list(&code, &read_statements(&code, code.all()))
    }

    fn list(code: &Code<'_>, statements: &[Statement]) -> String {
        statements.iter().map(|statement| one(code, statement)).collect::<Vec<_>>().join(" ")
    }

    fn one(code: &Code<'_>, statement: &Statement) -> String {
        match &statement.kind {
            StatementKind::Block(body) => format!("block({})", list(code, body)),
            StatementKind::If(choice) => {
                let mut parts: Vec<String> =
                    choice.branches.iter().map(|(_, body)| list(code, body)).collect();
                parts.extend(choice.otherwise.iter().map(|body| format!("else {}", list(code, body))));
                format!("if({})", parts.join(" | "))
            }
            StatementKind::Switch(sections) => {
                let parts: Vec<String> = sections.iter().map(|section| list(code, &section.body)).collect();
                format!("switch({})", parts.join(" | "))
            }
            StatementKind::Return(span) => format!("return:{}", span.len()),
            StatementKind::Break => "break".into(),
            StatementKind::Throw => "throw".into(),
            StatementKind::Simple => code.text(statement.span.from).into(),
            StatementKind::Opaque => format!("<{}>", code.text(statement.span.from)),
        }
    }

    #[test]
    fn simple_statements_and_blocks() {
        assert_eq!(
            shape("a = 1; ; { b(); { c; } } return d + e; return;"),
            "a block(b block(c)) return:3 return:0"
        );
    }

    #[test]
    fn a_dangling_else_belongs_to_the_nearest_if() {
        assert_eq!(shape("if (x) if (y) a; else b; c;"), "if(if(a | else b)) c");
        assert_eq!(shape("if (x) { a; } else if (y) b; else { c; d; } e;"), "if(a | b | else c d) e");
        assert_eq!(shape("if (x) ; else a;"), "if( | else a)");
    }

    #[test]
    fn the_sections_of_a_switch() {
        assert_eq!(
            shape("switch (x) { case A::B: case 1, 2: a; break; default: { b; } throw c; } d;"),
            "switch( | a break | block(b) throw) d"
        );
    }

    #[test]
    fn opaque_statements_have_the_right_extent() {
        assert_eq!(shape("while (a) { b; } c;"), "<while> c");
        assert_eq!(shape("while select t where t.x == y(1) { b; } c;"), "<while> c");
        assert_eq!(shape("while select t where t.x b; c;"), "<while> c");
        assert_eq!(shape("for (i = 1; i < 2; i++) if (a) b; else c; d;"), "<for> d");
        assert_eq!(shape("do { a; } while (b); c;"), "<do> c");
        assert_eq!(shape("do if (x) a; else while (y) b; while (c); d;"), "<do> d");
        assert_eq!(shape("try { a; } catch (E::X) { b; } catch { c; } finally { d; } e;"), "<try> e");
        assert_eq!(shape("using (var a = b()) { c; } d;"), "<using> d");
        assert_eq!(shape("changecompany (x) a; b;"), "<changecompany> b");
        assert_eq!(shape("void f(int a) { g; } h;"), "<void> h");
    }

    #[test]
    fn deep_nesting_is_not_read() {
        let deep = format!("{}a;{}", "{".repeat(100_000), "}".repeat(100_000));
        assert!(shape(&deep).contains("<{>"));
        let chain = format!("{} b;", "if (x) a; else ".repeat(10_000));
        assert!(shape(&chain).starts_with("if(a | a"));
        let nested = format!("{} b;", "if (x) ".repeat(100_000));
        assert!(shape(&nested).contains("<if>"));
    }
}
