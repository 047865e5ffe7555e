//! A whole method as a tree: every statement, every call, tolerant of everything.
//!
//! What cannot be read becomes [`StatementKind::Unread`] or [`Expr::Unknown`] and costs that statement, not the method.
//! The tree lives as long as one method is looked at; what is kept are the facts of [`super::effects`].

mod class;
mod declaration;
mod expression;
mod find;
mod statement;

#[cfg(test)]
pub(in crate::xpp) mod tests;

pub(crate) use class::{Attribute, ClassHead, Head, read_class, read_head};
pub(crate) use declaration::Declared;

use super::code::{Code, Span};
use std::borrow::Cow;

/// Reads the statements of a span.
pub(crate) fn read_body<'a>(code: &Code<'a>, span: Span) -> Vec<Statement<'a>> {
    statement::Reader { code }.block(span, 0)
}

/// A statement with its tokens.
#[derive(Debug)]
pub(crate) struct Statement<'a> {
    /// The tokens that show what it is: all of a simple statement, the head of one with statements inside.
    pub(crate) span: Span,
    /// What it is.
    pub(crate) kind: StatementKind<'a>,
}

/// The kinds of statements.
#[derive(Debug)]
pub(crate) enum StatementKind<'a> {
    /// `{ … }`.
    Block(Vec<Statement<'a>>),
    /// `if … else if … else …`.
    If(Choice<'a>),
    /// `switch (…) { … }`: what is switched on, and the statements behind each label.
    Switch(Expr<'a>, Vec<Section<'a>>),
    /// `while`, `do … while`, `for`, `while select`.
    Loop(Loop<'a>),
    /// `try … catch … finally …`.
    Try {
        /// The guarded statements.
        body: Vec<Statement<'a>>,
        /// The statements of each `catch`.
        catches: Vec<Vec<Statement<'a>>>,
        /// The statements of `finally`.
        finally: Option<Vec<Statement<'a>>>,
    },
    /// `using (…)`, `changecompany (…)`, `unchecked (…)`: a head and the statements that it governs.
    With(Vec<Statement<'a>>, Vec<Statement<'a>>),
    /// Variables.
    Declare(Vec<Declared<'a>>),
    /// An expression or an assignment.
    Expression(Expr<'a>),
    /// `select …;`, `next x;`.
    Find(Find<'a>),
    /// A statement for many records.
    Recordset(Recordset<'a>),
    /// `ttsbegin`, `ttscommit`, `ttsabort`.
    Tts(Tts),
    /// `return …;`.
    Return(Option<Expr<'a>>),
    /// `throw …;`, `retry;`: nothing behind it runs.
    Throw(Option<Expr<'a>>),
    /// `break;`.
    Break,
    /// `continue;`.
    Continue,
    /// A function inside the method.
    Function(Box<Head<'a>>, Vec<Statement<'a>>),
    /// Tokens that make no statement that is known here.
    Unread,
}

/// A chain of conditions.
#[derive(Debug)]
pub(crate) struct Choice<'a> {
    /// Conditions, and what runs when one holds.
    pub(crate) branches: Vec<(Expr<'a>, Vec<Statement<'a>>)>,
    /// What runs when none holds.
    pub(crate) otherwise: Option<Vec<Statement<'a>>>,
}

/// Statements behind one label of a `switch`.
#[derive(Debug)]
pub(crate) struct Section<'a> {
    /// It is `default:`.
    pub(crate) is_default: bool,
    /// Its statements, up to the next label.
    pub(crate) body: Vec<Statement<'a>>,
}

/// A loop.
#[derive(Debug)]
pub(crate) struct Loop<'a> {
    /// What runs once before it (`for`).
    pub(crate) before: Vec<Statement<'a>>,
    /// The condition.
    pub(crate) condition: Option<Expr<'a>>,
    /// The records that each round fetches (`while select`).
    pub(crate) find: Option<Find<'a>>,
    /// The body.
    pub(crate) body: Vec<Statement<'a>>,
    /// What runs after each round (`for`).
    pub(crate) after: Vec<Statement<'a>>,
    /// The body runs before the condition is looked at (`do`).
    pub(crate) body_first: bool,
}

/// `select`: the buffers that it fills, joined ones included.
#[derive(Debug, Default)]
pub(crate) struct Find<'a> {
    /// Names of buffers.
    pub(crate) buffers: Vec<&'a str>,
}

/// A statement that changes many records at once.
#[derive(Debug)]
pub(crate) struct Recordset<'a> {
    /// Which.
    pub(crate) kind: RecordsetKind,
    /// The buffer whose table is changed; `None` when it cannot be read.
    pub(crate) buffer: Option<&'a str>,
    /// Columns of the field list or of `setting`; `None` when they cannot be read.
    pub(crate) columns: Option<Vec<&'a str>>,
    /// Other buffers that it reads.
    pub(crate) find: Find<'a>,
}

/// Statements for many records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RecordsetKind {
    /// `insert_recordset`.
    Insert,
    /// `update_recordset`.
    Update,
    /// `delete_from`.
    Delete,
}

/// Statements of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tts {
    /// `ttsbegin`.
    Begin,
    /// `ttscommit`.
    Commit,
    /// `ttsabort`.
    Abort,
}

/// An expression, reduced to what names, calls and texts say.
#[derive(Debug)]
pub(crate) enum Expr<'a> {
    /// A name.
    Name(&'a str),
    /// `this`.
    This,
    /// A string literal.
    Text(Cow<'a, str>),
    /// `true` or `false`.
    Truth(bool),
    /// A number, `null`, a macro.
    Literal,
    /// `A::b`.
    Static(Cow<'a, str>, &'a str),
    /// `a.b`.
    Member(Box<Expr<'a>>, &'a str),
    /// `a.(e)`: the field whose number `e` is.
    Numbered(Box<Expr<'a>>, Box<Expr<'a>>),
    /// `a[…]`, with the index.
    Index(Box<Expr<'a>>, Box<Expr<'a>>),
    /// A call; the token is its name.
    Call(Box<Callee<'a>>, Vec<Expr<'a>>, usize),
    /// `new T(…)`; the token is `new`.
    New(Cow<'a, str>, Vec<Expr<'a>>, usize),
    /// `a as T`; the token is the type.
    Cast(Box<Expr<'a>>, Cow<'a, str>, usize),
    /// `[a, b]`.
    List(Vec<Expr<'a>>),
    /// `a + b + c`.
    Sum(Vec<Expr<'a>>),
    /// `c ? a : b`: the condition, then the two values.
    Either(Box<[Expr<'a>; 3]>),
    /// Operands of other operators.
    Operands(Vec<Expr<'a>>),
    /// `a = b`, `a += b`, `a++`: what is changed, whether its old value stays part of it, the value.
    Assign(Box<Expr<'a>>, bool, Box<Expr<'a>>),
    /// `(select …)`.
    Find(Find<'a>),
    /// Not understood.
    Unknown,
}

/// What is called.
#[derive(Debug)]
pub(crate) enum Callee<'a> {
    /// `f(…)`.
    Function(&'a str),
    /// `a.f(…)`.
    Method(Expr<'a>, &'a str),
    /// `A::f(…)`.
    Static(Cow<'a, str>, &'a str),
    /// `next f(…)`: the method that this one wraps.
    Next,
    /// `super(…)`.
    Super,
}
