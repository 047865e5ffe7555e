//! What the rules find about a map. Fields that never trigger are told in full anyway; the other findings stand
//! here in a line each, and whole in `check`.

use super::View;
use crate::finding::{Finding, Group, Severity, Site};
use crate::maps::{LegView, MapView};
use crate::report::wrap::{dimmed, labelled};
use crate::words::shown;
use std::cmp::Reverse;
use std::io::{self, Write};

/// So many findings are listed of each leg where lists are not shown whole.
const LISTED: usize = 5;

/// The findings about a leg, errors first: about its map, or about its entity unless they show in another map.
pub(super) fn findings<'a>(view: &View<'a>, map: &MapView, leg: &LegView) -> Vec<&'a Finding> {
    let entity = leg.entity.as_ref().map(|entity| &*view.judged.model.catalog.element(entity.id).name.text);
    let is_about = |finding: &Finding| match finding.subject.kind {
        "entity" => entity == Some(&*finding.subject.name),
        "table map" => &*finding.subject.name == map.map.display_name(),
        _ => false,
    };
    let is_here = |finding: &Finding| match &finding.site {
        Site::Outside(place) => place.path == map.map.file.path,
        _ => true,
    };
    let all = view.report.shown().map(|sifted| &sifted.finding);
    let wanted = |finding: &&Finding| matches!(finding.rule.group, Group::Map | Group::Health);
    let mut found: Vec<_> =
        all.filter(wanted).filter(|finding| is_about(finding) && is_here(finding)).collect();
    found.sort_by_key(|finding| Reverse(finding.severity));
    found
}

/// Whether some finding about the map is more than a note.
pub(super) fn has_any(view: &View, map: &MapView) -> bool {
    let mut found = map.legs.iter().flat_map(|leg| findings(view, map, leg));
    found.any(|finding| finding.severity > Severity::Note)
}

/// Writes the findings about a leg.
pub(super) fn write(view: &View, map: &MapView, leg: &LegView, out: &mut dyn Write) -> io::Result<()> {
    let found = findings(view, map, leg);
    let is_listed = |finding: &&&Finding| view.whole() || finding.severity > Severity::Note;
    let most = if view.whole() { found.len() } else { LISTED };
    let listed = found.iter().filter(is_listed).count().min(most);
    for (position, finding) in found[..listed].iter().enumerate() {
        let label = if position == 0 { "Found" } else { "" };
        let word = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        labelled(out, label, &format!("{word}[{}]: {}", finding.rule.name, shown(&finding.message)))?;
    }
    if found.len() > listed {
        dimmed(out, &format!("… and {} more; --all shows them", found.len() - listed))?;
    }
    Ok(())
}
