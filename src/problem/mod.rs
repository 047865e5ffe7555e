//! What any stage has to complain about: a code, a place and facts. Nothing is printed where it is found.

mod code;

pub use code::{Code, Severity};

use crate::source::{FileId, Place, Position};
use serde::{Deserialize, Serialize};

/// Named facts of a problem, in the order in which they were added.
pub type Facts = Vec<(Box<str>, Box<str>)>;

/// A complaint about the input, bound to a loaded file where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of complaint.
    pub code: Code,
    /// Where, when the place is in a metadata file.
    pub place: Option<Place>,
    /// What the text needs: element, field, reason, …
    pub facts: Facts,
}

/// A complaint made while one file is read, before the file has an id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalProblem {
    /// What kind of complaint.
    pub code: Code,
    /// Where in the file.
    pub position: Position,
    /// As in [`Problem::facts`].
    pub facts: Facts,
}

impl LocalProblem {
    /// A complaint at a position of the file at hand.
    pub fn new(code: Code, position: Position) -> Self {
        Self { code, position, facts: Vec::new() }
    }

    /// Adds a fact.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl AsRef<str>) -> Self {
        self.facts.push((key.into(), value.as_ref().into()));
        self
    }

    /// Binds the complaint to its file.
    pub fn in_file(self, file: FileId) -> Problem {
        Problem { code: self.code, place: Some(self.position.in_file(file)), facts: self.facts }
    }
}

impl Problem {
    /// A complaint at a place of a loaded file, or about the run as a whole.
    pub fn new(code: Code, place: Option<Place>) -> Self {
        Self { code, place, facts: Vec::new() }
    }

    /// Adds a fact.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl AsRef<str>) -> Self {
        self.facts.push((key.into(), value.as_ref().into()));
        self
    }

    /// The fact of this name.
    pub fn fact(&self, key: &str) -> Option<&str> {
        self.facts.iter().find(|(k, _)| &**k == key).map(|(_, v)| &**v)
    }

    /// The message: the text of the code with its facts filled in. What stands in a fact is never filled in
    /// again; a place without its fact stays as it is.
    pub fn message(&self) -> String {
        let mut rest = self.code.template();
        let mut text = String::new();
        while let Some((before, (key, after))) =
            rest.split_once('{').and_then(|(before, place)| Some((before, place.split_once('}')?)))
        {
            text.push_str(before);
            match self.fact(key) {
                Some(value) => text.push_str(value),
                None => text.extend(["{", key, "}"]),
            }
            rest = after;
        }
        text + rest
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, Problem};

    #[test]
    fn a_fact_that_looks_like_a_place_stays_as_it_is() {
        let problem = Problem::new(Code::UnreadableFile, None).with("path", "{reason}.xml");
        assert_eq!(problem.clone().with("reason", "locked").message(), "cannot open {reason}.xml: locked");
        assert_eq!(problem.message(), "cannot open {reason}.xml: {reason}");
    }
}
