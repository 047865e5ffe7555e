//! X++ bodies as data: the mapping method, the skip method, computed columns.

use super::model::Mark;

// --- getEntityDataSourceToFieldMapping ---------------------------------------------------------

#[derive(Clone)]
pub struct MappingBody {
    pub parameter: String,
    pub statements: Vec<Statement>,
}

#[derive(Clone)]
pub enum Statement {
    Declare {
        variable: String,
        value: Option<Sum>,
    },
    /// `m += …`
    Append {
        variable: String,
        value: Sum,
    },
    /// `m = …`
    Assign {
        variable: String,
        value: Sum,
    },
    Return(Sum),
    If {
        condition: String,
        then: Vec<Statement>,
        otherwise: Option<Vec<Statement>>,
    },
    Switch {
        subject: String,
        cases: Vec<Vec<Statement>>,
        default: Option<Vec<Statement>>,
    },
    /// Mentions no container: ignored.
    Ignored(String),
    /// A loop, a `try`, or another statement that mentions a container.
    Undecidable {
        mark: Mark,
        lines: Vec<String>,
    },
    Comment(Comment),
}

/// Terms joined by `+`.
pub type Sum = Vec<Term>;

#[derive(Clone)]
pub enum Term {
    Variable(String),
    Literal(Vec<Item>),
    /// `[a, b, c]`: the inner brackets were forgotten, or it is the row that a variable holds.
    Row(Row),
    Next(String),
    /// `conIns(variable, position, row)`.
    Insert {
        variable: String,
        position: Position,
        row: InsertedRow,
    },
    Unknown {
        mark: Mark,
        text: String,
    },
}

#[derive(Clone)]
pub enum Position {
    Literal(usize),
    /// `conLen(variable) + 1`.
    End,
}

#[derive(Clone)]
pub enum InsertedRow {
    Row(Row),
    Variable(String),
}

#[derive(Clone)]
pub enum Item {
    Row(Row),
    /// A variable that holds one row: `m += [row]`.
    Variable(String),
    /// An element that cannot be read.
    Unknown {
        mark: Mark,
        text: String,
    },
    Comment(Comment),
}

/// `[label, table, field]`, or what somebody wrote in its place.
#[derive(Clone)]
pub struct Row {
    pub mark: Mark,
    pub parts: Vec<Part>,
}

#[derive(Clone)]
pub struct Part {
    pub function: Function,
    /// As written: letter case of the function, or the quotation mark.
    pub spelling: String,
    /// First argument of `fieldStr`.
    pub owner: String,
    pub name: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Function {
    TableStr,
    IdentifierStr,
    DataEntityViewStr,
    Text,
    TableNum,
    FieldStr,
}

#[derive(Clone)]
pub struct Comment {
    /// `/* … */` instead of `//` lines.
    pub block: bool,
    pub note: String,
    /// Disabled entries.
    pub rows: Vec<Row>,
    /// The rows are spread over several lines.
    pub spread: bool,
}

// --- dualWriteShouldSkipDataSource -------------------------------------------------------------

#[derive(Clone)]
pub struct SkipBody {
    /// Names of the five parameters.
    pub parameters: [String; 5],
    pub statements: Vec<SkipStatement>,
}

#[derive(Clone)]
pub enum SkipStatement {
    If {
        condition: SkipCondition,
        then: Vec<SkipStatement>,
        otherwise: Option<Vec<SkipStatement>>,
    },
    Return(SkipResult),
    /// A form that is not understood; what follows is not reached.
    Unreadable(String),
}

#[derive(Clone, Copy)]
pub enum SkipResult {
    True,
    False,
    NotAtLeastOne,
}

#[derive(Clone)]
pub enum SkipCondition {
    /// Written constant (`'X'`, `identifierStr(X)`, `tableStr(X)`) and the name that it stands for.
    Name {
        equal: bool,
        constant: String,
        name: String,
        reversed: bool,
    },
    Table {
        equal: bool,
        function: String,
        table: String,
        reversed: bool,
    },
    And(Box<SkipCondition>, Box<SkipCondition>),
    Or(Box<SkipCondition>, Box<SkipCondition>),
    Not(Box<SkipCondition>),
    Unreadable(String),
}

// --- computed columns --------------------------------------------------------------------------

#[derive(Clone, Default)]
pub struct ComputedBody {
    pub pieces: Vec<Piece>,
    pub broken: Option<Broken>,
}

#[derive(Clone, Copy)]
pub enum Broken {
    Text,
    Comment,
    Brackets,
}

#[derive(Clone)]
pub enum Piece {
    /// A call of the shape (anything, source, `fieldStr`).
    Triple {
        callee: String,
        first: String,
        second: Second,
        table: String,
        field: String,
    },
    /// `tableStr(T)` or `tableNum(T)` somewhere else.
    TableName {
        function: String,
        name: String,
    },
    /// SQL text: `parts` are joined by `+`; `names` are what stands after FROM and JOIN.
    Sql {
        parts: Vec<String>,
        names: Vec<String>,
        format: bool,
    },
    Call {
        qualifier: Qualifier,
        method: String,
    },
    /// Text of an expression that gives no leaf.
    Noise(String),
    Comment(String),
}

#[derive(Clone)]
pub enum Second {
    Identifier(String),
    Table(String),
    DataSource { owner: String, name: String },
    Text(String),
}

#[derive(Clone)]
pub enum Qualifier {
    None,
    This,
    Type(String),
}
