//! Why a filter cannot be read, and where.

use super::MAX_DEPTH;
use super::span::Span;
use std::fmt;
use thiserror::Error;

/// The first thing of a filter that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{reason}")]
pub struct SyntaxError {
    /// Where; empty at the end of a filter that stops too early.
    pub span: Span,
    /// What is wrong, and what was expected.
    pub reason: Reason,
}

/// What is wrong at a place, in plain words.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Reason {
    /// The filter has nothing but blanks.
    #[error("the filter is empty")]
    Empty,
    /// Something else was expected.
    #[error("expected {wanted}, found {found}")]
    Expected {
        /// What.
        wanted: Wanted,
        /// What stands there.
        found: Found,
    },
    /// `(` without `)`.
    #[error("this parenthesis is never closed")]
    Unclosed,
    /// `)` without `(`.
    #[error("no parenthesis is open that this one could close")]
    Unopened,
    /// `()`.
    #[error("nothing stands between these parentheses")]
    EmptyGroup,
    /// Parentheses or negations beyond the limit.
    #[error("parentheses are nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// A text without its closing quote.
    #[error("the text that starts here has no closing {0}")]
    OpenText(char),
    /// A quote of a word processor.
    #[error("{found} is a typographic quote; write {write}")]
    TypographicQuote {
        /// The quote.
        found: char,
        /// The one that is meant.
        write: char,
    },
    /// A text in the quotes of another language.
    #[error("texts stand in {0} here")]
    WrongQuote(char),
    /// An operator or word of another language, or a misspelt one.
    #[error("`{found}` is no operator here; write `{write}`")]
    Misspelt {
        /// As written.
        found: Box<str>,
        /// What is probably meant.
        write: &'static str,
    },
    /// A call where only constants are allowed.
    #[error("{name}(…) is a call, and values must be constants{}", Hint(*.hint))]
    Call {
        /// The function.
        name: Box<str>,
        /// What to write in place of it.
        hint: Option<&'static str>,
    },
    /// `!` before something that is not in parentheses.
    #[error("expected ( after !, found {0}; write !(…)")]
    BareNot(Found),
    /// A wildcard outside a text.
    #[error("{0} counts as a wildcard only inside a text behind `like`: (Field like \"A*\")")]
    Wildcard(char),
    /// `..`.
    #[error("`..` belongs to the Advanced filter page; write ((Field >= 1) && (Field <= 9))")]
    Dots,
    /// `,`.
    #[error("lists belong to the Advanced filter page; write ((Field == 1) || (Field == 2))")]
    List,
    /// `%1`.
    #[error("`{0}` is a placeholder of strFmt that was never filled in")]
    Placeholder(Box<str>),
    /// A date in another notation.
    #[error("a date is written day\\month\\year with a year of four digits, for example 23\\06\\2021")]
    DateForm,
    /// A date and time in another notation.
    #[error("a date with a time is written 2021-06-23T14:30:00, without quotes and time zone")]
    DateTimeForm,
    /// A month beyond December.
    #[error("there is no month {0}")]
    NoSuchMonth(u32),
    /// A day that the month does not have.
    #[error("{month:02}/{year} has no day {day}")]
    NoSuchDay {
        /// Day.
        day: u32,
        /// Month.
        month: u32,
        /// Year.
        year: u32,
    },
    /// A year that a date cannot hold.
    #[error("a date holds the years 1900 to 2154, not {0}")]
    NoSuchYear(u32),
    /// A time of no day.
    #[error("there is no time {hour:02}:{minute:02}:{second:02}")]
    NoSuchTime {
        /// Hour.
        hour: u32,
        /// Minute.
        minute: u32,
        /// Second.
        second: u32,
    },
    /// Digits that go on as a name, or a number that is none.
    #[error("`{0}` is neither a number nor a name; texts stand in quotes")]
    NotANumber(Box<str>),
    /// A pattern that is no text.
    #[error("expected a text as the pattern of `like`, found {0}")]
    Pattern(Found),
    /// A character that means nothing here.
    #[error("{0:?} means nothing in a filter")]
    Character(char),
    /// An operator of `OData` that the Web API of Dataverse does not have.
    #[error("the Web API of Dataverse does not have the operator `{0}`")]
    NoSuchOperator(Box<str>),
    /// An operator of `OData` in upper case.
    #[error("operators are written in lower case: `{0}`")]
    UpperCase(Box<str>),
    /// `guid'…'` and the like, of an older `OData`.
    #[error("`{0}'…'` is the form of an older OData; write the value without it")]
    OldLiteral(Box<str>),
    /// `not a eq b`.
    #[error("`not` binds closer than a comparison; write not (…)")]
    NotComparison,
    /// A date of `OData` in another notation.
    #[error("a date is written year-month-day, for example 2021-06-23 or 2021-06-23T14:30:00Z")]
    ODataDateForm,
}

/// What would have been right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A comparison or a group.
    Condition,
    /// `==` and its like.
    Operator,
    /// What stands on a side of a comparison.
    Value,
    /// `&&`, `||` or `)`.
    GoesOnOrCloses,
    /// `&&`, `||` or nothing.
    GoesOnOrEnds,
    /// What stands behind `::`.
    EnumValue,
    /// What stands behind a dot.
    FieldName,
    /// A comparison, a function or a group, in `OData`.
    ODataCondition,
    /// `eq` and its like.
    ODataOperator,
    /// What stands on a side of a comparison, in `OData`.
    ODataValue,
    /// `and`, `or` or `)`.
    ODataGoesOnOrCloses,
    /// `and`, `or` or nothing.
    ODataGoesOnOrEnds,
    /// What stands behind a slash.
    Column,
    /// `,` or `)`.
    ArgumentsGoOn,
    /// `(`.
    Parenthesis,
    /// The variable of `any` and `all`, with its colon.
    Variable,
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Condition => "a comparison such as (Field == \"value\")",
            Self::Operator => "==, !=, <, <=, >, >= or like",
            Self::Value => "a field name or a value",
            Self::GoesOnOrCloses => "&&, || or )",
            Self::GoesOnOrEnds => "&&, || or the end of the filter",
            Self::EnumValue => "the name of an enum value",
            Self::FieldName => "the name of a field",
            Self::ODataCondition => "a comparison such as column eq 'value'",
            Self::ODataOperator => "eq, ne, gt, ge, lt or le",
            Self::ODataValue => "a column name or a value",
            Self::ODataGoesOnOrCloses => "and, or or )",
            Self::ODataGoesOnOrEnds => "and, or or the end of the filter",
            Self::Column => "the name of a column",
            Self::ArgumentsGoOn => "a comma or )",
            Self::Parenthesis => "(",
            Self::Variable => "a variable with a colon, for example x:",
        })
    }
}

/// What stands at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing more.
    End,
    /// This.
    Token(Box<str>),
}

/// So many characters of a token are shown.
const SHOWN: usize = 40;

impl Found {
    /// A token as written; what is long is cut.
    pub fn token(text: &str) -> Self {
        let mut chars = text.chars();
        let mut shown: String = chars.by_ref().take(SHOWN).collect();
        if chars.next().is_some() {
            shown.push('…');
        }
        Self::Token(shown.into())
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::End => f.write_str("the end of the filter"),
            Self::Token(text) => write!(f, "`{text}`"),
        }
    }
}

struct Hint(Option<&'static str>);

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(hint) => write!(f, "; write {hint}"),
            None => Ok(()),
        }
    }
}
