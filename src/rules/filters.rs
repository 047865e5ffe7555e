//! What the rules about filters share: asking, and where a filter stands.

use super::Input;
use crate::catalog::ElementId;
use crate::dualwrite::filter::Span;
use crate::engine::Maps;
use crate::filters::{Cause, Columns, EnumsOnDisk, FilteredLeg, Home, Side, TrailStep, locate};
use crate::finding::{Finding, Outside, RuleInfo, Subject};
use crate::source::Kind;
use crate::text::decode;
use crate::words::shown;
use crate::xpp::Gives;
use std::cell::RefCell;
use std::path::PathBuf;

/// So many characters of a filter are shown.
const SHOWN: usize = 200;

impl<'a> Input<'a> {
    /// Asks the filters of the maps; nothing when there are no maps.
    pub(super) fn filters<T>(&self, ask: impl FnOnce(&'a Maps, &Columns) -> Vec<T>) -> Vec<T> {
        let Some(maps) = &self.judged.maps else { return Vec::new() };
        let model = self.judged.model;
        let enums = EnumsOnDisk::new(&model.files);
        let (catalog, graph, lineage) = (&model.catalog, &model.graph, &model.lineage);
        ask(maps, &Columns { catalog, graph, lineage, enums: &enums })
    }

    /// Where a new method of an entity goes: into the entity when it is the user's, else into an extension class.
    pub(super) fn home(&self, entity: ElementId) -> Home {
        let model = self.judged.model;
        let element = self.catalog().element(entity);
        if element.place.is_some_and(|place| model.is_own_file(self.config, place.file)) {
            return Home::Entity;
        }
        let mut classes = element.extension_classes.iter();
        if let Some(class) = classes.find(|class| model.is_own_file(self.config, class.place.file)) {
            return Home::Class(class.name.to_string());
        }
        let own = model.own_models(self.config).into_iter().zip(&model.models).find(|(own, _)| *own);
        let suffix: String = own
            .map_or("", |(_, info)| &*info.name)
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
            .collect();
        let base = format!("{}_{}", element.name.text, if suffix.is_empty() { "Model" } else { &suffix });
        let names = std::iter::once(String::new()).chain((2..10_000).map(|n| n.to_string()));
        let names = names.map(|number| format!("{base}{number}_Extension"));
        let is_free = |name: &String| model.files.class(name).is_none();
        Home::Class(names.into_iter().find(is_free).unwrap_or(base))
    }

    /// Whether an extension class of this name is there already.
    pub(super) fn has_class(&self, name: &str) -> bool {
        let files = &self.judged.model.files;
        files.class(name).and_then(|file| files.file(file)).is_some_and(|file| file.kind == Kind::Class)
    }

    /// Why a column is NULL, as the end of a sentence.
    pub(super) fn cause(&self, cause: &Cause) -> String {
        let teller = self.teller();
        let source =
            |element, source| format!("{} of {}", teller.source_name(element, source), teller.name(element));
        match cause {
            Cause::OuterJoin { element, source: ix } => {
                format!("data source {} is joined with an outer join", source(*element, *ix))
            }
            Cause::Derived { element, source: ix } => {
                format!(
                    "data source {} is derived, and records of other tables have none of its columns",
                    source(*element, *ix)
                )
            }
            Cause::Sql { gives: Gives::Null, .. } => "its SQL text can give NULL".to_owned(),
            Cause::Sql { gives: Gives::Subquery, .. } => {
                "a SELECT in its SQL text gives NULL where no row fits".to_owned()
            }
            Cause::Sql { gives: Gives::CaseWithoutElse, .. } => {
                "its SQL text has a CASE without ELSE".to_owned()
            }
            Cause::Unreadable { method } => format!("X++ method {} cannot be read", shown(method)),
            Cause::NotLoaded { name } => format!("{} is not loaded", shown(name)),
            Cause::TooDeep => "its data sources go too deep, or in a circle".to_owned(),
        }
    }
}

impl Finding {
    /// Adds the way from an entity to what makes its column NULL.
    pub(super) fn along_nulls(
        mut self,
        input: &Input,
        entity: ElementId,
        trail: &[TrailStep],
        cause: &Cause,
    ) -> Self {
        let teller = input.teller();
        let element = input.catalog().element(entity);
        self = self.hop(format!("entity {}", teller.name(entity)), element.place);
        for step in trail {
            self = match *step {
                TrailStep::Source { element, source } => {
                    let source = input.catalog().element(element).source_at(source);
                    self.hop(teller.source(source), Some(source.place))
                }
                TrailStep::Computed { element, field } => {
                    let place = input.catalog().element(element).field_at(field).place;
                    self.hop(format!("computed column {}", teller.field(element, field)), Some(place))
                }
            };
        }
        match cause {
            Cause::Sql { place, .. } => self.hop("SQL text of the column", Some(*place)),
            _ => self,
        }
    }
}

/// Makes the findings of one rule about filters. The file of the map that was looked at last is kept.
pub(super) struct About<'i, 'a> {
    input: &'i Input<'a>,
    rule: &'static RuleInfo,
    last: RefCell<Option<(PathBuf, Option<String>)>>,
}

impl<'i, 'a> About<'i, 'a> {
    pub(super) fn new(input: &'i Input<'a>, rule: &'static RuleInfo) -> Self {
        Self { input, rule, last: RefCell::new(None) }
    }

