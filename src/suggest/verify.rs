//! The last look at generated X++, with our own lexer: what does not hold is not shown.

use super::method::{NAME, read};
use super::triple::Triple;
use crate::catalog::{Catalog, ElementId, ElementKind};
use crate::source::Position;
use crate::text::Symbol;
use crate::xpp::code::Code;
use crate::xpp::lexer::TokenKind;
use thiserror::Error;

/// What is wrong with a generated text.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Inconsistency {
    /// An unterminated string or comment, or a bracket without partner.
    #[error("line {line}: a string, comment or bracket has no end")]
    Unbalanced {
        /// Line of the text, from 1.
        line: u32,
    },
    /// An intrinsic that names nothing of its kind.
    #[error("{function}({name}): no such name is loaded, or it is of another kind")]
    UnknownName {
        /// The function.
        function: String,
        /// What stands between its parentheses.
        name: String,
    },
    /// The text is not read as the entries that it should have.
    #[error("it does not read back as the entries of the plan")]
    OtherEntries,
    /// A line is not indented as in the AOT.
    #[error("line {line}: not indented as in the AOT")]
    Indentation {
        /// Line of the text, from 1.
        line: u32,
    },
    /// A class that is not what an extension class must be.
    #[error("{name} is no name for an extension class, or it is taken")]
    ClassName {
        /// The name.
        name: String,
    },
}

/// What a text may name.
pub(super) struct Allowed<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) entity: ElementId,
    /// Fields that the plan adds to the entity.
    pub(super) added: &'a [Symbol],
    /// Entries that are there already: what they name is not judged again.
    pub(super) known: &'a [Triple],
}

/// Checks a method that was written anew; `expected` are its entries, in order.
pub(super) fn method(text: &str, expected: &[Triple], allowed: &Allowed) -> Vec<Inconsistency> {
    let mut found = balanced(text);
    if found.is_empty() {
        found.extend(names(text, allowed));
    }
    found.extend(indentation(text));
    if !reads_as(text, expected) {
        found.push(Inconsistency::OtherEntries);
    }
    found
}

/// Checks a method that was edited: its brackets, and the names in the entries that are new.
pub(super) fn edited(text: &str, new: &[Triple], allowed: &Allowed) -> Vec<Inconsistency> {
    let mut found = balanced(text);
    found.extend(new.iter().flat_map(|triple| names(&triple.code(), allowed)));
    let entries = read(text).entries;
    let there = |t: &Triple| {
        entries.iter().any(|e| e.triple && t.is(&[e.label.clone(), e.table.clone(), e.field.clone()]))
    };
    if !new.iter().all(there) {
        found.push(Inconsistency::OtherEntries);
    }
    found
}

/// Checks the declaration of an extension class.
pub(super) fn class(declaration: &str, name: &str, is_taken: bool, allowed: &Allowed) -> Vec<Inconsistency> {
    let mut found = balanced(declaration);
    if found.is_empty() {
        found.extend(names(declaration, allowed));
    }
    let target = crate::xpp::extension_target(declaration);
    let entity = &allowed.catalog.element(allowed.entity).name.text;
    let right = target.as_deref() == Some(&**entity)
        && name.ends_with("_Extension")
        && is_name(name)
        && declaration.contains(&format!("final class {name}"));
    if is_taken || !right {
        found.push(Inconsistency::ClassName { name: name.to_owned() });
    }
    found
}

fn code(text: &str) -> Code<'_> {
    Code::read(text, Position { line: 1, column: 1 })
}

fn balanced(text: &str) -> Vec<Inconsistency> {
    code(text).fault.map(|at| Inconsistency::Unbalanced { line: at.line }).into_iter().collect()
}

/// Names in the compile-time functions of a text.
fn names(text: &str, allowed: &Allowed) -> Vec<Inconsistency> {
    let code = code(text);
    let mut found = Vec::new();
    for at in 0..code.tokens.len() {
        let Some(function) = code.name(at).filter(|_| code.is(at + 1, "(")) else { continue };
        let arguments = code.split(code.inside(at + 1), ",");
        let arguments: Vec<&str> = arguments
            .iter()
            .map(|span| if span.len() == 1 { code.name(span.from).unwrap_or_default() } else { "" })
            .collect();
        let fits = match (function.to_ascii_lowercase().as_str(), arguments.as_slice()) {
            ("tablenum", [table]) => allowed.table(table),
            ("tablestr", [name]) => allowed.element(name),
            ("dataentityviewstr", [name]) => allowed.entity(name),
            ("identifierstr", [name]) => is_name(name),
            ("fieldstr", [owner, field]) => allowed.field(owner, field),
            ("tablenum" | "tablestr" | "dataentityviewstr" | "identifierstr" | "fieldstr", _) => false,
            _ => true,
        };
        if !fits {
            let function = function.to_owned();
            found.push(Inconsistency::UnknownName { function, name: arguments.join(", ") });
        }
    }
    found
}

