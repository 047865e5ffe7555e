//! The policies: questions that public statements leave open, each with a default that can be changed.
//!
//! The table at the end of this file is the only place where a policy is written down. The typed
//! [`Policy`], parsing, the list for users and the JSON of a run all come from it.

use super::Evidence;
use crate::text::nearest;
use serde_json::{Map, Value};
use std::fmt::Write as _;
use thiserror::Error;

/// One value that a policy can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyValue {
    /// As written in the configuration and in JSON.
    pub id: &'static str,
    /// What the tool does under this value.
    pub meaning: &'static str,
}

/// What users need to know about a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyInfo {
    /// As written in the configuration and in JSON.
    pub key: &'static str,
    /// The open question.
    pub question: &'static str,
    /// The allowed values; the first is the default.
    pub values: &'static [PolicyValue],
    /// How well the default is founded.
    pub evidence: Evidence,
    /// What is known, and from where.
    pub source: &'static str,
}

impl PolicyInfo {
    /// The policy of this key.
    pub fn of(key: &str) -> Option<&'static PolicyInfo> {
        POLICIES.iter().find(|info| info.key == key)
    }

    /// The value that counts when nothing is configured.
    pub fn default_value(&self) -> &'static str {
        self.values[0].id
    }

    /// The allowed values as a text: `` `a`, `b` or `c` ``.
    pub fn allowed(&self) -> String {
        let mut text = String::new();
        for (index, value) in self.values.iter().enumerate() {
            let glue = match index {
                0 => "",
                _ if index + 1 == self.values.len() => " or ",
                _ => ", ",
            };
            let _ = write!(text, "{glue}`{}`", value.id);
        }
        text
    }
}

/// A policy setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// There is no such policy.
    #[error("unknown policy `{key}`")]
    UnknownKey {
        /// As written.
        key: String,
        /// The policy that was probably meant.
        nearest: Option<&'static str>,
    },
    /// The policy has no such value.
    #[error("unknown value `{value}` of policy `{}`; allowed: {}", info.key, info.allowed())]
    UnknownValue {
        /// As written.
        value: String,
        /// The policy.
        info: &'static PolicyInfo,
        /// The value that was probably meant.
        nearest: Option<&'static str>,
    },
}

impl PolicyError {
    fn unknown_key(key: &str) -> Self {
        let nearest = nearest(key, POLICIES.iter().map(|info| info.key), 1).first().copied();
        Self::UnknownKey { key: key.to_owned(), nearest }
    }

    fn unknown_value(info: &'static PolicyInfo, value: &str) -> Self {
        let nearest = nearest(value, info.values.iter().map(|known| known.id), 1).first().copied();
        Self::UnknownValue { value: value.to_owned(), info, nearest }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::UnknownKey { nearest: Some(name), .. } | Self::UnknownValue { nearest: Some(name), .. } => {
                format!("did you mean `{name}`?")
            }
            Self::UnknownKey { .. } => "`dualtrack list policies` shows them all".to_owned(),
            Self::UnknownValue { info, .. } => format!("the default is `{}`", info.default_value()),
        }
    }
}

