//! Paths as the output shows them: relative to a root, with `/`, in one order on every platform.

use std::path::{Path, PathBuf};

/// The parts of a relative path, joined with `/`. What is not Unicode is shown with replacement characters.
pub fn with_slashes(relative: &Path) -> String {
    let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// A relative path as a user or a file of another platform writes it, with `/`: `separator` stands for the
/// other separator where the path comes from (`\` on Windows; elsewhere `\` is an ordinary character).
pub fn slashed(path: &str, separator: Option<char>) -> String {
    let parts = path.split(|c| c == '/' || Some(c) == separator);
    parts.filter(|part| !part.is_empty() && *part != ".").collect::<Vec<_>>().join("/")
}

/// `parent/name`, where `parent` may be the root itself (empty).
pub(super) fn join(parent: &str, name: &str) -> String {
    if parent.is_empty() { name.to_owned() } else { [parent, "/", name].concat() }
}

/// The name of a folder even when it is given as `.` or `..`.
pub(super) fn folder_name(given: &Path, real: &Path) -> String {
    let name = given.file_name().or_else(|| real.file_name());
    name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The path made absolute without resolving links: what is opened keeps the drive letter or share that the
/// user named, and the standard library can lift the length limit of Windows.
pub(super) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::{folder_name, join, slashed, with_slashes};
    use std::path::Path;

    #[test]
    fn both_separators_become_slashes_where_both_separate() {
        assert_eq!(slashed(r"Pkg\Model\AxTable\A.xml", Some('\\')), "Pkg/Model/AxTable/A.xml");
        assert_eq!(slashed(r"Pkg/Model\AxTable//A.xml", Some('\\')), "Pkg/Model/AxTable/A.xml");
        assert_eq!(slashed(r".\Pkg\.\Model\", Some('\\')), "Pkg/Model");
        assert_eq!(slashed(r"odd\name.xml", None), r"odd\name.xml");
        assert_eq!(slashed("", Some('\\')), "");
    }

    #[test]
    fn components_are_joined_with_slashes() {
        let path: std::path::PathBuf = ["Pkg", "Model", "AxTable", "A.xml"].iter().collect();
        assert_eq!(with_slashes(&path), "Pkg/Model/AxTable/A.xml");
        assert_eq!(join("", "Pkg"), "Pkg");
        assert_eq!(join("Pkg", "Model"), "Pkg/Model");
    }

    #[test]
    fn a_dot_has_the_name_of_its_folder() {
        assert_eq!(folder_name(Path::new("."), Path::new("/repo/Metadata/MyModel")), "MyModel");
        assert_eq!(folder_name(Path::new("x/MyModel/"), Path::new("/elsewhere/Other")), "MyModel");
        assert_eq!(folder_name(Path::new(".."), Path::new("/")), "");
    }
}
