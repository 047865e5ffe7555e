//! SPEC 6: which data sources are tracked, and what that means for each leaf.

use super::effective::{Catalog, EffectiveSource, JoinMode, Node, NodeKind, by_name, same};
use super::hooks::{Skip, skip};
use super::lineage::{Hop, Kind, Leaf, leaves, stays_on_primary_record};
use super::model::{Policy, SourceKind};
use super::scope::Scope;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    Tracked,
    Untracked,
    Unresolved,
    Undecidable,
}

impl Status {
    pub fn text(self) -> &'static str {
        match self {
            Status::Tracked => "tracked",
            Status::Untracked => "untracked",
            Status::Unresolved => "unresolved",
            Status::Undecidable => "undecidable",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Verdict {
    pub status: Status,
    pub reason: Option<&'static str>,
    pub via: Option<&'static str>,
}

fn untracked(reason: &'static str) -> Verdict {
    Verdict { status: Status::Untracked, reason: Some(reason), via: None }
}

fn plain(status: Status) -> Verdict {
    Verdict { status, reason: None, via: None }
}

/// One entity with all that its verdicts depend on.
pub struct Judged<'j> {
    pub catalog: &'j Catalog<'j>,
    pub node: &'j Node,
    pub scope: Scope,
    /// Per data source.
    pub sources: Vec<Verdict>,
    /// Rows (table, data source) of the tracked sources, the further ones of `all` included.
    pub rows: Vec<(String, usize)>,
}

impl<'j> Judged<'j> {
    pub fn new(catalog: &'j Catalog<'j>, node: &'j Node) -> Self {
        let scope = Scope::of(catalog, node);
        let mut judged = Judged { catalog, node, scope, sources: Vec::new(), rows: Vec::new() };
        judged.sources = (0..node.sources.len()).map(|source| judged.source(source)).collect();
        judged.rows = judged.all_rows();
        judged
    }

    fn policy(&self) -> &Policy {
        &self.catalog.world.policy
    }

    /// The first of S1 to S8 that applies.
    fn source(&self, index: usize) -> Verdict {
        let (policy, source) = (self.policy(), &self.node.sources[index]);
        if policy.get("entity-read-only") == "untracked" && self.node.read_only {
            return untracked("entity_read_only");
        }
        let hop = Hop { element: self.node.name.clone(), source: index };
        for rule in [outer_join_read_only, inner_join_read_only, under_untracked, exists_join] {
            if let Some(reason) = rule(self.catalog, &hop) {
                return untracked(reason);
            }
        }
        let Some(primary) = self.followed_primary_table(index) else {
            return plain(Status::Unresolved);
        };
        if self.catalog.node(&primary).is_some_and(|table| table.temporary) {
            return untracked("temporary_table");
        }
        let otherwise = match self.scope.in_scope {
            true => skip(self.catalog, self.node, &source.name, &primary),
            false => Skip::Open,
        };
        let tracked = match otherwise {
            Skip::Skipped => return untracked("skip_method"),
            Skip::Undecidable => {
                return Verdict { status: Status::Undecidable, reason: Some("skip_method"), via: None };
            }
            Skip::Kept => Verdict { status: Status::Tracked, reason: Some("skip_method"), via: None },
            Skip::Open => {
                let ignore_lookups = policy.get("lookup-only") == "ignored";
                if !self.scope.source_has_mapped_field(self.node, index, ignore_lookups) {
                    return untracked("no_mapped_field");
                }
                plain(Status::Tracked)
            }
        };
        if self.registers(index) { tracked } else { untracked("nested_source") }
    }

    /// P(target), unless the source is cyclic or its target cannot be followed.
    fn followed_primary_table(&self, index: usize) -> Option<String> {
        if self.catalog.is_cyclic(self.node, index) {
            return None;
        }
        self.catalog.primary_table(&self.node.sources[index].target)
    }

    /// Policies `nested-entity` and `nested-view`: whether the source registers anything when tracked.
    fn registers(&self, index: usize) -> bool {
        match self.nested_policy(index) {
            "none" => false,
            "root-only" => self.node.sources[self.node.owner(index)].kind == SourceKind::Root,
            _ => true,
        }
    }

    fn nested_policy(&self, index: usize) -> &'static str {
        match self.catalog.node(&self.node.sources[index].target).map(|target| target.kind) {
            Some(NodeKind::Entity) => self.policy().get("nested-entity"),
            Some(NodeKind::View) => self.policy().get("nested-view"),
            _ => "primary",
        }
    }

