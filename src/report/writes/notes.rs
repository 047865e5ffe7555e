//! What stands beside the findings: transactions, unknown tables, comments that accept, what could not be read.

use super::finding::{line, place, title};
use super::{APART, Selection, View, and, heading, method_name, note, steps, words};
use crate::problem::Severity;
use crate::report::style::{DIM, Styled};
use crate::report::wrap::{Wrapped, either, indented, labelled};
use crate::source::Place;
use crate::text::{count, some};
use crate::words::shown;
use crate::writes::{
    Allowance, BYPASSING_WRITE, Harmless, SPLIT_TRANSACTION, ScopedWrite, Target, Transaction,
    TransactionKind, UNBALANCED_TRANSACTION, Write,
};
use std::collections::BTreeMap;
use std::io;

/// The rules that a comment can accept.
const RULES: [&str; 3] = [BYPASSING_WRITE, SPLIT_TRANSACTION, UNBALANCED_TRANSACTION];
/// So many problems are listed without `-v`.
const PROBLEMS: usize = 3;
/// So many findings about transactions are listed without `--all`.
const TRANSACTIONS: usize = 10;
/// So many writes of a torn transaction are listed without `--all`.
const WRITES: usize = 6;

/// What is listed apart, in numbers.
pub(super) fn apart(selection: &Selection) -> Option<String> {
    let allowed = selection.allowed.len() + selection.allowed_transactions.len();
    let parts = [
        (selection.unknown.len(), "of an unknown table", "of unknown tables"),
        (selection.not_loaded.len(), "of something that is not loaded", "of what is not loaded"),
        (allowed, "accepted by a comment", "accepted by comments"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(n, ..)| *n > 0)
        .map(|(n, one, many)| format!("{n} {}", either(n, one, many)))
        .collect();
    (!parts.is_empty()).then(|| format!("{}.", parts.join(", ")))
}

/// Writes that do not matter, in numbers.
pub(super) fn harmless(writes: &[(&Write, Harmless)]) -> Option<String> {
    let of = |wanted: fn(Harmless) -> bool| writes.iter().filter(|(_, why)| wanted(*why)).count();
    let parts = [
        (of(|w| w == Harmless::NotTracked), "of tables that trigger no entity"),
        (
            of(|w| matches!(w, Harmless::TemporaryTable | Harmless::TemporaryBuffer(_))),
            "of temporary records",
        ),
        (of(|w| w == Harmless::Staging), "of staging tables"),
        (of(|w| matches!(w, Harmless::NotATable(_))), "of views or entities"),
    ];
    let parts: Vec<String> =
        parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    (!parts.is_empty())
        .then(|| format!("{} without an event: {}.", count(writes.len(), "write"), parts.join(", ")))
}

/// Transactions that are torn or not balanced.
pub(super) fn transactions(view: &View, list: &[&Transaction], out: &mut dyn io::Write) -> io::Result<()> {
    let (own, foreign): (Vec<&Transaction>, Vec<&Transaction>) =
        list.iter().partition(|t| view.is_shown(t.place));
    let limit = view.limit(TRANSACTIONS).min(own.len());
    for transaction in &own[..limit] {
        writeln!(out)?;
        one_transaction(view, transaction, out)?;
    }
    let mut rest = Vec::new();
    if own.len() > limit {
        rest.push(format!("{} about transactions", count(own.len() - limit, "more warning")));
    }
    if !foreign.is_empty() {
        rest.push(format!("{} about transactions in models that are not yours", foreign.len()));
    }
    and(out, &rest)
}

fn one_transaction(view: &View, transaction: &Transaction, out: &mut dyn io::Write) -> io::Result<()> {
    let sentence = format!("{} [INF]", words::torn(view, transaction));
    title(out, Severity::Warning, transaction.kind.rule(), &sentence)?;
    place(view, out, transaction.place, &method_name(&transaction.method), &transaction.statement)?;
    match &transaction.kind {
        TransactionKind::Split { writes, .. } => scoped(view, writes, transaction.place, out)?,
        TransactionKind::PerRow { loop_place, writes } => {
            line(out, "loop", &steps::at(view, *loop_place, transaction.place))?;
            scoped(view, writes, transaction.place, out)?;
        }
        TransactionKind::NotCommitted { left_at } => {
            line(out, "left at", &steps::at(view, *left_at, transaction.place))?;
        }
        TransactionKind::NotBegun => {}
    }
    line(out, "to do", words::mend(transaction))
}

fn scoped(view: &View, writes: &[ScopedWrite], from: Place, out: &mut dyn io::Write) -> io::Result<()> {
    let limit = view.limit(WRITES).min(writes.len());
    for (position, write) in writes[..limit].iter().enumerate() {
        let label = if position == 0 { "writes" } else { "" };
        let text = format!(
            "{}: {} ({}; ttsbegin {})",
            view.teller().name(write.table),
            shown(&write.statement),
            steps::at(view, write.place, from),
            steps::at(view, write.scope, from)
        );
        line(out, label, &text)?;
    }
    match writes.len() - limit {
        0 => Ok(()),
        more => line(out, "", &format!("and {more} more (--all lists them)")),
    }
}

/// Writes whose table nobody knows.
pub(super) fn unknown(view: &View, list: &[&Write], out: &mut dyn io::Write) -> io::Result<()> {
    let own: Vec<&Write> = list.iter().copied().filter(|w| view.is_shown(w.place)).collect();
    if list.is_empty() {
        return Ok(());
    }
    heading(out, &format!("Unknown table: {}", count(list.len(), "write")))?;
    if view.is_chosen() && !view.all {
        return note(out, "They may be of what was asked for; dualtrack writes lists them.");
    }
    let limit = view.limit(APART).min(own.len());
    for write in &own[..limit] {
        let Target::Unknown(why) = &write.target else { continue };
        at_place(view, write.place, &method_name(&write.method), &write.statement, out)?;
        write!(out, "{}", indented(6, steps::unknown(why)))?;
    }
    more(view, list.len() - limit, out)
}

/// Tables that are known by name only.
pub(super) fn not_loaded(view: &View, list: &[&Write], out: &mut dyn io::Write) -> io::Result<()> {
    let mut tables: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for write in list.iter().filter(|w| view.is_shown(w.place)) {
        let name = words::table(&write.target);
        tables.entry(name.to_ascii_lowercase()).or_insert((name, 0)).1 += 1;
    }
    if tables.is_empty() {
        return Ok(());
    }
    let writes: usize = tables.values().map(|(_, n)| n).sum();
    heading(out, &format!("Not loaded: {}", count(writes, "write")))?;
    let names: Vec<String> = tables.into_values().map(|(name, n)| format!("{name} ({n})")).collect();
    let text = format!(
        "{}: load the packages that define these tables or classes to see whether it matters (--metadata)",
        some(&names, view.limit(APART))
    );
    note(out, &text)
}

/// What comments accept, and comments that accept nothing.
pub(super) fn allowances(view: &View, selection: &Selection, out: &mut dyn io::Write) -> io::Result<()> {
    let accepted = selection.allowed.len() + selection.allowed_transactions.len();
    let shown_ones = || view.writes.allowances.iter().filter(|a| view.is_shown(a.place));
    let used: Vec<&Allowance> = shown_ones().filter(|a| a.used > 0).collect();
    let idle: Vec<&Allowance> = shown_ones().filter(|a| a.used == 0).collect();
    if accepted > 0 && !view.is_chosen() {
        heading(out, &format!("Accepted by comments: {}", count(accepted, "finding")))?;
        let text = |a: &Allowance| format!("{}: {}", count(a.used, "finding"), reason(a));
        comments(view, &used, text, out)?;
    }
    if idle.is_empty() || view.is_chosen() {
        return Ok(());
    }
    heading(out, &format!("Comments that accept nothing: {}", count(idle.len(), "comment")))?;
    comments(view, &idle, idle_because, out)
}

fn comments(
    view: &View,
    list: &[&Allowance],
    text: impl Fn(&Allowance) -> String,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let limit = view.limit(APART).min(list.len());
    for allowance in &list[..limit] {
        let place = Styled(DIM, view.teller().at(allowance.place));
        writeln!(out, "  {place}")?;
        write!(out, "{}", Wrapped { head: "      ", width: 6, text: text(allowance) })?;
    }
    more(view, list.len() - limit, out)
}

fn reason(allowance: &Allowance) -> String {
    allowance.reason.as_deref().map(shown).unwrap_or_default()
}

/// Why a comment accepts nothing.
pub(super) fn idle_because(allowance: &Allowance) -> String {
    let rule = shown(&allowance.rule);
    if !RULES.iter().any(|known| known.eq_ignore_ascii_case(&allowance.rule)) {
        return format!("there is no rule {rule}; the rules are {}", RULES.join(", "));
    }
    if allowance.reason.is_none() {
        return format!("a reason is missing: // dualtrack: allow({rule}) why this is right");
    }
    let what = if allowance.whole_method { "this method" } else { "this line" };
    format!("{what} has no finding of {rule}; remove the comment")
}

/// Statements that could not be read although they may write.
pub(super) fn unread(view: &View, out: &mut dyn io::Write) -> io::Result<()> {
    let list: Vec<_> = view.writes.unread.iter().filter(|u| view.is_shown(u.place)).collect();
    if list.is_empty() || view.is_chosen() {
        return Ok(());
    }
    heading(out, &format!("Could not be read, and may write: {}", count(list.len(), "statement")))?;
    let limit = view.limit(APART).min(list.len());
    for unread in &list[..limit] {
        at_place(view, unread.place, &method_name(&unread.method), &unread.statement, out)?;
    }
    more(view, list.len() - limit, out)
}

/// Files whose X++ cannot be read: the first of them, all with `-v`.
pub(super) fn problems(view: &View, out: &mut dyn io::Write) -> io::Result<()> {
    let problems = &view.writes.problems;
    if problems.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let limit = if view.verbose { problems.len() } else { PROBLEMS.min(problems.len()) };
    crate::report::problems::write(view.judged.model, &problems[..limit], out)?;
    match problems.len() - limit {
        0 => Ok(()),
        more => writeln!(out, "… and {} (-v lists them)", count(more, "more problem")),
    }
}

fn at_place(
    view: &View,
    place: Place,
    method: &str,
    statement: &str,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    writeln!(out, "  {}", Styled(DIM, format!("{} in {method}", view.teller().at(place))))?;
    writeln!(out, "      {}", shown(statement))
}

fn more(view: &View, number: usize, out: &mut dyn io::Write) -> io::Result<()> {
    if number == 0 || view.all {
        return Ok(());
    }
    writeln!(out, "  and {number} more (--all lists them)")
}

/// What the findings rest on, and how to accept one.
pub(super) fn footer(view: &View, selection: &Selection, out: &mut dyn io::Write) -> io::Result<()> {
    if !selection.findings.is_empty() || !selection.transactions.is_empty() {
        writeln!(out)?;
        let text = "a write on purpose by a comment on its line, or above its method: // dualtrack: allow(bypassing-write) why this is right";
        labelled(out, "Accept", text)?;
    }
    if view.judged.scope.assumed {
        writeln!(out)?;
        let text = "No map was given, so it is assumed that every public field of a public entity is mapped (--maps).";
        write!(out, "{}", indented(0, text))?;
    }
    Ok(())
}
