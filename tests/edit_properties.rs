//! Whatever a file looks like: after an edit our own readers see the new thing and everything else as before,
//! and no other byte has changed.

use dualtrack::aot::{Methods, read_file};
use dualtrack::edit::{
    Change, FieldForm, FileChange, NewField, Target, TextEdit, method_source, plan_with, unified_diff,
};
use dualtrack::text::decode;
use proptest::prelude::*;
use serde_json::Value;
use std::path::PathBuf;

/// How a file is written.
#[derive(Clone, Debug)]
struct Style {
    newline: &'static str,
    /// `None`: all in one line, the X++ aside.
    indent: Option<&'static str>,
    encoding: Encoding,
    declaration: bool,
    /// A line break before `i:type`.
    broken_tags: bool,
    last_newline: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Encoding {
    Utf8,
    Utf8Mark,
    Utf16Little,
    Utf16Big,
}

/// How the list of fields is written when it is empty.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Empty {
    Tag,
    Pair,
    Lines,
    Missing,
}

/// How the source of a method is written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    CData,
    Escaped,
    Mixed,
}

#[derive(Clone, Debug)]
struct Shape {
    style: Style,
    root: &'static str,
    fields: usize,
    methods: Vec<(Form, String)>,
    empty: Empty,
    comment: bool,
}

const EXTENSIONS: [&str; 2] = ["AxDataEntityViewExtension", "AxViewExtension"];

fn style() -> impl Strategy<Value = Style> {
    (
        prop_oneof![Just("\n"), Just("\r\n")],
        prop_oneof![Just(Some("\t")), Just(Some("  ")), Just(Some("    ")), Just(Some("")), Just(None)],
        prop_oneof![
            4 => Just(Encoding::Utf8),
            2 => Just(Encoding::Utf8Mark),
            1 => Just(Encoding::Utf16Little),
            1 => Just(Encoding::Utf16Big)
        ],
        any::<[bool; 3]>(),
    )
        .prop_map(|(newline, indent, encoding, [declaration, broken_tags, last_newline])| Style {
            newline,
            indent,
            encoding,
            declaration,
            broken_tags,
            last_newline,
        })
}

/// X++ and what is hard to write in XML.
fn code() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("]]>"),
        Just("]"),
        Just(">"),
        Just("&"),
        Just("<"),
        Just("\n"),
        Just("é"),
        Just("a "),
        Just("  "),
        Just("x;")
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn shape() -> impl Strategy<Value = Shape> {
    let form = prop_oneof![Just(Form::CData), Just(Form::Escaped), Just(Form::Mixed)];
    (
        style(),
        prop_oneof![Just("AxDataEntityView"), Just("AxView"), Just(EXTENSIONS[0]), Just(EXTENSIONS[1])],
        0..4_usize,
        prop::collection::vec((form, code()), 0..3),
        prop_oneof![Just(Empty::Tag), Just(Empty::Pair), Just(Empty::Lines), Just(Empty::Missing)],
        any::<bool>(),
    )
        .prop_map(|(style, root, fields, methods, empty, comment)| Shape {
            style,
            root,
            fields,
            methods,
            empty,
            comment,
        })
}

impl Shape {
    fn form(&self) -> FieldForm {
        if self.root.contains("DataEntity") { FieldForm::Entity } else { FieldForm::View }
    }

