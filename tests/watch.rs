//! `--watch`, run as a user runs it: files are edited while it waits. Tests wait for lines, never for a time.

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use support::{Tree, copy, dualtrack, embedded, entity, mapped, refusal, root, table};

/// Far more than any step takes, also where many tests share few cores.
const LIMIT: Duration = Duration::from_secs(120);

const ENTITY: &str = "AxDataEntityView/CustEntity";
const FILE: &str = "Test/Test/AxDataEntityView/CustEntity.xml";

/// An entity over two tables; a change of the second is seen unless its data source is read-only.
fn customers() -> Tree {
    let tree = Tree::new();
    tree.table("CustTable", &["AccountNum"]).table("DirPartyTable", &["Name"]);
    tree.file(ENTITY, cust_entity(""));
    tree
}

fn cust_entity(properties: &str) -> String {
    let party = embedded("Party", "DirPartyTable", &format!("<JoinMode>OuterJoin</JoinMode>{properties}"));
    let fields = mapped("Account", "CustTable", "AccountNum") + &mapped("Name", "Party", "Name");
    entity("CustEntity", "", &root("CustTable", "CustTable", &party), &fields)
}

const READ_ONLY: &str = "<IsReadOnly>Yes</IsReadOnly>";

/// Saves as many editors do: into a file beside it, which then takes its name.
fn save(path: impl AsRef<Path>, content: &str) {
    let beside = path.as_ref().with_extension("saved");
    fs::write(&beside, content).expect("a file");
    fs::rename(beside, path).expect("renamed");
}

/// A command that watches.
struct Watch {
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

impl Watch {
    /// Starts the command, and waits until the first run is over.
    fn start(command: &mut Command) -> Self {
        let mut child = spawn(command);
        let stdout = sent(child.stdout.take().expect("standard output"));
        let stderr = sent(child.stderr.take().expect("standard error"));
        let watch = Self { child, stdout, stderr };
        watch.error("watching ");
        watch
    }

    /// The lines of a run up to the first that holds `text`, that line included.
    fn until(&self, text: &str) -> String {
        until(&self.stdout, text)
    }

