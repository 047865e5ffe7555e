//! The X++ of classes, tables, entities, views, table maps and forms: found by words, read whole.
//!
//! Most files have none of the words that matter; they cost reading their bytes and one search. Nothing else of the
//! tool reads these files: only commands that look for writes do, and once.

use super::class::{SourceCode, read_methods};
use super::cursor::Cursor;
use super::fault::Read;
use super::load::unreadable;
use crate::problem::LocalProblem;
use crate::source::{FileId, FileSet, SourceFile, decode, in_pool};
use crate::text::{Words, is_utf16};
use crate::xpp::effects::{FormDataSource, Part, RawMethod, RawUnit, Unit, UnitKind, Wanted, read_unit};
use rayon::prelude::*;
use std::sync::LazyLock;

/// Words without which a file neither writes behind the framework's back nor opens a transaction.
pub const WRITE_WORDS: [&str; 17] = [
    "doInsert",
    "doUpdate",
    "doDelete",
    "insert_recordset",
    "update_recordset",
    "delete_from",
    "insertDatabase",
    "skipBusinessEvents",
    "SysDaInsertStatement",
    "SysDaUpdateStatement",
    "SysDaDeleteStatement",
    "executeUpdate",
    "tableTruncate",
    "ttsbegin",
    "ttscommit",
    "ttsabort",
    "dualtrack",
];

/// The X++ of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeFile {
    /// The file.
    pub file: FileId,
    /// What its X++ does.
    pub unit: Unit,
}

/// What a search for X++ finds.
#[derive(Debug, Default)]
pub struct CodeScan {
    /// Files that have one of the words, by [`FileId`].
    pub files: Vec<CodeFile>,
    /// Files that were searched.
    pub searched: usize,
    /// Files that cannot be read, by [`FileId`].
    pub problems: Vec<(FileId, LocalProblem)>,
}

/// Searches the bytes of a file. UTF-16 counts as found: nothing can be searched for in it before it is decoded.
pub fn search_code(bytes: &[u8], words: &Words) -> bool {
    is_utf16(bytes) || words.occur_in(bytes)
}

/// Whether the X++ of a file may write, by its bytes.
pub(super) fn mentions_writes(bytes: &[u8]) -> bool {
    static WORDS: LazyLock<Words> = LazyLock::new(|| Words::new(WRITE_WORDS));
    search_code(bytes, &WORDS)
}

/// Reads the X++ of all files that have one of the words, with `threads` threads (0: the default). Files of
/// snapshots hold no X++; those that are known to be `without` the words are not opened. The result does not depend
/// on the number of threads.
pub fn read_code(
    files: &FileSet,
    threads: usize,
    words: &Words,
    wanted: &Wanted,
    without: &[bool],
) -> CodeScan {
    let all = files.ids().filter(|(_, file)| has_code(files, file));
    let is_known = |id: FileId| without.get(id.0 as usize) == Some(&true);
    let (known, candidates): (Vec<_>, Vec<_>) = all.partition(|(id, _)| is_known(*id));
    let read: Vec<_> = in_pool(threads, || {
        candidates.par_iter().map(|(id, file)| (*id, read_if(file, Some(words), wanted))).collect()
    });
    let mut scan = CodeScan { searched: known.len() + candidates.len(), ..CodeScan::default() };
    for (file, result) in read {
        match result {
            Ok(Some(unit)) => scan.files.push(CodeFile { file, unit }),
            Ok(None) => {}
            Err(problem) => scan.problems.push((file, problem)),
        }
    }
    scan
}

/// Reads the X++ of one file, whatever its words; `None` when there is none, or it cannot be read.
pub fn read_unit_of(files: &FileSet, id: FileId) -> Option<Unit> {
    let file = files.file(id).filter(|file| has_code(files, file))?;
    read_if(file, None, &Wanted::nothing()).ok().flatten()
}

fn has_code(files: &FileSet, file: &SourceFile) -> bool {
    let listed = files.roots.get(file.root as usize).is_some_and(|root| root.listed);
    file.kind.has_code() && !listed
}

fn read_if(file: &SourceFile, words: Option<&Words>, wanted: &Wanted) -> Result<Option<Unit>, LocalProblem> {
    let bytes = std::fs::read(&file.absolute).map_err(|error| unreadable(&file.path, &error))?;
    if words.is_some_and(|words| !search_code(&bytes, words)) {
        return Ok(None);
    }
    let text = decode(&bytes)?;
    if words.is_some_and(|words| is_utf16(&bytes) && !words.occur_in(text.as_bytes())) {
        return Ok(None);
    }
    read_unit_in(&text, file.stem(), wanted)
}

/// Reads the X++ in the text of a file; `None` for elements that hold none. `fallback_name` is the name when
/// `<Name>` is missing: the file's stem.
///
/// # Errors
/// A file that is not well-formed, with its place.
pub fn read_unit_in(text: &str, fallback_name: &str, wanted: &Wanted) -> Result<Option<Unit>, LocalProblem> {
    let text = text.trim_start_matches('\u{FEFF}');
    let mut cursor = Cursor::new(text);
    match raw_unit(&mut cursor) {
        Ok(Some(mut raw)) => {
            if raw.name.is_empty() {
                raw.name = fallback_name.into();
            }
            Ok(Some(read_unit(&raw, wanted)))
        }
        Ok(None) => Ok(None),
        Err(fault) => {
            let position = cursor.position(fault.at);
            Err(fault.problem(position))
        }
    }
}

