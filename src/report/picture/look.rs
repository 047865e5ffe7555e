//! What people see, for every format: words, tones, and connections drawn as one line.

use super::{Edge, EntryTie, Located, MissingTie, Node, Picture, SourceTie, Stub, Tie};
use crate::aot::{Join, SourceKind};
use crate::catalog::ElementKind;
use crate::graph::join_word;
use crate::text::count;
use crate::text::{Shown, Symbol};
use crate::tracking::{EntryVerdict, Reason, Status};
use std::collections::{BTreeMap, BTreeSet};

/// A line lists at most this many names.
const NAMES: usize = 4;
/// What an entry is called that is as it should be.
const ENTRY: &str = "mapping entry";
/// Longer names are cut.
const NAME_CHARS: usize = 60;

/// What a line says. Each tone has its colour, its arrow head and its words: never the colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tone {
    /// Changes are sent.
    Tracked,
    /// Changes are not sent.
    Untracked,
    /// It cannot be said.
    Open,
    /// Nothing is asked: the user is no entity in scope.
    Plain,
    /// A hand-made entry.
    Entry,
    /// A hand-made entry that can go.
    Removable,
    /// An entry that is missing.
    Missing,
    /// What is not drawn.
    Stub,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stroke {
    Solid,
    /// Outer joins.
    Dashed,
    /// Exists and not-exists joins.
    Dotted,
}

/// Everything that two connections share when they are drawn as one line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Look {
    pub(super) tone: Tone,
    pub(super) stroke: Stroke,
    /// A derived data source: rows of a sub-table of the same record.
    pub(super) derived: bool,
    /// The words below the names.
    pub(super) notes: Vec<String>,
}

/// Connections between the same two nodes that look the same.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) look: Look,
    /// Their names; none where only the number counts.
    pub(super) names: Vec<String>,
    /// One line each, with everything that is known.
    pub(super) tips: Vec<String>,
}

/// The connections of a picture as lines, in the order of their first connection.
pub(super) fn lines(picture: &Picture) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut known: BTreeMap<(usize, usize, Look), usize> = BTreeMap::new();
    let led_to: BTreeSet<usize> =
        picture.edges.iter().filter(|e| !matches!(e.tie, Tie::Missing(_))).map(|e| e.to).collect();
    let is_drawn =
        |e: &&Edge| picture.focused || !matches!(e.tie, Tie::Missing(_)) || !led_to.contains(&e.to);
    for edge in picture.edges.iter().filter(is_drawn) {
        let look = look(&edge.tie);
        let position = *known.entry((edge.from, edge.to, look.clone())).or_insert_with(|| {
            lines.push(Line { from: edge.from, to: edge.to, look, names: Vec::new(), tips: Vec::new() });
            lines.len() - 1
        });
        add(&mut lines[position], edge);
    }
    for line in &mut lines {
        if line.look.tone == Tone::Missing {
            line.look.notes = missing_notes(picture, line);
        } else if !picture.focused {
            shorten(line);
        }
    }
    lines
}

/// In a picture about many elements the stroke tells the join, and only what needs attention has words.
fn shorten(line: &mut Line) {
    match line.look.tone {
        Tone::Plain if line.look.notes[0].starts_with(ENTRY) => {}
        Tone::Tracked | Tone::Plain => line.look.notes.clear(),
        Tone::Untracked | Tone::Open => drop(line.look.notes.remove(0)),
        Tone::Entry if line.look.notes == [ENTRY] => {
            line.look.notes.clear();
            line.names.clear();
        }
        Tone::Entry | Tone::Removable | Tone::Missing | Tone::Stub => {}
    }
}

fn add(line: &mut Line, edge: &Edge) {
    match &edge.tie {
        Tie::Source(source) => {
            line.names.push(name(&source.name));
            line.tips.push(source_tip(source));
        }
        Tie::Entry(entry) => {
            line.names.push(name(entry.label.as_deref().unwrap_or("no label")));
            line.tips.push(entry_tip(entry));
        }
        Tie::Missing(missing) => line.tips.push(missing_tip(missing)),
    }
}

/// How many fields, and why. A field that is never sent for two reasons counts once.
fn missing_notes(picture: &Picture, line: &Line) -> Vec<String> {
    let ties = picture.edges.iter().filter(|e| (e.from, e.to) == (line.from, line.to));
    let mut fields: BTreeSet<&str> = BTreeSet::new();
    let mut reasons: BTreeSet<Reason> = BTreeSet::new();
    for edge in ties {
        if let Tie::Missing(missing) = &edge.tie {
            fields.extend(missing.fields.iter().map(|f| &**f));
            reasons.extend(missing.reason);
        }
    }
    let fields = format!("never sent: {}", count(fields.len(), "field"));
    let reasons = reasons.iter().map(|r| r.id().to_owned());
    std::iter::once(fields).chain(reasons).collect()
}

