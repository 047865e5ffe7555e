//! One method: its name decides what it is read as.

use super::code::Code;
use super::facts::{Method, MethodContent};
use super::mapping;
use super::references::read_references;
use super::skip;
use crate::source::Position;

/// Reads a method, whose source starts at `first` in its file.
///
/// `getEntityDataSourceToFieldMapping` and `dualWriteShouldSkipDataSource` (in any case) are read as the hooks that
/// they are; any other method is searched for what a computed column may depend on. No source is an error: what cannot
/// be understood is part of the facts.
pub fn read_method(name: &str, source: &str, first: Position) -> Method {
    let code = Code::read(source, first);
    let content = if name.eq_ignore_ascii_case(mapping::NAME) {
        MethodContent::Mapping(mapping::read_mapping(&code))
    } else if name.eq_ignore_ascii_case(skip::NAME) {
        MethodContent::Skip(skip::read_skip(&code))
    } else {
        MethodContent::Other(read_references(&code))
    };
    Method { name: name.into(), line: first.line, content }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xpp::{Reference, ReferenceKind, References, SkipAnswer, SkipMethod, SkipStatement};

    const FIRST: Position = Position { line: 20, column: 5 };

    #[test]
    fn the_name_decides_in_any_case() {
        let body = "{ return true; }";
        let content = |name| read_method(name, body, FIRST).content;
        assert!(matches!(content("GETENTITYDATASOURCETOFIELDMAPPING"), MethodContent::Mapping(_)));
        let skip = SkipMethod { statements: vec![SkipStatement::Return(SkipAnswer::Skip)] };
        assert_eq!(content("dualwriteShouldSkipDataSource"), MethodContent::Skip(skip));
        assert_eq!(content("salesTotal"), MethodContent::Other(References::default()));
    }

    #[test]
    fn lines_count_from_where_the_method_stands() {
        let source = "private static str m()\r\n{\r\n    return tableStr(CustTable);\r\n}\r\n";
        let method = read_method("m", source, FIRST);
        let item = Reference { line: 22, kind: ReferenceKind::Table("CustTable".into()) };
        assert_eq!((&*method.name, method.line), ("m", 20));
        assert_eq!(
            method.content,
            MethodContent::Other(References { items: vec![item], ..References::default() })
        );
    }
}
