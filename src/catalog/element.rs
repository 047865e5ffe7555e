//! The effective elements: own parts and those of extensions, merged.

use super::index::Index;
use super::names::Spelled;
use crate::aot::{EditRules, Join, SourceKind, TableTraits, TableType, ValueType};
use crate::source::{FileId, Place};
use crate::text::{NameId, Symbol};
use crate::xpp::Method;

/// A table, view, entity or table map of the catalog; ids follow the order of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementId(pub(super) u32);

/// A field, by its position in [`Element::fields`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldIx(pub u32);

/// A data source, by its position in [`Element::sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceIx(pub u32);

impl ElementId {
    /// The id of the element at this position.
    pub(crate) fn from_index(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// Position in [`super::Catalog::elements`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What kind of element it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ElementKind {
    /// A table.
    Table,
    /// A view.
    View,
    /// A data entity.
    Entity,
    /// A table map: it has no rows of its own.
    Map,
}

impl ElementKind {
    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            ElementKind::Table => "table",
            ElementKind::View => "view",
            ElementKind::Entity => "entity",
            ElementKind::Map => "table map",
        }
    }
}

/// One element with everything that extensions add to it.
#[derive(Debug)]
pub struct Element {
    /// Name, spelled as its definition does.
    pub name: Spelled,
    /// Kind.
    pub kind: ElementKind,
    /// Where it is defined; `None` for a partial element, of which only extensions are loaded.
    pub place: Option<Place>,
    /// Fields: own, then those of extensions.
    pub fields: Vec<Field>,
    /// Data sources in tree order.
    pub sources: Vec<Source>,
    /// Relations: own, then those of extensions.
    pub relations: Vec<Relation>,
    /// The sources are branches of a union.
    pub union: bool,
    /// A field is aggregated, or a source is grouped.
    pub aggregates: bool,
    /// The query that the sources come from.
    pub query: Option<Spelled>,
    /// Parts of it are nested too deep in some file and are missing.
    pub cut: bool,
    /// `TableType` (tables).
    pub table_type: TableType,
    /// What the rows of it are (tables).
    pub traits: TableTraits,
    /// The table that this one inherits from; never part of a cycle.
    pub extends: Option<ElementId>,
    /// What only entities have.
    pub entity: EntityFacts,
    /// Own methods.
    pub methods: Vec<Method>,
    /// Extension classes in (class name, path) order.
    pub extension_classes: Vec<ExtensionClass>,
    pub(super) field_index: Index,
    pub(super) source_index: Index,
}

/// What only entities have.
#[derive(Clone, Debug, Default)]
pub struct EntityFacts {
    /// `IsPublic`.
    pub is_public: bool,
    /// `IsReadOnly`.
    pub is_read_only: bool,
    /// `DataManagementEnabled`.
    pub data_management_enabled: bool,
    /// `Label`: text or label id.
    pub label: Option<Symbol>,
    /// `PublicEntityName`.
    pub public_entity_name: Option<Symbol>,
    /// `PublicCollectionName`.
    pub public_collection_name: Option<Symbol>,
    /// `PrimaryCompanyContext` and its place: the field that holds the company; `None` for a shared entity.
    pub primary_company_context: Option<(Spelled, Place)>,
    /// `PrimaryKey` and its place: the name of one of the keys.
    pub primary_key: Option<(Spelled, Place)>,
    /// `DataManagementStagingTable`.
    pub staging_table: Option<Symbol>,
    /// `Keys`.
    pub keys: Vec<Key>,
    /// `Ranges` of the entity itself.
    pub ranges: Vec<Range>,
}

impl EntityFacts {
    /// The key that `PrimaryKey` names; where it names none, the first one that is enabled.
    pub fn key(&self) -> Option<&Key> {
        let named = |name: &Spelled| self.keys.iter().find(|key| key.name == *name);
        let primary = self.primary_key.as_ref().and_then(|(name, _)| named(name));
        primary.or_else(|| self.keys.iter().find(|key| key.enabled))
    }
}

