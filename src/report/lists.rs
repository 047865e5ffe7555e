//! Policies and reasons, each with its evidence.

use super::style::{DIM, STRONG, Styled};
use crate::tracking::{Evidence, POLICIES, REASONS};
use serde_json::{Value, json};
use std::io::{self, Write};

/// The open questions, with the answers that can be chosen.
pub fn policies(out: &mut dyn Write) -> io::Result<()> {
    for policy in POLICIES {
        writeln!(out, "{}  {}", Styled(STRONG, policy.key), policy.question)?;
        for (position, value) in policy.values.iter().enumerate() {
            let default = if position == 0 { " (default)" } else { "" };
            writeln!(out, "    {:<11} {}{}", value.id, value.meaning, Styled(DIM, default))?;
        }
        writeln!(out, "    {}\n", Styled(DIM, source_line(Some(policy.evidence), policy.source)))?;
    }
    writeln!(out, "Choose with --policy KEY=VALUE, or under [policy] in dualtrack.toml.")
}

/// Why something is not tracked.
pub fn reasons(out: &mut dyn Write) -> io::Result<()> {
    for reason in REASONS {
        let rule = reason.rule.map(|r| format!(" [{r}]")).unwrap_or_default();
        writeln!(out, "{}{rule}", Styled(STRONG, reason.id))?;
        writeln!(out, "    {}", reason.explanation)?;
        writeln!(out, "    What to do: {}", reason.remedy)?;
        if let Some(policy) = reason.policy {
            writeln!(out, "    Policy: {policy}")?;
        }
        writeln!(out, "    {}\n", Styled(DIM, source_line(reason.evidence, reason.source)))?;
    }
    Ok(())
}

fn source_line(evidence: Option<Evidence>, source: &str) -> String {
    match evidence {
        Some(evidence) => format!("{}: {source}", evidence.meaning()),
        None => source.to_owned(),
    }
}

/// [`policies`] for tools.
pub fn policies_json(out: &mut dyn Write) -> io::Result<()> {
    let list: Vec<Value> = POLICIES
        .iter()
        .map(|p| {
            let values: Vec<Value> =
                p.values.iter().map(|v| json!({ "value": v.id, "meaning": v.meaning })).collect();
            json!({
                "key": p.key, "question": p.question, "default": p.default_value(), "values": values,
                "evidence": p.evidence.id(), "source": p.source,
            })
        })
        .collect();
    print(out, &list)
}

/// [`reasons`] for tools.
pub fn reasons_json(out: &mut dyn Write) -> io::Result<()> {
    let list: Vec<Value> = REASONS
        .iter()
        .map(|r| {
            json!({
                "reason": r.id, "rule": r.rule, "policy": r.policy, "explanation": r.explanation,
                "remedy": r.remedy, "evidence": r.evidence.map(Evidence::id), "source": r.source, "url": r.url,
            })
        })
        .collect();
    print(out, &list)
}

fn print(out: &mut dyn Write, list: &[Value]) -> io::Result<()> {
    super::json::write_pretty(&list, out)
}
