//! Surgery on `getEntityDataSourceToFieldMapping`: which bytes of its source change so that entries go and others
//! come. Pure functions from text to edits.
//!
//! Every result is read back before it is given away: the edited method has exactly the entries that it should
//! have, or there is no edit.

mod diff;
mod enable;
mod insert;
mod remove;
mod whole;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub(super) use whole::{appended, complete};

use super::triple::Triple;
use crate::edit::TextEdit;
use crate::source::Position;
use crate::text::Symbol;
use crate::xpp::code::{Code, Span};
use crate::xpp::statements::{Statement, StatementKind, read_statements};
use crate::xpp::{MappingEntry, MappingItem, MappingMethod, MethodContent, read_method};

/// The name of the method.
pub const NAME: &str = "getEntityDataSourceToFieldMapping";

/// Why the method cannot be edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// The source is not what was loaded.
    Changed,
    /// An unterminated string or comment, or brackets that do not match.
    Broken,
    /// No `return` whose value an entry can be added to.
    NoReturn,
    /// The entry is held in a variable, which may have other uses.
    InVariable,
    /// What an edit would leave behind is not what it should be.
    NotSure,
}

/// What becomes of the method.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surgery {
    /// The edits, by place; they do not overlap.
    pub edits: Vec<TextEdit>,
    /// Entries that could not be removed.
    pub kept: Vec<(u32, Trouble)>,
    /// Why nothing could be added.
    pub not_added: Option<Trouble>,
    /// New entries are added on some paths only.
    pub conditional: bool,
    /// New entries that come out of a comment, as indices into what was to be added.
    pub enabled: Vec<usize>,
}

/// An entry to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// The entry.
    pub triple: Triple,
    /// The commented-out entry that says the same, as an index into [`MappingMethod::disabled`].
    pub disabled: Option<u32>,
}

/// Reads the source of the method; positions are relative to it.
pub fn read(source: &str) -> MappingMethod {
    match read_method(NAME, source, Position { line: 1, column: 1 }).content {
        MethodContent::Mapping(method) => method,
        MethodContent::Skip(_) | MethodContent::Other(_) => MappingMethod::default(),
    }
}

/// The method says nothing but which entries are added, always: it can be written anew without a loss.
pub fn is_plain(source: &str) -> bool {
    let Some(body) = Body::read(source) else { return false };
    let code = &body.code;
    let plain_statement = |statement: &Statement| match statement.kind {
        StatementKind::Return(_) => true,
        StatementKind::Simple => {
            let at = statement.span.from;
            let declares = ["container", "var"].iter().any(|word| code.is_word(at, word));
            declares || (code.name(at).is_some() && (code.is(at + 1, "=") || code.is(at + 1, "+=")))
        }
        _ => false,
    };
    let always = |item: &MappingItem| {
        matches!(
            item,
            MappingItem::Entry { conditional: false, .. } | MappingItem::Parameter { conditional: false }
        )
    };
    let method = &body.method;
    let first = matches!(method.result.first(), Some(MappingItem::Parameter { .. }));
    first
        && method.undecidable.is_empty()
        && !method.has_next
        && method.result.iter().all(always)
        && body.statements.iter().all(plain_statement)
}

/// The source with edits applied.
pub fn edited(source: &str, edits: &[TextEdit]) -> String {
    let mut text = source.to_owned();
    let mut edits: Vec<&TextEdit> = edits.iter().collect();
    edits.sort_by_key(|e| (e.range.start, e.range.end));
    for edit in edits.into_iter().rev() {
        text.replace_range(edit.range.clone(), &edit.text);
    }
    text
}

/// Removes entries, by their index in [`MappingMethod::entries`], and adds others.
pub fn operate(source: &str, remove: &[u32], add: &[Addition]) -> Surgery {
    let Some(body) = Body::read(source) else {
        let not_added = (!add.is_empty()).then_some(Trouble::Broken);
        let kept = remove.iter().map(|index| (*index, Trouble::Broken)).collect();
        return Surgery { kept, not_added, ..Surgery::default() };
    };
    let (mut text, kept) = removed(&body, remove);
    let mut surgery = Surgery { kept, ..Surgery::default() };
    surgery.enabled = enabled(&mut text, add);
    let rest = (0..add.len()).filter(|n| !surgery.enabled.contains(n)).map(|n| &add[n].triple);
    let rest: Vec<&Triple> = rest.collect();
    match inserted(&text, &rest) {
        Ok((after, conditional)) => {
            text = after;
            surgery.conditional = conditional;
        }
        Err(trouble) => {
            (text, surgery.enabled) = (removed(&body, remove).0, Vec::new());
            surgery.not_added = Some(trouble);
        }
    }
    surgery.edits = diff::edits(source, &text);
    surgery
}

