//! `dualtrack maps`: what each table map comes to, those with problems first.

mod block;
pub mod csv;
mod found;
mod groups;
pub mod json;
mod notes;
mod phrases;

use super::style::{BAD, DIM, GOOD, OPEN, STRONG, Styled};
use super::wrap::{WIDTH, either, indented, labelled, lines};
use crate::config::Config;
use crate::engine::Judged;
use crate::finding::Report;
use crate::maps::{Counts, LegView, MapView};
use crate::problem::{Code, Severity};
use crate::text::{count, did_you_mean};
use crate::words::{Teller, shown};
use phrases::{found_by, listed, ways};
use std::io::{self, Write};

/// So many maps are listed of each kind without `--all`.
const LISTED: usize = 10;
/// So many errors of files are shown although nobody asked for the problems.
const ERRORS: usize = 3;

/// What is shown.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The model and the verdicts.
    pub judged: &'a Judged<'a>,
    /// Which models are the user's.
    pub config: &'a Config,
    /// What the rules find.
    pub report: &'a Report,
    /// The maps, in order.
    pub maps: &'a [MapView<'a>],
    /// Maps or entities were named: everything about them is of interest.
    pub chosen: bool,
    /// Nothing is left out.
    pub all: bool,
    /// Problems are listed, by somebody else.
    pub verbose: bool,
}

/// Writes the text: the verdict first.
pub fn write(view: &View, out: &mut dyn Write) -> io::Result<()> {
    // The verdict on a single map stands at its head.
    if let ([map], true) = (view.maps, view.chosen) {
        return block::write(view, map, out);
    }
    totals(view, out)?;
    let (unmatched, matched): (Vec<_>, Vec<_>) =
        view.maps.iter().partition(|map| map.is_unmatched() && !view.chosen);
    let (bad, good): (Vec<_>, Vec<_>) = matched.into_iter().partition(|map| view.tells(map));
    let shown = view.cut(&bad);
    for map in shown {
        writeln!(out)?;
        block::write(view, map, out)?;
    }
    more(out, bad.len() - shown.len(), "more map with problems", "more maps with problems")?;
    not_found(view, &unmatched, out)?;
    without_problems(view, &good, out)?;
    if view.verbose { Ok(()) } else { errors(view, out) }
}

impl<'a> View<'a> {
    fn teller(&self) -> Teller<'a> {
        Teller { judged: self.judged, config: self.config, all: self.all }
    }

    /// The map is told in full.
    fn tells(&self, map: &MapView) -> bool {
        self.all || self.chosen || map.has_problem() || found::has_any(self, map)
    }

    /// Lists of names are shown whole.
    fn whole(&self) -> bool {
        self.all || self.verbose
    }

    fn cut<'m, T>(&self, maps: &'m [T]) -> &'m [T] {
        if self.all || self.chosen { maps } else { &maps[..maps.len().min(LISTED)] }
    }
}

fn more(out: &mut dyn Write, number: usize, one: &'static str, many: &'static str) -> io::Result<()> {
    let what = either(number, one, many);
    if number > 0 {
        writeln!(out, "{}", Styled(DIM, format!("… and {number} {what}; --all shows them")))?;
    }
    Ok(())
}

