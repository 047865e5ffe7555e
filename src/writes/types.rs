//! What the name of a type means.

use super::units::Units;
use crate::catalog::{ElementId, ElementKind};
use crate::source::FileId;
use crate::text::Symbol;

/// A type.
#[derive(Clone, Debug)]
pub(super) enum Type {
    /// A table.
    Table(Symbol, ElementId),
    /// A view or an entity.
    Other(Symbol, ElementId),
    /// `Common`, a table map, `Object`: any record.
    Generic,
    /// `var`: the type of what it is given.
    Var,
    /// A list of records.
    Records,
    /// A class; its file when it is loaded.
    Class(Option<FileId>),
    /// A name that is not loaded: a table, a class, or something else.
    Named,
    /// No type is written.
    None,
}

/// Types that may hold a record of any table.
const GENERIC: [&str; 4] = ["Common", "xRecord", "Object", "anytype"];

/// Types of the language and classes of the platform that are no records.
const PLATFORM: [&str; 40] = [
    "str",
    "int",
    "int64",
    "real",
    "boolean",
    "date",
    "utcdatetime",
    "guid",
    "container",
    "void",
    "List",
    "Map",
    "Set",
    "Array",
    "Struct",
    "RecordLinkList",
    "RecordSet",
    "Query",
    "QueryRun",
    "QueryBuildDataSource",
    "Statement",
    "Connection",
    "UserConnection",
    "ResultSet",
    "DictTable",
    "SysDictTable",
    "SqlDataDictionary",
    "FormRun",
    "FormDataSource",
    "Args",
    "XppPrePostArgs",
    "SysDaInsertStatement",
    "SysDaUpdateStatement",
    "SysDaDeleteStatement",
    "SysDaInsertObject",
    "SysDaUpdateObject",
    "SysDaDeleteObject",
    "SysDaQueryObject",
    "TempTblStr",
    "FormObjectSet",
];

impl Units<'_> {
    /// What a type name means.
    pub(super) fn type_named(&self, name: &str) -> Type {
        let is = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        if name.is_empty() || is(&["void"]) {
            return Type::None;
        }
        if is(&["var"]) {
            return Type::Var;
        }
        if let Some(id) = self.catalog.find(name) {
            let element = self.catalog.element(id);
            let spelled = element.name.text.clone();
            return match element.kind {
                ElementKind::Table => Type::Table(spelled, id),
                ElementKind::Map => Type::Generic,
                ElementKind::View | ElementKind::Entity => Type::Other(spelled, id),
            };
        }
        if is(&GENERIC) {
            return Type::Generic;
        }
        if is(&["RecordInsertList", "RecordSortedList"]) {
            return Type::Records;
        }
        match self.sources.class(name) {
            Some(file) => Type::Class(Some(file)),
            None if is(&PLATFORM) || name.contains('.') => Type::Class(None),
            None => Type::Named,
        }
    }
}
