//! Names that mean something to a terminal, a spreadsheet, a browser, a shell, a pipeline or a drawing program, and a
//! tree that is full of them.

use super::{Tree, entity, mapped, root, table};

pub const NAMES: &[&str] = &[
    "=cmd|' /C calc'!A0",
    "+1+cmd",
    "-2-3",
    "@SUM(A1)",
    "--help",
    "a\"b'c`d",
    "<b>&amp;</b>",
    "<script>alert(1)</script>",
    "]]></svg><script>",
    "new\nline",
    "tab\there",
    "carriage\rreturn",
    "\u{1b}[2J\u{1b}]0;title\u{7}",
    "\u{9b}31m",
    "\u{202e}txt.exe",
    "line\u{2028}separator",
    "../../../escape",
    "C:\\x\\..\\y",
    "/etc/passwd",
    "a;b,c\td",
    "label=\"x\"];evil",
    "} digraph {",
    "\\N\\G\\l\\\\",
    "end",
    "subgraph",
    "graph",
    "#quot;#35;",
    "n0[\"x\"]:::stub",
    "-->|x|y",
    "%%{init: {}}%%",
    "| a | b |\n|---|---|",
    "[text](javascript:alert(1))",
    "**bold** `code` ~~x~~",
    "{target} {reason} {}",
    "$(touch x) `touch y` ; touch z",
    "%s%n%d",
    "Ünïcödé 表 🚗",
    "\u{301}combining",
    "null",
    "true",
    "1e999",
    "a b",
    "key: value # comment",
    "##vso[task.setvariable variable=a]b",
    "::set-output name=a::b",
    "x ::error file=a::b",
    "x ##[group]y",
    "*/ evil(); /*",
    "// evil\nevil();",
    "x'); evil();//",
    "%0A::error::x",
];

/// `text` inside XML; what XML 1.0 has no sign for stands there as a bare character.
pub fn xml(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    escaped.replace('\n', "&#10;").replace('\r', "&#13;").replace('\t', "&#9;")
}

pub fn entity_name(name: &str) -> String {
    format!("{name}~entity")
}

/// For each name: a table, a field and a data source of this name, in an entity and a model of nearly this name.
pub fn tree() -> Tree {
    let tree = Tree::new();
    for (number, name) in NAMES.iter().enumerate() {
        let (inner, outer) = (xml(name), xml(&entity_name(name)));
        let folder = format!("P{number}/M{number}");
        let descriptor = format!("<AxModelInfo><Name>{inner}</Name><Layer>14</Layer></AxModelInfo>");
        tree.raw(&format!("P{number}/Descriptor/M{number}.xml"), descriptor);
        tree.raw(&format!("{folder}/AxTable/T.xml"), table(&inner, &[&inner, "RefRecId"]));
        let sources = root(&inner, &inner, "");
        let fields = mapped(&inner, &inner, &inner);
        tree.raw(&format!("{folder}/AxDataEntityView/E.xml"), entity(&outer, "", &sources, &fields));
        // An entity that lacks an entry for what lies behind the other one, and a table that is not loaded.
        let gone = super::embedded("Gone", &xml(&format!("{name}~gone")), "");
        let nested = root("Top", "Top", &(super::embedded("Nested", &outer, "") + &gone));
        let far = mapped(&inner, "Nested", &inner);
        tree.raw(
            &format!("{folder}/AxDataEntityView/F.xml"),
            entity(&xml(&format!("{name}~far")), "", &nested, &far),
        );
    }
    tree.table("Top", &["A"]);
    tree
}
