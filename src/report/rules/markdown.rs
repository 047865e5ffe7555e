//! Rules as Markdown: `docs/rules`, and the help of formats that take Markdown.

use super::{Block, blocks, by_group, sentence};
use crate::finding::{Level, RuleInfo};
use crate::rules::infos;
use std::fmt::Write;

/// The pages of the documentation, each with the name of its file: an index, and one page for each rule.
pub fn pages() -> Vec<(String, String)> {
    let rules = infos().map(|info| (format!("{}.md", info.name), page(info)));
    std::iter::once(("README.md".to_owned(), index())).chain(rules).collect()
}

/// The page of a rule.
pub fn page(info: &RuleInfo) -> String {
    let mut page = format!("# {}\n\n{}\n\n", info.name, prose(&sentence(info.summary)));
    let number = info.number.map(|n| format!(" · table map health check {n}")).unwrap_or_default();
    let level = Level::At(info.severity).id();
    let _ = writeln!(
        page,
        "Level: {level} · evidence: {} · group: {}{number}",
        info.confidence.id(),
        info.group.id()
    );
    for (title, text) in [
        ("What it finds", info.finds),
        ("Why it matters", info.why),
        ("Example", info.example),
        ("What to do", info.remedy),
        ("Source", info.source),
    ] {
        let _ = write!(page, "\n## {title}\n\n{}", section(text));
    }
    if let Some(url) = info.url {
        let _ = write!(page, "\n<{url}>\n");
    }
    page
}

/// The sections as one text below each other, for help in other formats.
fn section(text: &str) -> String {
    let blocks: Vec<String> = blocks(text)
        .into_iter()
        .map(|block| match block {
            Block::Prose(text) => format!("{}\n", prose(&text)),
            Block::Code { language, lines } => format!("```{language}\n{}\n```\n", lines.join("\n")),
        })
        .collect();
    blocks.join("\n")
}

fn index() -> String {
    let mut index = "# Rules\n\n\
        What `dualtrack check` finds, and `dualtrack diff`. `dualtrack rule NAME` prints a page in the terminal; `[rules]` in\n\
        `dualtrack.toml`, or `-D`, `-W` and `-A`, set the level. These pages are written by\n\
        `dualtrack rule --pages docs/rules`.\n"
        .to_owned();
    for (group, rules) in by_group() {
        let _ = write!(
            index,
            "\n## {}\n\n| rule | level | evidence | finds |\n|---|---|---|---|\n",
            group.title()
        );
        for info in rules {
            let (name, level) = (info.name, Level::At(info.severity).id());
            let _ = writeln!(
                index,
                "| [{name}]({name}.md) | {level} | {} | {} |",
                info.confidence.id(),
                prose(info.summary)
            );
        }
    }
    index
}

/// A text in which only backticks mean something.
fn prose(text: &str) -> String {
    let mut is_code = false;
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        is_code ^= c == '`';
        if !is_code && matches!(c, '*' | '<' | '[' | ']' | '|' | '_' | '#') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::prose;

    #[test]
    fn only_backticks_mean_something() {
        assert_eq!(prose("[a] `[b] *` c_*"), "\\[a\\] `[b] *` c\\_\\*");
    }
}
