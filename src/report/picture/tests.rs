//! Any name can be drawn in any format.

use super::svg::{Graphviz, NoSvg};
use super::*;
use crate::text::Shown;
use proptest::prelude::*;
use std::time::Duration;

const HOSTILE: [&str; 16] = [
    "quote\"s and 'apostrophes'",
    "<b>bold</b> & <script>alert(1)</script>",
    "back\\slash \\N \\G \\l \\",
    "new\nline\r\n\ttab",
    "../../etc/passwd",
    "escape\u{1b}[2J\u{0}\u{7f}",
    "right to left \u{202e}desrever",
    "&lt;&amp;&#34;&quot;",
    "--> ]]> <!-- }} %%{init: {}}%%",
    "-->|\"x\"| n0 ; n1 -->",
    "`markdown` **bold** #quot; #35;",
    "end",
    "subgraph",
    "{record|<port>|x}",
    "Größe 数据 🚚",
    "  spaces  in  it  ",
];

fn node(name: &str, kind: Option<ElementKind>, model: &str) -> Node {
    Node {
        name: name.into(),
        kind,
        model: kind.map(|_| model.into()),
        partial: false,
        start: kind == Some(ElementKind::Entity),
        distance: 0,
        judged: None,
        place: kind.map(|_| Located { file: name.into(), line: 1 }),
    }
}

fn source(name: &str, join: Option<Join>, verdict: Option<(Status, Option<Reason>)>) -> Tie {
    Tie::Source(SourceTie {
        name: name.into(),
        kind: if join.is_some() { SourceKind::Embedded } else { SourceKind::Root },
        join,
        read_only: join == Some(Join::Outer),
        cyclic: false,
        added_by: Some(name.into()),
        verdict,
        place: Located { file: name.into(), line: 2 },
    })
}

fn entry(label: &str, verdict: EntryVerdict) -> Tie {
    Tie::Entry(EntryTie {
        label: Some(label.into()),
        field: Some(label.into()),
        verdict,
        matched: None,
        in_scope: true,
        removable: verdict.is_removable(),
        conditional: true,
        place: Located { file: label.into(), line: 3 },
    })
}

fn missing(name: &str) -> Tie {
    Tie::Missing(MissingTie {
        path: vec![name.into()],
        fields: vec![name.into()],
        reason: Some(Reason::NestedSource),
        remedy: "entry",
    })
}

/// An entity, a view, a table, a map and a missing element, all of this name, and every kind of connection.
fn picture(name: &str) -> Picture {
    let kinds = [ElementKind::Entity, ElementKind::View, ElementKind::Table, ElementKind::Map];
    let mut nodes: Vec<Node> = kinds.into_iter().map(|kind| node(name, Some(kind), name)).collect();
    nodes.push(node(name, None, name));
    let untracked = Some((Status::Untracked, Some(Reason::OuterJoinReadOnly)));
    let ties = [
        (1, source(name, None, Some((Status::Tracked, None)))),
        (1, source(name, Some(Join::Outer), untracked)),
        (2, source(name, Some(Join::Exists), None)),
        (4, source(name, Some(Join::Inner), Some((Status::Unresolved, None)))),
        (2, entry(name, EntryVerdict::Needed)),
        (3, entry(name, EntryVerdict::Unused)),
        (2, missing(name)),
    ];
    let edges = ties.into_iter().map(|(to, tie)| Edge { from: 0, to, tie }).collect();
    let group = StubGroup::Model(name.into());
    let stubs = vec![Stub { group, entities: 1, views: 2, tables: 3, unresolved: 4 }];
    let stub_edges = [true, false].map(|up| StubEdge { node: 0, stub: 0, up, count: 7 }).to_vec();
    Picture { nodes, edges, stubs, stub_edges, total: 15, untracked: false, focused: true }
}

/// The texts that a drawing shows; none without Graphviz.
fn drawn_texts(picture: &Picture) -> Option<Vec<String>> {
    let graphviz = Graphviz::find().ok()?;
    let svg = String::from_utf8(graphviz.svg(&dot::text(picture)).expect("an SVG")).expect("UTF-8");
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let document = roxmltree::Document::parse_with_options(&svg, options).expect("well-formed");
    let texts = document.descendants().filter(|n| n.has_tag_name(("http://www.w3.org/2000/svg", "text")));
    Some(texts.filter_map(|n| n.text().map(squeezed)).collect())
}

