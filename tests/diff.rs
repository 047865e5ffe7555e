//! One small change each: the comparison names exactly what it does, and what did it.
//!
//! `tests/diff/base.txt` holds the files that every pair starts from. A pair is one text file: a line that says
//! what is changed, edits, and behind `=== effects` what is found, one line each. Edits are `--- path` with lines
//! `- old` and `+ new` (each a text of the file that is replaced, once), `delete path`, or `add path` with the
//! content. `UPDATE_FIXTURES=1` writes the effects into the pairs, for review.

use dualtrack::config::Config;
use dualtrack::diff::{self, Pair};
use dualtrack::engine::{self, Judged, Model};
use std::fs;
use std::path::{Path, PathBuf};

const END: &str = "=== effects\n";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff")
}

fn write(root: &Path, path: &str, content: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

fn unpack_base(into: &Path) {
    let base = fs::read_to_string(folder().join("base.txt")).unwrap();
    for part in base.split("\n--- ").skip(1) {
        let (path, content) = part.split_once('\n').unwrap();
        write(into, path, content);
    }
}

/// Applies the edits of a pair below `root`; an edit that changes nothing is a mistake in the pair.
fn apply(edits: &str, root: &Path) {
    let parts: Vec<&str> = edits.split("\n--- ").skip(1).collect();
    assert!(!parts.is_empty() || edits.contains("\ndelete ") || edits.contains("\nadd "), "no edit");
    for part in parts {
        let (path, lines) = part.split_once('\n').unwrap();
        let mut text = fs::read_to_string(root.join(path)).unwrap();
        let mut old: Option<String> = None;
        for line in lines.lines() {
            if let Some(line) = line.strip_prefix("- ") {
                assert!(text.contains(line), "{path} does not hold {line}");
                old = Some(line.to_owned());
            } else if let Some(line) = line.strip_prefix("+") {
                let line = line.strip_prefix(' ').unwrap_or(line).replace("\\n", "\n");
                text = text.replacen(&old.take().expect("an old text"), &line, 1);
            }
        }
        write(root, path, &text);
    }
    for line in edits.lines() {
        if let Some(path) = line.strip_prefix("delete ") {
            fs::remove_file(root.join(path)).unwrap();
        }
    }
    for part in edits.split("\nadd ").skip(1) {
        let (path, content) = part.split_once('\n').unwrap();
        write(root, path, content.split("\n--- ").next().unwrap());
    }
}

fn load(folder: &Path) -> (Config, Model) {
    let mut config = Config::default();
    config.metadata = vec![folder.join("metadata")];
    let maps = folder.join("maps");
    if maps.exists() {
        config.maps = vec![maps];
    }
    let model = engine::load(&config, 2).unwrap();
    (config, model)
}

fn judge((config, model): &(Config, Model)) -> Judged<'_> {
    engine::judge(model, config, 2)
}

/// Effects, one line each: level, rule, subject, message, causes.
fn effects(base: &Path, head: &Path) -> String {
    let (base, head) = (load(base), load(head));
    let (base, head) = (judge(&base), judge(&head));
    let pair = Pair { base: &base, head: &head };
    let found = diff::diff(pair);
    let lines = diff::findings(pair, &found).into_iter().map(|finding| {
        let causes = finding.notes.join("; ");
        format!("{:?} {}: {} | {causes}\n", finding.severity, finding.rule.name, finding.message)
    });
    lines.collect()
}

#[test]
fn every_pair_has_its_effects_and_causes() {
    let update = std::env::var_os("UPDATE_FIXTURES").is_some();
    let mut pairs: Vec<PathBuf> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    pairs.retain(|path| path.file_name().is_some_and(|name| name != "base.txt"));
    pairs.sort();
    assert!(pairs.len() >= 30, "{}", pairs.len());
    let mut wrong = Vec::new();
    for path in pairs {
        let text = fs::read_to_string(&path).unwrap();
        let (edits, expected) = text.split_once(END).unwrap_or((&text, ""));
        let folders = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        unpack_base(folders.0.path());
        unpack_base(folders.1.path());
        // What stands before `=== change` holds for both states.
        let edits = match edits.split_once("=== change\n") {
            Some((both, change)) => {
                apply(both, folders.0.path());
                apply(both, folders.1.path());
                format!("\n{change}")
            }
            None => edits.to_owned(),
        };
        apply(&edits, folders.1.path());
        let found = effects(folders.0.path(), folders.1.path());
        if update {
            let before = text.split_once(END).map_or(&*text, |(before, _)| before);
            fs::write(&path, format!("{before}{END}{found}")).unwrap();
        } else if found != expected {
            wrong.push(format!("{}\nexpected:\n{expected}found:\n{found}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
