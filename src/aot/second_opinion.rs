//! Generated files: no input makes a reader panic, and another XML parser sees the same names, counts and lines.

use super::{DataSource, Definition, Methods, Named, read_file};
use proptest::prelude::*;
use roxmltree::{Document, Node};
use std::fmt::Write;

/// An element to be written in one of many ways.
#[derive(Clone, Debug)]
enum Item {
    Element { name: &'static str, kind: Option<&'static str>, around: usize, children: Vec<Item> },
    Text(String, usize),
    Comment,
}

/// Names that the readers know, and one that they do not.
const NAMES: &[&str] = &[
    "Name",
    "Name",
    "Name",
    "Fields",
    "AxTableField",
    "Relations",
    "SourceCode",
    "Methods",
    "Method",
    "Source",
    "Declaration",
    "Table",
    "Query",
    "JoinMode",
    "ViewMetadata",
    "DataSources",
    "DerivedDataSources",
    "GroupBy",
    "AxQuerySimpleRootDataSource",
    "AxQuerySimpleEmbeddedDataSource",
    "Indexes",
    "p:Name",
    "Parent",
    "DataSource",
    "Ranges",
    "Keys",
    "Mandatory",
    "EnumType",
];
/// Lists and their entries, so that what is generated has a chance to mean something.
const LISTS: &[(&str, &str)] = &[
    ("Fields", "AxTableField"),
    ("DataSources", "AxQuerySimpleEmbeddedDataSource"),
    ("DataSources", "AxQuerySimpleRootDataSource"),
    ("DerivedDataSources", "AxQuerySimpleDerivedDataSource"),
    ("Methods", "Method"),
];
const KINDS: &[&str] = &["AxDataEntityViewMappedField", "AxTableFieldString", "a.b"];
const SPACES: &[&str] = &["", " ", "\n", "\r\n\t", "\n\n  "];

fn item() -> impl Strategy<Value = Item> {
    let text = ("[a-zA-Z0-9_.<>&'\"äß😀-]{0,6}", 0..3_usize).prop_map(|(text, form)| Item::Text(text, form));
    let leaf = prop_oneof![3 => text, 1 => Just(Item::Comment)];
    leaf.prop_recursive(9, 80, 6, |inner| {
        let children = || prop::collection::vec(inner.clone(), 0..6);
        let style = || (prop::option::of(prop::sample::select(KINDS)), 0..SPACES.len());
        let any = (prop::sample::select(NAMES), style(), children())
            .prop_map(|(name, style, children)| element(name, style, children));
        let list = (prop::sample::select(LISTS), style(), style(), children());
        let list = list.prop_map(|((list, entry), outer, inner, children)| {
            element(list, outer, vec![element(entry, inner, children)])
        });
        prop_oneof![any, list]
    })
}

fn element(name: &'static str, (kind, around): (Option<&'static str>, usize), children: Vec<Item>) -> Item {
    Item::Element { name, kind, around, children }
}

fn forest() -> impl Strategy<Value = Vec<Item>> {
    prop::collection::vec(item(), 0..10)
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string takes everything");
}

