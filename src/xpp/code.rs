//! The source of one method, prepared for its reader: significant tokens, their positions, matching brackets.

use super::lexer::{Lexer, Token, TokenKind};
use super::lines::LineCursor;
use crate::source::Position;

/// How deep statements, conditions and containers may nest; what is deeper is not read.
pub(crate) const MAX_DEPTH: usize = 200;

/// A range of significant tokens, by index; `to` is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// First token.
    pub(crate) from: usize,
    /// Behind the last token.
    pub(crate) to: usize,
}

impl Span {
    pub(crate) fn new(from: usize, to: usize) -> Self {
        Self { from, to: to.max(from) }
    }

    pub(crate) fn is_empty(self) -> bool {
        self.from >= self.to
    }

    pub(crate) fn len(self) -> usize {
        self.to.saturating_sub(self.from)
    }
}

/// The tokens of a method without white space, comments and macro directives.
#[derive(Debug)]
pub(crate) struct Code<'a> {
    /// The source that the tokens point into.
    pub(crate) source: &'a str,
    /// Significant tokens.
    pub(crate) tokens: Vec<Token>,
    /// Comments, with the positions where they start.
    pub(crate) comments: Vec<(Token, Position)>,
    /// The first unterminated string or comment, or bracket without partner.
    pub(crate) fault: Option<Position>,
    positions: Vec<Position>,
    partners: Vec<usize>,
    end: Position,
}

impl<'a> Code<'a> {
    /// Reads a source whose first character stands at `first`.
    pub(crate) fn read(source: &'a str, first: Position) -> Self {
        Self::collect(source, first, false)
    }

    /// The same without what stands between `#localmacro` and `#endmacro`: that is text for the macro processor.
    pub(crate) fn without_macros(source: &'a str, first: Position) -> Self {
        Self::collect(source, first, true)
    }

    fn collect(source: &'a str, first: Position, skip_macros: bool) -> Self {
        let mut in_macro = false;
        let mut code = Self {
            source,
            tokens: Vec::new(),
            comments: Vec::new(),
            fault: None,
            positions: Vec::new(),
            partners: Vec::new(),
            end: first,
        };
        let mut cursor = LineCursor::new(source, 0, first);
        for token in Lexer::new(source) {
            let position = cursor.advance(token.start);
            if skip_macros && token.kind == TokenKind::Directive {
                in_macro = opens_macro(token.text(source), in_macro);
            }
            if !in_macro || token.is_comment() {
                code.add(token, position);
            }
        }
        code.end = cursor.advance(source.len());
        code.match_brackets();
        code
    }

    fn add(&mut self, token: Token, position: Position) {
        if matches!(token.kind, TokenKind::UnterminatedText | TokenKind::UnterminatedComment) {
            self.fault = self.fault.or(Some(position));
        }
        if token.is_comment() {
            self.comments.push((token, position));
        } else if token.kind != TokenKind::Directive {
            self.tokens.push(token);
            self.positions.push(position);
        }
    }

    /// Finds the partner of each bracket; a bracket without one is a fault, and costs no other bracket its partner.
    fn match_brackets(&mut self) {
        self.partners = (0..self.tokens.len()).collect();
        let mut open = OpenBrackets::default();
        let mut lonely = None;
        for index in 0..self.tokens.len() {
            let closing = match self.text(index) {
                "(" => ")",
                "[" => "]",
                "{" => "}",
                text @ (")" | "]" | "}") => {
                    let (start, left_open) = open.close(text);
                    if let Some(start) = start {
                        self.partners[start] = index;
                        self.partners[index] = start;
                    }
                    lonely = lonely.or(left_open).or(if start.is_none() { Some(index) } else { None });
                    continue;
                }
                _ => continue,
            };
            open.push(index, closing);
        }
        let lonely = lonely.or(open.first());
        self.fault = self.fault.or(lonely.map(|index| self.position(index)));
    }

