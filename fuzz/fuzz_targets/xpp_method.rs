//! Methods of entities and helpers: the mapping method, the skip method, computed columns, `[ExtensionOf(…)]`.
//! X++ knows no upper and lower case, so that neither does any result.

#![no_main]

use dualtrack::source::Position;
use dualtrack::xpp::{MappingItem, MappingMethod, Method, MethodContent, extension_target, read_method};
use dualtrack_fuzz::{Lines, plain, weight};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 3] =
    ["getEntityDataSourceToFieldMapping", "dualWriteShouldSkipDataSource", "computedColumn"];

const FIRST: Position = Position { line: 1, column: 1 };

/// Containers may be written once and used often; beyond this the statement counts as undecidable.
const MOST: usize = 1 << 20;

fuzz_target!(|source: &str| {
    let lines = Lines::of(source);
    let upper = source.to_ascii_uppercase();
    for name in NAMES {
        let method = read_method(name, source, FIRST);
        assert_eq!(read_method(name, source, FIRST), method, "read twice");
        let value = plain(&method);
        lines.check(&value);
        assert!(weight(&value) <= MOST + 64 * source.len(), "{} from {} bytes", weight(&value), source.len());
        if let MethodContent::Mapping(mapping) = &method.content {
            check_mapping(mapping);
        }
        // In a string `\n` is a line end and `\N` is not.
        if !source.contains('\\') {
            assert_eq!(in_lower_case(&read_method(name, &upper, FIRST)), in_lower_case(&method));
        }
    }
    let target = extension_target(source).map(|name| name.to_ascii_uppercase());
    assert_eq!(extension_target(&upper), target);
    assert!(target.is_none_or(|name| upper.contains(&name)));
});

fn in_lower_case(method: &Method) -> String {
    plain(method).to_string().to_ascii_lowercase()
}

fn check_mapping(mapping: &MappingMethod) {
    check_items(&mapping.result, mapping);
    for disabled in &mapping.disabled {
        assert!(disabled.triple, "only well-formed entries are disabled ones");
    }
}

/// Items refer to entries that are there.
fn check_items(items: &[MappingItem], mapping: &MappingMethod) {
    for item in items {
        match item {
            MappingItem::Entry { index, .. } | MappingItem::Inserted { index, .. } => {
                let index = usize::try_from(*index).expect("an index");
                assert!(index < mapping.entries.len(), "{item:?}");
            }
            MappingItem::Next { argument, .. } => {
                assert!(mapping.has_next);
                check_items(argument, mapping);
            }
            MappingItem::Parameter { .. } => {}
        }
    }
}
