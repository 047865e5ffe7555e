//! A new element at the end of a list, which is created where it is missing.

use super::Splice;
use super::layout::{Layout, deeper, is_space};
use super::outline::{NodeId, Outline};

/// What stands behind `Fields` in the order that the AOT writes, in any kind of element that has fields.
const BEHIND_FIELDS: [&str; 8] = [
    "Indexes",
    "Keys",
    "Mappings",
    "PropertyModifications",
    "Ranges",
    "Relations",
    "StateMachines",
    "ViewMetadata",
];

/// The list at the end of a path of child elements below the root.
pub(super) fn find_list(outline: &Outline<'_>, path: &[&str]) -> Option<NodeId> {
    path.iter().try_fold(NodeId::ROOT, |parent, name| outline.child(parent, name))
}

/// Puts what `render` writes at the end of the list, and makes the list if need be.
pub(super) fn append(
    outline: &Outline<'_>,
    path: &[&'static str],
    render: &dyn Fn(&Layout) -> String,
) -> Splice {
    let mut parent = NodeId::ROOT;
    for (depth, name) in path.iter().enumerate() {
        match outline.child(parent, name) {
            Some(node) => parent = node,
            None => return create(outline, parent, &path[depth..], render),
        }
    }
    let layout = Layout::like_last(outline, parent)
        .unwrap_or_else(|| Layout::below(&outline.gap_of(parent), &outline.unit()));
    put_last(outline, parent, &format!("{}{}", layout.before, render(&layout)))
}

/// Makes the elements `names`, each inside the one before, in their place below `parent`.
fn create(
    outline: &Outline<'_>,
    parent: NodeId,
    names: &[&'static str],
    render: &dyn Fn(&Layout) -> String,
) -> Splice {
    let unit = outline.unit();
    let next = outline.children(parent).find(|child| is_behind(names[0], outline.node(*child).local()));
    if let Some(next) = next {
        let at = outline.node(next).start;
        let gap = outline.gap(at);
        return Splice { at: at..at, with: format!("{}{gap}", nested(names, gap, &unit, render)) };
    }
    let gap = match outline.children(parent).last() {
        Some(last) => outline.gap(outline.node(last).start).to_owned(),
        None => deeper(&outline.gap_of(parent), &unit),
    };
    put_last(outline, parent, &format!("{gap}{}", nested(names, &gap, &unit, render)))
}

/// The new element `name` goes before its sibling `other`.
fn is_behind(name: &str, other: &str) -> bool {
    match name {
        "Fields" => BEHIND_FIELDS.contains(&other),
        "SourceCode" => other != "Name",
        _ => false,
    }
}

/// `<A><B>…</B></A>` where the outermost element stands behind `gap`.
fn nested(names: &[&str], gap: &str, unit: &str, render: &dyn Fn(&Layout) -> String) -> String {
    let mut gaps = vec![gap.to_owned()];
    for _ in 1..names.len() {
        gaps.push(deeper(gaps.last().map_or("", String::as_str), unit));
    }
    let inner = gaps.last().map_or("", String::as_str);
    let layout = Layout::below(inner, unit);
    let mut text = format!("{}{}", layout.before, render(&layout));
    for (depth, name) in names.iter().enumerate().rev() {
        let before = if depth == 0 { "" } else { gaps[depth].as_str() };
        let close = if gaps[depth].contains('\n') { gaps[depth].as_str() } else { "" };
        text = format!("{before}<{name}>{text}{close}</{name}>");
    }
    text
}

/// Puts text, which brings the white space before it, behind the last thing in an element.
fn put_last(outline: &Outline<'_>, parent: NodeId, text: &str) -> Splice {
    let node = outline.node(parent);
    let close = Some(outline.gap_of(parent)).filter(|gap| gap.contains('\n')).unwrap_or_default();
    if node.is_empty_tag() {
        let tag = outline.start_tag(parent);
        let kept = tag.trim_end_matches("/>").trim_end().len();
        let with = format!(">{text}{close}</{}>", node.name);
        return Splice { at: node.start + kept..node.end, with };
    }
    let content = &outline.text[node.content()];
    let at = node.open_end + content.trim_end_matches(is_space).len();
    let has_children = outline.children(parent).next().is_some();
    let tail_has_line = outline.text[at..node.close_start].contains('\n');
    if has_children || tail_has_line || !text.starts_with(['\n', '\r']) {
        Splice { at: at..at, with: text.to_owned() }
    } else {
        Splice { at: at..node.close_start, with: format!("{text}{close}") }
    }
}