    /// All tokens.
    pub(crate) fn all(&self) -> Span {
        Span::new(0, self.tokens.len())
    }

    /// The text of a token; empty beyond the end.
    pub(crate) fn text(&self, index: usize) -> &'a str {
        self.tokens.get(index).map_or("", |token| token.text(self.source))
    }

    /// The token is this symbol.
    pub(crate) fn is(&self, index: usize, symbol: &str) -> bool {
        self.kind(index) == Some(TokenKind::Symbol) && self.text(index) == symbol
    }

    /// The token is this word, in any case.
    pub(crate) fn is_word(&self, index: usize, word: &str) -> bool {
        self.name(index).is_some_and(|name| name.eq_ignore_ascii_case(word))
    }

    /// The token as a name or keyword.
    pub(crate) fn name(&self, index: usize) -> Option<&'a str> {
        (self.kind(index) == Some(TokenKind::Identifier)).then(|| self.text(index))
    }

    /// The kind of a token; `None` beyond the end.
    pub(crate) fn kind(&self, index: usize) -> Option<TokenKind> {
        self.tokens.get(index).map(|token| token.kind)
    }

    /// Where a token stands; beyond the end, where the source ends.
    pub(crate) fn position(&self, index: usize) -> Position {
        self.positions.get(index).copied().unwrap_or(self.end)
    }

    /// The tokens of a span.
    pub(crate) fn slice(&self, span: Span) -> &[Token] {
        self.tokens.get(span.from..span.to).unwrap_or_default()
    }

    /// The other bracket of a pair; the token itself for everything else.
    pub(crate) fn partner(&self, index: usize) -> usize {
        self.partners.get(index).copied().unwrap_or(index)
    }

    /// What stands between a bracket and its partner.
    pub(crate) fn inside(&self, open: usize) -> Span {
        Span::new(open + 1, self.partner(open))
    }

    /// The index behind a token, or behind the partner of an opening bracket.
    pub(crate) fn after(&self, index: usize) -> usize {
        self.partner(index).max(index) + 1
    }

    /// The first token of a span, outside nested brackets, for which `stop` holds; the end of the span if there is none.
    pub(crate) fn find(&self, span: Span, mut stop: impl FnMut(usize) -> bool) -> usize {
        let mut at = span.from;
        while at < span.to && !stop(at) {
            at = self.after(at);
        }
        at.min(span.to)
    }

    /// The parts of a span between separators outside nested brackets; none for an empty span.
    pub(crate) fn split(&self, span: Span, separator: &str) -> Vec<Span> {
        let mut parts = Vec::new();
        let mut from = span.from;
        while !span.is_empty() {
            let to = self.find(Span::new(from, span.to), |at| self.is(at, separator));
            parts.push(Span::new(from, to));
            if to >= span.to {
                break;
            }
            from = to + 1;
        }
        parts
    }

    /// The span is one pair of brackets, the first being `open`.
    pub(crate) fn is_group(&self, span: Span, open: &str) -> bool {
        span.len() > 1 && self.is(span.from, open) && self.partner(span.from) + 1 == span.to
    }

    /// The span without parentheses around it.
    pub(crate) fn unwrapped(&self, mut span: Span) -> Span {
        while self.is_group(span, "(") {
            span = self.inside(span.from);
        }
        span
    }

    /// The body and the parameters of the method: the first braces, and the last parentheses before them.
    pub(crate) fn signature(&self) -> Option<Signature<'a>> {
        let open = self.find(self.all(), |at| self.is(at, "{"));
        if open >= self.tokens.len() {
            return None;
        }
        let mut list = None;
        self.find(Span::new(0, open), |at| {
            list = if self.is(at, "(") { Some(at) } else { list };
            false
        });
        let parameters = list.map(|at| self.split(self.inside(at), ",")).unwrap_or_default();
        let parameters = parameters.into_iter().filter_map(|span| self.parameter(span)).collect();
        Some(Signature { parameters, body: self.inside(open) })
    }

    /// The name that a parameter declares: the last one before its default value.
    fn parameter(&self, span: Span) -> Option<Parameter<'a>> {
        let end = self.find(span, |at| self.is(at, "="));
        let name = (span.from..end).rev().find_map(|at| self.name(at))?;
        Some(Parameter { name, is_container: self.is_word(span.from, "container") })
    }
}

