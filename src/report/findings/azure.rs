//! Logging commands of Azure Pipelines: an issue at each place.

use super::View;
use super::source::Sources;
use crate::finding::{Severity, Sifted};
use std::io::{self, Write};

/// Writes one command for each error and warning that is shown; Azure Pipelines has no third kind.
pub fn write(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let sources = Sources::new(view.judged, view.config);
    let mut shown: Vec<&Sifted> = view.report.shown().collect();
    shown.sort_by_key(|s| std::cmp::Reverse(s.finding.severity));
    for sifted in shown {
        let finding = &sifted.finding;
        let kind = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => continue,
        };
        let mut properties = vec![format!("type={kind}")];
        if let Some(spot) = sources.exact(&finding.site) {
            properties.push(format!("sourcepath={}", property(&spot.repository_path())));
            properties.extend(spot.line.map(|line| format!("linenumber={line}")));
            properties.extend(spot.column.map(|column| format!("columnnumber={column}")));
        }
        properties.push(format!("code={}", property(finding.rule.name)));
        let message = data(&super::whole_message(finding));
        writeln!(out, "##vso[task.logissue {};]{message}", properties.join(";"))?;
    }
    Ok(())
}

/// A text behind the bracket.
fn data(text: &str) -> String {
    text.replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value inside the brackets.
fn property(text: &str) -> String {
    data(text).replace(';', "%3B").replace(']', "%5D")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn no_name_ends_a_command_or_starts_another() {
        assert_eq!(data("100%\r\n##vso[x]"), "100%AZP25%0D%0A##vso[x]");
        assert_eq!(property("a;b]c\n%"), "a%3Bb%5Dc%0A%AZP25");
    }
}
