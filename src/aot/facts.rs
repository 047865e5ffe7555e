//! What one metadata file says, as plain data: names as written, lines, no look-ups.

use super::value_type::{EditRules, ValueType};
use crate::problem::LocalProblem;
use crate::text::Symbol;
use crate::xpp::Method;
use serde::{Deserialize, Serialize};

/// What one file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// The element, when the XML root is of a kind that the analysis needs.
    pub definition: Option<Definition>,
    /// Complaints about this file.
    pub problems: Vec<LocalProblem>,
    /// Parts of the element are nested too deep and are missing.
    pub cut: bool,
    /// Whether its bytes hold a word of X++ that writes; `None` where nobody looked.
    pub mentions_writes: Option<bool>,
}

impl FileFacts {
    /// The methods that were read.
    pub fn methods(&self) -> &[Method] {
        match &self.definition {
            Some(Definition::Table(table)) => &table.methods,
            Some(Definition::View(view)) => &view.methods,
            Some(Definition::DataEntity(entity)) => &entity.view.methods,
            Some(Definition::Class(class)) => &class.methods,
            Some(Definition::TableMap(_) | Definition::Query(_) | Definition::Extension(_)) | None => &[],
        }
    }

    /// Fills in the methods of a class or table.
    pub fn set_methods(&mut self, methods: Vec<Method>) {
        match &mut self.definition {
            Some(Definition::Table(table)) => table.methods = methods,
            Some(Definition::Class(class)) => class.methods = methods,
            Some(_) => {}
            None => self.definition = Some(Definition::Class(Class { methods, ..Class::default() })),
        }
    }

    /// Takes out the methods of a class or table.
    pub fn take_methods(&mut self) -> Option<Vec<Method>> {
        match &mut self.definition {
            Some(Definition::Table(table)) => Some(std::mem::take(&mut table.methods)),
            Some(Definition::Class(class)) => Some(std::mem::take(&mut class.methods)),
            _ => None,
        }
    }
}

/// A name and the line where it is defined.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Name as written.
    pub name: Symbol,
    /// Line of the element that carries it.
    pub line: u32,
}

/// The element of a file, by its XML root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Definition {
    /// `AxTable`.
    Table(Table),
    /// `AxView`.
    View(View),
    /// `AxDataEntityView`.
    DataEntity(DataEntity),
    /// `AxMap`.
    TableMap(Named),
    /// `AxQuery`.
    Query(Query),
    /// `AxTableExtension`, `AxViewExtension`, `AxDataEntityViewExtension`, `AxQuerySimpleExtension`.
    Extension(Extension),
    /// `AxClass`.
    Class(Class),
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Name and line.
    pub named: Named,
    /// Own fields.
    pub fields: Vec<TableField>,
    /// Own relations.
    pub relations: Vec<Relation>,
    /// `Extends`: the table that this one inherits from.
    pub extends: Option<Named>,
    /// `TableType`.
    pub table_type: TableType,
    /// What else it says of itself.
    pub traits: TableTraits,
    /// Methods; filled only when a computed column calls into the table.
    pub methods: Vec<Method>,
}

/// `TableType`; absent means Regular.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TableType {
    /// A table of the database.
    #[default]
    Regular,
    /// `InMemory`.
    InMemory,
    /// `TempDB`.
    TempDb,
}

/// A field of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableField {
    /// Name and line.
    pub named: Named,
    /// Its type.
    pub value: ValueType,
    /// Mandatory, editable.
    pub rules: EditRules,
}

/// Properties of a table that say what its rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableTraits {
    /// `SaveDataPerCompany`: its rows belong to a company. Absent means Yes.
    pub per_company: bool,
    /// `ValidTimeStateFieldType` is set: a row has a period in which it is valid.
    pub valid_time_state: bool,
    /// `TableGroup`.
    pub group: TableGroup,
}

impl Default for TableTraits {
    fn default() -> Self {
        Self { per_company: true, valid_time_state: false, group: TableGroup::default() }
    }
}

