//! What the README shows is what the binary prints.

mod support;

use std::path::Path;
use support::{dualtrack, text};

/// The console blocks that show output: the arguments and what is printed.
fn examples(readme: &str) -> Vec<(Vec<&str>, Vec<&str>)> {
    let blocks = readme.split("```console\n").skip(1).filter_map(|rest| rest.split_once("```"));
    let shown = blocks.filter_map(|(block, _)| {
        let (command, output) = block.strip_prefix("$ dualtrack ")?.split_once('\n')?;
        Some((command.split_whitespace().collect(), output.lines().collect()))
    });
    shown.filter(|(_, output): &(_, Vec<&str>)| output.iter().any(|l| !l.starts_with("$ "))).collect()
}

/// The line that names the files depends on Graphviz.
fn comparable<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    lines.into_iter().filter(|line| !line.starts_with("written ")).collect()
}

#[test]
fn the_readme_shows_what_is_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("README.md");
    let examples = examples(&readme);
    assert!(examples.len() >= 3, "the tour shows output");
    for (arguments, shown) in examples {
        let out = tempfile::tempdir().expect("a folder");
        let mut command = dualtrack(root);
        command.args(&arguments);
        if arguments[0] == "analyze" {
            command.arg("--out").arg(out.path());
        }
        let output = command.output().expect("the binary runs");
        let printed = text(&output.stdout);
        assert_eq!(comparable(printed.lines()), comparable(shown), "{arguments:?}: refresh the README");
    }
}