/// Entries that are tried one by one where all at once do not work.
const ONE_BY_ONE: usize = 64;

/// The text without some entries, and those that had to stay.
fn removed(body: &Body, remove: &[u32]) -> (String, Vec<(u32, Trouble)>) {
    let attempt = |indices: &[u32]| {
        let (edits, kept) = remove::edits(body, indices);
        let gone: Vec<u32> = indices.iter().copied().filter(|i| !kept.iter().any(|(k, _)| k == i)).collect();
        let works = apart(&edits) && body.outcome(&edits, &gone, &[], 0).is_some();
        works.then(|| (edited(body.source, &edits), kept))
    };
    if let Some(done) = attempt(remove) {
        return done;
    }
    let mut best = (body.source.to_owned(), Vec::new());
    let mut tried: Vec<u32> = Vec::new();
    let mut refused = Vec::new();
    for (position, index) in remove.iter().enumerate() {
        let more: Vec<u32> = tried.iter().copied().chain([*index]).collect();
        match if position < ONE_BY_ONE { attempt(&more) } else { None } {
            Some(done) => (best, tried) = (done, more),
            None => refused.push((*index, Trouble::NotSure)),
        }
    }
    best.1.extend(refused);
    best.1.sort_unstable();
    best
}

/// Takes entries out of their comments where that works; which of the additions these are.
fn enabled(text: &mut String, add: &[Addition]) -> Vec<usize> {
    let mut done: Vec<(usize, u32)> = Vec::new();
    for (position, addition) in add.iter().enumerate() {
        let Some(disabled) = addition.disabled else { continue };
        let before = done.iter().filter(|(_, index)| *index < disabled).count();
        let Some(index) = u32::try_from(before).ok().and_then(|n| disabled.checked_sub(n)) else { continue };
        let after = Body::read(text).and_then(|body| {
            let edits = enable::edits(&body, index).filter(|edits| apart(edits))?;
            let outcome = body.outcome(&edits, &[], &[&addition.triple], 1);
            (outcome == Some(false)).then(|| edited(text, &edits))
        });
        if let Some(after) = after {
            *text = after;
            done.push((position, disabled));
        }
    }
    done.into_iter().map(|(position, _)| position).collect()
}

/// The text with new entries, and whether some paths go without them.
fn inserted(text: &str, add: &[&Triple]) -> Result<(String, bool), Trouble> {
    if add.is_empty() {
        return Ok((text.to_owned(), false));
    }
    let body = Body::read(text).ok_or(Trouble::Broken)?;
    let mut best: Option<(Vec<TextEdit>, bool)> = None;
    for candidate in insert::candidates(&body, add) {
        let outcome = if apart(&candidate) { body.outcome(&candidate, &[], add, 0) } else { None };
        let Some(conditional) = outcome else { continue };
        if best.as_ref().is_none_or(|(_, known)| *known && !conditional) {
            best = Some((candidate, conditional));
        }
    }
    let nothing = if insert::has_return(&body) { Trouble::NotSure } else { Trouble::NoReturn };
    let (edits, conditional) = best.ok_or(nothing)?;
    Ok((edited(text, &edits), conditional))
}

/// No two edits touch the same byte.
fn apart(edits: &[TextEdit]) -> bool {
    let mut ranges: Vec<_> = edits.iter().map(|e| (e.range.start, e.range.end)).collect();
    ranges.sort_unstable();
    ranges.windows(2).all(|pair| pair[0].1 <= pair[1].0 && pair[0] != pair[1])
}

/// A method that can be read, with everything that surgery asks for.
struct Body<'a> {
    source: &'a str,
    code: Code<'a>,
    statements: Vec<Statement>,
    method: MappingMethod,
}

/// What a method yields, in order; entries without their places.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Item {
    Entry { parts: [Option<Symbol>; 3], triple: bool, conditional: bool },
    Parameter(bool),
    Next(bool),
    End,
}

impl<'a> Body<'a> {
    fn read(source: &'a str) -> Option<Self> {
        let code = Code::read(source, Position { line: 1, column: 1 });
        if code.fault.is_some() {
            return None;
        }
        let signature = code.signature()?;
        let statements = read_statements(&code, signature.body);
        Some(Self { source, statements, code, method: read(source) })
    }

