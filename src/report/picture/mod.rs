//! Pictures of what uses what: which part of the graph is drawn ([`pick()`]), and how, one file per format.
//!
//! A picture is small by default, because nobody reads a large one and Graphviz does not finish it: the rest
//! is counted per model and drawn as stubs. Every format draws the same [`Picture`].

pub mod dot;
pub mod json;
mod links;
mod look;
pub mod mermaid;
mod pick;
pub mod starts;
pub mod svg;
#[cfg(test)]
mod tests;
mod walk;

pub use pick::pick;

use crate::aot::{Join, SourceKind};
use crate::catalog::{ElementId, ElementKind};
use crate::text::Symbol;
use crate::tracking::{EntryVerdict, Match, Reason, Status};

/// How many elements a picture shows when nothing else is asked for.
pub const USUAL_LIMIT: usize = 60;
/// A picture with at most so many starts is about them.
const FOCUS: usize = 3;
/// How many elements Graphviz is given at most; it does not finish much larger graphs.
pub const LAYOUT_LIMIT: usize = 400;

/// What to draw.
#[derive(Clone, Debug)]
pub struct Request {
    /// Where the picture starts, the most important first.
    pub starts: Vec<Start>,
    /// How the picture grows from there.
    pub growth: Growth,
    /// How many steps it goes from a start; `None` is as far as there is something.
    pub depth: Option<usize>,
    /// Only what is not tracked, and what it hangs on.
    pub untracked: bool,
    /// How many elements are drawn at most; `None` is all.
    pub limit: Option<usize>,
}

/// An element that a picture starts at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// The element.
    pub id: ElementId,
    /// Which way the picture grows from it.
    pub way: Way,
}

/// Which way a picture grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// To what uses it.
    Up,
    /// To what it uses.
    Down,
    /// To its users and theirs, and to what it uses; not to what else its users use.
    Both,
}

/// Which elements come first when not all fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// The nearest to any start.
    Together,
    /// Everything around the first start, then around the second.
    OneByOne,
}

/// What is drawn.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Elements, in the order in which they were reached.
    pub nodes: Vec<Node>,
    /// Data sources, mapping entries and missing entries, by user.
    pub edges: Vec<Edge>,
    /// What did not fit, per model.
    pub stubs: Vec<Stub>,
    /// Connections from or to what did not fit.
    pub stub_edges: Vec<StubEdge>,
    /// How many elements were reached, drawn or not.
    pub total: usize,
    /// Only what is not tracked is drawn.
    pub untracked: bool,
    /// The picture is about few elements, so that missing entries are drawn as lines; else they are counted
    /// at the table.
    pub focused: bool,
}

/// An element in a picture.
#[derive(Clone, Debug)]
pub struct Node {
    /// Name as its definition spells it; of what is not loaded, as written.
    pub name: Symbol,
    /// What it is; `None` where it is not loaded.
    pub kind: Option<ElementKind>,
    /// Name of the model that defines it.
    pub model: Option<Symbol>,
    /// Only extensions of it are loaded.
    pub partial: bool,
    /// The picture starts here.
    pub start: bool,
    /// Steps from the nearest start.
    pub distance: usize,
    /// How an entity is judged, when it is in scope.
    pub judged: Option<FieldCount>,
    /// Where it is defined.
    pub place: Option<Located>,
}

/// The fields of an entity that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldCount {
    /// How many count.
    pub counted: usize,
    /// How many of them have a part whose changes are never sent.
    pub untracked: usize,
}

/// A line of a file, the path relative to its metadata root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The path, with `/`.
    pub file: Symbol,
    /// The line, from 1.
    pub line: u32,
}

/// A connection between two nodes, by their positions.
#[derive(Clone, Debug)]
pub struct Edge {
    /// The user.
    pub from: usize,
    /// What it uses.
    pub to: usize,
    /// What connects them.
    pub tie: Tie,
}

