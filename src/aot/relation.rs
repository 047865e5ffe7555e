//! Relations of tables, views and entities.

use super::cursor::{Cursor, Tag};
use super::fault::Read;
use super::{FieldPair, Named, Relation};

/// Reads `Relations` of an element or extension.
pub(super) fn read_all(cursor: &mut Cursor<'_>, relations: &mut Vec<Relation>) -> Read<()> {
    cursor.children(|cursor, tag| {
        relations.push(read(cursor, tag)?);
        Ok(())
    })
}

fn read(cursor: &mut Cursor<'_>, tag: Tag<'_>) -> Read<Relation> {
    let line = cursor.line(tag.at);
    let mut relation = Relation { named: Named { line, ..Named::default() }, ..Relation::default() };
    cursor.children(|cursor, tag| {
        match tag.name {
            "Name" => relation.named.name = cursor.value()?,
            "RelatedTable" | "RelatedDataEntity" | "RelatedView" => relation.related = cursor.value()?,
            "Constraints" => constraints(cursor, &mut relation.pairs)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(relation)
}

/// Only constraints between two fields join records; fixed values do not (SPEC 7).
fn constraints(cursor: &mut Cursor<'_>, pairs: &mut Vec<FieldPair>) -> Read<()> {
    cursor.children(|cursor, tag| {
        if !tag.kind.ends_with("ConstraintField") {
            return Ok(());
        }
        let mut pair = FieldPair::default();
        cursor.children(|cursor, tag| {
            match tag.name {
                "Field" => pair.field = cursor.value()?,
                "RelatedField" => pair.related = cursor.value()?,
                _ => {}
            }
            Ok(())
        })?;
        pairs.push(pair);
        Ok(())
    })
}