    /// The text of some tokens.
    fn text(&self, span: Span) -> &'a str {
        match self.code.slice(span) {
            [] => "",
            [first, .., last] => &self.source[first.start..last.end],
            [only] => &self.source[only.start..only.end],
        }
    }

    fn start(&self, token: usize) -> usize {
        self.code.tokens.get(token).map_or(self.source.len(), |t| t.start)
    }

    fn end(&self, token: usize) -> usize {
        self.code.tokens.get(token).map_or(self.source.len(), |t| t.end)
    }

    fn line_end(&self) -> &'static str {
        if self.source.contains("\r\n") { "\r\n" } else { "\n" }
    }

    /// A statement that is not the only one that an `if` or a loop governs, so that others may stand beside it.
    fn stands_in_block(&self, statement: Span) -> bool {
        let before = statement.from.checked_sub(1);
        before.is_some_and(|at| ["{", "}", ";", ":"].iter().any(|s| self.code.is(at, s)))
    }

    /// The innermost simple statement or `return` around a token.
    fn statement(&self, token: usize) -> Option<&Statement> {
        find(&self.statements, token)
    }

    /// Reads the edited source back: `None` when it is not what it should be, else whether one of the new entries
    /// is conditional. The first `enabled` entries of `add` come out of comments.
    fn outcome(&self, edits: &[TextEdit], gone: &[u32], add: &[&Triple], enabled: usize) -> Option<bool> {
        let after = read(&edited(self.source, edits));
        let same = after.undecidable.len() <= self.method.undecidable.len()
            && after.has_next == self.method.has_next
            && after.disabled.len() + enabled == self.method.disabled.len();
        if !same {
            return None;
        }
        let expected = items(&self.method.result, &self.method.entries, gone);
        let mut expected = expected.iter().peekable();
        let mut seen = vec![false; add.len()];
        let mut uncertain = false;
        for item in items(&after.result, &after.entries, &[]) {
            if expected.peek() == Some(&&item) {
                expected.next();
                continue;
            }
            let Item::Entry { parts, triple: true, conditional } = &item else { return None };
            let new = add.iter().position(|t| t.is(parts))?;
            seen[new] = true;
            uncertain |= conditional;
        }
        (expected.next().is_none() && seen.iter().all(|s| *s)).then_some(uncertain)
    }
}

fn find(statements: &[Statement], token: usize) -> Option<&Statement> {
    let around = statements.iter().find(|s| s.span.from <= token && token < s.span.to)?;
    match &around.kind {
        StatementKind::Simple | StatementKind::Return(_) => Some(around),
        StatementKind::Block(body) => find(body, token),
        StatementKind::If(choice) => {
            let bodies = choice.branches.iter().map(|(_, body)| body).chain(&choice.otherwise);
            bodies.into_iter().find_map(|body| find(body, token))
        }
        StatementKind::Switch(sections) => sections.iter().find_map(|s| find(&s.body, token)),
        StatementKind::Break | StatementKind::Throw | StatementKind::Opaque => None,
    }
}

fn items(result: &[MappingItem], entries: &[MappingEntry], gone: &[u32]) -> Vec<Item> {
    let mut list = Vec::new();
    for item in result {
        match item {
            MappingItem::Entry { index, conditional } | MappingItem::Inserted { index, conditional, .. } => {
                if !gone.contains(index) {
                    let entry = &entries[*index as usize];
                    let parts = [entry.label.clone(), entry.table.clone(), entry.field.clone()];
                    list.push(Item::Entry { parts, triple: entry.triple, conditional: *conditional });
                }
            }
            MappingItem::Parameter { conditional } => list.push(Item::Parameter(*conditional)),
            MappingItem::Next { argument, conditional, .. } => {
                list.push(Item::Next(*conditional));
                list.extend(items(argument, entries, gone));
                list.push(Item::End);
            }
        }
    }
    list
}

/// The start of the line that holds an offset.
fn line_start(source: &str, at: usize) -> usize {
    source[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// Behind the end of the line that holds an offset.
fn line_end(source: &str, at: usize) -> usize {
    source[at..].find('\n').map_or(source.len(), |end| at + end + 1)
}

/// What stands on the line before an offset.
fn before(source: &str, at: usize) -> &str {
    &source[line_start(source, at)..at]
}

/// What stands on the line from an offset on.
fn rest(source: &str, at: usize) -> &str {
    source[at..line_end(source, at)].trim_end_matches(['\r', '\n'])
}