    pub fn tracked_sources(&self) -> Vec<usize> {
        (0..self.sources.len()).filter(|source| self.sources[*source].status == Status::Tracked).collect()
    }

    /// Policy `inheritance`: the tables that a tracked source stands for.
    pub fn stands_for(&self, index: usize, table: &str) -> bool {
        let Some(primary) = self.followed_primary_table(index) else {
            return false;
        };
        match self.policy().get("inheritance") {
            "leaf" => same(&primary, table),
            "root" => same(&self.topmost(&primary), table),
            _ => self.catalog.in_one_chain(&primary, table),
        }
    }

    fn topmost(&self, table: &str) -> String {
        self.catalog.lineage_of(table).last().map_or_else(|| table.to_string(), |node| node.name.clone())
    }

    /// `RefTableName` of the row that a tracked source writes.
    pub fn registered_table(&self, index: usize) -> Option<String> {
        let primary = self.followed_primary_table(index)?;
        Some(if self.policy().get("inheritance") == "root" { self.topmost(&primary) } else { primary })
    }

    fn all_rows(&self) -> Vec<(String, usize)> {
        let counted_leaves = self.counted_leaves();
        let mut rows: Vec<(String, usize)> = Vec::new();
        for index in self.tracked_sources() {
            let mut listed: Vec<String> = self.registered_table(index).into_iter().collect();
            if self.nested_policy(index) == "all" {
                for leaf in &counted_leaves {
                    let via =
                        leaf.kind != Kind::Sql && leaf.hops.first().is_some_and(|hop| hop.source == index);
                    let Some(table) = leaf.table.as_deref() else {
                        continue;
                    };
                    let known = listed.iter().any(|known| self.catalog.in_one_chain(known, table));
                    if via && !leaf.unresolved && !known && self.by_data_source(leaf) {
                        listed.push(table.to_string());
                    }
                }
            }
            rows.extend(listed.into_iter().map(|table| (table, index)));
        }
        rows
    }

    /// Leaves of the counted fields, by name of the field.
    pub fn counted_leaves(&self) -> Vec<Leaf> {
        let mut order: Vec<usize> =
            (0..self.node.fields.len()).filter(|field| self.scope.counted[*field]).collect();
        let name = |field: usize| &self.node.fields[field].name;
        order.sort_by(|a, b| by_name(name(*a), name(*b)));
        order.into_iter().flat_map(|field| leaves(self.catalog, self.node, name(field))).collect()
    }

    /// Some tracked source registers the table.
    fn registers_table(&self, table: &str) -> bool {
        let by_primary = |source: usize| self.stands_for(source, table);
        // What `all` registers beside the primary table.
        let by_row = |(row, source): &(String, usize)| {
            self.nested_policy(*source) == "all" && self.catalog.in_one_chain(row, table)
        };
        self.tracked_sources().into_iter().any(by_primary) || self.rows.iter().any(by_row)
    }

    /// Rule 1 of the leaves.
    pub fn by_data_source(&self, leaf: &Leaf) -> bool {
        let Some(table) = leaf.table.as_deref() else {
            return false;
        };
        if leaf.kind == Kind::Sql {
            return self.registers_table(table);
        }
        match leaf.hops.first() {
            Some(hop) if self.sources[hop.source].status == Status::Tracked => {
                // An unresolved leaf is only tracked on the primary record, under every policy.
                let on_primary = stays_on_primary_record(self.catalog, leaf)
                    && self
                        .followed_primary_table(hop.source)
                        .is_some_and(|primary| self.catalog.in_one_chain(&primary, table));
                (on_primary || !leaf.unresolved) && self.obstacle(leaf).is_none()
            }
            _ => false,
        }
    }

    /// Tracked through a source whose own target is a table: no policy can change that.
    pub fn by_table_source(&self, leaf: &Leaf) -> bool {
        let table_source = |index: usize| self.catalog.is_table(&self.node.sources[index].target);
        match (leaf.kind, leaf.table.as_deref(), leaf.hops.first()) {
            (Kind::Sql, Some(table), _) => self
                .tracked_sources()
                .into_iter()
                .any(|index| table_source(index) && self.stands_for(index, table)),
            (_, _, Some(hop)) => self.by_data_source(leaf) && table_source(hop.source),
            _ => false,
        }
    }