macro_rules! policies {
    ($(
        $type:ident $field:ident $key:literal $evidence:ident
        $question:literal
        $source:literal
        { $first:ident $first_id:literal $first_meaning:literal $(, $value:ident $id:literal $meaning:literal)* $(,)? }
    )*) => {
        $(
            #[doc = $question]
            #[allow(clippy::doc_markdown, reason = "the texts are for users")]
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
            pub enum $type {
                #[doc = $first_meaning]
                #[default]
                $first,
                $(#[doc = $meaning] $value,)*
            }

            impl $type {
                /// Every value, the default first.
                pub const ALL: &'static [Self] = &[Self::$first $(, Self::$value)*];

                /// As written in the configuration and in JSON.
                pub fn id(self) -> &'static str {
                    match self { Self::$first => $first_id, $(Self::$value => $id,)* }
                }
            }
        )*

        /// The choices of one run. The default is that of the specification, section 9.
        #[allow(clippy::doc_markdown, reason = "the texts are for users")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct Policy {
            $(#[doc = $question] pub $field: $type,)*
        }

        /// Every policy, in the order of the specification.
        pub const POLICIES: &[PolicyInfo] = &[$(PolicyInfo {
            key: $key,
            question: $question,
            values: &[
                PolicyValue { id: $first_id, meaning: $first_meaning },
                $(PolicyValue { id: $id, meaning: $meaning },)*
            ],
            evidence: Evidence::$evidence,
            source: $source,
        }),*];

        impl Policy {
            /// Sets the policy `key` to `value`, both as users write them.
            pub fn set(&mut self, key: &str, value: &str) -> Result<(), PolicyError> {
                let info = PolicyInfo::of(key).ok_or_else(|| PolicyError::unknown_key(key))?;
                let unknown = || PolicyError::unknown_value(info, value);
                match key {
                    $($key => {
                        let known = $type::ALL.iter().find(|known| known.id() == value);
                        self.$field = *known.ok_or_else(unknown)?;
                    })*
                    _ => {}
                }
                Ok(())
            }

            /// The values of this run as (key, value), in the order of the list.
            pub fn values(&self) -> [(&'static str, &'static str); POLICIES.len()] {
                [$(($key, self.$field.id())),*]
            }
        }
    };
}

impl Policy {
    /// The values of this run as a JSON object, in the order of the list.
    pub fn to_json(&self) -> Map<String, Value> {
        self.values().into_iter().map(|(key, value)| (key.to_owned(), Value::from(value))).collect()
    }

    /// The values that are not the default, as (key, value).
    pub fn changed(&self) -> Vec<(&'static str, &'static str)> {
        let defaults = Self::default().values();
        self.values()
            .into_iter()
            .zip(defaults)
            .filter(|(own, default)| own != default)
            .map(|(own, _)| own)
            .collect()
    }
}

