//! Methods of any shape: after surgery the method has the entries that it should have, each once, in their order.

use super::{Addition, Triple, edited, operate, read};
use crate::xpp::{LabelForm, MappingItem, MappingMethod};
use proptest::prelude::*;

/// A statement with its entries; `@` stands for an entry with a label of its own, `~` for one in a comment.
const STATEMENTS: [&str; 12] = [
    "mapping += [@];",
    "mapping += [@]; // why",
    "mapping += [@, @];",
    "mapping += [\n    // one\n    @,\n    // ~,\n    @, // two\n    @\n];\n",
    "mapping += [\n    // ~,\n    @\n];",
    "mapping = mapping + [@] + [@, @];",
    "mapping = conIns(mapping, 1, @);",
    "mapping = conIns(mapping, conLen(mapping) + 1, @, @);",
    "if (x)\n{\n    mapping += [@];\n}\n",
    "if (x)\n    mapping += [@, @];\nelse\n    mapping += [@];\n",
    "// mapping += [~];",
    "info('a');",
];

const EXITS: [&str; 4] = [
    "return mapping;",
    "return mapping + [@];",
    "return conIns(mapping, 1, @);",
    "if (y) return mapping;\n\nreturn mapping;",
];

fn triple(label: &str) -> Triple {
    let (table, field, owner) = ("T".into(), "F".into(), Some("E".into()));
    Triple { label: label.into(), form: LabelForm::TableStr, table, field, owner, comment: "for F".into() }
}

/// The method, each entry with a label of its own.
fn source(statements: &[&str], exit: &str, crlf: bool) -> String {
    let mut text = "    public static container m(container mapping)\n    {\n".to_owned();
    let mut labels = 0;
    for line in statements.iter().chain([&exit]).flat_map(|s| s.split('\n')) {
        let indent = if line.is_empty() { "" } else { "        " };
        text.push_str(indent);
        for c in line.chars() {
            match c {
                '@' | '~' => {
                    labels += 1;
                    text.push_str(&triple(&format!("{}{labels}", if c == '@' { "L" } else { "D" })).code());
                }
                _ => text.push(c),
            }
        }
        text.push('\n');
    }
    text.push_str("    }\n");
    if crlf { text.replace('\n', "\r\n") } else { text }
}

/// The labels of the entries that the method yields, in order.
fn labels(method: &MappingMethod) -> Vec<String> {
    let index = |item: &MappingItem| match item {
        MappingItem::Entry { index, .. } | MappingItem::Inserted { index, .. } => Some(*index as usize),
        _ => None,
    };
    let entries = method.result.iter().filter_map(index).map(|n| &method.entries[n]);
    entries.map(|e| e.label.as_deref().unwrap_or_default().to_owned()).collect()
}

proptest! {
    #[test]
    fn the_method_has_the_entries_that_it_should_have(
        statements in prop::collection::vec(prop::sample::select(&STATEMENTS[..]), 0..5),
        exit in prop::sample::select(&EXITS[..]),
        chosen in prop::collection::vec(any::<bool>(), 30),
        new in 0_usize..3,
        enable in any::<bool>(),
        crlf in any::<bool>(),
    ) {
        let source = source(&statements, exit, crlf);
        let before = read(&source);
        let remove: Vec<u32> = (0..).take(before.entries.len()).filter(|n| chosen[*n as usize]).collect();
        let mut add: Vec<Addition> =
            (0..new).map(|n| Addition { triple: triple(&format!("N{n}")), disabled: None }).collect();
        if let Some(label) = before.disabled.first().and_then(|d| d.label.as_deref()).filter(|_| enable) {
            add.push(Addition { triple: triple(label), disabled: Some(0) });
        }
        let surgery = operate(&source, &remove, &add);
        prop_assert_eq!(&surgery.kept, &[]);
        prop_assert_eq!(surgery.not_added, None);
        let text = edited(&source, &surgery.edits);
        let after = read(&text);
        let gone: Vec<&str> = remove.iter().filter_map(|n| before.entries[*n as usize].label.as_deref()).collect();
        let staying: Vec<String> = labels(&before).into_iter().filter(|l| !gone.contains(&l.as_str())).collect();
        let (added, kept): (Vec<String>, Vec<String>) =
            labels(&after).into_iter().partition(|l| add.iter().any(|a| *a.triple.label == **l));
        prop_assert_eq!(kept, staying, "{}", text);
        let mut added: Vec<&str> = added.iter().map(String::as_str).collect();
        let mut wanted: Vec<&str> = add.iter().map(|a| &*a.triple.label).collect();
        added.sort_unstable();
        wanted.sort_unstable();
        prop_assert_eq!(added, wanted, "{}", text);
        prop_assert_eq!(after.disabled.len() + surgery.enabled.len(), before.disabled.len(), "{}", text);
        prop_assert_eq!(text.matches('\n').count() == text.matches("\r\n").count(), crlf || !text.contains('\n'));
        let line = |entry: &str| text.lines().filter(|l| l.contains(entry)).count();
        prop_assert!(gone.iter().all(|label| line(&format!("({label})")) == 0), "{}", text);
    }
}
