//! Which bytes go when entries go: the triple with its comma, whole lines where nothing else stands on them, a
//! statement that has nothing else to say.

use super::{Body, Trouble, before, line_end, line_start, rest};
use crate::edit::TextEdit;
use crate::xpp::code::Span;
use crate::xpp::statements::StatementKind;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What holds an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Holder {
    /// A list of entries, by its opening bracket.
    List(usize),
    /// A call of `conIns`, by its opening parenthesis.
    Insertion(usize),
    /// The container is the entry itself: its inner brackets were forgotten.
    Itself(usize),
}

/// The edits that remove entries, and the entries that must stay.
pub(super) fn edits(body: &Body, remove: &[u32]) -> (Vec<TextEdit>, Vec<(u32, Trouble)>) {
    let mut groups: BTreeMap<Holder, BTreeSet<usize>> = BTreeMap::new();
    let mut kept = Vec::new();
    for index in remove {
        match locate(body, *index) {
            Ok((holder, part)) => {
                groups.entry(holder).or_default().insert(part);
            }
            Err(trouble) => kept.push((*index, trouble)),
        }
    }
    let mut edits = Vec::new();
    for (holder, parts) in groups {
        edits.extend(match holder {
            Holder::List(open) => from_list(body, open, &parts),
            Holder::Insertion(open) => from_insertion(body, open, &parts),
            Holder::Itself(open) => whole_list(body, open),
        });
    }
    edits.sort_by_key(|e| (e.range.start, e.range.end));
    (edits, kept)
}

/// Finds an entry in the text: what holds it, and as which part.
fn locate(body: &Body, index: u32) -> Result<(Holder, usize), Trouble> {
    let code = &body.code;
    let entry = body.method.entries.get(index as usize).ok_or(Trouble::Changed)?;
    let tokens = 0..code.tokens.len();
    let token = tokens.into_iter().find(|at| code.position(*at) == entry.position).ok_or(Trouble::Changed)?;
    if !code.is(token, "[") {
        return Err(Trouble::NotSure);
    }
    let parent = parent(body, token);
    let part = |open: usize| {
        let parts = code.split(code.inside(open), ",");
        parts.iter().position(|p| code.unwrapped(*p).from == token)
    };
    match parent {
        Some(open) if code.is(open, "[") => {
            part(open).map(|n| (Holder::List(open), n)).ok_or(Trouble::NotSure)
        }
        Some(open) if open > 0 && code.is_word(open - 1, "conIns") && part(open).is_some_and(|n| n >= 2) => {
            part(open).map(|n| (Holder::Insertion(open), n)).ok_or(Trouble::NotSure)
        }
        _ if entry.triple => Err(Trouble::InVariable),
        _ => {
            let parts = code.split(code.inside(token), ",");
            let plain = parts.iter().all(|p| !code.is_group(code.unwrapped(*p), "["));
            if plain { Ok((Holder::Itself(token), 0)) } else { Err(Trouble::NotSure) }
        }
    }
}

/// The innermost bracket around a token, parentheses that only group left aside.
fn parent(body: &Body, token: usize) -> Option<usize> {
    let code = &body.code;
    let opens = ["(", "[", "{"];
    let around = (0..token)
        .rev()
        .filter(|at| opens.iter().any(|open| code.is(*at, open)) && code.partner(*at) > token);
    around.into_iter().find(|at| !(code.is(*at, "(") && *at > 0 && code.name(*at - 1).is_none()))
}

fn from_list(body: &Body, open: usize, parts: &BTreeSet<usize>) -> Vec<TextEdit> {
    let code = &body.code;
    let inside = code.inside(open);
    let elements = code.split(inside, ",");
    let last_kept = (0..elements.len()).rev().find(|n| !parts.contains(n) && !elements[*n].is_empty());
    let Some(last_kept) = last_kept else { return whole_list(body, open) };
    let comma = |n: usize| Some(elements[n].to).filter(|at| *at < inside.to);
    let stray = comma(last_kept).filter(|_| parts.last().is_some_and(|last| *last > last_kept));
    let stray = stray.map(|at| body.start(at)..body.end(at));
    let mut pieces: Vec<Range<usize>> = stray.iter().cloned().collect();
    pieces.extend(parts.iter().map(|part| {
        let end = comma(*part).unwrap_or(elements[*part].to - 1);
        body.start(elements[*part].from)..body.end(end)
    }));
    pieces.sort_unstable_by_key(|range| range.start);
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for piece in pieces {
        match ranges.last_mut() {
            Some(run) if is_blank_on_one_line(&body.source[run.end..piece.start]) => run.end = piece.end,
            _ => ranges.push(piece),
        }
    }
    let whole = |range| if stray.as_ref() == Some(&range) { range } else { whole_lines(body, range) };
    ranges.into_iter().map(|range| gone(whole(range))).collect()
}

fn is_blank_on_one_line(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() && c != '\n')
}

fn gone(range: Range<usize>) -> TextEdit {
    TextEdit { range, text: String::new() }
}

