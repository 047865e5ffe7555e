//! The X++ of a whole file: the tree, the flow and what it does to tables.
//!
//! An input is a declaration and methods, each behind a line `---- name`; its first byte chooses the kind of element.

#![no_main]

use dualtrack::source::{Lines as Counter, Position};
use dualtrack::xpp::effects::{
    Excerpt, FormDataSource, MethodEffects, Part, RawMethod, RawUnit, Unit, UnitKind, Wanted, read_unit,
};
use dualtrack_fuzz::{Lines, plain, weight};
use libfuzzer_sys::fuzz_target;
use std::borrow::Cow;

const MARK: &str = "\n---- ";

const KINDS: [UnitKind; 6] =
    [UnitKind::Class, UnitKind::Table, UnitKind::View, UnitKind::Entity, UnitKind::Map, UnitKind::Form];

/// Characters of an excerpt, the mark of a cut included.
const EXCERPT: usize = 161;

fuzz_target!(|text: &str| {
    let unit = raw_unit(text, text);
    let mut wanted = Wanted::nothing();
    wanted.add("insert");
    unit.methods.first().into_iter().for_each(|method| wanted.add(&method.name));
    let read = read_unit(&unit, &wanted);
    assert_eq!(read_unit(&unit, &wanted), read, "read twice");

    let value = plain(&read);
    Lines::of_some(text).check(&value);
    let limit = (1 << 20) + 1_024 * text.len();
    assert!(weight(&value) <= limit, "{} from {} bytes", weight(&value), text.len());
    let lines = text.split('\n').count();
    read.methods.iter().for_each(|method| check_method(method, lines));
    if !text.contains('\\') {
        check_case(text, &wanted, &read);
    }
});

/// The pieces of `text`, which stand where those of `original` do.
fn raw_unit<'a>(text: &'a str, original: &str) -> RawUnit<'a> {
    let kind = KINDS[usize::from(text.bytes().next().unwrap_or_default()) % KINDS.len()];
    let mut counter = Counter::new(original.as_bytes());
    let declaration = text.split(MARK).next().unwrap_or_default();
    let mut at = declaration.len();
    let mut methods = Vec::new();
    for piece in text.split(MARK).skip(1) {
        at += MARK.len();
        let (name, source) = piece.split_once('\n').unwrap_or((piece, ""));
        let first = counter.position(at + piece.len() - source.len());
        let part =
            (kind == UnitKind::Form && methods.len() % 2 == 1).then(|| Part::DataSource("Cust".into()));
        methods.push(RawMethod { name: Cow::Borrowed(name), source: Cow::Borrowed(source), first, part });
        at += piece.len();
    }
    let source = FormDataSource { name: "Cust".into(), table: "CustTable".into(), line: 1 };
    RawUnit {
        name: "Unit".into(),
        line: 1,
        kind,
        declaration: Cow::Borrowed(declaration),
        declared_at: Position { line: 1, column: 1 },
        methods,
        data_sources: if kind == UnitKind::Form { vec![source] } else { Vec::new() },
    }
}

fn check_method(method: &MethodEffects, lines: usize) {
    let scopes = method.scopes.len();
    let is_scope = |index: u32| usize::try_from(index).is_ok_and(|index| index < scopes);
    assert!(method.writes.iter().filter_map(|write| write.scope).all(is_scope));
    assert!(method.scoped_calls.iter().all(|call| is_scope(call.scope)));
    assert!(method.scopes.iter().flat_map(|scope| &scope.after).all(|index| is_scope(*index)));
    let excerpts = method.writes.iter().map(|write| &write.excerpt);
    let excerpts = excerpts.chain(method.scopes.iter().map(|scope| &scope.begin)).chain(&method.unread);
    excerpts
        .chain(method.unbalanced.iter().map(|u| &u.excerpt))
        .for_each(|excerpt| check_excerpt(excerpt, lines));
}

fn check_excerpt(excerpt: &Excerpt, lines: usize) {
    assert!(excerpt.text.chars().count() <= EXCERPT, "{excerpt:?}");
    assert!(!excerpt.text.contains('\n'), "{excerpt:?}");
    let last = usize::try_from(excerpt.last_line).expect("a line");
    assert!(excerpt.position.line <= excerpt.last_line && last <= lines, "{excerpt:?}");
}

/// X++ knows no upper and lower case. The first byte chooses the kind and stays.
fn check_case(text: &str, wanted: &Wanted, read: &Unit) {
    if !text.is_char_boundary(1) {
        return;
    }
    let (kind, rest) = text.split_at(1);
    let other = format!("{kind}{}", rest.to_ascii_uppercase());
    let upper = read_unit(&raw_unit(&other, text), wanted);
    let lower = |unit: &Unit| plain(unit).to_string().to_ascii_lowercase();
    assert_eq!(lower(&upper), lower(read));
}
