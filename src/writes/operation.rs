//! The operations that change tables behind the framework's back, and how well that is founded.

use crate::tracking::Evidence;
use serde::{Deserialize, Serialize};

/// What an operation does to records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Records are added.
    Insert,
    /// Records change.
    Update,
    /// Records go.
    Delete,
    /// `write()`: an update of a record that exists, an insert of one that does not.
    Write,
}

impl Change {
    /// The stable name that machine output uses.
    pub fn id(self) -> &'static str {
        match self {
            Change::Insert => "insert",
            Change::Update => "update",
            Change::Delete => "delete",
            Change::Write => "write",
        }
    }
}

/// What users need to know about an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperationInfo {
    /// The operation.
    pub operation: Operation,
    /// The stable name that machine output uses.
    pub id: &'static str,
    /// How it is written, for people.
    pub written: &'static str,
    /// What it does to records.
    pub change: Change,
    /// Whether documentation says that it raises no event.
    pub evidence: Evidence,
    /// One statement for many records, which the platform may turn into one operation per record (and then raise
    /// events after all), for example when a method is overridden or the database log is on.
    pub may_fall_back: bool,
}

macro_rules! operations {
    ($($variant:ident $id:literal $written:literal $change:ident $evidence:ident $fall_back:literal $doc:literal;)*) => {
        /// An operation that raises no business event.
        #[allow(clippy::doc_markdown, reason = "the texts are for users")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Operation {
            $(#[doc = $doc] #[serde(rename = $id)] $variant,)*
        }

        /// Every operation, in the order of the list.
        pub const OPERATIONS: &[OperationInfo] = &[$(OperationInfo {
            operation: Operation::$variant,
            id: $id,
            written: $written,
            change: Change::$change,
            evidence: Evidence::$evidence,
            may_fall_back: $fall_back,
        }),*];
    };
}

operations! {
    DoInsert "do_insert" "doInsert()" Insert Documented false "`x.doInsert()`";
    DoUpdate "do_update" "doUpdate()" Update Documented false "`x.doUpdate()`";
    DoDelete "do_delete" "doDelete()" Delete Inferred false "`x.doDelete()`";
    InsertRecordset "insert_recordset" "insert_recordset" Insert Documented true "`insert_recordset x (…) select …`";
    UpdateRecordset "update_recordset" "update_recordset" Update Documented true "`update_recordset x setting …`";
    DeleteFrom "delete_from" "delete_from" Delete Inferred true "`delete_from x where …`";
    InsertDatabase "insert_database" "insertDatabase()" Insert Inferred true "`insertDatabase()` of a `RecordInsertList` or `RecordSortedList`";
    SkippedInsert "skipped_insert" "insert() after skipBusinessEvents(true)" Insert Documented false "`x.insert()` while `skipBusinessEvents(true)` holds";
    SkippedUpdate "skipped_update" "update() after skipBusinessEvents(true)" Update Documented false "`x.update()` while `skipBusinessEvents(true)` holds";
    SkippedDelete "skipped_delete" "delete() after skipBusinessEvents(true)" Delete Documented false "`x.delete()` while `skipBusinessEvents(true)` holds";
    SkippedWrite "skipped_write" "write() after skipBusinessEvents(true)" Write Documented false "`x.write()` while `skipBusinessEvents(true)` holds";
    SysDaInsert "sysda_insert" "SysDaInsertStatement" Insert Inferred true "`SysDaInsertStatement`";
    SysDaUpdate "sysda_update" "SysDaUpdateStatement" Update Inferred true "`SysDaUpdateStatement`";
    SysDaDelete "sysda_delete" "SysDaDeleteStatement" Delete Inferred true "`SysDaDeleteStatement`";
    QueryInsertRecordset "query_insert_recordset" "Query::insert_recordset" Insert Inferred true "`Query::insert_recordset(x, …)`";
    SqlInsert "sql_insert" "INSERT in SQL" Insert Inferred false "`INSERT INTO` in SQL that X++ sends to the database";
    SqlUpdate "sql_update" "UPDATE in SQL" Update Inferred false "`UPDATE` in SQL that X++ sends to the database";
    SqlDelete "sql_delete" "DELETE in SQL" Delete Inferred false "`DELETE FROM` or `TRUNCATE TABLE` in SQL that X++ sends to the database";
    SqlMerge "sql_merge" "MERGE in SQL" Write Inferred false "`MERGE INTO` in SQL that X++ sends to the database";
    SqlUnknown "sql_unknown" "SQL that is not known" Write Inferred false "SQL that X++ puts together and sends to the database";
    Truncate "table_truncate" "tableTruncate()" Delete Inferred false "`SqlDataDictionary.tableTruncate(…)`";
}

impl Operation {
    /// What users need to know about it.
    pub fn info(self) -> &'static OperationInfo {
        &OPERATIONS[self as usize]
    }

    /// The stable name that machine output uses.
    pub fn id(self) -> &'static str {
        self.info().id
    }

    /// What it does to records.
    pub fn change(self) -> Change {
        self.info().change
    }

    /// Whether documentation says that it raises no event.
    pub fn evidence(self) -> Evidence {
        self.info().evidence
    }
}

#[cfg(test)]
mod tests {
    use super::OPERATIONS;

    #[test]
    fn the_list_is_in_the_order_of_the_enum() {
        for info in OPERATIONS {
            assert_eq!(info.operation.info(), info);
            assert_eq!(serde_json::to_value(info.operation).unwrap(), info.id);
        }
    }
}
