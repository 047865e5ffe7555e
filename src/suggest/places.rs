//! Where new things go: the element itself in a model of the user's, an extension of it, or a new file.

use super::plan::Obstacle;
use crate::aot::ModelInfo;
use crate::catalog::{Element, ElementId, ElementKind};
use crate::edit::{NewFile, NewKind, Target};
use crate::source::{FileId, FileSet, Kind, SourceFile};
use crate::text::name_order;
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::{Path, PathBuf};

/// The files of a run, and which of them the user may change.
#[derive(Clone, Copy)]
pub struct Ownership<'a> {
    /// The files.
    pub files: &'a FileSet,
    /// Names of the models, indexed like [`FileSet::models`].
    pub models: &'a [ModelInfo],
    /// Which models are the user's, indexed like [`FileSet::models`].
    pub own: &'a [bool],
}

impl<'a> Ownership<'a> {
    /// The file belongs to the user.
    pub fn is_own(&self, file: FileId) -> bool {
        self.file(file).is_some_and(|f| self.is_own_model(f.model))
    }

    fn is_own_model(&self, model: u32) -> bool {
        self.own.get(model as usize).copied().unwrap_or(false)
    }

    fn file(&self, file: FileId) -> Option<&'a SourceFile> {
        self.files.file(file)
    }

    /// Name of the model that holds a file.
    pub fn model_name(&self, file: FileId) -> &'a str {
        let model = self.file(file).and_then(|f| self.models.get(f.model as usize));
        model.map_or("", |m| &m.name)
    }

    /// Folders of the user's models: nothing is ever written elsewhere.
    pub fn own_folders(&self) -> Vec<PathBuf> {
        (0u32..)
            .take(self.files.models.len())
            .filter(|m| self.is_own_model(*m))
            .map(|m| self.folder(m))
            .collect()
    }

    fn folder(&self, model: u32) -> PathBuf {
        let model = &self.files.models[model as usize];
        let root = &self.files.roots[model.root as usize].absolute;
        model.path.split('/').filter(|part| !part.is_empty()).fold(root.clone(), |path, part| path.join(part))
    }
}

/// A place for a field or a class.
pub(super) struct Spot {
    pub(super) target: Target,
    /// Name of the extension or class; `None` for the element itself.
    pub(super) name: Option<String>,
    /// Relative to the metadata root.
    pub(super) file: String,
}

/// Gives out places; the same element always gets the same one.
pub(super) struct Places<'a> {
    ownership: Ownership<'a>,
    exists: &'a dyn Fn(&Path) -> bool,
    /// The user's extension files by the name of what they extend, in lower case.
    extensions: FxHashMap<String, Vec<FileId>>,
    /// Names of all extensions, in lower case.
    taken: FxHashSet<String>,
    /// New extensions by element.
    made: FxHashMap<ElementId, (Target, String, String)>,
    classes: FxHashSet<String>,
}

impl<'a> Places<'a> {
    pub(super) fn new(ownership: Ownership<'a>, exists: &'a dyn Fn(&Path) -> bool) -> Self {
        let mut extensions: FxHashMap<String, Vec<FileId>> = FxHashMap::default();
        let mut taken = FxHashSet::default();
        for (id, file) in ownership.files.ids().filter(|(_, f)| is_extension(f.kind)) {
            let stem = file.stem().to_ascii_lowercase();
            if ownership.is_own(id) {
                let target = stem.split('.').next().unwrap_or_default().to_owned();
                extensions.entry(target).or_default().push(id);
            }
            taken.insert(stem);
        }
        let (made, classes) = (FxHashMap::default(), FxHashSet::default());
        Self { ownership, exists, extensions, taken, made, classes }
    }

    /// Where a field of an element goes, when `entity` needs it.
    pub(super) fn field(
        &mut self,
        id: ElementId,
        element: &Element,
        entity: &Element,
    ) -> Result<Spot, Obstacle> {
        if let Some(place) = element.place.filter(|p| self.ownership.is_own(p.file)) {
            return Ok(self.existing(place.file, None));
        }
        if let Some(file) = self.extension(element) {
            let name = self.ownership.file(file).map(|f| f.stem().to_owned());
            return Ok(self.existing(file, name));
        }
        if let Some((target, name, file)) = self.made.get(&id) {
            return Ok(Spot { target: target.clone(), name: Some(name.clone()), file: file.clone() });
        }
        let spot = self.new_extension(element, entity)?;
        let name = spot.name.clone().unwrap_or_default();
        self.made.insert(id, (spot.target.clone(), name, spot.file.clone()));
        Ok(spot)
    }

    fn existing(&self, file: FileId, name: Option<String>) -> Spot {
        let (path, shown) =
            self.ownership.file(file).map(|f| (f.absolute.clone(), f.path.to_string())).unwrap_or_default();
        Spot { target: Target::Existing(path), name, file: shown }
    }

