//! The kinds of metadata folders: which are read, and which are passed over without listing them.

use serde::{Deserialize, Serialize};

/// A kind of metadata folder that the analysis reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// `AxTable`.
    Table,
    /// `AxTableExtension`.
    TableExtension,
    /// `AxDataEntityView`.
    DataEntity,
    /// `AxDataEntityViewExtension`.
    DataEntityExtension,
    /// `AxView`.
    View,
    /// `AxViewExtension`.
    ViewExtension,
    /// `AxQuery`.
    Query,
    /// `AxQuerySimpleExtension`.
    QueryExtension,
    /// `AxMap`.
    Map,
    /// `AxClass`.
    Class,
    /// `AxLabelFile`: only its label texts are of interest.
    LabelFile,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 11] = [
        Kind::Table,
        Kind::TableExtension,
        Kind::DataEntity,
        Kind::DataEntityExtension,
        Kind::View,
        Kind::ViewExtension,
        Kind::Query,
        Kind::QueryExtension,
        Kind::Map,
        Kind::Class,
        Kind::LabelFile,
    ];

    /// The folder's name as Microsoft spells it.
    pub fn folder(self) -> &'static str {
        match self {
            Kind::Table => "AxTable",
            Kind::TableExtension => "AxTableExtension",
            Kind::DataEntity => "AxDataEntityView",
            Kind::DataEntityExtension => "AxDataEntityViewExtension",
            Kind::View => "AxView",
            Kind::ViewExtension => "AxViewExtension",
            Kind::Query => "AxQuery",
            Kind::QueryExtension => "AxQuerySimpleExtension",
            Kind::Map => "AxMap",
            Kind::Class => "AxClass",
            Kind::LabelFile => "AxLabelFile",
        }
    }

    /// The kind of a folder of this name; the case of the name does not matter (SPEC 10).
    pub fn of_folder(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.folder().eq_ignore_ascii_case(name))
    }
}

/// The folder of a package that holds the descriptors of its models.
const DESCRIPTOR: &str = "Descriptor";

/// Is this the folder that holds the descriptors of a package?
pub(super) fn is_descriptor_folder(name: &str) -> bool {
    name.eq_ignore_ascii_case(DESCRIPTOR)
}

/// Folders that hold no model and no kind that is read. They are never listed: `AxForm` alone holds tens of
/// thousands of files.
pub(super) fn is_skipped(name: &str) -> bool {
    name.starts_with('.')
        || SKIPPED.iter().any(|skipped| skipped.eq_ignore_ascii_case(name))
        || ends_with_ignore_case(name, "FormAdaptor")
}

/// `text` ends with `suffix`, case aside. Works on bytes, so that any text may be asked about.
pub(super) fn ends_with_ignore_case(text: &str, suffix: &str) -> bool {
    let (text, suffix) = (text.as_bytes(), suffix.as_bytes());
    text.len() >= suffix.len() && text[text.len() - suffix.len()..].eq_ignore_ascii_case(suffix)
}

const SKIPPED: &[&str] = &[
    "bin",
    "XppMetadata",
    "Delta",
    DESCRIPTOR,
    "Resources",
    "Reports",
    "WebContent",
    "AdditionalFiles",
    "AxAggregateDataEntity",
    "AxAggregateDimension",
    "AxAggregateMeasurement",
    "AxCompositeDataEntityView",
    "AxConfigurationKey",
    "AxConfigurationKeyGroup",
    "AxDataEntityViewFormAdaptor",
    "AxDimension",
    "AxEdt",
    "AxEdtExtension",
    "AxEnum",
    "AxEnumExtension",
    "AxForm",
    "AxFormExtension",
    "AxInterface",
    "AxKPI",
    "AxLicenseCode",
    "AxMacroDictionary",
    "AxMapExtension",
    "AxMenu",
    "AxMenuExtension",
    "AxMenuItemAction",
    "AxMenuItemActionExtension",
    "AxMenuItemDisplay",
    "AxMenuItemDisplayExtension",
    "AxMenuItemOutput",
    "AxMenuItemOutputExtension",
    "AxPerspective",
    "AxReference",
    "AxReport",
    "AxReportEmbeddedImage",
    "AxResource",
    "AxRule",
    "AxSecurityDuty",
    "AxSecurityDutyExtension",
    "AxSecurityPolicy",
    "AxSecurityPrivilege",
    "AxSecurityRole",
    "AxSecurityRoleExtension",
    "AxService",
    "AxServiceGroup",
    "AxTableCollection",
    "AxTile",
    "AxWorkflowApproval",
    "AxWorkflowAutomatedTask",
    "AxWorkflowCategory",
    "AxWorkflowHierarchyAssignmentProvider",
    "AxWorkflowParticipantAssignmentProvider",
    "AxWorkflowQueueAssignmentProvider",
    "AxWorkflowTask",
    "AxWorkflowTemplate",
    "AxWorkflowType",
];

#[cfg(test)]
mod tests {
    use super::{Kind, is_skipped};

    #[test]
    fn folder_names_match_in_any_case() {
        assert_eq!(Kind::of_folder("axtable"), Some(Kind::Table));
        assert_eq!(Kind::of_folder("AXDATAENTITYVIEW"), Some(Kind::DataEntity));
        assert_eq!(Kind::of_folder("AxForm"), None);
        assert!(Kind::ALL.iter().all(|kind| Kind::of_folder(kind.folder()) == Some(*kind)));
    }

    #[test]
    fn what_nobody_needs_is_skipped_and_nothing_else() {
        assert!(is_skipped("BIN"));
        assert!(is_skipped("xppmetadata"));
        assert!(is_skipped("ApplicationSuiteFormAdaptor"));
        assert!(is_skipped(".git"));
        assert!(Kind::ALL.iter().all(|kind| !is_skipped(kind.folder())));
        assert!(!is_skipped("AxModelOfOurs"));
        assert!(!is_skipped("ü"));
    }
}
