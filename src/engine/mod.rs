//! From folders to verdicts, in one place: every command goes through [`load`] and [`judge`].

mod coverage;
mod focus;
mod maps;
mod memory;
mod plans;
mod reconcile;
mod snapshots;
mod verdicts;
mod writes;

pub use coverage::Coverage;
pub use focus::About;
pub use maps::Maps;
pub use snapshots::{MadeSnapshot, snapshot};
pub use verdicts::Verdicts;
pub use writes::{writes, writes_in};

use crate::aot::{self, EntityNames, Loaded, ModelInfo};
use crate::cache::{Cache, CachePlace, SnapshotError};
use crate::catalog::{self, Catalog, CodeLoader, Element, ElementId, Helper, LeftOut};
use crate::config::Config;
use crate::graph::Graph;
use crate::lineage::{Equality, Lineage};
use crate::problem::Problem;
use crate::source::{FileId, FileSet, SourceError, absolute_roots, discover, discover_with_stamps, in_pool};
use crate::suggest::{self, Needed};
use crate::text::NameKey;
use crate::tracking::{self, Analysis, Policy, Scope};
use focus::Choice;
use memory::{Known, open_roots};
use thiserror::Error;

/// The loaded metadata with everything that does not depend on maps or policies.
pub struct Model {
    /// Files, models and roots.
    pub files: FileSet,
    /// Names of the models, indexed like [`FileSet::models`].
    pub models: Vec<ModelInfo>,
    /// The merged elements.
    pub catalog: Catalog,
    /// Which element uses which.
    pub graph: Graph,
    /// The table columns behind each field.
    pub lineage: Lineage,
    /// Everything that was complained about on the way.
    pub problems: Vec<Problem>,
    /// Snapshots that stay open, and the cache of a part: to give it back takes as long as many an answer.
    known: Known,
    /// Files in which no X++ writes, indexed by [`FileId`].
    without_writes: Vec<bool>,
    /// Only what a question is about is loaded.
    is_part: bool,
    /// How maps may call the entities that are left out.
    others: Vec<EntityNames>,
}

/// The verdicts on a model.
pub struct Judged<'m> {
    /// The model.
    pub model: &'m Model,
    /// The policies that were applied.
    pub policy: Policy,
    /// The maps; `None` when none were given.
    pub maps: Option<Maps>,
    /// Which entities and fields count.
    pub scope: Scope,
    /// Verdicts and predicted rows.
    pub analysis: Analysis,
    /// Entries that are missing.
    pub needed: Vec<Needed>,
    /// Which columns are always equal, as far as it was asked.
    pub equality: Equality<'m>,
    /// Problems of the model, the maps and the analysis.
    pub problems: Vec<Problem>,
}

/// Why metadata cannot be loaded.
#[derive(Debug, Error)]
pub enum LoadError {
    /// A root cannot be used.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A snapshot cannot be used.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
}

/// Loads the metadata roots of a configuration.
///
/// # Errors
/// A root that does not exist, cannot be read, or holds no metadata; a damaged snapshot.
pub fn load(config: &Config, threads: usize) -> Result<Model, LoadError> {
    load_about(config, threads, None)
}

/// Loads what a question is about, and everything that its answer depends on, if that can be told from the rest
/// without reading all; else all. See [`Model::asked_beyond`].
///
/// # Errors
/// As [`load`].
pub fn load_about(config: &Config, threads: usize, about: Option<&About>) -> Result<Model, LoadError> {
    let (roots, snapshots) = open_roots(&config.metadata)?;
    let places = absolute_roots(&roots);
    let (files, cache) = std::thread::scope(|scope| {
        let cache = scope.spawn(|| Cache::open(&config.cache, places));
        let walk = if config.cache == CachePlace::Off { discover } else { discover_with_stamps };
        (walk(roots, threads), cache.join())
    });
    let files = files?;
    let known = Known::new(snapshots, cache.ok().flatten(), &files);
    Ok(in_pool(threads, || assemble(config, threads, files, known, about)))
}

