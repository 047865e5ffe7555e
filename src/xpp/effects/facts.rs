//! What the X++ of one file does to tables, as plain data in the names that the code uses: no look-ups, no bodies.

use crate::source::Position;
use serde::{Deserialize, Serialize};

/// The X++ of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Name of the class, table, entity, view, table map or form.
    pub name: Box<str>,
    /// Line where it is defined.
    pub line: u32,
    /// What it is.
    pub kind: UnitKind,
    /// The class that it extends.
    pub extends: Option<Box<str>>,
    /// What it extends by `[ExtensionOf(…)]`.
    pub extension_of: Option<ExtensionOf>,
    /// Nothing extends it: `final`, and not by `[ExtensionOf(…)]` either.
    pub is_final: bool,
    /// Member variables.
    pub members: Vec<Member>,
    /// Data sources of a form.
    pub data_sources: Vec<FormDataSource>,
    /// Methods, in document order.
    pub methods: Vec<MethodEffects>,
    /// Allow comments outside methods: they allow nothing.
    pub stray_allows: Vec<Allow>,
}

/// What holds X++.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// `AxClass`.
    #[default]
    Class,
    /// `AxTable`.
    Table,
    /// `AxView`.
    View,
    /// `AxDataEntityView`.
    Entity,
    /// `AxMap`.
    Map,
    /// `AxForm`.
    Form,
}

/// The argument of `[ExtensionOf(…)]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExtensionOf {
    /// `tableStr(T)`, `dataEntityViewStr(T)`, `viewStr(T)`, `mapStr(T)`: `this` is its record.
    Record(Box<str>),
    /// `classStr(C)`.
    Class(Box<str>),
    /// `formStr(F)`, `formControlStr(F, …)`.
    Form(Box<str>),
    /// `formDataSourceStr(F, D)`, `formDataFieldStr(F, D, …)`.
    DataSource {
        /// The form.
        form: Box<str>,
        /// The data source.
        name: Box<str>,
    },
}

/// A member variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its name.
    pub name: Box<str>,
    /// Its type as written.
    pub type_name: Box<str>,
    /// Where it is declared.
    pub position: Position,
    /// What it is declared with.
    pub value: Option<Value>,
}

/// A data source of a form: a buffer of the same name, and `…_ds`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormDataSource {
    /// Its name.
    pub name: Box<str>,
    /// Its table.
    pub table: Box<str>,
    /// Line where it is defined.
    pub line: u32,
}

/// The part of a form that a method belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// A data source.
    DataSource(Box<str>),
    /// A field of a data source.
    Field {
        /// The data source.
        source: Box<str>,
        /// The field.
        field: Box<str>,
    },
    /// A control.
    Control(Box<str>),
}

/// What a method does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodEffects {
    /// Its name.
    pub name: Box<str>,
    /// Where its source starts.
    pub position: Position,
    /// The part of a form that it belongs to.
    pub part: Option<Part>,
    /// It is static.
    pub is_static: bool,
    /// It is private or final: nothing overrides it.
    pub is_fixed: bool,
    /// Its return type as written; empty when none is written.
    pub returns: Box<str>,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// The event that its attribute says it handles.
    pub handles: Option<Handles>,
    /// Writes, in textual order.
    pub writes: Vec<WriteEffect>,
    /// Outermost transaction scopes, in the order of the flow.
    pub scopes: Vec<Scope>,
    /// Scopes that are not balanced.
    pub unbalanced: Vec<Unbalanced>,
    /// Values that members get, in textual order.
    pub assigned: Vec<MemberValue>,
    /// Members whose events are switched off for good: `skipBusinessEvents(true)`.
    pub events_off: Vec<MemberMark>,
    /// Members that are made temporary.
    pub temporary: Vec<MemberMark>,
    /// Calls of methods that were asked for.
    pub calls: Vec<Call>,
    /// Calls of methods of the same unit inside a transaction scope.
    pub scoped_calls: Vec<ScopedCall>,
    /// Methods of the same unit that it calls, lower case, by name.
    pub own_calls: Vec<Box<str>>,
    /// Columns of `this` that it may change (methods of tables).
    pub changes_this: ColumnEffects,
    /// Statements with a word that matters that could not be read.
    pub unread: Vec<Excerpt>,
    /// Allow comments in it or directly before it.
    pub allows: Vec<Allow>,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name; empty when it cannot be read.
    pub name: Box<str>,
    /// Its type as written.
    pub type_name: Box<str>,
}

