//! With a cache or without, the output is the same, whatever happens to the files between two runs.

mod support;

use proptest::prelude::*;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};
use support::{Tree, copy, entity, mapped, method, root, table, text};

struct Run {
    folder: tempfile::TempDir,
}

const PACKAGES: [&str; 4] = ["ContosoDirectory", "ContosoSuite", "FabrikamFleet", "FabrikamFleetJobs"];

impl Run {
    /// A copy of one package of the sample.
    fn new() -> Self {
        Self::of(&["FabrikamFleet"])
    }

    fn of(packages: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for package in packages {
            let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("metadata").join(package);
            copy(&sample, &folder.path().join("metadata").join(package));
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn analyze(&self, out: &str, cache: &[&str]) -> String {
        let arguments = [&["analyze", "metadata", "--all", "--verbose", "--out", out], cache].concat();
        let mut command = Command::new(env!("CARGO_BIN_EXE_dualtrack"));
        let output =
            command.args(arguments).current_dir(self.folder.path()).env("PATH", "").output().unwrap();
        let said = text(&output.stdout).replace(out, "");
        if !output.status.success() {
            return format!("{}{}", said, text(&output.stderr));
        }
        let tracking = fs::read(self.path(out).join("tracking.json")).unwrap();
        format!("{said}{}", text(&tracking))
    }

    /// Makes all files old: what the file system says of them tells whether they have changed.
    fn settle(&self) -> SystemTime {
        settle(&self.files())
    }

    /// What a question comes to: the answer, or why there is none.
    fn ask(&self, question: &[&str], cache: &[&str]) -> String {
        let arguments = [question, &["--metadata", "metadata"], cache].concat();
        let mut command = Command::new(env!("CARGO_BIN_EXE_dualtrack"));
        let output = command.args(arguments).current_dir(self.folder.path()).output().unwrap();
        format!("{}{}", text(&output.stdout), text(&output.stderr))
    }

    /// One answer from the part that the cache tells from the rest, one from the part that is found by reading. For
    /// tools, one from everything too: for people, that tells of problems as well.
    fn compare_answers(&self, question: &[&str]) {
        let cached = self.ask(question, &["--cache-dir", "cache"]);
        let read = self.ask(question, &["--no-cache"]);
        assert!(cached == read, "{question:?}: {}", difference(&cached, &read));
        if question.contains(&"--json") {
            let whole = self.ask(question, &["--no-cache", "--verbose"]);
            assert!(whole == read, "{question:?}, everything read: {}", difference(&whole, &read));
        }
    }

    /// What a check tells the owner of each package.
    fn compare_checks(&self, more: &[&str]) {
        for package in PACKAGES {
            fs::write(self.path("dualtrack.toml"), format!("own-models = [{package:?}]\n")).unwrap();
            self.compare_answers(&[&["check", "--json"], more].concat());
        }
    }

    /// A question about each table, view and entity.
    fn questions(&self) -> Vec<[String; 2]> {
        let question = |path: PathBuf| {
            let command = match path.parent()?.file_name()?.to_str()? {
                "AxTable" => "impact",
                "AxView" | "AxDataEntityView" => "explain",
                _ => return None,
            };
            Some([command.to_owned(), path.file_stem()?.to_str()?.to_owned()])
        };
        self.files().into_iter().filter_map(question).collect()
    }

    /// One run with the cache, one without.
    fn compare(&self) {
        let cached = self.analyze("out-cached", &["--cache-dir", "cache"]);
        let read = self.analyze("out-read", &["--no-cache"]);
        assert!(cached == read, "{}", difference(&cached, &read));
    }

    fn cache(&self) -> PathBuf {
        let mut files = fs::read_dir(self.path("cache")).unwrap();
        files.next().unwrap().unwrap().path()
    }

    /// The metadata files, sorted.
    fn files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        collect(&self.path("metadata"), &mut found);
        found.sort();
        found
    }
}

/// The first lines that differ.
fn difference(cached: &str, read: &str) -> String {
    let mut lines = cached.lines().zip(read.lines()).filter(|(a, b)| a != b);
    lines
        .next()
        .map_or_else(|| "one is longer".to_owned(), |(a, b)| format!("cached {a:.300}\nread   {b:.300}"))
}

/// Makes files old.
fn settle(files: &[PathBuf]) -> SystemTime {
    let settled = SystemTime::now() - Duration::from_secs(3_600);
    for path in files {
        File::options().write(true).open(path).unwrap().set_modified(settled).unwrap();
    }
    settled
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() { collect(&path, found) } else { found.push(path) }
    }
}