fn write(items: &[Item], out: &mut String) {
    for item in items {
        match item {
            Item::Comment => out.push_str("<!-- <Name> -->"),
            Item::Text(text, 0) => {
                out.push_str(&text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&#62;"));
            }
            Item::Text(text, 1) => put(out, format_args!("<![CDATA[{text}]]>")),
            Item::Text(text, _) => put(out, format_args!("\n<![CDATA[{text}]]><![CDATA[]]>")),
            Item::Element { name, kind, around, children } => {
                let space = SPACES[*around];
                put(out, format_args!("{space}<{name}"));
                if let Some(kind) = kind {
                    put(out, format_args!(" {space}i:type=\"{kind}\" x='>'"));
                }
                if children.is_empty() && around % 2 == 0 {
                    out.push_str("/>");
                    continue;
                }
                put(out, format_args!("{space}>"));
                write(children, out);
                put(out, format_args!("</{name}{space}>"));
            }
        }
    }
}

fn file(root: &str, items: &[Item]) -> String {
    let mut text = format!("<?xml version=\"1.0\"?>\n<{root} xmlns:i='i' xmlns:p='p'>");
    write(items, &mut text);
    put(&mut text, format_args!("</{root}>\r\n"));
    text
}

/// The elements of this name in an element.
fn all<'a>(node: Node<'a, 'a>, name: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

/// The last property of this name: its own text, trimmed.
fn property(node: Node<'_, '_>, name: &str) -> Option<String> {
    properties(node, name).last()
}

fn properties(node: Node<'_, '_>, name: &str) -> impl Iterator<Item = String> {
    let named = node.children().filter(move |child| child.is_element() && child.tag_name().name() == name);
    named.map(|child| {
        let text: String = child.children().filter(Node::is_text).filter_map(|c| c.text()).collect();
        text.trim().to_owned()
    })
}

fn line(node: Node<'_, '_>) -> u32 {
    node.document().text_pos_at(node.range().start).row
}

fn expected_fields(root: Node<'_, '_>) -> Vec<Named> {
    let fields = all(root, "Fields").flat_map(|fields| fields.children().filter(Node::is_element));
    fields
        .filter_map(|field| {
            let name = property(field, "Name").filter(|name| !name.is_empty())?;
            Some(Named { name: name.into(), line: line(field) })
        })
        .collect()
}

/// Name, line and parent of the data sources, in tree order.
type Shape = Vec<(String, u32, Option<u32>)>;

fn expected_sources(node: Node<'_, '_>, parent: Option<u32>, shape: &mut Shape) {
    for list in ["DataSources", "DerivedDataSources"] {
        if list == "DerivedDataSources" && parent.is_none() {
            return;
        }
        let sources = all(node, list).flat_map(|list| list.children().filter(Node::is_element));
        for source in sources.filter(|source| source.tag_name().name().ends_with("DataSource")) {
            let name = property(source, "Name").filter(|name| !name.is_empty());
            let index = u32::try_from(shape.len()).unwrap();
            shape.push((
                name.or_else(|| property(source, "Table")).unwrap_or_default(),
                line(source),
                parent,
            ));
            expected_sources(source, Some(index), shape);
        }
    }
}

fn shape(sources: &[DataSource]) -> Shape {
    sources.iter().map(|s| (s.named.name.to_string(), s.named.line, s.parent)).collect()
}

proptest! {
    #[test]
    fn tables_are_what_another_parser_sees(items in forest()) {
        let text = file("AxTable", &items);
        let document = Document::parse(&text).unwrap();
        let facts = read_file(&text, "Stem", Methods::All);
        prop_assert_eq!(&facts.problems, &vec![], "{}", text);
        let Some(Definition::Table(table)) = facts.definition else { panic!("a table") };
        let root = document.root_element();
        let name = properties(root, "Name").find(|name| !name.is_empty()).unwrap_or("Stem".into());
        prop_assert_eq!(table.named, Named { name: name.into(), line: 2 });
        let fields: Vec<_> = table.fields.into_iter().map(|f| f.named).collect();
        prop_assert_eq!(fields, expected_fields(root), "{}", text);
        prop_assert_eq!(table.relations.len(), all(root, "Relations").map(|r| r.children().filter(Node::is_element).count()).sum::<usize>());
        let methods = all(root, "SourceCode").flat_map(|c| all(c, "Methods")).flat_map(|m| all(m, "Method")).count();
        prop_assert_eq!(table.methods.len(), methods);
    }

    #[test]
    fn queries_are_what_another_parser_sees(items in forest()) {
        let text = file("AxQuery", &items);
        let document = Document::parse(&text).unwrap();
        let Some(Definition::Query(query)) = read_file(&text, "", Methods::None).definition else { panic!("{text}") };
        let mut expected = Shape::new();
        expected_sources(document.root_element(), None, &mut expected);
        prop_assert_eq!(shape(&query.sources), expected, "{}", text);
    }

    #[test]
    fn a_part_of_a_file_never_counts(items in forest(), root in prop::sample::select(&["AxTable", "AxView", "AxDataEntityView", "AxQuery", "AxClass", "AxMap", "AxTableExtension", "AxDataEntityViewExtension"][..]), cut: prop::sample::Index) {
        let text = file(root, &items);
        let mut at = cut.index(text.trim_end().len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let facts = read_file(&text[..at], "", Methods::All);
        prop_assert_eq!(facts.definition, None);
        prop_assert_eq!(facts.problems.len(), 1);
        prop_assert!(facts.problems[0].position.line >= 1);
    }

    #[test]
    fn no_text_makes_it_panic(text in "(<|>|/|!|\\[CDATA\\[|\\]\\]>|--|\\?|&|;|#|x|'|\"|=| |\n|AxTable|AxView|Fields|Name|i:type|\\PC){0,40}") {
        read_file(&text, "", Methods::All);
        read_file(&format!("<AxTable>{text}"), "", Methods::All);
        read_file(&format!("<AxDataEntityView><Fields>{text}"), "", Methods::All);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(text) = crate::source::decode(&bytes) {
            read_file(&text, "", Methods::All);
        }
        super::mentions_extension(&bytes);
    }
}
