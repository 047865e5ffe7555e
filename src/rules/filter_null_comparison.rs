//! Filters that miss records whose column is NULL.

use super::filters::{About, cut};
use super::{Input, Rule};
use crate::filters::{
    CanBeNull, Cause, EnumDoubt, Home, NewColumn, NullIssue, Remedy, Side, TrailStep, Trap, null_issues,
};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::text::some;
use crate::tracking::Evidence;
use crate::words::shown;
use rustc_hash::FxHashSet;

const INFO: RuleInfo = RuleInfo {
    name: "filter-null-comparison",
    group: Group::Map,
    severity: Severity::Error,
    confidence: Evidence::Documented,
    number: None,
    summary: "an F&O filter compares a column that can be NULL with an empty value",
    finds: "Comparisons that an empty value meets (== \"\", == 0, the first value of an enum, but also != \"X\" or \
        < 100), on a column that can be NULL: an outer join stands on its way, inside nested entities and views \
        too, or it is a computed column that does not rule NULL out. The way is shown. What cannot be told for \
        sure is a warning, with the reason.",
    why: "A column without a record is NULL, and NULL is neither \"\" nor 0: SQL finds no such row. \
        (ParentProject == \"\") on an outer join sends none of the projects without a parent, and nobody gets a \
        message.",
    example: "<AxQuerySimpleEmbeddedDataSource>\n    <Name>ParentProjTable</Name>\n    \
        <JoinMode>OuterJoin</JoinMode>\n\n\"sourceFilter\": \"(ParentProject == \\\"\\\")\"\n",
    remedy: "Add a computed column that turns NULL into the empty value \
        (SysComputedColumn::if(SysComputedColumn::isNullExpression(…), SysComputedColumn::returnLiteral(\"\"), …)) \
        and filter on it. The finding prints the field, the method and the filter.",
    source: "Dual-write live-sync troubleshooting: incorrect query filter syntax on the maps. That other \
        comparisons and other causes of NULL work the same way is inferred.",
    url: Some(
        "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/dual-write/dual-write-troubleshooting-live-sync",
    ),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let home = |entity| input.home(entity);
    let issues = input.filters(|maps, columns| null_issues(maps, columns, &home));
    let about = About::new(input, &INFO);
    issues.iter().filter_map(|issue| finding(input, &about, issue)).collect()
}

/// So many comparisons are named.
const NAMED: usize = 5;

/// Where two things are uncertain, there is nothing to say.
fn finding(input: &Input, about: &About, issue: &NullIssue) -> Option<Finding> {
    let column = input.teller().field(issue.entity, issue.field);
    let filter = issue.leg.filter(Side::Source);
    let mut seen = FxHashSet::default();
    let spans = issue.spans.iter().map(|span| span.text(filter));
    let written: Vec<&str> = spans.filter(|text| seen.insert(*text)).collect();
    let comparison = cut(written.first()?);
    let place = (issue.leg, Side::Source, *issue.spans.first()?);
    let name = &input.catalog().element(issue.entity).field_at(issue.field).name.text;
    let finding = |message: String| {
        let finding = about.finding(place, message).key(name).key(kind(&issue.trap));
        match written.as_slice() {
            [_, more @ ..] if !more.is_empty() => {
                finding.note(format!("The same with {}.", some(more, NAMED)))
            }
            _ => finding,
        }
    };
    let Some(null) = &issue.null else {
        let message = format!("{comparison}: X++ has no word for NULL, and no documented filter asks for it");
        let finding = finding(message).level(Severity::Warning).founded_on(Evidence::Inferred);
        return Some(finding.remedy(format!("{column} is never NULL here: compare it with an empty value.")));
    };
    if !null.certain && matches!(issue.trap, Trap::FitsEmpty | Trap::PerhapsEmpty(_)) {
        return None;
    }
    let cause = input.cause(&null.cause);
    let is_null = if null.certain {
        format!("{column} is NULL")
    } else {
        format!("{column} is NULL, which cannot be ruled out")
    };
    let message = match &issue.trap {
        Trap::Empty => {
            format!("{comparison} never holds where {is_null}, and NULL is not the empty value: {cause}")
        }
        Trap::PerhapsEmpty(doubt) => {
            format!("{comparison} never holds where {is_null}, and {}: {cause}", told(doubt))
        }
        Trap::FitsEmpty => format!("{comparison} leaves out the records in which {is_null}: {cause}"),
        Trap::NullWord => format!(
            "{comparison}: X++ has no word for NULL, and no documented filter asks where {is_null}: {cause}"
        ),
    };
    let finding = finding(message)
        .level(severity(&issue.trap, null))
        .founded_on(evidence(&issue.trap, null))
        .labelled(if null.certain { "NULL, not empty" } else { "may be NULL" })
        .along_nulls(input, issue.entity, &null.trail, &null.cause);
    Some(match &issue.remedy {
        Some(remedy) => remedied(input, issue, remedy, finding),
        None => finding.remedy(format!(
            "Filter on a computed column that turns NULL into the empty value, in place of {column}."
        )),
    })
}

