//! Ranges: conditions that records must meet.

use super::cursor::{Cursor, Tag};
use super::fault::Read;
use super::{AddedRange, Named, Range};

/// Reads `Ranges` of an entity or a data source. `Status` says what a user may do with a range at run time and
/// changes nothing about the records.
pub(super) fn read_all(cursor: &mut Cursor<'_>, ranges: &mut Vec<Range>) -> Read<()> {
    cursor.children(|cursor, tag| {
        ranges.push(read(cursor, tag)?);
        Ok(())
    })
}

/// Reads `Ranges` of a query extension: each entry names the data source in `Parent` and wraps the range, as
/// the entries of its `DataSources` do.
pub(super) fn added(cursor: &mut Cursor<'_>, ranges: &mut Vec<AddedRange>) -> Read<()> {
    cursor.children(|cursor, tag| {
        let line = cursor.line(tag.at);
        let (mut parent, mut range) = (None, None);
        cursor.children(|cursor, tag| {
            match tag.name {
                "Parent" => parent = cursor.named(tag)?,
                "QueryDataSourceRange" => range = Some(read(cursor, tag)?),
                _ => {}
            }
            Ok(())
        })?;
        if let Some(range) = range {
            let parent = parent.unwrap_or(Named { line, ..Named::default() });
            ranges.push(AddedRange { parent, range });
        }
        Ok(())
    })
}

fn read(cursor: &mut Cursor<'_>, tag: Tag<'_>) -> Read<Range> {
    let mut range = Range { line: cursor.line(tag.at), enabled: true, ..Range::default() };
    cursor.children(|cursor, tag| {
        match tag.name {
            "Name" => range.name = cursor.value()?,
            "Field" => range.field = cursor.value()?,
            "Value" => range.value = cursor.value()?,
            "Enabled" => range.enabled = !cursor.value()?.eq_ignore_ascii_case("No"),
            _ => {}
        }
        Ok(())
    })?;
    Ok(range)
}
