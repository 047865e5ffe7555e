//! `diff` as a user runs it: two folders, or revisions of a repository.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use support::text;

const ENTITY: &str = "FabrikamFleet/FabrikamFleet/AxDataEntityView/FabVehicleEntity.xml";

struct Work {
    folder: tempfile::TempDir,
}

impl Work {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The sample in a folder.
    fn sample(&self, name: &str) {
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("metadata"), &self.path(name));
    }

    /// The type of a vehicle becomes an outer join; it is read-only already.
    fn break_join(&self, name: &str) {
        let path = self.path(name).join(ENTITY);
        let entity = fs::read_to_string(&path).unwrap();
        let (before, source) = entity.split_once("<Name>FabVehicleType</Name>\n").unwrap();
        let read_only = "<IsReadOnly>Yes</IsReadOnly>";
        let source = source.replacen(read_only, &format!("{read_only}<JoinMode>OuterJoin</JoinMode>"), 1);
        fs::write(path, format!("{before}<Name>FabVehicleType</Name>\n{source}")).unwrap();
    }

    fn run(&self, program: &str, folder: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.path(folder))
            .env_remove("GITHUB_ACTIONS")
            .env_remove("TF_BUILD");
        command.output().unwrap()
    }

    fn diff(&self, folder: &str, arguments: &[&str]) -> (Option<i32>, String) {
        let output = self.run(env!("CARGO_BIN_EXE_dualtrack"), folder, &[&["diff"], arguments].concat());
        (output.status.code(), text(&output.stdout) + &text(&output.stderr))
    }

    fn git(&self, folder: &str, arguments: &[&str]) {
        let identity =
            ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "core.autocrlf=false"];
        let output = self.run("git", folder, &[&identity, arguments].concat());
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
        return;
    }
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        copy(&entry, &to.join(entry.file_name().unwrap()));
    }
}

fn has_git() -> bool {
    let found = Command::new("git").arg("--version").output().is_ok();
    if !found {
        eprintln!("there is no git; nothing is compared through it");
    }
    found
}

#[test]
fn the_exit_code_says_whether_tracking_was_lost() {
    let work = Work::new();
    work.sample("before");
    work.sample("after");
    let (code, said) = work.diff("", &["before", "after"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("no findings"), "{said}");
    work.break_join("after");
    let (code, said) = work.diff("", &["before", "after"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("error[tracking-lost]: changes of FabVehicleType no longer reach"), "{said}");
    assert!(said.contains("changed from InnerJoin to"), "{said}");
    let failing = |sets: &str| work.diff("", &["before", "after", "--fail-on", sets]).0;
    assert_eq!(failing("none"), Some(0));
    assert_eq!(failing("cost"), Some(0));
    assert_eq!(failing("cost,lost"), Some(1));
    assert_eq!(failing("any"), Some(1));
    // Back again, a row is more.
    let back = |sets: &str| work.diff("", &["after", "before", "--fail-on", sets]).0;
    assert_eq!((back("lost"), back("cost")), (Some(0), Some(1)));
}

#[test]
fn maps_of_the_state_before_move_along_or_are_named() {
    let work = Work::new();
    work.sample("before");
    work.sample("after");
    let map = fs::read_dir(work.path("after/maps")).unwrap().map(|entry| entry.unwrap().path());
    map.filter(|path| path.is_file()).for_each(|path| fs::remove_file(path).unwrap());
    fs::write(work.path("after/maps/none.json"), "[]").unwrap();
    let (_, said) = work.diff("", &["before", "after", "--maps", "after/maps"]);
    assert!(said.contains("no-longer-sent"), "{said}");
    assert!(said.contains("no table map sends"), "{said}");
    let named = ["before", "after", "--maps", "after/maps", "--base-maps", "after/maps"];
    let (code, said) = work.diff("", &named);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("no findings"), "{said}");
}

#[test]
fn two_revisions_say_what_two_folders_say() {
    if !has_git() {
        return;
    }
    let work = Work::new();
    work.sample("before");
    work.sample("after");
    work.break_join("after");
    work.sample("repository/src");
    work.git("repository", &["init", "--quiet"]);
    work.git("repository", &["add", "--all"]);
    work.git("repository", &["commit", "--quiet", "-m", "before"]);
    work.break_join("repository/src");
    let maps = ["--maps", "src/maps", "-m", "src"];
    let (code, working_tree) = work.diff("repository", &[&["--git", "HEAD"], &maps[..]].concat());
    assert_eq!(code, Some(1), "{working_tree}");
    work.git("repository", &["commit", "--quiet", "--all", "-m", "after"]);
    let (code, revisions) = work.diff("repository", &[&["--git", "HEAD~1", "HEAD"], &maps[..]].concat());
    assert_eq!(code, Some(1), "{revisions}");
    let (_, folders) = work.diff("", &["before", "after", "--maps", "after/maps"]);
    assert_eq!(revisions, folders);
    assert_eq!(working_tree, folders);
    let (code, nothing) = work.diff("repository", &[&["--git", "HEAD"], &maps[..]].concat());
    assert_eq!(code, Some(0), "{nothing}");
}

#[test]
fn what_git_cannot_find_is_explained() {
    if !has_git() {
        return;
    }
    let work = Work::new();
    work.sample("repository");
    let (code, said) = work.diff("repository", &["--git", "HEAD", "-m", "."]);
    assert_eq!(code, Some(2));
    assert!(said.contains("lies in no git repository"), "{said}");
    work.git("repository", &["init", "--quiet"]);
    for revision in ["nowhere", "--upload-pack=x", "HEAD"] {
        let (code, said) = work.diff("repository", &["--git", "-m", ".", "--", revision]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(&format!("there is no revision {revision}")), "{said}");
    }
}
