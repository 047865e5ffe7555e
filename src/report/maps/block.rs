//! One table map in full.

use super::found;
use super::groups::{Group, groups};
use super::notes;
use super::phrases::{found_by, listed, schema, ways};
use super::{View, verdict};
use crate::catalog::{Binding, ElementId};
use crate::dualwrite::{Direction, Version};
use crate::maps::{Counts, FieldView, FoundEntity, LegView, MapView, Target};
use crate::report::style::{DIM, STRONG, Styled};
use crate::report::wrap::{LABEL, WIDTH, Wrapped, either, labelled, lines};
use crate::suggest::FieldStatus;
use crate::text::{count, did_you_mean, name_key};
use crate::tracking::Origin;
use crate::words::shown;
use std::io::{self, Write};

/// Writes a map: its verdict, then where it comes from, then each leg.
pub(super) fn write(view: &View, map: &MapView, out: &mut dyn Write) -> io::Result<()> {
    let name = shown(map.map.display_name());
    let (style, text) = verdict(&map.counts());
    for (position, line) in lines(&format!("{name}: {text}"), WIDTH).into_iter().enumerate() {
        let style = if position == 0 { style.bold() } else { style };
        writeln!(out, "{}", Styled(style, line))?;
    }
    labelled(out, "File", &file(view, map))?;
    for (position, leg) in (1..).zip(&map.legs) {
        if map.legs.len() > 1 {
            writeln!(out, "{}", Styled(STRONG, format!("Leg {position}")))?;
        }
        Block { view, map, leg }.write(out)?;
    }
    if map.legs.is_empty() {
        labelled(out, "Fields", "none: the map has no leg")?;
    }
    Ok(())
}

/// The file, the version, and why it is this one.
fn file(view: &View, map: &MapView) -> String {
    let file = shown(&map.map.file.path);
    let Some(version) = map.map.version.as_deref() else { return file };
    let text = format!("{file}, version {}", shown(version));
    if map.others.is_empty() {
        return text;
    }
    let wanted = map.map.name.as_deref().and_then(|name| {
        view.config.map_versions.iter().find(|(known, _)| name_key(known) == name_key(name)).map(|(_, v)| v)
    });
    let configured = wanted.is_some_and(|wanted| Version::of(wanted) == Version::of(version));
    let others = map.others.iter().map(|other| {
        let version = other.map.version.as_deref().map_or_else(|| "none".to_owned(), shown);
        let again = if other.same { ", the same again" } else { "" };
        format!("{version} ({}{again})", shown(&other.map.file.path))
    });
    let why = if configured { "as configured" } else { "the highest" };
    let others = listed(&others.collect::<Vec<_>>(), view.whole());
    format!("{text}, {why}; not counted: {others}")
}

/// A sentence of advice as the end of another.
fn as_part(advice: &str) -> String {
    let advice = advice.trim_end_matches('.');
    let mut chars = advice.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

struct Block<'a> {
    view: &'a View<'a>,
    map: &'a MapView<'a>,
    leg: &'a LegView<'a>,
}

