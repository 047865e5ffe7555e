//! The ranges of an entity and of its own data sources.

use super::exclusions::is_required;
use crate::catalog::{ElementId, Range, SourceIx};
use crate::finding::Finding;
use crate::rules::Input;
use crate::words::{shown, shown_value};

/// A range that can leave records out.
pub(crate) struct RangeOf<'a> {
    pub(crate) range: &'a Range,
    /// The data source; `None` for a range of the entity itself.
    pub(crate) source: Option<SourceIx>,
    /// Each record of the entity must meet it.
    pub(crate) required: bool,
}

impl<'a> Input<'a> {
    /// Ranges of an entity, its own first.
    pub(crate) fn ranges(&self, id: ElementId) -> Vec<RangeOf<'a>> {
        let element = self.catalog().element(id);
        let own = element.entity.ranges.iter().map(|range| RangeOf { range, source: None, required: true });
        let of_sources = element.sources().flat_map(|(ix, source)| {
            let required = is_required(element, ix);
            source.ranges.iter().map(move |range| RangeOf { range, source: Some(ix), required })
        });
        own.chain(of_sources).filter(|found| found.range.restricts()).collect()
    }
}

impl RangeOf<'_> {
    /// `Field = value`, safe to print.
    pub(crate) fn text(&self) -> String {
        format!("{} = {}", shown(&self.range.field.text), shown_value(&self.range.value))
    }

    /// Names the range in a finding, and the maps that it concerns.
    pub(crate) fn in_finding(&self, input: &Input, id: ElementId, finding: Finding) -> Finding {
        let element = input.catalog().element(id);
        let finding = match self.source {
            Some(ix) => {
                let source = element.source_at(ix);
                let hop = input.teller().source(source);
                finding
                    .key(&*source.name.text)
                    .hop(format!("entity {}", input.teller().name(id)), element.place)
                    .hop(hop, Some(source.place))
            }
            None => finding,
        };
        let finding = finding.key(&*self.range.field.text).shown_by(&["Field", "Value"]);
        match input.in_maps(id) {
            maps if maps.is_empty() => finding,
            maps => finding.note(format!("Mapped by {maps}.")),
        }
    }
}
