//! A picture in the language of Mermaid, as GitHub and Azure DevOps draw it in Markdown.
//!
//! Azure DevOps knows `graph` but not `flowchart`, and neither long arrows nor icons, so none are used.

use super::look::{self, Line, Stroke, Tone};
use super::{Node, Picture};
use crate::catalog::ElementKind;
use crate::text::Shown;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

/// Mermaid refuses more edges unless it is configured otherwise.
const EDGES: usize = 500;
/// Mermaid refuses longer texts unless it is configured otherwise.
const CHARS: usize = 50_000;

/// Writes the picture.
pub fn write(picture: &Picture, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(text(picture).as_bytes())
}

/// Why Mermaid, as it is configured on GitHub, will not draw a picture; `None` when it will.
pub fn refusal(picture: &Picture) -> Option<String> {
    let lines = look::lines(picture);
    let keys = look::legend(&lines, !picture.stubs.is_empty());
    let edges = lines.len() + picture.stub_edges.len() + keys.len();
    let chars = text(picture).chars().count();
    (edges > EDGES || chars > CHARS).then(|| {
        format!(
            "Mermaid usually draws {EDGES} edges and {CHARS} characters at most; these are {edges} and {chars}"
        )
    })
}

/// The picture as text.
pub fn text(picture: &Picture) -> String {
    let lines = look::lines(picture);
    let mut text = String::from("graph LR\n");
    if let Some(note) = picture.shortage() {
        let _ = writeln!(text, "  note[\"{}\"]:::stub", escaped(&note));
    }
    clusters(&mut text, picture);
    for (position, stub) in picture.stubs.iter().enumerate() {
        let label = format!("{} more in {}", stub.count(), stub.group.name());
        let note = escaped(&look::stub_note(stub));
        let _ = writeln!(text, "  s{position}[[\"{}<br/>{note}\"]]:::stub", escaped(&label));
    }
    for line in &lines {
        let (from, to, arrow) =
            (line.from, line.to, arrow(line.look.tone, line.look.stroke, line.look.derived));
        let _ = writeln!(text, "  n{from} {arrow}{} n{to}", label(line));
    }
    for edge in &picture.stub_edges {
        let (node, stub) = (format!("n{}", edge.node), format!("s{}", edge.stub));
        let (from, to) = if edge.up { (stub, node) } else { (node, stub) };
        let _ = writeln!(text, "  {from} -->|\"{}\"| {to}", edge.count);
    }
    let mut styles = line_styles(&lines, picture.stub_edges.len());
    legend(&mut text, picture, &lines, &mut styles);
    write_styles(&mut text, &styles);
    text
}

fn clusters(text: &mut String, picture: &Picture) {
    let words = look::node_notes(picture);
    for (position, model) in look::models(picture).iter().enumerate() {
        if let Some(name) = model {
            let _ = writeln!(text, "  subgraph m{position}[\"{}\"]", escaped(&look::name(name)));
        }
        for (id, node) in picture.nodes.iter().enumerate().filter(|(_, n)| n.model == *model) {
            let indent = if model.is_some() { "    " } else { "  " };
            let _ = writeln!(text, "{indent}{}", node_text(node, id, &words[id]));
        }
        if model.is_some() {
            text.push_str("  end\n");
        }
    }
}

fn node_text(node: &Node, id: usize, words: &str) -> String {
    let label = format!("{}<br/>{}", escaped(&look::name(&node.name)), escaped(words));
    let (open, close, class) = match node.kind {
        Some(ElementKind::Entity) => ("([", "])", "entity"),
        Some(ElementKind::View) => ("{{", "}}", "view"),
        Some(ElementKind::Table) => ("[(", ")]", "table"),
        Some(ElementKind::Map) => ("[/", "/]", "table"),
        None => ("[", "]", "ghost"),
    };
    let class = match (node.start, node.partial) {
        (true, _) => format!("{class}Start"),
        (false, true) => "ghost".to_owned(),
        (false, false) => class.to_owned(),
    };
    format!("n{id}{open}\"{label}\"{close}:::{class}")
}

fn label(line: &Line) -> String {
    let notes = line.look.notes.iter().map(|n| escaped(n));
    let names = line.shown_names();
    let rows: Vec<String> = names.iter().map(|n| escaped(n)).chain(notes).collect();
    if rows.is_empty() { String::new() } else { format!("|\"{}\"|", rows.join("<br/>")) }
}

