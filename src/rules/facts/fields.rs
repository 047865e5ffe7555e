//! What a field allows: the entity field's own word, else that of the table column behind it.

use crate::aot::EditRules;
use crate::catalog::{Binding, Catalog, Element, ElementId, ElementKind, Field, FieldIx, Spelled};
use crate::lineage::PATH_LENGTH;
use crate::rules::Input;
use crate::source::Place;
use crate::words::shown;

/// What is asked of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// A value must be entered.
    Mandatory,
    /// A value can be changed later.
    Editable,
}

/// The answer, with where it stands and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Yes or no.
    Known {
        /// The answer.
        yes: bool,
        /// Where the field stands that decides.
        place: Option<Place>,
        /// `Table.Column` or `Entity.Field` that decides, safe to print.
        by: String,
        /// Nothing is said there: the answer is the default.
        default: bool,
        /// What decides is a table column, which the framework asks for and stores.
        column: bool,
    },
    /// This element, safe to print, is not loaded.
    NotLoaded(String),
}

impl Question {
    fn said(self, rules: EditRules) -> Option<bool> {
        match self {
            Question::Mandatory => rules.mandatory,
            Question::Editable => rules.allow_edit,
        }
    }

    /// What a table column says that says nothing.
    fn of_column(self) -> bool {
        self == Question::Editable
    }
}

impl Input<'_> {
    /// What a field of an entity answers.
    pub(crate) fn ask(&self, question: Question, id: ElementId, field: FieldIx) -> Answer {
        let mut at = id;
        let mut field = self.catalog().element(at).field_at(field);
        for _ in 0..PATH_LENGTH {
            let element = self.catalog().element(at);
            if let Some(yes) = question.said(field.rules) {
                return known(element, field, yes, false);
            }
            let Binding::Mapped { source, field: below, .. } = &field.binding else {
                // What X++ fills is neither asked for nor stored by the framework.
                let yes = matches!(field.binding, Binding::Column { .. }) && question.of_column();
                return known(element, field, yes, true);
            };
            let Some(source) = element.source(source.id).map(|ix| element.source_at(ix)) else {
                return Answer::NotLoaded(shown(&source.text));
            };
            let Some(target) = source.target else {
                return Answer::NotLoaded(shown(&source.target_name.text));
            };
            match next(self.catalog(), target, source.target_field(below)) {
                Next::Field(owner, next) => (at, field) = (owner, next),
                Next::System(name) => return self.of_system(question, target, name),
                Next::Nothing => return Answer::NotLoaded(shown(&source.target_name.text)),
            }
        }
        Answer::NotLoaded(shown(&self.catalog().element(at).name.text))
    }

    /// The framework fills system fields, and nobody changes them.
    fn of_system(&self, question: Question, owner: ElementId, name: &Spelled) -> Answer {
        let element = self.catalog().element(owner);
        let by = format!("{}.{}", shown(&element.name.text), shown(&name.text));
        let yes = question == Question::Mandatory;
        Answer::Known { yes, place: element.place, by, default: true, column: true }
    }
}

/// Where a question goes on.
enum Next<'a> {
    Field(ElementId, &'a Field),
    System(&'a Spelled),
    Nothing,
}

fn next<'a>(catalog: &'a Catalog, target: ElementId, name: &Spelled) -> Next<'a> {
    let element = catalog.element(target);
    let own = |owner: ElementId| {
        let element = catalog.element(owner);
        element.field(name.id).map(|ix| Next::Field(owner, element.field_at(ix)))
    };
    let declared = match element.kind {
        ElementKind::Table => catalog.with_ancestors(target).find_map(own),
        _ => own(target),
    };
    declared.or_else(|| catalog.system_field(name.id).map(Next::System)).unwrap_or(Next::Nothing)
}

fn known(element: &Element, field: &Field, yes: bool, default: bool) -> Answer {
    let by = format!("{}.{}", shown(&element.name.text), shown(&field.name.text));
    let column = element.kind == ElementKind::Table;
    Answer::Known { yes, place: Some(field.place), by, default, column }
}
