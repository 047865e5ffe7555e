//! X++: a lexer, and tolerant readers of the few method bodies that decide about tracking.

pub mod facts;

pub use facts::*;

use crate::source::Position;

/// Reads a method: `first` is the place of the first character of `source` in its file.
pub fn read_method(name: &str, _source: &str, first: Position) -> Method {
    Method { name: name.into(), line: first.line, content: MethodContent::Other(References::default()) }
}

/// The element named in `[ExtensionOf(tableStr|viewStr|dataEntityViewStr(X))]`.
pub fn extension_target(declaration: &str) -> Option<String> {
    let (_, rest) = declaration.split_once("ExtensionOf(")?.1.split_once("Str(")?;
    Some(rest.split(')').next()?.trim().to_owned())
}