fn raw_unit<'a>(cursor: &mut Cursor<'a>) -> Read<Option<RawUnit<'a>>> {
    let root = cursor.root()?;
    let kind = match root.name {
        "AxClass" => UnitKind::Class,
        "AxTable" => UnitKind::Table,
        "AxView" => UnitKind::View,
        "AxDataEntityView" => UnitKind::Entity,
        "AxMap" => UnitKind::Map,
        "AxForm" => UnitKind::Form,
        _ => return Ok(None),
    };
    let mut raw = RawUnit { line: cursor.line(root.at), kind, ..RawUnit::default() };
    let mut code = SourceCode::default();
    let mut parts = Vec::new();
    cursor.children(|cursor, tag| {
        match tag.name {
            "Name" => raw.name = cursor.value()?.text().into(),
            "SourceCode" => cursor.children(|cursor, tag| match tag.name {
                "DataSources" => cursor.children(|cursor, _| source_methods(cursor, &mut parts)),
                "DataControls" => cursor.children(|cursor, _| control_methods(cursor, &mut parts)),
                _ => code.child(cursor, tag),
            })?,
            "DataSources" if kind == UnitKind::Form => data_sources(cursor, &mut raw.data_sources)?,
            _ => {}
        }
        Ok(())
    })?;
    cursor.finish()?;
    raw.declaration = code.declaration;
    raw.declared_at = code.declared_at;
    raw.methods = code.methods;
    raw.methods.extend(parts);
    Ok(Some(raw))
}

/// `SourceCode/DataSources/DataSource`: methods of a data source and of its fields.
fn source_methods<'a>(cursor: &mut Cursor<'a>, methods: &mut Vec<RawMethod<'a>>) -> Read<()> {
    let mut source: Box<str> = Box::default();
    let mut own = Vec::new();
    let mut of_fields = Vec::new();
    cursor.children(|cursor, tag| match tag.name {
        "Name" => {
            source = cursor.value()?.text().into();
            Ok(())
        }
        "Methods" => read_methods(cursor, &mut own),
        "Fields" => cursor.children(|cursor, _| field_methods(cursor, &mut of_fields)),
        _ => Ok(()),
    })?;
    methods.extend(
        own.into_iter().map(|method| RawMethod { part: Some(Part::DataSource(source.clone())), ..method }),
    );
    methods.extend(of_fields.into_iter().map(|(field, method)| {
        let part = Part::Field { source: source.clone(), field };
        RawMethod { part: Some(part), ..method }
    }));
    Ok(())
}

type FieldMethods<'a> = Vec<(Box<str>, RawMethod<'a>)>;

fn field_methods<'a>(cursor: &mut Cursor<'a>, methods: &mut FieldMethods<'a>) -> Read<()> {
    let mut field: Box<str> = Box::default();
    let mut own = Vec::new();
    cursor.children(|cursor, tag| match tag.name {
        "DataField" | "Name" => {
            field = cursor.value()?.text().into();
            Ok(())
        }
        "Methods" => read_methods(cursor, &mut own),
        _ => Ok(()),
    })?;
    methods.extend(own.into_iter().map(|method| (field.clone(), method)));
    Ok(())
}

/// `SourceCode/DataControls/Control`.
fn control_methods<'a>(cursor: &mut Cursor<'a>, methods: &mut Vec<RawMethod<'a>>) -> Read<()> {
    let mut control: Box<str> = Box::default();
    let mut own = Vec::new();
    cursor.children(|cursor, tag| match tag.name {
        "Name" => {
            control = cursor.value()?.text().into();
            Ok(())
        }
        "Methods" => read_methods(cursor, &mut own),
        _ => Ok(()),
    })?;
    methods.extend(
        own.into_iter().map(|method| RawMethod { part: Some(Part::Control(control.clone())), ..method }),
    );
    Ok(())
}

/// `DataSources` of a form, those hung on others included.
fn data_sources(cursor: &mut Cursor<'_>, sources: &mut Vec<FormDataSource>) -> Read<()> {
    cursor.children(|cursor, tag| {
        let mut source =
            FormDataSource { name: Box::default(), table: Box::default(), line: cursor.line(tag.at) };
        let mut hung = Vec::new();
        cursor.children(|cursor, tag| match tag.name {
            "Name" => {
                source.name = cursor.value()?.text().into();
                Ok(())
            }
            "Table" => {
                source.table = cursor.value()?.text().into();
                Ok(())
            }
            "DerivedDataSources" | "ReferencedDataSources" => data_sources(cursor, &mut hung),
            _ => Ok(()),
        })?;
        if !source.table.is_empty() {
            if source.name.is_empty() {
                source.name = source.table.clone();
            }
            sources.push(source);
        }
        sources.append(&mut hung);
        Ok(())
    })
}
