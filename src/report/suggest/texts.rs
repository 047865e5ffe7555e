//! The pieces of code of a plan: XML of fields, X++ of methods, a query.

use super::{Suggestions, words};
use crate::edit::FieldForm;
use crate::suggest::{CodePlan, EntityPlan, FieldPlan};
use crate::words::shown;

/// A piece of code with its title.
pub(super) struct Part {
    pub(super) title: String,
    pub(super) language: &'static str,
    pub(super) cautions: Vec<String>,
    pub(super) code: String,
}

/// Fields first, then methods.
pub(super) fn parts(plan: &EntityPlan) -> Vec<Part> {
    let fields = plan.fields.iter().map(|field| Part {
        title: words::field_title(field),
        language: "xml",
        cautions: Vec::new(),
        code: field_xml(field),
    });
    let methods = plan.code.iter().map(|code| Part {
        title: method_title(code),
        language: "xpp",
        cautions: cautions(code),
        code: xpp(code),
    });
    fields.chain(methods).collect()
}

impl Suggestions<'_> {
    /// A query that shows the rows of the entity.
    pub(super) fn query(&self, plan: &EntityPlan) -> String {
        let name = self.teller().name(plan.entity).replace('\'', "''");
        format!(
            "SELECT RefTableName, DataSourceName, RefTableRecIdField\nFROM BusinessEventsDefinition\nWHERE RefEntityName = '{name}'\nORDER BY RefTableName, DataSourceName;"
        )
    }
}

fn method_title(code: &CodePlan) -> String {
    let new = if code.new_file { " (new file)" } else { "" };
    format!("{}{new}: {}", shown(&code.file), crate::suggest::method::NAME)
}

/// What the user should know before using the code.
pub(super) fn cautions(code: &CodePlan) -> Vec<String> {
    let mut cautions: Vec<String> = code.form.caution().map(str::to_owned).into_iter().collect();
    if code.conditional {
        cautions
            .push("The method has several ways to return; the new entries stand on each of them.".to_owned());
    }
    if code.without_disabled {
        cautions.push(
            "Entries that are commented out are not repeated here; --apply leaves them where they are."
                .to_owned(),
        );
    }
    cautions
}

/// The method, inside its class where that is new.
pub(super) fn xpp(code: &CodePlan) -> String {
    match &code.declaration {
        Some(declaration) => {
            let open = declaration.trim_end().trim_end_matches('}');
            format!("{open}{}}}\n", code.method)
        }
        None => code.method.clone(),
    }
}

/// The field as it stands in the file.
pub(super) fn field_xml(field: &FieldPlan) -> String {
    let (element, kind) = match field.form {
        FieldForm::Entity => ("AxDataEntityViewField", "AxDataEntityViewMappedField"),
        FieldForm::View => ("AxViewField", "AxViewFieldBound"),
    };
    let mut properties = vec![("Name", &*field.step.field)];
    if field.form == FieldForm::Entity {
        properties.extend([
            ("AccessModifier", "Internal"),
            ("AllowEdit", "No"),
            ("AllowEditOnCreate", "No"),
            ("Mandatory", "No"),
        ]);
    }
    properties.extend([("DataField", &*field.step.data_field), ("DataSource", &*field.step.data_source)]);
    let lines: Vec<String> =
        properties.iter().map(|(name, value)| format!("\t<{name}>{}</{name}>\n", escaped(value))).collect();
    format!("<{element} xmlns=\"\"\n\ti:type=\"{kind}\">\n{}</{element}>\n", lines.concat())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