/// Whether what follows a directive stands inside a macro definition.
fn opens_macro(directive: &str, in_macro: bool) -> bool {
    let word = directive.trim_start_matches('#');
    let starts = |name: &str| word.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    if in_macro { !starts("endmacro") } else { starts("localmacro") || starts("globalmacro") }
}

/// Brackets that wait for their partners.
#[derive(Default)]
struct OpenBrackets {
    stack: Vec<(usize, &'static str)>,
    /// How many wait for `)`, `]` and `}`.
    waiting: [usize; 3],
}

impl OpenBrackets {
    fn kind(closing: &str) -> usize {
        match closing {
            ")" => 0,
            "]" => 1,
            _ => 2,
        }
    }

    fn push(&mut self, index: usize, closing: &'static str) {
        self.stack.push((index, closing));
        self.waiting[Self::kind(closing)] += 1;
    }

    fn first(&self) -> Option<usize> {
        self.stack.first().map(|&(index, _)| index)
    }

    /// The bracket that a closing one belongs to, and one that it should have closed before, or instead.
    fn close(&mut self, closing: &str) -> (Option<usize>, Option<usize>) {
        if self.waiting[Self::kind(closing)] == 0 {
            return (None, self.stack.last().map(|&(index, _)| index));
        }
        let mut left_open = None;
        while let Some((start, expected)) = self.stack.pop() {
            self.waiting[Self::kind(expected)] -= 1;
            if expected == closing {
                return (Some(start), left_open);
            }
            left_open = Some(start);
        }
        (None, left_open)
    }
}

/// What the head of a method says.
#[derive(Debug)]
pub(crate) struct Signature<'a> {
    /// Its parameters, in order.
    pub(crate) parameters: Vec<Parameter<'a>>,
    /// The tokens between the braces.
    pub(crate) body: Span,
}

/// One parameter of a method.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Its type is `container`.
    pub(crate) is_container: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Code<'_> {
        Code::read(source, Position { line: 1, column: 1 })
    }

    #[test]
    fn a_method_head_with_attribute_and_defaults() {
        let code = read("[Attr('x', f(1))] public static str m(container _c, str _s = f(2)) { return _s; }");
        let signature = code.signature().expect("there is a body");
        let names: Vec<&str> = signature.parameters.iter().map(|parameter| parameter.name).collect();
        assert_eq!(names, ["_c", "_s"]);
        assert_eq!(signature.parameters.iter().filter(|parameter| parameter.is_container).count(), 1);
        assert_eq!(code.text(signature.body.from), "return");
        assert_eq!(code.text(signature.body.to), "}");
    }

    #[test]
    fn faults_are_where_they_start() {
        let fault = |source| read(source).fault.map(|position| (position.line, position.column));
        assert_eq!(fault("{ ( ) [ ] }"), None);
        assert_eq!(fault("{\n ( ] }"), Some((2, 2)));
        assert_eq!(fault("{ ("), Some((1, 1)));
        assert_eq!(fault("}"), Some((1, 1)));
        assert_eq!(fault("{ 'a\n }"), Some((1, 3)));
        assert_eq!(fault("{ } /* "), Some((1, 5)));
    }

    #[test]
    fn parts_between_commas() {
        let code = read("a, f(b, c), [d, e]");
        let parts: Vec<usize> = code.split(code.all(), ",").into_iter().map(Span::len).collect();
        assert_eq!(parts, [1, 6, 5]);
        assert_eq!(code.split(Span::new(0, 0), ",").len(), 0);
        let trailing = read("a,");
        assert_eq!(trailing.split(trailing.all(), ",").len(), 2);
    }
}
