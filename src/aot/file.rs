//! One file: from its root element to the reader of its kind.

use super::cursor::Cursor;
use super::fault::{Fault, Read, Reason, too_deep};
use super::{Definition, ExtensionKind, FileFacts, Named};
use super::{class, entity, extension, query, table, view};

/// Which methods are wanted beyond those that every analysis needs (all methods of views, entities and
/// extension classes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Methods {
    /// No others. A class that extends neither table, view nor entity then gives no definition at all.
    None,
    /// Those of tables and of any class too: a computed column calls into it.
    All,
}

/// Reads the text of a metadata file (without byte order mark).
///
/// The kind of the element is that of the XML root. Roots of AOT kinds that the analysis does not need give
/// neither definition nor problem. A file that is not well-formed gives a problem with its place and no
/// definition: half of an element would be worse than none, since everything that it lacks would count as
/// missing. What is nested deeper than 512 levels is skipped, and the element is known to be cut. `fallback_name` is the name when `<Name>` is missing: the file's stem.
pub fn read_file(text: &str, fallback_name: &str, wanted: Methods) -> FileFacts {
    let text = text.trim_start_matches('\u{FEFF}');
    let mut cursor = Cursor::new(text);
    match document(&mut cursor, wanted) {
        Ok(definition) => finished(cursor, definition, fallback_name),
        Err(fault) => {
            let position = cursor.position(fault.at);
            FileFacts { problems: vec![fault.problem(position)], ..FileFacts::default() }
        }
    }
}

fn document(cursor: &mut Cursor<'_>, wanted: Methods) -> Read<Option<Definition>> {
    let root = cursor.root()?;
    let line = cursor.line(root.at);
    let all = wanted == Methods::All;
    let definition = match root.name {
        "AxTable" => Some(Definition::Table(table::read(cursor, line, all)?)),
        "AxView" => Some(Definition::View(view::read(cursor, line)?)),
        "AxDataEntityView" => Some(Definition::DataEntity(entity::read(cursor, line)?)),
        "AxMap" => Some(Definition::TableMap(map(cursor, line)?)),
        "AxQuery" => Some(Definition::Query(query::read(cursor, root, line)?)),
        "AxClass" => class::read(cursor, line, all)?.map(Definition::Class),
        name => match extension_kind(name) {
            Some(kind) => Some(Definition::Extension(extension::read(cursor, line, kind)?)),
            None if name.starts_with("Ax") => return Ok(None),
            None => return Err(Fault::new(root.at, Reason::NotMetadata(name.to_owned()))),
        },
    };
    cursor.finish()?;
    Ok(definition)
}

/// What an extension with this root element extends.
pub(super) fn extension_kind(root: &str) -> Option<ExtensionKind> {
    match root {
        "AxTableExtension" => Some(ExtensionKind::Table),
        "AxViewExtension" => Some(ExtensionKind::View),
        "AxDataEntityViewExtension" => Some(ExtensionKind::DataEntity),
        "AxQuerySimpleExtension" => Some(ExtensionKind::Query),
        _ => None,
    }
}

/// A table map: only its name matters, since it is no table.
fn map(cursor: &mut Cursor<'_>, line: u32) -> Read<Named> {
    let mut named = Named { line, ..Named::default() };
    cursor.children(|cursor, tag| {
        if tag.name == "Name" && named.name.is_empty() {
            named.name = cursor.value()?;
        }
        Ok(())
    })?;
    Ok(named)
}

/// Fills in what was not known while the file was read: the name, and whom the complaints are about.
fn finished(mut cursor: Cursor<'_>, mut definition: Option<Definition>, fallback_name: &str) -> FileFacts {
    let cut = cursor.too_deep();
    let cut_at = cut.map(|at| cursor.position(at));
    let mut problems = cursor.problems;
    problems.extend(cut_at.map(too_deep));
    if let Some(definition) = &mut definition {
        let named = named(definition);
        if named.name.is_empty() {
            named.name = fallback_name.into();
        }
        for problem in &mut problems {
            problem.facts.push(("element".into(), (&named.name).into()));
        }
    }
    FileFacts { definition, problems, cut: cut.is_some(), mentions_writes: None }
}

fn named(definition: &mut Definition) -> &mut Named {
    match definition {
        Definition::Table(table) => &mut table.named,
        Definition::View(view) => &mut view.named,
        Definition::DataEntity(entity) => &mut entity.view.named,
        Definition::TableMap(named) => named,
        Definition::Query(query) => &mut query.named,
        Definition::Extension(extension) => &mut extension.named,
        Definition::Class(class) => &mut class.named,
    }
}

/// The definition in a file that is read without complaints.
#[cfg(test)]
pub(super) fn definition(text: &str) -> Definition {
    let facts = read_file(text, "Stem", Methods::All);
    assert_eq!(facts.problems, vec![]);
    facts.definition.expect("a definition")
}

#[cfg(test)]
mod tests {
    use super::{Definition, FileFacts, Methods, definition, read_file};
    use crate::aot::{Named, fault::NESTING_LIMIT};
    use crate::problem::Code;
    use crate::source::Position;

