//! AOT files of every kind: nothing panics, places lie in the file, and another XML parser agrees about what is
//! well-formed.

#![no_main]

use dualtrack::aot::{
    Definition, FileFacts, Methods, mentions_extension, read_descriptor, read_enumeration, read_file,
};
use dualtrack::problem::Code;
use dualtrack::source::decode;
use dualtrack_fuzz::{Lines, plain, weight};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = decode(bytes) else { return };
    let lines = Lines::of_xml(&text);
    let facts = read_file(&text, "Stem", Methods::All);
    check(&text, &lines, &facts);
    assert_eq!(read_file(&text, "Stem", Methods::All), facts, "read twice");
    check_fewer_methods(&text, &lines, facts);
    if let Err(problem) = read_descriptor(&text) {
        lines.check(&plain(&problem));
    }
    match read_enumeration(&text) {
        Ok(enumeration) => drop(enumeration.number("None")),
        Err(problem) => lines.check(&plain(&problem)),
    }
});

fn is_broken(facts: &FileFacts) -> bool {
    facts.problems.iter().any(|problem| problem.code == Code::MalformedFile)
}

fn check(text: &str, lines: &Lines<'_>, facts: &FileFacts) {
    let value = plain(facts);
    lines.check(&value);
    let limit = 4_096 + 64 * text.len();
    assert!(weight(&value) <= limit, "{} from {} bytes", weight(&value), text.len());
    if is_broken(facts) {
        assert_eq!((&facts.definition, facts.problems.len()), (&None, 1), "half an element");
        check_second_opinion(text, facts);
    }
}

/// What another parser finds well-formed is refused only for what it is. That one takes `<:A></A>` for a pair.
fn check_second_opinion(text: &str, facts: &FileFacts) {
    if text.contains("<:") || text.contains("</:") {
        return;
    }
    let Ok(document) = roxmltree::Document::parse(text) else { return };
    let is_metadata = document.root_element().tag_name().name().starts_with("Ax");
    assert!(!is_metadata, "{:?} in {text}", facts.problems);
}

/// The methods that are not wanted are all that is missing. What is skipped is looked at less closely, so that a fault
/// may go unnoticed there.
fn check_fewer_methods(text: &str, lines: &Lines<'_>, mut all: FileFacts) {
    let fewer = read_file(text, "Stem", Methods::None);
    check(text, lines, &fewer);
    assert!(is_broken(&all) || !is_broken(&fewer), "{:?}", fewer.problems);
    if is_broken(&all) {
        return;
    }
    match &mut all.definition {
        Some(Definition::Class(class)) if class.extension_of.is_none() => {
            assert_eq!(fewer.definition, None);
            return;
        }
        Some(Definition::Class(_)) => assert!(mentions_extension(text.as_bytes()), "it would not be read"),
        Some(Definition::Table(table)) => table.methods.clear(),
        _ => {}
    }
    assert_eq!(fewer, all);
}
