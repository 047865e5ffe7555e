//! Effects as findings, so that every format of a check can show a comparison.

use super::edits::{Edit, EditKind};
use super::effects::{Effect, EffectKind};
use super::{Diff, Pair, Side};
use crate::finding::{Finding, Outside, Site, Subject};
use crate::source::Place;
use crate::text::{Shown, Symbol, count, some};

/// So many causes are named in a finding.
const CAUSES: usize = 4;
/// So many fields are named in a message.
const FIELDS: usize = 8;

/// The effects of a comparison as findings, in their order.
pub fn findings(pair: Pair<'_>, diff: &Diff) -> Vec<Finding> {
    diff.effects.iter().map(|effect| finding(pair, diff, effect)).collect()
}

fn finding(pair: Pair<'_>, diff: &Diff, effect: &Effect) -> Finding {
    let rule = effect.kind.rule();
    let kind = match effect.kind {
        EffectKind::ElementAdded | EffectKind::ElementRemoved => element_kind(effect),
        _ => "entity",
    };
    let cause = effect.causes.first().map(|at| &diff.edits[*at]);
    // What was done is where the reader wants to look; the effect has no place of its own in the head.
    let site = match cause.and_then(|edit| Some((edit.side, edit.place?))) {
        Some((side, place)) => site(pair, side, place),
        None => effect.place.map_or(Site::Nowhere, |place| site(pair, effect.side, place)),
    };
    let subject = Subject::new(kind, &*effect.element);
    let mut finding = Finding::new(rule, subject, site, message(effect)).labelled(rule.name);
    let names = effect
        .path
        .iter()
        .chain(&effect.table)
        .chain(&effect.tables)
        .chain(&effect.detail)
        .chain(&effect.fields);
    for name in names {
        finding = finding.key(name);
    }
    if !effect.path.is_empty() {
        finding = finding.hop(format!("entity {}", shown(&effect.element)), None);
        for name in &effect.path {
            finding = finding.hop(format!("data source {}", shown(name)), None);
        }
        if let Some(table) = &effect.table {
            finding = finding.hop(format!("table {}", shown(table)), None);
        }
    }
    for at in effect.causes.iter().take(CAUSES) {
        finding = finding.note(format!("cause: {}", told(pair, &diff.edits[*at])));
    }
    match effect.causes.len() {
        0 => finding.note("cause: none found among the elements that it uses; look at the table maps, and at classes that computed columns call"),
        n if n > CAUSES => finding.note(format!("{} more on the way", count(n - CAUSES, "edit"))),
        _ => finding,
    }
    .remedy(rule.remedy)
}

fn element_kind(effect: &Effect) -> &'static str {
    match effect.detail.first().map(|kind| &**kind) {
        Some("table") => "table",
        Some("view") => "view",
        Some("table map") => "table map",
        _ => "entity",
    }
}

/// A place of the head is one of the metadata that was loaded; one of the base is only a path.
fn site(pair: Pair<'_>, side: Side, place: Place) -> Site {
    match side {
        Side::Head => Site::Metadata(place),
        Side::Base => Site::Outside(Outside::at(pair.base.model.path(place.file), place.line, None)),
    }
}

fn shown(name: &str) -> String {
    Shown(name).to_string()
}

fn names(effect: &Effect) -> String {
    some(&effect.fields.iter().map(|name| &**name).collect::<Vec<_>>(), FIELDS)
}