/// What happens to a file.
#[derive(Clone, Debug)]
enum Event {
    /// A word of it changes; its length stays the same.
    Edit,
    /// It is cut in the middle.
    Cut,
    Remove,
    /// A copy of it appears beside it.
    Add,
    Rename,
    /// Only its time of change moves.
    Touch,
    /// Nothing happens to it, but to the cache: this bit flips.
    Rot(u32),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        Just(Event::Edit),
        Just(Event::Cut),
        Just(Event::Remove),
        Just(Event::Add),
        Just(Event::Rename),
        Just(Event::Touch),
        any::<u32>().prop_map(Event::Rot),
    ]
}

fn happen(run: &Run, event: &Event, path: &Path) {
    match event {
        Event::Edit => {
            let text = fs::read_to_string(path).unwrap();
            let text = text.replace("OuterJoin", "InnerJoin").replace("<IsPublic>Yes<", "<IsPublic>No <");
            fs::write(path, text.replace("Fleet", "Fleed")).unwrap();
        }
        Event::Cut => {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        }
        Event::Remove => fs::remove_file(path).unwrap(),
        Event::Add => {
            fs::copy(path, path.with_extension("copy.xml")).unwrap();
        }
        Event::Rename => fs::rename(path, path.with_extension("moved.xml")).unwrap(),
        Event::Touch => {
            let time = SystemTime::now() - Duration::from_secs(3_600);
            File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
        }
        Event::Rot(bit) => {
            let cache = run.cache();
            let mut bytes = fs::read(&cache).unwrap();
            let at = *bit as usize % (bytes.len() * 8);
            bytes[at / 8] ^= 1 << (at % 8);
            fs::write(cache, bytes).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 0, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_cache_changes_nothing(events in prop::collection::vec((event(), any::<prop::sample::Index>()), 1..6)) {
        let run = Run::new();
        run.compare();
        for (event, index) in events {
            let files = run.files();
            happen(&run, &event, &files[index.index(files.len())]);
            run.compare();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 0, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn an_answer_from_a_part_is_that_from_everything(
        events in prop::collection::vec((event(), any::<prop::sample::Index>()), 1..6),
        asked in prop::collection::vec(any::<prop::sample::Index>(), 8),
    ) {
        let run = Run::of(&PACKAGES);
        run.settle();
        run.analyze("out", &["--cache-dir", "cache"]);
        let questions = run.questions();
        for (event, index) in events {
            // The cache does not learn of it: no more than a part is loaded from then on.
            let files = run.files();
            happen(&run, &event, &files[index.index(files.len())]);
            for index in &asked {
                let [command, name] = &questions[index.index(questions.len())];
                run.compare_answers(&[command, name, "--json"]);
            }
            run.compare_checks(&[]);
        }
    }
}

#[test]
fn every_answer_from_a_part_is_that_from_everything() {
    let run = Run::of(&PACKAGES);
    run.settle();
    run.analyze("out", &["--cache-dir", "cache"]);
    let maps = Path::new(env!("CARGO_MANIFEST_DIR")).join("metadata/maps");
    let maps = maps.to_str().unwrap();
    for [command, name] in run.questions() {
        run.compare_answers(&[&command, &name, "--all"]);
        run.compare_answers(&[&command, &name, "--json", "--maps", maps]);
    }
    run.compare_answers(&["explain", "FabVehicleEntity", "CustCustomerV3Entity", "--all"]);
    run.compare_answers(&["impact", "CustTable.Party", "FabVehicle", "nothing"]);
    run.compare_answers(&["explain", "FabVehicleEntity", "--verbose"]);
    run.compare_checks(&[]);
    run.compare_checks(&["--maps", maps]);
}

#[test]
fn the_cache_is_used_and_written_only_when_something_changed() {
    let run = Run::new();
    let settled = run.settle();
    let first = run.analyze("out-cached", &["--cache-dir", "cache"]);
    let written = fs::metadata(run.cache()).unwrap().modified().unwrap();
    // What a cache says goes before what a file says, as long as the file looks the same: so it is really used.
    let entity =
        run.files().into_iter().find(|path| path.to_string_lossy().contains("AxDataEntityView")).unwrap();
    let length = fs::metadata(&entity).unwrap().len();
    fs::write(&entity, vec![b' '; usize::try_from(length).unwrap()]).unwrap();
    File::options().write(true).open(&entity).unwrap().set_modified(settled).unwrap();
    assert!(first == run.analyze("out-cached", &["--cache-dir", "cache"]));
    assert_eq!(written, fs::metadata(run.cache()).unwrap().modified().unwrap());
    assert!(first != run.analyze("out-read", &["--no-cache"]));
}

/// What changed just now may change again within the same tick of its clock: then the content decides.
#[test]
fn a_fresh_file_is_known_by_its_content() {
    let run = Run::new();
    let tick = SystemTime::now() + Duration::from_secs(3_600);
    let stamp = |path: &Path| File::options().write(true).open(path).unwrap().set_modified(tick).unwrap();
    run.files().iter().for_each(|path| stamp(path));
    run.compare();
    for path in run.files() {
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("OuterJoin", "InnerJoin").replace("Fleet", "Fleed")).unwrap();
        stamp(&path);
    }
    run.compare();
}

#[test]
fn a_cache_that_cannot_be_written_is_none() {
    let run = Run::new();
    fs::write(run.path("file"), "").unwrap();
    let cached = run.analyze("out-cached", &["--cache-dir", "file/below"]);
    assert!(cached == run.analyze("out-read", &["--no-cache"]));
    assert_eq!(fs::read(run.path("file")).unwrap(), b"");
}

/// A computed column calls a class, which calls a table; which tables are read shows in X++ alone.
#[test]
fn calls_that_come_and_go_are_followed() {
    let class = |name: &str, body: &str| {
        let source = format!("public static str m() {{ return {body}; }}");
        format!(
            "<AxClass><Name>{name}</Name><SourceCode><Methods>{}</Methods></SourceCode></AxClass>",
            method("m", &source)
        )
    };
    let computed = "<AxDataEntityViewField i:type=\"AxDataEntityViewUnmappedFieldString\"><Name>Sum</Name>\
                    <ComputedFieldMethod>sum</ComputedFieldMethod></AxDataEntityViewField>";
    let caller = |class: &str| {
        let sum = method("sum", &format!("private static str sum() {{ return {class}::m(); }}"));
        let fields = mapped("Id", "Base", "Id") + computed;
        entity("CallerEntity", &sum, &root("Base", "Base", ""), &fields)
    };
    let tree = Tree::new();
    ["Base", "First", "Second", "Third"].iter().for_each(|name| {
        tree.table(name, &["Id"]);
    });
    tree.file("AxDataEntityView/CallerEntity", caller("Helper"));
    tree.file("AxClass/Helper", class("Helper", "'x' + tableStr(First)"));
    tree.file("AxClass/Unused", class("Unused", "Deeper::m()"));
    tree.file("AxClass/Deeper", class("Deeper", "tableStr(Second)"));
    let ask = |what: &str| {
        for table in ["First", "Second", "Third"] {
            let answer = |cache: &[&str]| tree.prints(&[&["impact", table], cache].concat());
            let (cached, read) = (answer(&["--cache-dir", "cache"]), answer(&["--no-cache"]));
            assert!(cached == read, "{what}: {table}\n{cached}\nis not\n{read}");
        }
    };
    let keep = || {
        let mut files = Vec::new();
        collect(&tree.root(), &mut files);
        settle(&files);
        tree.run(&["check", "--quiet", "--cache-dir", "cache"]);
    };
    keep();
    ask("as it was");
    tree.file("AxDataEntityView/CallerEntity", caller("Unused"));
    ask("an entity calls a class that nobody called");
    tree.file("AxDataEntityView/CallerEntity", caller("Absent"));
    keep();
    tree.file("AxClass/Absent", class("Absent", "tableStr(Third)"));
    ask("a class that was called all along appears");
    keep();
    tree.file("AxClass/Absent", class("Absent", "Unused::m()"));
    ask("a class that is called calls another");
    keep();
    tree.raw("Test/Another/AxClass/Absent.xml", class("Absent", "tableStr(First)"));
    ask("a class stands before one of the same name");
    keep();
    fs::remove_file(tree.root().join("Test/Another/AxClass/Absent.xml")).unwrap();
    ask("it goes again");
    keep();
    fs::remove_file(tree.root().join("Test/Test/AxClass/Absent.xml")).unwrap();
    let table = table("Absent", &["Id"]);
    let methods = format!(
        "<SourceCode><Methods>{}</Methods></SourceCode><Fields>",
        method("m", "static str m() { return tableStr(Second); }")
    );
    tree.file("AxTable/Base2", table.replacen("<Fields>", &methods, 1));
    ask("a table takes the name of a class that is called");
}