/// Labels give up repeated spaces and hold joiners without width.
fn squeezed(text: &str) -> String {
    text.replace('\u{2060}', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn graphviz_draws_any_name_as_it_is() {
    for name in HOSTILE {
        let Some(texts) = drawn_texts(&picture(name)) else { return };
        let wanted = squeezed(&look::name(name));
        // Five nodes, one model, six names at lines.
        let shown = texts.iter().filter(|text| **text == wanted).count();
        assert_eq!(shown, 12, "{name:?} in {texts:#?}");
    }
}

#[test]
fn mermaid_keeps_any_name_inside_its_quotes() {
    for name in HOSTILE {
        let text = mermaid::text(&picture(name));
        let plain = mermaid::text(&picture("x"));
        assert_eq!(text.lines().count(), plain.lines().count(), "{name:?}");
        for (line, model) in text.lines().zip(plain.lines()) {
            let quotes = |l: &str| l.split('"').step_by(2).map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(quotes(line), quotes(model), "{name:?}");
        }
    }
}

#[test]
fn json_gives_names_back_as_they_were() {
    for name in HOSTILE {
        let mut bytes = Vec::new();
        json::write(&picture(name), &mut bytes).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(value["nodes"][4]["name"], name);
        assert_eq!(value["edges"][5]["label"], name);
        assert_eq!(value["stubs"][0]["model"], name);
        assert!(!bytes.contains(&0x1b));
    }
}

#[test]
fn long_names_are_cut_in_pictures_only() {
    let name = "n".repeat(5_000);
    assert_eq!(look::name(&name).chars().count(), 60);
    let mut bytes = Vec::new();
    json::write(&picture(&name), &mut bytes).unwrap();
    assert!(String::from_utf8(bytes).unwrap().contains(&name));
}

proptest! {
    /// What stands between the quotes of DOT ends at no quote and starts no escape of its own.
    #[test]
    fn dot_strings_hold_anything(name in "\\PC{0,8}[\"\\\\<>&\n\u{1}]{0,4}\\PC{0,8}") {
        let text = dot::text(&picture(&name));
        let plain = dot::text(&picture("x\"y"));
        prop_assert_eq!(text.lines().count(), plain.lines().count());
        let shown = Shown(&name).to_string();
        prop_assert!(!shown.contains('\n'));
        for line in text.lines().filter(|l| l.trim_start().starts_with("label=\"")) {
            let inside = line.trim().strip_prefix("label=\"").and_then(|l| l.strip_suffix('"'));
            let inside = inside.expect("one string a line").replace("\\\\", "").replace("\\\"", "");
            prop_assert!(!inside.contains(['"', '\\']), "{}", line);
        }
    }
}

#[cfg(unix)]
mod programs {
    use super::*;
    use crate::platform::for_tests::set_mode;
    use std::fs;

    fn script(folder: &std::path::Path, text: &str) -> std::path::PathBuf {
        let path = folder.join("dot");
        fs::write(&path, text).unwrap();
        set_mode(&path, 0o755);
        path
    }

    fn run(text: &str, input: &str) -> Result<Vec<u8>, NoSvg> {
        let folder = tempfile::tempdir().unwrap();
        let program = script(folder.path(), text);
        Graphviz::at(&program, Duration::from_millis(300)).svg(input)
    }

    #[test]
    fn a_slow_program_is_ended() {
        let begun = std::time::Instant::now();
        let error = run("#!/bin/sh\nsleep 30\n", "digraph {}").unwrap_err();
        assert!(matches!(error, NoSvg::TooSlow(_)), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(5));
        assert_eq!(error.to_string(), "Graphviz did not finish within 0.3 seconds");
    }

    #[test]
    fn a_failing_program_is_quoted() {
        let error = run("#!/bin/sh\necho 'Error: no \u{1b}[31m' >&2\nexit 3\n", "digraph {}").unwrap_err();
        assert_eq!(error.to_string(), "Graphviz failed: Error: no \\u{1b}[31m");
        let error = run("#!/bin/sh\nexit 0\n", "digraph {}").unwrap_err();
        assert_eq!(error.to_string(), "Graphviz failed: no output");
    }

    #[test]
    fn full_pipes_block_nobody() {
        let input = "x".repeat(1 << 20);
        let echo = run("#!/bin/sh\ncat\n", &input).unwrap();
        assert_eq!(echo.len(), input.len());
        let deaf = run("#!/bin/sh\necho '<svg/>'\n", &input).unwrap();
        assert_eq!(deaf, b"<svg/>\n");
        let noisy = run("#!/bin/sh\nhead -c 300000 /dev/zero >&2\necho '<svg/>'\n", &input).unwrap();
        assert_eq!(noisy, b"<svg/>\n");
    }

    #[test]
    fn a_program_that_is_not_there_is_missing() {
        let error = Graphviz::at("/nowhere/dot".as_ref(), Duration::from_secs(1)).svg("").unwrap_err();
        assert!(matches!(error, NoSvg::Missing), "{error}");
    }
}