/// What an event handler handles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Handles {
    /// `[DataEventHandler(tableStr(T), …)]`: the first parameter is a record of the table.
    Record(Box<str>),
    /// `[FormDataSourceEventHandler(formDataSourceStr(F, D), …)]`: the first parameter is the data source.
    DataSource {
        /// The form.
        form: Box<str>,
        /// The data source.
        name: Box<str>,
    },
}

/// A statement as people see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// Where it starts.
    pub position: Position,
    /// Line of its last token.
    pub last_line: u32,
    /// The statement on one line, at most 160 characters, cut with `…`.
    pub text: Box<str>,
}

/// What is written, in the form in which it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WriteForm {
    /// `x.doInsert()`.
    DoInsert,
    /// `x.doUpdate()`.
    DoUpdate,
    /// `x.doDelete()`.
    DoDelete,
    /// `x.insert()`: it matters where events are off, and in transactions.
    Insert,
    /// `x.update()`, likewise.
    Update,
    /// `x.delete()`, likewise.
    Delete,
    /// `x.write()`, likewise.
    Write,
    /// `insert_recordset`.
    InsertRecordset,
    /// `update_recordset`.
    UpdateRecordset,
    /// `delete_from`.
    DeleteFrom,
    /// `list.insertDatabase()`; the target is the list.
    InsertDatabase,
    /// A method of `SysDaInsertStatement`; the target is the buffer.
    SysDaInsert,
    /// A method of `SysDaUpdateStatement`; the target is the buffer.
    SysDaUpdate,
    /// A method of `SysDaDeleteStatement`; the target is the buffer.
    SysDaDelete,
    /// `Query::insert_recordset(x, …)`.
    QueryInsertRecordset,
    /// SQL text that inserts; the target is the table that it names.
    SqlInsert,
    /// SQL text that updates.
    SqlUpdate,
    /// SQL text that deletes.
    SqlDelete,
    /// SQL text that merges.
    SqlMerge,
    /// SQL text that is not known.
    SqlUnknown,
    /// `tableTruncate(…)`; the target is the table's number.
    Truncate,
}

/// One write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteEffect {
    /// How it is written.
    pub form: WriteForm,
    /// The statement.
    pub excerpt: Excerpt,
    /// What is written.
    pub target: Value,
    /// The columns.
    pub columns: ColumnEffects,
    /// `skipBusinessEvents(true)` holds for the buffer on some path, since here.
    pub events_off: Option<Position>,
    /// Nothing is known of the buffer beyond what it was when the method began: what other methods do to it counts.
    pub untouched: bool,
    /// The buffer was made temporary on every path, here.
    pub temporary: Option<Position>,
    /// The outermost transaction scope: index into [`MethodEffects::scopes`].
    pub scope: Option<u32>,
}

/// Columns that a statement or a method changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnEffects {
    /// Columns that are assigned, in textual order, each once.
    pub names: Vec<Box<str>>,
    /// Methods of the buffer that are called before the write and may assign more.
    pub methods: Vec<BufferCall>,
    /// Others may change: the buffer is passed to a method, comes from outside, and so on.
    pub open: bool,
}

