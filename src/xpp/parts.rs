//! The parts of a mapping entry: `[label, table, field]` and what else may be written in their places.

use super::facts::{LabelForm, MappingEntry};
use super::lexer::{Token, TokenKind, text_value};
use crate::source::Position;
use crate::text::Symbol;

/// An element of a container that is known not to be a container itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// `tableStr(X)`, `identifierStr(X)`, `dataEntityViewStr(X)`.
    Name(LabelForm, Symbol),
    /// `tableNum(T)`.
    Table(Symbol),
    /// `fieldStr(E, F)`.
    Field {
        /// `E`.
        owner: Symbol,
        /// `F`.
        name: Symbol,
    },
    /// A string literal.
    Text(Symbol),
    /// A number, an enum value, another compile-time function such as `fieldNum`.
    Other,
    /// A container in the place of a part.
    Container,
    /// An expression whose value is not known here.
    Unknown,
}

impl Part {
    /// Reads the tokens of one element; [`Part::Unknown`] for everything that is not understood.
    pub(super) fn read(source: &str, tokens: &[Token]) -> Self {
        let text = |index: usize| tokens.get(index).map_or("", |token: &Token| token.text(source));
        let is_name =
            |index: usize| tokens.get(index).is_some_and(|token| token.kind == TokenKind::Identifier);
        match tokens {
            [only] if only.is_text() => Self::Text(text_value(only.text(source)).into()),
            [only] if only.kind == TokenKind::Number => Self::Other,
            [_, _, _] if is_name(0) && text(1) == "::" && is_name(2) => Self::Other,
            [_, _, _, _] if is_name(0) && text(1) == "(" && is_name(2) && text(3) == ")" => {
                Self::intrinsic(text(0), text(2))
            }
            [_, _, _, _, _, _]
                if is_name(0)
                    && is_name(2)
                    && is_name(4)
                    && [text(1), text(3), text(5)] == ["(", ",", ")"] =>
            {
                Self::intrinsic_of_two(text(0), text(2), text(4))
            }
            _ => Self::Unknown,
        }
    }

    fn intrinsic(function: &str, name: &str) -> Self {
        match function.to_ascii_lowercase().as_str() {
            "tablestr" => Self::Name(LabelForm::TableStr, name.into()),
            "identifierstr" => Self::Name(LabelForm::IdentifierStr, name.into()),
            "dataentityviewstr" => Self::Name(LabelForm::DataEntityViewStr, name.into()),
            "tablenum" => Self::Table(name.into()),
            other => Self::other_intrinsic(other),
        }
    }

    fn intrinsic_of_two(function: &str, owner: &str, name: &str) -> Self {
        match function.to_ascii_lowercase().as_str() {
            "fieldstr" => Self::Field { owner: owner.into(), name: name.into() },
            other => Self::other_intrinsic(other),
        }
    }

    /// The compile-time functions that turn names into texts or numbers end in these words.
    fn other_intrinsic(function: &str) -> Self {
        if function.ends_with("str") || function.ends_with("num") { Self::Other } else { Self::Unknown }
    }

    fn label(&self) -> Option<(LabelForm, &str)> {
        match self {
            Self::Name(form, name) => Some((*form, name)),
            Self::Text(text) => Some((LabelForm::Literal, text)),
            _ => None,
        }
    }

    fn table(&self) -> Option<&str> {
        if let Self::Table(name) = self { Some(name) } else { None }
    }

    fn field(&self) -> Option<(Option<&str>, &str)> {
        match self {
            Self::Field { owner, name } => Some((Some(owner), name)),
            Self::Text(text) => Some((None, text)),
            _ => None,
        }
    }

    /// The part may stand at this index (from 0) of a triple.
    pub(super) fn fits(&self, index: usize) -> bool {
        match index {
            0 => self.label().is_some(),
            1 => self.table().is_some(),
            _ => self.field().is_some(),
        }
    }
}

/// Builds an entry; parts that do not fit their places are left out.
pub(super) fn entry<'p>(
    parts: impl IntoIterator<Item = &'p Part>,
    triple: bool,
    position: Position,
) -> MappingEntry {
    let mut parts = parts.into_iter();
    let label = parts.next().and_then(Part::label);
    let table = parts.next().and_then(Part::table);
    let field = parts.next().and_then(Part::field);
    MappingEntry {
        label: label.map(|(_, name)| name.into()),
        table: table.map(Into::into),
        field: field.map(|(_, name)| name.into()),
        field_owner: field.and_then(|(owner, _)| owner).map(Into::into),
        triple,
        position,
        label_form: label.map(|(form, _)| form).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xpp::lexer::Lexer;

    fn read(source: &str) -> Part {
        Part::read(source, &Lexer::new(source).collect::<Vec<_>>())
    }

    #[test]
    fn the_forms_of_the_documentation() {
        assert_eq!(read("tablestr(CustTable)"), Part::Name(LabelForm::TableStr, "CustTable".into()));
        assert_eq!(read("identifierStr(A1)"), Part::Name(LabelForm::IdentifierStr, "A1".into()));
        assert_eq!(read("dataEntityViewStr(E)"), Part::Name(LabelForm::DataEntityViewStr, "E".into()));
        assert_eq!(read("TABLENUM(T)"), Part::Table("T".into()));
        assert_eq!(read("fieldStr(E, F)"), Part::Field { owner: "E".into(), name: "F".into() });
        assert_eq!(read("'it\\'s'"), Part::Text("it's".into()));
    }

    #[test]
    fn scalars_of_other_forms_and_unknown_expressions() {
        for source in ["fieldNum(E, F)", "classStr(C)", "1", "NoYes::Yes"] {
            assert_eq!(read(source), Part::Other, "{source}");
        }
        for source in
            ["", "x", "f(x)", "'a' + 'b'", "tableStr()", "tableStr('X')", "A::b(c)", "fieldStr(E)", "#M"]
        {
            assert!(matches!(read(source), Part::Unknown | Part::Other), "{source}");
        }
        assert_eq!(read("f(x)"), Part::Unknown);
    }
}
