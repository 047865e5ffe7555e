//! What X++ bodies say, as plain data: no names are resolved here.

use super::nested::nested;
use crate::source::Position;
use crate::text::Symbol;
use serde::{Deserialize, Serialize};

/// One method of an element or class, reduced to what the analysis asks of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Method {
    /// Name as written.
    pub name: Symbol,
    /// Line of the first character of the method's source in its file.
    pub line: u32,
    /// What was read from the body.
    pub content: MethodContent,
}

/// What a method is to us, decided by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MethodContent {
    /// `getEntityDataSourceToFieldMapping`.
    Mapping(MappingMethod),
    /// `dualWriteShouldSkipDataSource`.
    Skip(SkipMethod),
    /// Any other method: it may build a computed column.
    Other(References),
}

/// What a method that builds the SQL of a computed column refers to, in textual order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct References {
    /// An unterminated string or comment, or unbalanced brackets: nothing of the body can be trusted.
    pub broken: bool,
    /// References in textual order; empty when `broken`.
    pub items: Vec<Reference>,
    /// What the body says of NULL; `None` when it says nothing.
    pub nulls: Option<Box<NullFacts>>,
}

/// What a method that builds a computed column says of NULL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NullFacts {
    /// It turns NULL into something else: `isNullExpression`, `ISNULL`, `COALESCE`, `IS NULL`.
    pub guarded: bool,
    /// It chooses between values (`SysComputedColumn::if`, `CASE`), so that a value may never be shown.
    pub chooses: bool,
    /// Columns that it shows, in textual order.
    pub reads: Vec<NullRead>,
    /// Parts that can be NULL by themselves, with their lines in the file.
    pub gives: Vec<(u32, Gives)>,
}

/// A column that a method shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NullRead {
    /// The data source.
    pub source: SourceName,
    /// The field of it.
    pub field: Symbol,
    /// The call gives the value (`returnField`); else it gives a name that SQL text may do anything with.
    pub value: bool,
}

/// What can be NULL by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Gives {
    /// `NULL` stands in the SQL text.
    Null,
    /// A `SELECT` in the SQL text gives NULL when no row fits.
    Subquery,
    /// A `CASE` without `ELSE`.
    CaseWithoutElse,
}

/// One reference in a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// Line in the file.
    pub line: u32,
    /// What it refers to.
    pub kind: ReferenceKind,
}

/// The forms of references that matter to lineage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReferenceKind {
    /// A call with three arguments: (anything, data source, `fieldStr(_, field)`).
    SourceField {
        /// The second argument.
        source: SourceName,
        /// The field named by `fieldStr`.
        field: Symbol,
    },
    /// `tableStr(T)` or `tableNum(T)` outside such a call.
    Table(Symbol),
    /// The name after FROM or JOIN in a string.
    SqlTable(Symbol),
    /// A call that may be followed.
    Call {
        /// What stands before the method name.
        qualifier: Qualifier,
        /// The method.
        method: Symbol,
    },
}

/// How a call names a data source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SourceName {
    /// `identifierStr(D)`.
    Identifier(Symbol),
    /// `tableStr(D)`.
    Table(Symbol),
    /// `dataEntityDataSourceStr(E, D)`.
    EntitySource(Symbol),
    /// A string literal.
    Literal(Symbol),
}

/// What a followed call stands on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Qualifier {
    /// `m()`: the element's own method, or a function of the language.
    None,
    /// `this.m()`.
    This,
    /// `X::m()`.
    Static(Symbol),
}

/// `getEntityDataSourceToFieldMapping`, read as a function from a container to a container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingMethod {
    /// The container that the method returns, all `return`s united.
    pub result: Vec<MappingItem>,
    /// Entries that some item of `result` refers to by index.
    pub entries: Vec<MappingEntry>,
    /// Well-formed entries inside comments.
    pub disabled: Vec<MappingEntry>,
    /// Statements or terms that cannot be read, in textual order.
    pub undecidable: Vec<Position>,
    /// The body mentions `next`.
    pub has_next: bool,
}

