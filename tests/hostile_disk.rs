//! Files that change or vanish while they are read, links that lead in circles, disks that are full, and readers that go
//! away: every command ends with an exit code and a message, and leaves nothing half-written.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use support::platform::{can_link, link};
use support::{Tree, dualtrack, entity, mapped, root, table, text};

/// So many elements that a run takes a while.
const ELEMENTS: usize = 150;

fn tree() -> Tree {
    let tree = Tree::new();
    tree.table("Top", &["A"]);
    for number in 0..ELEMENTS {
        let (name, target) = (format!("E{number}"), format!("T{number}"));
        tree.table(&target, &["A", "B"]);
        tree.entity(&name, &root("D", &target, ""), &mapped("A", "D", "A"));
    }
    tree
}

/// An end as a user may see it: done, findings, or refused with a message; never a panic.
fn sane(output: &Output) {
    let errors = text(&output.stderr);
    assert!(matches!(output.status.code(), Some(0..=2)), "{:?} {errors}", output.status);
    assert!(!errors.contains("panicked") && !text(&output.stdout).contains("panicked"), "{errors}");
    assert!(output.status.code() != Some(2) || errors.starts_with("error: "), "{errors}");
}

/// Rewrites, cuts, lengthens, removes and renames files, and folders too, until it is told to stop.
fn disturb(folder: &Path, stop: &AtomicBool) {
    let kinds = ["AxTable", "AxDataEntityView"];
    let path = |kind: &str, name: &str| folder.join("Test/Test").join(kind).join(format!("{name}.xml"));
    let mut round = 0_usize;
    while !stop.load(Ordering::Relaxed) {
        let number = round.wrapping_mul(7) % ELEMENTS;
        let (table_path, entity_path) =
            (path("AxTable", &format!("T{number}")), path("AxDataEntityView", &format!("E{number}")));
        // Nothing of this need succeed: the files may be open, or gone.
        let _ = match round % 7 {
            0 => fs::remove_file(&table_path),
            1 => fs::write(&table_path, &table("Cut", &["A"])[..60]),
            2 => fs::write(&table_path, table(&format!("T{number}"), &["A"]).repeat(200)),
            3 => fs::write(&entity_path, ""),
            4 => fs::rename(folder.join("Test/Test").join(kinds[round % 2]), folder.join("Test/Test/Away")),
            5 => fs::rename(
                folder.join("Test/Test/Away"),
                folder.join("Test/Test").join(kinds[(round - 1) % 2]),
            ),
            _ => fs::write(&entity_path, entity(&format!("E{number}"), "", &root("D", "Top", ""), "")),
        };
        round += 1;
    }
}

#[test]
fn files_that_change_and_vanish_during_a_run() {
    let tree = tree();
    let cache = tree.folder().join("cache");
    let cache = cache.to_str().expect("a path in Unicode");
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| disturb(&tree.root(), &stop));
        for arguments in [
            &["analyze", "--cache-dir", cache][..],
            &["analyze", "--cache-dir", cache, "--json"],
            &["check", "--all"],
            &["suggest", "--all", "--diff"],
            &["writes", "--all"],
            &["explain", "E1"],
            &["snapshot", "--output", "kept.dtsnap"],
        ] {
            for _ in 0..2 {
                sane(&tree.command(arguments).env("PATH", "").output().expect("the binary runs"));
            }
        }
        stop.store(true, Ordering::Relaxed);
    });
    // What the cache learned in the meantime is not believed: the answer is that of the files.
    let _ = fs::rename(tree.root().join("Test/Test/Away"), tree.root().join("Test/Test/AxTable"));
    tree.analyze(&["--cache-dir", cache]);
    let cached = fs::read(tree.out().join("tracking.json")).expect("a result");
    tree.analyze(&["--no-cache"]);
    assert!(
        cached == fs::read(tree.out().join("tracking.json")).expect("a result"),
        "the cache is not believed"
    );
}

