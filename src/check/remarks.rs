//! Allowances in X++: `// dualtrack: allow(rule) reason`.
//!
//! A remark covers what follows it: the entry or statement below (or before it, on the same line), the whole
//! method where it stands above the method's head, everything about the element where it stands in the
//! declaration. Only the user's own files are read.

use crate::config::Config;
use crate::engine::Judged;
use crate::finding::{Allowance, Finding, Scope, Site};
use crate::rules;
use crate::source::{FileId, Lines, Place, SourceFile};
use crate::text::decode;
use memchr::memmem;
use rayon::prelude::*;

/// What every remark begins with.
const SIGN: &str = "dualtrack:";
/// So many remarks of a file are read: each looks for its method.
const MOST: usize = 1_000;
/// What it allows with.
const ALLOW: &str = "allow(";

/// Remarks of all own files: what they allow, and what is wrong with them.
#[derive(Default)]
pub(super) struct Remarks {
    pub(super) allowances: Vec<Allowance>,
    pub(super) findings: Vec<Finding>,
}

impl Remarks {
    pub(super) fn read(judged: &Judged, config: &Config) -> Self {
        let files = &judged.model.files;
        let is_there =
            |file: &SourceFile| files.roots.get(file.root as usize).is_some_and(|root| !root.listed);
        let own: Vec<(FileId, &SourceFile)> = files
            .ids()
            .filter(|(id, file)| is_there(file) && judged.model.is_own_file(config, *id))
            .filter(|(id, _)| judged.model.may_have_remarks(*id))
            .collect();
        let read: Vec<Self> = own.par_iter().map(|(id, file)| of_file(judged, *id, file)).collect();
        let mut all = Self::default();
        for Self { allowances, findings } in read {
            all.allowances.extend(allowances);
            all.findings.extend(findings);
        }
        all
    }
}

fn of_file(judged: &Judged, id: FileId, file: &SourceFile) -> Remarks {
    let mut remarks = Remarks::default();
    let Ok(bytes) = std::fs::read(&file.absolute) else { return remarks };
    // UTF-16 is rare enough to be decoded in any case.
    if memmem::find(&bytes, SIGN.as_bytes()).is_none() && !crate::text::is_utf16(&bytes) {
        return remarks;
    }
    let Ok(text) = decode(&bytes) else { return remarks };
    let defined = judged.model.catalog.elements().find(|(_, e)| e.place.is_some_and(|p| p.file == id));
    let name = defined.map(|(_, element)| &*element.name.text);
    for found in remarks_in(&text) {
        let place = Place { file: id, line: found.line, column: found.column };
        let site = Site::Metadata(place);
        let subject = name.unwrap_or(file.stem());
        if found.reason.is_empty() || found.rules.is_empty() {
            remarks.findings.push(rules::invalid_allowance(subject, site.clone(), None));
        }
        for rule in found.rules {
            match rules::info(rule) {
                None => remarks.findings.push(rules::invalid_allowance(subject, site.clone(), Some(rule))),
                Some(_) if found.reason.is_empty() => {}
                Some(info) => remarks.allowances.push(Allowance {
                    rule: info.name.into(),
                    reason: found.reason.into(),
                    scope: Scope::Lines {
                        file: id,
                        from: found.from,
                        to: found.to,
                        of: subject.into(),
                        whole: found.is_whole && name.is_some(),
                    },
                    site: site.clone(),
                }),
            }
        }
    }
    remarks
}

/// A remark as it stands in a file.
#[derive(Debug, PartialEq, Eq)]
struct Remark<'a> {
    line: u32,
    column: u32,
    rules: Vec<&'a str>,
    reason: &'a str,
    /// The lines that it covers.
    from: u32,
    to: u32,
    /// It stands in a declaration.
    is_whole: bool,
}

fn remarks_in(text: &str) -> Vec<Remark<'_>> {
    let mut lines = Lines::new(text.as_bytes());
    let signs = memmem::find_iter(text.as_bytes(), SIGN);
    signs.take(MOST).filter_map(|at| remark(text, at, &mut lines)).collect()
}

