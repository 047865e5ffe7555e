//! What X++ writes mean for tracked tables: which writes raise no event, whose change is lost by that, and which
//! transactions tear the changes of one entity record apart.
//!
//! [`crate::xpp`] says what a body does, in the names that it uses; here the names become tables, and the tables meet
//! the verdicts of [`crate::tracking`]. Nothing is guessed: a write whose table is not known stays a write of an
//! unknown table.

mod allowed;
mod analyze;
mod callers;
mod columns;
mod found;
mod lists;
mod meaning;
mod operation;
mod resolve;
mod scopes;
mod types;
mod units;

pub use analyze::{Input, analyze};
pub use operation::{Change, OPERATIONS, Operation, OperationInfo};
pub use units::Sources;

use crate::catalog::{ElementId, ElementKind, FieldIx};
use crate::problem::{Problem, Severity};
use crate::source::Place;
use crate::text::Symbol;

/// What was found in the X++ of a run. Everything is sorted by place, and no list depends on the number of threads.
#[derive(Debug, Default)]
pub struct Writes {
    /// Every write that raises no event, whether it matters or not, by place.
    pub writes: Vec<Write>,
    /// Transactions that are torn or unbalanced, by place.
    pub transactions: Vec<Transaction>,
    /// Every allow comment, by place, used or not.
    pub allowances: Vec<Allowance>,
    /// Statements that could not be read although they may write, by place.
    pub unread: Vec<Unread>,
    /// Files whose X++ cannot be read, by place.
    pub problems: Vec<Problem>,
    /// Tables of which it was asked who tracks them, by id.
    pub tables: Vec<ElementId>,
    /// How much was looked at.
    pub searched: Searched,
}

/// How much X++ was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Searched {
    /// Files that were searched for the words that matter.
    pub files: usize,
    /// Files that have such a word and were read.
    pub read: usize,
}

/// One write that raises no event.
#[derive(Debug)]
pub struct Write {
    /// Where the statement starts.
    pub place: Place,
    /// The statement, on one line, cut behind 160 characters with `…`.
    pub statement: Box<str>,
    /// What it does.
    pub operation: Operation,
    /// `skipBusinessEvents(true)`, for the operations that need it.
    pub events_off: Option<Place>,
    /// The table.
    pub target: Target,
    /// How the target is known, from the statement to the declaration (the last step names the table).
    pub path: Vec<Step>,
    /// The columns that it writes.
    pub columns: Columns,
    /// The method that it stands in.
    pub method: MethodName,
    /// Entities with a tracked leaf on the table, by name; what each loses. Empty where the target is no tracked table.
    pub entities: Vec<LostEntity>,
    /// What it comes to.
    pub outcome: Outcome,
}

/// What a write comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A finding.
    ///
    /// Error: a single record is updated, a column that is written is a tracked leaf of a counted field, and nothing
    /// can turn the statement into one that raises events. Warning: the same by a statement that may fall back to
    /// one operation per record; or the columns are not known; or a tracked record is inserted or deleted. Note:
    /// only columns are written that trigger nothing anyway.
    Finding(Severity),
    /// It would be a finding of this severity, and a comment accepts it.
    Allowed {
        /// The severity that it would have.
        severity: Severity,
        /// The comment: index into [`Writes::allowances`].
        by: usize,
    },
    /// Nobody knows which table is written: [`Target::Unknown`].
    UnknownTable,
    /// The table is known by name only; nothing can be said about who tracks it.
    NotLoaded,
    /// It does not matter.
    Harmless(Harmless),
}

/// Why a write does not matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harmless {
    /// No counted field has a tracked leaf on the table or its inheritance chain.
    NotTracked,
    /// `TableType` is `InMemory` or `TempDB`.
    TemporaryTable,
    /// The buffer was made temporary, for example by `setTmp()`, at this place.
    TemporaryBuffer(Place),
    /// `TableGroup` is Staging, or an entity names the table as its staging table.
    Staging,
    /// The buffer is of a view or an entity.
    NotATable(ElementKind),
}

/// What is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A table.
    Table {
        /// Name, spelled as its definition does, else as written.
        name: Symbol,
        /// The element, when it is loaded (a view or an entity for [`Harmless::NotATable`]).
        id: Option<ElementId>,
    },
    /// Not known.
    Unknown(Unknown),
}