/// A key of an entity.
#[derive(Clone, Debug)]
pub struct Key {
    /// Name.
    pub name: Spelled,
    /// Where it is defined.
    pub place: Place,
    /// `Enabled` is absent or Yes.
    pub enabled: bool,
    /// The fields of the entity that make the key, each with its place.
    pub fields: Vec<(Spelled, Place)>,
}

/// A condition that the records of an entity or of a data source must meet.
#[derive(Clone, Debug)]
pub struct Range {
    /// The field of the entity, or of the target of the data source.
    pub field: Spelled,
    /// `Value` as written; empty: it restricts nothing.
    pub value: Symbol,
    /// `Enabled` is absent or Yes.
    pub enabled: bool,
    /// Where it is defined.
    pub place: Place,
}

impl Range {
    /// Whether it can leave records out: it is enabled, and has a value.
    pub fn restricts(&self) -> bool {
        self.enabled && !self.value.is_empty()
    }
}

/// A class that extends an element.
#[derive(Debug)]
pub struct ExtensionClass {
    /// Name of the class.
    pub name: Symbol,
    /// Where it is defined.
    pub place: Place,
    /// Its methods.
    pub methods: Vec<Method>,
}

/// A field of an element.
#[derive(Debug)]
pub struct Field {
    /// Name.
    pub name: Spelled,
    /// Where it is defined.
    pub place: Place,
    /// Where its value comes from.
    pub binding: Binding,
    /// `AccessModifier` is absent or Public.
    pub public: bool,
    /// Mandatory, editable.
    pub rules: EditRules,
    /// Full name of the extension that adds it.
    pub added_by: Option<Symbol>,
}

impl Field {
    /// The type that the field itself declares; a field of a data source has that of what it is bound to.
    pub fn value(&self) -> Option<&ValueType> {
        match &self.binding {
            Binding::Column { value } | Binding::Computed { value, .. } | Binding::Virtual { value } => {
                Some(value)
            }
            Binding::Mapped { .. } => None,
        }
    }
}

