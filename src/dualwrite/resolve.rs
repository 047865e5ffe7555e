//! Which entity a `sourceSchema` means.

use crate::aot::EntityNames;
use crate::text::{NearestIndex, name_key, name_order};
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

/// By which rule an entity was found; the first that fits any entity counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchedBy {
    /// The configuration names the entity.
    Alias,
    /// AOT name.
    Name,
    /// `PublicEntityName`.
    PublicEntityName,
    /// `PublicCollectionName`.
    PublicCollectionName,
    /// `Label` as written in the entity.
    Label,
    /// The text that the label identifier stands for.
    LabelText,
}

/// The texts of a label identifier, each with the rank of its language: lower ranks go first.
type Labels<'a> = &'a dyn Fn(&str) -> Vec<(usize, String)>;

/// Finds the entities of maps; built once, then each question is a few look-ups.
pub struct Resolver<'a> {
    entities: &'a [EntityNames],
    aliases: HashMap<String, &'a str>,
    rules: [(MatchedBy, Index); 4],
    labels: Labels<'a>,
    label_texts: OnceCell<LabelIndex>,
}

/// Name in lower case → entity with the lowest name.
type Index = HashMap<String, usize>;

#[derive(Default)]
struct LabelIndex {
    index: Index,
    texts: Vec<String>,
}

impl<'a> Resolver<'a> {
    /// Prepares the look-ups. `labels` is asked only when all other rules fail for some map.
    pub fn new(
        entities: &'a [EntityNames],
        aliases: &'a BTreeMap<String, String>,
        labels: Labels<'a>,
    ) -> Self {
        let mut order: Vec<usize> = (0..entities.len()).collect();
        order.sort_by(|a, b| name_order(&entities[*a].name, &entities[*b].name));
        let index = |name: fn(&EntityNames) -> &str| {
            index(order.iter().map(|entity| (name(&entities[*entity]), *entity)))
        };
        let rules = [
            (MatchedBy::Name, index(|entity| &entity.name)),
            (MatchedBy::PublicEntityName, index(|entity| &entity.public_entity_name)),
            (MatchedBy::PublicCollectionName, index(|entity| &entity.public_collection_name)),
            (MatchedBy::Label, index(|entity| &entity.label)),
        ];
        let aliases = aliases.iter().map(|(schema, entity)| (name_key(schema), entity.as_str())).collect();
        Self { entities, aliases, rules, labels, label_texts: OnceCell::new() }
    }

    /// The entities, as they were given.
    pub fn entities(&self) -> &'a [EntityNames] {
        self.entities
    }

    /// The entity that `schema` means, as an index, and the rule that found it.
    pub fn find(&self, schema: &str) -> Option<(usize, MatchedBy)> {
        let key = name_key(schema);
        if key.is_empty() {
            return None;
        }
        let named = |name: &str| self.rules[0].1.get(&name_key(name)).copied();
        if let Some(entity) = self.aliases.get(&key).and_then(|name| named(name)) {
            return Some((entity, MatchedBy::Alias));
        }
        let plain = self.rules.iter().find_map(|(by, index)| Some((*index.get(&key)?, *by)));
        plain.or_else(|| Some((*self.label_texts().index.get(&key)?, MatchedBy::LabelText)))
    }

    fn label_texts(&self) -> &LabelIndex {
        self.label_texts.get_or_init(|| {
            let mut with_label: Vec<_> = (0..self.entities.len())
                .filter(|i| self.entities[*i].label.trim().starts_with('@'))
                .collect();
            with_label.sort_by(|a, b| name_order(&self.entities[*a].name, &self.entities[*b].name));
            let texts = with_label.iter().flat_map(|entity| {
                let texts = (self.labels)(&self.entities[*entity].label).into_iter();
                texts.map(|(language, text)| (language, text, *entity))
            });
            let mut texts: Vec<_> = texts.collect();
            texts.sort_by_key(|(language, ..)| *language);
            let (texts, entities): (Vec<String>, Vec<usize>) =
                texts.into_iter().map(|(_, text, entity)| (text, entity)).unzip();
            let index = index(texts.iter().map(String::as_str).zip(entities));
            LabelIndex { index, texts }
        })
    }

    /// The names of all entities, under which [`Resolver::nearest`] looks.
    pub fn candidates(&self) -> NearestIndex<'_> {
        let plain = self.entities.iter().flat_map(|entity| {
            [&entity.name, &entity.public_entity_name, &entity.public_collection_name, &entity.label]
        });
        let plain = plain.map(|name| &**name).filter(|name| !name.starts_with('@'));
        NearestIndex::new(plain.chain(self.label_texts().texts.iter().map(String::as_str)))
    }

    /// The up to three entities nearest to `schema`, each as `Name`, or as `Label (Name)` where not the name is near.
    pub fn nearest(&self, schema: &str, candidates: &NearestIndex<'_>) -> Vec<String> {
        let mut seen = Vec::new();
        let mut shown = Vec::new();
        for candidate in candidates.find(schema, 12) {
            let Some((entity, _)) = self.find(candidate).filter(|(entity, _)| !seen.contains(entity)) else {
                continue;
            };
            seen.push(entity);
            let name = &*self.entities[entity].name;
            shown.push(if name == candidate {
                name.to_owned()
            } else {
                format!("{} ({name})", candidate.trim())
            });
        }
        shown.truncate(3);
        shown
    }
}

