//! Data sources: from nested elements to a list in tree order.

use super::cursor::{Cursor, Tag};
use super::fault::Read;
use super::{DataSource, FieldAlias, Join, JoinCondition, Named, SourceKind, range};
use crate::problem::{Code, LocalProblem};
use crate::text::Symbol;

/// Reads `DataSources` of a view, entity or query; adds to the list.
pub(super) fn roots(cursor: &mut Cursor<'_>, list: &mut Vec<DataSource>) -> Read<()> {
    let mut nodes = Vec::new();
    read_nodes(cursor, SourceKind::Root, &mut nodes)?;
    flatten(nodes, None, list);
    Ok(())
}

/// Reads one embedded data source of an extension and all beneath it.
pub(super) fn embedded(cursor: &mut Cursor<'_>, tag: Tag<'_>) -> Read<Vec<DataSource>> {
    let node = read_node(cursor, tag, SourceKind::Embedded)?;
    let mut list = Vec::new();
    flatten(vec![node], None, &mut list);
    Ok(list)
}

/// A data source and what hangs below it. Recursion is bounded: the cursor refuses deeper nesting.
struct Node {
    source: DataSource,
    embedded: Vec<Node>,
    derived: Vec<Node>,
}

/// Tree order: a source, the sources joined to it, then those derived from it.
fn flatten(nodes: Vec<Node>, parent: Option<u32>, list: &mut Vec<DataSource>) {
    for node in nodes {
        let index = u32::try_from(list.len()).unwrap_or(u32::MAX);
        list.push(DataSource { parent, ..node.source });
        flatten(node.embedded, Some(index), list);
        flatten(node.derived, Some(index), list);
    }
}

fn read_nodes(cursor: &mut Cursor<'_>, kind: SourceKind, nodes: &mut Vec<Node>) -> Read<()> {
    cursor.children(|cursor, tag| {
        if tag.name.ends_with("DataSource") {
            nodes.push(read_node(cursor, tag, kind)?);
        }
        Ok(())
    })
}

