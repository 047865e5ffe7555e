//! Build agents: which one this is, and what they would obey in our output.

use anstream::adapter::strip_str;
use std::env;
use std::io::{self, Write};
use std::path::PathBuf;

/// A service that runs pipelines and reads commands from what they print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    /// GitHub Actions.
    GitHub,
    /// Azure Pipelines.
    Azure,
}

impl Service {
    /// The service that runs this, by the variables that it sets.
    pub(super) fn here() -> Option<Self> {
        if is_set("GITHUB_ACTIONS") {
            Some(Self::GitHub)
        } else if is_set("TF_BUILD") {
            Some(Self::Azure)
        } else {
            None
        }
    }

    /// The format of findings that it reads.
    pub(super) fn format(self) -> &'static str {
        match self {
            Self::GitHub => "github",
            Self::Azure => "azure",
        }
    }

    /// Where a summary of the run goes: a file to append to, or one to write and to announce.
    pub(super) fn summary(self) -> Option<PathBuf> {
        let file = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        match self {
            Self::GitHub => file("GITHUB_STEP_SUMMARY"),
            Self::Azure => file("AGENT_TEMPDIRECTORY").map(|folder| folder.join("dualtrack-summary.md")),
        }
    }
}

/// A build agent, whichever: most set `CI`, Azure Pipelines sets `TF_BUILD`.
pub(super) fn is_any() -> bool {
    is_set("CI") || is_set("TF_BUILD")
}

fn is_set(name: &str) -> bool {
    let value = env::var(name).unwrap_or_default();
    !matches!(value.to_ascii_lowercase().as_str(), "" | "0" | "false")
}

/// What stands for a `#` or `:` that would begin a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Disguise {
    /// A blank behind it: text for people.
    Blank,
    /// An escape of JSON: the value stays the same.
    Json,
}

/// Passes lines on so that the service finds no command in them: names come from files that anybody may write.
pub(super) struct Defused<W: Write> {
    out: W,
    disguise: Disguise,
    /// Colours reach the service. Where they do not, a command must not hide behind one: they are taken out first.
    colours: bool,
    line: Vec<u8>,
}

impl<W: Write> Defused<W> {
    pub(super) fn new(out: W, disguise: Disguise, colours: bool) -> Self {
        Self { out, disguise, colours, line: Vec::new() }
    }

    fn pass(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let line = if self.colours { line } else { strip_str(&line).to_string().into() };
        self.out.write_all(defused(&line, self.disguise).as_bytes())
    }
}

impl<W: Write> Write for Defused<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                self.pass()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass()?;
        self.out.flush()
    }
}

/// A line without commands: `::name` at its start, `##[` and `##vso[` anywhere.
fn defused(line: &str, disguise: Disguise) -> String {
    let (hash, colon) = match disguise {
        Disguise::Blank => ("# #", ": :"),
        Disguise::Json => ("\\u0023#", ": :"),
    };
    let mut line = disguised(line, hash);
    let start = line.len() - line.trim_start().len();
    if line[start..].starts_with("::") {
        line.replace_range(start..start + 2, colon);
    }
    line
}

/// A line in which nothing begins with `##[` or, in any case, `##vso[`.
fn disguised(line: &str, hash: &str) -> String {
    let mut safe = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once("##") {
        safe.push_str(before);
        let is = |mark: &str| behind.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
        if is("[") || is("vso[") {
            safe.push_str(hash);
            rest = behind;
        } else {
            // The second sign may begin a command with a third one.
            safe.push('#');
            rest = &rest[before.len() + 1..];
        }
    }
    safe + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_taken_apart() {
        assert_eq!(defused("a ##vso[x]b ##[c]\n", Disguise::Blank), "a # #vso[x]b # #[c]\n");
        assert_eq!(defused("###[x] ####VSO[y] ##v[ ##", Disguise::Blank), "## #[x] ### #VSO[y] ##v[ ##");
        assert_eq!(defused("  ::error::x", Disguise::Blank), "  : :error::x");
        assert_eq!(defused("a ::error::x ## b", Disguise::Blank), "a ::error::x ## b");
        let json = serde_json::json!({ "name": "##vso[task.setvariable]" }).to_string();
        let safe = defused(&json, Disguise::Json);
        assert!(!safe.contains("##vso["));
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&safe).unwrap()["name"],
            "##vso[task.setvariable]"
        );
    }

    #[test]
    fn no_command_hides_behind_a_colour() {
        let mut defused = Defused::new(Vec::new(), Disguise::Blank, false);
        defused.write_all(b"\x1b[1m::error::x\x1b[0m\n#\x1b[31m#vso[x]").unwrap();
        defused.flush().unwrap();
        assert_eq!(String::from_utf8(defused.out).unwrap(), ": :error::x\n# #vso[x]");
    }

    #[test]
    fn a_command_cut_in_two_is_seen() {
        let mut defused = Defused::new(Vec::new(), Disguise::Blank, true);
        defused.write_all(b"#").unwrap();
        defused.write_all(b"#vso[x]\n::").unwrap();
        defused.write_all(b"y").unwrap();
        defused.flush().unwrap();
        assert_eq!(defused.out, b"# #vso[x]\n: :y");
    }
}