/// A part of the resulting container, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MappingItem {
    /// An entry written in this method: index into [`MappingMethod::entries`].
    Entry {
        /// Index into [`MappingMethod::entries`].
        index: u32,
        /// The statement that puts it into the result stands under `if` or `switch`.
        conditional: bool,
    },
    /// An entry that `conIns` puts at a place behind the result of a `next` call, so that only the whole chain of
    /// wrappers tells where it stands: insert it there in what the items before it in this list yield; append it
    /// when that is shorter.
    Inserted {
        /// Index into [`MappingMethod::entries`].
        index: u32,
        /// Place in the container, from 1.
        at: u32,
        /// As for entries.
        conditional: bool,
    },
    /// The container that the caller passed in.
    Parameter {
        /// As for entries.
        conditional: bool,
    },
    /// What the wrapped method returns for these arguments.
    Next {
        /// Position of the call, which tells two calls apart.
        position: Position,
        /// The container passed on.
        #[serde(deserialize_with = "nested")]
        argument: Vec<MappingItem>,
        /// As for entries.
        conditional: bool,
    },
}

/// One `[label, table, field]`, or what was written in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingEntry {
    /// First element.
    pub label: Option<Symbol>,
    /// The table of `tableNum`.
    pub table: Option<Symbol>,
    /// The field of `fieldStr`, or a string.
    pub field: Option<Symbol>,
    /// The entity named in `fieldStr`; `None` for a string.
    pub field_owner: Option<Symbol>,
    /// It is a container of exactly three parts.
    pub triple: bool,
    /// Opening bracket.
    pub position: Position,
    /// How the label is written, so that generated text keeps the form.
    pub label_form: LabelForm,
}

/// How a label is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LabelForm {
    /// `tableStr(X)`.
    #[default]
    TableStr,
    /// `identifierStr(X)`.
    IdentifierStr,
    /// `dataEntityViewStr(X)`.
    DataEntityViewStr,
    /// `'X'` or `"X"`.
    Literal,
}

/// `dualWriteShouldSkipDataSource` as a chain of decisions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkipMethod {
    /// Statements of the body, in order.
    pub statements: Vec<SkipStatement>,
}

/// A statement of the skip method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SkipStatement {
    /// `if (…) … else …`.
    If {
        /// The condition.
        condition: SkipCondition,
        /// Statements when it holds.
        #[serde(deserialize_with = "nested")]
        then: Vec<SkipStatement>,
        /// Statements when it does not.
        #[serde(deserialize_with = "nested")]
        otherwise: Vec<SkipStatement>,
    },
    /// `return …`.
    Return(SkipAnswer),
    /// Anything else: whatever reaches it is undecidable.
    Unreadable,
}

/// What the skip method returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SkipAnswer {
    /// `true`: the data source is skipped.
    Skip,
    /// `false`: the data source is tracked.
    Keep,
    /// `!atLeastOneFieldMapped`: the default rule decides.
    UnlessMapped,
}

/// A condition over the name and the primary table of a data source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SkipCondition {
    /// The data source has this name (ASCII case ignored).
    Name(Symbol),
    /// Its primary table is this one.
    PrimaryTable(Symbol),
    /// `true` or `false`.
    Constant(bool),
    /// `!c`.
    Not(#[serde(deserialize_with = "nested")] Box<SkipCondition>),
    /// `a && b`, evaluated left to right.
    And(
        #[serde(deserialize_with = "nested")] Box<SkipCondition>,
        #[serde(deserialize_with = "nested")] Box<SkipCondition>,
    ),
    /// `a || b`, evaluated left to right.
    Or(
        #[serde(deserialize_with = "nested")] Box<SkipCondition>,
        #[serde(deserialize_with = "nested")] Box<SkipCondition>,
    ),
    /// Anything else.
    Unreadable,
}