/// What connects two elements.
#[derive(Clone, Debug)]
pub enum Tie {
    /// A data source.
    Source(SourceTie),
    /// An entry of the mapping method.
    Entry(EntryTie),
    /// An entry that is missing: changes of the table are never sent.
    Missing(MissingTie),
}

/// A data source as a connection.
#[derive(Clone, Debug)]
pub struct SourceTie {
    /// Its name.
    pub name: Symbol,
    /// Its place in the tree.
    pub kind: SourceKind,
    /// How it is joined.
    pub join: Option<Join>,
    /// `IsReadOnly`.
    pub read_only: bool,
    /// It leads back to the element that has it.
    pub cyclic: bool,
    /// Full name of the extension that adds it.
    pub added_by: Option<Symbol>,
    /// The verdict, where the user is an entity in scope.
    pub verdict: Option<(Status, Option<Reason>)>,
    /// Where it is defined.
    pub place: Located,
}

/// An entry of the mapping method as a connection.
#[derive(Clone, Debug)]
pub struct EntryTie {
    /// The label as written.
    pub label: Option<Symbol>,
    /// The field that holds the table's `RecId`.
    pub field: Option<Symbol>,
    /// What becomes of it.
    pub verdict: EntryVerdict,
    /// How sure that is.
    pub matched: Option<Match>,
    /// The entity is in scope; else the entry writes no row.
    pub in_scope: bool,
    /// It can go.
    pub removable: bool,
    /// It stands under `if` or `switch`.
    pub conditional: bool,
    /// Where it stands.
    pub place: Located,
}

/// An entry that is missing as a connection.
#[derive(Clone, Debug)]
pub struct MissingTie {
    /// Names of the data sources from the entity inward.
    pub path: Vec<Symbol>,
    /// The fields whose changes are never sent.
    pub fields: Vec<Symbol>,
    /// Why: the reason of the first of them.
    pub reason: Option<Reason>,
    /// How it can be repaired.
    pub remedy: &'static str,
}

/// What did not fit, of one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stub {
    /// The model.
    pub group: StubGroup,
    /// Entities.
    pub entities: usize,
    /// Views.
    pub views: usize,
    /// Tables and table maps.
    pub tables: usize,
    /// What is not loaded.
    pub unresolved: usize,
}

/// What a stub stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StubGroup {
    /// Elements of this model.
    Model(Symbol),
    /// Elements of so many models, the ones with the fewest.
    Others(usize),
    /// Elements that no loaded model defines.
    NotLoaded,
}

/// Connections between a node and a stub.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StubEdge {
    /// Position of the node.
    pub node: usize,
    /// Position of the stub.
    pub stub: usize,
    /// The stub is the user.
    pub up: bool,
    /// How many connections.
    pub count: usize,
}

impl Stub {
    /// How many elements it stands for.
    pub fn count(&self) -> usize {
        self.entities + self.views + self.tables + self.unresolved
    }
}

impl Picture {
    /// How many elements did not fit.
    pub fn hidden(&self) -> usize {
        self.total - self.nodes.len()
    }

    /// What did not fit, in one line for people; `None` when everything did.
    pub fn shortage(&self) -> Option<String> {
        (self.hidden() > 0).then(|| {
            let models: Vec<String> =
                self.stubs.iter().map(|s| format!("{} {}", s.group.name(), s.count())).collect();
            let (shown, hidden) = (self.nodes.len(), self.hidden());
            format!("{shown} of {} elements are drawn, {hidden} are not: {}", self.total, models.join(", "))
        })
    }
}

impl StubGroup {
    /// The words for people.
    pub fn name(&self) -> String {
        match self {
            StubGroup::Model(name) => crate::text::Shown(name).to_string(),
            StubGroup::Others(1) => "1 other model".to_owned(),
            StubGroup::Others(count) => format!("{count} other models"),
            StubGroup::NotLoaded => "not loaded".to_owned(),
        }
    }
}
