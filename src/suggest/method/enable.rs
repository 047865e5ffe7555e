//! Taking a commented-out entry back into its list.

use super::{Body, before};
use crate::edit::TextEdit;
use crate::xpp::lexer::{Token, TokenKind};

/// The edits that remove the `//` before a disabled entry which has a line to itself, and set the commas right.
pub(super) fn edits(body: &Body, disabled: u32) -> Option<Vec<TextEdit>> {
    let entry = body.method.disabled.get(disabled as usize)?;
    let (comment, _) = body.code.comments.iter().find(|(token, position)| {
        position.line == entry.position.line && token.kind == TokenKind::LineComment
    })?;
    let text = comment.text(body.source);
    let blank = text.trim_start_matches('/');
    let inner = blank.trim();
    let plain = before(body.source, comment.start).trim().is_empty();
    if !plain || blank.len() + 2 != text.len() || !inner.starts_with('[') {
        return None;
    }
    let start = comment.end - blank.trim_start().len();
    let mut edits = vec![TextEdit { range: comment.start..start, text: String::new() }];
    let entry_end = start + inner.trim_end_matches(',').trim_end().len();
    edits.extend(commas(body, *comment, entry_end, inner.ends_with(','))?);
    Some(edits)
}

/// A comma before the entry where the list went on without one, and one behind it where the list goes on.
fn commas(body: &Body, comment: Token, entry_end: usize, has_comma: bool) -> Option<Vec<TextEdit>> {
    let after = body.code.tokens.iter().position(|t| t.start >= comment.end)?;
    let previous = after.checked_sub(1)?;
    let mut edits = Vec::new();
    if body.code.is(previous, "]") {
        let at = body.end(previous);
        edits.push(TextEdit { range: at..at, text: ",".to_owned() });
    } else if !body.code.is(previous, "[") && !body.code.is(previous, ",") {
        return None;
    }
    let goes_on = body.code.is(after, "[");
    if !goes_on && !body.code.is(after, "]") {
        return None;
    }
    let end = comment.end;
    match (goes_on, has_comma) {
        (true, false) => edits.push(TextEdit { range: entry_end..entry_end, text: ",".to_owned() }),
        (false, true) => edits.push(TextEdit { range: entry_end..end, text: String::new() }),
        _ => {}
    }
    Some(edits)
}
