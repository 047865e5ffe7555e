//! `dualtrack check` for people: each finding with its source lines, the way to the table, and what to do.

use super::View;
use super::source::{Role, Sources, Window};
use crate::config::Config;
use crate::engine::Judged;
use crate::finding::{Finding, Group as RuleGroup, Hop, Report, Severity, Sifted, Site, Step};
use crate::report::batches::write_parts;
use crate::report::style::{BAD, DIM, GOOD, OPEN, STRONG, Styled};
use crate::report::wrap::{WIDTH, Wrapped, either, lines};
use crate::text::{Shown, count, some};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Message, Origin, Renderer, Snippet};
use std::io::{self, Write};

/// Texts are wrapped to this width below a finding.
const TEXT: usize = WIDTH - 12;
/// So many elements that are not loaded are named.
const MISSING: usize = 5;
/// So many entries that are gone from the baseline are listed.
const GONE: usize = 10;
/// Wider than any line that [`Sources`] gives, so that nothing is cut twice.
const SCREEN: usize = 400;

/// Writes what is not known, the findings, errors first, and the numbers.
pub fn write(view: &View, out: &mut dyn Write) -> io::Result<()> {
    coverage(view, out)?;
    let mut shown: Vec<&Sifted> = view.report.shown().collect();
    shown.sort_by_key(|s| std::cmp::Reverse(s.finding.severity));
    write_parts(&shown, |part| rendered(view, part), |text| out.write_all(text.as_bytes()))?;
    gone(view, out)?;
    let has_others = !view.all && view.judged.model.has_others(view.config);
    summary(view.report, has_others.then_some("other models are not checked (--all checks them)"), out)
}

/// One reader of sources for findings that follow each other: it keeps the file that it read last.
fn rendered(view: &View, part: &[&Sifted]) -> String {
    let text = Text::new(view.judged, view.config);
    let show = |sifted: &&Sifted| {
        let brief = sifted.finding.severity == Severity::Note && !view.verbose;
        text.finding(&sifted.finding, brief) + "\n\n"
    };
    part.iter().map(show).collect()
}

/// Shows findings one by one.
pub(in crate::report) struct Text<'a> {
    sources: Sources<'a>,
    renderer: Renderer,
}

impl<'a> Text<'a> {
    pub(in crate::report) fn new(judged: &'a Judged<'a>, config: &'a Config) -> Self {
        let renderer = Renderer::styled().term_width(SCREEN);
        Self { sources: Sources::new(judged, config), renderer }
    }

    /// A finding with its source lines, the way to the table and what to do; in brief, its message and place.
    pub(in crate::report) fn finding(&self, finding: &Finding, brief: bool) -> String {
        let title = level(finding.severity).primary_title(safe(&finding.message)).id(finding.rule.name);
        let window = if brief { None } else { self.sources.window(finding) };
        let mut group = Group::with_title(title);
        if let Some(origin) = self.origin(finding) {
            group = group.element(origin);
        }
        if let Some(window) = window {
            group = group.element(snippet(finding, &window));
        }
        if !brief {
            group = group.elements(self.messages(finding));
        }
        tidy(&self.renderer.render(&[group]))
    }

    /// `path:line`, safe to print; none for what has no place of its own.
    pub(in crate::report) fn place(&self, site: &Site) -> Option<String> {
        let spot = self.sources.spot(site)?;
        let line = spot.line.map(|line| format!(":{line}")).unwrap_or_default();
        Some(format!("{}{line}", Shown(&spot.path)))
    }

    /// The place. Lines are shown without their indent, so that they cannot tell the column.
    fn origin(&self, finding: &Finding) -> Option<Origin<'static>> {
        let spot = self.sources.exact(&finding.site)?;
        let mut origin = Origin::path(safe(&spot.path));
        if let Some(line) = spot.line {
            origin = origin.line(line as usize);
        }
        if let (Some(_), Some(column)) = (spot.line, spot.column) {
            origin = origin.char_column(column as usize);
        }
        Some(origin)
    }

    /// What stands below the lines: the way to the table, what else to know, what to do, where that comes from.
    fn messages(&self, finding: &Finding) -> Vec<Message<'static>> {
        let mut messages = Vec::new();
        if !finding.trail.is_empty() {
            let hops: Vec<String> = finding.trail.iter().map(|hop| self.hop(hop)).collect();
            messages.push(Level::NOTE.with_name("path").message(hops.join("\n")));
        }
        messages.extend(finding.notes.iter().map(|note| Level::NOTE.message(wrapped(note, ""))));
        if !finding.remedy.is_empty() {
            messages.push(Level::HELP.message(steps(&finding.remedy)));
        }
        // What this project sets itself has no other source.
        if finding.rule.group != RuleGroup::Settings {
            messages.push(Level::NOTE.with_name("source").message(origin_of_rule(finding)));
        }
        messages
    }

    fn hop(&self, hop: &Hop) -> String {
        let place = hop.site.as_ref().and_then(|site| self.place(site));
        let text = safe(&hop.text);
        match place {
            Some(place) => format!("{text}\n  {}", Styled(DIM, place)),
            None => text,
        }
    }
}

