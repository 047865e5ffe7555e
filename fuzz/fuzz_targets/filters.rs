//! The filters of table maps, of both sides: a tree prints as a filter that reads back as the same tree, and what
//! cannot be read has a place.

#![no_main]

use dualtrack::dualwrite::filter::{Span, SyntaxError, odata, range};
use libfuzzer_sys::fuzz_target;
use std::fmt::{Debug, Display};

fuzz_target!(|filter: &str| {
    let read = checked(filter, range::parse);
    if let Some(tree) = read {
        check_span(filter, tree.span());
        range::form_faults(&tree).iter().for_each(|fault| check_span(filter, fault.span));
        for (comparison, _) in tree.comparisons() {
            check_span(filter, comparison.operator_span);
            comparison.fields().for_each(|field| check_span(filter, field.name.span));
        }
    }
    if let Some(tree) = checked(filter, odata::parse) {
        odata::limits(&tree).iter().for_each(|limit| check_span(filter, limit.span));
        for path in tree.paths() {
            assert!(path.lookups() < filter.len());
        }
    }
});

/// Reads a filter, prints the tree, and reads that again.
fn checked<T: Debug + Display>(filter: &str, parse: impl Fn(&str) -> Result<T, SyntaxError>) -> Option<T> {
    match parse(filter) {
        Ok(tree) => {
            let printed = tree.to_string();
            assert!(printed.len() <= 64 + 4 * filter.len(), "{} from {}", printed.len(), filter.len());
            let again = parse(&printed).unwrap_or_else(|error| panic!("{printed}: {error}"));
            assert_eq!(bare(&again), bare(&tree), "{filter} prints as {printed}");
            assert_eq!(again.to_string(), printed);
            Some(tree)
        }
        Err(error) => {
            assert!(filter.get(error.span.range()).is_some(), "{error:?}");
            assert!(error.span.column(filter) <= filter.chars().count() + 1);
            assert!(error.to_string().len() < 1_024, "{error}");
            None
        }
    }
}

fn check_span(filter: &str, span: Span) {
    assert!(!span.text(filter).is_empty(), "{span:?} of {filter}");
}

/// A tree without its places.
fn bare(tree: &impl Debug) -> String {
    let shown = format!("{tree:?}");
    let mut parts = shown.split("Span { start: ");
    let mut bare = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        bare.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
    }
    bare
}
