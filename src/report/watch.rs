//! What `--watch` prints behind the first run: which files changed, and what that did.

use super::findings::text::{Text, summary};
use super::style::{BAD, DIM, GOOD, OPEN, STRONG, Styled};
use super::wrap::either;
use crate::config::Config;
use crate::engine::Judged;
use crate::finding::{Report, Severity, Sifted, Turnover};
use crate::text::{Shown, count, some};
use crate::watch::{Change, ChangeKind, ChangedVerdict, Lost};
use std::io::{self, Write};
use std::path::Path;

/// So many files are named.
const FILES: usize = 3;
/// So many lines of a kind are shown, unless all are wanted.
const LINES: usize = 20;
/// So many edits are named below a verdict.
const CAUSES: usize = 2;

/// The time and the files: `12:41:07 a.xml, b.xml (new), c.xml (gone) and 4 more`.
pub fn changes(
    time: &str,
    changes: &[Change],
    name: &dyn Fn(&Path) -> String,
    out: &mut dyn Write,
) -> io::Result<()> {
    let file = |change: &Change| {
        let what = match change.kind {
            ChangeKind::New => " (new)",
            ChangeKind::Changed => "",
            ChangeKind::Gone => " (gone)",
        };
        format!("{}{what}", name(&change.path))
    };
    let files: Vec<String> = changes.iter().map(file).collect();
    writeln!(out, "{} {}", Styled(DIM, time), Styled(STRONG, some(&files, FILES)))
}

/// The verdicts that changed, the worst first.
pub fn verdicts(changed: &[ChangedVerdict], all: bool, out: &mut dyn Write) -> io::Result<()> {
    let shown = limit(changed.len(), all);
    for verdict in &changed[..shown] {
        let style = match verdict.severity {
            Severity::Error => BAD,
            Severity::Warning => OPEN,
            Severity::Note => STRONG,
        };
        writeln!(out, "  {}: {}", Styled(style, verdict.rule), verdict.message)?;
        for cause in verdict.causes.iter().take(CAUSES) {
            writeln!(out, "    {}", Styled(DIM, format!("because {cause}")))?;
        }
    }
    more(changed.len() - shown, "more verdict", out)
}

/// The findings that came, and those that went.
pub fn findings(
    turnover: &Turnover,
    (judged, config): (&Judged, &Config),
    all: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let text = Text::new(judged, config);
    let new = limit(turnover.new.len(), all);
    for sifted in &turnover.new[..new] {
        finding("new", sifted, out)?;
        if let Some(place) = text.place(&sifted.finding.site) {
            writeln!(out, "    {}", Styled(DIM, place))?;
        }
    }
    more(turnover.new.len() - new, "more new finding", out)?;
    let gone = limit(turnover.gone.len(), all);
    for sifted in &turnover.gone[..gone] {
        finding("gone", sifted, out)?;
    }
    more(turnover.gone.len() - gone, "more finding that is gone", out)
}

fn finding(what: &str, sifted: &Sifted, out: &mut dyn Write) -> io::Result<()> {
    let finding = &sifted.finding;
    let style = match finding.severity {
        _ if what == "gone" => GOOD,
        Severity::Error => BAD,
        Severity::Warning => OPEN,
        Severity::Note => STRONG,
    };
    let head = format!("{what} {}[{}]", finding.severity.word(), finding.rule.name);
    writeln!(out, "  {}: {}", Styled(style, head), Shown(&finding.message))
}

/// Files that cannot be read now.
pub fn lost(lost: &[Lost], out: &mut dyn Write) -> io::Result<()> {
    let shown = limit(lost.len(), false);
    for lost in &lost[..shown] {
        writeln!(out, "  {}", Shown(&lost.to_string()))?;
    }
    if lost.len() > shown {
        writeln!(out, "  … and {}", count(lost.len() - shown, "more file"))?;
    }
    let until = either(lost.len(), "it can be read", "they can be read");
    let text = format!("taken as half-written: the verdicts from before stand until {until}");
    writeln!(out, "  {}", Styled(OPEN, text))
}

/// The numbers of a check.
pub fn numbers(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "  ")?;
    summary(report, out)
}

fn limit(length: usize, all: bool) -> usize {
    if all { length } else { length.min(LINES) }
}

fn more(number: usize, word: &str, out: &mut dyn Write) -> io::Result<()> {
    if number == 0 {
        return Ok(());
    }
    writeln!(out, "  … and {}; --all shows them", count(number, word))
}
