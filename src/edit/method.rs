//! Methods: a new one, and edits of the source of one that is there.

use super::body::{Body, rewritten, with_newlines};
use super::field::has_named;
use super::insert::{append, find_list};
use super::layout::majority_newline;
use super::outline::{NodeId, Outline};
use super::xml::{CDATA_CLOSE, CDATA_OPEN, cdata, check_characters, escape};
use super::{DocumentError, Splice, TextEdit};

const METHODS: [&str; 2] = ["SourceCode", "Methods"];

/// Kinds of elements that have methods.
const WITH_METHODS: [&str; 5] = ["AxClass", "AxDataEntityView", "AxMap", "AxTable", "AxView"];

/// The insertion of a method into a document.
pub(super) fn add(outline: &Outline<'_>, name: &str, source: &str) -> Result<Splice, DocumentError> {
    let root = outline.node(NodeId::ROOT).local();
    if !WITH_METHODS.contains(&root) {
        let wanted = "a method goes into a class, a table, a view or an entity";
        return Err(DocumentError::WrongRoot { found: root.to_owned(), wanted });
    }
    check_characters(name, || "a method's name".to_owned())?;
    check_characters(source, || format!("the method {name}"))?;
    if find_list(outline, &METHODS).is_some_and(|list| has_named(outline, list, name)) {
        return Err(DocumentError::MethodExists { name: name.to_owned() });
    }
    let section = section(source, true, outline.newline());
    Ok(append(outline, &METHODS, &|layout| {
        let child = &layout.child;
        format!(
            "<Method>{child}<Name>{}</Name>{child}<Source>{section}</Source>{}</Method>",
            escape(name),
            layout.close
        )
    }))
}

/// X++ in a CDATA section as the AOT writes it: from a new line on; an empty line ends a method.
pub(super) fn section(source: &str, is_method: bool, newline: &str) -> String {
    let source = source.trim_start_matches(['\r', '\n']).trim_end();
    let end = if is_method { "\n\n" } else { "\n" };
    let source = with_newlines(&format!("\n{source}{end}"), newline);
    format!("{CDATA_OPEN}{}{CDATA_CLOSE}", cdata(&source))
}

/// The source of a method; `None` when there is no such method.
pub(super) fn source(outline: &Outline<'_>, name: &str) -> Option<String> {
    let method = find(outline, name)?;
    Some(outline.child(method, "Source").map(|id| Body::read(outline, id).text).unwrap_or_default())
}

/// What must change so that a method has the edited source. Ranges may come in any order, insertions at one
/// place keep theirs.
pub(super) fn edit(
    outline: &Outline<'_>,
    name: &str,
    edits: &[&TextEdit],
) -> Result<Vec<Splice>, DocumentError> {
    let source = find(outline, name).and_then(|method| outline.child(method, "Source"));
    let Some(source) = source else { return Err(DocumentError::NoMethod { name: name.to_owned() }) };
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    for edit in &edits {
        check_characters(&edit.text, || format!("the method {name}"))?;
    }
    let body = Body::read(outline, source);
    if let Some(range) = body.wrong_range(&edits) {
        return Err(DocumentError::Range { name: name.to_owned(), range: range.clone() });
    }
    let newline = majority_newline(&body.text).unwrap_or_else(|| outline.newline());
    let expected = body.edited(&edits, newline);
    if expected == body.text {
        return Ok(Vec::new());
    }
    let splices = body.splices(outline, source, &edits, newline);
    if source_is(outline.text, &splices, name, &expected) {
        return Ok(splices);
    }
    // White space that is left before a CDATA section would not be read as a part of the source.
    Ok(vec![rewritten(outline, source, &expected)])
}

/// The spliced document has this source.
fn source_is(text: &str, splices: &[Splice], name: &str, expected: &str) -> bool {
    let after = super::spliced(text, splices);
    let outline = Outline::read(&after);
    outline.is_ok_and(|outline| source(&outline, name).as_deref() == Some(expected))
}

/// A method by its name in any case; the first counts.
fn find(outline: &Outline<'_>, name: &str) -> Option<NodeId> {
    let name = name.trim();
    let named = |method: &NodeId| {
        let found = outline.child(*method, "Name").map(|id| Body::read(outline, id).text);
        found.is_some_and(|found| found.trim().eq_ignore_ascii_case(name))
    };
    let root = NodeId::ROOT;
    outline
        .named(root, "SourceCode")
        .flat_map(|code| outline.named(code, "Methods"))
        .flat_map(|methods| outline.named(methods, "Method"))
        .find(named)
}
