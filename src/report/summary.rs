//! The summary of `analyze`: what was loaded, the worst entities first, what to do next. Fits a screen.

use super::problems;
use super::style::{BAD, DIM, GOOD, OPEN, STRONG, Styled};
use crate::catalog::{Catalog, ElementId, ElementKind};
use crate::engine::Judged;
use crate::problem::{Problem, Severity};
use crate::suggest::{EntityCounts, Needed, Remedy};
use crate::text::Shown;
use crate::text::name_order;
use crate::text::{count, some};
use crate::tracking::Origin;
use anstyle::Style;
use std::io::{self, Write};

/// What the summary shows and how much of it.
pub struct Options<'a> {
    /// Where the roots were named.
    pub roots_from: &'a str,
    /// Whether an entity belongs to the user.
    pub is_own: &'a dyn Fn(ElementId) -> bool,
    /// Show everything.
    pub all: bool,
    /// List the problems.
    pub verbose: bool,
}

/// Rows of the table of entities unless everything is asked for.
const ROWS: usize = 15;
/// Advice for this many groups unless everything is asked for.
const ADVICE: usize = 3;

/// Errors that are shown although nobody asked for the problems.
const ERRORS: usize = 3;

/// Writes the summary.
pub fn write(judged: &Judged, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    loaded(judged, options, out)?;
    entities(judged, options, out)?;
    advice(judged, options, out)?;
    rows(judged, out)?;
    if options.verbose && !judged.problems.is_empty() {
        writeln!(out)?;
        problems::write(judged.model, &judged.problems, out)?;
    } else if !options.verbose {
        errors(judged, out)?;
    }
    Ok(())
}

/// What could not be read is shown even to those who do not ask.
fn errors(judged: &Judged, out: &mut dyn Write) -> io::Result<()> {
    let errors = judged.problems.iter().filter(|p| p.code.severity() == Severity::Error);
    let errors: Vec<Problem> = errors.take(ERRORS).cloned().collect();
    if !errors.is_empty() {
        writeln!(out)?;
    }
    problems::write(judged.model, &errors, out)
}

fn heading(out: &mut dyn Write, name: &str, text: &str) -> io::Result<()> {
    writeln!(out, "{} {text}", Styled(STRONG, format!("{name:<9}")))
}

fn loaded(judged: &Judged, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let files = &judged.model.files;
    let roots: Vec<String> = files.roots.iter().map(|r| r.given.display().to_string()).collect();
    heading(out, "metadata", &format!("{} (from {})", Shown(&roots.join(", ")), Shown(options.roots_from)))?;
    let kinds = [ElementKind::Entity, ElementKind::View, ElementKind::Table];
    let elements: Vec<String> =
        kinds.iter().map(|kind| count(of_kind(&judged.model.catalog, *kind), kind.word())).collect();
    let files_and_models =
        format!("{} in {}", count(files.files.len(), "file"), count(files.models.len(), "model"));
    heading(
        out,
        "",
        &format!("{files_and_models}: {}{}", elements.join(", "), partial(&judged.model.catalog)),
    )?;
    heading(out, "maps", &maps_text(judged))?;
    let changed: Vec<String> = judged.policy.changed().iter().map(|(k, v)| format!("{k}={v}")).collect();
    if !changed.is_empty() {
        heading(out, "policy", &changed.join(", "))?;
    }
    if let Some(counts) = problems::counts(&judged.problems) {
        let hint = if options.verbose { "" } else { " (-v lists them)" };
        heading(out, "problems", &format!("{counts}{hint}"))?;
    }
    writeln!(out)
}

/// Which maps decided what counts.
fn maps_text(judged: &Judged) -> String {
    match &judged.maps {
        None => "none given; assumed: every public field of every public entity is mapped".to_owned(),
        Some(maps) => format!(
            "{} with {}, for {}",
            count(maps.maps.len(), "table map"),
            count(maps.legs(), "leg"),
            count(maps.mapped.entities.len(), "loaded entity"),
        ),
    }
}

fn of_kind(catalog: &Catalog, kind: ElementKind) -> usize {
    catalog.elements().filter(|(_, e)| e.kind == kind && !e.is_partial()).count()
}

fn partial(catalog: &Catalog) -> String {
    match catalog.elements().filter(|(_, e)| e.is_partial()).count() {
        0 => String::new(),
        n => format!("; {} known only by extensions", count(n, "element")),
    }
}

/// An entity with its numbers.
struct Row {
    id: ElementId,
    counts: EntityCounts,
}

fn entities(judged: &Judged, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let catalog = &judged.model.catalog;
    let in_scope = || judged.analysis.entities.iter().filter(|e| e.in_scope);
    let mut rows: Vec<Row> = in_scope()
        .filter(|e| options.all || (options.is_own)(e.id))
        .map(|e| Row { id: e.id, counts: EntityCounts::of(e, &judged.needed) })
        .collect();
    rows.sort_by(|a, b| {
        let worst = |c: &EntityCounts| (c.fields_never + c.fields_partly, c.missing, c.entries_removable);
        worst(&b.counts)
            .cmp(&worst(&a.counts))
            .then_with(|| name_order(&catalog.element(a.id).name.text, &catalog.element(b.id).name.text))
    });
    let others = in_scope().count() - rows.len();
    let shown = if options.all { rows.len() } else { rows.len().min(ROWS) };
    if rows.is_empty() {
        let none = if judged.scope.assumed { "no public entity" } else { "no entity that a map names" };
        writeln!(out, "There is {none} among your models.")?;
    } else {
        table(catalog, &rows[..shown], out)?;
    }
    let hidden = rows.len() - shown;
    if hidden + others > 0 {
        let mut parts = Vec::new();
        if hidden > 0 {
            parts.push(format!("{} more of yours", count(hidden, "entity")));
        }
        if others > 0 {
            parts.push(format!("{} of other models", count(others, "entity")));
        }
        writeln!(out, "{}", Styled(DIM, format!("… and {}; --all shows them", parts.join(", "))))?;
    }
    writeln!(out)
}