/// What tells the findings of one field from each other.
fn kind(trap: &Trap) -> &'static str {
    match trap {
        Trap::Empty => "empty value",
        Trap::PerhapsEmpty(_) => "perhaps the empty value",
        Trap::FitsEmpty => "fits the empty value",
        Trap::NullWord => "NULL",
    }
}

fn told(doubt: &EnumDoubt) -> &'static str {
    match doubt {
        EnumDoubt::NotLoaded => "the enum is not loaded to tell whether this is its empty value",
        EnumDoubt::NotFixed => "this is probably the empty value of its extensible enum",
    }
}

fn severity(trap: &Trap, null: &CanBeNull) -> Severity {
    match trap {
        _ if matches!(null.cause, Cause::NotLoaded { .. }) => Severity::Note,
        Trap::FitsEmpty => Severity::Note,
        Trap::Empty if null.certain => Severity::Error,
        Trap::Empty | Trap::PerhapsEmpty(_) | Trap::NullWord => Severity::Warning,
    }
}

/// Documented is the column of an outer join, compared with its empty value.
fn evidence(trap: &Trap, null: &CanBeNull) -> Evidence {
    let shown_as_it_is = null.trail.iter().all(|step| matches!(step, TrailStep::Source { .. }));
    let documented = *trap == Trap::Empty && shown_as_it_is;
    if documented { null.cause.evidence() } else { Evidence::Inferred }
}

fn remedied(input: &Input, issue: &NullIssue, remedy: &Remedy, finding: Finding) -> Finding {
    let entity = input.teller().name(issue.entity);
    match remedy {
        Remedy::Use { field, filter } => {
            let name = input.teller().field_name(issue.entity, *field);
            let text = format!("Filter on {name}, which shows the same and is never NULL:");
            finding.remedy_code(text, &**filter)
        }
        Remedy::Add(column) => added(input, issue, &entity, column, finding),
    }
}

fn added(input: &Input, issue: &NullIssue, entity: &str, column: &NewColumn, finding: Finding) -> Finding {
    let own = column.class.is_none();
    let fields = if own { entity.to_owned() } else { format!("an extension of {entity}") };
    let mut finding =
        finding.remedy_code(format!("Add a computed column to Fields of {fields}:"), &column.field_xml);
    if column.needs_size {
        finding = finding.note(format!(
            "{} is a text without an extended data type: give the new column the StringSize of the old one.",
            column.name
        ));
    }
    finding = match (&column.class, input.home(issue.entity)) {
        (Some(_), Home::Class(name)) if input.has_class(&name) => {
            finding.remedy_code(format!("Add its method to class {}:", shown(&name)), &column.method)
        }
        (Some(class), _) => {
            let whole = class.trim_end().trim_end_matches('}').to_owned() + &column.method + "}";
            finding.remedy_code("Add a class with its method:", whole)
        }
        (None, _) => finding.remedy_code(format!("Add its method to {entity}:"), &column.method),
    };
    finding
        .remedy_code("Filter on the new column:", &*column.filter)
        .remedy("Build, synchronise, refresh the entity list, and map the column too: filters should only name fields that the map has.")
}
