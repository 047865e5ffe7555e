//! Classes, and the methods of any element.

use super::cursor::{Cursor, Tag};
use super::fault::Read;
use super::{Class, Named};
use crate::source::Position;
use crate::text::Symbol;
use crate::xpp::effects::RawMethod;
use crate::xpp::{self, Method};
use memchr::memchr2_iter;
use std::borrow::Cow;

/// Whether the bytes of a class mention `ExtensionOf`, in any case: most classes do not, and are then not
/// parsed. UTF-16 has to be decoded first.
pub fn mentions_extension(bytes: &[u8]) -> bool {
    const WORD: &[u8] = b"ExtensionOf";
    // "x" is the rarest letter of the word in code, and its second one.
    memchr2_iter(b'x', b'X', bytes).any(|x| {
        let word = x.checked_sub(1).and_then(|start| bytes.get(start..start + WORD.len()));
        word.is_some_and(|word| word.eq_ignore_ascii_case(WORD))
    })
}

/// Reads a class; `None` for a class that extends no table, view or entity, unless `all` are wanted.
pub(super) fn read(cursor: &mut Cursor<'_>, line: u32, all: bool) -> Read<Option<Class>> {
    let mut name = Symbol::default();
    let mut code = SourceCode::default();
    cursor.children(|cursor, tag| {
        match tag.name {
            "Name" => name = cursor.value()?,
            "SourceCode" => code.read(cursor)?,
            _ => {}
        }
        Ok(())
    })?;
    let extension_of = xpp::extension_target(&code.declaration).map(Symbol::from);
    if extension_of.is_none() && !all {
        return Ok(None);
    }
    Ok(Some(Class { named: Named { name, line }, extension_of, methods: code.methods() }))
}

/// `SourceCode` of an element: its declaration and its methods, not parsed yet.
#[derive(Default)]
pub(super) struct SourceCode<'a> {
    pub(super) declaration: Cow<'a, str>,
    /// Where the declaration starts.
    pub(super) declared_at: Position,
    pub(super) methods: Vec<RawMethod<'a>>,
}

impl<'a> SourceCode<'a> {
    /// Reads the element `SourceCode`.
    pub(super) fn read(&mut self, cursor: &mut Cursor<'a>) -> Read<()> {
        cursor.children(|cursor, tag| self.child(cursor, tag))
    }

    /// Reads a child of `SourceCode`.
    pub(super) fn child(&mut self, cursor: &mut Cursor<'a>, tag: Tag<'a>) -> Read<()> {
        match tag.name {
            "Declaration" => {
                let (declaration, begin) = cursor.text()?;
                self.declaration = declaration;
                self.declared_at = cursor.position(begin);
            }
            "Methods" => read_methods(cursor, &mut self.methods)?,
            _ => {}
        }
        Ok(())
    }

    /// The methods, parsed.
    pub(super) fn methods(self) -> Vec<Method> {
        self.methods.iter().map(|m| xpp::read_method(m.name.trim(), &m.source, m.first)).collect()
    }
}

/// Reads the element `Methods`.
pub(super) fn read_methods<'a>(cursor: &mut Cursor<'a>, methods: &mut Vec<RawMethod<'a>>) -> Read<()> {
    cursor.children(|cursor, tag| {
        if tag.name == "Method" {
            methods.push(method(cursor, tag)?);
        }
        Ok(())
    })
}

/// Reads the element `Method`. One without source stands where its element does.
fn method<'a>(cursor: &mut Cursor<'a>, tag: Tag<'a>) -> Read<RawMethod<'a>> {
    let mut method = RawMethod::default();
    let mut is_empty = true;
    cursor.children(|cursor, tag| {
        match tag.name {
            "Name" => method.name = cursor.text()?.0,
            "Source" => {
                let (source, begin) = cursor.text()?;
                method.source = source;
                method.first = cursor.position(begin);
                is_empty = false;
            }
            _ => {}
        }
        Ok(())
    })?;
    if is_empty {
        method.first = cursor.position(tag.at);
    }
    Ok(method)
}

#[cfg(test)]
mod tests {
    use super::mentions_extension;
    use crate::aot::{Definition, Methods, read_file};

    #[test]
    fn a_method_without_source_has_the_line_of_its_element() {
        let text = "<AxView>\n<SourceCode>\n<Methods>\n<Method><Name>m</Name></Method></Methods></SourceCode></AxView>";
        let Some(Definition::View(view)) = read_file(text, "V", Methods::None).definition else {
            panic!("a view")
        };
        assert_eq!(view.methods[0].line, 4);
    }

    const CLASS: &str = "<AxClass><Name>My_Extension</Name><SourceCode><Methods><Method><Name>m</Name>
<Source><![CDATA[
 void m() { str s = 'a]]]]><![CDATA[>b'; }]]></Source></Method></Methods>
<Declaration><![CDATA[*final class My_Extension {}]]></Declaration></SourceCode></AxClass>";

    #[test]
    fn an_extension_class_names_what_it_extends() {
        let text = CLASS.replace('*', "[ExtensionOf(tableStr(CarEntity))]\n");
        let facts = read_file(&text, "", Methods::None);
        let Some(Definition::Class(class)) = facts.definition else { panic!("a class") };
        assert_eq!((&*class.named.name, class.extension_of.as_deref()), ("My_Extension", Some("CarEntity")));
        assert_eq!((&*class.methods[0].name, class.methods[0].line), ("m", 2));
    }

    #[test]
    fn other_classes_are_read_only_when_asked_for() {
        let text = CLASS.replace('*', "");
        assert_eq!(read_file(&text, "", Methods::None).definition, None);
        let Some(Definition::Class(class)) = read_file(&text, "", Methods::All).definition else {
            panic!("a class")
        };
        assert_eq!((class.extension_of, class.methods.len()), (None, 1));
    }

    #[test]
    fn the_attribute_is_found_in_any_case() {
        assert!(mentions_extension(b"[ExtensionOf(tableStr(X))]"));
        assert!(mentions_extension(b"extensionof"));
        assert!(mentions_extension(b"xx EXTENSIONOF"));
        assert!(!mentions_extension(b"xtensionOf ExtensionO"));
        assert!(!mentions_extension(b"Extension Of x"));
        assert!(!mentions_extension(b""));
    }
}
