//! By which fields dual-write finds a record: the integration key of a map, else the key of the entity.

use super::EntityLeg;
use crate::catalog::{Element, ElementId, FieldIx};
use crate::dualwrite::{FieldMapping, MapKey};
use crate::finding::{Finding, RuleInfo, Severity};
use crate::rules::Input;
use crate::source::Place;
use crate::tracking::Evidence;
use crate::words::shown;

/// Where a key is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyOrigin {
    /// The integration key of the Dataverse table, from the project.
    Dataverse,
    /// The integration key of the F&O entity, from the project.
    Project,
    /// The entity itself: dual-write wants the same key on both sides.
    Entity,
}

/// The key of a leg.
pub(crate) struct LegKey<'a> {
    pub(crate) origin: KeyOrigin,
    pub(crate) parts: Vec<KeyPart<'a>>,
}

/// A field of a key, the company aside, which dual-write adds on its own.
pub(crate) struct KeyPart<'a> {
    /// Name as the key writes it: an entity field, or a column of Dataverse.
    pub(crate) name: String,
    /// The entity field, where one is known.
    pub(crate) field: Option<FieldIx>,
    /// The rows that map it.
    pub(crate) rows: Vec<&'a FieldMapping>,
    /// Where the key names it, when that is the entity.
    pub(crate) place: Option<Place>,
}

impl<'a> Input<'a> {
    /// The key of a leg; `None` when neither the map nor the entity has one.
    pub(crate) fn leg_key(&self, id: ElementId, of: &EntityLeg<'a>) -> Option<LegKey<'a>> {
        let integration = |keys: &'a [MapKey]| keys.iter().find(|k| k.is_integration && !k.fields.is_empty());
        let element = self.catalog().element(id);
        if let Some(key) = integration(&of.leg.destination_keys) {
            let parts = key.fields.iter().filter(|column| !is_company_column(column));
            let parts = parts.map(|column| self.by_column(element, of, column)).collect();
            return Some(LegKey { origin: KeyOrigin::Dataverse, parts });
        }
        if let Some(key) = integration(&of.leg.source_keys) {
            let fields = key.fields.iter().filter(|field| !is_company_field(element, field));
            let parts = fields.map(|field| self.by_field(element, of, field, None)).collect();
            return Some(LegKey { origin: KeyOrigin::Project, parts });
        }
        let fields = self.entity_key(id);
        let parts = fields.into_iter().map(|(name, place)| self.by_field(element, of, name, Some(place)));
        let parts: Vec<_> = parts.collect();
        (!parts.is_empty()).then_some(LegKey { origin: KeyOrigin::Entity, parts })
    }

    /// The fields of the entity's own key, the company aside.
    fn entity_key(&self, id: ElementId) -> Vec<(&'a str, Place)> {
        let element = self.catalog().element(id);
        let fields = element.entity.key().into_iter().flat_map(|key| &key.fields);
        let named = fields.map(|(name, place)| (&*name.text, *place));
        named.filter(|(name, _)| !is_company_field(element, name)).collect()
    }

    /// The entity fields by which records are found, with where a key names them: those of every leg, and
    /// without maps those of the entity's own key.
    pub(crate) fn key_fields(&self, id: ElementId) -> Vec<(FieldIx, Option<Place>)> {
        let element = self.catalog().element(id);
        let legs = self.legs(id);
        let mut found: Vec<(FieldIx, Option<Place>)> = Vec::new();
        let mut add = |ix: Option<FieldIx>, place| {
            if let Some(ix) = ix.filter(|ix| !found.iter().any(|(known, _)| known == ix)) {
                found.push((ix, place));
            }
        };
        for key in legs.iter().filter_map(|leg| self.leg_key(id, leg)) {
            key.parts.iter().for_each(|part| add(part.field, part.place));
        }
        if legs.is_empty() {
            for (name, place) in self.entity_key(id) {
                add(self.field_of(element, name), Some(place));
            }
        }
        found
    }

    fn by_field(
        &self,
        element: &Element,
        of: &EntityLeg<'a>,
        name: &str,
        place: Option<Place>,
    ) -> KeyPart<'a> {
        let field = self.field_of(element, name);
        let name = field.map_or(name, |ix| &element.field_at(ix).name.text).to_owned();
        KeyPart { rows: of.rows_of(&name), field, name, place }
    }

    fn by_column(&self, element: &Element, of: &EntityLeg<'a>, column: &str) -> KeyPart<'a> {
        let rows: Vec<&FieldMapping> = of.leg.fields.iter().filter(|row| row.fills(column)).collect();
        let field = rows.iter().find_map(|row| self.field_of(element, &row.source_field));
        KeyPart { name: column.to_owned(), field, rows, place: None }
    }

    fn field_of(&self, element: &Element, name: &str) -> Option<FieldIx> {
        self.catalog().name(name).and_then(|name| element.field(name))
    }

    /// `key field Entity.Field` or `key column fab_plate`, safe to print.
    pub(crate) fn key_part(&self, id: ElementId, origin: KeyOrigin, part: &KeyPart) -> String {
        match origin {
            KeyOrigin::Dataverse => format!("key column {}", shown(&part.name)),
            KeyOrigin::Project | KeyOrigin::Entity => {
                format!("key field {}.{}", self.teller().name(id), shown(&part.name))
            }
        }
    }

    /// A finding about a field of a leg's key. The entity's own key proves less than an integration key.
    pub(crate) fn key_finding(
        &self,
        info: &'static RuleInfo,
        id: ElementId,
        leg: &EntityLeg,
        (origin, part): (KeyOrigin, &KeyPart),
        message: String,
    ) -> Finding {
        let mut finding = Finding::new(info, self.subject(id), leg.site(), message)
            .key(leg.map.display_name())
            .key(&part.name);
        if let Some(place) = part.place {
            finding = finding.hop(format!("key of {}", self.teller().name(id)), Some(place));
        }
        match origin {
            KeyOrigin::Entity => finding
                .level(Severity::Warning)
                .founded_on(Evidence::Inferred)
                .note("The map file holds no integration key; the entity's own key stands in for it."),
            KeyOrigin::Dataverse | KeyOrigin::Project => finding,
        }
    }
}

/// Whether a field of an entity holds its company.
pub(crate) fn is_company_field(element: &Element, name: &str) -> bool {
    let context = element.entity.primary_company_context.as_ref();
    name.eq_ignore_ascii_case("DataAreaId")
        || context.is_some_and(|(context, _)| context.text.eq_ignore_ascii_case(name))
}

/// Whether a column of Dataverse holds the company: the lookup to `cdm_companies`, or a column behind it.
pub(crate) fn is_company_column(column: &str) -> bool {
    let lookup = column.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let lookup = lookup.trim_start_matches('_');
    let lookup = lookup.strip_suffix("_value").unwrap_or(lookup);
    lookup.ends_with("_company") || lookup.contains("cdm_compan")
}

#[cfg(test)]
mod tests {
    use super::is_company_column;

    #[test]
    fn the_company_in_dataverse() {
        for column in
            ["msdyn_company.cdm_companycode", "_msdyn_company_value", "MSDYN_Company", "cdm_companyid"]
        {
            assert!(is_company_column(column), "{column}");
        }
        for column in ["msdyn_companyname", "accountnumber", "parentaccountid.msdyn_company", ""] {
            assert!(!is_company_column(column), "{column}");
        }
    }
}