/// `TableGroup`; absent means Miscellaneous.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TableGroup {
    /// `Miscellaneous`.
    #[default]
    Miscellaneous,
    /// `Parameter`.
    Parameter,
    /// `Group`.
    Group,
    /// `Main`.
    Main,
    /// `Transaction`.
    Transaction,
    /// `TransactionHeader`.
    TransactionHeader,
    /// `TransactionLine`.
    TransactionLine,
    /// `WorksheetHeader`.
    WorksheetHeader,
    /// `WorksheetLine`.
    WorksheetLine,
    /// `Reference`.
    Reference,
    /// `Framework`.
    Framework,
    /// `Staging`.
    Staging,
    /// A value that this list does not have.
    Other,
}

/// A relation of a table or an entity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// Name and line.
    pub named: Named,
    /// `RelatedTable` or `RelatedDataEntity`.
    pub related: Symbol,
    /// Field pairs; fixed constraints are left out.
    pub pairs: Vec<FieldPair>,
}

/// `Field` of the owner equals `RelatedField` of the related element.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldPair {
    /// `Field`.
    pub field: Symbol,
    /// `RelatedField`.
    pub related: Symbol,
}

/// A view, or the view part of an entity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Name and line.
    pub named: Named,
    /// `Query`: sources come from there.
    pub query: Option<Named>,
    /// `QueryType` of its own `ViewMetadata` is Union: each root is a branch. Means nothing with a `Query`.
    pub union: bool,
    /// Own data sources in tree order.
    pub sources: Vec<DataSource>,
    /// Own fields.
    pub fields: Vec<ViewField>,
    /// Own relations.
    pub relations: Vec<Relation>,
    /// Methods of the element.
    pub methods: Vec<Method>,
}

/// A data entity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataEntity {
    /// Sources, fields, relations, methods.
    pub view: View,
    /// `IsPublic` is Yes.
    pub is_public: bool,
    /// `IsReadOnly` is Yes.
    pub is_read_only: bool,
    /// `DataManagementEnabled` is Yes.
    pub data_management_enabled: bool,
    /// `Label`: text or label id.
    pub label: Option<Symbol>,
    /// `PublicEntityName`.
    pub public_entity_name: Option<Symbol>,
    /// `PublicCollectionName`.
    pub public_collection_name: Option<Symbol>,
    /// `PrimaryCompanyContext`: the field that holds the company; `None` for a shared entity.
    pub primary_company_context: Option<Named>,
    /// `PrimaryKey`: the name of one of the keys.
    pub primary_key: Option<Named>,
    /// `DataManagementStagingTable`.
    pub staging_table: Option<Symbol>,
    /// `Keys`.
    pub keys: Vec<Key>,
    /// `Ranges` of the entity itself.
    pub ranges: Vec<Range>,
}

/// A key of an entity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// Name and line.
    pub named: Named,
    /// `Enabled` is absent or Yes.
    pub enabled: bool,
    /// The fields of the entity that make the key.
    pub fields: Vec<Named>,
}

/// A condition that the records of an entity or of a data source must meet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// `Name`.
    pub name: Symbol,
    /// `Field`: of the entity, or of the target of the data source.
    pub field: Symbol,
    /// `Value` as written; empty: it restricts nothing.
    pub value: Symbol,
    /// `Enabled` is absent or Yes.
    pub enabled: bool,
    /// Line of the element.
    pub line: u32,
}

/// A field of a view or entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewField {
    /// Name and line.
    pub named: Named,
    /// Where its value comes from.
    pub binding: Binding,
    /// `AccessModifier` is absent or Public.
    pub public: bool,
    /// Mandatory, editable.
    pub rules: EditRules,
}

/// Where the value of a view or entity field comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Binding {
    /// A field of a data source.
    Mapped {
        /// `DataSource`.
        source: Symbol,
        /// `DataField`.
        field: Symbol,
        /// `Aggregation` is set.
        aggregated: bool,
    },
    /// SQL written by an X++ method; `None` when no method is named.
    Computed {
        /// `ComputedFieldMethod` or `ViewMethod`.
        method: Option<Symbol>,
        /// Its type.
        value: ValueType,
    },
    /// Filled by X++ at run time.
    Virtual {
        /// Its type.
        value: ValueType,
    },
}

