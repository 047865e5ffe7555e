//! A metadata tree as data: what the generator makes, the renderer writes and the naive semantics read.
//!
//! The reference never parses XML or X++. It evaluates these structures, so that a fault in the
//! product's parsers shows as a difference too.

pub use super::model_xpp::*;

/// Number of a place in the rendered files (a source, an entry, a statement).
pub type Mark = usize;

pub struct World {
    pub roots: Vec<Root>,
    pub models: Vec<ModelFolder>,
    pub files: Vec<File>,
    pub labels: Vec<LabelText>,
    /// `None`: no `--maps` on the command line.
    pub maps: Option<Vec<MapFile>>,
    pub policy: Policy,
    /// How many marks were given out.
    pub marks: usize,
}

pub struct Root {
    pub folder: String,
    pub layout: Layout,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// The root holds packages.
    Packages,
    /// The root holds a `Descriptor` folder: it is one package.
    Package,
    /// The root holds `Ax…` folders: it is one model.
    Model,
}

pub struct ModelFolder {
    pub root: usize,
    pub package: String,
    pub folder: String,
    /// `Name` of the descriptor, when there is one.
    pub descriptor: Option<String>,
}

#[derive(Clone, Copy, Default)]
pub struct Style {
    pub bom: bool,
    pub crlf: bool,
    /// The whole document on one line, without a declaration; only for elements without X++.
    pub one_line: bool,
    /// The `<Name>` is left out: the file name counts.
    pub nameless: bool,
    pub lower_folder: bool,
    /// The file lies in the folder of another kind.
    pub wrong_folder: bool,
}

pub struct File {
    pub model: usize,
    pub style: Style,
    pub element: Element,
}

#[derive(Clone)]
pub enum Element {
    Table(Table),
    View(View),
    Map(String),
    Query(Query),
    Class(Class),
    Extension(Extension),
}

#[derive(Clone, Default)]
pub struct Table {
    pub name: String,
    pub extends: Option<String>,
    pub table_type: Option<String>,
    pub columns: Vec<String>,
    pub relations: Vec<Relation>,
    pub methods: Vec<Method>,
}

#[derive(Clone)]
pub struct Relation {
    pub name: String,
    pub related: String,
    pub constraints: Vec<Constraint>,
}

#[derive(Clone)]
pub enum Constraint {
    Fields { field: String, related: String },
    Fixed { field: String },
    RelatedFixed { related: String },
}

/// A view or a data entity: they differ in the names of their XML parts.
#[derive(Clone, Default)]
pub struct View {
    pub entity: bool,
    pub name: String,
    pub query: Option<String>,
    pub union: bool,
    pub sources: Vec<Source>,
    pub fields: Vec<Field>,
    pub relations: Vec<Relation>,
    pub methods: Vec<Method>,
    pub public: bool,
    pub read_only: bool,
    pub public_entity_name: Option<String>,
    pub public_collection_name: Option<String>,
    pub label: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    Root,
    Embedded,
    Derived,
}

#[derive(Clone)]
pub struct Source {
    pub mark: Mark,
    pub kind: SourceKind,
    pub name: String,
    pub target: String,
    /// `JoinMode` as written.
    pub join: Option<String>,
    pub read_only: bool,
    pub use_relations: bool,
    pub joins: Vec<Join>,
    /// The `Fields` list: (name, field).
    pub aliases: Vec<(String, String)>,
    pub group_by: bool,
    pub children: Vec<Source>,
    pub derived: Vec<Source>,
}

#[derive(Clone)]
pub enum Join {
    Relation { relation: String, join_source: Option<String> },
    Fields { field: String, join_source: Option<String>, related: String },
}

#[derive(Clone)]
pub struct Field {
    pub name: String,
    pub access: Option<String>,
    pub kind: FieldKind,
}

#[derive(Clone)]
pub enum FieldKind {
    Mapped { source: String, field: String, aggregation: Option<String> },
    Computed { method: String },
    Virtual,
}

#[derive(Clone)]
pub struct Query {
    pub name: String,
    /// A composite query: the query that it names.
    pub composite: Option<String>,
    pub union: bool,
    pub sources: Vec<Source>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExtensionKind {
    Table,
    View,
    Entity,
    Query,
}

#[derive(Clone)]
pub struct Extension {
    pub kind: ExtensionKind,
    /// `Target.Suffix`.
    pub name: String,
    pub columns: Vec<String>,
    pub fields: Vec<Field>,
    pub relations: Vec<Relation>,
    pub sources: Vec<ExtensionSource>,
}

#[derive(Clone)]
pub struct ExtensionSource {
    pub parent: String,
    pub source: Source,
}

#[derive(Clone)]
pub struct Class {
    pub name: String,
    pub extension_of: Option<ExtensionOf>,
    pub methods: Vec<Method>,
}

#[derive(Clone)]
pub struct ExtensionOf {
    /// `tableStr`, `dataEntityViewStr` or `viewStr`, as written.
    pub function: String,
    pub element: String,
    /// The attribute stands in a comment: the class extends nothing.
    pub commented: bool,
}

#[derive(Clone)]
pub struct Method {
    pub name: String,
    pub body: Body,
}

#[derive(Clone)]
pub enum Body {
    Mapping(MappingBody),
    Skip(SkipBody),
    Computed(ComputedBody),
    /// Text that means nothing to the analysis.
    Plain(String),
}

// --- maps --------------------------------------------------------------------------------------

pub struct LabelText {
    pub model: usize,
    pub file: String,
    pub id: String,
    pub text: String,
}

pub struct MapFile {
    pub shape: MapShape,
    pub maps: Vec<DualWriteMap>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum MapShape {
    Bare,
    Array,
    Dataverse,
    Project,
    DoubleEncoded,
}

#[derive(Clone)]
pub struct DualWriteMap {
    /// `msdyn_name`; only in the Dataverse shape.
    pub name: Option<String>,
    pub version: String,
    pub schema: String,
    pub fields: Vec<MapField>,
}

#[derive(Clone)]
pub struct MapField {
    pub field: String,
    pub destination: String,
    pub direction: u8,
    pub as_text: bool,
}

// --- policy ------------------------------------------------------------------------------------

/// Values of SPEC 9, by key.
#[derive(Clone)]
pub struct Policy {
    pub values: Vec<(&'static str, &'static str)>,
}

/// The keys of SPEC 9 with their values, the default first.
pub const POLICIES: [(&str, &[&str]); 8] = [
    ("nested-entity", &["root-only", "primary", "none", "all"]),
    ("nested-view", &["primary", "none", "all"]),
    ("inner-read-only", &["tracked", "untracked"]),
    ("under-untracked", &["untracked", "own"]),
    ("inheritance", &["chain", "leaf", "root"]),
    ("entity-read-only", &["tracked", "untracked"]),
    ("internal-fields", &["public", "all"]),
    ("lookup-only", &["counts", "ignored"]),
];

impl Default for Policy {
    fn default() -> Self {
        Policy { values: POLICIES.iter().map(|(key, values)| (*key, values[0])).collect() }
    }
}

impl Policy {
    pub fn get(&self, key: &str) -> &'static str {
        self.values.iter().find(|(k, _)| *k == key).map_or_else(|| panic!("no policy {key}"), |(_, v)| v)
    }

    pub fn set(&mut self, key: &str, value: &'static str) {
        if let Some(slot) = self.values.iter_mut().find(|(k, _)| *k == key) {
            slot.1 = value;
        }
    }
}