/// The first entity of each name counts; `names` stand in order of the entities' names.
fn index<'n>(names: impl Iterator<Item = (&'n str, usize)>) -> Index {
    let mut index = Index::new();
    for (name, entity) in names {
        let key = name_key(name);
        if !key.is_empty() {
            index.entry(key).or_insert(entity);
        }
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    fn entity(name: &str, public: &str, collection: &str, label: &str) -> EntityNames {
        EntityNames {
            name: name.into(),
            public_entity_name: public.into(),
            public_collection_name: collection.into(),
            label: label.into(),
        }
    }

    fn customers() -> Vec<EntityNames> {
        vec![
            entity("ZCustomers", "CustomerV3", "CustomersV3", "Customers V3"),
            entity("ACustomers", "CustomersV3", "Other", "@Cust:V3"),
            entity("CustomerV3", "", "", "customers v3 "),
        ]
    }

    fn text(label: &str) -> Vec<(usize, String)> {
        let texts: &[&str] = match label {
            "@Cust:V3" => &["Customers third", "Third customers"],
            "@Cust:V2" => &["Third customers"],
            _ => &[],
        };
        (0..).zip(texts.iter().map(ToString::to_string)).collect()
    }

    #[test]
    fn the_first_rule_that_fits_any_entity_counts() {
        let (entities, none) = (customers(), BTreeMap::new());
        let find = |schema: &str| Resolver::new(&entities, &none, &text).find(schema);
        assert_eq!(find("customerv3"), Some((2, MatchedBy::Name)));
        assert_eq!(find(" CustomersV3 "), Some((1, MatchedBy::PublicEntityName)));
        assert_eq!(find("other"), Some((1, MatchedBy::PublicCollectionName)));
        assert_eq!(find("CUSTOMERS V3"), Some((2, MatchedBy::Label)), "the lowest name of two");
        assert_eq!(find("Customers Third"), Some((1, MatchedBy::LabelText)));
        assert_eq!(find("nothing"), None);
        assert_eq!(find(""), None);
    }

    #[test]
    fn an_alias_goes_first_unless_its_entity_is_not_loaded() {
        let entities = customers();
        let aliases = [("CustomerV3", "zcustomers"), ("Other", "NotLoaded"), ("x", "CustomersV3")];
        let aliases = aliases.map(|(a, b)| (a.to_owned(), b.to_owned())).into();
        let find = |schema: &str| Resolver::new(&entities, &aliases, &text).find(schema);
        assert_eq!(find("customerV3"), Some((0, MatchedBy::Alias)));
        assert_eq!(find("other"), Some((1, MatchedBy::PublicCollectionName)));
        assert_eq!(find("x"), None, "an alias names an AOT name, not a public name");
    }

    #[test]
    fn labels_are_asked_only_when_needed() {
        let (entities, none, asked) = (customers(), BTreeMap::new(), Cell::new(0));
        let counting = |label: &str| {
            asked.set(asked.get() + 1);
            text(label)
        };
        let resolver = Resolver::new(&entities, &none, &counting);
        resolver.find("Customers V3");
        assert_eq!(asked.get(), 0);
        resolver.find("unknown");
        resolver.find("unknown too");
        assert_eq!(asked.get(), 1);
    }

    #[test]
    fn a_text_in_the_first_language_goes_before_the_same_in_the_next() {
        let entities = [entity("A", "", "", "@Cust:V3"), entity("B", "", "", "@Cust:V2")];
        let none = BTreeMap::new();
        let find = |schema: &str| Resolver::new(&entities, &none, &text).find(schema);
        assert_eq!(find("Third Customers"), Some((1, MatchedBy::LabelText)));
        assert_eq!(find("customers third"), Some((0, MatchedBy::LabelText)));
    }

    #[test]
    fn near_entities_are_named_once() {
        let (entities, none) = (customers(), BTreeMap::new());
        let resolver = Resolver::new(&entities, &none, &text);
        let near = resolver.nearest("Customers V4", &resolver.candidates());
        assert_eq!(near, ["Customers V3 (CustomerV3)", "CustomersV3 (ACustomers)", "ZCustomers"]);
    }
}