fn arrow(tone: Tone, stroke: Stroke, derived: bool) -> &'static str {
    match (tone, stroke) {
        (Tone::Untracked, Stroke::Solid) => "--x",
        (Tone::Untracked | Tone::Missing, _) => "-.-x",
        (Tone::Entry | Tone::Removable, _) => "==>",
        (_, Stroke::Solid) if derived => "--o",
        (_, Stroke::Solid) => "-->",
        _ if derived => "-.-o",
        _ => "-.->",
    }
}

/// What `linkStyle` is given; colours that can be read on a light and on a dark page.
fn style(tone: Tone, stroke: Stroke) -> String {
    let (colour, width) = match tone {
        Tone::Tracked => ("#1a9c6e", "1.5px"),
        Tone::Untracked => ("#e5534b", "1.5px"),
        Tone::Missing => ("#e5534b", "3px"),
        Tone::Open => ("#c08a00", "1.5px"),
        Tone::Plain | Tone::Stub => ("#8b949e", "1px"),
        Tone::Entry | Tone::Removable => ("#3b82f6", "3px"),
    };
    let dashes = match stroke {
        Stroke::Solid => "",
        Stroke::Dashed => ",stroke-dasharray:6 4",
        Stroke::Dotted => ",stroke-dasharray:2 3",
    };
    format!("stroke:{colour},stroke-width:{width}{dashes}")
}

/// Numbers of edges by style.
type Styles = BTreeMap<String, Vec<usize>>;

fn line_styles(lines: &[Line], stub_edges: usize) -> Styles {
    let mut styles = Styles::new();
    for (number, line) in lines.iter().enumerate() {
        styles.entry(style(line.look.tone, line.look.stroke)).or_default().push(number);
    }
    let stubs = lines.len()..lines.len() + stub_edges;
    if !stubs.is_empty() {
        styles.entry(style(Tone::Stub, Stroke::Solid)).or_default().extend(stubs);
    }
    styles
}

fn legend(text: &mut String, picture: &Picture, lines: &[Line], styles: &mut Styles) {
    let keys = look::legend(lines, !picture.stubs.is_empty());
    if keys.is_empty() {
        return;
    }
    text.push_str("  subgraph legend[\"Legend: an arrow points from the user to what it uses\"]\n");
    let first = lines.len() + picture.stub_edges.len();
    for (n, key) in keys.iter().enumerate() {
        let arrow = arrow(key.tone, key.stroke, key.derived);
        let _ = writeln!(text, "    k{n}[\" \"]:::key {arrow} l{n}[\"{}\"]:::key", escaped(key.text));
        styles.entry(style(key.tone, key.stroke)).or_default().push(first + n);
    }
    text.push_str("  end\n");
}

fn write_styles(text: &mut String, styles: &Styles) {
    for (style, numbers) in styles {
        let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
        let _ = writeln!(text, "  linkStyle {} {style}", numbers.join(","));
    }
    let classes = [
        ("entity", "fill:#ddf4ff,stroke:#0550ae,color:#1f2328"),
        ("view", "fill:#fbefff,stroke:#6639ba,color:#1f2328"),
        ("table", "fill:#ffffff,stroke:#57606a,color:#1f2328"),
        ("ghost", "fill:#ffffff,stroke:#57606a,color:#57606a,stroke-dasharray:4 3"),
        ("stub", "fill:#f6f8fa,stroke:#8b949e,color:#57606a,stroke-dasharray:4 3"),
        ("key", "fill:none,stroke:none"),
    ];
    for (class, style) in classes {
        let _ = writeln!(text, "  classDef {class} {style}");
    }
    for (class, style) in &classes[..3] {
        let _ = writeln!(text, "  classDef {class}Start {style},stroke-width:3px");
    }
}

/// Text of any kind inside quotes: what is no letter, digit, space or harmless sign is written as an entity
/// code, `#` and the decimal number of the character.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in Shown(text).to_string().chars() {
        if c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | ',' | ':' | '/' | '…') {
            escaped.push(c);
        } else {
            let _ = write!(escaped, "#{};", u32::from(c));
        }
    }
    escaped
}
