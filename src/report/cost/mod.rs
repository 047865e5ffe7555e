//! `dualtrack cost`: tables and entities by the rows that a change raises, and what can go.

pub mod csv;
mod grid;
pub mod json;
mod notes;

use super::style::{DIM, STRONG, Styled};
use super::wrap::{WIDTH, Wrapped, either, indented, labelled, lines};
use crate::catalog::ElementId;
use crate::config::Config;
use crate::cost::{Cost, EntityCost, PerDay, Removal, Request, Rows, TableCost, share};
use crate::engine::Judged;
use crate::text::{count, some};
use crate::tracking::Evidence;
use crate::words::{Basis, Teller, entry_state, entry_text, shown};
use grid::Grid;
use std::borrow::Cow;
use std::io::{self, Write};

/// So many lines are listed of each without `--all`.
const LISTED: usize = 15;
/// So many entries that can go are listed without `--all`, of those that save a row.
const REMOVALS: usize = 5;
/// So many problems of the volumes are listed without `-v`.
const PROBLEMS: usize = 3;

/// What is shown.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The model and the verdicts.
    pub judged: &'a Judged<'a>,
    /// Which models are the user's.
    pub config: &'a Config,
    /// What was asked for. Where tables or entities are named, other models are shown as well.
    pub request: Request<'a>,
    /// The numbers.
    pub cost: &'a Cost,
    /// Nothing is left out.
    pub all: bool,
    /// All problems of the volumes are listed.
    pub verbose: bool,
}

/// The rules that a cost rests on.
const BASIS: [Basis; 2] = [
    Basis {
        rule: "row_cost",
        evidence: Some(Evidence::Documented),
        policy: None,
        text: Cow::Borrowed(
            "A table that is tracked for several entities has all of them evaluated with each change: work in every transaction on the table.",
        ),
        source: "Table map health check 1700.",
        url: Some(
            "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/dual-write/table-map-health-check",
        ),
    },
    Basis {
        rule: "fewer_entries",
        evidence: Some(Evidence::Documented),
        policy: None,
        text: Cow::Borrowed(
            "Each mapping entry adds a row; removing those that are not needed lowers the number of events; the gain in speed is small.",
        ),
        source: "Dual-write live-sync troubleshooting.",
        url: Some(
            "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/dual-write/dual-write-troubleshooting-live-sync",
        ),
    },
];

/// Writes the text; exact numbers first.
pub fn write(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let text = Text { view: *view, teller: view.teller() };
    text.totals(out)?;
    notes::volumes(view, out)?;
    text.tables(out)?;
    text.entities(out)?;
    text.removals(out)?;
    notes::write(view, out)
}

impl<'a> View<'a> {
    fn teller(&self) -> Teller<'a> {
        Teller { judged: self.judged, config: self.config, all: self.all }
    }

    /// Something was named.
    fn is_chosen(&self) -> bool {
        !self.request.tables.is_empty() || !self.request.entities.is_empty()
    }

    fn with_volumes(&self) -> bool {
        self.request.volumes.is_some()
    }

    /// The entity is shown without `--all`.
    fn is_shown(&self, entity: ElementId) -> bool {
        self.all || self.is_chosen() || self.judged.model.is_own(self.config, entity)
    }

    /// The lines to list, and how many are not.
    fn cut<T>(&self, lines: Vec<T>) -> (Vec<T>, usize) {
        let keep = if self.all { lines.len() } else { lines.len().min(LISTED) };
        let more = lines.len() - keep;
        (lines.into_iter().take(keep).collect(), more)
    }
}

struct Text<'a> {
    view: View<'a>,
    teller: Teller<'a>,
}