    /// The document as lines with their depth, joined.
    fn text(&self) -> String {
        let mut lines: Vec<(usize, String)> = Vec::new();
        let line = |lines: &mut Vec<(usize, String)>, depth, text: &str| lines.push((depth, text.to_owned()));
        let root = self.root;
        line(&mut lines, 0, &format!("<{root} xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">"));
        line(&mut lines, 1, "<Name>Eé.X</Name>");
        if !EXTENSIONS.contains(&root) {
            self.code(&mut lines);
        }
        line(
            &mut lines,
            1,
            "<FieldGroups><AxTableFieldGroup><Name>G</Name><Fields /></AxTableFieldGroup></FieldGroups>",
        );
        self.fields(&mut lines);
        if self.comment {
            line(&mut lines, 1, "<!-- <Fields /> -->");
        }
        line(&mut lines, 1, "<Relations />");
        line(&mut lines, 0, &format!("</{root}>"));
        self.joined(&lines)
    }

    fn joined(&self, lines: &[(usize, String)]) -> String {
        let Style { newline, indent, declaration, last_newline, .. } = &self.style;
        let mut text = String::new();
        if *declaration {
            text.push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
            text.push_str(newline);
        }
        for (at, (depth, line)) in lines.iter().enumerate() {
            if let (Some(indent), true) = (indent, at > 0) {
                text.push_str(newline);
                text.push_str(&indent.repeat(*depth));
            }
            text.push_str(line);
        }
        text + if *last_newline { newline } else { "" }
    }

    fn code(&self, lines: &mut Vec<(usize, String)>) {
        lines.push((1, "<SourceCode>".to_owned()));
        lines.push((2, "<Declaration><![CDATA[class E]]></Declaration>".to_owned()));
        if self.methods.is_empty() {
            lines.push((2, "<Methods />".to_owned()));
        } else {
            lines.push((2, "<Methods>".to_owned()));
            for (at, (form, code)) in self.methods.iter().enumerate() {
                lines.push((3, "<Method>".to_owned()));
                lines.push((4, format!("<Name>m{at}</Name>")));
                let source = written(&code.replace('\n', self.style.newline), *form);
                lines.push((4, format!("<Source>{source}</Source>")));
                lines.push((3, "</Method>".to_owned()));
            }
            lines.push((2, "</Methods>".to_owned()));
        }
        lines.push((1, "</SourceCode>".to_owned()));
    }

    fn fields(&self, lines: &mut Vec<(usize, String)>) {
        if self.fields == 0 {
            match self.empty {
                Empty::Tag => lines.push((1, "<Fields />".to_owned())),
                Empty::Pair => lines.push((1, "<Fields></Fields>".to_owned())),
                Empty::Lines => lines.extend([(1, "<Fields>".to_owned()), (1, "</Fields>".to_owned())]),
                Empty::Missing => {}
            }
            return;
        }
        let Style { newline, indent, broken_tags, .. } = &self.style;
        let (element, kind) = match self.form() {
            FieldForm::Entity => ("AxDataEntityViewField", "AxDataEntityViewUnmappedFieldString"),
            FieldForm::View => ("AxViewField", "AxViewFieldComputedString"),
        };
        let space = match indent {
            Some(indent) if *broken_tags => format!("{newline}{}", indent.repeat(3)),
            _ => " ".to_owned(),
        };
        lines.push((1, "<Fields>".to_owned()));
        for at in 0..self.fields {
            lines.push((2, format!("<{element} xmlns=\"\"{space}i:type=\"{kind}\">")));
            lines.push((3, format!("<Name>F{at}</Name>")));
            lines.push((2, format!("</{element}>")));
        }
        lines.push((1, "</Fields>".to_owned()));
    }

    fn bytes(&self) -> Vec<u8> {
        let text = self.text();
        match self.style.encoding {
            Encoding::Utf8 => text.into_bytes(),
            Encoding::Utf8Mark => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            Encoding::Utf16Little => {
                [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
            }
            Encoding::Utf16Big => {
                [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect()
            }
        }
    }
}

fn written(code: &str, form: Form) -> String {
    let cdata = |code: &str| format!("<![CDATA[{}]]>", code.replace("]]>", "]]]]><![CDATA[>"));
    let escaped = |code: &str| code.replace('&', "&amp;").replace('<', "&#60;").replace('>', "&gt;");
    match form {
        Form::CData => cdata(code),
        Form::Escaped => escaped(code),
        Form::Mixed => {
            let fits = |at: &usize| code.is_char_boundary(*at) && !code[..*at].ends_with('\r');
            let half = (code.len() / 2..=code.len()).find(fits).unwrap_or(0);
            format!("{}{}{}", cdata(&code[..half]), escaped(&code[half..]), cdata(""))
        }
    }
}

fn file() -> PathBuf {
    PathBuf::from("x.xml")
}

fn planned(bytes: &[u8], change: Change) -> FileChange {
    let mut planned = plan_with(&[change], &|_| Ok(bytes.to_vec())).expect("a plan");
    assert_eq!(planned.len(), 1);
    planned.remove(0)
}

fn text_of(bytes: &[u8]) -> String {
    decode(bytes).expect("text").into_owned()
}

/// What the readers see, without the places.
fn facts(bytes: &[u8]) -> Value {
    let facts = read_file(&text_of(bytes), "x", Methods::All);
    assert_eq!(facts.problems, []);
    let mut value = serde_json::to_value(facts.definition.expect("a definition")).expect("JSON");
    drop_places(&mut value);
    value
}

fn drop_places(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("line");
            members.remove("position");
            members.values_mut().for_each(drop_places);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_places),
        _ => {}
    }
}

/// Takes the last item of the list of this name, wherever it is.
fn pop(value: &mut Value, list: &[&str]) -> Option<Value> {
    let Value::Object(members) = value else { return None };
    for (name, member) in members {
        match member {
            Value::Array(items) if list.contains(&name.as_str()) => return items.pop(),
            member => {
                if let Some(found) = pop(member, list) {
                    return Some(found);
                }
            }
        }
    }
    None
}

/// The document as another parser sees it, white space between elements aside; `skip` leaves out elements.
fn nodes(text: &str, skip: &dyn Fn(roxmltree::Node<'_, '_>) -> bool) -> Vec<String> {
    let document = roxmltree::Document::parse(text).expect("well-formed");
    let kept = |node: &roxmltree::Node<'_, '_>| !node.ancestors().any(skip);
    let shown = document.descendants().filter(kept).map(|node| match node.text() {
        _ if node.is_element() => {
            let attributes: Vec<_> =
                node.attributes().map(|a| format!("{}={}", a.name(), a.value())).collect();
            format!("{}<{} {attributes:?}", node.ancestors().count(), node.tag_name().name())
        }
        Some(text) if node.parent_element().is_some_and(|p| p.has_tag_name("Source")) => text.to_owned(),
        text => text.unwrap_or_default().trim().to_owned(),
    });
    shown.filter(|text| !text.is_empty()).collect()
}

fn is_named(node: roxmltree::Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.children().any(|c| c.has_tag_name("Name") && c.text() == Some(name))
}

/// Bytes that both begin with, and bytes that both end with, without counting any twice.
fn common(a: &str, b: &str) -> usize {
    let prefix = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let suffix = a.bytes().rev().zip(b.bytes().rev()).take_while(|(a, b)| a == b).count();
    prefix + suffix.min(a.len() - prefix)
}

fn removed_lines(change: &FileChange) -> Vec<String> {
    let diff = unified_diff(std::slice::from_ref(change), &|_| "x".to_owned());
    diff.lines().skip(2).filter(|line| line.starts_with('-')).map(str::to_owned).collect()
}

fn check_newlines(shape: &Shape, before: &str, after: &str) {
    if !before.contains('\n') {
        return;
    }
    let windows = after.matches("\r\n").count();
    let expected = if shape.style.newline == "\n" { 0 } else { after.matches('\n').count() };
    assert_eq!(windows, expected, "{after:?}");
}

fn check_field(shape: &Shape) {
    let before = shape.bytes();
    let field = NewField {
        name: "New".into(),
        data_source: "D<".into(),
        data_field: "R&é".into(),
        form: shape.form(),
    };
    let change = planned(&before, Change::AddField { file: Target::Existing(file()), field });
    let (old, new) = (text_of(&before), text_of(&change.after));

    let mut seen = facts(&change.after);
    let added = pop(&mut seen, &["fields", "view_fields"]).expect("a field").to_string();
    assert!(added.contains(r#""source":"D<""#) && added.contains(r#""field":"R&é""#), "{added}");
    assert_eq!(seen, facts(&before));

    let had_list = shape.fields > 0 || shape.empty != Empty::Missing;
    let is_list = |n: roxmltree::Node<'_, '_>| n.has_tag_name("Fields") && n.ancestors().count() == 3;
    let skip = |n: roxmltree::Node<'_, '_>| is_named(n, "New") || (!had_list && is_list(n));
    assert_eq!(nodes(&new, &skip), nodes(&old, &|_| false));

    let opened = if shape.fields == 0 && shape.empty == Empty::Tag { 3 } else { 0 };
    assert!(common(&old, &new) + opened >= old.len(), "{new}");
    check_newlines(shape, &old, &new);
    let opens_line = shape.fields == 0 && matches!(shape.empty, Empty::Tag | Empty::Pair);
    let expected = usize::from(opens_line || shape.style.indent.is_none());
    assert!(removed_lines(&change).len() <= expected, "{new}");
}

fn check_method(shape: &Shape, source: &str) {
    let before = shape.bytes();
    let (name, source) = ("added".to_owned(), format!("    void added() {{ {source} }}"));
    let change =
        planned(&before, Change::AddMethod { file: Target::Existing(file()), name, source: source.clone() });
    let (old, new) = (text_of(&before), text_of(&change.after));
    let newline = if old.contains('\n') { shape.style.newline } else { "\n" };
    let expected = format!("\n{source}\n\n").replace('\n', newline);
    assert_eq!(method_source(&change.after, "ADDED").unwrap(), Some(expected));
    for at in 0..shape.methods.len() {
        let name = format!("m{at}");
        assert_eq!(method_source(&change.after, &name).unwrap(), method_source(&before, &name).unwrap());
    }
    let mut seen = facts(&change.after);
    pop(&mut seen, &["methods"]).expect("a method");
    assert_eq!(seen, facts(&before));
    assert_eq!(nodes(&new, &|n| is_named(n, "added")), nodes(&old, &|_| false));
    check_newlines(shape, &old, &new);
    let expected = usize::from(shape.methods.is_empty() || shape.style.indent.is_none());
    assert!(removed_lines(&change).len() <= expected, "{new}");
}

/// Two ranges of the text, in order, at characters.
fn ranges(text: &str, at: [prop::sample::Index; 4]) -> Vec<std::ops::Range<usize>> {
    let places: Vec<_> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
    let mut at = at.map(|index| places[index.index(places.len())]);
    at.sort_unstable();
    vec![at[0]..at[1], at[2]..at[3]]
}

fn check_edit(shape: &Shape, at: [prop::sample::Index; 4], texts: &[String; 2]) {
    let before = shape.bytes();
    let old = text_of(&before);
    let source = method_source(&before, "m0").unwrap().expect("a method");
    let newline = if source.contains('\n') { source.contains("\r\n") } else { old.contains("\r\n") };
    let newline = if newline { "\r\n" } else { "\n" };
    let ranges = ranges(&source, at);
    let edits =
        ranges.iter().zip(texts).map(|(range, text)| TextEdit { range: range.clone(), text: text.clone() });
    let change = Change::EditMethod { file: file(), method: "M0".into(), edits: edits.collect() };
    let middle = &source[ranges[0].end..ranges[1].start];
    let [first, second] = [0, 1].map(|at| texts[at].replace('\n', newline));
    let expected =
        format!("{}{first}{middle}{second}{}", &source[..ranges[0].start], &source[ranges[1].end..]);

    let planned = plan_with(&[change], &|_| Ok(before.clone())).expect("a plan");
    if expected == source {
        assert!(planned.is_empty());
        return;
    }
    let after = &planned[0].after;
    assert_eq!(method_source(after, "m0").unwrap(), Some(expected));
    let skip = |n: roxmltree::Node<'_, '_>| {
        n.has_tag_name("Source") && n.parent().is_some_and(|p| is_named(p, "m0"))
    };
    assert_eq!(nodes(&text_of(after), &skip), nodes(&old, &skip));
    let start = old.find("<Source>").unwrap();
    assert_eq!(text_of(after)[..start], old[..start]);
    let rest = &old[old[start..].find("</Source>").unwrap() + start..];
    assert!(text_of(after).ends_with(rest));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_new_field_changes_nothing_else(shape in shape()) {
        check_field(&shape);
    }

    #[test]
    fn a_new_method_changes_nothing_else(
        shape in shape().prop_filter("has code", |s| !EXTENSIONS.contains(&s.root)),
        source in code(),
    ) {
        check_method(&shape, &source);
    }

    #[test]
    fn an_edited_method_reads_as_edited(
        shape in shape().prop_filter("has code", |s| !EXTENSIONS.contains(&s.root) && !s.methods.is_empty()),
        at: [prop::sample::Index; 4],
        texts in [code(), code()],
    ) {
        check_edit(&shape, at, &texts);
    }

    #[test]
    fn damaged_files_are_refused_or_edited_but_never_broken(
        shape in shape(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), 0..3_usize, any::<u8>()), 1..4),
    ) {
        let mut bytes = shape.bytes();
        for (at, kind, byte) in damage {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match kind {
                0 => drop(bytes.remove(at)),
                1 => bytes.insert(at, byte),
                _ => bytes.truncate(at.max(1)),
            }
        }
        let field = NewField { name: "New".into(), data_source: "D".into(), data_field: "F".into(), form: shape.form() };
        let changes = [
            Change::EditMethod { file: file(), method: "m0".into(), edits: vec![TextEdit { range: 0..0, text: "x".into() }] },
            Change::AddField { file: Target::Existing(file()), field },
            Change::AddMethod { file: Target::Existing(file()), name: "n".into(), source: "s".into() },
        ];
        let _ = method_source(&bytes, "m0");
        for change in changes {
            if let Ok(planned) = plan_with(&[change], &|_| Ok(bytes.clone())) {
                let was_well_formed = roxmltree::Document::parse(&text_of(&bytes)).is_ok();
                prop_assert!(!was_well_formed || roxmltree::Document::parse(&text_of(&planned[0].after)).is_ok());
            }
        }
    }

    #[test]
    fn any_bytes_are_safe(bytes: Vec<u8>) {
        let _ = method_source(&bytes, "m");
        let field = NewField { name: "New".into(), data_source: "D".into(), data_field: "F".into(), form: FieldForm::View };
        let _ = plan_with(&[Change::AddField { file: Target::Existing(file()), field }], &|_| Ok(bytes.clone()));
    }
}
