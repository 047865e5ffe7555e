//! What else a leg says: fields that are not there, lookups, transforms, filters, keys.

use super::View;
use super::phrases::{self, listed};
use crate::dualwrite::{Direction, Transform};
use crate::maps::{FieldView, LegView, Target};
use crate::report::wrap::{either, labelled};
use crate::text::{count, did_you_mean};
use crate::words::{Teller, shown};
use std::io::{self, Write};

/// Writes what there is.
pub(super) fn write(view: &View, leg: &LegView, out: &mut dyn Write) -> io::Result<()> {
    let notes = Notes { view, leg };
    notes.unknown(out)?;
    notes.lookups(out)?;
    notes.transforms(out)?;
    notes.filters(out)?;
    notes.keys(out)
}

/// The field of a row: spelled as the entity spells it, else as the map does; a fixed value by its column.
pub(super) fn name(teller: Teller, field: &FieldView) -> String {
    match field.target {
        Target::Field(id, ix) => teller.field_name(id, ix),
        Target::Constant => format!("(fixed value of {})", shown(&field.row.destination_field)),
        _ => shown(&field.row.source_field),
    }
}

struct Notes<'a> {
    view: &'a View<'a>,
    leg: &'a LegView<'a>,
}

impl Notes<'_> {
    fn name(&self, field: &FieldView) -> String {
        name(self.view.teller(), field)
    }

    fn list(&self, names: &[String]) -> String {
        listed(names, self.view.whole())
    }

    /// Fields that are not there, are not judged, or have no direction.
    fn unknown(&self, out: &mut dyn Write) -> io::Result<()> {
        let missing: Vec<_> = self.leg.fields.iter().filter_map(|field| self.missing(field)).collect();
        if !missing.is_empty() {
            labelled(out, "Unknown", &format!("the entity has no field {}", self.list(&missing)))?;
        }
        let of = |is: &dyn Fn(&FieldView) -> bool| -> Vec<String> {
            self.leg.fields.iter().filter(|field| is(field)).map(|field| self.name(field)).collect()
        };
        let system = of(&|field| field.target == Target::System);
        if !system.is_empty() {
            let text = format!(
                "{}: a system field that the entity does not declare; whether its change triggers is not judged",
                self.list(&system)
            );
            labelled(out, "System", &text)?;
        }
        let lost =
            of(&|field| field.row.direction == Direction::Unknown && !field.row.source_field.is_empty());
        if !lost.is_empty() {
            let text =
                format!("{}: no known syncDirection (1, 2 or 3), so it does not count", self.list(&lost));
            labelled(out, "Unknown", &text)?;
        }
        Ok(())
    }

    fn missing(&self, field: &FieldView) -> Option<String> {
        let Target::Missing(nearest) = field.target else { return None };
        let near: Vec<_> = nearest.iter().map(|name| shown(name)).collect();
        let near = did_you_mean(&near);
        let near = near.trim_start_matches("; ");
        let hint = if near.is_empty() { String::new() } else { format!(" ({near})") };
        Some(format!("{}{hint}", self.name(field)))
    }

    fn lookups(&self, out: &mut dyn Write) -> io::Result<()> {
        let lookups = self.leg.fields.iter().filter(|field| field.row.is_lookup()).map(|field| {
            let table = match &*field.row.lookup_entity {
                "" => String::new(),
                table => format!(" ({})", shown(table)),
            };
            format!("{} to {}{table}", self.name(field), shown(&field.row.destination_field))
        });
        let lookups: Vec<_> = lookups.collect();
        if lookups.is_empty() {
            return Ok(());
        }
        labelled(out, "Lookups", &format!("{}: {}", lookups.len(), self.list(&lookups)))
    }

    fn transforms(&self, out: &mut dyn Write) -> io::Result<()> {
        let (mut maps, mut defaults, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for field in &self.leg.fields {
            let name = self.name(field);
            for transform in field.row.read_transforms() {
                match transform {
                    Transform::ValueMap(values) => maps.push(format!("{name} ({})", count(values, "value"))),
                    Transform::Default(Some(value)) => {
                        defaults.push(format!("{name} = {}", shown(&text(value))));
                    }
                    Transform::Default(None) => defaults.push(name.clone()),
                    Transform::Other(kind) => others.push(format!("{name} ({})", shown(kind))),
                }
            }
        }
        let kinds = [
            (maps, "value map", "value maps"),
            (defaults, "default value", "default values"),
            (others, "other transform", "other transforms"),
        ];
        for (position, (names, one, many)) in
            kinds.into_iter().filter(|(names, ..)| !names.is_empty()).enumerate()
        {
            let label = if position == 0 { "Values" } else { "" };
            let kind = either(names.len(), one, many);
            labelled(out, label, &format!("{} {kind}: {}", names.len(), self.list(&names)))?;
        }
        Ok(())
    }

    /// As written.
    fn filters(&self, out: &mut dyn Write) -> io::Result<()> {
        let (to, from) = (self.leg.leg.source_filter.trim(), self.leg.leg.reversed_source_filter.trim());
        let filters = [(to, "to Dataverse"), (from, "from Dataverse")];
        for (position, (filter, way)) in
            filters.into_iter().filter(|(filter, _)| !filter.is_empty()).enumerate()
        {
            let label = if position == 0 { "Filter" } else { "" };
            labelled(out, label, &format!("{way}: {}", shown(filter)))?;
        }
        Ok(())
    }

    fn keys(&self, out: &mut dyn Write) -> io::Result<()> {
        for (position, key) in self.leg.keys.iter().enumerate() {
            labelled(out, if position == 0 { "Keys" } else { "" }, &phrases::key(key))?;
        }
        if self.leg.has_broken_key() {
            let text = "Fields are mapped both ways, so the fields of the key must be as well [DOC: error DIPV1004].";
            labelled(out, "", text)?;
        }
        Ok(())
    }
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