    fn read(text: &str) -> FileFacts {
        read_file(text, "Stem", Methods::None)
    }

    fn malformed(text: &str) -> (Position, String) {
        let FileFacts { definition, problems, .. } = read(text);
        assert_eq!(definition, None);
        assert_eq!((problems.len(), problems[0].code), (1, Code::MalformedFile), "{text}");
        (problems[0].position, problems[0].facts[0].1.to_string())
    }

    #[test]
    fn the_root_decides_about_the_kind_and_name_about_the_name() {
        let map = "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<!-- x -->\r\n<n:AxMap xmlns:n='u'>\r\n <n:Name> My\r\n</n:Name></n:AxMap>\r\n";
        assert_eq!(definition(map), Definition::TableMap(Named { name: "My".into(), line: 3 }));
        for empty in [
            "<AxMap/>",
            "<AxMap />",
            "<AxMap></AxMap>",
            "<AxMap><Name/></AxMap>",
            "<AxMap><Name> </Name></AxMap>",
        ] {
            assert_eq!(definition(empty), Definition::TableMap(Named { name: "Stem".into(), line: 1 }));
        }
    }

    #[test]
    fn other_kinds_are_passed_over_in_silence() {
        assert_eq!(read("<AxForm><Name>F</Name></AxForm>"), FileFacts::default());
        assert_eq!(read("<?xml version='1.0'?><AxEnum i:type='x'/>"), FileFacts::default());
    }

    #[test]
    fn what_is_not_well_formed_has_a_place_and_a_reason() {
        let at = |line, column| Position { line, column };
        assert_eq!(malformed(""), (at(1, 1), "the file is empty".into()));
        assert_eq!(malformed(" \n "), (at(1, 1), "the file is empty".into()));
        assert!(malformed("Name,Value\n1,2").1.starts_with("it is not XML"));
        assert!(malformed("\0\0\0").1.starts_with("it is not XML"));
        assert_eq!(malformed("\n<html></html>").0, at(2, 1));
        assert_eq!(malformed("<AxMap/>\n<AxMap/>").0, at(2, 1));
        assert_eq!(malformed("<AxMap/>\nxß\n").1, "there is more after the root element");
        let (place, reason) = malformed("<AxTable>\n\t<Fields>\n\t\t<Name>x</Name>");
        assert_eq!((place, &*reason), (at(3, 17), "the file ends before <Fields> of line 2 is closed"));
        let (place, reason) = malformed("<AxTable>\n  <Name>ä</Names>\n</AxTable>");
        assert_eq!((place, &*reason), (at(2, 10), "</Names> where </Name> is expected"));
        let (place, reason) = malformed("<AxTable>\n<Indexes><a>\n  </b></Indexes></AxTable>");
        assert_eq!((place, &*reason), (at(3, 3), "</b> where </a> is expected"));
        assert!(malformed("<AxTable><Name>a & b</Name></AxTable>").1.contains("&amp;"));
        assert!(malformed("<AxTable a='1' a='2'/>").1.contains("duplicate"));
    }

    #[test]
    fn a_doctype_is_refused_and_unknown_entities_stay_as_written() {
        let bomb = "<!DOCTYPE x [<!ENTITY a 'b'>]><AxMap><Name>&a;</Name></AxMap>";
        assert!(malformed(bomb).1.contains("DOCTYPE"));
        let map =
            "<AxMap><Name>&lt;a&gt; &amp;&#xA;&#65;&nbsp;&#xFFFFFFFF;<![CDATA[&lt;]]>../'\"</Name></AxMap>";
        let Definition::TableMap(named) = definition(map) else { panic!("a map") };
        assert_eq!(&*named.name, "<a> &\nA&nbsp;&#xFFFFFFFF;&lt;../'\"");
    }

    #[test]
    fn what_is_nested_too_deep_is_skipped() {
        let nested = |levels: usize, around: &str| {
            let (open, close) = ("<a>".repeat(levels), "</a>".repeat(levels));
            format!("<AxTable><Name>T</Name>{}</AxTable>", around.replace('*', &format!("{open}{close}")))
        };
        assert!(!read(&nested(NESTING_LIMIT - 1, "*")).cut);
        let (open, close) = (
            "<DataSources><AxQuerySimpleEmbeddedDataSource>".repeat(50_000),
            "</AxQuerySimpleEmbeddedDataSource></DataSources>".repeat(50_000),
        );
        let texts = [
            nested(NESTING_LIMIT, "*"),
            nested(100_000, "*"),
            nested(100_000, "<Label>*</Label>"),
            format!("<AxView><ViewMetadata>{open}{close}</ViewMetadata></AxView>"),
        ];
        for text in texts {
            let facts = read(&text);
            assert!(facts.cut && facts.definition.is_some());
            assert_eq!(facts.problems[0].code, Code::NestingLimit);
        }
        let unclosed = read(&format!("<AxTable>{}", "<Fields>".repeat(100_000)));
        assert_eq!(unclosed.problems[0].code, Code::MalformedFile);
    }
}
