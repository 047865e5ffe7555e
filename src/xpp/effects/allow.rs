//! Comments that accept a finding: `// dualtrack: allow(rule) reason`.

use super::facts::Allow;
use crate::source::Position;
use crate::xpp::code::Code;

/// The allow comments of a source. `body` is the token that opens the body: what stands before it is about the whole
/// method.
pub(super) fn allows(code: &Code<'_>, body: Option<usize>) -> Vec<Allow> {
    let mut allows = Vec::new();
    for (token, position) in &code.comments {
        let text = token.text(code.source);
        let Some((rules, reason)) = allowed(text) else { continue };
        let next = code.tokens.partition_point(|other| other.start < token.start);
        let line = match body {
            Some(open) if next <= open => None,
            _ => Some(line(code, next, *position)),
        };
        allows.extend(rules.split(',').map(str::trim).filter(|rule| !rule.is_empty()).map(|rule| Allow {
            rule: rule.into(),
            reason: (!reason.is_empty()).then(|| reason.into()),
            position: *position,
            line,
        }));
    }
    allows
}

/// The line that a comment is about: its own when code stands before it there, else that of the next code.
fn line(code: &Code<'_>, next: usize, comment: Position) -> u32 {
    let before = next.checked_sub(1).map(|previous| code.position(previous).line);
    let behind = code.position(next).line;
    if before == Some(comment.line) || behind == comment.line { comment.line } else { behind }
}

/// The rules and the reason of an allow comment.
fn allowed(comment: &str) -> Option<(&str, &str)> {
    let text = comment.trim_start_matches(['/', '*']);
    let text = text.strip_suffix("*/").unwrap_or(text);
    let rest = behind_word(text.trim(), "dualtrack")?.strip_prefix(':')?;
    let rest = behind_word(rest, "allow")?.strip_prefix('(')?;
    let (rules, reason) = rest.split_once(')')?;
    Some((rules, reason.trim_start_matches([':', '-', '–', '—', ' ', '\t']).trim()))
}

/// What follows a word, in any case, and the blanks behind it.
fn behind_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let text = text.trim_start();
    let start = text.get(..word.len())?;
    start.eq_ignore_ascii_case(word).then(|| text[word.len()..].trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Vec<(String, Option<String>, Option<u32>)> {
        let code = Code::read(source, Position { line: 1, column: 1 });
        let open = code.find(code.all(), |at| code.is(at, "{"));
        allows(&code, Some(open))
            .into_iter()
            .map(|allow| (allow.rule.into(), allow.reason.map(Into::into), allow.line))
            .collect()
    }

    fn one(
        rule: &str,
        reason: Option<&str>,
        line: Option<u32>,
    ) -> Vec<(String, Option<String>, Option<u32>)> {
        vec![(rule.to_owned(), reason.map(str::to_owned), line)]
    }

    #[test]
    fn on_the_line_or_above_it() {
        let beside =
            "void f()\n{\n    x.doUpdate(); // dualtrack: allow(bypassing-write) import only\n    y();\n}";
        assert_eq!(read(beside), one("bypassing-write", Some("import only"), Some(3)));
        let above = "void f()\n{\n    y();\n    // dualtrack: allow(bypassing-write) import only\n    // more\n\n    x();\n}";
        assert_eq!(read(above), one("bypassing-write", Some("import only"), Some(7)));
        let inside = "void f()\n{\n    /* DualTrack : Allow( a-rule ) - why */ x();\n}";
        assert_eq!(read(inside), one("a-rule", Some("why"), Some(3)));
    }

    #[test]
    fn before_the_body_it_is_about_the_method() {
        for source in [
            "/// <summary>\n// dualtrack: allow(r) why\nvoid f()\n{ x(); }",
            "void f() // dualtrack: allow(r) why\n{ x(); }",
            "void f(int a, // dualtrack: allow(r) why\n int b) { x(); }",
        ] {
            assert_eq!(read(source), one("r", Some("why"), None), "{source}");
        }
    }

    #[test]
    fn a_reason_is_kept_apart_from_none() {
        assert_eq!(read("{ // dualtrack: allow(r)\nx(); }"), one("r", None, Some(1)));
        assert_eq!(read("{ // dualtrack: allow(r) :\nx(); }"), one("r", None, Some(1)));
        assert_eq!(read("{ // dualtrack: allow(a, b) c\nx(); }").len(), 2);
        for other in [
            "// dualtrack",
            "// dualtrack: allow",
            "// dualtrack: allow(r",
            "// allow(r) x",
            "// dualtrack allow(r) x",
        ] {
            assert_eq!(read(&format!("{{ {other}\nx(); }}")), vec![], "{other}");
        }
    }
}
