//! What is known of rules: a list, a page for the terminal, pages for the documentation, JSON.

pub mod json;
pub mod markdown;

use super::style::{BAD, DIM, OPEN, STRONG, Styled};
use super::wrap::{indented, lines};
use crate::finding::{Group, Level, RuleInfo, Severity};
use crate::rules::infos;
use anstyle::Style;
use std::io::{self, Write};

/// Texts of a page stand this far to the right.
const INDENT: usize = 2;
/// Width of the level in the list.
const LEVEL: usize = 7;

/// The rules of each group, in the order of groups.
fn by_group() -> impl Iterator<Item = (Group, Vec<&'static RuleInfo>)> {
    let rules = |group: Group| infos().filter(move |info| info.group == group);
    Group::ALL
        .into_iter()
        .map(move |group| (group, rules(group).collect::<Vec<_>>()))
        .filter(|(_, r)| !r.is_empty())
}

/// Every rule with its level and what it finds, by group.
pub fn list(out: &mut dyn Write) -> io::Result<()> {
    let width = infos().map(|info| info.name.len()).max().unwrap_or(0);
    for (group, rules) in by_group() {
        writeln!(out, "{}", Styled(STRONG, group.title()))?;
        for info in rules {
            let level = format!("{:<LEVEL$}", Level::At(info.severity).id());
            let head = format!("  {:<width$}  {}  ", info.name, Styled(style(info.severity), level));
            let text = lines(info.summary, super::wrap::WIDTH.saturating_sub(width + LEVEL + 6).max(40));
            for (position, line) in text.iter().enumerate() {
                let blanks = " ".repeat(width + LEVEL + 6);
                writeln!(out, "{}{line}", if position == 0 { &head } else { &blanks })?;
            }
        }
        writeln!(out)?;
    }
    writeln!(
        out,
        "dualtrack rule NAME explains one. Levels: -D (error), -W (warning), -A (off), or [rules] in dualtrack.toml."
    )
}

fn style(severity: Severity) -> Style {
    match severity {
        Severity::Error => BAD,
        Severity::Warning => OPEN,
        Severity::Note => Style::new(),
    }
}

/// The page of a rule.
pub fn page(info: &RuleInfo, out: &mut dyn Write) -> io::Result<()> {
    let level = Styled(style(info.severity), Level::At(info.severity).id());
    let number = info.number.map(|n| format!(", table map health check {n}")).unwrap_or_default();
    writeln!(out, "{}  {level}, {}{number}", Styled(STRONG, info.name), info.confidence.id())?;
    write!(out, "{}", indented(INDENT, sentence(info.summary)))?;
    section(out, "What it finds", info.finds)?;
    section(out, "Why it matters", info.why)?;
    section(out, "Example", info.example)?;
    section(out, "What to do", info.remedy)?;
    section(out, "Source", &format!("[{}] {}", info.confidence.tag(), info.source))?;
    if let Some(url) = info.url {
        writeln!(out, "{:INDENT$}{}", "", Styled(DIM, url))?;
    }
    Ok(())
}

fn section(out: &mut dyn Write, title: &str, text: &str) -> io::Result<()> {
    writeln!(out, "\n{}", Styled(STRONG, title))?;
    for (position, block) in blocks(text).into_iter().enumerate() {
        if position > 0 {
            writeln!(out)?;
        }
        match block {
            Block::Prose(text) => write!(out, "{}", indented(INDENT, text))?,
            Block::Code { lines, .. } => {
                for line in lines {
                    writeln!(out, "{}", format!("{:1$}{line}", "", INDENT + 2).trim_end())?;
                }
            }
        }
    }
    Ok(())
}

/// A part of a text of the documentation.
#[derive(Debug, PartialEq, Eq)]
enum Block<'a> {
    /// A paragraph.
    Prose(String),
    /// What stands between two lines of three backticks.
    Code { language: &'a str, lines: Vec<&'a str> },
}

/// Paragraphs and code of a text.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut prose = String::new();
    let mut code: Option<(&str, Vec<&str>)> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), &mut code) {
            (Some(_), Some(_)) => {
                blocks.extend(code.take().map(|(language, lines)| Block::Code { language, lines }));
            }
            (Some(language), None) => {
                paragraph(&mut prose, &mut blocks);
                code = Some((language, Vec::new()));
            }
            (None, Some((_, lines))) => lines.push(line),
            (None, None) if line.trim().is_empty() => paragraph(&mut prose, &mut blocks),
            (None, None) => {
                if !prose.is_empty() {
                    prose.push(' ');
                }
                prose.push_str(line.trim());
            }
        }
    }
    paragraph(&mut prose, &mut blocks);
    blocks.extend(code.map(|(language, lines)| Block::Code { language, lines }));
    blocks
}

fn paragraph(prose: &mut String, blocks: &mut Vec<Block<'_>>) {
    if !prose.is_empty() {
        blocks.push(Block::Prose(std::mem::take(prose)));
    }
}

/// A summary as a sentence.
fn sentence(summary: &str) -> String {
    let mut letters = summary.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::{Block, blocks, sentence};
    use crate::rules::infos;

    #[test]
    fn paragraphs_and_code() {
        let text = "One\ntwo.\n\n```xml\n<A>\n\n</A>\n```\nThree.";
        let code = Block::Code { language: "xml", lines: vec!["<A>", "", "</A>"] };
        assert_eq!(blocks(text), [Block::Prose("One two.".into()), code, Block::Prose("Three.".into())]);
        assert_eq!(sentence("a field"), "A field.");
    }

    /// Code that stands outside of a block would run together.
    #[test]
    fn code_stands_in_blocks() {
        for info in infos() {
            for block in blocks(info.example) {
                match block {
                    Block::Prose(text) => {
                        assert!(!text.contains(['<', '{', '"']), "{}: {text}", info.name);
                    }
                    Block::Code { language, lines } => {
                        let known = ["xml", "xpp", "json", "toml", "text"];
                        assert!(known.contains(&language) && !lines.is_empty(), "{}", info.name);
                    }
                }
            }
            for text in [info.finds, info.why, info.remedy, info.source] {
                assert!(!text.contains("```"), "{}", info.name);
            }
        }
    }
}
