//! Edits of files: what was read is there as before, what was added is read, and no other byte has changed.
//!
//! The last bytes of an input choose the change, all before them are the file.

#![no_main]

use dualtrack::aot::{FileFacts, Methods, read_file};
use dualtrack::edit::{
    Change, FieldForm, NewField, Target, TextEdit, method_source, plan_with, unified_diff,
};
use dualtrack::text::decode;
use dualtrack_fuzz::plain;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use std::path::PathBuf;

/// Bytes that choose the change.
const CONTROL: usize = 6;

const NEW: [&str; 6] = ["NewField", "Größe", "a<b>&c", "]]>", "'\"", " "];
const TEXTS: [&str; 8] = ["", "x", "\n    y;\n", "]]>", "<&>", "\r\n", "//", "é"];

fuzz_target!(|bytes: &[u8]| {
    let Some(length) = bytes.len().checked_sub(CONTROL) else { return };
    let (document, control) = bytes.split_at(length);
    let pick = |at: usize, from: &[&'static str]| from[usize::from(control[at]) % from.len()];
    match control[0] % 4 {
        0 => add_field(document, FieldForm::Entity, pick(1, &NEW)),
        1 => add_field(document, FieldForm::View, pick(1, &NEW)),
        2 => add_method(document, pick(1, &NEW), pick(2, &TEXTS)),
        _ => edit_method(document, [control[1], control[2], control[3]], pick(4, &TEXTS)),
    }
});

fn file() -> PathBuf {
    PathBuf::from("x.xml")
}

/// The bytes after a change; `None` when it is refused, or changes nothing.
fn planned(before: &[u8], change: &Change) -> Option<Vec<u8>> {
    let mut planned = plan_with(std::slice::from_ref(change), &|_| Ok(before.to_vec())).ok()?;
    assert!(planned.len() < 2);
    let planned = planned.pop()?;
    assert_eq!(planned.before.as_deref(), Some(before));
    let diff = unified_diff(std::slice::from_ref(&planned), &|_| "x".to_owned());
    assert!(diff.contains("@@"), "a change is seen");
    Some(planned.after)
}

fn facts(bytes: &[u8]) -> FileFacts {
    read_file(&decode(bytes).expect("text"), "x", Methods::All)
}

/// What is left of the text when what both have in front and at the end is taken away.
fn removed(before: &[u8], after: &[u8]) -> String {
    let (before, after) = (decode(before).expect("text"), decode(after).expect("text"));
    let start = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
    let shorter = before.len().min(after.len()) - start;
    let end = before.bytes().rev().zip(after.bytes().rev()).take(shorter).take_while(|(a, b)| a == b).count();
    String::from_utf8_lossy(&before.as_bytes()[start..before.len() - end]).into_owned()
}

/// An insertion takes nothing away; only a list that is written as `<Fields />` must be opened.
fn check_insertion(before: &[u8], after: &[u8]) {
    let removed = removed(before, after);
    assert!(removed.chars().all(|c| c.is_whitespace() || matches!(c, '/' | '>')), "{removed:?} is gone");
}

/// What readers see, without the places.
fn seen(bytes: &[u8]) -> Value {
    let mut value = plain(&facts(bytes).definition);
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

/// Takes the item of this name out of the first list that is called so. It need not be the last: a file may have two
/// lists, and the first gets what is new.
fn take(value: &mut Value, lists: &[&str], wanted: &str) -> Option<Value> {
    let Value::Object(members) = value else { return None };
    members.iter_mut().find_map(|(name, member)| match member {
        Value::Array(items) if lists.contains(&name.as_str()) => {
            let is_wanted = |item: &Value| item["name"] == wanted || item["named"]["name"] == wanted;
            items.iter().position(is_wanted).map(|at| items.remove(at))
        }
        member => take(member, lists, wanted),
    })
}

/// Takes the last item of the first list of this name.
fn pop(value: &mut Value, lists: &[&str]) -> Option<Value> {
    let Value::Object(members) = value else { return None };
    members.iter_mut().find_map(|(name, member)| match member {
        Value::Array(items) if lists.contains(&name.as_str()) => items.pop(),
        member => pop(member, lists),
    })
}

fn is_whole(bytes: &[u8]) -> bool {
    decode(bytes).is_ok() && facts(bytes).problems.is_empty()
}

fn add_field(before: &[u8], form: FieldForm, name: &str) {
    let (data_source, data_field) = ("D<", "R&é");
    let field =
        NewField { name: name.into(), data_source: data_source.into(), data_field: data_field.into(), form };
    let change = Change::AddField { file: Target::Existing(file()), field };
    let Some(after) = planned(before, &change) else { return };
    check_insertion(before, &after);
    assert_eq!(planned(&after, &change), None, "it is there");
    if is_whole(before) && !name.trim().is_empty() {
        assert_eq!(facts(&after).problems, []);
        let mut now = seen(&after);
        let added = take(&mut now, &["fields", "view_fields"], name).expect("a field");
        assert_eq!(added["named"]["name"], name);
        let mapped = &added["binding"]["Mapped"];
        assert_eq!((&mapped["source"], &mapped["field"]), (&data_source.into(), &data_field.into()));
        assert_eq!(now, seen(before));
    }
}

fn add_method(before: &[u8], name: &str, text: &str) {
    let source = format!("    void added()\n    {{\n        {text}\n    }}");
    let change =
        Change::AddMethod { file: Target::Existing(file()), name: name.into(), source: source.clone() };
    let Some(after) = planned(before, &change) else { return };
    check_insertion(before, &after);
    assert_eq!(planned(&after, &change), None, "it is there");
    let read = method_source(&after, name).expect("a document").expect("a method");
    let lines = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
    assert_eq!(lines(&read), lines(&source));
    if is_whole(before) && !name.trim().is_empty() {
        assert_eq!(facts(&after).problems, []);
        let mut now = seen(&after);
        if take(&mut now, &["methods"], name).is_some() {
            assert_eq!(now, seen(before));
        }
    }
}

/// The name of the first method.
fn first_method(bytes: &[u8]) -> Option<String> {
    let text = decode(bytes).ok()?;
    let document = roxmltree::Document::parse(&text).ok()?;
    let method = document.descendants().find(|node| node.tag_name().name() == "Method")?;
    let name = method.children().find(|node| node.tag_name().name() == "Name")?;
    name.text().map(str::to_owned)
}

fn edit_method(before: &[u8], at: [u8; 3], text: &str) {
    let Some(method) = first_method(before) else { return };
    let Ok(Some(source)) = method_source(before, &method) else { return };
    let place = |share: u8| {
        let wanted = source.len() * usize::from(share) / 255;
        (wanted..=source.len()).find(|at| source.is_char_boundary(*at)).unwrap_or(source.len())
    };
    let (start, end) = (place(at[0].min(at[1])), place(at[0].max(at[1])));
    let edits = vec![TextEdit { range: start..end, text: text.into() }];
    let change = Change::EditMethod { file: file(), method: method.clone(), edits };
    let Some(after) = planned(before, &change) else { return };
    let read = method_source(&after, &method).expect("a document").expect("a method");
    let lines = |text: &str| text.replace("\r\n", "\n");
    let expected = format!("{}{text}{}", &source[..start], &source[end..]);
    // A new line end takes the form of its neighbours, and may complete half of one.
    if !source.contains('\r') && !text.contains('\r') {
        assert_eq!(lines(&read), lines(&expected));
    }
    if is_whole(before) {
        assert_eq!(facts(&after).problems, []);
        without_methods(before, &after);
    }
}

/// All but the methods is as before.
fn without_methods(before: &[u8], after: &[u8]) {
    let bare = |bytes: &[u8]| {
        let mut value = seen(bytes);
        while pop(&mut value, &["methods"]).is_some() {}
        value
    };
    let (before, after) = (bare(before), bare(after));
    if before["Class"] == Value::Null {
        assert_eq!(before, after);
    }
}
