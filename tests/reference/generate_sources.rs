//! Random trees of data sources with their join conditions.

use std::collections::BTreeSet;

use super::generate::{Bound, Known, KnownKind, MISSING, Maker};
use super::model::{Join, Source, SourceKind};

/// A tree in the making.
pub struct Tree {
    pub bound: Vec<Bound>,
    pub sources: Vec<Source>,
    pub size: usize,
    pub depth: usize,
    names: BTreeSet<String>,
    /// How many more sources may be added.
    budget: usize,
    deepest: usize,
    /// Name of the next source, also when it is taken.
    forced: Option<String>,
}

impl Maker {
    /// `roots` > 1: a union. `deepest`: how deep the targets may be nested.
    pub fn source_tree(&mut self, roots: usize, budget: usize, deepest: usize) -> Tree {
        let mut tree = Tree {
            bound: Vec::new(),
            sources: Vec::new(),
            size: 0,
            depth: 1,
            names: BTreeSet::new(),
            budget,
            deepest,
            forced: None,
        };
        for root in 0..roots {
            let source = self.source(&mut tree, SourceKind::Root, &[], root == 0);
            tree.sources.push(source);
        }
        tree
    }

    /// A source for an extension: below `above`, or below nothing that is known.
    pub fn extension_source(&mut self, bound: &mut Vec<Bound>, parent: Option<usize>, name: &str) -> Source {
        let mut tree = Tree {
            bound: std::mem::take(bound),
            sources: Vec::new(),
            size: 0,
            depth: 1,
            names: BTreeSet::new(),
            budget: 1,
            deepest: 1,
            forced: None,
        };
        tree.names.extend(tree.bound.iter().map(|bound| bound.name.to_ascii_lowercase()));
        let above = match parent {
            Some(parent) => [&[parent], tree.bound[parent].above.as_slice()].concat(),
            None => Vec::new(),
        };
        // What hangs nowhere belongs to no branch of a union.
        let union = tree.bound.iter().any(|bound| !bound.first_branch);
        let first_branch = parent.map_or(!union, |parent| tree.bound[parent].first_branch);
        tree.forced = Some(name.to_string());
        let source = self.source(&mut tree, SourceKind::Embedded, &above, first_branch);
        *bound = tree.bound;
        source
    }

    fn source(&mut self, tree: &mut Tree, kind: SourceKind, above: &[usize], first_branch: bool) -> Source {
        let target = self.target(tree, kind, above);
        let written = match target {
            Some(target) => {
                let name = self.known[target].name.clone();
                self.random.case(&name)
            }
            None if kind != SourceKind::Root && self.random.chance(25) => "PartyMap".to_string(),
            None => self.random.pick_text(&MISSING),
        };
        let name = self.source_name(tree, &written);
        let index = tree.bound.len();
        tree.bound.push(Bound {
            name: name.clone(),
            target,
            aliases: Vec::new(),
            first_branch,
            above: above.to_vec(),
        });
        if let Some(target) = target {
            tree.size += 1 + self.known[target].size;
            tree.depth = tree.depth.max(1 + self.known[target].depth);
        }
        let mut source = Source {
            mark: self.mark(),
            kind,
            name,
            target: written,
            join: None,
            read_only: self.random.chance(if kind == SourceKind::Root { 8 } else { 35 }),
            use_relations: false,
            joins: Vec::new(),
            aliases: Vec::new(),
            group_by: kind == SourceKind::Root && self.random.chance(3),
            children: Vec::new(),
            derived: Vec::new(),
        };
        self.aliases(&mut source, &mut tree.bound[index]);
        if kind == SourceKind::Embedded {
            source.join = self.join_mode();
            source.joins = self.joins(tree, index, above);
            source.use_relations = self.random.chance(10);
        }
        let below: Vec<usize> = [&[index], above].concat();
        self.derived_sources(tree, &mut source, index, &below, first_branch);
        let children = match above.len() {
            0 => self.random.between(0, 3),
            1 => self.random.between(0, 2),
            _ => usize::from(self.random.chance(25)),
        };
        for _ in 0..children {
            if tree.budget == 0 {
                break;
            }
            tree.budget -= 1;
            let child = self.source(tree, SourceKind::Embedded, &below, first_branch);
            source.children.push(child);
        }
        source
    }