impl Text<'_> {
    fn totals(&self, out: &mut dyn Write) -> io::Result<()> {
        let cost = self.view.cost;
        let Rows { by_source, by_entry, removable } = cost.rows;
        let total = cost.rows.total();
        let of_all = if total == cost.all_rows { String::new() } else { format!(" (of {})", cost.all_rows) };
        writeln!(
            out,
            "{}",
            Styled(STRONG, format!("{} of BusinessEventsDefinition{of_all}", count(total, "predicted row")))
        )?;
        let text = format!(
            "on {} for {}: {by_source} by data sources, {by_entry} by mapping entries ({}).",
            count(cost.row_tables, "table"),
            count(cost.entities.len(), "entity"),
            share(by_entry, total),
        );
        labelled(out, "Rows", &text)?;
        let text = match removable {
            0 => "nothing: no entry that can go saves a row.".to_owned(),
            n => format!("{} ({}), which leaves {}.", count(n, "row"), share(n, total), cost.rows.after()),
        };
        labelled(out, "Can go", &text)
    }

    fn tables(&self, out: &mut dyn Write) -> io::Result<()> {
        let view = self.view;
        let (listed, foreign): (Vec<&TableCost>, Vec<&TableCost>) =
            view.cost.tables.iter().partition(|t| self.is_listed(t));
        let has_line = |t: &&TableCost| {
            !view.with_volumes() || t.events.is_some() || view.all || !view.request.tables.is_empty()
        };
        let (listed, silent): (Vec<&TableCost>, Vec<&TableCost>) = listed.into_iter().partition(has_line);
        let (rows, more) = view.cut(listed);
        if rows.is_empty() && foreign.is_empty() {
            return Ok(());
        }
        let by = if view.with_volumes() { "events a day" } else { "rows that one change raises" };
        writeln!(out, "\n{}", Styled(STRONG, format!("Tables by {by}")))?;
        if !rows.is_empty() {
            self.table_grid(&rows).write(out)?;
        }
        self.left_out(out, more, &foreign, silent.len())
    }

    /// Tables that your entities register, and that have rows of their own, a volume, or were named.
    fn is_listed(&self, table: &TableCost) -> bool {
        let own = table.entities.iter().any(|e| self.view.is_shown(*e));
        let speaks = table.own.total() > 0 || table.events.is_some();
        self.view.all || !self.view.request.tables.is_empty() || (own && speaks)
    }

    fn table_grid(&self, tables: &[&TableCost]) -> Grid {
        let inherited = tables.iter().any(|t| t.rows != t.own);
        let volumes = self.view.with_volumes();
        let mut head = vec!["table"];
        head.extend(volumes.then_some("changes/day"));
        head.extend(["entities", "rows"]);
        head.extend(inherited.then_some("own"));
        head.extend(["by entries", "can go"]);
        head.extend(volumes.then_some(["events/day", "after"]).into_iter().flatten());
        let mut grid = Grid::new(head, "can go");
        for table in tables {
            let mut cells = vec![shown(&table.name)];
            cells.extend(volumes.then(|| per_day(table.per_day)));
            cells.extend([table.entities.len().to_string(), table.rows.total().to_string()]);
            cells.extend(inherited.then(|| number(table.own.total())));
            cells.extend(shares(table.rows));
            if volumes {
                cells.extend([
                    per_day(table.events.map(|e| e.before)),
                    per_day(table.events.map(|e| e.after)),
                ]);
            }
            grid.row(cells);
        }
        grid
    }

    /// What the list of tables does not show, in one line.
    fn left_out(
        &self,
        out: &mut dyn Write,
        more: usize,
        hidden: &[&TableCost],
        silent: usize,
    ) -> io::Result<()> {
        let chain = hidden.iter().filter(|t| t.own.total() == 0).count();
        let foreign = hidden.len() - chain;
        let mut parts = Vec::new();
        if more > 0 {
            parts.push(count(more, "more table"));
        }
        if foreign > 0 {
            parts.push(format!("{} of other models' entities", count(foreign, "table")));
        }
        if chain > 0 {
            parts.push(format!("{} of the same inheritance chains without own rows", count(chain, "table")));
        }
        if silent > 0 {
            parts.push(format!("{} without a volume", count(silent, "table")));
        }
        self.and(out, &parts)
    }

    fn and(&self, out: &mut dyn Write, parts: &[String]) -> io::Result<()> {
        if parts.is_empty() {
            return Ok(());
        }
        let hint = if self.view.all { "" } else { " (--all lists them)" };
        for line in lines(&format!("… and {}{hint}", parts.join(", ")), WIDTH) {
            writeln!(out, "{}", Styled(DIM, line))?;
        }
        Ok(())
    }

    fn entities(&self, out: &mut dyn Write) -> io::Result<()> {
        let (listed, foreign): (Vec<&EntityCost>, Vec<&EntityCost>) =
            self.view.cost.entities.iter().partition(|e| self.view.is_shown(e.id));
        let (rows, more) = self.view.cut(listed);
        if rows.is_empty() && foreign.is_empty() {
            return Ok(());
        }
        let by = if self.view.with_volumes() { "events a day" } else { "rows" };
        writeln!(out, "\n{}", Styled(STRONG, format!("Entities by {by}")))?;
        if !rows.is_empty() {
            self.entity_grid(&rows).write(out)?;
        }
        let mut parts = Vec::new();
        if more > 0 {
            parts.push(format!("{more} more"));
        }
        if !foreign.is_empty() {
            parts.push(format!("{} of other models", foreign.len()));
        }
        self.and(out, &parts)
    }

    fn entity_grid(&self, entities: &[&EntityCost]) -> Grid {
        let volumes = self.view.with_volumes();
        let mut head = vec!["entity", "tables", "rows", "by entries", "can go"];
        head.extend(volumes.then_some(["no volume", "events/day", "after"]).into_iter().flatten());
        let mut grid = Grid::new(head, "can go");
        for entity in entities {
            let mut cells = vec![self.teller.name(entity.id), entity.tables.to_string()];
            cells.push(entity.rows.total().to_string());
            cells.extend(shares(entity.rows));
            if volumes {
                cells.push(number(entity.without_volume));
                let events = entity.events;
                cells.extend([per_day(events.map(|e| e.before)), per_day(events.map(|e| e.after))]);
            }
            grid.row(cells);
        }
        grid
    }

    fn removals(&self, out: &mut dyn Write) -> io::Result<()> {
        let removals = &self.view.cost.removals;
        if removals.is_empty() {
            return Ok(());
        }
        let is_listed = |r: &&Removal| self.view.is_shown(r.entity) && (self.view.all || r.rows > 0);
        let keep = if self.view.all { removals.len() } else { REMOVALS };
        let listed: Vec<&Removal> = removals.iter().filter(is_listed).take(keep).collect();
        let all = count(removals.len(), "mapping entry");
        writeln!(out, "\n{}", Styled(STRONG, format!("Can go: {all}")))?;
        for removal in &listed {
            self.removal(out, removal)?;
        }
        let rest = removals.len() - listed.len();
        let saving = |r: &&Removal| r.rows > 0;
        let more = removals.iter().filter(saving).count() - listed.iter().filter(|r| saving(r)).count();
        let parts = [(more, "that save a row"), (rest - more, "that save no row")];
        let parts = parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} more {what}"));
        self.and(out, &parts.collect::<Vec<_>>())
    }

    fn removal(&self, out: &mut dyn Write, removal: &Removal) -> io::Result<()> {
        let Some(entity) = self.view.judged.analysis.entity(removal.entity) else { return Ok(()) };
        let entry = &entity.mapping.entries[removal.entry];
        let saves = match (removal.rows, removal.saved.filter(|s| *s > PerDay::default())) {
            (0, _) => "saves no row".to_owned(),
            (n, None) => format!("saves {}", count(n, "row")),
            (n, Some(saved)) => format!("saves {}, {} events a day", count(n, "row"), grouped(saved)),
        };
        let name = self.teller.name(removal.entity);
        let text = format!("{name} {}: {}, {saves}", entry_text(entry), entry_state(entry));
        write!(out, "{}", Wrapped { head: "  ", width: 2, text })?;
        writeln!(out, "    {}", Styled(DIM, self.teller.at(entry.place)))
    }
}