fn look(tie: &Tie) -> Look {
    match tie {
        Tie::Source(source) => source_look(source),
        Tie::Entry(entry) => entry_look(entry),
        Tie::Missing(_) => {
            Look { tone: Tone::Missing, stroke: Stroke::Dotted, derived: false, notes: Vec::new() }
        }
    }
}

fn source_look(source: &SourceTie) -> Look {
    let tone = match source.verdict.map(|(status, _)| status) {
        None => Tone::Plain,
        Some(Status::Tracked) => Tone::Tracked,
        Some(Status::Untracked) => Tone::Untracked,
        Some(Status::Unresolved | Status::Undecidable) => Tone::Open,
    };
    let stroke = match source.join {
        Some(Join::Outer) => Stroke::Dashed,
        Some(Join::Exists | Join::NotExists) => Stroke::Dotted,
        Some(Join::Inner) | None => Stroke::Solid,
    };
    let mut notes = vec![join_note(source)];
    match source.verdict {
        Some((Status::Untracked, Some(reason))) => notes.push(format!("untracked: {}", reason.id())),
        Some((Status::Untracked, None)) => notes.push("untracked".to_owned()),
        Some((Status::Undecidable, _)) => notes.push("undecidable".to_owned()),
        Some((Status::Unresolved, _)) if source.cyclic => notes.push("unresolved: cyclic".to_owned()),
        Some((Status::Unresolved, _)) => notes.push("unresolved".to_owned()),
        None if source.cyclic => notes.push("cyclic".to_owned()),
        Some((Status::Tracked, _)) | None => {}
    }
    Look { tone, stroke, derived: source.kind == SourceKind::Derived, notes }
}

fn join_note(source: &SourceTie) -> String {
    let join = match (source.kind, source.join) {
        (SourceKind::Derived, _) => "derived",
        (_, join) => join_word(join),
    };
    if source.read_only { format!("{join}, read-only") } else { join.to_owned() }
}

fn entry_look(entry: &EntryTie) -> Look {
    let verdict = entry.verdict.id();
    let note = match entry.verdict {
        _ if !entry.in_scope => format!("{ENTRY}, not in scope"),
        _ if entry.removable => format!("{ENTRY}, removable: {verdict}"),
        EntryVerdict::Needed => ENTRY.to_owned(),
        _ => format!("{ENTRY}, {verdict}"),
    };
    let tone = match (entry.in_scope, entry.removable) {
        (false, _) => Tone::Plain,
        (true, true) => Tone::Removable,
        (true, false) => Tone::Entry,
    };
    Look { tone, stroke: Stroke::Solid, derived: false, notes: vec![note] }
}

fn source_tip(source: &SourceTie) -> String {
    let reason = |r: Reason| format!(" ({}): {}", r.id(), r.explanation());
    let verdict = source
        .verdict
        .map(|(status, why)| format!(", {}{}", status.id(), why.map(reason).unwrap_or_default()));
    let extension = source.added_by.as_ref().map(|e| format!("; added by {}", name(e)));
    format!(
        "data source {}: {}{}{} [{}]",
        name(&source.name),
        join_note(source),
        verdict.unwrap_or_default(),
        extension.unwrap_or_default(),
        located(&source.place)
    )
}

fn entry_tip(entry: &EntryTie) -> String {
    let label = name(entry.label.as_deref().unwrap_or("no label"));
    let field = name(entry.field.as_deref().unwrap_or("no field"));
    let matched = entry.matched.map(|m| format!(", match {}", m.id())).unwrap_or_default();
    let conditional = if entry.conditional { ", conditional" } else { "" };
    let (verdict, place) = (entry.verdict.id(), located(&entry.place));
    format!("mapping entry {label}, field {field}: {verdict}{matched}{conditional} [{place}]")
}

fn missing_tip(missing: &MissingTie) -> String {
    let list = |names: &[Symbol], with: &str| names.iter().map(|n| name(n)).collect::<Vec<_>>().join(with);
    let through = if missing.path.is_empty() { "SQL text".to_owned() } else { list(&missing.path, " > ") };
    format!("never sent: {} (through {through}); remedy: {}", list(&missing.fields, ", "), missing.remedy)
}

/// `file:line`.
pub(super) fn located(place: &Located) -> String {
    format!("{}:{}", Shown(&place.file), place.line)
}

