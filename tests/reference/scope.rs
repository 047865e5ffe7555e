//! SPEC 5 and 8: which entities are in scope and which of their fields count.

use std::collections::BTreeMap;

use super::effective::{Catalog, Node, NodeKind, lower, same};
use super::model::{DualWriteMap, FieldKind, World};

#[derive(Default, Clone)]
pub struct Scope {
    pub in_scope: bool,
    /// Per field of the node, in the order of the node.
    pub counted: Vec<bool>,
    /// Counted, but mapped to Dataverse lookups only.
    pub lookup_only: Vec<bool>,
}

impl Scope {
    pub fn of(catalog: &Catalog, entity: &Node) -> Scope {
        match mapped_fields(catalog.world, catalog, entity) {
            None => assumed(catalog, entity),
            Some(mapped) => Scope {
                in_scope: mapped.in_scope,
                counted: entity.fields.iter().map(|f| mapped.fields.contains_key(&lower(&f.name))).collect(),
                lookup_only: entity
                    .fields
                    .iter()
                    .map(|f| mapped.fields.get(&lower(&f.name)).is_some_and(|plain| !plain))
                    .collect(),
            },
        }
    }

    /// A counted field that is mapped to the source; under `lookup-only` = `ignored` not to a lookup only.
    pub fn source_has_mapped_field(&self, entity: &Node, source: usize, ignore_lookups: bool) -> bool {
        entity.fields.iter().enumerate().any(|(index, field)| match &field.kind {
            FieldKind::Mapped { source: name, .. } => {
                self.counted[index]
                    && !(ignore_lookups && self.lookup_only[index])
                    && entity.source(name) == Some(source)
            }
            FieldKind::Computed { .. } | FieldKind::Virtual => false,
        })
    }
}

fn assumed(catalog: &Catalog, entity: &Node) -> Scope {
    let all = catalog.world.policy.get("internal-fields") == "all";
    let in_scope = entity.public && !entity.partial();
    let counts = |access: &Option<String>| all || access.as_deref().is_none_or(|access| access == "Public");
    Scope {
        in_scope,
        counted: entity.fields.iter().map(|field| in_scope && counts(&field.access)).collect(),
        lookup_only: vec![false; entity.fields.len()],
    }
}

struct Mapped {
    in_scope: bool,
    /// Field in lower case, and whether it is mapped to something else than a lookup.
    fields: BTreeMap<String, bool>,
}

fn mapped_fields(world: &World, catalog: &Catalog, entity: &Node) -> Option<Mapped> {
    let maps = counting_maps(world)?;
    let mut mapped = Mapped { in_scope: false, fields: BTreeMap::new() };
    for map in maps {
        if !resolve(world, catalog, &map.schema).is_some_and(|name| same(&name, &entity.name)) {
            continue;
        }
        mapped.in_scope = true;
        for field in map.fields.iter().filter(|field| field.direction != 2) {
            let plain = !field.destination.contains('.');
            *mapped.fields.entry(lower(&field.field)).or_insert(false) |= plain;
        }
    }
    Some(mapped)
}

/// The highest version per name; maps without a name all count.
fn counting_maps(world: &World) -> Option<Vec<&DualWriteMap>> {
    let all: Vec<&DualWriteMap> = world.maps.as_ref()?.iter().flat_map(|file| &file.maps).collect();
    let version = |map: &DualWriteMap| -> Vec<u64> {
        map.version.split('.').map(|part| part.parse().unwrap_or(0)).collect()
    };
    let beaten = |map: &DualWriteMap| {
        map.name.is_some() && all.iter().any(|other| other.name == map.name && version(other) > version(map))
    };
    Some(all.iter().copied().filter(|map| !beaten(map)).collect())
}

/// `sourceSchema` → entity: the first rule that fits any entity, then the lowest name.
fn resolve(world: &World, catalog: &Catalog, schema: &str) -> Option<String> {
    let named = |name: &Option<String>| name.as_deref().is_some_and(|name| same(name, schema));
    let by_label = |node: &Node| {
        let Some(id) = node.label.as_deref().and_then(|label| label.strip_prefix('@')) else {
            return false;
        };
        world.labels.iter().any(|label| id == format!("{}:{}", label.file, label.id) && label.text == schema)
    };
    let rules: [&dyn Fn(&Node) -> bool; 5] = [
        &|node| same(&node.name, schema),
        &|node| named(&node.public_entity_name),
        &|node| named(&node.public_collection_name),
        &|node| node.label.as_deref() == Some(schema),
        &by_label,
    ];
    // The nodes are ordered by name.
    rules.iter().find_map(|rule| {
        let entities = catalog.nodes.values().filter(|node| node.kind == NodeKind::Entity);
        entities.into_iter().find(|node| rule(node)).map(|node| node.name.clone())
    })
}
