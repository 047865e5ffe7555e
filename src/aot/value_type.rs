//! What kind of value a field holds, from the `i:type` of its element.

use super::cursor::{Cursor, Tag};
use super::fault::Read;
use crate::text::Symbol;
use serde::{Deserialize, Serialize};

/// The kind of value of a table field or of a field without a data field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// The file does not say, or says something that this list does not have.
    #[default]
    Unknown,
    /// `AxTableFieldString`; memo fields too.
    String,
    /// `AxTableFieldInt`.
    Int,
    /// `AxTableFieldInt64`.
    Int64,
    /// `AxTableFieldReal`.
    Real,
    /// `AxTableFieldDate`.
    Date,
    /// `AxTableFieldTime`: seconds of the day.
    Time,
    /// `AxTableFieldUtcDateTime`.
    UtcDateTime,
    /// `AxTableFieldEnum`.
    Enum,
    /// `AxTableFieldGuid`.
    Guid,
    /// `AxTableFieldContainer`.
    Container,
}

impl FieldKind {
    /// The kind that `i:type` ends in, such as `AxTableFieldEnum` or `AxDataEntityViewUnmappedFieldEnum`.
    fn of(element_type: &str) -> Self {
        const KINDS: [(&str, FieldKind); 11] = [
            ("String", FieldKind::String),
            ("Memo", FieldKind::String),
            ("Int", FieldKind::Int),
            ("Int64", FieldKind::Int64),
            ("Real", FieldKind::Real),
            ("Date", FieldKind::Date),
            ("Time", FieldKind::Time),
            ("UtcDateTime", FieldKind::UtcDateTime),
            ("Enum", FieldKind::Enum),
            ("Guid", FieldKind::Guid),
            ("Container", FieldKind::Container),
        ];
        let Some((_, kind)) = element_type.rsplit_once("Field") else { return Self::Unknown };
        let kind = kind.strip_prefix("Computed").unwrap_or(kind);
        KINDS.iter().find(|(name, _)| *name == kind).map_or(Self::Unknown, |(_, kind)| *kind)
    }
}

/// The type of a field as its element says it; a field of a data source has that of what it is bound to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueType {
    /// The kind of value.
    pub kind: FieldKind,
    /// `EnumType`.
    pub enum_type: Option<Symbol>,
    /// `ExtendedDataType`.
    pub extended_type: Option<Symbol>,
}

impl ValueType {
    pub(super) fn new(element_type: &str) -> Self {
        Self { kind: FieldKind::of(element_type), ..Self::default() }
    }

    /// Reads the child when it belongs to the type.
    pub(super) fn child(&mut self, cursor: &mut Cursor<'_>, tag: Tag<'_>) -> Read<()> {
        match tag.name {
            "EnumType" => self.enum_type = cursor.some_value()?,
            "ExtendedDataType" => self.extended_type = cursor.some_value()?,
            _ => {}
        }
        Ok(())
    }
}

/// What a field says about being filled and changed. `None`: it does not say, or says Auto; a table field is
/// then not mandatory and can be edited, and an entity field follows the table's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditRules {
    /// `Mandatory`.
    pub mandatory: Option<bool>,
    /// `AllowEdit`.
    pub allow_edit: Option<bool>,
    /// `AllowEditOnCreate`.
    pub allow_edit_on_create: Option<bool>,
}

impl EditRules {
    /// Reads the child when it is one of the rules.
    pub(super) fn child(&mut self, cursor: &mut Cursor<'_>, tag: Tag<'_>) -> Read<()> {
        match tag.name {
            "Mandatory" => self.mandatory = yes_or_no(cursor)?,
            "AllowEdit" => self.allow_edit = yes_or_no(cursor)?,
            "AllowEditOnCreate" => self.allow_edit_on_create = yes_or_no(cursor)?,
            _ => {}
        }
        Ok(())
    }
}

/// `Yes`, `No`, or anything else (`Auto`). Leaves the element.
fn yes_or_no(cursor: &mut Cursor<'_>) -> Read<Option<bool>> {
    let value = cursor.value()?;
    let is = |word: &str| value.eq_ignore_ascii_case(word);
    Ok(if is("Yes") { Some(true) } else { is("No").then_some(false) })
}

#[cfg(test)]
mod tests {
    use super::FieldKind;

    #[test]
    fn the_kind_is_what_the_type_ends_in() {
        for (element_type, kind) in [
            ("AxTableFieldInt", FieldKind::Int),
            ("AxTableFieldInt64", FieldKind::Int64),
            ("AxTableFieldUtcDateTime", FieldKind::UtcDateTime),
            ("AxTableFieldMemo", FieldKind::String),
            ("AxDataEntityViewUnmappedFieldReal", FieldKind::Real),
            ("AxDataEntityViewUnmappedFieldContainer", FieldKind::Container),
            ("AxViewFieldComputedGuid", FieldKind::Guid),
            ("AxViewFieldComputedTime", FieldKind::Time),
            ("AxDataEntityViewMappedField", FieldKind::Unknown),
            ("AxTableFieldQuantum", FieldKind::Unknown),
            ("", FieldKind::Unknown),
        ] {
            assert_eq!(FieldKind::of(element_type), kind, "{element_type}");
        }
    }
}
