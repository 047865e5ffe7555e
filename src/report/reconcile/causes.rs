//! What may have led to a difference, in words: always a guess, with what to check.

use super::View;
use super::policies::set_text;
use crate::reconcile::{Cause, Group, Row};
use crate::tracking::Writer;
use crate::words::shown;

/// A cause in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Likely {
    /// What may be so, with the evidence that such a thing occurs.
    pub(super) text: String,
    /// What to look at.
    pub(super) check: String,
}

fn likely(text: impl Into<String>, check: impl Into<String>) -> Likely {
    Likely { text: text.into(), check: check.into() }
}

/// A cause of a row, in words.
pub(super) fn words(view: &View, row: &Row, cause: Cause) -> Likely {
    let entity = view.result.entity(row);
    let name = shown(&entity.name);
    let maps = view.teller().maps_in_words(entity.id, &name);
    match cause {
        Cause::Policy(position) => policy(view, row, position),
        Cause::NotRestarted => likely(
            "the map was not started since the entity was changed: only a start writes the rows [DOC]",
            format!("stop and start {maps}, then take a new dump"),
        ),
        Cause::NotRunning => likely(
            format!(
                "no map of {name} runs in that environment: a map that runs has rows [DOC: health check 400]"
            ),
            format!("the state of {maps} in the dual-write workspace"),
        ),
        Cause::NothingSent => likely(
            "its map sends no field to Dataverse; such a map registers nothing [DOC: health check 400]",
            format!("the directions of the fields in {maps}"),
        ),
        Cause::NotEnabled => likely(
            format!("{name} is not public, or not enabled for data management: dual-write needs both [DOC]"),
            "IsPublic and DataManagementEnabled of the entity in that environment",
        ),
        Cause::OtherMap => likely(
            "the map that runs has other fields than the one that was given",
            format!("version and fields of {maps} in the dual-write workspace; export it again"),
        ),
        Cause::AssumedFields => likely(
            "no map was given, so it is only assumed which fields are sent",
            "name the maps of that environment with --maps",
        ),
        Cause::MapNotGiven => likely(
            format!(
                "a map or a data event of {name} is active in that environment, and no map of it was given here"
            ),
            "name the map with --maps; look for the entity among the active data events",
        ),
        Cause::Condition => likely(
            "the condition around the entry did not hold when the map was started",
            "what the condition asks for",
        ),
        Cause::Conflict => likely(
            "another entry has the same label and table; which of them wins is not documented",
            "give the entries different labels",
        ),
        Cause::OtherName(position) => other_name(view, row, position),
        Cause::Stale => likely(
            "the row is left over from an earlier version of the entity or map, or from a copied database [DOC]",
            format!("stop and start {maps}: is the row written again?"),
        ),
        Cause::OtherMetadata => likely(
            format!("that environment has another version of {name}, or a model that extends it"),
            "analyze the metadata that are deployed there",
        ),
        Cause::NotLoaded => likely(
            "metadata that decide are not loaded",
            "name the metadata root of the missing package with --metadata",
        ),
        Cause::UnreadCode => likely(
            "X++ that cannot be read here writes the row",
            format!("getEntityDataSourceToFieldMapping and dualWriteShouldSkipDataSource of {name}"),
        ),
    }
}

fn policy(view: &View, row: &Row, position: usize) -> Likely {
    let Some(fit) = view.result.fits.fits.get(position) else { return likely("", "") };
    let set = set_text(fit);
    let does = if row.group == Group::OnlyDump { "predicted" } else { "not predicted" };
    likely(
        format!("an open question has another answer than we take: under {set} the row is {does} [INF]"),
        format!("whether the dump as a whole speaks for {set}"),
    )
}

fn other_name(view: &View, row: &Row, position: usize) -> Likely {
    let Some(other) = view.result.rows.get(position) else { return likely("", "") };
    let there = shown(&other.source);
    let by_entry = [row, other].iter().any(|r| r.writers.iter().any(|w| matches!(w, Writer::Entry(_))));
    let what = if by_entry { "label of the entry" } else { "data source" };
    let side = if row.group == Group::OnlyDump { "we predict" } else { "the dump has" };
    likely(
        format!(
            "{side} the same table under {there}: the {what} was renamed, or the framework writes another name than we think [INF]"
        ),
        format!("which of the two names the deployed {} has", shown(&view.result.entity(row).name)),
    )
}
