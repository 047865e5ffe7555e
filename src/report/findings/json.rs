//! `dualtrack check --format json`: everything, for other tools.

use super::View;
use super::source::{Role, Sources};
use crate::finding::{Allowance, Fate, Finding, RuleInfo, Sifted, Site};
use crate::report::json::{object, write_list};
use crate::report::rules::json::brief;
use crate::text::json_line;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Name and version of the format.
pub const SCHEMA: &str = "dualtrack/findings/1";

/// Writes the document: numbers, rules, then one finding a line.
pub fn write<'a>(view: &View<'a>, out: &mut dyn Write) -> io::Result<()> {
    let head = [
        ("schema", json!(SCHEMA)),
        ("assumed_mapped", json!(view.judged.scope.assumed)),
        ("policy", Value::Object(view.judged.policy.to_json())),
        ("coverage", coverage(view)),
        ("counts", counts(view)),
    ];
    out.write_all(b"{\n")?;
    for (key, value) in head {
        writeln!(out, "\"{key}\": {},", json_line(&value)?)?;
    }
    let listed = &view.report.findings;
    let rules: BTreeMap<&str, &RuleInfo> =
        listed.iter().map(|s| (s.finding.rule.name, s.finding.rule)).collect();
    let rules: Vec<&RuleInfo> = rules.into_values().collect();
    write_list("rules", &rules, |part| part.iter().map(|rule| brief(rule)), out)?;
    out.write_all(b",\n")?;
    let findings = |part: &'a [Sifted]| {
        let sources = Sources::new(view.judged, view.config);
        part.iter().map(move |sifted| finding(view.allowances, &sources, sifted))
    };
    write_list("findings", listed, findings, out)?;
    out.write_all(b",\n")?;
    write_list("gone", &view.report.gone, |part| part.iter().map(identity), out)?;
    out.write_all(b"\n}\n")
}

fn coverage(view: &View) -> Value {
    object([
        ("complete", json!(view.coverage.is_complete())),
        ("missing", json!(view.coverage.missing)),
        ("open_fields", json!(view.coverage.open_fields)),
        ("open_data_sources", json!(view.coverage.open_sources)),
    ])
}

fn counts(view: &View) -> Value {
    let counts = view.report.counts();
    object([
        ("errors", json!(counts.errors)),
        ("warnings", json!(counts.warnings)),
        ("notes", json!(counts.notes)),
        ("allowed", json!(counts.allowed)),
        ("baselined", json!(counts.baselined)),
        ("gone", json!(view.report.gone.len())),
    ])
}

fn identity(identity: &crate::finding::Identity) -> Value {
    object([
        ("rule", json!(identity.rule)),
        ("subject", object([("kind", json!(identity.kind)), ("name", json!(identity.subject))])),
        ("keys", json!(identity.keys)),
        ("nth", json!(identity.nth)),
        ("fingerprint", json!(identity.fingerprint())),
    ])
}

/// Everything about a finding.
pub(in crate::report) fn finding(allowances: &[Allowance], sources: &Sources, sifted: &Sifted) -> Value {
    let Finding { rule, severity, confidence, message, label, notes, source, url, .. } = &sifted.finding;
    let mut value = identity(&sifted.identity);
    let steps = sifted.finding.remedy.iter();
    let hops = sifted.finding.trail.iter();
    let more = object([
        ("severity", json!(severity)),
        ("confidence", json!(confidence.id())),
        ("group", json!(rule.group.id())),
        ("state", json!(state(sifted.fate))),
        ("allowed", allowed(allowances, sources, sifted.fate)),
        ("message", json!(message)),
        ("label", json!(label)),
        ("place", place(sources, &sifted.finding.site)),
        ("source_line", source_line(sources, &sifted.finding)),
        ("path", hops.map(|hop| hop_of(sources, hop)).collect()),
        ("notes", json!(notes)),
        (
            "remedy",
            steps.map(|step| object([("text", json!(step.text)), ("code", json!(step.code))])).collect(),
        ),
        ("source", json!(source)),
        ("url", json!(url)),
    ]);
    crate::report::json::extend(&mut value, more);
    value
}

fn state(fate: Fate) -> &'static str {
    match fate {
        Fate::Shown => "shown",
        Fate::Allowed(_) => "allowed",
        Fate::Baselined => "baselined",
    }
}

fn allowed(allowances: &[Allowance], sources: &Sources, fate: Fate) -> Value {
    let Fate::Allowed(index) = fate else { return Value::Null };
    let Some(allowance) = allowances.get(index) else { return Value::Null };
    object([("reason", json!(allowance.reason)), ("place", place_of(sources, &allowance.site))])
}

fn hop_of(sources: &Sources, hop: &crate::finding::Hop) -> Value {
    let place = hop.site.as_ref().map_or(Value::Null, |site| place_of(sources, site));
    object([("text", json!(hop.text)), ("place", place)])
}

/// The place of a finding, with its column where the file is there.
fn place(sources: &Sources, site: &Site) -> Value {
    spot(sources.exact(site))
}

fn place_of(sources: &Sources, site: &Site) -> Value {
    spot(sources.spot(site))
}

fn spot(spot: Option<super::source::Spot>) -> Value {
    spot.map_or(Value::Null, |spot| {
        object([("file", json!(spot.path)), ("line", json!(spot.line)), ("column", json!(spot.column))])
    })
}

/// The text of the marked line.
fn source_line(sources: &Sources, finding: &Finding) -> Value {
    let window = sources.window(finding);
    let line = window.and_then(|w| w.lines.into_iter().find(|line| matches!(line.role, Role::Place(_))));
    line.map_or(Value::Null, |line| json!(line.text.trim()))
}