/// A method of a buffer that is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BufferCall {
    /// Its name.
    pub name: Box<str>,
    /// It is a statement of its own, and so does something.
    pub alone: bool,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// A local variable or a parameter.
    Variable {
        /// Its name.
        name: Box<str>,
        /// Its type as written; `var` when the compiler finds it out.
        type_name: Box<str>,
        /// Where it is declared.
        position: Position,
        /// The index of the parameter.
        parameter: Option<u32>,
        /// What it may have been given, on some path; the place is that of the assignment.
        origins: Vec<Origin>,
        /// It may still be what the method was called with.
        initial: bool,
        /// It was made temporary on every path.
        temporary: bool,
    },
    /// A member of the unit, or the buffer of a form's data source.
    Member {
        /// Its name.
        name: Box<str>,
        /// What it may have been given in this method before.
        origins: Vec<Origin>,
        /// It may still be what it was when the method began.
        initial: bool,
        /// It was made temporary on every path.
        temporary: bool,
    },
    /// `this`.
    This,
    /// `x.y`, a member of another object.
    Of(Box<Value>, Box<str>),
    /// `T::m(…)`.
    Static {
        /// `T`.
        type_name: Box<str>,
        /// `m`.
        method: Box<str>,
        /// Where `m` stands.
        position: Position,
        /// The first arguments.
        arguments: Vec<Value>,
    },
    /// `x.m(…)`; without `x` a function or a method of the unit.
    Method {
        /// `x`.
        on: Option<Box<Value>>,
        /// `m`.
        method: Box<str>,
        /// Where `m` stands.
        position: Position,
        /// The first arguments.
        arguments: Vec<Value>,
    },
    /// `new T(…)`.
    New {
        /// `T`.
        type_name: Box<str>,
        /// Where it stands.
        position: Position,
        /// The first arguments.
        arguments: Vec<Value>,
    },
    /// `x as T`.
    Cast {
        /// `T`.
        type_name: Box<str>,
        /// Where it stands.
        position: Position,
        /// `x`.
        of: Box<Value>,
    },
    /// `tableNum(T)`, `tableStr(T)`, or a table named in SQL text.
    Table {
        /// `T`.
        name: Box<str>,
        /// Where it stands.
        position: Position,
        /// SQL text names it.
        in_sql: bool,
    },
    /// One of these.
    OneOf(Vec<Value>),
    /// A list of records: how it was made, and what was added to it.
    Records {
        /// The list.
        list: Box<Value>,
        /// Records that were added.
        added: Vec<Value>,
    },
    /// Not known, or no record.
    Unknown,
}

/// What a variable may have been given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Where.
    pub position: Position,
    /// What.
    pub value: Value,
}

/// What a member is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberValue {
    /// The member.
    pub name: Box<str>,
    /// Where.
    pub position: Position,
    /// What.
    pub value: Value,
    /// It is added to the list that the member is, and not the member itself.
    pub added: bool,
}

/// Something that happens to a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberMark {
    /// The member.
    pub name: Box<str>,
    /// Where.
    pub position: Position,
}

/// An outermost transaction scope of a method, or a call outside all scopes: the called method may open its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// `ttsbegin`, or the statement that calls.
    pub begin: Excerpt,
    /// The method of the same unit that is called.
    pub call: Option<Box<str>>,
    /// The innermost loop that each round opens it anew.
    pub in_loop: Option<Position>,
    /// Scopes that were committed before it on some path: indexes into the same list.
    pub after: Vec<u32>,
}

/// A scope that is not balanced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unbalanced {
    /// `ttsbegin` that some path leaves open, or `ttscommit` without a scope.
    pub excerpt: Excerpt,
    /// Where the method is left with the scope open; `None` for a `ttscommit`.
    pub left_at: Option<Position>,
}

/// A call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// What is called: [`Value::Static`] or [`Value::Method`], with all arguments.
    pub callee: Value,
    /// Where.
    pub position: Position,
}

/// A call of a method of the same unit inside a scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopedCall {
    /// The method.
    pub method: Box<str>,
    /// Index into [`MethodEffects::scopes`].
    pub scope: u32,
    /// Where.
    pub position: Position,
}

/// `// dualtrack: allow(rule) reason`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allow {
    /// The rule, as written.
    pub rule: Box<str>,
    /// Why; `None` when nothing is written.
    pub reason: Option<Box<str>>,
    /// Where the comment starts.
    pub position: Position,
    /// The line that it is about: its own when code stands there too, else that of the next code. `None` when it stands
    /// before the method's body and is about all of it.
    pub line: Option<u32>,
}
