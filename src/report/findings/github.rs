//! Workflow commands of GitHub Actions: an annotation at each place.

use super::View;
use super::source::Sources;
use crate::finding::{Severity, Sifted};
use std::io::{self, Write};

/// Writes one command for each finding that is shown, errors first: GitHub shows the first ten of a kind.
pub fn write(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let sources = Sources::new(view.judged, view.config);
    let mut shown: Vec<&Sifted> = view.report.shown().collect();
    shown.sort_by_key(|s| std::cmp::Reverse(s.finding.severity));
    for sifted in shown {
        let finding = &sifted.finding;
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let mut properties = Vec::new();
        if let Some(spot) = sources.exact(&finding.site) {
            properties.push(format!("file={}", property(&spot.repository_path())));
            properties.extend(spot.line.map(|line| format!("line={line}")));
            properties.extend(spot.column.map(|column| format!("col={column}")));
        }
        properties.push(format!("title={}", property(finding.rule.name)));
        writeln!(out, "::{command} {}::{}", properties.join(","), data(&super::whole_message(finding)))?;
    }
    Ok(())
}

/// A text behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value before it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn no_name_ends_a_command_or_starts_another() {
        assert_eq!(data("100%\r\n::set-output"), "100%25%0D%0A::set-output");
        assert_eq!(property("a,b:c\n%"), "a%2Cb%3Ac%0A%25");
    }
}
