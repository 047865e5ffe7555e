//! Why a check that found nothing proves nothing.

use super::checks::{By, Check};
use crate::catalog::{Element, ElementId};
use crate::dualwrite::MapKey;
use crate::rules::Input;
use crate::rules::facts::{Answer, Question};
use crate::text::{name_order, some};
use crate::tracking::{EntityAnalysis, Status};
use crate::words::shown;

/// So many names are given as a reason.
const NAMED: usize = 3;

/// Answers why.
pub(super) struct Open<'a> {
    input: &'a Input<'a>,
}

/// What a check needs to know.
enum Needs {
    /// A map that names the entity.
    Maps,
    /// The keys of Dataverse, which few map files hold.
    DataverseKeys,
    /// The integration key among them.
    IntegrationKey,
    /// A key, and whether a value must be entered or can be changed.
    Key(Option<Question>),
    /// The entity's data sources.
    Sources,
    /// The entity's query.
    Query,
    /// The entity's own properties.
    Properties,
}

fn needs(check: &Check) -> &'static [Needs] {
    use Needs::{DataverseKeys, IntegrationKey, Key, Maps, Properties, Query, Sources};
    match check.by {
        By::Number(500 | 900) | By::Rules(_) => &[Maps],
        By::Number(1700) | By::Rule("missing-entity-relation" | "reference-cycle") => {
            &[Maps, Properties, Sources]
        }
        By::Number(1600 | 1800) => &[Properties, Query],
        By::Number(2000) => &[Properties, Key(Some(Question::Mandatory))],
        By::Number(_) => &[Properties, Query, Sources],
        By::Rule("company-key-mismatch") => &[Maps, Properties, DataverseKeys, IntegrationKey],
        By::Rule("integration-key-missing") => &[Maps, DataverseKeys],
        By::Rule("key-field-one-way" | "key-field-not-mapped") => &[Maps, Key(None)],
        By::Rule("key-field-editable") => &[Maps, Properties, Key(Some(Question::Editable))],
        By::Rule(_) => &[Maps, Properties],
        By::NotInFiles(_) => &[],
    }
}

impl<'a> Open<'a> {
    pub(super) fn new(input: &'a Input<'a>) -> Self {
        Self { input }
    }

    /// Why nothing can be said; `None` where everything that the check needs is known.
    pub(super) fn reason(&self, check: &Check, id: ElementId) -> Option<String> {
        let analysis = self.input.judged.analysis.entity(id)?;
        let element = self.input.catalog().element(id);
        if !analysis.in_scope {
            return Some(match (self.input.judged.maps.is_some(), element.is_partial()) {
                (true, _) => "no map names the entity".to_owned(),
                (false, true) => "only extensions of the entity are loaded".to_owned(),
                (false, false) => "the entity is not public, and no map was given".to_owned(),
            });
        }
        needs(check).iter().find_map(|need| self.missing(need, element, analysis))
    }

    fn missing(&self, need: &Needs, element: &Element, analysis: &EntityAnalysis) -> Option<String> {
        match need {
            Needs::Maps => {
                self.input.judged.maps.is_none().then(|| "no map was given; name one with --maps".to_owned())
            }
            Needs::DataverseKeys => self
                .without_key(analysis.id, &|_| true)
                .then(|| "the map files hold no keys of Dataverse".to_owned()),
            Needs::IntegrationKey => self
                .without_key(analysis.id, &|key| key.is_integration)
                .then(|| "no key of Dataverse is the integration key".to_owned()),
            Needs::Key(question) => self.key(analysis.id, *question),
            Needs::Sources => sources(element, analysis),
            Needs::Query => {
                let query =
                    element.query.as_ref().filter(|query| !self.input.catalog().has_query(&query.text));
                query.map(|query| format!("query {} is not loaded", shown(&query.text)))
            }
            Needs::Properties => {
                element.is_partial().then(|| "only extensions of the entity are loaded".to_owned())
            }
        }
    }

    /// No map of the entity holds such a key of Dataverse.
    fn without_key(&self, id: ElementId, wanted: &dyn Fn(&MapKey) -> bool) -> bool {
        !self.input.legs(id).iter().any(|leg| leg.leg.destination_keys.iter().any(wanted))
    }

    fn key(&self, id: ElementId, question: Option<Question>) -> Option<String> {
        let fields = self.input.key_fields(id);
        if fields.is_empty() {
            return Some("no key field is known, neither from a map nor from the entity".to_owned());
        }
        let question = question?;
        fields.into_iter().find_map(|(ix, _)| match self.input.ask(question, id, ix) {
            Answer::NotLoaded(name) => Some(format!("{name} is not loaded")),
            Answer::Known { .. } => None,
        })
    }
}

/// Data sources of which it cannot be said what they are.
fn sources(element: &Element, analysis: &EntityAnalysis) -> Option<String> {
    let with_verdicts = element.sources.iter().zip(&analysis.sources);
    let mut unclear: Vec<&str> = Vec::new();
    let mut undecidable = false;
    for (source, verdict) in with_verdicts {
        match verdict.status {
            Status::Unresolved => unclear.push(&source.target_name.text),
            Status::Undecidable => undecidable = true,
            Status::Tracked | Status::Untracked => {}
        }
    }
    unclear.sort_by(|a, b| name_order(a, b));
    unclear.dedup();
    match unclear.as_slice() {
        [] => undecidable
            .then(|| "dualWriteShouldSkipDataSource decides in a way that cannot be read".to_owned()),
        names => Some(format!("cannot be followed: {}", some(names, NAMED))),
    }
}