fn assemble(
    config: &Config,
    threads: usize,
    files: FileSet,
    mut known: Known,
    about: Option<&About>,
) -> Model {
    let part = about.and_then(|about| load_part(config, threads, &files, &known, about));
    let is_part = part.is_some();
    let Part { loaded, left_out, others } = part.unwrap_or_else(|| load_all(&files, threads, &mut known));
    let mut problems = loaded.problems;
    let path_of = |file: FileId| path_of(&files, file).to_owned();
    let on_demand = OnDemand { files: &files, known: &known };
    let (catalog, found) = catalog::build(loaded.facts, left_out, &path_of, &on_demand);
    problems.extend(found);
    // The next whole run will keep the little that has changed.
    if !is_part {
        known.save(&files);
    }
    let graph = Graph::build(&catalog);
    report_cycles(&catalog, &graph, &mut problems);
    let lineage = Lineage::compute(&catalog, &graph);
    let (models, without_writes) = (loaded.models, loaded.without_writes);
    Model { files, models, catalog, graph, lineage, problems, known, without_writes, is_part, others }
}

/// What is loaded, and what is left out.
struct Part {
    loaded: Loaded,
    left_out: LeftOut,
    others: Vec<EntityNames>,
}

fn load_all(files: &FileSet, threads: usize, known: &mut Known) -> Part {
    known.read_ahead();
    Part { loaded: aot::load(files, threads, known), left_out: LeftOut::default(), others: Vec::new() }
}

fn load_part(config: &Config, threads: usize, files: &FileSet, known: &Known, about: &About) -> Option<Part> {
    let has_maps = !config.maps.is_empty();
    let (loaded, (left_out, others)) = aot::load_part(files, threads, known, |looks, models| {
        let is_own = |file| is_own_file(config, files, models, file);
        let Choice { wanted, left_out } = focus::choose(looks, about, &is_own, has_maps)?;
        let others = if has_maps { focus::entities(looks, &left_out) } else { Vec::new() };
        Some((wanted, (LeftOut::new(left_out), others)))
    })?;
    Some(Part { loaded, left_out, others })
}

/// Judges a loaded model under the policies and maps of a configuration.
pub fn judge<'m>(model: &'m Model, config: &Config, threads: usize) -> Judged<'m> {
    judge_as_if(model, config, threads, &|_| {})
}

/// The same after a change of what counts: what would be if maps had other fields.
pub fn judge_as_if<'m>(
    model: &'m Model,
    config: &Config,
    threads: usize,
    change: &(dyn Fn(&mut Scope) + Sync),
) -> Judged<'m> {
    in_pool(threads, || judge_for(model, config, change, &|_| true))
}

/// The same, with entries planned for the user's entities alone: names of new fields depend on all that is planned.
pub fn judge_own<'m>(model: &'m Model, config: &Config, threads: usize) -> Judged<'m> {
    in_pool(threads, || judge_for(model, config, &|_| {}, &|entity| model.is_own(config, entity)))
}

fn judge_for<'m>(
    model: &'m Model,
    config: &Config,
    change: &(dyn Fn(&mut Scope) + Sync),
    is_planned: &(dyn Fn(ElementId) -> bool + Sync),
) -> Judged<'m> {
    let mut problems = model.problems.clone();
    let policy = config.policy;
    let maps = (!config.maps.is_empty()).then(|| Maps::load(model, config, &mut problems));
    let mut scope = match &maps {
        Some(maps) => maps.scope(model),
        None => Scope::assumed(&model.catalog, &policy),
    };
    change(&mut scope);
    let equality = model.equality();
    let input = tracking::Input {
        catalog: &model.catalog,
        graph: &model.graph,
        lineage: &model.lineage,
        equality: &equality,
        policy: &policy,
        scope: &scope,
    };
    let analysis = tracking::analyze(input, &mut problems);
    let needed = suggest::needed(input, &analysis, &config.insert_only, is_planned);
    sort(&mut problems);
    Judged { model, policy, maps, scope, analysis, needed, equality, problems }
}

/// Problems by place, those without one last; then by code and text.
fn sort(problems: &mut Vec<Problem>) {
    problems.sort_by_cached_key(|p| (p.place.is_none(), p.place, p.code, p.facts.clone()));
    problems.dedup();
}

fn report_cycles(catalog: &Catalog, graph: &Graph, problems: &mut Vec<Problem>) {
    use crate::problem::Code;
    for (id, element) in catalog.elements() {
        for source in element.sources.iter().filter(|s| graph.is_cyclic(id, s.target)) {
            problems.push(
                Problem::new(Code::CyclicDataSource, Some(source.place))
                    .with("source", &source.name.text)
                    .with("element", &element.name.text)
                    .with("target", &source.target_name.text),
            );
        }
    }
}

struct OnDemand<'a> {
    files: &'a FileSet,
    known: &'a Known,
}

