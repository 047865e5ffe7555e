//! The text of a new configuration: what is needed, and everything else as a comment.

use super::{KEYS, KeyKind};
use crate::tracking::POLICIES;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A configuration for these roots and maps, with every other key as a comment that says what it is for.
pub fn starter(metadata: &[PathBuf], maps: &[PathBuf], baseline: &str) -> String {
    let mut text =
        String::from("# dualtrack: which table changes reach Dataverse, which never will, and why.\n");
    for info in KEYS {
        let value = match info.key {
            "metadata" => Some(list(metadata)),
            "maps" if !maps.is_empty() => Some(list(maps)),
            "baseline" => Some(quoted(baseline)),
            _ => None,
        };
        let _ = write!(text, "\n# {}\n", info.meaning);
        match (value, info.kind) {
            (Some(value), _) => {
                let _ = writeln!(text, "{} = {value}", info.key);
            }
            (None, KeyKind::Policy) => policies(&mut text),
            (None, _) => commented(info.example, &mut text),
        }
    }
    text
}

/// Every policy with its default and what else it can be.
fn policies(text: &mut String) {
    text.push_str("# [policy]\n");
    for policy in POLICIES {
        let _ = writeln!(
            text,
            "# {} = '{}'  # {}; {}",
            policy.key,
            policy.default_value(),
            policy.question,
            policy.allowed()
        );
    }
}

fn commented(example: &str, text: &mut String) {
    for line in example.lines() {
        let _ = writeln!(text, "# {line}");
    }
}

fn list(paths: &[PathBuf]) -> String {
    let all: Vec<String> = paths.iter().map(|path| quoted(&path_text(path))).collect();
    format!("[{}]", all.join(", "))
}

fn path_text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// A TOML string: literal where that is possible, so that `\` stays readable.
fn quoted(text: &str) -> String {
    if text.contains('\'') || text.chars().any(char::is_control) {
        toml::Value::String(text.to_owned()).to_string()
    } else {
        format!("'{text}'")
    }
}

#[cfg(test)]
mod tests {
    use super::starter;
    use crate::config::Config;
    use std::path::{Path, PathBuf};

    #[test]
    fn it_is_a_valid_configuration_with_or_without_its_comments() {
        let roots = [PathBuf::from("C:\\Pack ages"), PathBuf::from("it's")];
        let text = starter(&roots, &[PathBuf::from("maps")], "known.json");
        let config = Config::from_text(&text, Path::new("/repo/dualtrack.toml")).unwrap();
        assert_eq!(config.metadata.len(), 2);
        assert_eq!(config.maps, [PathBuf::from("/repo/maps")]);
        assert_eq!(config.baseline, Some(PathBuf::from("/repo/known.json")));
        let keys = text.lines().filter_map(|line| line.strip_prefix("# "));
        let tables = keys.clone().filter(|line| line.starts_with('['));
        assert!(tables.count() >= 4);
        assert!(keys.clone().any(|line| line.starts_with("nested-entity = 'root-only'")));
    }
}
