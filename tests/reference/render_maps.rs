//! Dual-write maps as JSON files, in each of the shapes of SPEC 8.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::{Value, json};

use super::model::{DualWriteMap, MapShape, World};

pub fn write_maps(world: &World, folder: &Path) -> io::Result<()> {
    let Some(files) = &world.maps else {
        return Ok(());
    };
    fs::create_dir_all(folder)?;
    for (number, file) in files.iter().enumerate() {
        let bare = |map: &DualWriteMap| json!({ "name": "[x] - [y]", "legs": [leg(map)] });
        let value = match file.shape {
            MapShape::Bare => file.maps.first().map_or(json!([]), bare),
            MapShape::Array => file.maps.iter().map(bare).collect(),
            MapShape::DoubleEncoded => Value::String(file.maps.first().map_or(json!([]), bare).to_string()),
            MapShape::Project => {
                let tasks: Vec<Value> = file.maps.iter().map(|map| json!({ "legs": [leg(map)] })).collect();
                json!({ "entityMappingTasks": tasks })
            }
            MapShape::Dataverse => {
                let rows: Vec<Value> = file
                    .maps
                    .iter()
                    .map(|map| {
                        json!({ "msdyn_name": map.name, "msdyn_version": map.version,
                                "msdyn_mapping": bare(map).to_string() })
                    })
                    .collect();
                json!({ "value": rows })
            }
        };
        fs::write(folder.join(format!("map{number}.json")), value.to_string())?;
    }
    Ok(())
}

fn leg(map: &DualWriteMap) -> Value {
    let fields: Vec<Value> = map
        .fields
        .iter()
        .map(|field| {
            let direction =
                if field.as_text { json!(field.direction.to_string()) } else { json!(field.direction) };
            json!({ "syncDirection": direction, "sourceField": field.field,
                    "destinationField": field.destination, "isSystemGenerated": false })
        })
        .collect();
    json!({ "id": "001", "sourceSchema": map.schema, "sourceEnvironmentType": "AX", "sourceFilter": "",
            "destinationSchema": "rows", "destinationEnvironmentType": "CRM", "reversedSourceFilter": "",
            "fieldMappings": fields })
}
