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
            "Name" if query.named.name.is_empty() => query.named.name = cursor.value()?,
            "Query" => base = cursor.named(tag)?,
            "QueryType" => query.union = cursor.value()?.eq_ignore_ascii_case("Union"),
            "DataSources" => data_source::roots(cursor, &mut query.sources)?,
            _ => {}
        }
        Ok(())
    })?;
    if root.kind == "AxQueryComposite" || (root.kind.is_empty() && query.sources.is_empty()) {
        query.composite_of = base;
    }
    Ok(query)
}

#[cfg(test)]
mod tests {
    use crate::aot::file::definition;
    use crate::aot::{Definition, Named, Query};

    fn query(text: &str) -> Query {
        let Definition::Query(query) = definition(text) else { panic!("a query") };
        query
    }

    #[test]
    fn a_union_has_several_roots() {
        let source = |name: &str| {
            format!(
                "<AxQuerySimpleRootDataSource><Name>{name}</Name><Table>T</Table></AxQuerySimpleRootDataSource>"
            )
        };
        let (a, b) = (source("A"), source("B"));
        let union = query(&format!(
            "<AxQuery i:type='AxQuerySimple'><QueryType>Union</QueryType><DataSources>{a}{b}</DataSources></AxQuery>"
        ));
        assert!(union.union);
        assert_eq!(union.sources.iter().map(|s| s.parent).collect::<Vec<_>>(), [None, None]);
        assert_eq!(union.composite_of, None);
    }

    #[test]
    fn a_composite_query_names_its_base() {
        let text =
            "<AxQuery i:type=\"AxQueryComposite\"><Name>C</Name>\n<Query>Base</Query><Ranges/></AxQuery>";
        assert_eq!(query(text).composite_of, Some(Named { name: "Base".into(), line: 2 }));
        assert_eq!(query("<AxQuery><Query>Base</Query></AxQuery>").composite_of.unwrap().line, 1);
        assert_eq!(query("<AxQuery i:type='AxQuerySimple'><Query>B</Query></AxQuery>").composite_of, None);
    }
}
