//! Data entities.

use super::DataEntity;
use super::cursor::Cursor;
use super::fault::Read;
use super::view::Parts;

/// Reads a data entity.
pub(super) fn read(cursor: &mut Cursor<'_>, line: u32) -> Read<DataEntity> {
    let mut parts = Parts::new(line);
    let mut entity = DataEntity::default();
    cursor.children(|cursor, tag| {
        match tag.name {
            "IsPublic" => entity.is_public = cursor.yes()?,
            "IsReadOnly" => entity.is_read_only = cursor.yes()?,
            "DataManagementEnabled" => entity.data_management_enabled = cursor.yes()?,
            "Label" => entity.label = cursor.some_value()?,
            "PublicEntityName" => entity.public_entity_name = cursor.some_value()?,
            "PublicCollectionName" => entity.public_collection_name = cursor.some_value()?,
            _ => parts.child(cursor, tag)?,
        }
        Ok(())
    })?;
    Ok(DataEntity { view: parts.view(), ..entity })
}
