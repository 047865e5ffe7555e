//! Queries.

use super::cursor::{Cursor, Tag};
use super::fault::Read;
use super::{Named, Query, data_source};

/// Reads a query. A composite query (by `i:type`; or one that names a query and has no sources) takes its
/// sources from the query that it names.
pub(super) fn read(cursor: &mut Cursor<'_>, root: Tag<'_>, line: u32) -> Read<Query> {
    let mut query = Query { named: Named { line, ..Named::default() }, ..Query::default() };
    let mut base = None;
    cursor.children(|cursor, tag| {
        match tag.name {
            "Name" => query.named.name = cursor.value()?,
            "Query" => base = cursor.named(tag)?,
            "QueryType" => query.union = cursor.value()?.eq_ignore_ascii_case("Union"),
            "DataSources" => query.sources.extend(data_source::roots(cursor)?),
            _ => {}
        }
        Ok(())
    })?;
    if root.kind == "AxQueryComposite" || (root.kind.is_empty() && query.sources.is_empty()) {
        query.composite_of = base;
    }
    Ok(query)
}
