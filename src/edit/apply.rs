//! Writing a plan: all checks first, then each file whole or not at all.

use super::paths::resolve;
use super::{EditError, FileChange};
use crate::platform::{create_new, replace, write_hint};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Writes the files of a plan. Nothing is written unless every file lies in one of the `allowed` folders once
/// links and `..` are resolved, still has the bytes that were read, and may be written. Each file goes through
/// a temporary one beside it; a folder that a new file needs is made.
///
/// # Errors
///
/// [`EditError::Outside`], [`EditError::Changed`], [`EditError::Exists`], [`EditError::ReadOnly`] and the like
/// before anything is written; [`EditError::Write`], which names the files written so far, when the operating
/// system refuses later.
pub fn apply(changes: &[FileChange], allowed: &[PathBuf]) -> Result<(), EditError> {
    let folders: Vec<_> = allowed.iter().filter_map(|folder| fs::canonicalize(folder).ok()).collect();
    let mut targets = Vec::new();
    let mut seen = BTreeSet::new();
    for change in changes {
        let target = resolve(&change.path)?;
        if !folders.iter().any(|folder| target.starts_with(folder) && target != *folder) {
            return Err(EditError::Outside { path: change.path.clone(), allowed: listed(allowed) });
        }
        if !seen.insert(target.clone()) {
            return Err(EditError::Twice { path: change.path.clone() });
        }
        check_unchanged(change, &target)?;
        targets.push(target);
    }
    write_all(changes, &targets)
}

fn listed(folders: &[PathBuf]) -> String {
    let names: Vec<_> = folders.iter().map(|folder| folder.display().to_string()).collect();
    if names.is_empty() { "the models that are named as your own".to_owned() } else { names.join(", ") }
}