fn totals(view: &View, out: &mut dyn Write) -> io::Result<()> {
    if view.maps.is_empty() {
        let what = if view.chosen {
            "No table map is for what was named."
        } else {
            "There is no table map in what was named."
        };
        return writeln!(out, "{}", Styled(OPEN.bold(), what));
    }
    let counts: Counts = view.maps.iter().map(MapView::counts).sum();
    let (style, text) = verdict(&counts);
    for line in lines(&format!("{}.", capitalised(&text)), WIDTH) {
        writeln!(out, "{}", Styled(style.bold(), line))?;
    }
    let legs: Vec<&LegView> = view.maps.iter().flat_map(|map| &map.legs).collect();
    let text = format!(
        "{} with {} and {}{}",
        count(view.maps.len(), "table map"),
        count(legs.len(), "leg"),
        count(counts.rows, "field row"),
        ways(&counts)
    );
    labelled(out, "Maps", &text)?;
    labelled(out, "Entities", &entities(&legs))?;
    left_out(view, out)
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The verdict on sent fields, in words.
fn verdict(counts: &Counts) -> (anstyle::Style, String) {
    let Counts { judged, never, partly, open, .. } = *counts;
    if judged == 0 {
        return (OPEN, "no field is sent by a loaded entity, so nothing can be judged".to_owned());
    }
    let fields = either(judged, "sent field", "sent fields");
    let mut text = match (never, open) {
        (1.., _) => format!("{never} of {judged} {fields} never {}", either(never, "triggers", "trigger")),
        (0, 1..) => format!("{} of {judged} {fields} can trigger", judged - open),
        (0, 0) if judged == 1 => "the one sent field can trigger".to_owned(),
        (0, 0) => format!("each of {judged} {fields} can trigger"),
    };
    if partly > 0 {
        let whose = either(partly, "its", "their");
        text = format!("{text}, {partly} only by some of {whose} columns");
    }
    if open > 0 {
        text = format!("{text}, {open} cannot be judged");
    }
    let style = match (never + partly, open) {
        (1.., _) => BAD,
        (0, 1..) => OPEN,
        (0, 0) => GOOD,
    };
    (style, text)
}

fn entities(legs: &[&LegView]) -> String {
    let found: Vec<_> = legs.iter().filter_map(|leg| leg.entity.as_ref().map(|entity| entity.by)).collect();
    let mut rules = found.clone();
    rules.sort_unstable();
    rules.dedup();
    let times = |by| found.iter().filter(|other| **other == by).count();
    let rules: Vec<_> = rules.into_iter().map(|by| format!("{} {}", times(by), found_by(by))).collect();
    let how = if rules.is_empty() { String::new() } else { format!(": {}", rules.join(", ")) };
    format!("{} of {} found{how}", found.len(), count(legs.len(), "leg"))
}

/// Versions and files that do not count.
fn left_out(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let others: usize = view.maps.iter().map(|map| map.others.len()).sum();
    let skipped = view.judged.problems.iter().filter(|problem| problem.code == Code::SkippedMapFile).count();
    let mut parts = Vec::new();
    if others > 0 {
        parts.push(count(others, "other version"));
    }
    if skipped > 0 && !view.chosen {
        parts.push(format!("{} without table map", count(skipped, "file")));
    }
    if parts.is_empty() {
        return Ok(());
    }
    let hint = if view.verbose { "" } else { " (-v lists them)" };
    labelled(out, "Left out", &format!("{}{hint}", parts.join(", ")))
}

fn not_found(view: &View, maps: &[&MapView], out: &mut dyn Write) -> io::Result<()> {
    if maps.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", Styled(STRONG, format!("Entity not loaded: {}", count(maps.len(), "map"))))?;
    let listed = view.cut(maps);
    for map in listed {
        for leg in map.legs.iter().filter(|leg| leg.entity.is_none()) {
            let near: Vec<_> = leg.nearest.iter().map(|name| shown(name)).collect();
            let schema = phrases::schema(leg);
            let text = format!("{schema} ({}){}", shown(&map.map.file.path), did_you_mean(&near));
            write!(out, "{}", indented(2, text))?;
        }
    }
    more(out, maps.len() - listed.len(), "more", "more")?;
    let text = "To do: load the metadata that defines them (--metadata), or name the entity under [alias] in dualtrack.toml.";
    write!(out, "{}", indented(2, text))
}

fn without_problems(view: &View, maps: &[&MapView], out: &mut dyn Write) -> io::Result<()> {
    if maps.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", Styled(STRONG, format!("Without problems: {}", count(maps.len(), "map"))))?;
    let teller = view.teller();
    let shown_maps = view.cut(maps);
    for map in shown_maps {
        let names = map.legs.iter().filter_map(|leg| Some(teller.name(leg.entity.as_ref()?.id)));
        let counts = map.counts();
        let text = format!(
            "{}: {}, {}",
            shown(map.map.display_name()),
            listed(&names.collect::<Vec<_>>(), true),
            count(counts.judged, "sent field")
        );
        write!(out, "{}", indented(2, text))?;
    }
    more(out, maps.len() - shown_maps.len(), "more", "more")
}

/// What could not be read is shown even to those who do not ask.
fn errors(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let errors = view.judged.problems.iter().filter(|problem| problem.code.severity() == Severity::Error);
    let errors: Vec<_> = errors.take(ERRORS).cloned().collect();
    if !errors.is_empty() {
        writeln!(out)?;
    }
    super::problems::write(view.judged.model, &errors, out)
}
