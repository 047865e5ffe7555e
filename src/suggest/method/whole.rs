//! Whole statements and methods in the form of the AOT.

use super::NAME;
use crate::suggest::triple::Triple;
use crate::text::Shown;

/// Comments are wrapped at this width, indentation included.
const WIDTH: usize = 110;

/// `mapping += […];` as lines without their ends; the first is meant to stand where the indentation ends already.
pub(in crate::suggest) fn appended(variable: &str, triples: &[&Triple], indent: &str) -> Vec<String> {
    if let [only] = triples {
        let mut lines = comment(&only.comment, indent);
        lines.push(format!("{indent}{variable} += [{}];", only.code()));
        return lines;
    }
    let deeper = format!("{indent}{}", unit(indent));
    let mut lines = vec![format!("{indent}{variable} += [")];
    for (position, triple) in triples.iter().enumerate() {
        let comma = if position + 1 < triples.len() { "," } else { "" };
        lines.extend(comment(&triple.comment, &deeper));
        lines.push(format!("{deeper}{}{comma}", triple.code()));
    }
    lines.push(format!("{indent}];"));
    lines
}

/// One step of indentation in the style of what stands around.
fn unit(indent: &str) -> &'static str {
    if indent.contains('\t') { "\t" } else { "    " }
}

/// A comment in lines of a bounded width; none for an empty text. Names in it may hold anything, a line end too: what
/// stands behind that would be code.
fn comment(text: &str, indent: &str) -> Vec<String> {
    let text = Shown(text).to_string();
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{indent}// {word}")),
        }
    }
    lines
}

/// The complete method, indented as in the AOT, with `\n` line ends and one at its end. `next` calls what it wraps.
pub(in crate::suggest) fn complete(triples: &[Triple], next: bool) -> String {
    let mut lines = vec![
        "    /// <summary>".to_owned(),
        "    /// Registers tables behind nested data sources, so that their changes reach the entity."
            .to_owned(),
        "    /// </summary>".to_owned(),
        "    /// <param name = \"mapping\">The list built so far.</param>".to_owned(),
        "    /// <returns>The list with the tables that are registered here.</returns>".to_owned(),
        format!("    public static container {NAME}(container mapping)"),
        "    {".to_owned(),
    ];
    if next {
        lines.push(format!("        mapping = next {NAME}(mapping);"));
        lines.push(String::new());
    }
    if !triples.is_empty() {
        lines.extend(appended("mapping", &triples.iter().collect::<Vec<_>>(), "        "));
        lines.push(String::new());
    }
    lines.push("        return mapping;".to_owned());
    lines.push("    }".to_owned());
    lines.join("\n") + "\n"
}