    /// The same of standard error.
    fn error(&self, text: &str) -> String {
        until(&self.stderr, text)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Without Graphviz, which takes longer than all the rest.
fn spawn(command: &mut Command) -> Child {
    command.arg("--watch").env("PATH", "").stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the binary runs")
}

/// The lines of a pipe as they come.
fn sent(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let (mut lines, mut line) = (BufReader::new(pipe), String::new());
        while lines.read_line(&mut line).is_ok_and(|length| length > 0) {
            let _ = sender.send(std::mem::take(&mut line));
        }
    });
    receiver
}

/// The first line of a run: `12:41:07 file`.
fn is_head(line: &str) -> bool {
    line.get(..9).is_some_and(|time| time.bytes().all(|byte| byte.is_ascii_digit() || b": ".contains(&byte)))
}

fn until(lines: &Receiver<String>, text: &str) -> String {
    let mut read = String::new();
    let start = Instant::now();
    while let Some(rest) = LIMIT.checked_sub(start.elapsed()) {
        let Ok(line) = lines.recv_timeout(rest) else { break };
        if is_head(&line) {
            read.clear();
        }
        read.push_str(&line);
        if line.contains(text) {
            return read;
        }
    }
    panic!("{text:?} is not printed, only:\n{read}")
}

/// Waits until something is so.
fn wait(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < LIMIT, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn element(tree: &Tree, kind_and_name: &str) -> PathBuf {
    tree.root().join(format!("Test/Test/{kind_and_name}.xml"))
}

/// The files that the first line of a run names.
fn files(told: &str) -> &str {
    told.lines().next().and_then(|line| line.get(9..)).unwrap_or_default()
}

/// Everything behind that line.
fn news(told: &str) -> &str {
    told.split_once('\n').map_or("", |(_, rest)| rest)
}

#[test]
fn an_edit_changes_a_verdict_and_results_are_those_of_a_fresh_run() {
    let tree = customers();
    let watch = Watch::start(&mut tree.command(&["analyze"]));
    watch.until("written ");
    save(element(&tree, ENTITY), &cust_entity(READ_ONLY));
    let told = watch.until("because ");
    assert_eq!(files(&told), FILE);
    assert_eq!(
        news(&told),
        "  tracking-lost: changes of DirPartyTable no longer reach 1 field of CustEntity (Name): outer_join_read_only\n    \
         because data source Party of CustEntity became read-only (Test/Test/AxDataEntityView/CustEntity.xml:14)\n"
    );
    let fresh = tree.folder().join("fresh");
    let mut command = dualtrack(tree.folder());
    command.args(["analyze", "--quiet", "--metadata"]).arg(tree.root()).arg("--out").arg(&fresh);
    assert!(command.env("PATH", "").status().expect("the binary runs").success());
    for name in ["tracking.json", "definitions.csv", "suggestions.md", "graph.dot"] {
        let expected = fs::read(fresh.join(name)).expect("a result");
        wait(name, || fs::read(tree.out().join(name)).is_ok_and(|bytes| bytes == expected));
    }
    save(element(&tree, ENTITY), &cust_entity(""));
    watch.until("tracking-gained: changes of DirPartyTable now reach 1 field of CustEntity: Name");
}

#[test]
fn what_is_saved_without_a_change_changes_no_verdict() {
    let tree = customers();
    let watch = Watch::start(&mut tree.command(&["analyze"]));
    watch.until("written ");
    save(element(&tree, "AxTable/CustTable"), &table("CustTable", &["AccountNum"]));
    let told = watch.until("no verdict changed");
    assert_eq!(files(&told), "Test/Test/AxTable/CustTable.xml");
    tree.table("New", &["A"]);
    assert_eq!(files(&watch.until("element-added: table New is new")), "Test/Test/AxTable/New.xml (new)");
}

#[test]
fn a_half_written_file_is_waited_for() {
    let tree = customers();
    let helper = "<AxClass>\n<Name>Helper</Name>\n</AxClass>";
    tree.file("AxClass/Helper", helper);
    let watch = Watch::start(&mut tree.command(&["analyze"]));
    watch.until("written ");
    let whole = cust_entity(READ_ONLY);
    save(element(&tree, ENTITY), &whole[..whole.len() / 2]);
    let told = watch.until("taken as half-written: the verdicts from before stand until it can be read");
    assert!(
        news(&told).starts_with(&format!("  {FILE}:")) && told.contains("cannot read this file: "),
        "{told}"
    );
    save(element(&tree, ENTITY), "");
    assert!(watch.until("taken as half-written").contains(&format!("\n  {FILE} is empty\n")));
    // Nothing is compared meanwhile; other files that are torn are named as well.
    save(element(&tree, ENTITY), &whole[..whole.len() / 2]);
    watch.until("taken as half-written");
    save(element(&tree, "AxClass/Helper"), &helper[..20]);
    let told = watch.until("taken as half-written: the verdicts from before stand until they can be read");
    assert!(
        told.contains("\n  Test/Test/AxClass/Helper.xml:2:11: the file ends before </AxClass>\n"),
        "{told}"
    );
    assert!(!told.contains("gone"), "{told}");
    save(element(&tree, "AxClass/Helper"), helper);
    watch.until("taken as half-written");
    save(element(&tree, ENTITY), &whole);
    let told = watch.until("because ");
    assert!(news(&told).starts_with("  tracking-lost: "), "{told}");
}

#[test]
fn files_and_folders_go_and_come_back() {
    let tree = customers();
    let watch = Watch::start(&mut tree.command(&["analyze"]));
    watch.until("written ");
    fs::remove_file(element(&tree, "AxTable/DirPartyTable")).expect("removed");
    let told =
        watch.until("tracking-unknown: it can no longer be said whether changes of DirPartyTable reach ");
    assert_eq!(files(&told), "Test/Test/AxTable/DirPartyTable.xml (gone)");
    tree.table("DirPartyTable", &["Name"]);
    watch.until("newly-triggers: changes of DirPartyTable now trigger CustEntity");
    let elsewhere = tree.folder().join("elsewhere");
    fs::rename(tree.root(), &elsewhere).expect("renamed");
    assert!(watch.error("error: ").contains("does not exist; check the path"));
    assert!(watch.until("(gone)").contains("(gone)"));
    fs::rename(&elsewhere, tree.root()).expect("renamed");
    assert!(watch.until("no verdict changed").contains("(new)"));
}

#[test]
fn a_wrong_configuration_is_an_error_until_it_is_right_again() {
    let tree = customers();
    tree.file(ENTITY, cust_entity(READ_ONLY));
    let watch = Watch::start(&mut tree.command(&["check"]));
    assert!(watch.until("untracked-field").contains("untracked-field"));
    let config = tree.folder().join("dualtrack.toml");
    save(&config, "[rules]\nuntracked-field = 'of'\n");
    assert!(watch.error("error: ").contains("untracked-field"));
    assert_eq!(files(&watch.until("dualtrack.toml")), "dualtrack.toml (new)");
    save(&config, "[rules]\nuntracked-field = 'off'\n");
    let told = watch.until("gone ");
    assert!(
        told.contains("  gone error[untracked-field]: changes of DirPartyTable never reach CustEntity"),
        "{told}"
    );
}

#[test]
fn a_check_tells_findings_that_come_and_go() {
    let tree = customers();
    let baseline = tree.folder().join("baseline.json");
    let accept = || {
        let arguments = ["check", "--update-baseline", "--accept-new", "--baseline", "baseline.json"];
        assert!(tree.run(&arguments).status.success());
    };
    accept();
    let arguments = ["check", "--baseline", "baseline.json", "--format"];
    let mut command = tree.command(&[&arguments[..], &["text", "--format", "json=findings.json"]].concat());
    let watch = Watch::start(&mut command);
    watch.until("no findings");
    save(element(&tree, ENTITY), &cust_entity(READ_ONLY));
    let told = watch.until("1 error");
    assert_eq!(files(&told), FILE);
    let new = "  new error[untracked-field]: changes of DirPartyTable never reach CustEntity: ";
    assert!(news(&told).starts_with(new), "{told}");
    let lost = "CustEntity.xml:2\n  tracking-lost: changes of DirPartyTable ";
    assert!(told.contains(lost), "{told}");
    let expected = tree.run(&[&arguments[..], &["json"]].concat()).stdout;
    let findings = tree.folder().join("findings.json");
    wait("findings.json", || fs::read(&findings).is_ok_and(|bytes| bytes == expected));
    assert!(!fs::read(&baseline).expect("a baseline").is_empty());
    accept();
    let told = watch.until("no findings");
    assert_eq!(files(&told), "baseline.json");
    assert!(news(&told).starts_with("  gone error[untracked-field]: "), "{told}");
    assert!(!told.contains("tracking-lost"), "{told}");
}

#[test]
fn results_among_the_inputs_start_nothing() {
    let tree = customers();
    let row = r#"{"sourceField":"Name","destinationField":"name","syncDirection":1}"#;
    let map = format!(r#"{{"legs":[{{"sourceSchema":"CustEntity","fieldMappings":[{row}]}}]}}"#);
    tree.beside("maps/m.json", map);
    let mut command = dualtrack(tree.folder());
    command.args([
        "analyze",
        "--maps",
        "maps",
        "--out",
        "maps",
        "--format",
        "text",
        "--format",
        "json=maps/x.json",
    ]);
    let watch = Watch::start(command.arg("--metadata").arg(tree.root()));
    watch.until("written ");
    let result = tree.folder().join("maps/x.json");
    for (properties, news) in
        [(READ_ONLY, "tracking-lost: "), ("", "tracking-gained: "), (READ_ONLY, "tracking-lost: ")]
    {
        save(element(&tree, ENTITY), &cust_entity(properties));
        // One run for each edit: that the one before wrote its results is no change.
        let mut line = watch.stdout.recv_timeout(LIMIT).expect("a line");
        while !is_head(&line) {
            line = watch.stdout.recv_timeout(LIMIT).expect("a line");
        }
        assert_eq!(files(&line), FILE);
        assert!(watch.until(news).contains(news));
        let is_lost = !properties.is_empty();
        wait("x.json", || {
            fs::read_to_string(&result).is_ok_and(|text| text.contains("outer_join_read_only") == is_lost)
        });
    }
}

#[test]
fn a_quiet_watch_tells_only_what_is_new() {
    let tree = customers();
    let mut command = tree.command(&["analyze", "--quiet"]);
    let mut child = spawn(&mut command);
    let stdout = sent(child.stdout.take().expect("standard output"));
    let stderr = sent(child.stderr.take().expect("standard error"));
    let watch = Watch { child, stdout, stderr };
    let result = tree.out().join("graph.dot");
    wait("the first run", || result.is_file());
    // The second run prints nothing, but it writes.
    fs::remove_file(&result).expect("removed");
    save(element(&tree, "AxTable/CustTable"), &table("CustTable", &["AccountNum"]));
    wait("the second run", || result.is_file());
    save(element(&tree, ENTITY), &cust_entity(READ_ONLY));
    let first = watch.stdout.recv_timeout(LIMIT).expect("a line");
    assert_eq!(files(&first), FILE);
    assert!(watch.until("because ").contains("  tracking-lost: "));
}

#[test]
fn a_reader_that_leaves_ends_it() {
    let tree = customers();
    let mut child = spawn(&mut tree.command(&["check"]));
    let mut lines = BufReader::new(child.stdout.take().expect("standard output"));
    let mut line = String::new();
    while !line.starts_with("no findings") {
        line.clear();
        assert!(lines.read_line(&mut line).is_ok_and(|length| length > 0), "it ends too early");
    }
    drop(lines);
    tree.table("New", &["A"]);
    let mut status = None;
    wait("the end", || {
        status = child.try_wait().expect("a child");
        status.is_some()
    });
    assert!(status.is_some_and(|status| status.success()), "{status:?}");
    let mut errors = String::new();
    child.stderr.take().expect("standard error").read_to_string(&mut errors).expect("text");
    assert_eq!(errors, "watching 3 files; Ctrl-C ends it\n");
}

#[test]
fn the_documented_session_is_what_is_printed() {
    let folder = tempfile::tempdir().expect("a folder");
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    copy(&repository.join("metadata"), &folder.path().join("metadata"));
    let file = folder.path().join("metadata/FabrikamFleet/FabrikamFleet/AxDataEntityView/FabDepotEntity.xml");
    let before = fs::read_to_string(&file).expect("a file");
    let table = before.rfind("<Table>DirPartyTable</Table>").expect("the data source");
    let after = format!("{}{READ_ONLY}{}", &before[..table], &before[table..]);
    let mut command = dualtrack(folder.path());
    let watch = Watch::start(command.args(["check", "metadata", "--maps", "metadata/maps"]));
    watch.until("1 allowed");
    let mut printed = String::new();
    for (text, last) in [(&after[..3_000], "half-written"), (&after, "1 allowed"), (&before, "1 allowed")] {
        save(&file, text);
        printed += &watch.until(last);
    }
    let documented = fs::read_to_string(repository.join("docs/watch.md")).expect("the page");
    let block = documented.split("```text\n").nth(1).and_then(|rest| rest.split_once("```"));
    let (block, _) = block.expect("a session");
    let without_time = |text: &str| -> Vec<String> {
        text.lines().map(|line| if is_head(line) { &line[8..] } else { line }.to_owned()).collect()
    };
    assert_eq!(without_time(&printed), without_time(block), "refresh docs/watch.md");
}

#[test]
fn what_cannot_be_watched_is_refused() {
    let tree = customers();
    let refused = |arguments: &[&str]| refusal(&tree.run(&[arguments, &["--watch"]].concat()));
    for (arguments, other) in [
        (&["analyze", "--json"][..], "--json"),
        (&["check", "--json"], "--json"),
        (&["check", "--show-config"], "--show-config"),
        (&["check", "--require-complete"], "--require-complete"),
        (&["check", "--affected-only", "HEAD"], "--affected-only <BASE>"),
        (&["check", "--baseline", "b.json", "--update-baseline"], "--update-baseline"),
    ] {
        let error = refused(arguments);
        assert!(error.contains("cannot be used with") && error.contains(other), "{error}");
    }
    let error = refused(&["check", "--format", "sarif"]);
    assert_eq!(error, "error: --watch prints what changed; write sarif to a file: --format sarif=FILE\n");
    let output = tree.command(&["analyze", "--watch"]).env("CI", "true").output().expect("the binary runs");
    assert!(refusal(&output).starts_with("error: --watch does not end, and this is a CI run"));
    let missing = dualtrack(tree.folder()).args(["analyze", "nowhere", "--watch"]).output();
    assert!(refusal(&missing.expect("the binary runs")).contains("nowhere does not exist"));
}
