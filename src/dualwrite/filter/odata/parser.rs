//! From tokens to the tree, by recursive descent with a limit on its depth.

use super::lexer::{Kind, Token, tokens};
use super::{
    Argument, ArgumentValue, Call, Comparison, Expression, Lambda, Literal, Membership, Operand, Operator,
    Path, Quantifier, Value,
};
use crate::dualwrite::filter::{Found, MAX_DEPTH, Name, Reason, Span, SyntaxError, Wanted};

/// Reads a filter of the Dataverse side.
///
/// # Errors
/// The first thing that cannot be read, with its place.
pub fn parse(source: &str) -> Result<Expression, SyntaxError> {
    let mut parser = Parser { source, tokens: tokens(source), at: 0 };
    if parser.tokens.len() == 1 {
        return Err(SyntaxError { span: Span::new(0, 0), reason: Reason::Empty });
    }
    let expression = parser.any(0)?;
    match parser.kind() {
        Kind::End => Ok(expression),
        Kind::Close => Err(parser.fault(Reason::Unopened)),
        _ => Err(parser.unexpected(Wanted::ODataGoesOnOrEnds)),
    }
}

/// Operators of `OData` that the Web API does not have.
const UNSUPPORTED: [&str; 6] = ["add", "sub", "mul", "div", "mod", "has"];

/// Words of the language that are no names.
const WORDS: [&str; 10] = ["eq", "ne", "gt", "ge", "lt", "le", "and", "or", "not", "in"];

struct Parser<'a> {
    source: &'a str,
    tokens: Vec<Token<'a>>,
    at: usize,
}

type Parsed<T> = Result<T, SyntaxError>;

