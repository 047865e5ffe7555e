//! The tables that SQL text reads from, as far as a method that builds the text names them.

/// Finds the first name after each `FROM` and `JOIN`, with its offset in the text.
///
/// Keywords are whole words in any case; `dbo.` and square brackets around a name are left out. A parenthesis, a
/// placeholder such as `%1`, or the end of the text stands for no name.
pub(super) fn sql_tables(text: &str) -> impl Iterator<Item = (usize, &str)> {
    words(text).filter_map(|(start, end)| {
        let word = &text[start..end];
        let reads = word.eq_ignore_ascii_case("from") || word.eq_ignore_ascii_case("join");
        if reads { name_at(text, end) } else { None }
    })
}

/// The ranges of the words of a text.
fn words(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(is_word_part)?;
        at = end_of_word(text, start);
        Some((start, at))
    })
}

fn end_of_word(text: &str, start: usize) -> usize {
    text[start..].find(|c| !is_word_part(c)).map_or(text.len(), |length| start + length)
}

fn is_word_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '@' | '#' | '$')
}

fn name_at(text: &str, at: usize) -> Option<(usize, &str)> {
    let start = at + text[at..].find(|c: char| !c.is_whitespace())?;
    let (name, end) = part_at(text, start)?;
    if name.1.eq_ignore_ascii_case("dbo") && text[end..].starts_with('.') {
        return part_at(text, end + 1).map(|(name, _)| name);
    }
    Some(name)
}

/// A name or `[name]` with its offset; also where it ends.
fn part_at(text: &str, start: usize) -> Option<((usize, &str), usize)> {
    if text[start..].starts_with('[') {
        let close = start + text[start..].find(']')?;
        let name = text[start + 1..close].trim();
        return is_name(name).then_some(((start + 1, name), close + 1));
    }
    let end = end_of_word(text, start);
    let name = &text[start..end];
    let goes_on = text[end..].starts_with('%');
    (is_name(name) && !goes_on).then_some(((start, name), end))
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_') && !text.contains('%')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(text: &str) -> Vec<&str> {
        sql_tables(text).map(|(_, name)| name).collect()
    }

    #[test]
    fn names_after_from_and_join() {
        assert_eq!(
            names("SELECT A FROM CustTable c INNER JOIN\n DirPartyTable d ON c.X = d.Y"),
            ["CustTable", "DirPartyTable"]
        );
        assert_eq!(names("select 1 from custTable left outer join(select 2 FROM b) x"), ["custTable", "b"]);
    }

    #[test]
    fn schema_and_brackets_are_left_out() {
        assert_eq!(
            names("FROM dbo.A JOIN [dbo].[B] JOIN DBO.[C] JOIN [D] JOIN [dbo].E FROM[F]"),
            ["A", "B", "C", "D", "E", "F"]
        );
        assert_eq!(names("FROM [ My View ]"), ["My View"]);
    }

    #[test]
    fn what_is_no_name() {
        for text in [
            "FROM (SELECT 1)",
            "FROM %1",
            "FROM dbo.%1",
            "FROM [%1]",
            "FROM Cust%1",
            "FROM",
            "FROM ",
            "FROM dbo.",
            "FROM [x",
            "FROM #temp",
            "FROM @rows",
            "FROM 1",
            "FROM 'x'",
            "AFROM x",
            "FROMAGE x",
            "JOIN_x y",
            "[from] x",
            "@from x",
        ] {
            assert_eq!(names(text), Vec::<&str>::new(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(FROM|join|dbo|\\.|\\[|\\]|%1|\\(| |é|x|\n|#){0,30}") {
            for (offset, name) in sql_tables(&text) {
                prop_assert!(offset < text.len() && !name.is_empty());
            }
        }
    }
}