/// A name, safe to show and not too long.
pub(super) fn name(name: &str) -> String {
    let shown = Shown(name).to_string();
    if shown.chars().count() <= NAME_CHARS {
        return shown;
    }
    let kept: String = shown.chars().take(NAME_CHARS - 1).collect();
    format!("{kept}…")
}

impl Line {
    /// The names, the first few of them, one a line.
    pub(super) fn shown_names(&self) -> Vec<String> {
        if self.names.len() <= NAMES {
            return self.names.clone();
        }
        let mut shown = self.names[..NAMES - 1].to_vec();
        shown.push(format!("and {} more", self.names.len() - shown.len()));
        shown
    }
}

/// The models in the order in which they were reached; `None` is what no loaded model defines.
pub(super) fn models(picture: &Picture) -> Vec<Option<Symbol>> {
    let mut models: Vec<Option<Symbol>> = Vec::new();
    for node in &picture.nodes {
        if !models.contains(&node.model) {
            models.push(node.model.clone());
        }
    }
    models
}

/// What stands below the name of each node.
pub(super) fn node_notes(picture: &Picture) -> Vec<String> {
    let mut never_sent = vec![BTreeSet::new(); picture.nodes.len()];
    for edge in picture.edges.iter().filter(|_| !picture.focused) {
        if let Tie::Missing(missing) = &edge.tie {
            never_sent[edge.to].extend(missing.fields.iter().map(|f| (edge.from, f)));
        }
    }
    let counts = never_sent.iter().map(BTreeSet::len);
    picture.nodes.iter().zip(counts).map(|(node, count)| node_note(node, count)).collect()
}

fn node_note(node: &Node, never_sent: usize) -> String {
    let kind = node.kind.map_or("not loaded", ElementKind::word);
    let partial = if node.partial { ", only extensions loaded" } else { "" };
    let fields = match node.judged {
        Some(count) if count.untracked > 0 => {
            format!(", {} of {} fields never sent", count.untracked, count.counted)
        }
        _ if never_sent > 0 => format!(", never sent for {}", count(never_sent, "field")),
        _ => String::new(),
    };
    let scope = match (node.kind, node.judged) {
        (Some(ElementKind::Entity), None) => ", not in scope",
        _ => "",
    };
    format!("{kind}{partial}{fields}{scope}")
}

/// What stands in a stub.
pub(super) fn stub_note(stub: &Stub) -> String {
    let parts = [
        (stub.entities, "entity"),
        (stub.views, "view"),
        (stub.tables, "table"),
        (stub.unresolved, "unknown name"),
    ];
    let parts: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| count(*n, word)).collect();
    parts.join(", ")
}

/// A line of the legend.
pub(super) struct Key {
    pub(super) tone: Tone,
    pub(super) stroke: Stroke,
    pub(super) derived: bool,
    pub(super) text: &'static str,
}

/// The legend: what occurs in the picture, and nothing else.
pub(super) fn legend(lines: &[Line], stubs: bool) -> Vec<Key> {
    let key = |tone, text| Key { tone, stroke: Stroke::Solid, derived: false, text };
    let tones = [
        key(Tone::Tracked, "tracked: changes are sent"),
        key(Tone::Untracked, "untracked: changes are not sent, for the reason named"),
        key(Tone::Open, "cannot be said: not loaded, cyclic or undecidable"),
        key(Tone::Plain, "not judged: no entity in scope"),
        key(Tone::Entry, "mapping entry: sends changes of the table"),
        key(Tone::Removable, "mapping entry that can be removed"),
        Key { stroke: Stroke::Dotted, ..key(Tone::Missing, "missing entry: fields that are never sent") },
    ];
    let has_tone = |k: &Key| lines.iter().any(|l| l.look.tone == k.tone);
    let mut keys: Vec<Key> = tones.into_iter().filter(has_tone).collect();
    let ties = || lines.iter().filter(|l| l.look.tone != Tone::Missing);
    let plain = |stroke, derived, text| Key { tone: Tone::Plain, stroke, derived, text };
    if ties().any(|l| l.look.stroke == Stroke::Dashed) {
        keys.push(plain(Stroke::Dashed, false, "dashed: outer join"));
    }
    if ties().any(|l| l.look.stroke == Stroke::Dotted) {
        keys.push(plain(Stroke::Dotted, false, "dotted: exists or not-exists join"));
    }
    if ties().any(|l| l.look.derived) {
        keys.push(plain(Stroke::Solid, true, "hollow head: derived data source (same record)"));
    }
    if stubs {
        keys.push(Key {
            tone: Tone::Stub,
            stroke: Stroke::Solid,
            derived: false,
            text: "not drawn, counted",
        });
    }
    keys
}
