//! A snapshot stands for the root that it was made of; a cache changes nothing.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use support::text;

/// The sample, split: one package is the team's own, the others are the platform.
struct Split {
    folder: tempfile::TempDir,
}

impl Split {
    fn new(own: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("metadata");
        for package in fs::read_dir(&sample).unwrap().map(|entry| entry.unwrap().path()) {
            let name = package.file_name().unwrap().to_owned();
            let root = if name == own { "own" } else { "platform" };
            copy(&package, &folder.path().join(root).join(name));
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dualtrack"));
        command.args(arguments).current_dir(self.folder.path()).env("PATH", "").output().unwrap()
    }

    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}\n{}", text(&output.stderr));
        text(&output.stdout)
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

fn packages() -> Vec<String> {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("metadata");
    let folders = fs::read_dir(sample).unwrap().map(|entry| entry.unwrap().path());
    let packages = folders.filter(|path| path.join("Descriptor").is_dir());
    packages.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect()
}

const OUTPUTS: [&str; 4] = ["tracking.json", "definitions.csv", "suggestions.md", "graph.dot"];

#[test]
fn a_snapshot_stands_for_its_root() {
    for own in packages() {
        let split = Split::new(&own);
        let maps = split.path("platform/maps");
        let maps = maps.to_str().unwrap();
        let said = split.ok(&["snapshot", "platform", "-o", "platform.dtsnap"]);
        assert!(said.starts_with("platform.dtsnap: "), "{said}");
        for more in [&["--all", "--maps", maps][..], &["--all"][..]] {
            let real = [&["analyze", "own", "platform", "--out", "real"], more].concat();
            let kept = [&["analyze", "own", "platform.dtsnap", "--out", "kept"], more].concat();
            split.ok(&real);
            split.ok(&kept);
            for output in OUTPUTS {
                let read = |folder: &str| fs::read(split.path(folder).join(output)).unwrap();
                assert_eq!(text(&read("real")), text(&read("kept")), "{own}: {output} {more:?}");
            }
        }
    }
}

#[test]
fn the_same_roots_give_the_same_snapshot() {
    let split = Split::new("FabrikamFleet");
    split.ok(&["snapshot", "platform", "-o", "one.dtsnap", "--threads", "1"]);
    split.ok(&["snapshot", "platform", "-o", "eight.dtsnap", "--threads", "8"]);
    assert_eq!(fs::read(split.path("one.dtsnap")).unwrap(), fs::read(split.path("eight.dtsnap")).unwrap());
}

#[test]
fn a_damaged_snapshot_is_refused() {
    let split = Split::new("FabrikamFleet");
    split.ok(&["snapshot", "platform", "-o", "whole.dtsnap", "--quiet"]);
    let whole = fs::read(split.path("whole.dtsnap")).unwrap();
    let refused = |bytes: &[u8]| {
        fs::write(split.path("bad.dtsnap"), bytes).unwrap();
        let output = split.run(&["analyze", "own", "bad.dtsnap"]);
        assert_eq!(output.status.code(), Some(2));
        text(&output.stderr)
    };
    let mut other = whole.clone();
    other[7] += 1;
    assert!(refused(&other).contains("make it again with this version"));
    for cut in [8, 30, whole.len() / 2, whole.len() - 1] {
        assert!(refused(&whole[..cut]).contains("is damaged"), "{cut}");
    }
    for at in (8..whole.len()).step_by(whole.len() / 40) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x10;
        assert!(refused(&flipped).contains("is damaged"), "{at}");
    }
}

#[test]
fn nothing_in_a_snapshot_is_ever_edited() {
    let split = Split::new("FabrikamFleet");
    split.ok(&["snapshot", "platform", "-o", "platform.dtsnap", "--quiet"]);
    let before = fs::read(split.path("platform.dtsnap")).unwrap();
    let said = split.ok(&["suggest", "platform.dtsnap", "own", "--apply"]);
    assert_eq!(before, fs::read(split.path("platform.dtsnap")).unwrap(), "{said}");
}