/// A data source of a view, entity or query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataSource {
    /// Name and line.
    pub named: Named,
    /// `Table`: a table, view or entity.
    pub target: Symbol,
    /// Index of the parent or owner in the same list.
    pub parent: Option<u32>,
    /// Its place in the tree.
    pub kind: SourceKind,
    /// Join mode; `None` where it is absent (or the source is a root).
    pub join: Option<Join>,
    /// `IsReadOnly` is Yes.
    pub read_only: bool,
    /// `Fields`: names that stand for fields of the target.
    pub aliases: Vec<FieldAlias>,
    /// Join conditions.
    pub conditions: Vec<JoinCondition>,
    /// `Ranges`.
    pub ranges: Vec<Range>,
    /// It has `GroupBy` entries.
    pub grouped: bool,
}

/// The place of a data source in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// At the top.
    Root,
    /// Joined to its parent.
    Embedded,
    /// Rows of a sub-table of the same record.
    Derived,
}

/// How an embedded data source is joined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Join {
    /// `InnerJoin`.
    #[default]
    Inner,
    /// `OuterJoin`.
    Outer,
    /// `ExistsJoin`.
    Exists,
    /// `NoExistsJoin`.
    NotExists,
}

/// An entry of a data source's `Fields`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldAlias {
    /// `Name`.
    pub name: Symbol,
    /// `Field` of the target.
    pub field: Symbol,
}

/// One entry of a data source's `Relations`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum JoinCondition {
    /// `Field` of the join source equals `RelatedField` of this source.
    Fields {
        /// `JoinDataSource`; absent means the parent.
        join_source: Option<Symbol>,
        /// `Field`, of the join source.
        field: Symbol,
        /// `RelatedField`, of this source.
        related: Symbol,
    },
    /// A named relation of one of the two targets.
    Relation {
        /// `JoinDataSource`; absent means the parent.
        join_source: Option<Symbol>,
        /// `JoinRelationName`.
        name: Symbol,
    },
}

/// A query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// Name and line.
    pub named: Named,
    /// A composite query takes its sources from this one.
    pub composite_of: Option<Named>,
    /// `QueryType` is Union: each root is a branch.
    pub union: bool,
    /// Data sources in tree order.
    pub sources: Vec<DataSource>,
}

/// What kind of element an extension extends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ExtensionKind {
    /// `AxTableExtension`.
    Table,
    /// `AxViewExtension`.
    View,
    /// `AxDataEntityViewExtension`.
    DataEntity,
    /// `AxQuerySimpleExtension`.
    Query,
}

/// An extension `Target.Suffix`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Full name and line.
    pub named: Named,
    /// What it extends.
    pub kind: ExtensionKind,
    /// Fields added to a table.
    pub table_fields: Vec<TableField>,
    /// Fields added to a view or entity.
    pub view_fields: Vec<ViewField>,
    /// Relations added.
    pub relations: Vec<Relation>,
    /// Data sources added.
    pub sources: Vec<EmbeddedSource>,
    /// Ranges added to data sources that exist already.
    pub ranges: Vec<AddedRange>,
    /// Names of properties in `PropertyModifications` and `FieldModifications` that this analysis reads.
    pub modifications: Vec<Named>,
}

impl Extension {
    /// The element that it extends: the part of the name before the first dot.
    pub fn target(&self) -> &str {
        self.named.name.split('.').next().unwrap_or_default()
    }
}

/// `AxQueryExtensionEmbeddedDataSource`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbeddedSource {
    /// `Parent`: the source under which it hangs.
    pub parent: Named,
    /// The new source first, then everything below it, in tree order; `parent` indexes this list.
    pub sources: Vec<DataSource>,
}

/// `AxQueryExtensionQueryDataSourceRange`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedRange {
    /// `Parent`: the data source that gets the range.
    pub parent: Named,
    /// The range.
    pub range: Range,
}

/// A class: an extension class, or a helper that computed columns call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// Name and line.
    pub named: Named,
    /// The element named in `[ExtensionOf(tableStr|viewStr|dataEntityViewStr(X))]`.
    pub extension_of: Option<Symbol>,
    /// Methods.
    pub methods: Vec<Method>,
}