impl Allowed<'_> {
    /// The spelling of an element is that of its definition.
    fn kind(&self, name: &str) -> Option<ElementKind> {
        let element = self.catalog.element(self.catalog.find(name)?);
        (*element.name.text == *name).then_some(element.kind)
    }

    fn table(&self, name: &str) -> bool {
        self.kind(name) == Some(ElementKind::Table) || self.known.iter().any(|t| *t.table == *name)
    }

    fn element(&self, name: &str) -> bool {
        self.kind(name).is_some() || self.known.iter().any(|t| *t.label == *name)
    }

    fn entity(&self, name: &str) -> bool {
        self.kind(name) == Some(ElementKind::Entity) || self.known.iter().any(|t| *t.label == *name)
    }

    fn field(&self, owner: &str, field: &str) -> bool {
        let element = self.catalog.element(self.entity);
        let name = self.catalog.name(field);
        let declared = name.and_then(|n| element.field(n)).map(|ix| &element.field_at(ix).name.text);
        let system = name.and_then(|n| self.catalog.system_field(n)).map(|n| &n.text);
        let is_there = declared.or(system).is_some_and(|known| **known == *field)
            || self.added.iter().any(|added| **added == *field)
            || self.known.iter().any(|t| *t.field == *field);
        *element.name.text == *owner && is_there
    }
}

fn is_name(text: &str) -> bool {
    let code = code(text);
    code.tokens.len() == 1 && code.kind(0) == Some(TokenKind::Identifier) && code.text(0) == text
}

fn indentation(text: &str) -> Vec<Inconsistency> {
    let wrong = |line: &str| {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        !line.is_empty()
            && (blanks < 4
                || !blanks.is_multiple_of(4)
                || line[blanks..].starts_with('\t')
                || line.ends_with(' '))
    };
    let lines = (1..).zip(text.split('\n'));
    lines.filter(|(_, line)| wrong(line)).map(|(line, _)| Inconsistency::Indentation { line }).collect()
}

fn reads_as(text: &str, expected: &[Triple]) -> bool {
    let method = read(text);
    let entries = &method.entries;
    let same = entries.len() == expected.len()
        && entries.iter().zip(expected).all(|(entry, triple)| {
            entry.triple
                && triple.is(&[entry.label.clone(), entry.table.clone(), entry.field.clone()])
                && entry.label_form == triple.form
        });
    same && method.undecidable.is_empty() && method.disabled.is_empty() && text.contains(NAME)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suggest::method::complete;
    use crate::testing::{World, entity, source, table, world};
    use crate::xpp::LabelForm;

    fn made() -> World {
        world(vec![table("T", &["A"]), entity("E", vec![source("D", "T")], &[("F", "D", "A")])])
    }

    fn triple(table: &str, field: &str) -> Triple {
        let (label, form) = ("D".into(), LabelForm::IdentifierStr);
        let (owner, comment) = (Some("E".into()), String::new());
        Triple { label, form, table: table.into(), field: field.into(), owner, comment }
    }

    fn found(world: &World, text: &str, expected: &[Triple]) -> Vec<String> {
        let added = ["New".into()];
        let allowed = Allowed { catalog: &world.catalog, entity: world.id("E"), added: &added, known: &[] };
        method(text, expected, &allowed).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_right_method_passes() {
        let world = made();
        let triples = [triple("T", "F"), triple("T", "New"), triple("T", "RecId")];
        assert_eq!(found(&world, &complete(&triples, true), &triples), [""; 0]);
    }

    #[test]
    fn names_must_be_there_in_their_own_spelling() {
        let world = made();
        for (wrong, said) in [
            (triple("U", "F"), "tableNum(U)"),
            (triple("t", "F"), "tableNum(t)"),
            (triple("E", "F"), "tableNum(E)"),
            (triple("T", "f"), "fieldStr(E, f)"),
            (triple("T", "A"), "fieldStr(E, A)"),
        ] {
            let found = found(&world, &complete(std::slice::from_ref(&wrong), false), &[wrong]);
            assert!(found.len() == 1 && found[0].starts_with(said), "{found:?}");
        }
    }

    #[test]
    fn the_text_must_be_what_it_should_be() {
        let world = made();
        let triples = [triple("T", "F")];
        let text = complete(&triples, false);
        assert_eq!(found(&world, &text, &[]), ["it does not read back as the entries of the plan"]);
        let shifted = text.replace("        return", "       return");
        assert_eq!(found(&world, &shifted, &triples), ["line 10: not indented as in the AOT"]);
        let open = text.replace("return mapping;", "return (mapping;");
        assert_eq!(found(&world, &open, &triples)[0], "line 10: a string, comment or bracket has no end");
    }

    #[test]
    fn an_extension_class_is_final_and_named_as_one() {
        let world = made();
        let allowed = Allowed { catalog: &world.catalog, entity: world.id("E"), added: &[], known: &[] };
        let declaration = "[ExtensionOf(tableStr(E))]\nfinal class E_M_Extension\n{\n}\n";
        assert_eq!(class(declaration, "E_M_Extension", false, &allowed), []);
        assert_eq!(class(declaration, "E_M_Extension", true, &allowed).len(), 1);
        assert_eq!(class(&declaration.replace("final ", ""), "E_M_Extension", false, &allowed).len(), 1);
        assert_eq!(class(&declaration.replace("_Extension", ""), "E_M", false, &allowed).len(), 1);
    }
}