fn table(catalog: &Catalog, rows: &[Row], out: &mut dyn Write) -> io::Result<()> {
    let name = |row: &Row| Shown(&catalog.element(row.id).name.text).to_string();
    let width = rows.iter().map(|r| name(r).chars().count()).max().unwrap_or(0).clamp(6, 44);
    let head =
        format!("{:<width$}  {:^23}  {:^25}  {:^21}", "", "data sources", "mapped fields", "mapping entries");
    writeln!(out, "{}", Styled(STRONG, head.trim_end()))?;
    let head = format!(
        "{:<width$}  {:>7} {:>9} {:>5}  {:>5} {:>6} {:>6} {:>5}  {:>6} {:>6} {:>7}",
        "entity",
        "tracked",
        "untracked",
        "open",
        "all",
        "never",
        "partly",
        "open",
        "all",
        "can go",
        "missing"
    );
    writeln!(out, "{}", Styled(STRONG, head))?;
    for row in rows {
        let c = &row.counts;
        writeln!(
            out,
            "{:<width$}  {} {} {}  {} {} {} {}  {} {} {}",
            name(row),
            number(c.sources_tracked, 7, GOOD),
            number(c.sources_untracked, 9, Style::new()),
            number(c.sources_open, 5, OPEN),
            number(c.fields_counted, 5, Style::new()),
            number(c.fields_never, 6, BAD),
            number(c.fields_partly, 6, BAD),
            number(c.fields_open, 5, OPEN),
            number(c.entries, 6, Style::new()),
            number(c.entries_removable, 6, OPEN),
            number(c.missing, 7, BAD),
        )?;
    }
    Ok(())
}

/// A number in its column; nothing to see stands as a dash.
fn number(value: usize, width: usize, style: Style) -> String {
    if value == 0 {
        return Styled(DIM, format!("{:>width$}", "-")).to_string();
    }
    Styled(style, format!("{value:>width$}")).to_string()
}

fn advice(judged: &Judged, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let own: Vec<&Needed> =
        judged.needed.iter().filter(|n| options.all || (options.is_own)(n.entity)).collect();
    if own.is_empty() {
        return Ok(());
    }
    let mut worst = own.clone();
    worst.sort_by_key(|n| std::cmp::Reverse(n.fields.len()));
    let shown = if options.all { worst.len() } else { worst.len().min(ADVICE) };
    writeln!(out, "{}", Styled(STRONG, "Changes that are never sent:"))?;
    for needed in &worst[..shown] {
        one_advice(judged, needed, out)?;
    }
    if worst.len() > shown {
        let more = count(worst.len() - shown, "more group");
        writeln!(out, "  {}", Styled(DIM, format!("… and {more}; --all shows them")))?;
    }
    writeln!(out)
}

fn one_advice(judged: &Judged, needed: &Needed, out: &mut dyn Write) -> io::Result<()> {
    let catalog = &judged.model.catalog;
    let element = catalog.element(needed.entity);
    let fields: Vec<&str> = needed.fields.iter().map(|f| &*element.field_at(*f).name.text).collect();
    let entity = Shown(&element.name.text);
    let table = Shown(&catalog.element(needed.table).name.text);
    writeln!(out, "  {} does not trigger {entity}: {}", Styled(BAD, table), some(&fields, 3))?;
    let remedy = match needed.remedy {
        Remedy::Entry => "one mapping entry is missing".to_owned(),
        Remedy::ExposeRecId => {
            format!("{} and one mapping entry are missing", count(needed.steps.len(), "RecId field"))
        }
        Remedy::AddSource => "the table must become a data source".to_owned(),
    };
    let first = fields.first().map(|f| Shown(f).to_string()).unwrap_or_default();
    writeln!(out, "    {remedy}; {}", Styled(DIM, format!("dualtrack explain {entity}.{first}")))
}

fn rows(judged: &Judged, out: &mut dyn Write) -> io::Result<()> {
    let definitions = &judged.analysis.definitions;
    let of = |origin| definitions.iter().filter(|d| d.origin == origin).count();
    let saved: u32 =
        judged.analysis.entities.iter().flat_map(|e| &e.mapping.entries).filter_map(|e| e.rows_saved).sum();
    let removable = if saved == 0 { String::new() } else { format!("; {saved} of them can go") };
    let text = format!(
        "{} of BusinessEventsDefinition: {} by data sources, {} by mapping entries{removable}",
        count(definitions.len(), "predicted row"),
        of(Origin::DataSource),
        of(Origin::MappingMethod),
    );
    heading(out, "rows", &text)
}
