//! Where a path really leads, and which names a new file may have.

use super::{EditError, NewFile, NewKind};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

impl NewKind {
    /// The folder of the kind, and the name of its root element.
    pub(super) fn element(&self) -> &'static str {
        match self {
            Self::EntityExtension => "AxDataEntityViewExtension",
            Self::ViewExtension => "AxViewExtension",
            Self::Class { .. } => "AxClass",
        }
    }
}

impl NewFile {
    /// A new element of a model, in the folder of its kind: the one that is there, however its case, or else
    /// a new one.
    pub fn in_model(model: &Path, kind: NewKind, name: &str) -> Self {
        let element = kind.element();
        let folder = entry_in_any_case(model, element).unwrap_or_else(|| model.join(element));
        Self { path: folder.join(format!("{name}.xml")), kind, name: name.to_owned() }
    }

    /// Refuses a name that is none, and a path that does not fit name and kind.
    pub(super) fn check(&self) -> Result<(), EditError> {
        check_name(&self.name)?;
        let element = self.kind.element();
        let folder = self.path.parent().and_then(Path::file_name).and_then(OsStr::to_str);
        let file = self.path.file_name().and_then(OsStr::to_str);
        let folder_fits = folder.is_some_and(|folder| folder.eq_ignore_ascii_case(element));
        if folder_fits && file.and_then(|file| file.strip_suffix(".xml")) == Some(self.name.as_str()) {
            return Ok(());
        }
        let expected = format!("{element}/{}.xml", self.name);
        Err(EditError::WrongPlace { path: self.path.clone(), expected })
    }
}

/// The entry of a folder that has this name, the case aside; the lowest if there are several.
pub(super) fn entry_in_any_case(folder: &Path, name: &str) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?.filter_map(Result::ok);
    let same =
        |entry: &fs::DirEntry| entry.file_name().to_str().is_some_and(|n| n.eq_ignore_ascii_case(name));
    entries.filter(same).map(|entry| entry.path()).min()
}

/// A name that is a file name on every system.
fn check_name(name: &str) -> Result<(), EditError> {
    const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let is_port = |kind: &str| {
        let number = stem.strip_prefix(kind);
        number.is_some_and(|n| n.chars().count() == 1 && n.chars().all(|c| "123456789¹²³".contains(c)))
    };
    let reason = if name.is_empty() {
        "it is empty"
    } else if name.chars().any(char::is_control) {
        "it has a control character"
    } else if name.contains(['/', '\\', ':']) {
        "it has a path separator"
    } else if name.contains(['<', '>', '"', '|', '?', '*']) {
        "it has a character that Windows does not allow"
    } else if name.starts_with(['.', ' ']) || name.ends_with(['.', ' ']) || name.contains("..") {
        "it begins or ends with a dot or space, or has two dots in a row"
    } else if RESERVED.contains(&stem.as_str()) || is_port("com") || is_port("lpt") {
        "Windows keeps it for a device"
    } else if name.len() > 200 {
        "it is too long"
    } else {
        return Ok(());
    };
    Err(EditError::Name { name: name.to_owned(), reason })
}

/// The path without links and `..`. Its end may be missing on disk; that part must not have a `..`.
pub(super) fn resolve(path: &Path) -> Result<PathBuf, EditError> {
    real(path).map_err(|error| EditError::Unresolved { path: path.to_owned(), error })
}

fn real(path: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    let mut missing = Vec::new();
    let mut existing = path.as_path();
    loop {
        match fs::canonicalize(existing) {
            Ok(found) => {
                return Ok(missing.into_iter().rev().fold(found, |path: PathBuf, part| path.join(part)));
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Err(error) => match (existing.components().next_back(), existing.parent()) {
                (Some(Component::Normal(part)), Some(parent)) => {
                    missing.push(part.to_owned());
                    existing = parent;
                }
                _ => return Err(error),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_file_names() {
        for name in ["CustTable.Fabrikam", "A_Extension", "Consumer", "Com10", "Größe", "a b"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        let bad = [
            "", ".", "..", "a..b", "../a", "a/b", r"a\b", r"C:a", "a\nb", "a\0", "a?", "a*", "<a>", "a|b",
            "a\"", " a", "a ", "a.", ".a", "con", "CON.Ext", "nul", "Com1", "LPT9.x", "com²",
        ];
        for name in bad {
            assert!(matches!(check_name(name), Err(EditError::Name { .. })), "{name}");
        }
        assert!(check_name(&"a".repeat(201)).is_err());
    }

    #[test]
    fn a_new_file_goes_into_the_folder_of_its_kind() {
        let folder = tempfile::tempdir().unwrap();
        let class = || NewKind::Class { declaration: String::new() };
        let file = NewFile::in_model(folder.path(), class(), "A");
        assert_eq!(file.path, folder.path().join("AxClass").join("A.xml"));
        assert!(file.check().is_ok());
        fs::create_dir(folder.path().join("axclass")).unwrap();
        let file = NewFile::in_model(folder.path(), class(), "A");
        assert_eq!(file.path, folder.path().join("axclass").join("A.xml"));
        assert!(file.check().is_ok());
        for path in ["AxTable/A.xml", "AxClass/B.xml", "AxClass/A.txt", "A.xml", "AxClass/x/../A.xml"] {
            let file = NewFile { path: folder.path().join(path), kind: class(), name: "A".to_owned() };
            assert!(matches!(file.check(), Err(EditError::WrongPlace { .. })), "{path}");
        }
    }

    #[test]
    fn a_path_is_resolved_as_far_as_it_exists() {
        let folder = tempfile::tempdir().unwrap();
        let real = fs::canonicalize(folder.path()).unwrap();
        fs::create_dir(folder.path().join("a")).unwrap();
        let resolved = |path: &str| resolve(&folder.path().join(path));
        assert_eq!(resolved("a/../b/c.xml").unwrap(), real.join("b/c.xml"));
        assert_eq!(resolved("./a/./c.xml").unwrap(), real.join("a/c.xml"));
        assert!(matches!(resolved("b/../c.xml"), Err(EditError::Unresolved { .. })));
    }
}