impl<'a> Parser<'a> {
    fn kind(&self) -> &Kind<'a> {
        self.kind_at(self.at)
    }

    /// The last token is the end, however far one looks.
    fn kind_at(&self, at: usize) -> &Kind<'a> {
        self.tokens.get(at).map_or(&Kind::End, |token| &token.kind)
    }

    fn span(&self) -> Span {
        self.tokens.get(self.at).map_or(Span::new(self.source.len(), self.source.len()), |token| token.span)
    }

    /// Takes a token; the end is never passed.
    fn take(&mut self) -> Span {
        let span = self.span();
        self.at = (self.at + 1).min(self.tokens.len().saturating_sub(1));
        span
    }

    fn found(&self) -> Found {
        match self.kind() {
            Kind::End => Found::End,
            _ => Found::token(self.span().text(self.source)),
        }
    }

    fn fault(&self, reason: Reason) -> SyntaxError {
        SyntaxError { span: self.span(), reason }
    }

    /// What is no token at all is said before what was expected.
    fn unexpected(&self, wanted: Wanted) -> SyntaxError {
        let reason = match self.kind() {
            Kind::Bad(reason) => reason.clone(),
            Kind::Assign if wanted == Wanted::ODataOperator => {
                Reason::Misspelt { found: "=".into(), write: "eq" }
            }
            Kind::Name(word) if !is_value(wanted) => self.word(word, wanted),
            _ => Reason::Expected { wanted, found: self.found() },
        };
        self.fault(reason)
    }

    /// A word where an operator was expected.
    fn word(&self, word: &str, wanted: Wanted) -> Reason {
        let lower = word.to_ascii_lowercase();
        if UNSUPPORTED.contains(&lower.as_str()) {
            Reason::NoSuchOperator(lower.into())
        } else if WORDS.contains(&lower.as_str()) && lower != word {
            Reason::UpperCase(lower.into())
        } else if lower == "like" {
            Reason::Misspelt { found: word.into(), write: "eq" }
        } else {
            Reason::Expected { wanted, found: self.found() }
        }
    }

    fn is_word(&self, word: &str) -> bool {
        *self.kind() == Kind::Name(word)
    }

    fn any(&mut self, depth: usize) -> Parsed<Expression> {
        self.chain(depth, "or", Self::all, Expression::Any)
    }

    fn all(&mut self, depth: usize) -> Parsed<Expression> {
        self.chain(depth, "and", Self::unary, Expression::All)
    }

    fn chain(
        &mut self,
        depth: usize,
        separator: &str,
        part: impl Fn(&mut Self, usize) -> Parsed<Expression>,
        whole: impl Fn(Vec<Expression>) -> Expression,
    ) -> Parsed<Expression> {
        let first = part(self, depth)?;
        if !self.is_word(separator) {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.is_word(separator) {
            self.take();
            parts.push(part(self, depth)?);
        }
        Ok(whole(parts))
    }

    fn unary(&mut self, depth: usize) -> Parsed<Expression> {
        match self.kind() {
            Kind::Open | Kind::Name("not") if depth >= MAX_DEPTH => Err(self.fault(Reason::TooDeep)),
            Kind::Open => self.group(depth),
            Kind::Name("not") => self.not(depth),
            _ => self.condition(depth),
        }
    }

    fn not(&mut self, depth: usize) -> Parsed<Expression> {
        let start = self.take();
        let inner = self.unary(depth + 1)?;
        if matches!(inner, Expression::Comparison(_) | Expression::Membership(_)) {
            return Err(SyntaxError { span: start, reason: Reason::NotComparison });
        }
        let end = self.tokens.get(self.at.saturating_sub(1)).map_or(start, |token| token.span);
        Ok(Expression::Not { inner: Box::new(inner), span: start.to(end) })
    }

    fn group(&mut self, depth: usize) -> Parsed<Expression> {
        let open = self.take();
        if *self.kind() == Kind::Close {
            return Err(SyntaxError { span: open.to(self.span()), reason: Reason::EmptyGroup });
        }
        let inner = Box::new(self.any(depth + 1)?);
        let close = self.close(open, Wanted::ODataGoesOnOrCloses)?;
        Ok(Expression::Group { inner, span: open.to(close) })
    }

    fn close(&mut self, open: Span, wanted: Wanted) -> Parsed<Span> {
        match self.kind() {
            Kind::Close => Ok(self.take()),
            Kind::End => Err(SyntaxError { span: open, reason: Reason::Unclosed }),
            _ => Err(self.unexpected(wanted)),
        }
    }

    /// A comparison, a membership, or what is a condition by itself: a function or a lambda.
    fn condition(&mut self, depth: usize) -> Parsed<Expression> {
        let left = self.operand(Wanted::ODataCondition, depth)?;
        let left = match left {
            Operand::Path(path) if *self.kind() == Kind::Open => return self.lambda(path, depth),
            other => other,
        };
        if let Some(operator) = self.operator() {
            self.take();
            let right = self.operand(Wanted::ODataValue, depth)?;
            return Ok(Expression::Comparison(Comparison { left, operator, right }));
        }
        match left {
            left if self.is_word("in") => self.membership(left),
            Operand::Call(call) => Ok(Expression::Call(call)),
            _ => Err(self.unexpected(Wanted::ODataOperator)),
        }
    }

    fn operator(&self) -> Option<Operator> {
        Operator::EVERY.into_iter().find(|operator| self.is_word(operator.word()))
    }

    fn membership(&mut self, left: Operand) -> Parsed<Expression> {
        let span = self.take();
        let open = self.open()?;
        let mut values = vec![self.literal(Wanted::ODataValue)?];
        while *self.kind() == Kind::Comma {
            self.take();
            values.push(self.literal(Wanted::ODataValue)?);
        }
        self.close(open, Wanted::ArgumentsGoOn)?;
        Ok(Expression::Membership(Membership { left, values, span }))
    }

    fn open(&mut self) -> Parsed<Span> {
        if *self.kind() == Kind::Open { Ok(self.take()) } else { Err(self.unexpected(Wanted::Parenthesis)) }
    }

    fn operand(&mut self, wanted: Wanted, depth: usize) -> Parsed<Operand> {
        match *self.kind() {
            Kind::Name(word) if constant(word).is_none() => self.name(wanted, depth),
            _ => self.literal(wanted).map(Operand::Literal),
        }
    }

    fn literal(&mut self, wanted: Wanted) -> Parsed<Literal> {
        let value = match self.kind().clone() {
            Kind::Text(text) => Value::Text(text),
            Kind::Number(number) => Value::Number(number.into()),
            Kind::Date(date) => Value::Date(date),
            Kind::Moment(moment) => Value::Moment(moment.into()),
            Kind::Guid(id) => Value::Guid(id.into()),
            Kind::Name(word) => match constant(word) {
                Some(value) => value,
                None => return Err(self.unexpected(wanted)),
            },
            _ => return Err(self.unexpected(wanted)),
        };
        Ok(Literal { value, span: self.take() })
    }

    /// A path, or a function.
    fn name(&mut self, wanted: Wanted, depth: usize) -> Parsed<Operand> {
        let name = self.part(wanted)?;
        if *self.kind() == Kind::Open {
            return self.call(name, depth).map(Operand::Call);
        }
        let mut names = vec![name];
        while *self.kind() == Kind::Slash {
            self.take();
            names.push(self.part(Wanted::Column)?);
        }
        Ok(Operand::Path(Path { names }))
    }

    fn part(&mut self, wanted: Wanted) -> Parsed<Name> {
        let Kind::Name(text) = *self.kind() else { return Err(self.unexpected(wanted)) };
        let is_word = WORDS.contains(&text) && *self.kind_at(self.at + 1) != Kind::Slash;
        if is_word {
            return Err(self.fault(Reason::Expected { wanted, found: self.found() }));
        }
        Ok(Name { text: text.into(), span: self.take() })
    }

    fn call(&mut self, name: Name, depth: usize) -> Parsed<Call> {
        if depth >= MAX_DEPTH {
            return Err(self.fault(Reason::TooDeep));
        }
        let open = self.open()?;
        let mut arguments = Vec::new();
        while *self.kind() != Kind::Close {
            if !arguments.is_empty() {
                self.comma(open)?;
            }
            arguments.push(self.argument(depth + 1)?);
        }
        let span = name.span.to(self.take());
        Ok(Call { name, arguments, span })
    }

    fn comma(&mut self, open: Span) -> Parsed<()> {
        match self.kind() {
            Kind::Comma => {
                self.take();
                Ok(())
            }
            Kind::End => Err(SyntaxError { span: open, reason: Reason::Unclosed }),
            _ => Err(self.unexpected(Wanted::ArgumentsGoOn)),
        }
    }

    fn argument(&mut self, depth: usize) -> Parsed<Argument> {
        let name = match (self.kind(), self.kind_at(self.at + 1)) {
            (Kind::Name(_), Kind::Assign) => {
                let name = self.part(Wanted::ODataValue)?;
                self.take();
                Some(name)
            }
            _ => None,
        };
        let value = match *self.kind() {
            Kind::Array(text) => {
                self.take();
                ArgumentValue::Array(text.into())
            }
            _ => ArgumentValue::Operand(self.operand(Wanted::ODataValue, depth)?),
        };
        Ok(Argument { name, value })
    }

    /// A path that ends with `any` or `all`, at its parenthesis.
    fn lambda(&mut self, mut path: Path, depth: usize) -> Parsed<Expression> {
        let quantifier = match path.names.last().map(|name| &*name.text) {
            Some("any") => Quantifier::Any,
            Some("all") => Quantifier::All,
            _ => return Err(self.unexpected(Wanted::ODataOperator)),
        };
        if depth >= MAX_DEPTH {
            return Err(self.fault(Reason::TooDeep));
        }
        path.names.pop();
        let open = self.take();
        let mut body = None;
        if *self.kind() != Kind::Close {
            let variable = self.part(Wanted::Variable)?;
            if *self.kind() != Kind::Colon {
                return Err(self.unexpected(Wanted::Variable));
            }
            self.take();
            body = Some((variable, Box::new(self.any(depth + 1)?)));
        }
        let close = self.close(open, Wanted::ODataGoesOnOrCloses)?;
        let span = path.span().to(close);
        Ok(Expression::Lambda(Lambda { path, quantifier, body, span }))
    }
}

/// Where a value is expected, a word is a name.
fn is_value(wanted: Wanted) -> bool {
    matches!(wanted, Wanted::ODataCondition | Wanted::ODataValue | Wanted::Column | Wanted::Variable)
}

fn constant(word: &str) -> Option<Value> {
    match word {
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        "null" => Some(Value::Null),
        _ => None,
    }
}
