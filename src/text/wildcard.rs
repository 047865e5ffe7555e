//! Patterns with `*`.

/// Whether `text` is what `pattern` says: `*` stands for any characters, ASCII case does not count.
///
/// Never more than length of the pattern × length of the text comparisons.
pub fn is_like(text: &str, pattern: &str) -> bool {
    let (text, pattern) = (text.as_bytes(), pattern.as_bytes());
    let (mut at, mut wanted) = (0, 0);
    // Where the last star stands, and what of the text it has taken so far.
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(wanted) {
            Some(b'*') => {
                star = Some((wanted, at));
                wanted += 1;
            }
            Some(byte) if byte.eq_ignore_ascii_case(&text[at]) => {
                at += 1;
                wanted += 1;
            }
            _ => {
                let Some((place, taken)) = star else { return false };
                star = Some((place, taken + 1));
                (wanted, at) = (place + 1, taken + 1);
            }
        }
    }
    pattern[wanted..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::is_like;
    use proptest::prelude::*;

    #[test]
    fn stars_stand_for_anything() {
        for (text, pattern, expected) in [
            ("CustTable", "custTABLE", true),
            ("CustTable", "Cust*", true),
            ("CustTable", "*table", true),
            ("CustTable", "*", true),
            ("", "", true),
            ("", "**", true),
            ("CustTable", "Cust", false),
            ("CustTable", "", false),
            ("aXbXc", "a*X*c", true),
            ("aXbXd", "a*X*c", false),
            ("aab", "*ab", true),
            ("ä*", "ä*", true),
        ] {
            assert_eq!(is_like(text, pattern), expected, "{text} {pattern}");
        }
    }

    /// Obviously right and slow.
    fn naive(text: &[u8], pattern: &[u8]) -> bool {
        match pattern {
            [] => text.is_empty(),
            [b'*', rest @ ..] => (0..=text.len()).any(|skip| naive(&text[skip..], rest)),
            [first, rest @ ..] => {
                text.first().is_some_and(|byte| byte.eq_ignore_ascii_case(first)) && naive(&text[1..], rest)
            }
        }
    }

    proptest! {
        #[test]
        fn the_same_as_the_definition(text in "[abA]{0,10}", pattern in "[ab*]{0,8}") {
            prop_assert_eq!(is_like(&text, &pattern), naive(text.as_bytes(), pattern.as_bytes()));
        }
    }
}
