//! What to change for one entity, as plain data.

use super::method::Trouble;
use super::verify::Inconsistency;
use super::{Needed, Step};
use crate::catalog::ElementId;
use crate::edit::{Change, FieldForm, Target};
use crate::source::Place;
use crate::text::Symbol;

/// The plan for an entity.
#[derive(Clone, Debug)]
pub struct EntityPlan {
    /// The entity.
    pub entity: ElementId,
    /// It is defined in one of the user's models.
    pub own: bool,
    /// What is missing, by path and table.
    pub needs: Vec<Need>,
    /// What can go, in the order of the container.
    pub removals: Vec<Removal>,
    /// Entries that stay and deserve a look, in the order of the container.
    pub warnings: Vec<Warning>,
    /// Fields to add, innermost first.
    pub fields: Vec<FieldPlan>,
    /// X++ to write, or methods as they will be.
    pub code: Vec<CodePlan>,
    /// The changes that make all of it, where they can be made.
    pub changes: Vec<Change>,
    /// Predicted rows before and after these changes.
    pub rows: Rows,
    /// Why nothing of it may be used: a fault of this tool.
    pub inconsistencies: Vec<Inconsistency>,
}

impl EntityPlan {
    /// There is nothing to say about the entity.
    pub fn is_empty(&self) -> bool {
        self.needs.is_empty() && self.removals.is_empty() && self.warnings.is_empty()
    }

    /// Fields whose changes are never sent, rows that can be saved, entries that can go: the more, the worse.
    pub fn weight(&self) -> (usize, u32, usize) {
        let fields = self.needs.iter().map(|n| n.needed.fields.len()).sum();
        (fields, self.removals.iter().map(|r| r.rows_saved).sum(), self.removals.len())
    }
}

/// A group of changes that are never sent.
#[derive(Clone, Debug)]
pub struct Need {
    /// The group with its remedy.
    pub needed: Needed,
    /// The commented-out entry that would do, as an index into the disabled entries of the entity.
    pub disabled: Option<usize>,
    /// The change takes that entry out of its comment.
    pub enabled: bool,
    /// The label that the change uses: that of [`Self::needed`], or of the commented-out entry.
    pub label: Option<Symbol>,
    /// The entry as X++, where one helps.
    pub code: Option<String>,
    /// Why no change is made, where an entry would help.
    pub obstacle: Option<Obstacle>,
}

/// An entry that can go.
#[derive(Clone, Debug)]
pub struct Removal {
    /// Index into the entries of the entity.
    pub entry: usize,
    /// Rows of `BusinessEventsDefinition` that it costs.
    pub rows_saved: u32,
    /// Why it is not removed.
    pub obstacle: Option<Obstacle>,
}

/// An entry that stays and deserves a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Index into the entries of the entity.
    pub entry: usize,
    /// Why.
    pub kind: WarningKind,
}

/// Why an entry deserves a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WarningKind {
    /// It is in the container only under a condition.
    Conditional,
    /// Its field is not the `RecId` of its table.
    Mismatched,
    /// An earlier entry has its label and table.
    Conflicting,
}

impl WarningKind {
    /// The value in machine output.
    pub fn id(self) -> &'static str {
        match self {
            WarningKind::Conditional => "conditional",
            WarningKind::Mismatched => "mismatched",
            WarningKind::Conflicting => "conflicting",
        }
    }
}

/// Why a change cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The text belongs to another model.
    NotYours {
        /// That model.
        model: Symbol,
        /// The method.
        place: Place,
    },
    /// Something of another model must be extended, and no loaded model is the user's.
    NoOwnModel,
    /// A method without `next` drops what a new wrapper would add.
    Dropped {
        /// The class.
        class: Symbol,
    },
    /// The source of the method cannot be edited.
    Method {
        /// Why.
        trouble: Trouble,
        /// The method.
        place: Place,
    },
}

/// A field to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPlan {
    /// The field.
    pub step: Step,
    /// What it is a field of.
    pub form: FieldForm,
    /// The file.
    pub target: Target,
    /// Name of the extension; `None` on the element itself.
    pub extension: Option<String>,
    /// The file for people: relative to its metadata root, with `/`.
    pub file: String,
}

/// X++ to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodePlan {
    /// What it is.
    pub form: CodeForm,
    /// The class that holds the method; `None` for the entity.
    pub class: Option<String>,
    /// The declaration of a new class.
    pub declaration: Option<String>,
    /// The method.
    pub method: String,
    /// The file for people: relative to its metadata root, with `/`.
    pub file: String,
    /// The file has to be made.
    pub new_file: bool,
    /// New entries are added on some paths only.
    pub conditional: bool,
    /// Commented-out entries of the method are not repeated.
    pub without_disabled: bool,
}

/// How a method comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CodeForm {
    /// Written anew, with everything that stays.
    Complete,
    /// As it is, with the smallest edits.
    Edited,
    /// Written on an entity that has none.
    Added,
    /// A wrapper of a method that is there.
    Wrapper,
    /// A wrapper of a method that may be there: the entity is not loaded.
    Unverified,
    /// A method that only an extension class declares.
    Alone,
}

impl CodeForm {
    /// The value in machine output.
    pub fn id(self) -> &'static str {
        match self {
            CodeForm::Complete => "complete",
            CodeForm::Edited => "edited",
            CodeForm::Added => "added",
            CodeForm::Wrapper => "wrapper",
            CodeForm::Unverified => "unverified_wrapper",
            CodeForm::Alone => "extension_only",
        }
    }

    /// What the user should know before using it.
    pub fn caution(self) -> Option<&'static str> {
        match self {
            CodeForm::Alone => Some(
                "No public statement says whether the framework calls a method which only an extension declares.",
            ),
            CodeForm::Unverified => Some(
                "Unverified: the entity is not loaded, so whether it has the method that next calls is not known.",
            ),
            _ => None,
        }
    }
}

/// A row of `BusinessEventsDefinition`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// `RefTableName`.
    pub table: Symbol,
    /// `DataSourceName`.
    pub label: Symbol,
    /// `RefTableRecIdField`, for rows of the mapping method.
    pub field: Option<Symbol>,
}

/// Rows of an entity before and after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Only after.
    pub added: Vec<Row>,
    /// Before and after.
    pub kept: Vec<Row>,
    /// Only before.
    pub gone: Vec<Row>,
}

/// The plans that say something, the worst first; those that are as bad keep their order.
pub fn worst_first(plans: Vec<EntityPlan>) -> Vec<EntityPlan> {
    let mut plans: Vec<EntityPlan> = plans.into_iter().filter(|p| !p.is_empty()).collect();
    plans.sort_by_key(|plan| std::cmp::Reverse(plan.weight()));
    plans
}

/// All changes of some plans, each once.
pub fn all_changes(plans: &[EntityPlan]) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for change in plans.iter().flat_map(|p| &p.changes) {
        if !changes.contains(change) {
            changes.push(change.clone());
        }
    }
    changes
}
