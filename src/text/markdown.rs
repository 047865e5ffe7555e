//! Text inside Markdown: no name can become markup.

use super::{Shown, is_harmful};

/// Text whose names may hold what Markdown would act on.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '#' | '|' | '[' | ']') {
            plain.push('\\');
        }
        push_html(c, &mut plain);
    }
    plain
}

/// Text inside an HTML element that stands in Markdown, for readers that look for links there too.
pub fn html(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '[' => html.push_str("&#91;"),
            ']' => html.push_str("&#93;"),
            '`' => html.push_str("&#96;"),
            _ => push_html(c, &mut html),
        }
    }
    html
}

/// A line end would begin a block, and the text of a name with it.
fn push_html(c: char, out: &mut String) {
    match c {
        '\n' => out.push(' '),
        _ if is_harmful(c) => out.extend(c.escape_unicode()),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '&' => out.push_str("&amp;"),
        _ => out.push(c),
    }
}

/// Code in a line.
pub fn tick(text: &str) -> String {
    format!("`{}`", Shown(&text.replace('`', "'")))
}

/// A cell of a table: a bar inside code needs an escape too.
pub fn cell(text: &str) -> String {
    if text.starts_with('`') { text.replace('|', "\\|") } else { text.to_owned() }
}

/// Code as a block of its own; no line of it can end the block.
pub fn fence(code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}\n{}\n{fence}", code.trim_end_matches('\n'))
}

#[cfg(test)]
mod tests {
    use super::{cell, fence, html, plain, tick};

    #[test]
    fn no_name_becomes_markup() {
        assert_eq!(plain("<b>&*a*_[x](y)`|"), "&lt;b&gt;&amp;\\*a\\*\\_\\[x\\](y)\\`\\|");
        assert_eq!(html("a<b>[c]`"), "a&lt;b&gt;&#91;c&#93;&#96;");
        assert_eq!(plain("a\n---\u{1b}"), "a ---\\u{1b}");
        assert_eq!(tick("a`b\n"), "`a'b\\u{a}`");
        assert_eq!(cell("`a|b`"), "`a\\|b`");
        assert_eq!(fence("a"), "```\na\n```");
        assert_eq!(fence("````"), "`````\n````\n`````");
    }
}
