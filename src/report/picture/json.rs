//! A picture as data: everything that it shows, and the numbers of what it does not.

use super::{Edge, Located, Node, Picture, Stub, StubGroup, Tie};
use crate::catalog::ElementKind;
use crate::report::json::{extend, write_list};
use crate::tracking::{Match, Reason};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Name and version of the format.
pub const SCHEMA: &str = "dualtrack/graph/1";

/// Writes the picture, one node or edge a line. Nodes are referred to by their position.
pub fn write(picture: &Picture, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\n\"schema\": {},\n", json!(SCHEMA))?;
    let (total, hidden) = (picture.total, picture.hidden());
    write!(out, "\"total\": {total},\n\"hidden\": {hidden},\n\"untracked\": {},\n", picture.untracked)?;
    let nodes: Vec<Value> = picture.nodes.iter().zip(0..).map(|(n, id)| node(n, id)).collect();
    write_list("nodes", &nodes, |part| part.iter(), out)?;
    out.write_all(b",\n")?;
    write_list("edges", &picture.edges, |part| part.iter().map(edge), out)?;
    out.write_all(b",\n")?;
    let stubs: Vec<Value> = picture.stubs.iter().zip(0..).map(|(s, id)| stub(s, id)).collect();
    write_list("stubs", &stubs, |part| part.iter(), out)?;
    out.write_all(b",\n")?;
    let stub_edge = |e: &super::StubEdge| {
        let way = if e.up { "uses" } else { "used" };
        json!({ "node": e.node, "stub": e.stub, "stub_is": way, "count": e.count })
    };
    write_list("stub_edges", &picture.stub_edges, |part| part.iter().map(stub_edge), out)?;
    out.write_all(b"\n}\n")
}

fn node(node: &Node, id: usize) -> Value {
    let kind = match node.kind {
        Some(ElementKind::Table) => "table",
        Some(ElementKind::View) => "view",
        Some(ElementKind::Entity) => "entity",
        Some(ElementKind::Map) => "map",
        None => "unresolved",
    };
    json!({
        "id": id,
        "name": &*node.name,
        "kind": kind,
        "model": node.model.as_deref(),
        "partial": node.partial,
        "start": node.start,
        "distance": node.distance,
        "in_scope": node.judged.is_some(),
        "counted_fields": node.judged.map(|j| j.counted),
        "untracked_fields": node.judged.map(|j| j.untracked),
        "file": node.place.as_ref().map(|p| &*p.file),
        "line": node.place.as_ref().map(|p| p.line),
    })
}

fn edge(edge: &Edge) -> Value {
    let mut value = json!({ "from": edge.from, "to": edge.to });
    extend(&mut value, tie(&edge.tie));
    value
}

fn tie(tie: &Tie) -> Value {
    match tie {
        Tie::Source(source) => json!({
            "type": "data_source",
            "name": &*source.name,
            "kind": source.kind,
            "join": source.join,
            "read_only": source.read_only,
            "cyclic": source.cyclic,
            "added_by": source.added_by.as_deref(),
            "status": source.verdict.map(|(status, _)| status.id()),
            "reason": source.verdict.and_then(|(_, reason)| reason).map(Reason::id),
            "file": file(&source.place),
            "line": source.place.line,
        }),
        Tie::Entry(entry) => json!({
            "type": "mapping_entry",
            "label": entry.label.as_deref(),
            "field": entry.field.as_deref(),
            "verdict": entry.verdict.id(),
            "match": entry.matched.map(Match::id),
            "in_scope": entry.in_scope,
            "removable": entry.removable,
            "conditional": entry.conditional,
            "file": file(&entry.place),
            "line": entry.place.line,
        }),
        Tie::Missing(missing) => json!({
            "type": "missing_entry",
            "path": missing.path.iter().map(|p| &**p).collect::<Vec<_>>(),
            "fields": missing.fields.iter().map(|f| &**f).collect::<Vec<_>>(),
            "reason": missing.reason.map(Reason::id),
            "remedy": missing.remedy,
        }),
    }
}

fn file(place: &Located) -> &str {
    &place.file
}

fn stub(stub: &Stub, id: usize) -> Value {
    let (model, models) = match &stub.group {
        StubGroup::Model(name) => (Some(&**name), 1),
        StubGroup::Others(count) => (None, *count),
        StubGroup::NotLoaded => (None, 0),
    };
    json!({
        "id": id,
        "model": model,
        "models": models,
        "count": stub.count(),
        "entities": stub.entities,
        "views": stub.views,
        "tables": stub.tables,
        "unresolved": stub.unresolved,
    })
}
