//! The same metadata give the same bytes: however many threads, in whatever order the files lie, however
//! they are encoded, wherever the root is.

mod support;

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use support::Tree;
use support::platform::{can_link, link};
use support::sample::{files, list, problems, repository};

/// The results and what is printed; the place of the root aside, which the test may have moved.
fn results(tree: &Tree, arguments: &[&str]) -> Vec<(String, Vec<u8>)> {
    let maps = tree.root().join("maps");
    let mut command = tree.command(&[&["analyze", "--verbose", "--all"], arguments].concat());
    let output = command.arg("--maps").arg(maps).env("PATH", "").output().expect("the binary runs");
    assert!(output.status.success());
    let printed = support::text(&output.stdout);
    let folder = tree.folder().to_str().expect("a path in Unicode");
    let mut results = vec![("summary".to_owned(), printed.replace(folder, "").into_bytes())];
    for name in ["tracking.json", "definitions.csv", "graph.dot"] {
        results.push((name.to_owned(), fs::read(tree.out().join(name)).expect("a result")));
    }
    let writes = tree.prints(&[&["writes", "--json"], arguments].concat());
    results.push(("writes".to_owned(), writes.into_bytes()));
    results
}

fn assert_same(a: &[(String, Vec<u8>)], b: &[(String, Vec<u8>)], what: &str) {
    for ((name, a), (_, b)) in a.iter().zip(b) {
        let differs =
            support::text(a).lines().zip(support::text(b).lines()).find(|(a, b)| a != b).map(|(a, b)| {
                let at = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count().saturating_sub(80);
                let cut = |line: &str| line.chars().skip(at).take(200).collect::<String>();
                format!("\n  {}\n  {}", cut(a), cut(b))
            });
        assert!(a == b, "{name} differs with {what}: {}", differs.unwrap_or_default());
    }
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let tree = Tree::sample();
    let one = results(&tree, &["--threads", "1"]);
    for threads in ["2", "8", "8", "8", "0"] {
        assert_same(&one, &results(&tree, &["--threads", threads]), &format!("{threads} threads"));
    }
}

/// File systems list files in the order of their making, by name, or by hash.
#[test]
fn the_order_in_which_files_were_made_does_not_matter() {
    let usual = results(&Tree::sample(), &[]);
    let mut reversed = files();
    reversed.reverse();
    let mut by_name_length = files();
    by_name_length.sort_by_key(|path| (path.file_name().map(std::ffi::OsStr::len), path.clone()));
    for order in [reversed, by_name_length, shuffled(files(), 7), shuffled(files(), 2026)] {
        assert_same(&usual, &results(&Tree::sample_with(order, |_, bytes| bytes), &[]), "another order");
    }
}

/// An order that looks random and is the same in each run of the test.
fn shuffled(mut files: Vec<PathBuf>, seed: u64) -> Vec<PathBuf> {
    let mut state = seed;
    files.sort_by_cached_key(|_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 32
    });
    files
}

#[test]
fn the_place_and_name_of_the_root_do_not_matter() {
    let tree = Tree::sample();
    // Problems name files too.
    tree.raw("ContosoSuite/Descriptor/Broken.xml", "<AxModelInfo>");
    tree.raw("ContosoSuite/ContosoSuite/AxTable/Broken.xml", "<AxTable>");
    if can_link() {
        link("../FabrikamFleet", tree.root().join("Linked"));
    }
    let usual = results(&tree, &[]);
    let run = |root: &str, out: &str| {
        fs::create_dir_all(tree.folder().join(root).parent().expect("a folder")).expect("folders");
        fs::rename(tree.root(), tree.folder().join(root)).expect("a new place");
        let mut command = support::dualtrack(tree.folder());
        command.args(["analyze", root, "-q", "--out", out, "--maps"]).arg(format!("{root}/maps"));
        let output = command.env("PATH", "").output().expect("the binary runs");
        assert!(output.status.success(), "{}", support::text(&output.stderr));
        fs::rename(tree.folder().join(root), tree.root()).expect("the old place");
        for (name, bytes) in usual[1..].iter().filter(|(name, _)| name.contains('.')) {
            assert!(
                *bytes == fs::read(tree.folder().join(out).join(name)).expect("a result"),
                "{name}, {root}"
            );
        }
    };
    run("Zweites Verzeichnis/größer (Kopie)", "out2");
    run("a", "b/c/d");
}

type Change<'a> = &'a dyn Fn(&[u8]) -> Vec<u8>;