    /// Tables most of the time; views and entities as long as the expanded tree stays small.
    fn target(&mut self, tree: &Tree, kind: SourceKind, above: &[usize]) -> Option<usize> {
        if self.oddly(if kind == SourceKind::Root { 3 } else { 9 }) {
            return None;
        }
        let wanted = match self.random.below(100) {
            0..=54 => KnownKind::Table,
            55..=69 => KnownKind::View,
            _ => KnownKind::Entity,
        };
        let fits = |known: &&(usize, &Known)| {
            known.1.kind == wanted && known.1.depth <= tree.deepest && tree.size + known.1.size <= 60
        };
        let all: Vec<(usize, &Known)> = self.known.iter().enumerate().collect();
        let mut fitting: Vec<usize> = all.iter().filter(fits).map(|(index, _)| *index).collect();
        if wanted != KnownKind::Table && self.random.chance(50) {
            // The deep ones, so that chains of four come about.
            let deepest = fitting.iter().map(|index| self.known[*index].depth).max().unwrap_or(0);
            fitting.retain(|index| self.known[*index].depth == deepest);
        }
        if let (KnownKind::Table, Some(parent)) = (wanted, above.first())
            && self.random.chance(60)
            && let Some(parent) = tree.bound[*parent].target
        {
            // A table that the parent has a relation with.
            let (known, parent) = (&self.known, &self.known[parent]);
            let joined: Vec<usize> = fitting
                .iter()
                .copied()
                .filter(|index| {
                    let of = |a: &Known, b: &Known| {
                        a.relations.iter().any(|r| r.related.eq_ignore_ascii_case(&b.name))
                    };
                    of(parent, &known[*index]) || of(&known[*index], parent)
                })
                .collect();
            if !joined.is_empty() {
                fitting = joined;
            }
        }
        if fitting.is_empty() {
            fitting =
                (0..self.known.len()).filter(|index| self.known[*index].kind == KnownKind::Table).collect();
        }
        (!fitting.is_empty()).then(|| *self.random.pick(&fitting))
    }

    fn source_name(&mut self, tree: &mut Tree, target: &str) -> String {
        if let Some(name) = tree.forced.take() {
            tree.names.insert(name.to_ascii_lowercase());
            return name;
        }
        let mut name = match self.random.below(3) {
            0 => format!("Ds{}", self.next()),
            _ => target.to_string(),
        };
        while !tree.names.insert(name.to_ascii_lowercase()) {
            name = format!("{target}_{}", self.next());
        }
        name
    }

    fn join_mode(&mut self) -> Option<String> {
        let mode = match self.random.below(100) {
            0..=29 => return None,
            30..=39 => "InnerJoin",
            40..=81 => "OuterJoin",
            82..=89 => "ExistsJoin",
            90..=95 => "NoExistsJoin",
            _ => "SidewaysJoin",
        };
        Some(self.random.case(mode))
    }

    fn aliases(&mut self, source: &mut Source, bound: &mut Bound) {
        let Some(target) = bound.target else { return };
        if !self.random.chance(10) {
            return;
        }
        let known = self.known[target].clone();
        let field = self.random.pick(&known.fields).clone();
        let alias = format!("Alias{}", self.next());
        source.aliases.push((alias.clone(), field.clone()));
        bound.aliases.push(alias);
        if known.fields.iter().any(|field| field == "AccountNum") && self.random.chance(30) {
            // The alias hides a field of the target.
            let field = self.random.pick(&known.fields).clone();
            source.aliases.push(("AccountNum".to_string(), field));
        }
        if self.random.chance(50) {
            source.aliases.push((field.clone(), field));
        }
        let mut seen = BTreeSet::new();
        source.aliases.retain(|(name, _)| seen.insert(name.to_ascii_lowercase()));
    }

