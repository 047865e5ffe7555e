//! A random world from a seed: every construct of the specification, with names that repeat on purpose.

use super::model::{
    DualWriteMap, Element, Extension, ExtensionKind, Field, FieldKind, File, LabelText, Layout, MapField,
    MapFile, MapShape, Mark, ModelFolder, POLICIES, Policy, Query, Relation, Root, Source, Style, Table,
    View, World,
};
use super::random::Random;

/// Names that no definition has; the last two have extensions in some worlds.
pub const MISSING: [&str; 4] = ["MissingTable", "MissingEntity", "AbsentView", "PartialEntity"];

pub fn world(seed: u64) -> World {
    let mut maker = Maker::new(seed);
    maker.folders();
    maker.tables();
    maker.views_and_entities();
    maker.extensions();
    maker.cycles();
    maker.duplicates();
    maker.computed_methods();
    maker.maps();
    maker.policy();
    maker.hooks();
    maker.world
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KnownKind {
    Table,
    View,
    Entity,
}

/// What the generator remembers of an element that others may refer to.
#[derive(Clone)]
pub struct Known {
    pub name: String,
    pub kind: KnownKind,
    pub fields: Vec<String>,
    /// Fields that are likely to hold a RecId.
    pub rec_ids: Vec<String>,
    pub relations: Vec<Relation>,
    pub extends: Option<String>,
    /// Sources in the fully expanded tree.
    pub size: usize,
    pub depth: usize,
}

#[derive(Clone)]
pub struct KnownQuery {
    pub name: String,
    pub bound: Vec<Bound>,
    pub size: usize,
    pub depth: usize,
}

/// A data source that fields may be bound to.
#[derive(Clone)]
pub struct Bound {
    pub name: String,
    /// Index of the known target; `None` for what is not there.
    pub target: Option<usize>,
    pub aliases: Vec<String>,
    pub first_branch: bool,
    /// Indices of the sources above it, nearest first.
    pub above: Vec<usize>,
}

pub struct Maker {
    pub random: Random,
    pub world: World,
    pub known: Vec<Known>,
    pub queries: Vec<KnownQuery>,
    /// Sources per view or entity, for its extensions.
    pub trees: Vec<(String, Vec<Bound>)>,
    pub serial: usize,
    /// Nothing is missing, broken or undecidable in this world: the verdicts behind those show more often.
    clean: bool,
}

impl Maker {
    pub fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        Maker {
            clean: random.chance(45),
            random,
            world: World {
                roots: Vec::new(),
                models: Vec::new(),
                files: Vec::new(),
                labels: Vec::new(),
                maps: None,
                policy: Policy::default(),
                marks: 0,
            },
            known: Vec::new(),
            queries: Vec::new(),
            trees: Vec::new(),
            serial: 0,
        }
    }

    /// As `chance`, for what must not be in a clean world.
    pub fn oddly(&mut self, percent: usize) -> bool {
        self.random.chance(percent) && !self.clean
    }

    pub fn mark(&mut self) -> Mark {
        self.world.marks += 1;
        self.world.marks - 1
    }

    /// A number that was not used before.
    pub fn next(&mut self) -> usize {
        self.serial += 1;
        self.serial
    }

    pub fn add(&mut self, element: Element) {
        let model = self.random.below(self.world.models.len());
        self.add_to(model, element);
    }

    pub fn add_to(&mut self, model: usize, element: Element) {
        let has_code = match &element {
            Element::Table(table) => !table.methods.is_empty(),
            // Methods are added to views and entities later on.
            Element::View(_) | Element::Class(_) => true,
            _ => false,
        };
        let style = Style {
            bom: self.random.chance(30),
            crlf: self.random.chance(30),
            one_line: !has_code && self.random.chance(10),
            nameless: self.random.chance(4),
            lower_folder: self.random.chance(8),
            wrong_folder: self.random.chance(4),
        };
        self.world.files.push(File { model, style, element });
    }

    fn folders(&mut self) {
        let layouts = [Layout::Packages, Layout::Packages, Layout::Package, Layout::Model];
        let roots = self.random.between(1, 2);
        for root in 0..roots {
            let layout = *self.random.pick(&layouts);
            self.world.roots.push(Root { folder: format!("Root{root}"), layout });
            let models = if layout == Layout::Model { 1 } else { self.random.between(1, 3) };
            for model in 0..models {
                let package = if layout == Layout::Packages { model % 2 } else { 0 };
                let folder = match layout {
                    Layout::Model => format!("Root{root}"),
                    _ => format!("Model{root}{model}"),
                };
                let descriptor = match layout {
                    Layout::Model => None,
                    // Without a descriptor the root would not be known as a package.
                    Layout::Package if model == 0 => Some(folder.clone()),
                    _ if self.random.chance(20) => None,
                    _ if self.random.chance(20) => Some(folder.to_ascii_uppercase()),
                    _ => Some(folder.clone()),
                };
                self.world.models.push(ModelFolder {
                    root,
                    package: format!("Package{root}{package}"),
                    folder,
                    descriptor,
                });
            }
        }
    }

    fn policy(&mut self) {
        for (key, values) in POLICIES {
            if self.random.chance(18) {
                let value = *self.random.pick(values);
                self.world.policy.set(key, value);
            }
        }
        // Which further rows `all` writes beside another inheritance policy is left open by the specification.
        if self.world.policy.get("nested-entity") == "all" || self.world.policy.get("nested-view") == "all" {
            self.world.policy.set("inheritance", "chain");
        }
    }

    // --- what others are made of -----------------------------------------------------------------

    pub fn find(&self, name: &str) -> Option<usize> {
        self.known.iter().position(|known| known.name.eq_ignore_ascii_case(name))
    }

    /// One table is the other or an ancestor of it.
    pub fn related(&self, a: &str, b: &str) -> bool {
        let above = |low: &str, high: &str| {
            let mut at = self.find(low);
            while let Some(index) = at {
                if self.known[index].name.eq_ignore_ascii_case(high) {
                    return true;
                }
                at = self.known[index].extends.as_deref().and_then(|name| self.find(name));
            }
            false
        };
        above(a, b) || above(b, a)
    }

    /// Views and entities; edits see them all, so that methods can be added later.
    pub fn views_mut(&mut self) -> impl Iterator<Item = &mut View> {
        self.world.files.iter_mut().filter_map(|file| match &mut file.element {
            Element::View(view) => Some(view),
            _ => None,
        })
    }

    pub fn view_names(&self, entities_only: bool) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for file in &self.world.files {
            if let Element::View(view) = &file.element
                && (view.entity || !entities_only)
                && !names.contains(&view.name)
            {
                names.push(view.name.clone());
            }
        }
        names
    }

    // --- dual-write maps -------------------------------------------------------------------------

    fn maps(&mut self) {
        if !self.random.chance(45) {
            return;
        }
        let mut files = Vec::new();
        let mut entities: Vec<(String, Vec<String>, Vec<String>)> = Vec::new();
        for name in self.view_names(true) {
            let view = self.world.files.iter().find_map(|file| match &file.element {
                Element::View(view) if view.name == name => Some(view),
                _ => None,
            });
            let Some(view) = view else { continue };
            let labels = view.label.as_deref().map(|label| self.label_text(label));
            let names = [
                Some(view.name.clone()),
                view.public_entity_name.clone(),
                view.public_collection_name.clone(),
                labels,
            ];
            let fields = view.fields.iter().map(|field| field.name.clone()).collect();
            entities.push((name, names.into_iter().flatten().collect(), fields));
        }
        entities.push(("PartialEntity".into(), vec!["PartialEntity".into()], vec!["F1".into(), "F2".into()]));
        for (name, schemas, mut fields) in entities {
            if !self.random.chance(75) {
                continue;
            }
            fields.push("NoSuchField".to_string());
            fields.extend((1..=3).map(|number| format!("X{number}")));
            let shape = *self.random.pick(&[
                MapShape::Bare,
                MapShape::Array,
                MapShape::Dataverse,
                MapShape::Project,
                MapShape::DoubleEncoded,
            ]);
            let count = if matches!(shape, MapShape::Bare | MapShape::DoubleEncoded) {
                1
            } else {
                self.random.between(1, 2)
            };
            let map_name = (shape == MapShape::Dataverse).then(|| format!("dw_[{name}]"));
            let versions =
                if self.random.chance(50) { ["1.0.0.9", "1.0.0.10"] } else { ["2.1.0.0", "1.9.9.9"] };
            let maps = (0..count)
                .map(|number| DualWriteMap {
                    name: map_name.clone(),
                    version: versions[number].to_string(),
                    schema: self.random.pick(&schemas).clone(),
                    fields: self.map_fields(&fields),
                })
                .collect();
            files.push(MapFile { shape, maps });
        }
        self.world.maps = Some(files);
    }

    /// Each field at most once per map, mostly in upper case.
    fn map_fields(&mut self, fields: &[String]) -> Vec<MapField> {
        let mut mapped = Vec::new();
        for field in fields {
            if !self.random.chance(65) {
                continue;
            }
            let upper = self.random.chance(85);
            mapped.push(MapField {
                field: if upper { field.to_ascii_uppercase() } else { field.clone() },
                destination: self.random.pick_text(&["msdyn_a", "msdyn_b", "msdyn_lookup.msdyn_key"]),
                direction: *self.random.pick(&[1, 1, 3, 3, 3, 2]),
                as_text: self.random.chance(50),
            });
        }
        mapped
    }

    fn label_text(&self, label: &str) -> String {
        let found = self.world.labels.iter().find(|known| label == format!("@{}:{}", known.file, known.id));
        found.map_or_else(|| label.to_string(), |known| known.text.clone())
    }

    /// A label for an entity: literal, or an id with its text in a label file.
    pub fn label(&mut self, entity: &str) -> Option<String> {
        match self.random.below(4) {
            0 => None,
            1 | 2 => Some(format!("{entity} records")),
            _ => {
                let model = self.random.below(self.world.models.len());
                let file = format!("Labels{}", self.next());
                let text = format!("Text of {entity}");
                self.world.labels.push(LabelText { model, file: file.clone(), id: "Title".into(), text });
                Some(format!("@{file}:Title"))
            }
        }
    }
}

pub fn table_element(table: Table) -> Element {
    Element::Table(table)
}

pub fn empty_extension(kind: ExtensionKind, name: String) -> Extension {
    Extension {
        kind,
        name,
        columns: Vec::new(),
        fields: Vec::new(),
        relations: Vec::new(),
        sources: Vec::new(),
    }
}

pub fn mapped(name: &str, source: &str, field: &str) -> Field {
    let kind = FieldKind::Mapped { source: source.into(), field: field.into(), aggregation: None };
    Field { name: name.into(), access: None, kind }
}

pub fn simple_query(name: String, union: bool, sources: Vec<Source>) -> Query {
    Query { name, composite: None, union, sources }
}
