//! What the first bytes of a file say: who it is, and no more.

use super::cursor::{Cursor, Tag};
use super::file::extension_kind;
use super::outline::{Outline, Role};
use crate::source::{Kind, SourceFile};
use crate::text::NameKey;
use std::fs::File;
use std::io::Read;

/// The name stands this near to the front, unless somebody wrote the file by hand.
const ENOUGH: usize = 1 << 11;

/// The role and the names of a file; `None` where only the whole of it can tell.
pub(super) fn head(file: &SourceFile) -> Option<Outline> {
    match file.kind {
        // Of its X++ nobody knows yet.
        Kind::Form => Some(Outline::default()),
        // What a class extends may stand anywhere.
        Kind::Class => None,
        _ => {
            let mut bytes = [0; ENOUGH];
            let length = File::open(&file.absolute).and_then(|mut file| file.read(&mut bytes)).ok()?;
            outline_of(valid(&bytes[..length]))
        }
    }
}

/// The characters before the first that is wrong, or cut off.
fn valid(bytes: &[u8]) -> &str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    }
}

fn outline_of(text: &str) -> Option<Outline> {
    let mut cursor = Cursor::new(text.trim_start_matches('\u{FEFF}'));
    let root = cursor.root().ok()?;
    let extends = extension_kind(root.name);
    let role = match (root.name, extends) {
        (_, Some(kind)) => kind.into(),
        ("AxTable", _) => Role::Table,
        ("AxView", _) => Role::View,
        ("AxDataEntityView", _) => Role::Entity,
        ("AxMap", _) => Role::Map,
        ("AxQuery", _) => Role::Query,
        _ => return None,
    };
    let Tag { name: "Name", .. } = cursor.next_child().ok()?? else { return None };
    let (name, _) = cursor.text().ok()?;
    let name = Some(name.trim()).filter(|name| !name.is_empty() && !name.contains('\r'))?;
    let target = extends.map(|_| name.split('.').next().unwrap_or_default());
    let (name, adds_to) = (Some(NameKey::of(name)), target.map(NameKey::of));
    Some(Outline { role, name, adds_to, ..Outline::default() })
}

#[cfg(test)]
mod tests {
    use super::{outline_of, valid};
    use crate::aot::{Methods, Outline, Role, read_file};
    use crate::source::{Kind, SourceFile};
    use crate::text::NameKey;
    use proptest::prelude::*;

    fn named(role: Role, name: &str, adds_to: Option<&str>) -> Outline {
        let (name, adds_to) = (Some(NameKey::of(name)), adds_to.map(NameKey::of));
        Outline { role, name, adds_to, ..Outline::default() }
    }

    #[test]
    fn the_first_child_is_the_name_of_what_the_root_says() {
        let text = "\u{FEFF}<?xml version=\"1.0\"?>\r\n<AxTable xmlns:i=\"x\">\r\n\t<Name>Fab&#84;able</Name>\r\n\t<Sou";
        assert_eq!(outline_of(text), Some(named(Role::Table, "FabTable", None)));
        let text = "<AxQuerySimpleExtension><Name>Cust.My</Name>";
        assert_eq!(outline_of(text), Some(named(Role::Query, "Cust.My", Some("Cust"))));
    }

    #[test]
    fn what_cannot_be_told_from_the_front_is_left_to_the_whole() {
        let texts = [
            "",
            "<AxTable>",
            "<AxTable><Name>Cut",
            "<AxTable><Name> </Name>",
            "<AxTable><Label>x</Label><Name>Late</Name>",
            "<AxClass><Name>Helper</Name>",
            "<AxForm><Name>Form</Name>",
            "<html><Name>x</Name>",
            "N\0a\0m\0e\0",
        ];
        texts.iter().for_each(|text| assert_eq!(outline_of(text), None, "{text}"));
    }

    /// The outline by which a file is found, when all of it is read.
    fn by_all(text: &str) -> Option<Outline> {
        let path = "AxTable/Stem.xml";
        let file = SourceFile {
            root: 0,
            model: 0,
            kind: Kind::Table,
            path: path.into(),
            absolute: path.into(),
            stamp: None,
        };
        let facts = read_file(text, "Stem", Methods::None);
        facts.definition.as_ref()?;
        let Outline { role, name, adds_to, .. } = Outline::of(&file, Methods::None, &facts);
        Some(Outline { role, name, adds_to, ..Outline::default() })
    }

    proptest! {
        #[test]
        fn what_the_front_says_is_what_the_whole_says(
            kind in prop::sample::select(vec!["Table", "View", "DataEntityView", "Map", "Query", "TableExtension", "Class"]),
            before in prop::sample::select(vec!["", "\u{FEFF}", "<?xml version='1.0'?>\n", "<!-- <Name>x</Name> -->"]),
            children in prop::collection::vec(
                ("(Name|n:Name|Label|Fields)", "( |A|ä|\\.|&amp;|&#65;|<!-- x -->|<!\\[CDATA\\[B]]>|<Name>in</Name>|\r\n){0,5}"),
                0..4,
            ),
            cut in any::<prop::sample::Index>(),
        ) {
            let children = children.iter().map(|(tag, text)| format!("<{tag}>{text}</{tag}>\n"));
            let children = children.collect::<Vec<_>>().concat();
            let text = format!("{before}<Ax{kind} xmlns:n='u'>{children}</Ax{kind}>");
            let front = valid(&text.as_bytes()[..cut.index(text.len())]);
            if let Some(found) = outline_of(front) {
                prop_assert_eq!(Some(found), by_all(&text), "{}", text);
            }
        }
    }

    #[test]
    fn a_character_that_is_cut_off_does_no_harm() {
        assert_eq!(valid(&"aä".as_bytes()[..2]), "a");
        assert_eq!(valid(b"a\xFFb"), "a");
    }
}
