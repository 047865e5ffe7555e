//! The edits between two texts: whole lines first, then only the bytes of them that differ.

use crate::edit::TextEdit;
use std::ops::Range;

/// Beyond this many pairs of lines, the middle of a text is replaced as a whole.
const PAIRS: usize = 4_000_000;

/// The edits that turn one text into another, by place.
pub(super) fn edits(old: &str, new: &str) -> Vec<TextEdit> {
    let (a, b): (Vec<&str>, Vec<&str>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let hunks = hunks(&a, &b);
    let (old_at, new_at) = (offsets(&a), offsets(&b));
    hunks
        .into_iter()
        .map(|(was, is)| {
            let range = old_at[was.start]..old_at[was.end];
            narrowed(old, range, &new[new_at[is.start]..new_at[is.end]])
        })
        .collect()
}

fn offsets(lines: &[&str]) -> Vec<usize> {
    let ends = lines.iter().scan(0, |at, line| {
        *at += line.len();
        Some(*at)
    });
    std::iter::once(0).chain(ends).collect()
}

type Hunk = (Range<usize>, Range<usize>);

/// Runs of lines that differ.
fn hunks(old: &[&str], new: &[&str]) -> Vec<Hunk> {
    let same = |(left, right): &(&&str, &&str)| left == right;
    let head = old.iter().zip(new).take_while(same).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(same).count();
    let (old, new) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    if old.is_empty() && new.is_empty() {
        return Vec::new();
    }
    if old.len() * new.len() > PAIRS {
        return vec![(head..head + old.len(), head..head + new.len())];
    }
    let mut hunks: Vec<Hunk> = Vec::new();
    let mut from = (0, 0);
    for to in common(old, new).into_iter().chain([(old.len(), new.len())]) {
        if from.0 < to.0 || from.1 < to.1 {
            hunks.push((head + from.0..head + to.0, head + from.1..head + to.1));
        }
        from = (to.0 + 1, to.1 + 1);
    }
    hunks
}

/// Positions of a longest common subsequence.
fn common(x: &[&str], y: &[&str]) -> Vec<(usize, usize)> {
    let width = y.len() + 1;
    let mut lengths = vec![0_u32; (x.len() + 1) * width];
    for i in (0..x.len()).rev() {
        for j in (0..y.len()).rev() {
            lengths[i * width + j] = if x[i] == y[j] {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < x.len() && j < y.len() {
        if x[i] == y[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// A replacement without the characters that both have at their start or end.
fn narrowed(old: &str, range: Range<usize>, text: &str) -> TextEdit {
    let was = &old[range.clone()];
    let equal = |(a, b): &(char, char)| a == b;
    let head: usize = was.chars().zip(text.chars()).take_while(equal).map(|(c, _)| c.len_utf8()).sum();
    let rest = (&was[head..], &text[head..]);
    let pairs = rest.0.chars().rev().zip(rest.1.chars().rev());
    let tail: usize = pairs.take_while(equal).map(|(c, _)| c.len_utf8()).sum();
    TextEdit { range: range.start + head..range.end - tail, text: text[head..text.len() - tail].to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::edited;
    use super::edits;
    use proptest::prelude::*;

    #[test]
    fn only_what_differs_changes() {
        let found = edits("a\nb,\nc\n", "a\nb\nc\nd\n");
        let shown: Vec<_> = found.iter().map(|e| (e.range.clone(), e.text.as_str())).collect();
        assert_eq!(shown, [(3..4, ""), (7..7, "d\n")]);
        assert_eq!(edits("same\n", "same\n"), []);
    }

    proptest! {
        #[test]
        fn the_edits_lead_there(old in "[ab\u{e4}\n]{0,30}", new in "[ab\u{e4}\n]{0,30}") {
            let found = edits(&old, &new);
            prop_assert!(found.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start));
            prop_assert_eq!(edited(&old, &found), new);
        }
    }
}