policies! {
    NestedEntity nested_entity "nested-entity" Inferred
    "What does a data entity that is a data source of another entity register?"
    "Not documented. Microsoft's live-sync troubleshooting registers by hand even the primary tables behind nested entities, and blames tables that are not direct data sources."
    {
        RootOnly "root-only" "its primary table if it is a root data source, nothing if it is embedded",
        Primary "primary" "its primary table, wherever it stands",
        None "none" "nothing",
        All "all" "every table reached through sources that are not excluded",
    }

    NestedView nested_view "nested-view" Seen
    "What does a view that is a data source of an entity register?"
    "A public dualWriteShouldSkipDataSource compares the primary table of a view's data source, so a view stands for its primary table."
    {
        Primary "primary" "the primary table of the view",
        None "none" "nothing",
        All "all" "every table reached through sources that are not excluded",
    }

    InnerReadOnly inner_read_only "inner-read-only" Inferred
    "Is a data source with an inner join and IsReadOnly = Yes tracked?"
    "The documentation excludes outer joins that are read-only, and says nothing of inner joins."
    {
        Tracked "tracked" "yes: only the outer join with read-only is excluded",
        Untracked "untracked" "no: an embedded read-only inner join is excluded too; its children are judged on their own",
    }

    UnderUntracked under_untracked "under-untracked" Documented
    "What becomes of the data sources below one that is excluded as an outer, read-only join?"
    "The documentation says that the underlying tables of such a data source are not tracked either."
    {
        Untracked "untracked" "they are excluded with it",
        Own "own" "each is judged on its own join and read-only flag",
    }

    Inheritance inheritance "inheritance" Inferred
    "Which tables of an inheritance chain does a registered table stand for?"
    "Not documented. That Microsoft registers DirPartyTable by hand hints that it is not all automatic."
    {
        Chain "chain" "itself, its ancestors and its descendants, not its siblings",
        Leaf "leaf" "itself only",
        Root "root" "the topmost ancestor, which is also the name that is registered",
    }

    EntityReadOnly entity_read_only "entity-read-only" Documented
    "Does IsReadOnly = Yes on the entity itself stop tracking?"
    "Ambiguous: the documentation calls such an entity read-only for its users, while a standard map (CDS address roles) sends a read-only entity to Dataverse."
    {
        Tracked "tracked" "no: data sources are judged as on any entity",
        Untracked "untracked" "yes: none of its data sources is tracked; entries of its mapping method stay",
    }

    InternalFields internal_fields "internal-fields" Inferred
    "When no map is given, do fields that are not public count as mapped?"
    "Dual-write and OData offer public fields only, so an internal field cannot be in a map."
    {
        Public "public" "no: only fields whose AccessModifier is absent or Public count",
        All "all" "yes: every field counts",
    }

    LookupOnly lookup_only "lookup-only" Documented
    "Does a field that is mapped only to a Dataverse lookup (`a.b`) make its data source tracked?"
    "Contradictory: health check 1500 asks for a field mapped to a non-lookup field in its message, and for any mapped field in its description."
    {
        Counts "counts" "yes, like any mapped field",
        Ignored "ignored" "no: its data source needs another mapped field; the field itself still counts",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_the_specified_order_and_defaults() {
        insta::assert_snapshot!(serde_json::to_string_pretty(&Policy::default().to_json()).unwrap(), @r#"
        {
          "nested-entity": "root-only",
          "nested-view": "primary",
          "inner-read-only": "tracked",
          "under-untracked": "untracked",
          "inheritance": "chain",
          "entity-read-only": "tracked",
          "internal-fields": "public",
          "lookup-only": "counts"
        }
        "#);
    }

    #[test]
    fn every_listed_value_parses_and_reads_back() {
        for info in POLICIES {
            for value in info.values {
                let mut policy = Policy::default();
                policy.set(info.key, value.id).unwrap();
                assert_eq!(policy.to_json()[info.key], value.id);
                let changed = policy.changed();
                let expected = (value.id != info.default_value()).then_some((info.key, value.id));
                assert_eq!(changed, Vec::from_iter(expected));
            }
        }
    }

    #[test]
    fn setting_one_policy_leaves_the_others() {
        let mut policy = Policy::default();
        policy.set("inheritance", "root").unwrap();
        assert_eq!(policy, Policy { inheritance: Inheritance::Root, ..Policy::default() });
    }

    #[test]
    fn errors_name_the_nearest_key_and_the_allowed_values() {
        let mut policy = Policy::default();
        let show = |error: PolicyError| format!("{error}\n{}", error.help());
        insta::assert_snapshot!(show(policy.set("nested_entities", "all").unwrap_err()), @r"
        unknown policy `nested_entities`
        did you mean `nested-entity`?
        ");
        insta::assert_snapshot!(show(policy.set("zzz", "all").unwrap_err()), @r"
        unknown policy `zzz`
        `dualtrack list policies` shows them all
        ");
        insta::assert_snapshot!(show(policy.set("nested-entity", "rootonly").unwrap_err()), @r"
        unknown value `rootonly` of policy `nested-entity`; allowed: `root-only`, `primary`, `none` or `all`
        did you mean `root-only`?
        ");
        insta::assert_snapshot!(show(policy.set("lookup-only", "yes").unwrap_err()), @r"
        unknown value `yes` of policy `lookup-only`; allowed: `counts` or `ignored`
        the default is `counts`
        ");
        assert_eq!(policy, Policy::default());
    }

    #[test]
    fn texts_are_complete() {
        for info in POLICIES {
            assert!(info.question.ends_with('?'), "{}", info.key);
            assert!(info.source.ends_with('.'), "{}", info.key);
            assert!(info.values.len() > 1, "{}", info.key);
        }
    }
}
