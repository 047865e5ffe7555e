//! SARIF 2.1.0: what code scanning of GitHub, Azure DevOps and editors read.

use super::View;
use super::source::{Sources, Spot};
use crate::finding::{Fate, Finding, RuleInfo, Sifted, Site};
use crate::report::json::{extend, object, write_pretty};
use crate::tracking::Evidence;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The name of our fingerprint; its number grows when what is in it changes.
const FINGERPRINT: &str = "dualtrack/v1";

/// Writes the document.
pub fn write(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let sources = Sources::new(view.judged, view.config);
    let listed = &view.report.findings;
    let rules: BTreeMap<&str, &RuleInfo> =
        listed.iter().map(|s| (s.finding.rule.name, s.finding.rule)).collect();
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(index, name)| (*name, index)).collect();
    let driver = object([
        ("name", json!("dualtrack")),
        ("semanticVersion", json!(env!("CARGO_PKG_VERSION"))),
        ("rules", rules.values().map(|info| rule(info)).collect()),
    ]);
    let results = listed.iter().map(|sifted| result(view, &sources, &index, sifted)).collect();
    let run = object([
        ("tool", object([("driver", driver)])),
        ("columnKind", json!("unicodeCodePoints")),
        ("results", results),
    ]);
    let document = object([("$schema", json!(SCHEMA)), ("version", json!("2.1.0")), ("runs", json!([run]))]);
    write_pretty(&document, out)
}

fn rule(info: &RuleInfo) -> Value {
    let mut value = object([
        ("id", json!(info.name)),
        ("name", json!(pascal(info.name))),
        ("shortDescription", text(info.summary)),
        ("fullDescription", text(info.finds)),
        ("help", text(&format!("{}\n\n{}\n\nSource: {}", info.why, info.remedy, info.source))),
        ("defaultConfiguration", object([("level", json!(info.severity.word()))])),
        (
            "properties",
            object([
                ("tags", json!([info.group.id(), info.confidence.id()])),
                ("precision", json!(precision(info.confidence))),
            ]),
        ),
    ]);
    if let Some(url) = info.url {
        extend(&mut value, object([("helpUri", json!(url))]));
    }
    value
}

/// How sure a finding is, in the words of GitHub.
fn precision(confidence: Evidence) -> &'static str {
    match confidence {
        Evidence::Documented => "very-high",
        Evidence::Seen => "high",
        Evidence::Inferred => "medium",
    }
}

/// `UntrackedField` for `untracked-field`.
fn pascal(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    name.split('-').map(word).collect()
}

fn text(text: &str) -> Value {
    object([("text", json!(text))])
}

fn result(view: &View, sources: &Sources, index: &BTreeMap<&str, usize>, sifted: &Sifted) -> Value {
    let finding = &sifted.finding;
    let subject = object([
        ("name", json!(finding.subject.name)),
        ("fullyQualifiedName", json!(sifted.identity.path())),
        ("kind", json!(finding.subject.kind)),
    ]);
    let mut location = location(view, sources, &finding.site, finding);
    extend(&mut location, object([("logicalLocations", json!([subject]))]));
    let mut value = object([
        ("ruleId", json!(finding.rule.name)),
        ("ruleIndex", json!(index.get(finding.rule.name))),
        ("level", json!(finding.severity.word())),
        ("message", text(&message(finding))),
        ("locations", json!([location])),
        ("relatedLocations", related(sources, finding)),
        ("partialFingerprints", object([(FINGERPRINT, json!(sifted.identity.fingerprint()))])),
    ]);
    if let Some(suppression) = suppression(view, sifted.fate) {
        extend(&mut value, object([("suppressions", json!([suppression]))]));
    }
    if view.baseline.is_some() {
        let known = if sifted.fate == Fate::Baselined { "unchanged" } else { "new" };
        extend(&mut value, object([("baselineState", json!(known))]));
    }
    value
}

/// The message, what else to know, and what to do.
fn message(finding: &Finding) -> String {
    let mut text = format!("{}.", finding.message);
    for note in &finding.notes {
        text.extend(["\n", note]);
    }
    for step in &finding.remedy {
        text.extend(["\n", &step.text]);
        text.extend(step.code.iter().flat_map(|code| ["\n", code]));
    }
    text
}

/// A result without a place of its own stands at the first place of its way, else at the metadata root.
fn location(view: &View, sources: &Sources, site: &Site, finding: &Finding) -> Value {
    let spot = sources.exact(site).or_else(|| {
        let mut hops = finding.trail.iter().filter_map(|hop| hop.site.as_ref());
        hops.find_map(|site| sources.spot(site))
    });
    match spot {
        Some(spot) => physical(&spot),
        None => {
            let root = view.config.metadata.first().map_or(".".into(), |root| root.to_string_lossy());
            let uri = object([("uri", json!(uri(&root.replace('\\', "/"))))]);
            object([("physicalLocation", object([("artifactLocation", uri)]))])
        }
    }
}

fn physical(spot: &Spot) -> Value {
    let mut place = object([("artifactLocation", object([("uri", json!(uri(&spot.repository_path())))]))]);
    if let Some(line) = spot.line {
        let mut region = object([("startLine", json!(line.max(1)))]);
        if let Some(column) = spot.column {
            extend(&mut region, object([("startColumn", json!(column.max(1)))]));
        }
        extend(&mut place, object([("region", region)]));
    }
    object([("physicalLocation", place)])
}

fn related(sources: &Sources, finding: &Finding) -> Value {
    let hops = finding.trail.iter().filter_map(|hop| Some((hop, sources.spot(hop.site.as_ref()?)?)));
    let related = hops.enumerate().map(|(id, (hop, spot))| {
        let mut place = physical(&spot);
        extend(&mut place, object([("id", json!(id)), ("message", text(&hop.text))]));
        place
    });
    related.collect()
}

fn suppression(view: &View, fate: Fate) -> Option<Value> {
    match fate {
        Fate::Allowed(index) => {
            let allowance = view.allowances.get(index)?;
            let kind = match allowance.site {
                Site::Metadata(_) => "inSource",
                Site::Outside(_) | Site::Nowhere => "external",
            };
            Some(object([("kind", json!(kind)), ("justification", json!(allowance.reason))]))
        }
        Fate::Baselined => Some(object([
            ("kind", json!("external")),
            ("justification", json!("known: it is in the baseline")),
        ])),
        Fate::Shown => None,
    }
}

/// A path as a relative reference: what is not plain is percent-encoded.
fn uri(path: &str) -> String {
    use std::fmt::Write as _;
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                uri.push(byte.into());
            }
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::{pascal, uri};

    #[test]
    fn names_and_paths() {
        assert_eq!(pascal("untracked-field"), "UntrackedField");
        assert_eq!(uri("P/My Model/AxTable/Größe:%.xml"), "P/My%20Model/AxTable/Gr%C3%B6%C3%9Fe%3A%25.xml");
    }
}
