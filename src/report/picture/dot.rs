//! A picture in the language of Graphviz.

use super::look::{self, Key, Line, Stroke, Tone, models};
use super::{Node, Picture};
use crate::catalog::ElementKind;
use crate::text::{Shown, Symbol};
use graphviz_rust::dot_structures::{
    Attribute, Edge, EdgeTy, Graph, GraphAttributes, Id, Node as DotNode, NodeId, Port, Stmt, Subgraph,
    Vertex,
};
use graphviz_rust::printer::{DotPrinter, PrinterContext};
use std::collections::BTreeSet;
use std::io::{self, Write};

const FONT: &str = "Helvetica,Arial,sans-serif";
const INK: &str = "#1f2328";
const GREY: &str = "#57606a";
const FEW_MODELS: usize = 4;

/// Writes the picture.
pub fn write(picture: &Picture, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(text(picture).as_bytes())
}

/// The picture as text.
pub fn text(picture: &Picture) -> String {
    let lines = look::lines(picture);
    let ids = ids(picture);
    let mut stmts = vec![
        Stmt::GAttribute(GraphAttributes::Graph(graph_attributes(picture))),
        Stmt::GAttribute(GraphAttributes::Node(vec![
            plain("fontname", &quoted(FONT)),
            plain("fontsize", "11"),
            plain("fontcolor", &quoted(INK)),
        ])),
        Stmt::GAttribute(GraphAttributes::Edge(vec![
            plain("fontname", &quoted(FONT)),
            plain("fontsize", "9"),
            plain("arrowsize", "0.8"),
        ])),
    ];
    stmts.extend(clusters(picture, &ids));
    stmts.extend(picture.stubs.iter().zip(0..).map(|(stub, id)| stub_node(stub, id)));
    stmts.extend(lines.iter().map(|line| edge(line, &ids)));
    stmts.extend(picture.stub_edges.iter().map(|e| stub_edge(*e, &ids)));
    let keys = look::legend(&lines, !picture.stubs.is_empty());
    if !keys.is_empty() {
        stmts.push(legend(&keys));
    }
    let graph = Graph::DiGraph { id: Id::Plain("dualtrack".to_owned()), strict: false, stmts };
    graph.print(&mut PrinterContext::default()) + "\n"
}

fn graph_attributes(picture: &Picture) -> Vec<Attribute> {
    let mut attributes = vec![
        plain("rankdir", "LR"),
        plain("ranksep", "0.7"),
        plain("nodesep", if picture.focused { "0.22" } else { "0.14" }),
        plain("bgcolor", "white"),
        plain("fontname", &quoted(FONT)),
        plain("fontsize", "12"),
        plain("fontcolor", &quoted(INK)),
    ];
    if picture.focused && models(picture).len() <= FEW_MODELS {
        // Distance decides, not the cluster: shorter lines, as long as the clusters are few.
        attributes.push(plain("newrank", "true"));
    }
    if let Some(note) = picture.shortage() {
        attributes.push(plain("label", &escaped(&note)));
        attributes.extend([plain("labelloc", "t"), plain("labeljust", "l")]);
    }
    attributes
}

/// Names are the ids of nodes, because viewers show them; names that might not survive that get a number.
fn ids(picture: &Picture) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let nodes = picture.nodes.iter().zip(0_usize..);
    nodes
        .map(|(node, position)| {
            let safe = node.name.len() <= 80
                && node.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                && taken.insert(node.name.to_ascii_lowercase());
            if safe { quoted(&node.name) } else { quoted(&format!("#{position}")) }
        })
        .collect()
}

/// One cluster per model, in the order in which the models were reached; what no model defines stands free.
fn clusters(picture: &Picture, ids: &[String]) -> Vec<Stmt> {
    let words = look::node_notes(picture);
    let members = |model: &Option<Symbol>| -> Vec<Stmt> {
        let nodes = picture.nodes.iter().zip(ids).zip(&words).filter(|((n, _), _)| n.model == *model);
        nodes.map(|((node, id), words)| node_stmt(node, id, words)).collect()
    };
    let mut stmts = Vec::new();
    for (position, model) in models(picture).iter().enumerate() {
        match model {
            Some(name) => {
                let mut inner = cluster_attributes(&escaped(&look::name(name)));
                inner.extend(members(model));
                stmts.push(cluster(&format!("cluster_{position}"), inner));
            }
            None => stmts.extend(members(model)),
        }
    }
    stmts
}

fn cluster(id: &str, stmts: Vec<Stmt>) -> Stmt {
    Stmt::Subgraph(Subgraph { id: Id::Plain(id.to_owned()), stmts })
}

