//! `dualtrack maps --format csv`: one line a field row, for Excel; nothing is cut.

use super::View;
use super::json::{field_kind, reasons, tables, trigger};
use super::phrases::found_by_id;
use crate::dualwrite::Transform;
use crate::maps::{FieldView, LegView, MapView, Target};
use crate::report::definitions_csv::harmless;
use std::io::{self, Write};

const HEAD: [&str; 19] = [
    "Map",
    "Version",
    "File",
    "SourceSchema",
    "Entity",
    "FoundBy",
    "DataverseTable",
    "Direction",
    "SourceField",
    "Field",
    "Kind",
    "DestinationField",
    "LookupTable",
    "Transforms",
    "SystemGenerated",
    "Sent",
    "Triggers",
    "Reasons",
    "Tables",
];

/// Writes the rows in the order of the text; UTF-8 with a mark and CRLF, which Excel expects.
pub fn write(view: &View, out: &mut dyn Write) -> io::Result<()> {
    out.write_all("\u{feff}".as_bytes())?;
    let mut csv = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out);
    csv.write_record(HEAD)?;
    for map in view.maps {
        for leg in &map.legs {
            for field in &leg.fields {
                csv.write_record(cells(view, map, leg, field).map(|cell| harmless(&cell).into_owned()))?;
            }
        }
    }
    csv.flush()
}

fn cells(view: &View, map: &MapView, leg: &LegView, field: &FieldView) -> [String; HEAD.len()] {
    let catalog = &view.judged.model.catalog;
    let entity = leg.entity.as_ref();
    let row = field.row;
    let name = match field.target {
        Target::Field(id, ix) => catalog.element(id).field_at(ix).name.text.to_string(),
        _ => String::new(),
    };
    [
        map.map.display_name().to_owned(),
        map.map.version.as_deref().unwrap_or_default().to_owned(),
        map.map.file.path.to_string(),
        leg.leg.source_schema.to_string(),
        entity.map(|entity| catalog.element(entity.id).name.text.to_string()).unwrap_or_default(),
        entity.map(|entity| found_by_id(entity.by).to_owned()).unwrap_or_default(),
        leg.leg.destination_schema.to_string(),
        row.direction.id().to_owned(),
        row.source_field.to_string(),
        name,
        field_kind(view, field.target).to_owned(),
        row.destination_field.to_string(),
        row.lookup_entity.to_string(),
        row.read_transforms().map(transform).collect::<Vec<_>>().join("; "),
        yes_no(row.system_generated),
        yes_no(row.direction.is_outbound()),
        field.status.map(trigger).unwrap_or_default().to_owned(),
        reasons(view, field).join("; "),
        tables(view, field).join("; "),
    ]
}

fn transform(transform: Transform) -> String {
    match transform {
        Transform::Default(_) => "default".to_owned(),
        Transform::ValueMap(values) => format!("value map ({values})"),
        Transform::Other(kind) => kind.to_owned(),
    }
}

fn yes_no(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}