fn message(effect: &Effect) -> String {
    let element = shown(&effect.element);
    let table = effect.table.as_deref().map_or_else(|| "what cannot be read".to_owned(), shown);
    let tables = || some(&effect.tables.iter().map(|name| &**name).collect::<Vec<_>>(), FIELDS);
    let entry =
        || format!("[{}]", effect.detail.iter().map(|part| shown(part)).collect::<Vec<_>>().join(", "));
    let verdict = effect.verdict.unwrap_or_default();
    let fields = count(effect.fields.len(), "field");
    match effect.kind {
        EffectKind::TrackingLost => {
            format!("changes of {table} no longer reach {fields} of {element} ({}): {verdict}", names(effect))
        }
        EffectKind::TrackingOpen => format!(
            "it can no longer be said whether changes of {table} reach {fields} of {element} ({}): {verdict}",
            names(effect)
        ),
        EffectKind::NewUntracked => format!(
            "{element} now sends {fields} ({}) of {table} whose changes are not seen: {verdict}",
            names(effect)
        ),
        EffectKind::EntryInvalid => format!("entry {} of {element} is invalid", entry()),
        EffectKind::EntryNeeded => {
            format!("{element} now needs a mapping entry for {table} ({}): {verdict}", names(effect))
        }
        EffectKind::NoLongerSent => format!("{element} no longer sends {fields}: {}", names(effect)),
        EffectKind::NoLongerTriggers => format!("changes of {} no longer trigger {element}", tables()),
        EffectKind::EntryRemovable => format!("entry {} of {element} can go: {verdict}", entry()),
        EffectKind::RowAdded => {
            format!("one more row for each start of the map: {table} for {element}, {}", entry())
        }
        EffectKind::NewlyTriggers => format!("changes of {} now trigger {element}", tables()),
        EffectKind::RowRemoved => format!("one row less: {table} for {element}, {}", entry()),
        EffectKind::TrackingGained => {
            format!("changes of {table} now reach {fields} of {element}: {}", names(effect))
        }
        EffectKind::ElementRemoved => format!("{} {element} is gone", element_kind(effect)),
        EffectKind::ElementAdded => format!("{} {element} is new", element_kind(effect)),
    }
}

/// An edit in words, with its place: `join of data source X of E changed from InnerJoin to OuterJoin (path:12)`.
pub(super) fn told(pair: Pair<'_>, edit: &Edit) -> String {
    let element = shown(&edit.element);
    let part = shown(&edit.part);
    let (was, is) = (shown(&edit.was), shown(&edit.is));
    let by = |extension: &Option<Symbol>| {
        extension.as_deref().map(|name| format!(" (by extension {})", shown(name))).unwrap_or_default()
    };
    let extension = by(&edit.extension);
    let from_to = || match (was.is_empty(), is.is_empty()) {
        (true, _) => format!("is {is}"),
        (_, true) => format!("is gone (was {was})"),
        _ => format!("changed from {was} to {is}"),
    };
    let text = match edit.kind {
        EditKind::ElementAdded => format!("{is} {element} was added"),
        EditKind::ElementRemoved => format!("{was} {element} was removed"),
        EditKind::Property => format!("{part} of {element} {}", from_to()),
        EditKind::FieldAdded => format!("field {part} of {element} was added{extension}"),
        EditKind::FieldRemoved => format!("field {part} of {element} was removed{extension}"),
        EditKind::FieldRenamed => format!("field {was} of {element} was renamed to {is}"),
        EditKind::FieldChanged => format!("field {part} of {element} {}", from_to()),
        EditKind::SourceAdded => format!("data source {part} of {element} was added{extension}"),
        EditKind::SourceRemoved => format!("data source {part} of {element} was removed{extension}"),
        EditKind::SourceJoin => format!("join of data source {part} of {element} {}", from_to()),
        EditKind::SourceReadOnly => format!("data source {part} of {element} became {is}"),
        EditKind::SourceTarget => format!("target of data source {part} of {element} {}", from_to()),
        EditKind::SourceMoved => format!("data source {part} of {element} moved: it was {was}, it is {is}"),
        EditKind::SourceRelations => format!("join conditions of data source {part} of {element} changed"),
        EditKind::Relation => format!("relation {part} of {element} changed"),
        EditKind::Method => format!("method {part} of {element} {}", from_to()),
        EditKind::EntryAdded => format!("mapping entry {part} of {element} was added"),
        EditKind::EntryRemoved => format!("mapping entry {part} of {element} was removed"),
        EditKind::MapRowAdded => format!("a table map now sends {element}.{part}"),
        EditKind::MapRowRemoved => format!("no table map sends {element}.{part} any more"),
    };
    match edit.place {
        Some(place) => {
            let before = if edit.side == Side::Base { "before: " } else { "" };
            let path = pair.side(edit.side).model.path(place.file);
            format!("{text} ({before}{}:{})", shown(path), place.line)
        }
        None => text,
    }
}