    /// Why the leaf would not be tracked even with its first source tracked.
    fn obstacle(&self, leaf: &Leaf) -> Option<&'static str> {
        let first = leaf.hops.first()?;
        let table = leaf.table.as_deref()?;
        let primary = self.followed_primary_table(first.source);
        let on_chain = stays_on_primary_record(self.catalog, leaf)
            && primary.as_deref().is_some_and(|primary| self.catalog.in_one_chain(primary, table));
        if self.nested_policy(first.source) == "all" {
            let excluded = leaf.hops.iter().skip(1).find_map(|hop| excluded_hop(self.catalog, hop));
            if excluded.is_some() || !on_chain {
                return excluded;
            }
        }
        if !stays_on_primary_record(self.catalog, leaf) {
            return Some("nested_source");
        }
        if self.stands_for(first.source, table) { None } else { Some("inheritance") }
    }

    /// Rules 1 to 9 of the leaves; `covered` says whether a mapping entry covers the leaf.
    pub fn leaf(&self, leaf: &Leaf, covered: bool) -> Verdict {
        if self.by_data_source(leaf) {
            return Verdict { status: Status::Tracked, reason: None, via: Some("data_source") };
        }
        if covered {
            return Verdict { status: Status::Tracked, reason: None, via: Some("mapping_method") };
        }
        let source = leaf.hops.first().map(|hop| self.sources[hop.source]);
        match source.map(|verdict| verdict.status) {
            Some(Status::Untracked) => {
                return untracked(source.and_then(|s| s.reason).unwrap_or_default());
            }
            Some(Status::Unresolved) => return plain(Status::Unresolved),
            _ => {}
        }
        if leaf.kind == Kind::Unknown {
            return untracked("unknown_method");
        }
        if leaf.unresolved {
            return plain(Status::Unresolved);
        }
        if leaf.kind == Kind::Sql {
            return untracked("sql_only");
        }
        match self.obstacle(leaf) {
            Some(reason) => untracked(reason),
            None => Verdict { status: Status::Undecidable, reason: Some("skip_method"), via: None },
        }
    }
}

fn at<'c>(catalog: &'c Catalog, hop: &Hop) -> Option<(&'c Node, &'c EffectiveSource)> {
    let node = catalog.node(&hop.element)?;
    Some((node, &node.sources[hop.source]))
}

fn is_outer_read_only(source: &EffectiveSource) -> bool {
    source.join == Some(JoinMode::Outer) && source.read_only
}

/// S1.
fn outer_join_read_only(catalog: &Catalog, hop: &Hop) -> Option<&'static str> {
    at(catalog, hop).filter(|(_, source)| is_outer_read_only(source)).map(|_| "outer_join_read_only")
}

/// Policy `inner-read-only`, right after S1.
fn inner_join_read_only(catalog: &Catalog, hop: &Hop) -> Option<&'static str> {
    let applies = catalog.world.policy.get("inner-read-only") == "untracked";
    at(catalog, hop)
        .filter(|(_, source)| {
            applies
                && source.kind == SourceKind::Embedded
                && source.join == Some(JoinMode::Inner)
                && source.read_only
        })
        .map(|_| "inner_join_read_only")
}

/// S2.
fn under_untracked(catalog: &Catalog, hop: &Hop) -> Option<&'static str> {
    let applies = catalog.world.policy.get("under-untracked") == "untracked";
    at(catalog, hop)
        .filter(|(node, _)| {
            let ancestors = node.ancestors(hop.source);
            applies && ancestors.into_iter().any(|ancestor| is_outer_read_only(&node.sources[ancestor]))
        })
        .map(|_| "under_untracked_source")
}

/// S3.
fn exists_join(catalog: &Catalog, hop: &Hop) -> Option<&'static str> {
    at(catalog, hop)
        .filter(|(_, source)| matches!(source.join, Some(JoinMode::Exists | JoinMode::NotExists)))
        .map(|_| "exists_join")
}

/// S5, for a hop inside a nested element.
fn temporary_table(catalog: &Catalog, hop: &Hop) -> Option<&'static str> {
    let (_, source) = at(catalog, hop)?;
    let primary = catalog.primary_table(&source.target)?;
    catalog.node(&primary).filter(|table| table.temporary).map(|_| "temporary_table")
}

/// Policy `all`: what excludes a hop inside a nested element, in the order of SPEC 9.
fn excluded_hop(catalog: &Catalog, hop: &Hop) -> Option<&'static str> {
    [outer_join_read_only, inner_join_read_only, exists_join, temporary_table, under_untracked]
        .into_iter()
        .find_map(|rule| rule(catalog, hop))
}