    /// The user's first extension file of an element.
    fn extension(&self, element: &Element) -> Option<FileId> {
        let wanted = extension_kind(element.kind);
        let files = self.extensions.get(&element.name.text.to_ascii_lowercase())?;
        files.iter().copied().find(|id| self.ownership.file(*id).is_some_and(|f| f.kind == wanted))
    }

    fn new_extension(&mut self, element: &Element, entity: &Element) -> Result<Spot, Obstacle> {
        let model = self.model_for(element, entity).ok_or(Obstacle::NoOwnModel)?;
        let kind = extension_kind(element.kind);
        let base = format!("{}.{}", element.name.text, self.suffix(model));
        let folder = self.folder(model, kind);
        let name = numbered(&base, "").find(|name| {
            !self.taken.contains(&name.to_ascii_lowercase())
                && !(self.exists)(&folder.0.join(format!("{name}.xml")))
        });
        let name = name.unwrap_or(base);
        self.taken.insert(name.to_ascii_lowercase());
        let new_kind = match element.kind {
            ElementKind::Entity => NewKind::EntityExtension,
            _ => NewKind::ViewExtension,
        };
        Ok(new_file(&folder, new_kind, name))
    }

    /// A new class that extends an entity.
    pub(super) fn class(
        &mut self,
        entity: &Element,
        declaration: &dyn Fn(&str) -> String,
    ) -> Result<Spot, Obstacle> {
        let model = self.model_for(entity, entity).ok_or(Obstacle::NoOwnModel)?;
        let base = format!("{}_{}", entity.name.text, self.suffix(model));
        let folder = self.folder(model, Kind::Class);
        let name = numbered(&base, "_Extension").find(|name| {
            self.ownership.files.class(name).is_none()
                && !self.classes.contains(&name.to_ascii_lowercase())
                && !(self.exists)(&folder.0.join(format!("{name}.xml")))
        });
        let name = name.unwrap_or(base);
        self.classes.insert(name.to_ascii_lowercase());
        Ok(new_file(&folder, NewKind::Class { declaration: declaration(&name) }, name))
    }

    /// The model of an extension of the element that the user has, else that of the entity, else the user's first.
    fn model_for(&self, element: &Element, entity: &Element) -> Option<u32> {
        let classes = element.extension_classes.iter().map(|c| c.place.file);
        let parts = element.fields.iter().filter(|f| f.added_by.is_some()).map(|f| f.place.file);
        let extensions = self.extension(element).into_iter().chain(parts).chain(classes);
        let candidates = extensions.chain(entity.place.map(|p| p.file));
        let own = candidates.filter_map(|file| self.ownership.file(file).map(|f| f.model));
        own.into_iter()
            .find(|model| self.ownership.is_own_model(*model))
            .or_else(|| (0u32..).take(self.ownership.own.len()).find(|m| self.ownership.is_own_model(*m)))
    }

    /// The name of a model, as a part of names.
    fn suffix(&self, model: u32) -> String {
        let name = self.ownership.models.get(model as usize).map_or("", |m| &m.name);
        let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        if name.is_empty() { "Model".to_owned() } else { name }
    }

    /// The folder of a kind in a model: where files of that kind are already, else as Microsoft spells it.
    fn folder(&self, model: u32, kind: Kind) -> (PathBuf, String) {
        let known = self.ownership.files.files.iter().find(|f| f.model == model && f.kind == kind);
        if let Some(known) = known
            && let (Some(folder), Some((path, _))) = (known.absolute.parent(), known.path.rsplit_once('/'))
        {
            return (folder.to_owned(), path.to_owned());
        }
        let path = &self.ownership.files.models[model as usize].path;
        let slash = if path.is_empty() { "" } else { "/" };
        (self.ownership.folder(model).join(kind.folder()), format!("{path}{slash}{}", kind.folder()))
    }

    /// A class of this name would stand behind another one in the order of wrappers.
    pub(super) fn is_behind(name: &str, other: &str) -> bool {
        name_order(name, other).is_gt()
    }
}

fn new_file(folder: &(PathBuf, String), kind: NewKind, name: String) -> Spot {
    let path = folder.0.join(format!("{name}.xml"));
    let file = format!("{}/{name}.xml", folder.1);
    Spot { target: Target::New(NewFile { path, kind, name: name.clone() }), name: Some(name), file }
}

/// `base`, `base2`, `base3`, … each with the end.
fn numbered<'a>(base: &'a str, end: &'a str) -> impl Iterator<Item = String> + 'a {
    std::iter::once(format!("{base}{end}")).chain((2..10_000).map(move |n| format!("{base}{n}{end}")))
}

fn is_extension(kind: Kind) -> bool {
    matches!(kind, Kind::DataEntityExtension | Kind::ViewExtension)
}

fn extension_kind(kind: ElementKind) -> Kind {
    match kind {
        ElementKind::Entity => Kind::DataEntityExtension,
        _ => Kind::ViewExtension,
    }
}
