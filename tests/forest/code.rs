//! X++ that looks like X++: comments, strings, brackets, and tables that are named without being read.

use super::random::Random;
use super::shape::{Element, Target};
use super::xml::Xml;
use std::fmt::Write as _;

const VERBS: [&str; 8] = ["validate", "init", "update", "calc", "find", "check", "default", "post"];

/// Methods with a total of about `bytes` bytes.
pub fn methods(xml: &mut Xml, random: &mut Random, table: &str, bytes: usize) {
    let end = xml.len() + bytes;
    let mut number = 0;
    while xml.len() < end {
        let name = format!("{}{}{number}", random.pick(&VERBS), table);
        let body = plain(random, &name, table, (end - xml.len()).min(4000));
        method(xml, &name, &body);
        number += 1;
    }
}

pub fn method(xml: &mut Xml, name: &str, source: &str) {
    xml.element("Method", |xml| {
        xml.value("Name", name).code("Source", source);
    });
}

fn plain(random: &mut Random, name: &str, table: &str, bytes: usize) -> String {
    let mut code = format!(
        "    /// <summary>\n    /// Says whether the record may be changed.\n    /// </summary>\n    public boolean {name}(boolean _strict = false)\n    {{\n        {table} other;\n        boolean ret = true;\n\n"
    );
    while code.len() + 120 < bytes {
        match random.below(4) {
            0 => code.push_str("        // It's not decided yet; see the posting profile (\"default\").\n"),
            1 => {
                let _ = write!(
                    code,
                    "        select firstonly RecId from other\n            where other.RecId == this.RecId && other.Value > {};\n\n",
                    random.below(100)
                );
            }
            2 => code.push_str(
                "        if (ret && !_strict)\n        {\n            ret = checkFailed(strFmt('@SYS%1 <%2>', this.RecId, \"a, b\"));\n        }\n\n",
            ),
            _ => {
                let _ = writeln!(
                    code,
                    "        ret = ret && this.{}{}(tableNum({table}));",
                    random.pick(&VERBS),
                    random.below(10)
                );
            }
        }
    }
    code.push_str("        return ret;\n    }\n");
    code
}

/// The body of a computed column that reads one field.
pub fn computed(name: &str, entity: &str, source: &str, table: &str, field: &str) -> String {
    format!(
        "    private static server str {name}()\n    {{\n        return SysComputedColumn::returnField(\n            tableStr({entity}),\n            identifierStr({source}),\n            fieldStr({table}, {field}));\n    }}\n"
    )
}

/// A method `getEntityDataSourceToFieldMapping` that registers the tables behind nested entities.
pub fn mapping(random: &mut Random, entity: &str, element: &Element, next: bool) -> String {
    let name = "getEntityDataSourceToFieldMapping";
    let mut code =
        format!("    public static container {name}(container mapping)\n    {{\n        mapping += [\n");
    if next {
        code = format!(
            "    public static container {name}(container mapping)\n    {{\n        mapping = next {name}(mapping);\n        mapping += [\n"
        );
    }
    let count = 1 + random.below(4);
    for n in 0..count {
        let field = random.pick(&element.fields);
        let source = &element.sources[field.source];
        let Target::Table(_) = source.target else { continue };
        let (source, table, field) = (&source.name, source.target.name(), &field.name);
        let comma = if n + 1 < count { "," } else { "" };
        let _ = writeln!(
            code,
            "            [identifierStr({source}), tableNum({table}), fieldStr({entity}, {field})]{comma}"
        );
    }
    code.push_str("        ];\n\n        return mapping;\n    }\n");
    code
}
