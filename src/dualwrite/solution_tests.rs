use super::*;
use crate::dualwrite::{MapFile, TableMap, parse_maps};
use crate::problem::Problem;
use proptest::prelude::*;
use std::sync::Arc;

const MAPPING: &str = r#"{"name":"[Units] - [uoms]","legs":[{"sourceSchema":"Units","destinationSchema":"uoms",
    "sourceFilter":"(A < \"x\" && B > 1)","fieldMappings":[{"syncDirection":3,"sourceField":"SYMBOL","destinationField":"s"}]}]}"#;

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

fn solution(rows: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<ImportExportXml xmlns:xsi=\"x\" version=\"9.2\">\n\
         <Entities><Entity><Name>msdyn_dualwriteentitymap</Name><EntityInfo><entity Name=\"msdyn_dualwriteentitymap\"/>\
         </EntityInfo></Entity></Entities>\n<msdyn_dualwriteentitymaps>\n{rows}</msdyn_dualwriteentitymaps>\n\
         <Languages><Language>1033</Language></Languages>\n</ImportExportXml>"
    )
}

fn parse(text: &str) -> (Vec<TableMap>, Vec<String>) {
    let path = "a.zip/customizations.xml";
    let file = Arc::new(MapFile { path: path.into(), root: 0, location: "a.zip".into() });
    let (maps, problems) = parse_maps(text.as_bytes(), &file);
    (maps, problems.iter().map(Problem::message).collect())
}

#[test]
fn the_rows_of_a_solution_are_maps() {
    let text = solution(&format!(
        "<msdyn_dualwriteentitymap msdyn_dualwriteentitymapid=\"{{1}}\">\n  <iscustomizable>1</iscustomizable>\n\
           <msdyn_displayname default=\"Units\"><label description=\"Units\"/></msdyn_displayname>\n\
           <msdyn_mapping>{}</msdyn_mapping>\n  <msdyn_name>uoms - Units</msdyn_name>\n\
           <msdyn_version> 1.0.0.2 </msdyn_version>\n</msdyn_dualwriteentitymap>\n\
         <x:MSDYN_DualWriteEntityMap msdyn_name=\"A &amp; B\" msdyn_version=\"2\">\
           <!-- one --><x:msdyn_mapping><![CDATA[{MAPPING}]]></x:msdyn_mapping></x:MSDYN_DualWriteEntityMap>\n\
         <msdyn_dualwriteentitymap msdyn_name=\"empty\" msdyn_version=\"1\" msdyn_mapping=\"{}\"/>\n",
        escaped(MAPPING),
        escaped(r#"{"legs":[]}"#)
    ));
    let (maps, problems) = parse(&text);
    assert_eq!(problems, [""; 0]);
    let names: Vec<_> = maps
        .iter()
        .map(|map| (map.name.as_deref().unwrap(), map.version.as_deref().unwrap(), map.legs.len()))
        .collect();
    assert_eq!(names, [("uoms - Units", "1.0.0.2", 1), ("A & B", "2", 1), ("empty", "1", 0)]);
    for map in &maps[..2] {
        assert_eq!(&*map.legs[0].source_filter, "(A < \"x\" && B > 1)");
        assert_eq!(map.legs[0].fields.len(), 1);
        assert_eq!(map.title.as_deref(), Some("[Units] - [uoms]"));
    }
}

#[test]
fn one_record_of_an_unpacked_solution_is_a_map() {
    let record = format!(
        "\u{feff}<msdyn_dualwriteentitymap>\r\n<msdyn_name>N</msdyn_name><msdyn_mapping>{}</msdyn_mapping></msdyn_dualwriteentitymap>",
        escaped(&serde_json::Value::from(MAPPING).to_string())
    );
    let (maps, problems) = parse(&record);
    assert_eq!(problems, [""; 0]);
    assert_eq!((maps.len(), maps[0].legs[0].fields.len()), (1, 1), "JSON inside JSON text as well");
}

#[test]
fn complaints() {
    let row =
        |columns: &str| solution(&format!("<msdyn_dualwriteentitymap>{columns}</msdyn_dualwriteentitymap>"));
    let messages = [
        solution(""),
        "<ImportExportXml>\n  <a></b>".to_owned(),
        row("<msdyn_name>N</msdyn_name>"),
        row("<msdyn_name>N</msdyn_name><msdyn_mapping>{\"legs\":</msdyn_mapping>"),
        row("<msdyn_name>N</msdyn_name><msdyn_mapping>{}</msdyn_mapping>"),
        "<msdyn_dualwriteentitymap><msdyn_name>".to_owned(),
    ]
    .map(|text| parse(&text).1.join("; "));
    insta::assert_snapshot!(messages.join("\n"), @r"
    a.zip/customizations.xml holds no table map; skipped
    a.zip/customizations.xml: not valid XML in line 2, column 6: ill-formed document: expected `</a>`, but `</b>` was found
    a.zip/customizations.xml: N has no msdyn_mapping; export that column too
    a.zip/customizations.xml: msdyn_mapping of N is not valid JSON in line 1, column 8: EOF while parsing a value
    a.zip/customizations.xml: msdyn_mapping of N holds no table map
    a.zip/customizations.xml: not valid XML in line 1, column 39: the file ends before its elements are closed
    ");
}

#[test]
fn what_can_hold_maps_is_told_by_its_path() {
    for path in [
        "customizations.xml",
        "Other/Customizations.XML",
        "src/msdyn_dualwriteentitymaps/{1}.xml",
        "x/MSDYN_dualwriteentitymap.xml",
    ] {
        assert!(can_hold_maps(path), "{path}");
    }
    for path in
        ["solution.xml", "customizations.json", "Entities/Account/Entity.xml", "my_customizations.xml", ""]
    {
        assert!(!can_hold_maps(path), "{path}");
    }
}

proptest! {
    #[test]
    fn any_text_is_safe(text in "(<|>|/|&|;|\"|=|a|msdyn_dualwriteentitymap|msdyn_mapping|<!\\[CDATA\\[|\\]\\]>|<!--| |\\n){0,40}") {
        rows(&text);
        parse(&text);
    }

    #[test]
    fn any_mapping_survives(mapping in "[ -~äß\n]{0,40}") {
        let text = solution(&format!(
            "<msdyn_dualwriteentitymap><msdyn_mapping>{}</msdyn_mapping></msdyn_dualwriteentitymap>", escaped(&mapping)));
        let (rows, fault) = rows(&text);
        prop_assert_eq!(fault, None);
        prop_assert_eq!(rows[0]["msdyn_mapping"].as_str(), Some(mapping.trim()));
    }
}
