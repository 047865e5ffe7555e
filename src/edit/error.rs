//! Why nothing is edited. Every message names the file and what to do.

use std::io;
use std::ops::Range;
use std::path::PathBuf;
use thiserror::Error;

/// Why a plan cannot be made or carried out.
#[derive(Debug, Error)]
pub enum EditError {
    /// The document does not allow the change; the document came without a path.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The document of a file does not allow the change.
    #[error("{path}: {error}", path = .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: DocumentError,
    },
    /// A file that should be edited cannot be read.
    #[error("cannot read {path}: {error}; it was there when it was analyzed, so run the analysis again", path = .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
    /// A path leads nowhere that can be checked.
    #[error("cannot tell where {path} leads: {error}", path = .path.display())]
    Unresolved {
        /// The path as given.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
    /// A new file would take the place of another; the names of AOT elements differ by more than case.
    #[error("{path} exists already; add to that file, or choose another name", path = .path.display())]
    Exists {
        /// The file that is there.
        path: PathBuf,
    },
    /// Two changes want different new files at one path.
    #[error("two different new elements are planned for {path}; give one of them another name", path = .path.display())]
    TwoNewFiles {
        /// The path.
        path: PathBuf,
    },
    /// The name of a new element cannot name a file.
    #[error("{name:?} cannot be the name of a new element: {reason}; choose another name")]
    Name {
        /// The name as given.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A new file is not called like its element, or its folder not like its kind.
    #[error("a new element must be written to {expected}, not to {path}", path = .path.display())]
    WrongPlace {
        /// The path as given.
        path: PathBuf,
        /// Folder and file name that the element must have.
        expected: String,
    },
    /// The file belongs to somebody else.
    #[error("{path} is not in a model of your own; only files in {allowed} are edited", path = .path.display())]
    Outside {
        /// The path as given.
        path: PathBuf,
        /// The folders that may be edited.
        allowed: String,
    },
    /// Somebody else edited the file.
    #[error("{path} has changed since it was read; nothing was written: run the command again", path = .path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// One file, twice in a plan.
    #[error("{path} occurs twice in the plan; nothing was written", path = .path.display())]
    Twice {
        /// The file.
        path: PathBuf,
    },
    /// The file is protected against writing.
    #[error("{path} is read-only; nothing was written: check it out of version control, or clear the attribute", path = .path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// A file could not be written after all checks; those before it were.
    #[error("cannot write {path}: {error}{hint}\n{rest}", path = .path.display(), rest = written_so_far(.written))]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        error: io::Error,
        /// What to do; begins with `; ` or is empty.
        hint: &'static str,
        /// The files that were written before.
        written: Vec<PathBuf>,
    },
}

fn written_so_far(written: &[PathBuf]) -> String {
    if written.is_empty() {
        return "nothing was written".to_owned();
    }
    let names: Vec<_> = written.iter().map(|path| path.display().to_string()).collect();
    format!("written before that: {}", names.join(", "))
}

/// What a document does not allow.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DocumentError {
    /// The bytes are no text.
    #[error("{reason}; save it as UTF-8 first")]
    Encoding {
        /// What is wrong.
        reason: String,
    },
    /// Not well-formed, or not what AOT files look like.
    #[error("line {line}, column {column}: {reason}; repair the file first")]
    Malformed {
        /// Line, from 1.
        line: u32,
        /// Column, from 1.
        column: u32,
        /// What is wrong.
        reason: String,
    },
    /// The root element is of another kind.
    #[error("its root element is <{found}>, but {wanted}")]
    WrongRoot {
        /// The root element.
        found: String,
        /// What can be edited.
        wanted: &'static str,
    },
    /// A field of this name is there already.
    #[error("a field {name} exists already; choose another name")]
    FieldExists {
        /// The name.
        name: String,
    },
    /// A method of this name is there already.
    #[error("a method {name} exists already; edit that one")]
    MethodExists {
        /// The name.
        name: String,
    },
    /// There is no method of this name.
    #[error("it has no method {name} any more; run the command again")]
    NoMethod {
        /// The name.
        name: String,
    },
    /// A range is outside the method's source, cuts a character, or overlaps another.
    #[error(
        "the source of the method {name} is not the one that was analyzed (bytes {start} to {end}); run the command again",
        start = .range.start, end = .range.end
    )]
    Range {
        /// The method.
        name: String,
        /// The range.
        range: Range<usize>,
    },
    /// A character that XML cannot hold.
    #[error("the character {character:?} of {what} cannot stand in XML")]
    Character {
        /// The character.
        character: char,
        /// Where it comes from.
        what: String,
    },
}