/// The file is as it was when the plan was made, and may be replaced.
fn check_unchanged(change: &FileChange, target: &Path) -> Result<(), EditError> {
    let path = || change.path.clone();
    let Some(before) = &change.before else {
        return match fs::symlink_metadata(target) {
            Ok(_) => Err(EditError::Exists { path: path() }),
            Err(_) => Ok(()),
        };
    };
    match fs::read(target) {
        Ok(now) if now == *before => {}
        Ok(_) => return Err(EditError::Changed { path: path() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(EditError::Changed { path: path() });
        }
        Err(error) => return Err(EditError::Read { path: path(), error }),
    }
    match fs::metadata(target) {
        Ok(metadata) if metadata.permissions().readonly() => Err(EditError::ReadOnly { path: path() }),
        _ => Ok(()),
    }
}

fn write_all(changes: &[FileChange], targets: &[PathBuf]) -> Result<(), EditError> {
    for (done, (change, target)) in changes.iter().zip(targets).enumerate() {
        let written = match change.before {
            Some(_) => replace(target, &change.after),
            None => create_new(target, &change.after),
        };
        written.map_err(|error| EditError::Write {
            path: change.path.clone(),
            hint: hint(&error, target),
            written: changes[..done].iter().map(|change| change.path.clone()).collect(),
            error,
        })?;
    }
    Ok(())
}

fn hint(error: &io::Error, target: &Path) -> &'static str {
    let is_there = || fs::symlink_metadata(target).is_ok();
    match error.kind() {
        io::ErrorKind::AlreadyExists if is_there() => "; somebody else has just made it",
        _ => write_hint(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::for_tests::{can_link, link};

    type Expected = fn(&EditError) -> bool;

    struct Model {
        folder: tempfile::TempDir,
    }

    impl Model {
        fn new() -> Self {
            let model = Self { folder: tempfile::tempdir().unwrap() };
            fs::create_dir_all(model.path("own/AxClass")).unwrap();
            fs::create_dir_all(model.path("other")).unwrap();
            model
        }

        fn path(&self, path: &str) -> PathBuf {
            self.folder.path().join(path)
        }

        fn file(&self, path: &str, bytes: &str) -> FileChange {
            fs::write(self.path(path), bytes).unwrap();
            FileChange { path: self.path(path), before: Some(bytes.into()), after: b"new".to_vec() }
        }

        fn apply(&self, changes: &[FileChange]) -> Result<(), EditError> {
            apply(changes, &[self.path("missing"), self.path("own")])
        }

        fn read(&self, path: &str) -> String {
            fs::read_to_string(self.path(path)).unwrap()
        }
    }

    #[test]
    fn files_are_replaced_and_made() {
        let model = Model::new();
        let old = model.file("own/AxClass/A.xml", "old");
        let new = FileChange { path: model.path("own/AxView/B.xml"), before: None, after: b"B".to_vec() };
        model.apply(&[old, new]).unwrap();
        assert_eq!(
            (model.read("own/AxClass/A.xml"), model.read("own/AxView/B.xml")),
            ("new".into(), "B".into())
        );
    }

    #[test]
    fn nothing_is_written_when_one_check_fails() {
        let model = Model::new();
        let first = model.file("own/AxClass/A.xml", "old");
        let bad: [(FileChange, Expected); 5] = [
            (model.file("other/B.xml", "old"), |e| matches!(e, EditError::Outside { .. })),
            (
                FileChange { path: model.path("own/../other/B.xml"), ..model.file("other/B.xml", "old") },
                |e| matches!(e, EditError::Outside { .. }),
            ),
            (FileChange { before: Some(b"older".to_vec()), ..model.file("own/C.xml", "old") }, |e| {
                matches!(e, EditError::Changed { .. })
            }),
            (FileChange { before: None, ..model.file("own/D.xml", "old") }, |e| {
                matches!(e, EditError::Exists { .. })
            }),
            (first.clone(), |e| matches!(e, EditError::Twice { .. })),
        ];
        for (change, expected) in bad {
            let error = model.apply(&[first.clone(), change]).unwrap_err();
            assert!(expected(&error), "{error}");
            assert_eq!(model.read("own/AxClass/A.xml"), "old");
        }
        let folder = FileChange { path: model.path("own"), before: None, after: Vec::new() };
        assert!(matches!(model.apply(&[folder]), Err(EditError::Outside { .. })));
    }

    #[test]
    fn a_file_that_went_away_has_changed() {
        let model = Model::new();
        let change = model.file("own/A.xml", "old");
        fs::remove_file(&change.path).unwrap();
        assert!(matches!(model.apply(&[change]), Err(EditError::Changed { .. })));
    }

    #[test]
    fn a_read_only_file_is_left_alone() {
        let model = Model::new();
        let change = model.file("own/A.xml", "old");
        let mut permissions = fs::metadata(&change.path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&change.path, permissions).unwrap();
        let error = model.apply(&[change]).unwrap_err();
        assert!(error.to_string().contains("is read-only; nothing was written"), "{error}");
        assert_eq!(model.read("own/A.xml"), "old");
    }

    #[test]
    fn a_failure_says_what_was_written() {
        let model = Model::new();
        let first = model.file("own/AxClass/A.xml", "old");
        let new = |path: &str| FileChange { path: model.path(path), before: None, after: Vec::new() };
        // The file that is made first is in the way of the folder that the next one needs.
        let error =
            model.apply(&[first, new("own/AxView"), new("own/AxView/B.xml")]).unwrap_err().to_string();
        let (reason, written) = error.split_once('\n').unwrap();
        assert!(reason.contains("cannot write") && reason.contains("B.xml"), "{error}");
        assert!(written.contains("A.xml") && written.contains("AxView"), "{error}");
    }

    #[test]
    fn links_are_followed_before_the_folder_is_checked() {
        if !can_link() {
            return;
        }
        let model = Model::new();
        let outside = model.file("other/B.xml", "old");
        link(model.path("other"), model.path("own/AxView"));
        let linked = FileChange { path: model.path("own/AxView/B.xml"), ..outside };
        assert!(matches!(model.apply(&[linked]), Err(EditError::Outside { .. })));
        link(model.path("own"), model.path("link"));
        let change = model.file("own/A.xml", "old");
        let through = FileChange { path: model.path("link/A.xml"), ..change };
        apply(&[through], &[model.path("link")]).unwrap();
        assert_eq!(model.read("own/A.xml"), "new");
    }
}