    fn derived_sources(
        &mut self,
        tree: &mut Tree,
        source: &mut Source,
        index: usize,
        below: &[usize],
        first: bool,
    ) {
        let Some(target) = tree.bound[index].target else {
            return;
        };
        let owner = self.known[target].name.clone();
        let subs: Vec<usize> = (0..self.known.len())
            .filter(|sub| {
                self.known[*sub].extends.as_deref().is_some_and(|base| base.eq_ignore_ascii_case(&owner))
            })
            .collect();
        if subs.is_empty() || !self.random.chance(45) {
            return;
        }
        let sub = *self.random.pick(&subs);
        let name = self.known[sub].name.clone();
        let written = self.random.case(&name);
        let own_name = self.source_name(tree, &written);
        let own = tree.bound.len();
        tree.size += 1;
        tree.bound.push(Bound {
            name: own_name.clone(),
            target: Some(sub),
            aliases: Vec::new(),
            first_branch: first,
            above: below.to_vec(),
        });
        let mut derived = Source {
            mark: self.mark(),
            kind: SourceKind::Derived,
            name: own_name,
            target: written,
            join: None,
            read_only: self.random.chance(15),
            use_relations: false,
            joins: Vec::new(),
            aliases: Vec::new(),
            group_by: false,
            children: Vec::new(),
            derived: Vec::new(),
        };
        let deeper: Vec<usize> = [&[own], below].concat();
        self.derived_sources(tree, &mut derived, own, &deeper, first);
        if tree.budget > 0 && self.random.chance(25) {
            tree.budget -= 1;
            let child = self.source(tree, SourceKind::Embedded, &deeper, first);
            derived.children.push(child);
        }
        source.derived.push(derived);
    }

    fn joins(&mut self, tree: &Tree, index: usize, above: &[usize]) -> Vec<Join> {
        let mut joins = Vec::new();
        let Some(parent) = above.first() else {
            return joins;
        };
        let count = match self.random.below(20) {
            0 => 0,
            1..=3 => 2,
            _ => 1,
        };
        for _ in 0..count {
            let other = if self.random.chance(80) { *parent } else { *self.random.pick(above) };
            let other_name = tree.bound[other].name.clone();
            let named = other != *parent || self.random.chance(65);
            let join_source = named.then(|| self.random.case(&other_name));
            let join = self.join(&tree.bound[index], &tree.bound[other], join_source);
            joins.push(join);
        }
        joins
    }

    fn join(&mut self, own: &Bound, other: &Bound, join_source: Option<String>) -> Join {
        let known = |bound: &Bound| bound.target.map(|target| self.known[target].clone());
        let (own_known, other_known) = (known(own), known(other));
        let mut relations: Vec<String> = Vec::new();
        if let (Some(a), Some(b)) = (&own_known, &other_known) {
            for (holder, partner) in [(a, b), (b, a)] {
                let fitting =
                    holder.relations.iter().filter(|relation| self.related(&relation.related, &partner.name));
                relations.extend(fitting.map(|relation| relation.name.clone()));
            }
        }
        if self.oddly(5) {
            relations.push("NoSuchRelation".to_string());
        }
        if !relations.is_empty() && self.random.chance(65) {
            let relation = self.random.pick(&relations).clone();
            return Join::Relation { relation: self.random.case(&relation), join_source };
        }
        let own_is_table = own_known.as_ref().is_some_and(|known| known.kind == KnownKind::Table);
        let related = match &own_known {
            Some(_) if own_is_table && self.random.chance(60) => "RecId".to_string(),
            Some(known) => self.any_field(known, own),
            None => "RecId".to_string(),
        };
        let field = match &other_known {
            Some(known) => self.any_field(known, other),
            None => "RecId".to_string(),
        };
        Join::Fields { field: self.random.case(&field), join_source, related: self.random.case(&related) }
    }

    /// A field of the source; often one that may hold a RecId.
    pub fn any_field(&mut self, known: &Known, bound: &Bound) -> String {
        if !bound.aliases.is_empty() && self.random.chance(30) {
            return self.random.pick(&bound.aliases).clone();
        }
        match self.random.below(100) {
            0..=34 if !known.rec_ids.is_empty() => self.random.pick(&known.rec_ids).clone(),
            35..=39 => self.random.pick_text(&["DataAreaId", "ModifiedDateTime", "RecVersion"]),
            40..=44 if self.oddly(100) => "NoSuchColumn".to_string(),
            _ if known.fields.is_empty() => "RecId".to_string(),
            _ => self.random.pick(&known.fields).clone(),
        }
    }
}
