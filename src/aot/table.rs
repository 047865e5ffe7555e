//! Tables.

use super::class::SourceCode;
use super::cursor::{Cursor, Tag};
use super::fault::Read;
use super::{Named, Table, TableType, relation};

/// Reads a table; its methods only if `all` are wanted.
pub(super) fn read(cursor: &mut Cursor<'_>, line: u32, all: bool) -> Read<Table> {
    let mut table = Table { named: Named { line, ..Named::default() }, ..Table::default() };
    let mut code = SourceCode::default();
    cursor.children(|cursor, tag| {
        match tag.name {
            "Name" => table.named.name = cursor.value()?,
            "SourceCode" if all => code.read(cursor)?,
            "Fields" => fields(cursor, &mut table.fields)?,
            "Relations" => relation::read_all(cursor, &mut table.relations)?,
            "Extends" => table.extends = cursor.named(tag)?,
            "TableType" => table.table_type = table_type(&cursor.value()?),
            _ => {}
        }
        Ok(())
    })?;
    table.methods = code.methods();
    Ok(table)
}

fn table_type(value: &str) -> TableType {
    if value.eq_ignore_ascii_case("InMemory") {
        TableType::InMemory
    } else if value.eq_ignore_ascii_case("TempDB") {
        TableType::TempDb
    } else {
        TableType::Regular
    }
}

/// Reads `Fields` of a table or table extension. A field without a name cannot be referred to and is left out.
pub(super) fn fields(cursor: &mut Cursor<'_>, fields: &mut Vec<Named>) -> Read<()> {
    cursor.children(|cursor, tag| {
        fields.extend(field(cursor, tag)?);
        Ok(())
    })
}

fn field(cursor: &mut Cursor<'_>, tag: Tag<'_>) -> Read<Option<Named>> {
    let line = cursor.line(tag.at);
    let mut name = None;
    cursor.children(|cursor, tag| {
        if tag.name == "Name" {
            name = cursor.some_value()?;
        }
        Ok(())
    })?;
    Ok(name.map(|name| Named { name, line }))
}
