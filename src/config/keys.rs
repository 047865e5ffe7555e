//! The one list of configuration keys.

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// One path, or a list of paths.
    Paths,
    /// One path.
    Path,
    /// A list of names.
    Names,
    /// One text.
    Text,
    /// The table of policies.
    Policy,
    /// A table of the user's own names, each with a text.
    Pairs,
    /// The table of rules.
    Rules,
    /// The list of allowances.
    Allow,
}

impl KeyKind {
    /// What may be written, for messages.
    pub fn expected(self) -> &'static str {
        match self {
            Self::Paths => "a path or a list of paths",
            Self::Path => "a path",
            Self::Names => "a list of names",
            Self::Text => "a text",
            Self::Policy => "a table of policies",
            Self::Pairs => "a table of texts",
            Self::Rules => "a table of rules",
            Self::Allow => "a list of tables with rule, element and reason",
        }
    }
}

/// What users need to know about a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyInfo {
    /// As written in the file.
    pub key: &'static str,
    /// What it holds.
    pub kind: KeyKind,
    /// What it is for.
    pub meaning: &'static str,
    /// How it is written, as valid TOML.
    pub example: &'static str,
}

impl KeyInfo {
    /// The key of this name.
    pub fn of(key: &str) -> Option<&'static KeyInfo> {
        KEYS.iter().find(|info| info.key == key)
    }
}

/// Every key, in the order in which the documentation shows them.
pub const KEYS: &[KeyInfo] = &[
    KeyInfo {
        key: "metadata",
        kind: KeyKind::Paths,
        meaning: "metadata roots: folders of packages, a package or a model; the first one wins",
        example: "metadata = ['C:\\AosService\\PackagesLocalDirectory', 'src/Metadata']",
    },
    KeyInfo {
        key: "maps",
        kind: KeyKind::Paths,
        meaning: "dual-write maps: JSON files, exported solutions, or folders of them",
        example: "maps = 'maps'",
    },
    KeyInfo {
        key: "language",
        kind: KeyKind::Text,
        meaning: "language of the labels by which maps name entities, before en-US",
        example: "language = 'de'",
    },
    KeyInfo {
        key: "own-models",
        kind: KeyKind::Names,
        meaning: "models that you may change; what lies in other models is extended",
        example: "own-models = ['ContosoCore']",
    },
    KeyInfo {
        key: "out",
        kind: KeyKind::Path,
        meaning: "the folder that receives the results",
        example: "out = 'out'",
    },
    KeyInfo {
        key: "insert-only",
        kind: KeyKind::Names,
        meaning: "tables that only ever get new rows, so that no entry is suggested for them",
        example: "insert-only = ['DimensionAttributeValueSet', 'InventDim']",
    },
    KeyInfo {
        key: "policy",
        kind: KeyKind::Policy,
        meaning: "answers to what the documentation leaves open",
        example: "[policy]\nnested-entity = 'primary'",
    },
    KeyInfo {
        key: "alias",
        kind: KeyKind::Pairs,
        meaning: "sourceSchema of a map = AOT name of its entity",
        example: "[alias]\n'Customers V3' = 'CustCustomerV3Entity'",
    },
    KeyInfo {
        key: "map-version",
        kind: KeyKind::Pairs,
        meaning: "msdyn_name of a table map = the version that counts instead of the highest",
        example: "[map-version]\n'[accounts - Customers V3]' = '1.0.0.2'",
    },
    KeyInfo {
        key: "baseline",
        kind: KeyKind::Path,
        meaning: "findings that were there when the project began to check: check does not show them",
        example: "baseline = 'dualtrack-baseline.json'",
    },
    KeyInfo {
        key: "rules",
        kind: KeyKind::Rules,
        meaning: "rule of check = off, note, warning or error; dualtrack list rules shows them",
        example: "[rules]\nvirtual-field-mapped = 'error'",
    },
    KeyInfo {
        key: "allow",
        kind: KeyKind::Allow,
        meaning: "findings that you looked at and accept: a rule, a pattern of element names, and why",
        example: "[[allow]]\nrule = 'untracked-field'\nelement = 'Cust*Entity'\nreason = 'a nightly job sends them'",
    },
];
