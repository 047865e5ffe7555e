//! Which answers to the open questions explain a dump best.
//!
//! Every policy is tried with each of its other values, one at a time; then pairs of those that change something.
//! Only entities of which the dump has rows can speak: one without any may simply not be running.

use super::sides::Compared;
use super::{Group, Input, Standing};
use crate::catalog::ElementId;
use crate::text::{Symbol, name_key};
use crate::tracking::{Definition, POLICIES, Policy};
use rustc_hash::{FxHashMap, FxHashSet};

/// What other policies would make of the comparison.
#[derive(Clone, Debug, Default)]
pub struct Fits {
    /// Entities that speak.
    pub entities: usize,
    /// Rows of theirs that only one side has, under the policies of the run.
    pub differences: usize,
    /// Other values that change the predicted rows of these entities, the best first. Pairs are listed only where
    /// they explain more than any of their values alone.
    pub fits: Vec<Fit>,
    /// Policies of which no other value changes a row.
    pub silent: Vec<&'static str>,
}

/// What one other answer, or two together, would make of it.
#[derive(Clone, Debug, Default)]
pub struct Fit {
    /// Policy and value.
    pub set: Vec<(&'static str, &'static str)>,
    /// Rows that only one side would have.
    pub differences: usize,
    /// Rows on which both sides would agree, and do not now: positions in [`super::Reconciliation::rows`].
    pub settled: Vec<usize>,
    /// Rows on which both sides agree now, and would not then: likewise.
    pub lost: Vec<usize>,
    /// Rows that would be predicted then, and that neither side has now: entity, table, data source.
    pub added: Vec<[Symbol; 3]>,
}

impl Fit {
    /// The lines of the configuration that make it so.
    pub fn configuration(&self) -> Vec<String> {
        let head = std::iter::once("[policy]".to_owned());
        head.chain(self.set.iter().map(|(key, value)| format!("{key} = \"{value}\""))).collect()
    }
}

impl Fits {
    /// Answers under which fewer rows differ, the best first.
    pub fn better(&self) -> impl Iterator<Item = (usize, &Fit)> {
        self.fits.iter().enumerate().filter(|(_, fit)| fit.differences < self.differences)
    }
}

/// A row: entity, table and data source in lower case.
type Key = [String; 3];

/// Tries the policies, and notes with each row under which of them both sides agree on it.
pub(super) fn fits(input: &Input, compared: &mut Compared) -> Fits {
    let speaking: Vec<ElementId> =
        compared.entities.iter().filter(|e| e.standing == Standing::Compared).filter_map(|e| e.id).collect();
    let trial = Trial::new(input, compared, speaking);
    let fits = trial.all();
    for (position, fit) in fits.fits.iter().enumerate() {
        for row in &fit.settled {
            compared.rows[*row].agrees_under.push(position);
        }
    }
    fits
}

struct Trial<'a> {
    input: &'a Input<'a>,
    speaking: Vec<ElementId>,
    /// Rows of the entities that speak, with their groups.
    rows: FxHashMap<Key, (usize, Group)>,
    differences: usize,
}

impl<'a> Trial<'a> {
    fn new(input: &'a Input<'a>, compared: &Compared, speaking: Vec<ElementId>) -> Self {
        let speaks = |entity: usize| compared.entities[entity].standing == Standing::Compared;
        let rows: FxHashMap<Key, (usize, Group)> = compared
            .rows
            .iter()
            .enumerate()
            .filter(|(_, row)| speaks(row.entity))
            .map(|(position, row)| {
                let entity = &compared.entities[row.entity].name;
                ([&**entity, &*row.table, &*row.source].map(name_key), (position, row.group))
            })
            .collect();
        let differences = rows.values().filter(|(_, group)| *group != Group::Both).count();
        Self { input, speaking, rows, differences }
    }

    fn all(&self) -> Fits {
        let singles: Vec<Option<Fit>> =
            alternatives(self.input.policy).into_iter().map(|choice| self.fit(vec![choice])).collect();
        let silent = POLICIES
            .iter()
            .map(|info| info.key)
            .filter(|key| singles.iter().flatten().all(|fit| fit.set.iter().all(|(known, _)| known != key)));
        let silent = silent.collect();
        let singles: Vec<Fit> = singles.into_iter().flatten().collect();
        let pairs = self.pairs(&singles);
        let mut fits: Vec<Fit> = singles.into_iter().chain(pairs).collect();
        fits.sort_by_key(|fit| (fit.differences, fit.set.len()));
        Fits { entities: self.speaking.len(), differences: self.differences, fits, silent }
    }

    /// Pairs that explain more than any single value. Nothing is tried where a single value explains everything.
    fn pairs(&self, singles: &[Fit]) -> Vec<Fit> {
        let best = singles.iter().map(|fit| fit.differences).chain([self.differences]).min().unwrap_or(0);
        let mut pairs = Vec::new();
        if best == 0 {
            return pairs;
        }
        for (position, first) in singles.iter().enumerate() {
            let others = singles[position + 1..].iter().filter(|second| second.set[0].0 != first.set[0].0);
            for second in others {
                let pair = self.fit(vec![first.set[0], second.set[0]]);
                pairs.extend(pair.filter(|fit| fit.differences < best));
            }
        }
        pairs
    }

    /// What these values make of it; `None` when they change no row.
    fn fit(&self, set: Vec<(&'static str, &'static str)>) -> Option<Fit> {
        let mut policy = self.input.policy;
        for (key, value) in &set {
            policy.set(key, value).ok()?;
        }
        let rows =
            if self.speaking.is_empty() { Vec::new() } else { (self.input.under)(&self.speaking, policy) };
        let mut fit = Fit { set, ..Fit::default() };
        let mut predicted = FxHashSet::default();
        for row in rows {
            let key = key_of(&row);
            if !predicted.insert(key.clone()) {
                continue;
            }
            match self.rows.get(&key) {
                Some((position, Group::OnlyDump)) => fit.settled.push(*position),
                Some(_) => {}
                None => {
                    fit.added.push([row.ref_entity_name, row.ref_table_name, row.data_source_name]);
                }
            }
        }
        for (_, (position, group)) in self.rows.iter().filter(|(key, _)| !predicted.contains(*key)) {
            match group {
                Group::OnlyPredicted => fit.settled.push(*position),
                Group::Both => fit.lost.push(*position),
                Group::OnlyDump => {}
            }
        }
        fit.settled.sort_unstable();
        fit.lost.sort_unstable();
        fit.differences = self.differences - fit.settled.len() + fit.lost.len() + fit.added.len();
        let changes = fit.settled.len() + fit.lost.len() + fit.added.len();
        (changes > 0).then_some(fit)
    }
}

/// Each other value of each policy, in the order of the specification.
fn alternatives(policy: Policy) -> Vec<(&'static str, &'static str)> {
    let now = policy.values();
    let others = POLICIES.iter().zip(now).flat_map(|(info, (_, chosen))| {
        info.values.iter().filter(move |value| value.id != chosen).map(|value| (info.key, value.id))
    });
    others.collect()
}

fn key_of(row: &Definition) -> Key {
    [&*row.ref_entity_name, &*row.ref_table_name, &*row.data_source_name].map(name_key)
}