    /// A finding about a part of a filter: its map, its place in the file, the filter as a note.
    pub(super) fn finding(
        &self,
        (leg, side, span): (FilteredLeg<'_>, Side, Span),
        message: String,
    ) -> Finding {
        let subject = Subject::new("table map", leg.map.display_name());
        let finding = Finding::new(self.rule, subject, self.place(leg, side, span), message)
            .key(&leg.leg.source_schema)
            .key(&leg.leg.destination_schema)
            .note(format!("{}: {}", side.key(), cut(leg.filter(side))));
        let entity = leg.entity.map(|entity| &*self.input.catalog().element(entity).name.text);
        match entity.filter(|name| !name.eq_ignore_ascii_case(&leg.leg.source_schema)) {
            Some(name) => {
                finding.note(format!("{} is the entity {}.", shown(&leg.leg.source_schema), shown(name)))
            }
            None => finding,
        }
    }

    /// Line and column of a part of a filter, where the file has the filter once.
    fn place(&self, leg: FilteredLeg<'_>, side: Side, span: Span) -> Outside {
        let file = &leg.map.file;
        let mut last = self.last.borrow_mut();
        if last.as_ref().is_none_or(|(known, _)| *known != file.location) {
            let bytes = std::fs::read(&file.location).ok();
            let text = bytes.and_then(|bytes| Some(decode(&bytes).ok()?.into_owned()));
            *last = Some((file.location.clone(), text));
        }
        let text = last.as_ref().and_then(|(_, text)| text.as_deref());
        let found = text.and_then(|text| locate(text, side, leg.filter(side), span.start));
        Outside {
            path: file.path.clone(),
            line: found.map(|(line, _)| line),
            column: found.map(|(_, column)| column),
        }
    }
}

/// A filter, or a part of it, safe to print and not too long.
pub(super) fn cut(text: &str) -> String {
    let mut chars = text.chars();
    let start: String = chars.by_ref().take(SHOWN).collect();
    let rest = if chars.next().is_some() { "…" } else { "" };
    format!("{}{rest}", shown(&start))
}

/// `column 7 of the filter of Customers V3`.
pub(super) fn at(leg: FilteredLeg<'_>, side: Side, span: Span) -> String {
    let filter = leg.filter(side);
    let (word, of) = match side {
        Side::Source => ("filter", &leg.leg.source_schema),
        Side::Reversed => ("reversed filter", &leg.leg.destination_schema),
    };
    format!("column {} of the {word} of {}", span.column(filter), shown(of))
}
