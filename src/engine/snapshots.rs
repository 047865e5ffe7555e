//! Making a snapshot: everything that any analysis may ask of the roots.

use super::LoadError;
use crate::aot::{self, Definition, Loaded, NoMemory};
use crate::cache::{self, Extra};
use crate::config::Config;
use crate::dualwrite::{ENGLISH, LabelTexts};
use crate::source::{FileSet, Kind, RootSource, discover, in_pool};
use crate::xpp::Method;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A snapshot of the roots of a configuration, which must be folders.
///
/// # Errors
/// As for loading.
pub fn snapshot(config: &Config, threads: usize) -> Result<MadeSnapshot, LoadError> {
    let roots = config.metadata.iter().cloned().map(RootSource::Folder).collect();
    let files = discover(roots, threads)?;
    Ok(in_pool(threads, || make(&files, threads)))
}

/// A snapshot, and what it was made of.
pub struct MadeSnapshot {
    /// The file.
    pub bytes: Vec<u8>,
    /// Files of the roots.
    pub files: usize,
    /// Bytes of those files.
    pub source_bytes: u64,
    /// Problems that were met, files included.
    pub problems: usize,
}

fn make(files: &FileSet, threads: usize) -> MadeSnapshot {
    let loaded = aot::load(files, threads, &NoMemory);
    let helpers = helpers(files);
    let labels = entity_labels(files, &loaded);
    let size = |file: &crate::source::SourceFile| std::fs::metadata(&file.absolute).map_or(0, |m| m.len());
    let source_bytes = files.files.par_iter().map(size).sum();
    let problems =
        loaded.problems.len() + loaded.facts.iter().map(|(_, facts)| facts.problems.len()).sum::<usize>();
    let bytes = cache::snapshot(Extra { listing: files.listing(), helpers, labels, loaded: &loaded });
    MadeSnapshot { bytes, files: files.files.len(), source_bytes, problems }
}

/// The methods of all classes and tables: a computed column of another model may call any of them.
fn helpers(files: &FileSet) -> Vec<(u32, Vec<Method>)> {
    let candidates: Vec<_> = files
        .ids()
        .filter(|(_, file)| matches!(file.kind, Kind::Class | Kind::Table))
        .map(|(id, _)| id)
        .collect();
    let methods = |id: &crate::source::FileId| {
        let methods = aot::read_on_demand(files, *id, &NoMemory).take_methods()?;
        Some((id.0, methods))
    };
    candidates.par_iter().filter_map(methods).collect()
}

/// The texts of the labels of entities: table maps name entities by them.
fn entity_labels(files: &FileSet, loaded: &Loaded) -> BTreeMap<Box<str>, Box<str>> {
    let texts = LabelTexts::new(files.models.iter().flat_map(|m| &m.labels).cloned(), ENGLISH);
    let labels = loaded.facts.iter().filter_map(|(_, facts)| match &facts.definition {
        Some(Definition::DataEntity(entity)) => entity.label.clone(),
        _ => None,
    });
    labels.filter_map(|label| Some(((&label).into(), texts.get(&label).pop()?.text.into()))).collect()
}