/// The lines of a window, with the marks.
fn snippet(finding: &Finding, window: &Window) -> Snippet<'static, Annotation<'static>> {
    let first = window.lines.first().map_or(window.line, |line| line.number);
    let mut source = String::new();
    let mut annotations = Vec::new();
    let mut number = first;
    for line in &window.lines {
        // Lines in between are folded away; they only have to be there.
        for _ in number..line.number {
            source.push('\n');
        }
        number = line.number;
        let start = source.len();
        source.push_str(&line.text);
        let (kind, span) = match &line.role {
            Role::Place(span) => (AnnotationKind::Primary, span.clone()),
            Role::Witness(span) => (AnnotationKind::Context, span.clone()),
            Role::Nearby => (AnnotationKind::Visible, 0..line.text.len()),
        };
        let annotation = kind.span(start + span.start..start + span.end);
        annotations.push(match line.role {
            Role::Place(_) if !finding.label.is_empty() => annotation.label(safe(&finding.label)),
            _ => annotation,
        });
    }
    Snippet::source(source).line_start(first as usize).fold(true).annotations(annotations)
}

/// Between a place and lines without one the renderer puts the sign of a second file, without a name; and blanks
/// behind empty lines.
fn tidy(rendered: &str) -> String {
    let may_have_signs = rendered.contains(":::");
    let is_sign =
        |line: &str| may_have_signs && anstream::adapter::strip_str(line).to_string().trim() == ":::";
    let mut tidy = String::with_capacity(rendered.len());
    for line in rendered.lines().filter(|line| !is_sign(line)) {
        if !tidy.is_empty() {
            tidy.push('\n');
        }
        tidy.push_str(line.trim_end());
    }
    tidy
}

/// A text that may hold names from files. Line ends would fake lines.
fn safe(text: &str) -> String {
    Shown(text).to_string()
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

/// A text wrapped below its start; `head` stands before the first line.
fn wrapped(text: &str, head: &str) -> String {
    let indent = " ".repeat(head.len());
    let lines = lines(&safe(text), TEXT - head.len());
    let lines = lines.iter().enumerate();
    lines
        .map(|(n, line)| format!("{}{line}", if n == 0 { head } else { &indent }))
        .collect::<Vec<_>>()
        .join("\n")
}

/// What to do; numbered where there is more than one thing.
fn steps(steps: &[Step]) -> String {
    let numbered = steps.len() > 1;
    let step = |(n, step): (usize, &Step)| {
        let head = if numbered { format!("{}. ", n + 1) } else { String::new() };
        let mut text = wrapped(&step.text, &head);
        for line in step.code.iter().flat_map(|code| code.lines()) {
            text.extend(["\n  ", &" ".repeat(head.len()), &safe(line)]);
        }
        text
    };
    steps.iter().enumerate().map(step).collect::<Vec<_>>().join("\n")
}

/// How well a finding is founded, and where it comes from.
fn origin_of_rule(finding: &Finding) -> String {
    let text = wrapped(finding.source, &format!("[{}] ", finding.confidence.tag()));
    match finding.url {
        Some(url) => format!("{text}\n{}", Styled(DIM, url)),
        None => text,
    }
}

fn coverage(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let coverage = view.coverage;
    if coverage.is_complete() {
        return Ok(());
    }
    let open = [(coverage.open_fields, "mapped field"), (coverage.open_sources, "data source")];
    let open: Vec<String> = open.iter().filter(|(n, _)| *n > 0).map(|(n, word)| count(*n, word)).collect();
    let open = if open.is_empty() { String::new() } else { format!("; open: {}", open.join(", ")) };
    let text = format!(
        "{} not loaded: {}{open}. Name the metadata root that has them, or a snapshot of it.",
        count(coverage.missing.len(), "element"),
        some(&coverage.missing, MISSING),
    );
    writeln!(
        out,
        "{}\n",
        Wrapped { head: Styled(OPEN, "incomplete "), width: 11, text }.to_string().trim_end()
    )
}

fn gone(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let (gone, Some(path)) = (&view.report.gone, view.baseline) else { return Ok(()) };
    if gone.is_empty() {
        return Ok(());
    }
    let path = path.display().to_string();
    let verb = either(gone.len(), "does", "do");
    writeln!(
        out,
        "{} of {} {verb} not occur any more (--update-baseline removes what is gone):",
        count(gone.len(), "finding"),
        Shown(&path)
    )?;
    for identity in gone.iter().take(GONE) {
        writeln!(out, "  {} {}", identity.rule, Shown(&identity.path()))?;
    }
    if gone.len() > GONE {
        writeln!(out, "  … and {} more", gone.len() - GONE)?;
    }
    writeln!(out)
}

/// The last line: what was shown, and what was not.
pub(in crate::report) fn summary(report: &Report, note: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
    let counts = report.counts();
    let shown =
        [(counts.errors, "error", BAD), (counts.warnings, "warning", OPEN), (counts.notes, "note", STRONG)];
    let shown: Vec<String> = shown
        .into_iter()
        .filter(|(n, ..)| *n > 0)
        .map(|(n, word, style)| Styled(style, count(n, word)).to_string())
        .collect();
    let head = if shown.is_empty() { Styled(GOOD, "no findings").to_string() } else { shown.join(", ") };
    let others = [(counts.allowed, "allowed"), (counts.baselined, "in the baseline")];
    let others = others.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}"));
    let others: Vec<String> = others.chain(note.map(str::to_owned)).collect();
    let others = if others.is_empty() { String::new() } else { format!("; {}", others.join(", ")) };
    writeln!(out, "{head}{others}")
}