/// A folder that holds a link to itself, one to its parent, two that lead to each other, and one to nowhere.
#[test]
fn links_that_lead_in_circles_are_followed_once() {
    if !can_link() {
        return;
    }
    let tree = tree();
    let model = tree.root().join("Test/Test");
    for (target, name) in
        [(".", "AxTable/self"), ("..", "up"), ("two", "one"), ("one", "two"), ("/nowhere", "gone")]
    {
        link(target, model.join(name));
    }
    link("../Test", tree.root().join("Test/Again"));
    link(".", tree.root().join("Loop"));
    for command in [&["analyze"][..], &["check", "--all"], &["writes"], &["snapshot", "--output", "s.dtsnap"]]
    {
        let output = tree.command(command).env("PATH", "").output().expect("the binary runs");
        sane(&output);
        assert!(output.status.code() != Some(2), "{}", text(&output.stderr));
    }
    let names = support::sample::list(&tree.tracking()["entities"]).len();
    assert_eq!(names, ELEMENTS, "no element is met twice");
    let maps = tree.folder().join("maps");
    fs::create_dir(&maps).expect("a folder");
    link(".", maps.join("again"));
    link("../maps", maps.join("other"));
    tree.beside("maps/m.json", r#"{"legs":[{"sourceSchema":"E1","fieldMappings":[]}]}"#);
    let printed = tree.prints(&["maps", "--maps", maps.to_str().expect("a path in Unicode"), "--json"]);
    let document: serde_json::Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!(support::sample::list(&document["maps"]).len(), 1, "{document}");
}

/// Every command that writes a file, and the file.
fn writers(folder: &Path) -> Vec<(Vec<String>, PathBuf)> {
    let path = |name: &str| folder.join(name);
    let option = |format: &str, name: &str| format!("{format}={}", path(name).display());
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let mut all = vec![
        (words(&["analyze", "--out"]), "out/tracking.json"),
        (words(&["snapshot", "--output"]), "kept.dtsnap"),
    ]
    .into_iter()
    .map(|(mut arguments, name)| {
        let target = if name.starts_with("out") { path("out") } else { path(name) };
        arguments.push(target.display().to_string());
        (arguments, path(name))
    })
    .collect::<Vec<_>>();
    for (command, format) in [
        (&["suggest", "--all"][..], "json"),
        (&["cost", "--all"], "json"),
        (&["writes", "--all"], "json"),
        (&["check", "--all"], "sarif"),
        (&["graph", "--all"], "dot"),
        (&["explain", "E1", "--all"], "json"),
        (&["impact", "T1", "--all"], "json"),
    ] {
        let name = format!("{}.{format}", command[0]);
        all.push((
            [words(command), vec!["--format".to_owned(), option(format, &name)]].concat(),
            path(&name),
        ));
    }
    all
}

fn leftovers(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with(".dualtrack-")).collect()
}

/// A file may not grow beyond a block: what was there before stays, whole.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_leaves_what_was_there() {
    /// A block of `ulimit`, as large as any shell has it.
    const LIMIT: usize = 1_024;
    let tree = tree();
    let mut refused = 0;
    for (arguments, file) in writers(tree.folder()) {
        fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
        fs::write(&file, "what was there").expect("a file");
        let mut command = Command::new("sh");
        // The signal that comes with the limit is ignored, so that the write fails as on a full disk.
        command.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_dualtrack")]);
        command.args(&arguments).arg("-m").arg(tree.root()).current_dir(tree.folder());
        command.env("PATH", "/usr/bin:/bin").env("NO_COLOR", "1");
        let output = command.stdout(Stdio::null()).output().expect("sh runs");
        sane(&output);
        let errors = text(&output.stderr);
        let now = fs::read(&file).expect("the file");
        if output.status.code() == Some(2) {
            assert!(errors.contains("cannot write"), "{arguments:?}: {errors}");
            assert_eq!(now, b"what was there", "{arguments:?}");
            refused += 1;
        } else {
            assert!(now.len() <= LIMIT && now != b"what was there", "{arguments:?}: it fits");
        }
        let folder = file.parent().expect("a folder");
        assert_eq!(leftovers(folder), [""; 0], "{arguments:?}");
    }
    assert!(refused > 5, "{refused} did not fit");
}

/// The reader of standard output goes away at once: no message, no panic.
#[test]
fn a_reader_that_goes_away_is_no_error_of_any_command() {
    let tree = tree();
    let dump = tree.beside("dump.csv", "RefEntityName,RefTableName,DataSourceName\nE1,T1,D\n");
    let maps = tree.beside("m.json", r#"{"legs":[{"sourceSchema":"E1","fieldMappings":[]}]}"#);
    let base = tree.root();
    let base = base.to_str().expect("a path in Unicode");
    for arguments in [
        &["analyze", "--all", "--json"][..],
        &["suggest", "--all", "--json"],
        &["suggest", "--all", "--diff"],
        &["impact", "T1", "--all"],
        &["explain", "E1", "--json"],
        &["cost", "--all", "--format", "csv"],
        &["maps", "--all", "--maps", &maps],
        &["health", "--all", "--maps", &maps],
        &["reconcile", &dump, "--all"],
        &["writes", "--all"],
        &["check", "--all", "--format", "sarif"],
        &["check", "--all", "--format", "markdown"],
        &["diff", base, "--all"],
        &["graph", "--all"],
    ] {
        let mut command = tree.command(arguments);
        command.env("PATH", "").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("an end");
        let errors = text(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?}: {:?} {errors}", output.status);
        assert!(
            !errors.contains("panicked") && !errors.contains("error: cannot write"),
            "{arguments:?}: {errors}"
        );
    }
    for arguments in [&["list", "rules"][..], &["rule", "untracked-field"], &["completions", "fish"]] {
        let mut command = dualtrack(tree.folder());
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary runs");
        drop(child.stdout.take());
        assert_eq!(child.wait_with_output().expect("an end").status.code(), Some(0), "{arguments:?}");
    }
}
