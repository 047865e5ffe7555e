//! The attributes of a class declaration.

use super::code::{Code, Span};
use crate::source::Position;

/// Functions that name what a class extends and that can name an entity, a view or a table.
const TARGETS: [&str; 3] = ["tableStr", "dataEntityViewStr", "viewStr"];

/// The table, view or entity that a class extends: `X` of `[ExtensionOf(tableStr(X))]` (or `dataEntityViewStr`,
/// `viewStr`; any case) before the class. What stands in comments and strings does not count.
pub fn extension_target(declaration: &str) -> Option<String> {
    let code = Code::read(declaration, Position { line: 1, column: 1 });
    let is_class = |at| code.is_word(at, "class") || code.is_word(at, "interface") || code.is(at, "{");
    let head = Span::new(0, (0..code.tokens.len()).find(|&at| is_class(at)).unwrap_or(code.tokens.len()));
    let mut target = None;
    code.find(head, |at| {
        if code.is(at, "[") {
            target = code
                .split(code.inside(at), ",")
                .into_iter()
                .find_map(|attribute| target_of(&code, attribute));
        }
        target.is_some()
    });
    target.map(str::to_owned)
}

/// `ExtensionOf(tableStr(X))`.
fn target_of<'a>(code: &Code<'a>, attribute: Span) -> Option<&'a str> {
    let at = attribute.from;
    let extends = code.is_word(at, "ExtensionOf") || code.is_word(at, "ExtensionOfAttribute");
    let argument = Span::new(at + 2, attribute.to.checked_sub(1)?);
    if !extends || !code.is_group(Span::new(at + 1, attribute.to), "(") || argument.len() != 4 {
        return None;
    }
    let known = TARGETS.iter().any(|target| code.is_word(argument.from, target));
    let named = known && code.is_group(Span::new(argument.from + 1, argument.to), "(");
    code.name(argument.from + 2).filter(|_| named)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn target(attributes: &str) -> Option<String> {
        extension_target(&format!("/// <summary>\n{attributes}\nfinal class My_Extension\n{{\n}}"))
    }

    #[test]
    fn entities_are_named_in_three_ways() {
        for attribute in [
            "[ExtensionOf(tableStr(CustTable))]",
            "[extensionof(TABLESTR(CustTable))]",
            "[ExtensionOf(dataEntityViewStr(CustTable))]",
            "[ ExtensionOfAttribute ( viewstr ( CustTable ) ) ]",
            "[SysObsolete('x', false), ExtensionOf(tableStr(CustTable))]",
            "[Hookable(false)]\n[ExtensionOf(tableStr(CustTable))] // why",
        ] {
            assert_eq!(target(attribute).as_deref(), Some("CustTable"), "{attribute}");
        }
    }

    #[test]
    fn other_elements_comments_and_strings_do_not_count() {
        for attribute in [
            "",
            "[ExtensionOf(classStr(CustTable))]",
            "[ExtensionOf(formStr(CustTable))]",
            "[ExtensionOf(formDataSourceStr(CustTable, A))]",
            "// [ExtensionOf(tableStr(CustTable))]",
            "/* [ExtensionOf(tableStr(CustTable))] */",
            "[Attr('[ExtensionOf(tableStr(CustTable))]')]",
            "[Attr(ExtensionOf(tableStr(CustTable)))]",
            "[ExtensionOf(tableStr('CustTable'))]",
            "[ExtensionOf]",
            "[ExtensionOf()]",
            "ExtensionOf(tableStr(CustTable))",
        ] {
            assert_eq!(target(attribute), None, "{attribute}");
        }
    }

    #[test]
    fn what_stands_before_and_behind_the_class() {
        let used = "using My.Space;\n[ExtensionOf(tableStr(A))] public final class B { }";
        assert_eq!(extension_target(used).as_deref(), Some("A"));
        assert_eq!(extension_target("class B { [ExtensionOf(tableStr(A))] int x; }"), None);
    }

    proptest! {
        #[test]
        fn any_soup_is_read(pieces in prop::collection::vec(prop::sample::select(vec![
            "[", "]", "(", ")", "ExtensionOf", "tableStr", "A", ",", "class", "'", "//", "\n", "{", "}",
        ]), 0..30)) {
            extension_target(&pieces.join(" "));
        }
    }
}