fn cluster_attributes(label: &str) -> Vec<Stmt> {
    let attributes = [
        ("label", label.to_owned()),
        ("labeljust", "l".to_owned()),
        ("style", quoted("rounded,filled")),
        ("color", quoted("#d0d7de")),
        ("fillcolor", quoted("#f6f8fa")),
        ("fontcolor", quoted(GREY)),
        ("margin", "12".to_owned()),
    ];
    attributes.into_iter().map(|(key, value)| Stmt::Attribute(plain(key, &value))).collect()
}

fn node_stmt(node: &Node, id: &str, words: &str) -> Stmt {
    let (shape, style, fill, border) = match node.kind {
        Some(ElementKind::Entity) => ("box", "rounded,filled", "#ddf4ff", "#0550ae"),
        Some(ElementKind::View) => ("hexagon", "filled", "#fbefff", "#6639ba"),
        Some(ElementKind::Table) => ("cylinder", "filled", "#ffffff", INK),
        Some(ElementKind::Map) => ("note", "filled", "#ffffff", INK),
        None => ("box", "dashed,filled", "#ffffff", GREY),
    };
    // The lid of a cylinder needs room.
    let margin = if shape == "cylinder" { "0.12,0.1" } else { "0.12,0.06" };
    let style = if node.partial { format!("{style},dashed") } else { style.to_owned() };
    let mut attributes = vec![
        plain("label", &node_label(node, words)),
        plain("shape", shape),
        plain("style", &quoted(&style)),
        plain("fillcolor", &quoted(fill)),
        plain("color", &quoted(border)),
        plain("margin", &quoted(margin)),
        plain("tooltip", &escaped(&node_tip(node, words))),
    ];
    if node.start {
        attributes.push(plain("penwidth", "2.6"));
    }
    Stmt::Node(DotNode { id: node_id(id), attributes })
}

fn node_label(node: &Node, words: &str) -> String {
    let name = html(&look::name(&node.name));
    let name = if node.start { format!("<b>{name}</b>") } else { name };
    format!("<{name}<br/><font point-size=\"9\" color=\"{GREY}\">{}</font>>", html(words))
}

fn node_tip(node: &Node, words: &str) -> String {
    let place = node.place.as_ref().map(|p| format!(" [{}]", look::located(p))).unwrap_or_default();
    format!("{}: {words}{place}", Shown(&node.name))
}

fn stub_node(stub: &super::Stub, id: usize) -> Stmt {
    let label = format!("{} more in {}", stub.count(), stub.group.name());
    let note = html(&look::stub_note(stub));
    let label = format!("<<i>{}</i><br/><font point-size=\"9\">{note}</font>>", html(&label));
    let attributes = vec![
        plain("label", &label),
        plain("shape", "folder"),
        plain("style", "dashed"),
        plain("color", &quoted(GREY)),
        plain("fontcolor", &quoted(GREY)),
        plain("tooltip", &escaped("not drawn")),
    ];
    Stmt::Node(DotNode { id: node_id(&stub_id(id)), attributes })
}

fn stub_id(id: usize) -> String {
    quoted(&format!("#stub{id}"))
}

fn edge(line: &Line, ids: &[String]) -> Stmt {
    let mut attributes = Vec::new();
    attributes.extend(edge_label(line).map(|label| plain("label", &label)));
    attributes.extend(line_attributes(line.look.tone, line.look.stroke, line.look.derived));
    attributes.push(plain("fontcolor", &quoted(ink(line.look.tone))));
    let tip = escaped(&line.tips.join("\n"));
    attributes.extend([plain("tooltip", &tip), plain("labeltooltip", &tip)]);
    pair(node_id(&ids[line.from]), node_id(&ids[line.to]), attributes)
}

fn edge_label(line: &Line) -> Option<String> {
    let names = line.shown_names().into_iter().map(|name| html(&name));
    let notes = line.look.notes.iter().map(|note| format!("<i>{}</i>", html(note)));
    let rows: Vec<String> = names.chain(notes).collect();
    (!rows.is_empty()).then(|| format!("<{}>", rows.join("<br/>")))
}

fn stub_edge(stub: super::StubEdge, ids: &[String]) -> Stmt {
    let mut attributes = vec![plain("label", &quoted(&stub.count.to_string()))];
    attributes.extend(line_attributes(Tone::Stub, Stroke::Solid, false));
    attributes.push(plain("fontcolor", &quoted(GREY)));
    let (node, stub_id) = (node_id(&ids[stub.node]), node_id(&stub_id(stub.stub)));
    if stub.up { pair(stub_id, node, attributes) } else { pair(node, stub_id, attributes) }
}

fn pair(from: NodeId, to: NodeId, attributes: Vec<Attribute>) -> Stmt {
    Stmt::Edge(Edge { ty: EdgeTy::Pair(Vertex::N(from), Vertex::N(to)), attributes })
}