fn read_node(cursor: &mut Cursor<'_>, tag: Tag<'_>, kind: SourceKind) -> Read<Node> {
    let line = cursor.line(tag.at);
    let mut node = Node { source: empty(kind, line), embedded: Vec::new(), derived: Vec::new() };
    let mut mode = None;
    cursor.children(|cursor, tag| {
        let source = &mut node.source;
        match tag.name {
            "Name" => source.named.name = cursor.value()?,
            "Table" => source.target = cursor.value()?,
            "IsReadOnly" => source.read_only = cursor.yes()?,
            "JoinMode" => mode = cursor.some_value()?.map(|mode| (mode, tag.at)),
            "DataSources" => read_nodes(cursor, SourceKind::Embedded, &mut node.embedded)?,
            "DerivedDataSources" => read_nodes(cursor, SourceKind::Derived, &mut node.derived)?,
            "Fields" => aliases(cursor, &mut source.aliases)?,
            "Relations" => conditions(cursor, &mut source.conditions)?,
            "Ranges" => range::read_all(cursor, &mut source.ranges)?,
            "GroupBy" => cursor.children(|_, _| {
                source.grouped = true;
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    let source = &mut node.source;
    if source.named.name.is_empty() {
        source.named.name = source.target.clone();
    }
    if let (SourceKind::Embedded, Some((mode, at))) = (kind, mode) {
        source.join = Some(join(cursor, &source.named.name, &mode, at));
    }
    Ok(node)
}

fn empty(kind: SourceKind, line: u32) -> DataSource {
    DataSource {
        named: Named { line, ..Named::default() },
        target: Symbol::default(),
        parent: None,
        kind,
        join: None,
        read_only: false,
        aliases: Vec::new(),
        conditions: Vec::new(),
        ranges: Vec::new(),
        grouped: false,
    }
}

/// The join mode; an unknown one is read as an inner join and reported (SPEC 3).
fn join(cursor: &mut Cursor<'_>, source: &str, mode: &str, at: usize) -> Join {
    match mode.to_ascii_lowercase().as_str() {
        "innerjoin" => Join::Inner,
        "outerjoin" => Join::Outer,
        "existsjoin" => Join::Exists,
        "noexistsjoin" => Join::NotExists,
        _ => {
            let problem = LocalProblem::new(Code::UnknownJoinMode, cursor.position(at));
            cursor.problems.push(problem.with("source", source).with("mode", mode));
            Join::Inner
        }
    }
}

/// Reads `Fields` of a data source. An omitted `Name` or `Field` is the same as the other one.
fn aliases(cursor: &mut Cursor<'_>, aliases: &mut Vec<FieldAlias>) -> Read<()> {
    cursor.children(|cursor, _| {
        let (mut name, mut field) = (None, None);
        cursor.children(|cursor, tag| {
            match tag.name {
                "Name" => name = cursor.some_value()?,
                "Field" => field = cursor.some_value()?,
                _ => {}
            }
            Ok(())
        })?;
        if let Some(any) = name.clone().or_else(|| field.clone()) {
            let (name, field) = (name.unwrap_or_else(|| any.clone()), field.unwrap_or(any));
            aliases.push(FieldAlias { name, field });
        }
        Ok(())
    })
}

/// Reads `Relations` of a data source: each names a relation, or a pair of fields. Anything else joins nothing.
fn conditions(cursor: &mut Cursor<'_>, conditions: &mut Vec<JoinCondition>) -> Read<()> {
    cursor.children(|cursor, _| {
        let (mut relation, mut join_source, mut field, mut related) = (None, None, None, None);
        cursor.children(|cursor, tag| {
            match tag.name {
                "JoinRelationName" => relation = cursor.some_value()?,
                "JoinDataSource" => join_source = cursor.some_value()?,
                "Field" => field = cursor.some_value()?,
                "RelatedField" => related = cursor.some_value()?,
                _ => {}
            }
            Ok(())
        })?;
        match (relation, field, related) {
            (Some(name), ..) => conditions.push(JoinCondition::Relation { join_source, name }),
            (None, Some(field), Some(related)) => {
                conditions.push(JoinCondition::Fields { join_source, field, related });
            }
            _ => {}
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use crate::aot::{DataSource, FileFacts};
    use crate::aot::{Definition, FieldAlias, Join, JoinCondition, Methods, Range, SourceKind, read_file};
    use crate::problem::{Code, LocalProblem};
    use crate::source::Position;
    use SourceKind::{Derived, Embedded, Root};

    fn read(sources: &str) -> (Vec<DataSource>, Vec<LocalProblem>) {
        let text = format!(
            "<AxQuery i:type='AxQuerySimple'><Name>Q</Name><DataSources>{sources}</DataSources></AxQuery>"
        );
        let FileFacts { definition, problems, .. } = read_file(&text, "", Methods::None);
        let Some(Definition::Query(query)) = definition else { panic!("a query") };
        (query.sources, problems)
    }

    #[test]
    fn the_list_is_in_tree_order_whatever_the_order_in_the_file() {
        let (sources, problems) = read(
            "<AxQuerySimpleRootDataSource><Name>R</Name>
<DerivedDataSources><AxQuerySimpleDerivedDataSource><Name>D</Name><JoinMode>OuterJoin</JoinMode>
<DataSources><AxQuerySimpleEmbeddedDataSource><Name>DE</Name></AxQuerySimpleEmbeddedDataSource></DataSources></AxQuerySimpleDerivedDataSource></DerivedDataSources>
<DataSources>
<AxQuerySimpleEmbeddedDataSource><Name>E1</Name><JoinMode>outerjoin</JoinMode><IsReadOnly>Yes</IsReadOnly>
<DataSources><AxQuerySimpleEmbeddedDataSource><Table>E2</Table><JoinMode>NoExistsJoin</JoinMode></AxQuerySimpleEmbeddedDataSource></DataSources>
</AxQuerySimpleEmbeddedDataSource>
<AxQuerySimpleEmbeddedDataSource><Name>E3</Name><JoinMode>ExistsJoin</JoinMode></AxQuerySimpleEmbeddedDataSource>
</DataSources><GroupBy><AxQuerySimpleGroupByField/></GroupBy></AxQuerySimpleRootDataSource>
<AxQuerySimpleRootDataSource><Name>R2</Name><JoinMode>OuterJoin</JoinMode><GroupBy /></AxQuerySimpleRootDataSource>",
        );
        let shape: Vec<_> =
            sources.iter().map(|s| (&*s.named.name, s.named.line, s.parent, s.kind, s.join)).collect();
        let expected = [
            ("R", 1, None, Root, None),
            ("E1", 5, Some(0), Embedded, Some(Join::Outer)),
            ("E2", 6, Some(1), Embedded, Some(Join::NotExists)),
            ("E3", 8, Some(0), Embedded, Some(Join::Exists)),
            ("D", 2, Some(0), Derived, None),
            ("DE", 3, Some(4), Embedded, None),
            ("R2", 10, None, Root, None),
        ];
        assert_eq!(shape, expected);
        assert_eq!(problems, vec![]);
        assert!(sources[1].read_only && !sources[0].read_only);
        assert!(sources[0].grouped && !sources[6].grouped);
    }

    #[test]
    fn an_unknown_join_mode_is_an_inner_join_and_a_finding() {
        let (sources, problems) = read(
            "<AxQuerySimpleRootDataSource><DataSources>
<AxQuerySimpleEmbeddedDataSource>
 <JoinMode>SideJoin</JoinMode><Name>S</Name></AxQuerySimpleEmbeddedDataSource></DataSources></AxQuerySimpleRootDataSource>",
        );
        assert_eq!(sources[1].join, Some(Join::Inner));
        let expected = LocalProblem::new(Code::UnknownJoinMode, Position { line: 3, column: 2 });
        let expected = expected.with("source", "S").with("mode", "SideJoin").with("element", "Q");
        assert_eq!(problems, [expected]);
    }

    #[test]
    fn aliases_and_conditions() {
        let (mut sources, _) = read(
            "<AxQuerySimpleRootDataSource><Name>R</Name>
<Fields><AxQuerySimpleDataSourceField><Name>A</Name><Field>B</Field></AxQuerySimpleDataSourceField>
<AxQuerySimpleDataSourceField i:type='AxQuerySimpleDataSourceFieldMax'><Field>C</Field></AxQuerySimpleDataSourceField><X/></Fields>
<Relations>
<AxQuerySimpleDataSourceRelation><Name>1</Name><JoinRelationName>Owner</JoinRelationName></AxQuerySimpleDataSourceRelation>
<AxQuerySimpleDataSourceRelation><Name>2</Name><Field>F</Field><JoinDataSource>J</JoinDataSource><RelatedField>G</RelatedField></AxQuerySimpleDataSourceRelation>
<AxQuerySimpleDataSourceRelation><Name>3</Name></AxQuerySimpleDataSourceRelation>
</Relations>
<Ranges><AxQuerySimpleDataSourceRange><Name>Only</Name><Field>Kind</Field><Value>1</Value><Status>Locked</Status>
</AxQuerySimpleDataSourceRange></Ranges></AxQuerySimpleRootDataSource>",
        );
        let root = sources.remove(0);
        let alias = |name: &str, field: &str| FieldAlias { name: name.into(), field: field.into() };
        assert_eq!(root.aliases, [alias("A", "B"), alias("C", "C")]);
        let named = JoinCondition::Relation { join_source: None, name: "Owner".into() };
        let pair =
            JoinCondition::Fields { join_source: Some("J".into()), field: "F".into(), related: "G".into() };
        assert_eq!(root.conditions, [named, pair]);
        let only =
            Range { name: "Only".into(), field: "Kind".into(), value: "1".into(), enabled: true, line: 9 };
        assert_eq!(root.ranges, [only]);
    }
}
