//! A plan as a patch that `git apply` takes.

use super::FileChange;
use super::encoding::Document;
use similar::{Algorithm, ChangeTag, DiffOp, capture_diff_slices, group_diff_ops};
use std::fmt::Write;
use std::ops::Range;
use std::path::Path;

/// Lines of context.
const CONTEXT: usize = 3;

/// The changes as a unified diff: paths as `shown` spells them, behind `a/` and `b/`; three lines of context;
/// a carriage return is a part of its line, as for git. A file in UTF-16 is shown as text, which no tool can
/// apply.
pub fn unified_diff(changes: &[FileChange], shown: &dyn Fn(&Path) -> String) -> String {
    let mut diff = String::new();
    for change in changes {
        let path = shown(&change.path);
        let before = change.before.as_deref().map(Document::shown);
        let after = Document::shown(&change.after);
        let hunks = hunks(&lines(before.as_deref().unwrap_or_default()), &lines(&after));
        if !hunks.is_empty() {
            let old = if before.is_some() { header("a/", &path) } else { "/dev/null".to_owned() };
            diff = diff + "--- " + &old + "\n+++ " + &header("b/", &path) + "\n" + &hunks;
        }
    }
    diff
}

/// A path in a header, as git writes it: quoted if need be; a tab ends one with spaces.
fn header(prefix: &str, path: &str) -> String {
    let special = |c: char| c.is_control() || c == '"' || c == '\\';
    if !path.contains(special) {
        let end = if path.contains(' ') { "\t" } else { "" };
        return format!("{prefix}{path}{end}");
    }
    let mut quoted = format!("\"{prefix}");
    for c in path.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    let _ = write!(quoted, "\\{byte:03o}");
                }
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// The lines with their ends. Only `\n` ends a line, as for git.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn hunks(old: &[&str], new: &[&str]) -> String {
    let mut text = String::new();
    let ops = capture_diff_slices(Algorithm::Myers, old, new);
    for group in group_diff_ops(ops, CONTEXT) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let old_range = first.old_range().start..last.old_range().end;
        let new_range = first.new_range().start..last.new_range().end;
        let _ = writeln!(text, "@@ -{} +{} @@", span(&old_range), span(&new_range));
        for op in &group {
            hunk_lines(&mut text, op, old, new);
        }
    }
    text
}

fn hunk_lines(text: &mut String, op: &DiffOp, old: &[&str], new: &[&str]) {
    for change in op.iter_changes(old, new) {
        let sign = match change.tag() {
            ChangeTag::Equal => ' ',
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
        };
        let line: &str = change.value();
        text.push(sign);
        text.push_str(line);
        if !line.ends_with('\n') {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
}

/// First line and number of lines, as a hunk header has them.
fn span(range: &Range<usize>) -> String {
    match range.len() {
        0 => format!("{},0", range.start),
        1 => format!("{}", range.start + 1),
        count => format!("{},{count}", range.start + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn diff(before: Option<&str>, after: &str) -> String {
        let before = before.map(|text| text.as_bytes().to_vec());
        let change = FileChange { path: PathBuf::from("x"), before, after: after.into() };
        unified_diff(&[change], &|_| "m/x.xml".to_owned())
    }

    #[test]
    fn it_is_what_git_writes() {
        assert_eq!(
            diff(Some("1\r\n2\r\n3\r\n4\r\n5\r\n6"), "1\r\n2\r\n3\r\n4\r\nnew\r\n5\r\n6"),
            "--- a/m/x.xml\n+++ b/m/x.xml\n@@ -2,5 +2,6 @@\n 2\r\n 3\r\n 4\r\n+new\r\n 5\r\n 6\n\\ No newline at end of file\n"
        );
        assert_eq!(diff(None, "1\n"), "--- /dev/null\n+++ b/m/x.xml\n@@ -0,0 +1 @@\n+1\n");
        assert_eq!(diff(Some("1\n"), "1\n"), "");
        assert_eq!(
            diff(Some("\u{FEFF}1"), "\u{FEFF}2"),
            "--- a/m/x.xml\n+++ b/m/x.xml\n@@ -1 +1 @@\n-\u{FEFF}1\n\\ No newline at end of file\n+\u{FEFF}2\n\\ No newline at end of file\n"
        );
    }

    #[test]
    fn odd_paths_are_quoted() {
        assert_eq!(header("a/", "My Model/x.xml"), "a/My Model/x.xml\t");
        assert_eq!(header("b/", "a\"b\\\u{1}.xml"), r#""b/a\"b\\\001.xml""#);
    }
}
