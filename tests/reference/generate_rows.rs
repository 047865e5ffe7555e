//! Random rows of mapping methods: entries that hit what the entity really reads, and wrong ones.

use super::effective::{Catalog, NodeKind, same};
use super::equality::{column_of, equal_pairs, equal_to};
use super::generate::{MISSING, Maker};
use super::generate_mapping::Writing;
use super::lineage::{Kind, Leaf, leaves, record_path};
use super::model::{Comment, Function, Part, Row, World};

/// What entries of an entity may sensibly name.
pub struct Candidates {
    pub entity: String,
    pub fields: Vec<String>,
    /// (table, first source of the path, fields that hold its RecId).
    pub records: Vec<(String, String, Vec<String>)>,
}

pub fn candidates(world: &World) -> Vec<Candidates> {
    let catalog = Catalog::new(world);
    let mut found = Vec::new();
    for node in catalog.nodes.values().filter(|node| node.kind == NodeKind::Entity) {
        let pairs = equal_pairs(&catalog, node);
        let of_field: Vec<(String, Vec<Leaf>)> = node
            .fields
            .iter()
            .map(|field| (field.name.clone(), leaves(&catalog, node, &field.name)))
            .collect();
        let mut records: Vec<(String, String, Vec<String>)> = Vec::new();
        for leaf in of_field.iter().flat_map(|(_, leaves)| leaves) {
            let Some(table) = leaf.table.clone().filter(|table| !leaf.unresolved && catalog.is_table(table))
            else {
                continue;
            };
            let equal = equal_to(&pairs, &(record_path(&catalog, leaf), "recid".to_string()));
            let holds = |other: &Leaf| match leaf.kind {
                Kind::Sql => {
                    other.column_is("RecId") && other.table.as_deref().is_some_and(|t| same(t, &table))
                }
                _ => column_of(&catalog, other).is_some_and(|column| equal.contains(&column)),
            };
            let exact =
                of_field.iter().filter(|(_, leaves)| leaves.iter().any(holds)).map(|(name, _)| name.clone());
            let exact: Vec<String> = exact.collect();
            let label = leaf.path.first().cloned().unwrap_or_else(|| table.clone());
            records.push((table, label, exact));
        }
        let fields = of_field.into_iter().map(|(name, _)| name).collect();
        found.push(Candidates { entity: node.name.clone(), fields, records });
    }
    found
}

impl Maker {
    pub fn comment(&mut self, writing: &mut Writing) -> Comment {
        let mut rows = Vec::new();
        for _ in 0..self.random.below(3) {
            let mut row = self.plain_row(writing.candidates);
            row.mark = self.mark();
            rows.push(row);
        }
        let note = if rows.is_empty() || self.random.chance(50) {
            "Trimmed: see the list".to_string()
        } else {
            String::new()
        };
        Comment { block: self.random.chance(40), note, rows, spread: self.random.chance(30) }
    }

    /// One entry; now and then an earlier one again, or one that is wrong in some way.
    pub fn row(&mut self, writing: &mut Writing) -> Row {
        if !writing.rows.is_empty() && self.random.chance(14) {
            let mut again = self.random.pick(&writing.rows).clone();
            again.mark = self.mark();
            if self.random.chance(35) && again.parts.len() == 3 {
                let field = self.random.pick(&writing.candidates.fields).clone();
                again.parts[2] = self.field_part(&writing.candidates.entity, &field);
            }
            return again;
        }
        let mut row = self.plain_row(writing.candidates);
        match self.random.below(100) {
            0..=2 => {
                row.parts.pop();
            }
            3 | 4 => {
                let more = row.parts[0].clone();
                row.parts.push(more);
            }
            5..=8 => {
                row.parts[1] = part(
                    Function::TableNum,
                    "tableNum",
                    &self.random.pick_text(&["PartyMap", "Entity00", "View00"]),
                )
            }
            9..=11 => {
                let other = self.field_part("Entity99", "RecId");
                row.parts[2] = other;
            }
            12..=14 => {
                let entity = writing.candidates.entity.clone();
                row.parts[2] = self.field_part(&entity, "NoSuchField");
            }
            15..=19 if self.oddly(100) => row.parts[1] = part(Function::TableNum, "tableNum", MISSING[0]),
            20..=24 => {
                let entity = writing.candidates.entity.clone();
                row.parts[2] = self.field_part(&entity, "RecId");
            }
            _ => {}
        }
        writing.rows.push(row.clone());
        row
    }

    fn plain_row(&mut self, candidates: &Candidates) -> Row {
        let any_field = self.random.pick(&candidates.fields).clone();
        let (table, label, field) = if candidates.records.is_empty() || self.random.chance(12) {
            let table = self.random.pick_text(&[
                "CustTable",
                "PartyTable",
                "GroupTable",
                "CountryTable",
                "PhoneTable",
            ]);
            (table.clone(), table, any_field)
        } else {
            // Records behind a field that holds their RecId come first.
            let with_field: Vec<_> =
                candidates.records.iter().filter(|record| !record.2.is_empty()).collect();
            let record = match with_field.is_empty() || self.random.chance(35) {
                true => self.random.pick(&candidates.records),
                false => *self.random.pick(&with_field),
            };
            let (table, label, exact) = record.clone();
            let exact =
                (!exact.is_empty() && self.random.chance(80)).then(|| self.random.pick(&exact).clone());
            (table, label, exact.unwrap_or(any_field))
        };
        let table = if self.random.chance(10) && same(&table, "PersonTable") {
            "PartyTable".to_string()
        } else {
            table
        };
        let label = match self.random.below(8) {
            0 => part(Function::DataEntityViewStr, "dataEntityViewStr", &candidates.entity),
            1 => part(Function::TableStr, "TABLESTR", &candidates.entity),
            2 | 3 => {
                part(Function::IdentifierStr, "identifierStr", &format!("Label{}", self.random.below(4)))
            }
            4 => part(Function::Text, "'", &label),
            5 => part(Function::IdentifierStr, "identifierStr", &label),
            _ => part(Function::TableStr, "tableStr", &label),
        };
        let spelling = self.random.pick_text(&["tableNum", "tablenum"]);
        let table = part(Function::TableNum, &spelling, &self.random.case(&table));
        let field = self.field_part(&candidates.entity, &field);
        Row { mark: self.mark(), parts: vec![label, table, field] }
    }

    fn field_part(&mut self, entity: &str, field: &str) -> Part {
        if self.random.chance(12) && entity != "Entity99" {
            return part(Function::Text, "\"", field);
        }
        let owner = self.random.case(entity);
        Part {
            function: Function::FieldStr,
            spelling: self.random.pick_text(&["fieldStr", "fieldstr"]),
            owner,
            name: self.random.case(field),
        }
    }
}

fn part(function: Function, spelling: &str, name: &str) -> Part {
    Part { function, spelling: spelling.to_string(), owner: String::new(), name: name.to_string() }
}
