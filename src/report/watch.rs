//! What `--watch` prints behind the first run: which files changed, and what that did.

use super::findings::text::{Text, summary};
use super::style::{BAD, DIM, GOOD, OPEN, STRONG, Styled};
use super::wrap::either;
use crate::config::Config;
use crate::engine::Judged;
use crate::finding::{Report, Severity, Sifted, Turnover};
use crate::text::{Shown, count, some};
use crate::watch::{Change, ChangeKind, ChangedVerdict, Lost};
use std::cmp::Reverse;
use std::collections::BTreeSet;
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

/// The verdicts that changed, the worst first. An edit that explains several is named once.
pub fn verdicts(changed: &[ChangedVerdict], all: bool, out: &mut dyn Write) -> io::Result<()> {
    let shown = limit(changed.len(), all);
    let mut told = BTreeSet::new();
    for verdict in &changed[..shown] {
        let style = match verdict.severity {
            Severity::Error => BAD,
            Severity::Warning => OPEN,
            Severity::Note => STRONG,
        };
        writeln!(out, "  {}: {}", Styled(style, verdict.rule), verdict.message)?;
        for cause in verdict.causes.iter().take(CAUSES).filter(|cause| told.insert(*cause)) {
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
    let new = worst_first(&turnover.new);
    let shown = limit(new.len(), all);
    for sifted in &new[..shown] {
        finding("new", sifted, out)?;
        if let Some(place) = text.place(&sifted.finding.site) {
            writeln!(out, "    {}", Styled(DIM, place))?;
        }
    }
    more(new.len() - shown, "more new finding", out)?;
    let gone = worst_first(&turnover.gone);
    let shown = limit(gone.len(), all);
    for sifted in &gone[..shown] {
        finding("gone", sifted, out)?;
    }
    more(gone.len() - shown, "more gone finding", out)
}

fn worst_first<'a>(findings: &[&'a Sifted]) -> Vec<&'a Sifted> {
    let mut findings = findings.to_vec();
    findings.sort_by_key(|sifted| Reverse(sifted.finding.severity));
    findings
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
    summary(report, None, out)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What a function prints, without colours.
    fn printed(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
        let mut out = anstream::StripStream::new(Vec::new());
        write(&mut out).expect("memory takes everything");
        String::from_utf8(out.into_inner()).expect("text")
    }

    fn verdict(message: &str, causes: &[&str]) -> ChangedVerdict {
        let causes = causes.iter().map(|cause| (*cause).to_owned()).collect();
        ChangedVerdict {
            severity: Severity::Error,
            rule: "tracking-lost",
            message: message.to_owned(),
            causes,
        }
    }

    #[test]
    fn a_few_files_are_named_and_no_name_fakes_a_line() {
        let kinds =
            [ChangeKind::New, ChangeKind::Changed, ChangeKind::Gone, ChangeKind::New, ChangeKind::New];
        let paths = ["a\n12:00:00 x", "b", "c", "d", "e"];
        let changed: Vec<Change> =
            paths.iter().zip(kinds).map(|(path, kind)| Change { path: path.into(), kind }).collect();
        let name = |path: &Path| path.display().to_string();
        assert_eq!(
            printed(|out| changes("12:41:07", &changed, &name, out)),
            "12:41:07 a\\u{a}12:00:00 x (new), b, c (gone) and 2 more\n"
        );
    }

    #[test]
    fn an_edit_is_named_once_and_the_rest_is_counted() {
        let mut changed = vec![verdict("one", &["x", "y", "z"]), verdict("two", &["y", "x"])];
        let head = "  tracking-lost: one\n    because x\n    because y\n  tracking-lost: two\n";
        assert_eq!(printed(|out| verdicts(&changed, false, out)), head);
        changed.extend((0..LINES).map(|_| verdict("more", &[])));
        let text = printed(|out| verdicts(&changed, false, out));
        assert!(text.ends_with("more\n  … and 2 more verdicts; --all shows them\n"), "{text}");
        assert!(printed(|out| verdicts(&changed, true, out)).ends_with(": more\n"));
    }

    #[test]
    fn what_is_half_written_is_named_with_its_place() {
        let place = Some(("A\u{1b}.xml".to_owned(), 3, 7));
        let torn = Lost { place, message: "the file ends".to_owned(), locked: false };
        let stand = "taken as half-written: the verdicts from before stand until";
        assert_eq!(
            printed(|out| lost(std::slice::from_ref(&torn), out)),
            format!("  A\\u{{1b}}.xml:3:7: the file ends\n  {stand} it can be read\n")
        );
        let many = vec![torn; LINES + 2];
        let text = printed(|out| lost(&many, out));
        assert!(text.ends_with(&format!("  … and 2 more files\n  {stand} they can be read\n")), "{text}");
    }
}
