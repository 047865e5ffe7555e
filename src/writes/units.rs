//! The X++ at hand: what the search found, and what is read when a question leads there.

use crate::aot::CodeFile;
use crate::catalog::{Catalog, ElementId};
use crate::source::{FileId, Place, Position};
use crate::text::Words;
use crate::xpp::effects::{ExtensionOf, MethodEffects, Unit, Wanted};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::sync::Arc;

/// Where more X++ comes from.
pub trait Sources {
    /// The file of a class, by its name.
    fn class(&self, name: &str) -> Option<FileId>;
    /// The file of a form, by its name.
    fn form(&self, name: &str) -> Option<FileId>;
    /// The X++ of a file, whatever its words.
    fn unit(&self, file: FileId) -> Option<Unit>;
    /// The X++ of all files that mention one of the `owners`, with the calls of the methods that are asked for.
    fn callers(&self, owners: &Words, methods: &Wanted) -> Vec<CodeFile>;
}

/// A class extends another at most so often; more is a cycle.
const DEEPEST: usize = 32;

/// A method and the unit that it stands in.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub(super) file: FileId,
    pub(super) unit: Arc<Unit>,
    pub(super) method: usize,
}

impl Site {
    pub(super) fn method(&self) -> Option<&MethodEffects> {
        self.unit.methods.get(self.method)
    }

    pub(super) fn place(&self, position: Position) -> Place {
        position.in_file(self.file)
    }
}

/// A unit and its file.
#[derive(Clone, Debug)]
pub(super) struct Loaded {
    pub(super) file: FileId,
    pub(super) unit: Arc<Unit>,
}

impl Loaded {
    /// The method of this name.
    pub(super) fn method(&self, name: &str) -> Option<Site> {
        let method =
            self.unit.methods.iter().position(|m| m.part.is_none() && m.name.eq_ignore_ascii_case(name))?;
        Some(Site { file: self.file, unit: self.unit.clone(), method })
    }
}

/// All units that are known so far.
pub(super) struct Units<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) sources: &'a dyn Sources,
    loaded: RefCell<FxHashMap<FileId, Option<Arc<Unit>>>>,
}

impl<'a> Units<'a> {
    pub(super) fn new(catalog: &'a Catalog, sources: &'a dyn Sources) -> Self {
        Self { catalog, sources, loaded: RefCell::default() }
    }

    /// Takes up units that were read.
    pub(super) fn add(&self, files: Vec<CodeFile>) -> Vec<Loaded> {
        let mut known = self.loaded.borrow_mut();
        let mut added = Vec::with_capacity(files.len());
        for CodeFile { file, unit } in files {
            let unit = Arc::new(unit);
            known.insert(file, Some(unit.clone()));
            added.push(Loaded { file, unit });
        }
        added
    }

    pub(super) fn file(&self, file: FileId) -> Option<Loaded> {
        if let Some(known) = self.loaded.borrow().get(&file) {
            return known.clone().map(|unit| Loaded { file, unit });
        }
        let unit = self.sources.unit(file).map(Arc::new);
        self.loaded.borrow_mut().insert(file, unit.clone());
        unit.map(|unit| Loaded { file, unit })
    }

    pub(super) fn class(&self, name: &str) -> Option<Loaded> {
        self.sources.class(name).and_then(|file| self.file(file))
    }

    pub(super) fn form(&self, name: &str) -> Option<Loaded> {
        self.sources.form(name).and_then(|file| self.file(file))
    }

    pub(super) fn element(&self, id: ElementId) -> Option<Loaded> {
        self.catalog.element(id).place.and_then(|place| self.file(place.file))
    }

    /// A class, what it extends, what that extends, and so on. An extension class is followed by the class or form
    /// that it extends.
    pub(super) fn bases(&self, first: Loaded) -> Vec<Loaded> {
        let mut chain = vec![first];
        while chain.len() < DEEPEST {
            let Some(last) = chain.last() else { break };
            let next = match (&last.unit.extension_of, &last.unit.extends) {
                (Some(ExtensionOf::Class(class)), _) => self.class(class),
                (Some(ExtensionOf::Form(form) | ExtensionOf::DataSource { form, .. }), _) => self.form(form),
                (None, Some(base)) => self.class(base),
                _ => None,
            };
            match next {
                Some(next) if chain.iter().all(|known| known.file != next.file) => chain.push(next),
                _ => break,
            }
        }
        chain
    }

    /// A method of a class or of what it extends.
    pub(super) fn method_of_class(&self, class: Loaded, name: &str) -> Option<Site> {
        self.bases(class).iter().find_map(|unit| unit.method(name))
    }

    /// A method of a table, view or entity, of what the table extends, or of a class that extends one of them.
    pub(super) fn method_of_element(&self, id: ElementId, name: &str) -> Option<Site> {
        self.catalog.with_ancestors(id).find_map(|id| {
            let own = self.element(id).and_then(|unit| unit.method(name));
            own.or_else(|| {
                let classes = &self.catalog.element(id).extension_classes;
                classes.iter().find_map(|class| self.file(class.place.file)?.method(name))
            })
        })
    }
}