/// Rows by entries and removable rows, each with its share.
fn shares(rows: Rows) -> [String; 2] {
    let with_share = |part: usize| match part {
        0 => "-".to_owned(),
        part => format!("{part} ({})", share(part, rows.total())),
    };
    [with_share(rows.by_entry), with_share(rows.removable)]
}

/// A number in its column; nothing to see stands as a dash.
fn number(value: usize) -> String {
    if value == 0 { "-".to_owned() } else { value.to_string() }
}

/// What is not known is no number.
fn per_day(value: Option<PerDay>) -> String {
    value.map_or_else(|| "?".to_owned(), grouped)
}

/// Digits in groups of three, parted by blanks, which mean the same everywhere.
fn grouped(value: PerDay) -> String {
    let text = value.to_string();
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut digits = String::new();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            digits.push(' ');
        }
        digits.push(digit);
    }
    digits + rest
}

#[cfg(test)]
mod tests {
    use super::{PerDay, grouped, shares};
    use crate::cost::Rows;

    #[test]
    fn numbers_are_grouped() {
        let text = |n: &str| grouped(PerDay::read(n).unwrap());
        assert_eq!(
            ["0", "999", "1 000", "12 345 678.25"].map(str::to_owned),
            [text("0"), text("999"), text("1000"), text("12345678.25")]
        );
    }

    #[test]
    fn shares_stand_behind_their_numbers() {
        let rows = Rows { by_source: 3, by_entry: 1, removable: 0 };
        assert_eq!(shares(rows), ["1 (25%)", "-"]);
        assert_eq!(shares(Rows::default()), ["-", "-"]);
    }
}
