//! `select` and the statements for many records: their buffers and columns. Conditions are not looked at.

use super::{Find, Recordset, RecordsetKind};
use crate::xpp::code::{Code, Span};

/// Words between `select` (or `join`) and the fields or the buffer.
const OPTIONS: [&str; 18] = [
    "crosscompany",
    "firstfast",
    "firstonly",
    "firstonly1",
    "firstonly10",
    "firstonly100",
    "firstonly1000",
    "forceliterals",
    "forcenestedloop",
    "forceplaceholders",
    "forceselectorder",
    "forupdate",
    "generateonly",
    "nofetch",
    "optimisticlock",
    "pessimisticlock",
    "repeatableread",
    "reverse",
];

/// Words that start what follows a buffer.
const CLAUSES: [&str; 11] = [
    "where",
    "join",
    "exists",
    "notexists",
    "outer",
    "order",
    "group",
    "index",
    "setting",
    "validtimestate",
    "from",
];

/// Reads what stands behind `select`.
pub(super) fn read_find<'a>(code: &Code<'a>, span: Span) -> Find<'a> {
    let mut buffers = Vec::new();
    let mut at = span.from;
    while at < span.to {
        let part = Span::new(at, join(code, Span::new(at, span.to)));
        buffers.extend(buffer(code, part));
        at = part.to + 1;
    }
    Find { buffers }
}

/// The next `join` of a span.
fn join(code: &Code<'_>, span: Span) -> usize {
    code.find(span, |at| code.is_word(at, "join"))
}

/// The buffer of one table of a `select`: the name behind `from`, or the first one behind the options.
fn buffer<'a>(code: &Code<'a>, part: Span) -> Option<&'a str> {
    let start = behind_options(code, part);
    let clause = |at: usize, words: &[&str]| words.iter().any(|word| code.is_word(at, word));
    let from = code.find(Span::new(start, part.to), |at| clause(at, &CLAUSES));
    let at = if from < part.to && code.is_word(from, "from") { from + 1 } else { start };
    code.name(at).filter(|_| at < part.to)
}

/// Whether a word belongs to `select`, so that it may stand beside an operand.
pub(super) fn is_select_word(word: &str) -> bool {
    const OTHERS: [&str; 10] = ["by", "hint", "asc", "desc", "in", "like", "div", "mod", "as", "select"];
    let lists = OPTIONS.iter().chain(&CLAUSES).chain(&OTHERS);
    lists.into_iter().any(|known| known.eq_ignore_ascii_case(word))
}

pub(super) fn behind_options(code: &Code<'_>, span: Span) -> usize {
    let mut at = span.from;
    while at < span.to {
        if OPTIONS.iter().any(|option| code.is_word(at, option)) {
            at += 1;
            // `crosscompany : companies`
            if code.is(at, ":") {
                at = code.after(at + 1);
            }
        } else if code.is_word(at, "validtimestate") && code.is(at + 1, "(") {
            at = code.after(at + 1);
        } else {
            break;
        }
    }
    at.min(span.to)
}

/// Reads what stands behind `insert_recordset`, `update_recordset` or `delete_from`.
pub(super) fn read_recordset<'a>(code: &Code<'a>, kind: RecordsetKind, span: Span) -> Recordset<'a> {
    let at = behind_options(code, span);
    let buffer = code.name(at).filter(|_| at < span.to);
    let rest = Span::new((at + 1).min(span.to), span.to);
    let (columns, find) = match kind {
        RecordsetKind::Insert => inserted(code, rest),
        RecordsetKind::Update => (set(code, rest), joined(code, rest)),
        RecordsetKind::Delete => (None, joined(code, rest)),
    };
    Recordset { kind, buffer, columns, find }
}

/// `(a, b) select …`; a list may be left out, and `setting` may stand in its place.
fn inserted<'a>(code: &Code<'a>, rest: Span) -> (Option<Vec<&'a str>>, Find<'a>) {
    let select = code.find(rest, |at| code.is_word(at, "select"));
    let find = read_find(code, Span::new((select + 1).min(rest.to), rest.to));
    let columns = if code.is(rest.from, "(") && !rest.is_empty() {
        names(code, code.inside(rest.from))
    } else {
        set(code, rest)
    };
    (columns, find)
}

/// `a, b, c`; `None` when something else stands between the commas.
fn names<'a>(code: &Code<'a>, list: Span) -> Option<Vec<&'a str>> {
    let parts = code.split(list, ",");
    parts.into_iter().map(|part| column(code, part)).collect()
}

/// `a`, `x.a` or `a[1]`.
fn column<'a>(code: &Code<'a>, part: Span) -> Option<&'a str> {
    let end = code.find(part, |at| code.is(at, "["));
    let last = end.checked_sub(1).filter(|last| *last >= part.from)?;
    code.name(last)
}

/// The columns of `setting a = …, b = …`.
fn set<'a>(code: &Code<'a>, rest: Span) -> Option<Vec<&'a str>> {
    let setting = code.find(rest, |at| code.is_word(at, "setting"));
    if setting >= rest.to {
        return None;
    }
    let ends = ["where", "join", "exists", "notexists", "outer", "select"];
    let list = Span::new(setting + 1, rest.to);
    let list = Span::new(list.from, code.find(list, |at| ends.iter().any(|end| code.is_word(at, end))));
    let parts = code.split(list, ",");
    let set = parts.into_iter().map(|part| {
        let equals = code.find(part, |at| ["=", "+=", "-="].iter().any(|sign| code.is(at, sign)));
        column(code, Span::new(part.from, equals)).filter(|_| equals < part.to)
    });
    set.collect()
}

/// The buffers behind `join`.
fn joined<'a>(code: &Code<'a>, rest: Span) -> Find<'a> {
    let first = join(code, rest);
    if first >= rest.to { Find::default() } else { read_find(code, Span::new(first + 1, rest.to)) }
}
