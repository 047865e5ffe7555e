//! An entry of the mapping method as X++.

use crate::catalog::Catalog;
use crate::text::Symbol;
use crate::xpp::{LabelForm, MappingEntry};

/// `[label, table, field]` with the form of each part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Triple {
    /// The label.
    pub label: Symbol,
    /// How it is written.
    pub form: LabelForm,
    /// The table of `tableNum`.
    pub table: Symbol,
    /// The field.
    pub field: Symbol,
    /// The entity of `fieldStr`; `None` where the field is a string.
    pub owner: Option<Symbol>,
    /// What the entry is for: fields that it serves, or why it stays.
    pub comment: String,
}

impl Triple {
    /// A new entry; its label is written as a table where it names an element.
    pub fn new(catalog: &Catalog, label: &Symbol, table: &Symbol, owner: &Symbol, field: &Symbol) -> Self {
        let form = match catalog.find(label) {
            Some(_) => LabelForm::TableStr,
            None => LabelForm::IdentifierStr,
        };
        let entry = Self {
            label: label.clone(),
            form,
            table: table.clone(),
            field: field.clone(),
            owner: Some(owner.clone()),
            comment: String::new(),
        };
        entry.spelled(catalog)
    }

    /// An entry that is there already; `None` for one that is no triple.
    pub fn of(entry: &MappingEntry, table: &Symbol, field: &Symbol, owner: &Symbol) -> Option<Self> {
        Some(Self {
            label: entry.label.as_deref()?.into(),
            form: entry.label_form,
            table: table.clone(),
            field: field.clone(),
            owner: entry.field_owner.is_some().then(|| owner.clone()),
            comment: String::new(),
        })
    }

    /// The same with its label spelled as the definition of the element that it names.
    #[must_use]
    pub fn spelled(self, catalog: &Catalog) -> Self {
        let names = matches!(self.form, LabelForm::TableStr | LabelForm::DataEntityViewStr);
        match catalog.find(&self.label).filter(|_| names) {
            Some(id) => Self { label: catalog.element(id).name.text.clone(), ..self },
            None => self,
        }
    }

    /// The same with a comment.
    #[must_use]
    pub fn serving(self, comment: String) -> Self {
        Self { comment, ..self }
    }

    /// The entry as X++.
    pub fn code(&self) -> String {
        let Self { label, table, field, .. } = self;
        let label = match self.form {
            LabelForm::TableStr => format!("tableStr({label})"),
            LabelForm::IdentifierStr => format!("identifierStr({label})"),
            LabelForm::DataEntityViewStr => format!("dataEntityViewStr({label})"),
            LabelForm::Literal => literal(label),
        };
        let field = match &self.owner {
            Some(owner) => format!("fieldStr({owner}, {field})"),
            None => literal(field),
        };
        format!("[{label}, tableNum({table}), {field}]")
    }

    /// These are its parts, in any case.
    pub fn is(&self, parts: &[Option<Symbol>; 3]) -> bool {
        let own = [&self.label, &self.table, &self.field];
        own.iter().zip(parts).all(|(a, b)| b.as_deref().is_some_and(|b| a.eq_ignore_ascii_case(b)))
    }
}

/// A string of X++.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn quotes_are_escaped() {
        assert_eq!(literal("it's \\"), "'it\\'s \\\\'");
    }
}