/// The colours can be told apart by people who are colour-blind, and on paper by head and width.
fn ink(tone: Tone) -> &'static str {
    match tone {
        Tone::Tracked => "#00704f",
        Tone::Untracked | Tone::Missing => "#c21807",
        Tone::Open => "#8a5a00",
        Tone::Plain | Tone::Stub => GREY,
        Tone::Entry | Tone::Removable => "#0050b3",
    }
}

fn line_attributes(tone: Tone, stroke: Stroke, derived: bool) -> Vec<Attribute> {
    let head = match tone {
        Tone::Untracked if derived => "teeonormal",
        Tone::Untracked => "tee",
        Tone::Missing => "teetee",
        Tone::Open => "odot",
        Tone::Removable => "odiamond",
        Tone::Stub => "vee",
        _ if derived => "onormal",
        Tone::Tracked | Tone::Plain | Tone::Entry => "normal",
    };
    let width = match tone {
        Tone::Entry | Tone::Removable => "2.4",
        Tone::Missing => "2",
        Tone::Tracked | Tone::Untracked | Tone::Open => "1.3",
        Tone::Plain | Tone::Stub => "1",
    };
    let style = match stroke {
        Stroke::Solid => "solid",
        Stroke::Dashed => "dashed",
        Stroke::Dotted => "dotted",
    };
    vec![
        plain("color", &quoted(ink(tone))),
        plain("arrowhead", head),
        plain("penwidth", width),
        plain("style", style),
    ]
}

/// Two tables side by side, and a line from each row of the first to the second.
fn legend(keys: &[Key]) -> Stmt {
    let rows = |cell: &dyn Fn(usize, &Key) -> String| {
        let cells: Vec<String> = keys.iter().enumerate().map(|(n, key)| cell(n, key)).collect();
        format!(
            "<<table border=\"0\" cellborder=\"0\" cellspacing=\"0\" cellpadding=\"3\">{}</table>>",
            cells.concat()
        )
    };
    let texts = rows(&|n, key| format!("<tr><td align=\"right\" port=\"k{n}\">{}</td></tr>", html(key.text)));
    let ends = rows(&|n, _| format!("<tr><td port=\"k{n}\">&#160;</td></tr>"));
    let table = |id: &str, label: &str| {
        let attributes = vec![plain("label", label), plain("shape", "plaintext"), plain("fontsize", "10")];
        Stmt::Node(DotNode { id: node_id(&quoted(id)), attributes })
    };
    let mut stmts = cluster_attributes(
        "\"Legend (an arrow points from the user to what it uses; thick border: where the picture starts)\"",
    );
    stmts.extend([Stmt::Attribute(plain("fontsize", "10")), table("#key", &texts), table("#line", &ends)]);
    for (n, key) in keys.iter().enumerate() {
        let port = |id: &str, side: &str| {
            let port = Port(Some(Id::Plain(format!("k{n}"))), Some(side.to_owned()));
            NodeId(Id::Plain(quoted(id)), Some(port))
        };
        let attributes = line_attributes(key.tone, key.stroke, key.derived);
        stmts.push(pair(port("#key", "e"), port("#line", "w"), attributes));
    }
    cluster("cluster_legend", stmts)
}

fn plain(key: &str, value: &str) -> Attribute {
    Attribute(Id::Plain(key.to_owned()), Id::Plain(value.to_owned()))
}

fn node_id(id: &str) -> NodeId {
    NodeId(Id::Plain(id.to_owned()), None)
}

/// Text that needs no escaping, in quotes.
fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// Text of any kind in quotes: no quote ends it, no backslash starts an escape, no `&` starts an entity.
fn escaped(text: &str) -> String {
    let line = |line: &str| {
        let line = kept_apart(line, "").replace('\\', "\\\\").replace('"', "\\\"");
        line.replace('&', "&amp;")
    };
    let lines: Vec<String> = text.split('\n').map(line).collect();
    quoted(&lines.join("\\n"))
}

/// Text of any kind inside a label of the HTML kind.
fn html(text: &str) -> String {
    let text = kept_apart(text, "EGHLNT").replace('&', "&amp;");
    text.replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// In labels of the HTML kind Graphviz replaces `\N` and the like after it has read the entities, and in SVG it
/// leaves an `&` alone that looks like the start of an entity. A joiner without width keeps such pairs apart.
fn kept_apart(text: &str, letters: &str) -> String {
    const JOINER: char = '\u{2060}';
    let shown = Shown(text).to_string();
    let mut apart = String::with_capacity(shown.len());
    let mut before = ' ';
    for c in shown.chars() {
        let entity = before == '&' && (c == '#' || c.is_ascii_alphanumeric());
        if entity || (before == '\\' && letters.contains(c)) {
            apart.push(JOINER);
        }
        apart.push(c);
        before = c;
    }
    apart
}
