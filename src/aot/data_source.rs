//! Data sources: from nested elements to a list in tree order.

use super::cursor::{Cursor, Tag};
use super::fault::Read;
use super::{DataSource, FieldAlias, Join, JoinCondition, Named, SourceKind};
use crate::problem::{Code, LocalProblem};

/// Reads `DataSources` of a view, entity or query.
pub(super) fn roots(cursor: &mut Cursor<'_>) -> Read<Vec<DataSource>> {
    let mut nodes = Vec::new();
    read_nodes(cursor, SourceKind::Root, &mut nodes)?;
    let mut list = Vec::new();
    flatten(nodes, None, &mut list);
    Ok(list)
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
        target: Box::default(),
        parent: None,
        kind,
        join: None,
        read_only: false,
        aliases: Vec::new(),
        conditions: Vec::new(),
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