#[test]
fn the_encoding_of_the_files_does_not_matter() {
    let usual = results(&Tree::sample(), &[]);
    let ends = |bytes: &[u8], end: &str| {
        let text = String::from_utf8(bytes.to_vec()).expect("UTF-8").replace("\r\n", "\n");
        text.trim_start_matches('\u{feff}').replace('\n', end)
    };
    let mark = |text: String| format!("\u{feff}{text}").into_bytes();
    let utf16 = |text: String, bytes: fn(u16) -> [u8; 2]| {
        format!("\u{feff}{}", text.replace("utf-8", "utf-16")).encode_utf16().flat_map(bytes).collect()
    };
    let variants: [(&str, Change); 6] = [
        ("LF", &|bytes| ends(bytes, "\n").into_bytes()),
        ("CRLF", &|bytes| ends(bytes, "\r\n").into_bytes()),
        ("LF and a mark", &|bytes| mark(ends(bytes, "\n"))),
        ("CRLF and a mark", &|bytes| mark(ends(bytes, "\r\n"))),
        ("UTF-16, little end first", &|bytes| utf16(ends(bytes, "\r\n"), u16::to_le_bytes)),
        ("UTF-16, big end first", &|bytes| utf16(ends(bytes, "\n"), u16::to_be_bytes)),
    ];
    for (what, change) in variants {
        assert_same(&usual, &results(&Tree::sample_with(files(), |_, bytes| change(&bytes)), &[]), what);
    }
}

/// Results that are there already are the same results, and are not written again.
#[test]
fn a_second_run_leaves_the_results_alone() {
    let tree = Tree::sample();
    let first = results(&tree, &[]);
    let written =
        |name: &str| fs::metadata(tree.out().join(name)).and_then(|m| m.modified()).expect("a time");
    let times = ["tracking.json", "definitions.csv", "graph.dot"].map(written);
    assert_same(&first, &results(&tree, &[]), "a second run");
    assert_eq!(["tracking.json", "definitions.csv", "graph.dot"].map(written), times);
}

/// Developers link the packages of their repository into `PackagesLocalDirectory`.
#[test]
fn a_linked_package_is_read_like_one_that_lies_there() {
    if !can_link() {
        return;
    }
    let usual = results(&Tree::sample(), &[]);
    let tree = Tree::sample();
    let package = tree.folder().join("repository/FabrikamFleet");
    fs::create_dir_all(package.parent().expect("a folder")).expect("a folder");
    fs::rename(tree.root().join("FabrikamFleet"), &package).expect("a new place");
    link(&package, tree.root().join("FabrikamFleet"));
    assert_same(&usual, &results(&tree, &[]), "a linked package");
}

#[test]
fn a_package_reached_twice_is_read_once() {
    if !can_link() {
        return;
    }
    let usual = Tree::sample().analyze(&[]);
    let tree = Tree::sample();
    // A second name for a package, one that sorts first, a link to the root itself, and one to nothing.
    link(tree.root().join("ContosoSuite"), tree.root().join("ZLink"));
    link(tree.root().join("FabrikamFleet"), tree.root().join("AALink"));
    link(tree.root(), tree.root().join("FabrikamFleet/Loop"));
    link("nowhere", tree.root().join("Broken"));
    let tracking = tree.analyze(&[]);
    assert_eq!(problems(&tracking, "duplicate-element"), [] as [&Value; 0]);
    for link in ["ZLink", "AALink"] {
        let names = |problem: &Value| problem["message"].as_str().is_some_and(|m| m.contains(link));
        assert!(problems(&tracking, "looped-folder").iter().any(|problem| names(problem)), "{link}");
    }
    for key in ["entities", "definitions", "needed"] {
        assert!(tracking[key] == usual[key], "{key}");
    }
}

/// The second root repeats what the first has, under other file names.
#[test]
fn the_first_root_wins_and_the_same_root_twice_is_one() {
    let tree = Tree::sample();
    let usual = tree.analyze(&[]);
    let root = tree.root().to_str().expect("a path in Unicode").to_owned();
    let twice = tree.analyze(&["--metadata", &root]);
    for key in ["entities", "definitions", "needed"] {
        assert!(twice[key] == usual[key], "{key}");
    }
    let other = Tree::new();
    other.table("CustTable", &["AccountNum"]);
    let root = other.root().to_str().expect("a path in Unicode").to_owned();
    let both = tree.analyze(&["--metadata", &root]);
    let [problem] = problems(&both, "duplicate-element")[..] else { panic!("one problem") };
    assert_eq!(problem["file"], "Test/Test/AxTable/CustTable.xml");
    assert!(both["entities"] == usual["entities"]);
}

#[test]
fn the_committed_sample_has_every_kind_of_file() {
    let read = |path: &PathBuf| fs::read(repository().join("metadata").join(path)).expect("a file");
    let is_xml = |path: &&PathBuf| Path::new(path).extension().is_some_and(|e| e == "xml");
    let all: Vec<Vec<u8>> = files().iter().filter(is_xml).map(read).collect();
    let count = |is: &dyn Fn(&[u8]) -> bool| all.iter().filter(|bytes| is(bytes)).count();
    assert!(count(&|bytes| bytes.starts_with(b"\xEF\xBB\xBF")) >= 2, "files with a mark");
    assert!(count(&|bytes| bytes.windows(2).any(|end| end == b"\r\n")) >= 10, "files with CRLF");
    assert!(count(&|bytes| !bytes.contains(&b'\r')) >= 10, "files with LF");
    assert!(list(&Tree::sample().analyze(&[])["problems"]).iter().all(|p| p["severity"] != "error"));
}