fn remark<'a>(text: &'a str, at: usize, lines: &mut Lines<'_>) -> Option<Remark<'a>> {
    let line_start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let comment = text[line_start..at].trim_end().trim_end_matches('/');
    let slashes = text[line_start..at].trim_end().len() - comment.len();
    if slashes < 2 {
        return None;
    }
    let body = Body::around(text, at)?;
    let line_end = text[at..].find(['\r', '\n']).map_or(text.len(), |end| at + end).min(body.to);
    let what = text[at + SIGN.len()..line_end].trim_start();
    let (rules, reason) = what.strip_prefix(ALLOW).and_then(|rest| rest.split_once(')')).unwrap_or(("", ""));
    let rules = rules.split(',').map(str::trim).filter(|rule| !rule.is_empty()).collect();
    let position = lines.position(line_start + comment.len());
    let (from, to) = if body.is_declaration {
        (1, u32::MAX)
    } else {
        body.covered(text, line_start + comment.len(), line_start, line_end, lines)
    };
    Some(Remark {
        line: position.line,
        column: position.column,
        rules,
        reason: reason.trim_start().trim_start_matches([':', '-']).trim(),
        from,
        to,
        is_whole: body.is_declaration,
    })
}

/// X++ inside a file.
struct Body {
    from: usize,
    to: usize,
    is_declaration: bool,
}

impl Body {
    /// The declaration or method around an offset.
    fn around(text: &str, at: usize) -> Option<Self> {
        let open = |tag: &str| text[..at].rfind(tag).map(|from| from + tag.len());
        let (source, declaration) = (open("<Source>"), open("<Declaration>"));
        let is_declaration = declaration > source;
        let from = source.max(declaration)?;
        let end = if is_declaration { "</Declaration>" } else { "</Source>" };
        let to = from + text[from..].find(end)?;
        (at < to).then_some(Self { from, to, is_declaration })
    }

    /// First and last line that a remark of a method covers: the comment starts at `comment`.
    fn covered(
        &self,
        text: &str,
        comment: usize,
        line_start: usize,
        line_end: usize,
        lines: &mut Lines<'_>,
    ) -> (u32, u32) {
        let line = lines.line(comment);
        if is_code(&text[line_start.max(self.from)..comment]) {
            return (line, line);
        }
        let before = text[self.from..comment].strip_prefix("<![CDATA[").unwrap_or(&text[self.from..comment]);
        if !before.lines().any(|line| is_code(line) && !line.trim_start().starts_with('[')) {
            return (lines.line(self.from), lines.line(self.to));
        }
        let below: Vec<&str> = text[line_end..self.to].lines().skip(1).collect();
        let Some(first) = below.iter().position(|line| is_code(line)) else { return (line, line) };
        let is_entry = below[first].trim_start().starts_with('[');
        let end = below[first..].iter().position(|line| is_entry || line.contains(';')).unwrap_or(0);
        (line, line.saturating_add(u32::try_from(first + end + 1).unwrap_or(u32::MAX)))
    }
}

/// A line that is neither empty nor a comment.
fn is_code(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with("//")
}

#[cfg(test)]
mod tests {
    use super::remarks_in;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<String> {
        let shown = |r: &super::Remark| {
            let whole = if r.is_whole { " whole" } else { "" };
            format!("{}:{} {:?} '{}' {}-{}{whole}", r.line, r.column, r.rules, r.reason, r.from, r.to)
        };
        remarks_in(text).iter().map(shown).collect()
    }

    const CLASS: &str = "<AxClass>
<Declaration><![CDATA[
// dualtrack: allow(unknown-field) the whole of it
class A
{
}
]]></Declaration>
<Method><Name>a</Name><Source><![CDATA[
    /// <summary>
    // dualtrack: allow(a, b): the method
    [Hookable(false)]
    public static container a(container m)
    {
        // dualtrack: allow(c) - the statement
        m += [
            [1, 2, 3], // dualtrack: allow(d) this line
            // dualtrack: allow(e) the entry
            [4, 5, 6],
            [7, 8, 9]
        ];
        str s = 'dualtrack: allow(no) no comment';
        // dualtrack: disallow(f)
        // dualtrack: allow(g)
        return m;
    }
]]></Source></Method>
<!-- // dualtrack: allow(no) no X++ -->
</AxClass>
";

    #[test]
    fn a_remark_covers_what_follows_it() {
        insta::assert_snapshot!(found(CLASS).join("\n"), @r#"
        3:1 ["unknown-field"] 'the whole of it' 1-4294967295 whole
        10:5 ["a", "b"] 'the method' 8-26
        14:9 ["c"] 'the statement' 14-20
        16:24 ["d"] 'this line' 16-16
        17:13 ["e"] 'the entry' 17-18
        22:9 [] '' 22-24
        23:9 ["g"] '' 23-24
        "#);
        assert_eq!(found(&CLASS.replace('\n', "\r\n")), found(CLASS));
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "(<Source>|</Source>|<Declaration>|// |dualtrack:|allow\\(|\\)|a|ä|;|\\[|\n|\r){0,40}") {
            for remark in remarks_in(&text) {
                prop_assert!(remark.from <= remark.to && remark.line >= 1);
            }
        }
    }
}