/// Why the table of a write is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// The buffer is of a type that stands for any table (`Common`, a table map), and its origin is not known.
    Generic {
        /// The type as written.
        type_name: Box<str>,
    },
    /// The buffer is a parameter of such a type, and no call in the loaded code passes a known table.
    Parameter {
        /// Its name.
        name: Box<str>,
        /// The type as written.
        type_name: Box<str>,
    },
    /// A method is not loaded, or its return type is not known.
    Method {
        /// The call as written, without arguments.
        call: Box<str>,
    },
    /// No declaration of this name was found.
    Undeclared {
        /// The name as written.
        name: Box<str>,
    },
    /// The SQL text, or a part of it that names the table, is put together at run time.
    Sql,
    /// An expression that is not understood.
    Expression,
}

/// The columns that a write changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Columns {
    /// The whole record: it is deleted.
    Record,
    /// Exactly these, by name.
    Known(Vec<Symbol>),
    /// At least these, by name; others cannot be told.
    AtLeast(Vec<Symbol>),
}

impl Columns {
    /// The columns that are known to be written.
    pub fn names(&self) -> &[Symbol] {
        match self {
            Columns::Record => &[],
            Columns::Known(names) | Columns::AtLeast(names) => names,
        }
    }
}

/// One step of the reasoning that leads from a statement to its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where it stands; `None` for what follows from the step before.
    pub place: Option<Place>,
    /// What it says.
    pub kind: StepKind,
}

/// What a step says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// A local variable or a parameter is declared with this type.
    Declared {
        /// The variable.
        name: Box<str>,
        /// Its type as written.
        type_name: Box<str>,
    },
    /// A member of a class, table or form is declared with this type.
    Member {
        /// The member.
        name: Box<str>,
        /// Its type as written.
        type_name: Box<str>,
        /// The class, table or form that declares it.
        owner: Box<str>,
    },
    /// The data source of a form is its buffer.
    DataSource {
        /// The data source.
        name: Box<str>,
        /// The form.
        form: Box<str>,
        /// Its table.
        table: Box<str>,
    },
    /// `this` is a record of the table, in a method of the table or of a class that extends it.
    This {
        /// The table.
        table: Box<str>,
    },
    /// A method returns this type.
    Returns {
        /// `Class::method` or `Class.method`.
        method: Box<str>,
        /// The type as written.
        type_name: Box<str>,
    },
    /// A cast.
    Cast {
        /// The type as written.
        type_name: Box<str>,
    },
    /// A variable of a type that stands for any table gets its record here.
    Assigned {
        /// The variable.
        name: Box<str>,
    },
    /// A parameter of such a type gets its record from this call.
    Argument {
        /// The parameter.
        name: Box<str>,
        /// The method that calls.
        caller: Box<str>,
    },
    /// The event that the method handles is one of this table.
    Handles {
        /// The table.
        table: Box<str>,
    },
    /// The list of records is made for this table.
    ListOf {
        /// The table.
        table: Box<str>,
    },
    /// Records of this table are added to the list.
    Added,
    /// The statement names the table itself (`tableNum(T)`, `tableStr(T)`).
    Named {
        /// The table.
        table: Box<str>,
    },
    /// SQL text names the table.
    Sql {
        /// The table as written there.
        table: Box<str>,
    },
}

/// The method that holds a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodName {
    /// The class, table, entity, view, table map or form.
    pub element: Box<str>,
    /// What it is.
    pub kind: OwnerKind,
    /// The data source, field or control of a form that the method belongs to, as `CustTable` or
    /// `CustTable.AccountNum`.
    pub part: Option<Box<str>>,
    /// The method.
    pub name: Box<str>,
    /// Where its source starts.
    pub place: Place,
}

/// What holds a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OwnerKind {
    /// A class.
    Class,
    /// A table.
    Table,
    /// A view.
    View,
    /// A data entity.
    Entity,
    /// A table map.
    Map,
    /// A form.
    Form,
}

impl OwnerKind {
    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            OwnerKind::Class => "class",
            OwnerKind::Table => "table",
            OwnerKind::View => "view",
            OwnerKind::Entity => "entity",
            OwnerKind::Map => "table map",
            OwnerKind::Form => "form",
        }
    }
}

/// What one entity loses by a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostEntity {
    /// An entity with a tracked leaf of a counted field on the written table.
    pub entity: ElementId,
    /// The leaves that change, or may change: empty when the write changes none of them.
    pub fields: Vec<LostField>,
}