impl CodeLoader for OnDemand<'_> {
    fn class(&self, name: &str) -> Option<Helper> {
        let file = self.files.class(name)?;
        match aot::read_on_demand(self.files, file, self.known).definition? {
            aot::Definition::Class(class) => Some(Helper { file, methods: class.methods }),
            _ => None,
        }
    }

    fn table(&self, file: FileId) -> Option<Helper> {
        match aot::read_on_demand(self.files, file, self.known).definition? {
            aot::Definition::Table(table) => Some(Helper { file, methods: table.methods }),
            _ => None,
        }
    }
}

fn path_of(files: &FileSet, file: FileId) -> &str {
    files.file(file).map_or("", |f| &f.path)
}

/// Models that are configured are the user's own; without such a list, those of the first root.
fn is_own(config: &Config, root: u32, model: &str) -> bool {
    match config.own_models.as_slice() {
        [] => root == 0,
        named => named.iter().any(|own| own.eq_ignore_ascii_case(model)),
    }
}

/// Whether a file belongs to a model that the user may change: one that is configured, else one of the first root.
/// A snapshot stands for the root: nothing in it can be changed.
fn is_own_file(config: &Config, files: &FileSet, models: &[ModelInfo], file: FileId) -> bool {
    let Some(file) = files.file(file) else { return false };
    let is_listed = files.roots.get(file.root as usize).is_some_and(|root| root.listed);
    !is_listed && is_own(config, file.root, models.get(file.model as usize).map_or("", |model| &model.name))
}

impl Model {
    /// Only a part is loaded: the names outside of it that were asked for all the same. If there are any, what was
    /// said may be wrong. `None` when everything is loaded.
    pub fn asked_beyond(&self) -> Option<Vec<NameKey>> {
        self.is_part.then(|| self.catalog.left_out().asked())
    }

    /// Column equality, nothing of it worked out yet.
    pub(crate) fn equality(&self) -> Equality<'_> {
        Equality::new(&self.catalog, &self.graph, &self.lineage)
    }

    /// The text of a label that a snapshot keeps.
    pub fn kept_label(&self, id: &str) -> Option<&str> {
        self.known.kept_label(id)
    }

    /// Remarks begin with one of the words that are searched for while a file is read.
    pub(crate) fn may_have_remarks(&self, file: FileId) -> bool {
        !self.is_without_writes(file)
    }

    /// No X++ of the file writes.
    fn is_without_writes(&self, file: FileId) -> bool {
        self.without_writes.get(file.0 as usize) == Some(&true)
    }

    /// Path of a file relative to its metadata root, with `/`.
    pub fn path(&self, file: FileId) -> &str {
        path_of(&self.files, file)
    }

    /// Name of the model that holds a file.
    pub fn model_name(&self, file: FileId) -> &str {
        let model = self.files.file(file).and_then(|f| self.models.get(f.model as usize));
        model.map_or("", |m| &m.name)
    }

    /// Name of the model that defines an element; `None` for a partial element.
    pub fn model_of(&self, element: &Element) -> Option<&str> {
        element.place.map(|place| self.model_name(place.file))
    }

    /// Which models the user may change, indexed like [`FileSet::models`].
    pub fn own_models(&self, config: &Config) -> Vec<bool> {
        let names = self.files.models.iter().zip(&self.models);
        let judge = |(folder, info): (&crate::source::Model, &ModelInfo)| {
            !self.is_listed(folder.root) && is_own(config, folder.root, &info.name)
        };
        names.map(judge).collect()
    }

    /// A snapshot stands for the root: nothing in it can be changed.
    fn is_listed(&self, root: u32) -> bool {
        self.files.roots.get(root as usize).is_some_and(|root| root.listed)
    }

    /// Whether a file belongs to a model that the user may change: one that is configured, else one of the
    /// first root.
    pub fn is_own_file(&self, config: &Config, file: FileId) -> bool {
        is_own_file(config, &self.files, &self.models, file)
    }

    /// Some model is not the user's.
    pub(crate) fn has_others(&self, config: &Config) -> bool {
        self.own_models(config).contains(&false)
    }

    /// The file of this path below its root, the first of several.
    pub(crate) fn file_at(&self, path: &str) -> Option<FileId> {
        self.files.ids().find(|(_, file)| &*file.path == path).map(|(id, _)| id)
    }

    /// Whether an element, or an extension of it, belongs to the user.
    pub fn is_own(&self, config: &Config, id: ElementId) -> bool {
        let element = self.catalog.element(id);
        element.files().any(|file| self.is_own_file(config, file))
    }
}
