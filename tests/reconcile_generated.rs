//! Dumps made from predictions on generated trees: the policy that made a dump is found again, and so is every row
//! that was removed, added or repeated.

mod generated;

use dualtrack::config::Config;
use dualtrack::dualwrite::{Channels, Dump};
use dualtrack::engine::{Judged, judge, load};
use dualtrack::reconcile::{Group, Reconciliation};
use dualtrack::tracking::{Definition, POLICIES};
use generated::Forest;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

const TREES: u64 = 25;

/// Entity, table and data source, in lower case.
type Key = (String, String, String);

fn key(row: &Definition) -> Key {
    let lower = |name: &str| name.to_ascii_lowercase();
    (lower(&row.ref_entity_name), lower(&row.ref_table_name), lower(&row.data_source_name))
}

fn keys(rows: &[Definition]) -> BTreeSet<Key> {
    rows.iter().map(key).collect()
}

fn dump<'a>(rows: impl IntoIterator<Item = &'a Key>) -> Dump {
    let mut text = String::from("RefEntityName;RefTableName;DataSourceName\n");
    for (entity, table, source) in rows {
        let _ = writeln!(text, "{entity};{table};{source}");
    }
    Dump::from_bytes(text.as_bytes(), Path::new("d.csv"), &Channels::default()).expect("a dump")
}

/// The rows of a group.
fn found(result: &Reconciliation, group: Group) -> BTreeSet<Key> {
    let rows = result.rows.iter().filter(|row| row.group == group);
    let lower = |name: &str| name.to_ascii_lowercase();
    rows.map(|row| (lower(&result.entity(row).name), lower(&row.table), lower(&row.source))).collect()
}

fn entities(keys: &BTreeSet<Key>) -> BTreeSet<&String> {
    keys.iter().map(|(entity, ..)| entity).collect()
}

#[derive(Default)]
struct Totals {
    named: usize,
    removed: usize,
    added: usize,
    repeated: usize,
}

/// The dump of every other answer: that answer explains all of it, and nothing explains more.
fn policies(seed: u64, base: &Judged, config: &Config, totals: &mut Totals) {
    for info in POLICIES {
        for value in &info.values[1..] {
            let mut other = config.clone();
            other.policy.set(info.key, value.id).unwrap();
            let made = keys(&judge(base.model, &other, 1).analysis.definitions);
            let result = base.reconcile(&dump(&made), 1);
            let speaking = entities(&made);
            let own: BTreeSet<Key> = keys(&base.analysis.definitions)
                .into_iter()
                .filter(|(entity, ..)| speaking.contains(entity))
                .collect();
            let what = format!("tree {seed}, {} = {}", info.key, value.id);
            assert_eq!(result.fits.differences, own.symmetric_difference(&made).count(), "{what}");
            assert_eq!(result.tally().differences(), result.fits.differences, "{what}");
            if result.fits.differences == 0 {
                continue;
            }
            totals.named += 1;
            let best = &result.fits.fits[0];
            assert_eq!(best.differences, 0, "{what}");
            let explains = result.fits.fits.iter().filter(|fit| fit.differences == 0);
            assert!(explains.into_iter().any(|fit| fit.set == [(info.key, value.id)]), "{what}: {best:?}");
            if (info.key, value.id) == ("nested-entity", "primary") {
                assert_eq!(best.set, [("nested-entity", "primary")], "{what}");
                assert_eq!(best.configuration(), ["[policy]", "nested-entity = \"primary\""]);
            }
        }
    }
}

/// Rows taken out, put in and written twice are found, and no others.
fn edits(seed: u64, base: &Judged, totals: &mut Totals) {
    let own = keys(&base.analysis.definitions);
    assert_eq!(base.reconcile(&dump(&own), 1).tally().differences(), 0, "tree {seed}");
    let chosen = |n: u64, every: u64| (seed * 31 + n * 7).is_multiple_of(every);
    let numbered = || own.iter().zip(0_u64..);
    let mut removed: BTreeSet<Key> =
        numbered().filter(|(_, n)| chosen(*n, 3)).map(|(key, _)| key.clone()).collect();
    let added: BTreeSet<Key> = numbered()
        .filter(|(_, n)| chosen(*n, 4))
        .map(|((entity, table, source), n)| match n % 3 {
            0 => (entity.clone(), table.clone(), format!("{source}old")),
            1 => (entity.clone(), format!("gone{n}"), source.clone()),
            _ => (format!("{entity}x"), table.clone(), source.clone()),
        })
        .collect();
    let kept: Vec<&Key> = own.iter().filter(|key| !removed.contains(key)).chain(&added).collect();
    let repeated: Vec<&Key> =
        kept.iter().zip(0_u64..).filter(|(_, n)| chosen(*n, 5)).map(|(key, _)| *key).collect();
    let result = base.reconcile(&dump(kept.iter().chain(&repeated).copied()), 1);
    // Without maps, an entity of which no row is left says nothing.
    let there: BTreeSet<&String> = kept.iter().map(|(entity, ..)| entity).collect();
    removed.retain(|(entity, ..)| there.contains(entity));
    assert_eq!(found(&result, Group::OnlyPredicted), removed, "tree {seed}");
    assert_eq!(found(&result, Group::OnlyDump), added, "tree {seed}");
    let both: BTreeSet<Key> = own.iter().filter(|key| kept.contains(key)).cloned().collect();
    assert_eq!(found(&result, Group::Both), both, "tree {seed}");
    let left_out = result.rows.iter().filter(|row| !row.compared).count();
    assert_eq!(left_out, added.iter().filter(|(entity, ..)| entity.ends_with('x')).count(), "tree {seed}");
    let dump = dump(kept.iter().chain(&repeated).copied());
    assert_eq!(dump.repeated(), repeated.len(), "tree {seed}");
    totals.removed += removed.len();
    totals.added += added.len();
    totals.repeated += repeated.len();
}

#[test]
fn what_made_a_dump_is_found_again() {
    let mut totals = Totals::default();
    for seed in 0..TREES {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("metadata");
        Forest::new(seed).write(&root);
        let mut config = Config::default();
        config.metadata = vec![root];
        let model = load(&config, 1).unwrap();
        let base = judge(&model, &config, 1);
        policies(seed, &base, &config, &mut totals);
        edits(seed, &base, &mut totals);
    }
    let Totals { named, removed, added, repeated } = totals;
    println!("{named} policies named, {removed} rows removed, {added} added, {repeated} repeated");
    assert!(named > 100 && removed > 100 && added > 100 && repeated > 50);
}