/// A leaf whose change is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostField {
    /// The field of the entity.
    pub field: FieldIx,
    /// The position of its leaf in [`crate::lineage::FieldLineage::leaves`]: path of data sources, table, column.
    pub leaf: usize,
    /// The column is known to be written; otherwise it may be.
    pub sure: bool,
}

/// A finding about transaction scopes.
#[derive(Debug)]
pub struct Transaction {
    /// Where it shows: `ttsbegin` of the second scope, of the loop's scope, of the scope that is left open; or
    /// `ttscommit`.
    pub place: Place,
    /// The statement, on one line.
    pub statement: Box<str>,
    /// The method.
    pub method: MethodName,
    /// What is wrong.
    pub kind: TransactionKind,
    /// The comment that accepts it: index into [`Writes::allowances`].
    pub allowed: Option<usize>,
}

/// What is wrong with the transactions of a method. Each is a warning, and inferred.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransactionKind {
    /// Rule `split-transaction`: two or more tracked tables of one entity are written in separate outermost scopes.
    Split {
        /// The entity.
        entity: ElementId,
        /// The writes, in the order of the method; at least two tables and two scopes.
        writes: Vec<ScopedWrite>,
    },
    /// Rule `split-transaction`: a tracked table is written in a loop with a scope of its own for each round.
    PerRow {
        /// The loop.
        loop_place: Place,
        /// The tracked writes in the scope.
        writes: Vec<ScopedWrite>,
    },
    /// Rule `unbalanced-transaction`: a path leaves the method with this scope open.
    NotCommitted {
        /// Where the method is left: a `return`, or its end.
        left_at: Place,
    },
    /// Rule `unbalanced-transaction`: `ttscommit` without a scope of this method.
    NotBegun,
}

impl TransactionKind {
    /// The rule's stable name, which allow comments use too.
    pub fn rule(&self) -> &'static str {
        match self {
            TransactionKind::Split { .. } | TransactionKind::PerRow { .. } => SPLIT_TRANSACTION,
            TransactionKind::NotCommitted { .. } | TransactionKind::NotBegun => UNBALANCED_TRANSACTION,
        }
    }
}

/// The rule about writes that raise no event.
pub const BYPASSING_WRITE: &str = "bypassing-write";
/// The rule about changes of one entity record in several transactions.
pub const SPLIT_TRANSACTION: &str = "split-transaction";
/// The rule about scopes that are not balanced.
pub const UNBALANCED_TRANSACTION: &str = "unbalanced-transaction";

/// A write inside a transaction scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopedWrite {
    /// Where it stands.
    pub place: Place,
    /// The statement, on one line.
    pub statement: Box<str>,
    /// The table.
    pub table: ElementId,
    /// `ttsbegin` of its outermost scope.
    pub scope: Place,
}

/// `// dualtrack: allow(rule) reason`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Where the comment starts.
    pub place: Place,
    /// The rule, as written.
    pub rule: Box<str>,
    /// Why; `None` when nothing was written, and the comment then allows nothing.
    pub reason: Option<Box<str>>,
    /// The method that it stands in or before; `None` outside methods.
    pub method: Option<MethodName>,
    /// It accepts the whole method, not one line.
    pub whole_method: bool,
    /// How many findings it accepts.
    pub used: usize,
}

/// A statement that has a word that matters and could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Where it starts.
    pub place: Place,
    /// The statement, on one line.
    pub statement: Box<str>,
    /// The method.
    pub method: MethodName,
}

impl Write {
    /// The severity of the finding; `None` when there is none, or a comment accepts it.
    pub fn severity(&self) -> Option<Severity> {
        match self.outcome {
            Outcome::Finding(severity) => Some(severity),
            _ => None,
        }
    }

    /// The table, when it is loaded.
    pub fn table(&self) -> Option<ElementId> {
        match self.target {
            Target::Table { id, .. } => id,
            Target::Unknown(_) => None,
        }
    }
}

impl Writes {
    /// The findings, worst first, then by place.
    pub fn worst_first(&self) -> Vec<&Write> {
        let mut findings: Vec<_> = self.writes.iter().filter(|w| w.severity().is_some()).collect();
        findings.sort_by_key(|w| std::cmp::Reverse(w.severity()));
        findings
    }
}
