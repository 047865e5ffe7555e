//! Names of the platform that mean something here.

use super::facts::WriteForm;

/// The form of a write by a method of the buffer itself.
pub(super) fn record_write(method: &str) -> Option<WriteForm> {
    let form = match method.to_ascii_lowercase().as_str() {
        "doinsert" => WriteForm::DoInsert,
        "doupdate" => WriteForm::DoUpdate,
        "dodelete" => WriteForm::DoDelete,
        "insert" => WriteForm::Insert,
        "update" => WriteForm::Update,
        "delete" => WriteForm::Delete,
        "write" => WriteForm::Write,
        _ => return None,
    };
    Some(form)
}

/// The form of a write by a statement object.
pub(super) fn sysda_write(type_name: &str) -> Option<WriteForm> {
    let form = match type_name.to_ascii_lowercase().as_str() {
        "sysdainsertstatement" => WriteForm::SysDaInsert,
        "sysdaupdatestatement" => WriteForm::SysDaUpdate,
        "sysdadeletestatement" => WriteForm::SysDaDelete,
        _ => return None,
    };
    Some(form)
}

/// Lists of records.
pub(super) fn is_record_list(type_name: &str) -> bool {
    ["RecordInsertList", "RecordSortedList"].iter().any(|list| list.eq_ignore_ascii_case(type_name))
}

/// Methods that every buffer has and that change none of its columns.
pub(super) fn leaves_columns(method: &str) -> bool {
    const METHODS: [&str; 44] = [
        "aosvalidatedelete",
        "aosvalidateinsert",
        "aosvalidateread",
        "aosvalidateupdate",
        "buf2con",
        "cancreatenew",
        "candelete",
        "canedit",
        "canupdate",
        "caption",
        "company",
        "concurrencymodel",
        "datasource",
        "disablecache",
        "equal",
        "fieldbound",
        "fieldstate",
        "fieldvalue",
        "getfieldvalue",
        "gettimezone",
        "haschanged",
        "interactivecontext",
        "isfieldset",
        "isformdatasource",
        "istempdb",
        "istmp",
        "joinchild",
        "joinparent",
        "merge",
        "orig",
        "overwritesystemfields",
        "readcommitted",
        "recordlevelsecurity",
        "rowcount",
        "selectforupdate",
        "selectlocked",
        "selectrefrecord",
        "selectwithrepeatableread",
        "settimeout",
        "usageCount",
        "validatedelete",
        "validatefield",
        "validatewrite",
        "wascached",
    ];
    let lower = method.to_ascii_lowercase();
    lower.starts_with("skip")
        || lower.starts_with("ttx")
        || METHODS.iter().any(|known| known.eq_ignore_ascii_case(&lower))
}

/// Words without which a statement writes nothing behind the framework's back; lower case.
pub(super) const WRITE_WORDS: [&str; 11] = [
    "doinsert",
    "doupdate",
    "dodelete",
    "insert_recordset",
    "update_recordset",
    "delete_from",
    "insertdatabase",
    "skipbusinessevents",
    "executeupdate",
    "executeupdatewithparameters",
    "tabletruncate",
];