/// A container of which nothing stays: its statement goes, or its term in a sum, or it becomes an empty one.
fn whole_list(body: &Body, open: usize) -> Vec<TextEdit> {
    let code = &body.code;
    let close = code.partner(open);
    let alone = body.statement(open).filter(|s| matches!(s.kind, StatementKind::Simple)).map(|s| s.span);
    if let Some(span) = alone.filter(|span| only_appends(body, *span, open) && body.stands_in_block(*span)) {
        return vec![without_statement(body, span)];
    }
    let without_comments = |from: usize, to: usize| body.source[from..to].trim().is_empty();
    if open > 1 && code.is(open - 1, "+") && without_comments(body.end(open - 2), body.start(open - 1)) {
        return vec![gone(body.end(open - 2)..body.end(close))];
    }
    if code.is(close + 1, "+") && without_comments(body.end(close + 1), body.start(close + 2)) {
        return vec![gone(body.start(open)..body.start(close + 2))];
    }
    vec![TextEdit { range: body.start(open)..body.end(close), text: "conNull()".to_owned() }]
}

/// `m += [ … ]` or `m = m + [ … ]`, with this container.
fn only_appends(body: &Body, span: Span, open: usize) -> bool {
    let code = &body.code;
    let Some(name) = code.name(span.from) else { return false };
    let appends = code.is(span.from + 1, "+=") && open == span.from + 2;
    let sums = code.is(span.from + 1, "=")
        && code.is_word(span.from + 2, name)
        && code.is(span.from + 3, "+")
        && open == span.from + 4;
    (appends || sums) && code.after(open) == span.to
}

fn from_insertion(body: &Body, open: usize, parts: &BTreeSet<usize>) -> Vec<TextEdit> {
    let code = &body.code;
    let arguments = code.split(code.inside(open), ",");
    if arguments.len() > parts.len() + 2 {
        let before = |part: usize| body.end(arguments[part - 1].to - 1);
        return parts.iter().map(|part| gone(before(*part)..body.end(arguments[*part].to - 1))).collect();
    }
    let held = body.text(arguments[0]);
    let close = code.partner(open);
    if let Some(statement) = body.statement(open).filter(|s| matches!(s.kind, StatementKind::Simple)) {
        let span = statement.span;
        let same = code.name(span.from).is_some_and(|name| held.eq_ignore_ascii_case(name));
        let whole = code.is(span.from + 1, "=") && open == span.from + 3 && close + 1 == span.to;
        if same && whole && body.stands_in_block(span) {
            return vec![gone(statement_lines(body, span))];
        }
    }
    vec![TextEdit { range: body.start(open - 1)..body.end(close), text: held.to_owned() }]
}

/// Whole lines where nothing but the range (and a comment behind it) stands on them, with the comment above when it
/// belongs to nothing else; else the range with the blanks behind it.
fn whole_lines(body: &Body, range: Range<usize>) -> Range<usize> {
    let source = body.source;
    let behind = rest(source, range.end).trim();
    let plain = behind.is_empty() || (behind.starts_with("//") && !behind.contains('['));
    if !before(source, range.start).trim().is_empty() || !plain {
        let blanks = source[range.end..].len() - source[range.end..].trim_start_matches([' ', '\t']).len();
        let ends = source[range.end + blanks..].starts_with(['\r', '\n']);
        return range.start..range.end + if ends { 0 } else { blanks };
    }
    let (start, end) = (line_start(source, range.start), line_end(source, range.end));
    let next = rest(source, end).trim();
    let belongs = ["//", "/*", "]", "}"].iter().any(|mark| next.starts_with(mark)) || next.is_empty();
    if belongs { comment_above(source, start)..end } else { start..end }
}

/// The start of the comment lines right above a line, unless one of them may hold a disabled entry.
fn comment_above(source: &str, line: usize) -> usize {
    let mut start = line;
    while start > 0 {
        let above = line_start(source, start - 1);
        let text = source[above..start].trim();
        if !text.starts_with("//") {
            break;
        }
        if text.contains('[') {
            return line;
        }
        start = above;
    }
    start
}

/// Takes a statement away; what is commented out inside it stays, as comments in its place.
fn without_statement(body: &Body, span: Span) -> TextEdit {
    let inside = body.start(span.from)..body.end(span.to - 1);
    let comments = || body.code.comments.iter().map(|(c, _)| *c).filter(|c| inside.contains(&c.start));
    let range = statement_lines(body, span);
    if !comments().any(|c| c.text(body.source).contains('[')) {
        return gone(range);
    }
    let indent = before(body.source, inside.start);
    let kept = comments().filter(|c| before(body.source, c.start).trim().is_empty());
    let lines = kept.map(|c| format!("{indent}{}{}", c.text(body.source), body.line_end()));
    TextEdit {
        text: lines.collect(),
        range: line_start(body.source, inside.start).max(range.start)..range.end,
    }
}

/// A statement with its semicolon, its lines, and one of two blank lines around it.
fn statement_lines(body: &Body, span: Span) -> Range<usize> {
    let source = body.source;
    let end = if body.code.is(span.to, ";") { body.end(span.to) } else { body.end(span.to - 1) };
    let range = whole_lines(body, body.start(span.from)..end);
    let is_whole =
        range.start == line_start(source, range.start) && line_start(source, range.end) == range.end;
    if !is_whole
        || range.start == 0
        || range.end >= source.len()
        || !rest(source, range.end).trim().is_empty()
    {
        return range;
    }
    let above = source[line_start(source, range.start - 1)..range.start].trim();
    if above.is_empty() || above == "{" { range.start..line_end(source, range.end) } else { range }
}
