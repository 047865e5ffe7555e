//! Why the analysis cannot start.

use std::path::PathBuf;
use thiserror::Error;

/// A metadata root that cannot be used. Everything smaller is a [`crate::problem::Problem`], and the run goes on.
#[derive(Debug, Error)]
pub enum SourceError {
    /// No root was given.
    #[error("no metadata root was given; name a PackagesLocalDirectory, a package or a model folder")]
    NoRoot,
    /// The root does not exist.
    #[error("metadata root {root} does not exist; check the path", root = .root.display())]
    NotFound {
        /// As given.
        root: PathBuf,
    },
    /// The root is a file.
    #[error("metadata root {root} is not a folder; name the folder that holds the packages", root = .root.display())]
    NotAFolder {
        /// As given.
        root: PathBuf,
    },
    /// The root cannot be listed.
    #[error("metadata root {root} cannot be read: {source}", root = .root.display())]
    Unreadable {
        /// As given.
        root: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// No model folder at the depth where a root has them.
    #[error("{root} holds no metadata: there is no model folder (with AxTable, AxDataEntityView, …) at this level or up to two levels below{hint}", root = .root.display(), hint = hint(.nearby, *.more))]
    NoMetadata {
        /// As given.
        root: PathBuf,
        /// Places that look like metadata roots, sorted.
        nearby: Vec<PathBuf>,
        /// How many further places were found.
        more: usize,
    },
}

fn hint(nearby: &[PathBuf], more: usize) -> String {
    if nearby.is_empty() {
        return "; name a PackagesLocalDirectory, a package or a model folder".to_owned();
    }
    let names: Vec<_> = nearby.iter().map(|place| place.display().to_string()).collect();
    let rest = if more == 0 { String::new() } else { format!(" (and {more} more)") };
    match names.as_slice() {
        [name] => format!("; did you mean {name}?"),
        _ => format!("; did you mean one of these?\n  {}{rest}", names.join("\n  ")),
    }
}

#[cfg(test)]
mod tests {
    use super::SourceError;
    use std::path::PathBuf;

    #[test]
    fn the_message_says_what_to_do_next() {
        let error =
            |nearby: Vec<PathBuf>, more| SourceError::NoMetadata { root: "repo".into(), nearby, more };
        assert!(
            error(vec![], 0)
                .to_string()
                .ends_with("name a PackagesLocalDirectory, a package or a model folder")
        );
        assert!(
            error(vec!["repo/Metadata".into()], 0).to_string().ends_with("; did you mean repo/Metadata?")
        );
        let several = error(vec!["repo/a".into(), "repo/b".into()], 3).to_string();
        assert!(several.ends_with("did you mean one of these?\n  repo/a\n  repo/b (and 3 more)"));
    }
}