impl Block<'_> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        labelled(out, "Entity", &self.entity())?;
        self.fields(out)?;
        for group in &groups(self.view.teller(), self.leg) {
            self.group(out, group)?;
        }
        self.kinds(out)?;
        notes::write(self.view, self.leg, out)?;
        self.rows(out)?;
        found::write(self.view, self.map, self.leg, out)
    }

    fn entity(&self) -> String {
        let to = match &*self.leg.leg.destination_schema {
            "" => String::new(),
            table => format!("; to {}", shown(table)),
        };
        let Some(entity) = &self.leg.entity else {
            let near: Vec<_> = self.leg.nearest.iter().map(|name| shown(name)).collect();
            return format!("not loaded: no entity {}{}{to}", schema(self.leg), did_you_mean(&near));
        };
        let teller = self.view.teller();
        let model = self.view.judged.model.model_of(teller.element(entity.id));
        let model = model.map_or_else(|| "only extensions are loaded".to_owned(), shown);
        let shared = match entity.shared {
            0 => String::new(),
            n => format!(
                "; {} {} it too, so their fields count together",
                count(n, "other leg"),
                either(n, "maps", "map")
            ),
        };
        format!("{} ({model}), found {}{to}{shared}", teller.name(entity.id), self.how(entity))
    }

    fn how(&self, entity: &FoundEntity) -> String {
        let by = found_by(entity.by);
        let Some(label) = &entity.label else { return format!("{by} {}", schema(self.leg)) };
        let id = self.view.teller().element(entity.id).entity.label.as_deref().unwrap_or_default();
        let file = label.file.as_deref().map_or_else(|| "kept in a snapshot".to_owned(), shown);
        format!("{by}: {} is {} ({}, {file})", shown(id), shown(&label.text), shown(&label.language))
    }

    fn fields(&self, out: &mut dyn Write) -> io::Result<()> {
        let counts = Counts::of(&self.leg.fields);
        labelled(out, "Fields", &format!("{}{}", count(counts.rows, "row"), ways(&counts)))?;
        if !self.view.whole() {
            return Ok(());
        }
        for (label, way) in
            [("", Direction::Both), ("", Direction::ToDataverse), ("", Direction::FromDataverse)]
        {
            let names = self.names(|field| field.row.direction == way);
            let way = match way {
                Direction::Both => "both ways",
                Direction::ToDataverse => "only to Dataverse",
                _ => "only from Dataverse",
            };
            if !names.is_empty() {
                labelled(out, label, &format!("{way}: {}", names.join(", ")))?;
            }
        }
        Ok(())
    }

    /// The fields that are wanted, as the entity spells them.
    fn names(&self, is_wanted: impl Fn(&FieldView) -> bool) -> Vec<String> {
        let wanted = self.leg.fields.iter().filter(|field| is_wanted(field));
        wanted.map(|field| notes::name(self.view.teller(), field)).collect()
    }

    fn group(&self, out: &mut dyn Write, group: &Group) -> io::Result<()> {
        let label = match group.status {
            FieldStatus::Never => "Never",
            FieldStatus::Partly => "Partly",
            _ => "Open",
        };
        let table = if group.table.is_empty() { String::new() } else { format!("{}: ", group.table) };
        let names = listed(&group.fields, self.view.whole());
        labelled(out, label, &format!("{table}{names}"))?;
        let reason = if group.reason.is_empty() { String::new() } else { format!("{}: ", group.reason) };
        let mut text = format!("{reason}{}", group.clause);
        if !group.advice.is_empty() {
            text = format!("{text}; to do: {}", as_part(&group.advice));
        }
        write!(out, "{}", Wrapped { head: format!("{:LABEL$}", ""), width: LABEL, text })?;
        writeln!(out, "{:LABEL$}{}", "", Styled(DIM, format!("dualtrack explain {}", group.example)))
    }

    /// Virtual, computed and received fields.
    fn kinds(&self, out: &mut dyn Write) -> io::Result<()> {
        let whole = self.view.whole();
        let sent = |field: &FieldView| field.row.direction.is_outbound();
        let virtual_fields =
            self.names(|field| sent(field) && self.is_bound(field, |b| matches!(b, Binding::Virtual { .. })));
        if !virtual_fields.is_empty() {
            let text = format!(
                "{}: filled by X++ at run time; no column can change, so {} never sent on {} own [DOC: table map health check 1300]",
                listed(&virtual_fields, whole),
                either(virtual_fields.len(), "it is", "they are"),
                either(virtual_fields.len(), "its", "their")
            );
            labelled(out, "Virtual", &text)?;
        }
        let computed =
            self.leg.fields.iter().filter(|field| {
                sent(field) && self.is_bound(field, |b| matches!(b, Binding::Computed { .. }))
            });
        let computed: Vec<_> = computed.map(|field| self.with_status(field)).collect();
        if !computed.is_empty() {
            labelled(out, "Computed", &listed(&computed, whole))?;
        }
        let received = self.names(|field| field.row.direction == Direction::FromDataverse);
        if !received.is_empty() {
            let text = format!(
                "{}: only from Dataverse; an edit in Finance and Operations is not sent",
                listed(&received, whole)
            );
            labelled(out, "One way", &text)?;
        }
        Ok(())
    }

    fn is_bound(&self, field: &FieldView, is: impl Fn(&Binding) -> bool) -> bool {
        let binding = |id: ElementId, ix| &self.view.teller().element(id).field_at(ix).binding;
        matches!(field.target, Target::Field(id, ix) if is(binding(id, ix)))
    }

    fn with_status(&self, field: &FieldView) -> String {
        let status = match field.status {
            Some(FieldStatus::Never) => " (never)",
            Some(FieldStatus::Partly) => " (partly)",
            Some(FieldStatus::Open) => " (open)",
            Some(FieldStatus::Tracked) | None => "",
        };
        format!("{}{status}", notes::name(self.view.teller(), field))
    }

    fn rows(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.leg.entity.is_none() {
            return Ok(());
        }
        let rows = self.leg.definitions;
        let of = |origin| rows.iter().filter(|row| row.origin == origin).count();
        let split = match rows.len() {
            0 => String::new(),
            _ => format!(
                ": {} by data sources, {} by mapping entries",
                of(Origin::DataSource),
                of(Origin::MappingMethod)
            ),
        };
        let text = format!("{} of BusinessEventsDefinition predicted{split}", count(rows.len(), "row"));
        labelled(out, "Rows", &text)?;
        if self.view.whole() {
            for row in rows {
                let field = row.ref_table_rec_id_field.as_deref();
                let field = field.map(|field| format!(" ({})", shown(field))).unwrap_or_default();
                let text = format!("{}, {}{field}", shown(&row.ref_table_name), shown(&row.data_source_name));
                labelled(out, "", &text)?;
            }
        }
        Ok(())
    }
}
