//! X++ that computed columns call: found by name, loaded on demand before the catalog is frozen.

use super::Catalog;
use super::element::{Binding, ElementId, ElementKind, find_method};
use crate::source::FileId;
use crate::text::Symbol;
use crate::xpp::{Method, MethodContent, Qualifier, ReferenceKind, References};
use rustc_hash::FxHashSet;

/// A class or table whose methods a computed column calls.
#[derive(Debug)]
pub struct Helper {
    /// Its file.
    pub file: FileId,
    /// Its methods.
    pub methods: Vec<Method>,
}

/// Loads code that was not needed before.
pub trait CodeLoader {
    /// The methods of the class of this name, when its file is there.
    fn class(&self, name: &str) -> Option<Helper>;
    /// The methods of a table.
    fn table(&self, file: FileId) -> Option<Helper>;
}

/// Whose methods an unqualified call means.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CodeOwner {
    /// A view or entity.
    Element(ElementId),
    /// A class or table, by its lower-case name.
    Helper(String),
}

/// A method that was found, with its file.
pub struct Code<'a> {
    /// The file.
    pub file: FileId,
    /// The method.
    pub method: &'a Method,
}

impl Code<'_> {
    /// What the body refers to; hooks build no columns.
    pub fn references(&self) -> Option<&References> {
        match &self.method.content {
            MethodContent::Other(references) => Some(references),
            MethodContent::Mapping(_) | MethodContent::Skip(_) => None,
        }
    }
}

impl Catalog {
    /// The method `name` of `owner`. The extension classes of `root`, the element whose column is computed,
    /// count as well.
    pub fn find_code(&self, owner: &CodeOwner, root: ElementId, name: &str) -> Option<Code<'_>> {
        match owner {
            CodeOwner::Helper(key) => {
                let helper = self.helpers.get(key)?;
                find_method(&helper.methods, name).map(|method| Code { file: helper.file, method })
            }
            CodeOwner::Element(id) => {
                let element = self.element(*id);
                let own = element
                    .place
                    .and_then(|place| element.method(name).map(|method| Code { file: place.file, method }));
                own.or_else(|| {
                    let classes = element.extension_classes.iter().filter(|_| *id == root);
                    classes.into_iter().find_map(|class| {
                        find_method(&class.methods, name)
                            .map(|method| Code { file: class.place.file, method })
                    })
                })
            }
        }
    }

    /// Whose method `X::m()` means inside the code of `root`'s columns: the element itself, a class, else a
    /// table, view or entity.
    pub fn static_owner(&self, name: &str, root: ElementId) -> Option<CodeOwner> {
        let element = self.find(name);
        if element == Some(root) {
            return Some(CodeOwner::Element(root));
        }
        let key = name.to_ascii_lowercase();
        if self.helpers.contains_key(&key) {
            return Some(CodeOwner::Helper(key));
        }
        element.map(CodeOwner::Element)
    }
}

/// Loads every class and table that computed columns reach.
pub(super) fn complete(catalog: &mut Catalog, loader: &dyn CodeLoader) {
    let mut todo: Vec<(CodeOwner, ElementId, Symbol)> = Vec::new();
    for (id, element) in catalog.elements() {
        for field in &element.fields {
            if let Binding::Computed { method: Some(method), .. } = &field.binding {
                todo.push((CodeOwner::Element(id), id, method.clone()));
            }
        }
    }
    let mut seen = FxHashSet::default();
    while let Some((owner, root, name)) = todo.pop() {
        if !seen.insert((owner.clone(), root, name.to_ascii_lowercase())) {
            continue;
        }
        for (qualifier, method) in calls_of(catalog, &owner, root, &name) {
            let callee = match qualifier {
                Qualifier::None | Qualifier::This => Some(owner.clone()),
                Qualifier::Static(class) => {
                    load(catalog, loader, &class, root);
                    catalog.static_owner(&class, root)
                }
            };
            todo.extend(callee.map(|c| (c, root, method)));
        }
    }
}

fn calls_of(catalog: &Catalog, owner: &CodeOwner, root: ElementId, name: &str) -> Vec<(Qualifier, Symbol)> {
    let code = catalog.find_code(owner, root, name);
    let items = code.iter().filter_map(Code::references).flat_map(|r| &r.items);
    items
        .filter_map(|item| match &item.kind {
            ReferenceKind::Call { qualifier, method } => Some((qualifier.clone(), method.clone())),
            _ => None,
        })
        .collect()
}

fn load(catalog: &mut Catalog, loader: &dyn CodeLoader, name: &str, root: ElementId) {
    let key = name.to_ascii_lowercase();
    let element = catalog.find(name);
    if catalog.helpers.contains_key(&key) || element == Some(root) {
        return;
    }
    let table = element.map(|id| catalog.element(id)).filter(|e| e.kind == ElementKind::Table);
    let helper = loader.class(name).or_else(|| loader.table(table?.place?.file));
    if let Some(helper) = helper {
        catalog.helpers.insert(key, helper);
    }
}
