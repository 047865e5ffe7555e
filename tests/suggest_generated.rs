//! Applying what is suggested, on generated trees: every need that can be met is met, nothing is lost, nothing but
//! the user's models is touched, and then there is nothing left to do.

mod generated;

use dualtrack::config::Config;
use dualtrack::edit::{self, FileChange};
use dualtrack::engine::{Judged, Model, judge, load};
use dualtrack::suggest::{EntityPlan, all_changes};
use dualtrack::tracking::Status;
use generated::Forest;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const TREES: u64 = 200;
const ROUNDS: usize = 6;

fn config(root: &Path) -> Config {
    let mut config = Config::default();
    config.metadata = vec![root.to_owned()];
    config.own_models = vec!["Mine".to_owned()];
    config
}

/// Everything that is tracked, as text.
fn tracked(judged: &Judged) -> BTreeSet<String> {
    let catalog = &judged.model.catalog;
    let mut found = BTreeSet::new();
    for entity in &judged.analysis.entities {
        let element = catalog.element(entity.id);
        for (position, field) in entity.fields.iter().enumerate().filter(|(_, f)| f.counted) {
            let ix = dualtrack::catalog::FieldIx(u32::try_from(position).unwrap());
            let leaves = &judged.model.lineage.field(entity.id, ix).leaves;
            for (leaf, verdict) in
                leaves.iter().zip(&field.leaves).filter(|(_, v)| v.status == Status::Tracked)
            {
                let path = leaf.path_names(catalog, entity.id).join(">");
                let table = leaf.table.name(catalog).unwrap_or_default();
                let name = &element.field_at(ix).name.text;
                found.insert(format!("{} {name} {path} {table} {:?}", element.name.text, verdict.status));
            }
        }
    }
    found
}

fn plans(judged: &Judged, config: &Config) -> Vec<EntityPlan> {
    let all: Vec<_> = judged.model.catalog.entities().map(|(id, _)| id).collect();
    let plans = judged.plans(config, &all);
    for plan in &plans {
        assert_eq!(plan.inconsistencies, [], "{}", judged.model.catalog.element(plan.entity).name.text);
    }
    plans
}

/// Needs that a change meets, as text, and how many are met.
fn needs(judged: &Judged, plans: &[EntityPlan], with_change: bool) -> BTreeSet<String> {
    let name = |id| judged.model.catalog.element(id).name.text.to_string();
    let all = plans.iter().flat_map(|p| &p.needs);
    let those = all.filter(|n| !with_change || (n.obstacle.is_none() && n.needed.label.is_some()));
    those
        .map(|n| {
            format!(
                "{} {} {}",
                name(n.needed.entity),
                n.needed.path.iter().map(dualtrack::text::Symbol::text).collect::<Vec<_>>().join(">"),
                name(n.needed.table)
            )
        })
        .collect()
}

fn apply(model: &Model, config: &Config, plans: &[EntityPlan]) -> Vec<FileChange> {
    let files = edit::plan(&all_changes(plans)).expect("the changes fit the files");
    edit::apply(&files, &model.own_folders(config)).expect("the changes are written");
    files
}

fn contents(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.clone(), std::fs::read(path).unwrap());
            }
        }
    }
    found
}

#[derive(Default)]
struct Totals {
    met: usize,
    open: usize,
    removed: usize,
    new_files: usize,
}

fn try_tree(seed: u64, totals: &mut Totals) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("metadata");
    Forest::new(seed).write(&root);
    if let Ok(to) = std::env::var("DUMP") {
        Forest::new(seed).write(&Path::new(&to).join(seed.to_string()));
    }
    let (config, before) = (config(&root), contents(&root));
    for round in 0.. {
        assert!(round < ROUNDS, "tree {seed}: it never ends");
        let model = load(&config, 1).unwrap();
        let judged = judge(&model, &config, 1);
        let planned = plans(&judged, &config);
        let wanted = needs(&judged, &planned, true);
        let files = apply(&model, &config, &planned);
        if files.is_empty() {
            assert_eq!(wanted.len(), 0, "tree {seed}: {wanted:?}");
            totals.open += planned.iter().flat_map(|p| &p.needs).count();
            break;
        }
        totals.met += wanted.len();
        totals.removed += planned.iter().flat_map(|p| &p.removals).filter(|r| r.obstacle.is_none()).count();
        totals.new_files += files.iter().filter(|f| f.before.is_none()).count();
        let after = load(&config, 1).unwrap();
        let after = judge(&after, &config, 1);
        let left = needs(&after, &plans(&after, &config), false);
        let unmet: Vec<_> = wanted.intersection(&left).collect();
        assert!(unmet.is_empty(), "tree {seed}, round {round}: still needed {unmet:?}");
        let (was, is) = (tracked(&judged), tracked(&after));
        let lost: Vec<_> = was.difference(&is).collect();
        assert!(lost.is_empty(), "tree {seed}, round {round}: lost {lost:?}");
    }
    let theirs = |path: &Path| path.starts_with(root.join("Theirs"));
    let after = contents(&root);
    let others = |all: &BTreeMap<PathBuf, Vec<u8>>| -> BTreeMap<PathBuf, Vec<u8>> {
        all.iter().filter(|(path, _)| theirs(path)).map(|(p, b)| (p.clone(), b.clone())).collect()
    };
    assert_eq!(others(&before), others(&after), "tree {seed}: another model was touched");
}

#[test]
fn applying_suggestions_ends_with_nothing_to_do() {
    let mut totals = Totals::default();
    for seed in 0..TREES {
        try_tree(seed, &mut totals);
    }
    let Totals { met, open, removed, new_files } = totals;
    println!("{met} needs met, {open} open, {removed} entries removed, {new_files} new files");
    assert!(met > 500 && removed > 200 && new_files > 100, "{met} {open} {removed} {new_files}");
}
