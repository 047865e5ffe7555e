//! The one list of problem codes.

use serde::{Deserialize, Serialize};

/// How much a problem matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// The analysis went on, with a choice that the reader should know of.
    Warning,
    /// Something could not be read.
    Error,
}

impl Severity {
    /// The word in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

macro_rules! codes {
    ($($variant:ident $id:literal $severity:ident $template:literal;)*) => {
        /// What kind of problem; one line per code in this file.
        #[allow(clippy::doc_markdown, reason = "the texts are for users")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[allow(clippy::doc_markdown)] // the texts are for readers of the output
        pub enum Code {
            $(#[doc = $template] $variant,)*
        }

        impl Code {
            /// Every code, in the order of the list.
            pub const ALL: &'static [Code] = &[$(Code::$variant),*];

            /// The stable name that output and configuration use.
            pub fn id(self) -> &'static str {
                match self { $(Code::$variant => $id,)* }
            }

            /// How much it matters.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// The text, with `{fact}` where a fact of the problem belongs.
            pub fn template(self) -> &'static str {
                match self { $(Code::$variant => $template,)* }
            }
        }
    };
}

codes! {
    MalformedFile "malformed-file" Error "cannot read this file: {reason}";
    UnreadableFile "unreadable-file" Error "cannot open {path}: {reason}";
    WrongEncoding "wrong-encoding" Error "this file is not UTF-8: {reason}";
    NestingLimit "nesting-limit" Error "elements are nested deeper than {limit} levels; what is deeper is ignored";
    DuplicateElement "duplicate-element" Warning "{kind} {element} is defined twice; the definition in {winner} counts";
    DuplicatePart "duplicate-part" Warning "{kind} {part} of {element} exists already ({first}); this one is ignored";
    WrongExtensionKind "wrong-extension-kind" Warning "{extension} extends {element}, which is a {kind}; it is ignored";
    MissingParent "missing-parent" Warning "{extension} adds data source {source} below {parent}, which {element} does not have";
    SourceOnQuery "source-on-query" Warning "{extension} adds data source {source} to {element}, which takes its data sources from query {query}; it is ignored";
    ModificationIgnored "modification-ignored" Note "{extension} changes {property} of {element}; property changes by extensions are not applied";
    UnknownJoinMode "unknown-join-mode" Warning "data source {source} of {element} has the unknown join mode {mode}; read as InnerJoin";
    UnresolvedReference "unresolved-reference" Note "{element} refers to {target} ({role}), which is not loaded";
    CyclicDataSource "cyclic-data-source" Warning "data source {source} of {element} leads back to {element} through {target}; it is not followed";
    UnknownDataSource "unknown-data-source" Warning "field {field} of {element} names data source {source}, which {element} does not have";
    UnknownField "unknown-field" Warning "field {field} of {element} names {target}.{column}, which does not exist";
    InheritanceCycle "inheritance-cycle" Warning "table {element} extends itself through {target}";
    QueryCycle "query-cycle" Warning "query {element} leads back to itself; it has no data sources";
    LineageLimit "lineage-limit" Warning "lineage of {element} was cut: {limit}; nothing of this entity is called removable";
    MethodWithoutNext "mapping-method-without-next" Warning "{class} wraps getEntityDataSourceToFieldMapping of {element} without next; what came before is dropped";
    UndecidableMappingMethod "undecidable-mapping-method" Warning "this statement of getEntityDataSourceToFieldMapping of {element} cannot be read; its entries do not count";
    UnreadableMap "unreadable-map" Error "{path}: {reason}";
    SkippedMapFile "skipped-map-file" Note "{path} holds no table map; skipped";
    DuplicateMapVersion "duplicate-map-version" Warning "{path}: table map {map} has version {version} a second time; the one in {first} counts";
    MapVersionIgnored "map-version-ignored" Note "version {version} of table map {map} in {path} does not count; version {counted} does";
    MissingMapVersion "missing-map-version" Warning "table map {map} is configured with version {version}, which is not loaded; version {counted} counts";
    UnknownMap "unknown-map" Warning "a version is configured for table map {map}, which is not loaded{nearest}";
    UnknownSyncDirection "unknown-sync-direction" Warning "{path}: field {field} of table map {map} has no known syncDirection (1, 2 or 3); this row does not count";
    UnknownLanguage "unknown-language" Warning "no label of {language} is loaded, so that labels are looked up in {instead} alone; loaded are {loaded}";
    UnmatchedMapEntity "unmatched-map-entity" Warning "{path}: no loaded entity is called {schema} by name, public name or label{nearest}";
    UnmatchedMapField "unmatched-map-field" Warning "{path}: entity {element} has no field {field}{nearest}";
    UnreadableDescriptor "unreadable-descriptor" Warning "cannot read model descriptor {path}: {reason}; its model goes by the name of its folder";
    LoopedFolder "looped-folder" Note "{path} leads to a folder that was read already; skipped";
    UnreadableVolume "unreadable-volume" Error "{path}:{line}:{column}: {reason}";
    UnknownVolumeTable "unknown-volume-table" Warning "{path}:{line}:{column}: no table is called {table}, so its volume does not count{nearest}";
    DuplicateVolume "duplicate-volume" Note "{path}:{line}:{column}: {table} stands in line {first} already; the numbers are added";
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn ids_are_unique_and_kebab_case() {
        let mut ids: Vec<_> = Code::ALL.iter().map(|c| c.id()).collect();
        assert!(ids.iter().all(|id| id.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}