/// Where the value of a field comes from.
#[derive(Debug)]
pub enum Binding {
    /// A column of a table.
    Column {
        /// Its type.
        value: ValueType,
    },
    /// A field of a data source.
    Mapped {
        /// `DataSource`.
        source: Spelled,
        /// `DataField`.
        field: Spelled,
        /// It has an `Aggregation`.
        aggregated: bool,
    },
    /// SQL written by this method.
    Computed {
        /// The method, when one is named.
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

/// A data source of an element.
#[derive(Clone, Debug)]
pub struct Source {
    /// Name (alias).
    pub name: Spelled,
    /// Where it is defined: in the element, its query, or an extension.
    pub place: Place,
    /// The target as written.
    pub target_name: Spelled,
    /// The target, when it is loaded.
    pub target: Option<ElementId>,
    /// Its place in the tree.
    pub kind: SourceKind,
    /// Parent or owner.
    pub parent: Option<SourceIx>,
    /// `Parent` as an extension wrote it, when there is no such source.
    pub missing_parent: Option<Symbol>,
    /// How it is joined; a derived source has its owner's; `None` for a root and what derives from it.
    pub join: Option<Join>,
    /// `IsReadOnly`.
    pub read_only: bool,
    /// Names that stand for fields of the target.
    pub aliases: Vec<(NameId, Spelled)>,
    /// Join conditions as written.
    pub conditions: Vec<Condition>,
    /// Conditions on its records.
    pub ranges: Vec<Range>,
    /// Full name of the extension that adds it.
    pub added_by: Option<Symbol>,
    pub(super) grouped: bool,
}

/// A join condition as written.
#[derive(Clone, Debug)]
pub enum Condition {
    /// `field` of the join source (absent: the parent) equals `related` of the source itself.
    Fields {
        /// `JoinDataSource`.
        join_source: Option<NameId>,
        /// `Field`.
        field: Spelled,
        /// `RelatedField`.
        related: Spelled,
    },
    /// A named relation of one of the two targets.
    Relation {
        /// `JoinDataSource`.
        join_source: Option<NameId>,
        /// `JoinRelationName`.
        name: NameId,
    },
}

/// A relation of a table or entity.
#[derive(Debug)]
pub struct Relation {
    /// Name.
    pub name: NameId,
    /// Where it is defined.
    pub place: Place,
    /// The related table or entity.
    pub related: NameId,
    /// (field of the owner, field of the related element).
    pub pairs: Vec<(Spelled, Spelled)>,
}

impl Element {
    /// Only extensions of it are loaded.
    pub fn is_partial(&self) -> bool {
        self.place.is_none()
    }

    /// The files that define it or add to it, some of them several times.
    pub fn files(&self) -> impl Iterator<Item = FileId> {
        let fields = self.fields.iter().filter(|field| field.added_by.is_some()).map(|field| field.place);
        let sources =
            self.sources.iter().filter(|source| source.added_by.is_some()).map(|source| source.place);
        let ranges = self.sources.iter().flat_map(Source::added_ranges).map(|range| range.place);
        let classes = self.extension_classes.iter().map(|class| class.place);
        let added = fields.chain(sources).chain(ranges).chain(classes);
        self.place.into_iter().chain(added).map(|place| place.file)
    }

    /// The field of this name: own or of an extension, not inherited.
    pub fn field(&self, name: NameId) -> Option<FieldIx> {
        self.field_index.get(name).map(FieldIx)
    }

    /// The field at this position.
    pub fn field_at(&self, ix: FieldIx) -> &Field {
        &self.fields[ix.0 as usize]
    }

    /// The data source of this name.
    pub fn source(&self, name: NameId) -> Option<SourceIx> {
        self.source_index.get(name).map(SourceIx)
    }

    /// The data source at this position.
    pub fn source_at(&self, ix: SourceIx) -> &Source {
        &self.sources[ix.0 as usize]
    }

    /// All data sources with their positions, in tree order.
    pub fn sources(&self) -> impl Iterator<Item = (SourceIx, &Source)> {
        (0..).map(SourceIx).zip(&self.sources)
    }

    /// The first root source: the one whose table is the primary table.
    pub fn first_root(&self) -> Option<SourceIx> {
        self.sources().find(|(_, s)| s.kind == SourceKind::Root).map(|(ix, _)| ix)
    }

    /// The source that a derived source counts as: its owner, as far up as it takes.
    pub fn record_owner(&self, mut ix: SourceIx) -> SourceIx {
        while let Source { kind: SourceKind::Derived, parent: Some(owner), .. } = self.source_at(ix) {
            ix = *owner;
        }
        ix
    }

    /// The ancestors and owners of a source, innermost first.
    pub fn ancestors(&self, ix: SourceIx) -> impl Iterator<Item = SourceIx> {
        std::iter::successors(self.source_at(ix).parent, |p| self.source_at(*p).parent)
    }

    /// The root source above a source, or the topmost one where an extension's parent is missing.
    pub fn topmost(&self, ix: SourceIx) -> SourceIx {
        self.ancestors(ix).last().unwrap_or(ix)
    }

    /// The method of this name in the element itself.
    pub fn method(&self, name: &str) -> Option<&Method> {
        find_method(&self.methods, name)
    }
}

impl Source {
    /// The ranges that an extension adds.
    fn added_ranges(&self) -> impl Iterator<Item = &Range> {
        self.ranges.iter().filter(|range| range.place.file != self.place.file)
    }

    /// The field of the target that `name` stands for.
    pub fn target_field<'a>(&'a self, name: &'a Spelled) -> &'a Spelled {
        self.aliases.iter().find(|(alias, _)| *alias == name.id).map_or(name, |(_, field)| field)
    }
}

/// The method of this name, without regard to case.
pub fn find_method<'a>(methods: &'a [Method], name: &str) -> Option<&'a Method> {
    methods.iter().find(|m| m.name.eq_ignore_ascii_case(name))
}
