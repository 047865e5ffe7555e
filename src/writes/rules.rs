//! The rules of `dualtrack writes`, by which its findings are named and accepted.

use super::{BYPASSING_WRITE, SPLIT_TRANSACTION, UNBALANCED_TRANSACTION};
use crate::finding::{Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const LIVE_SYNC: Option<&str> = Some(
    "https://learn.microsoft.com/dynamics365/fin-ops-core/dev-itpro/data-entities/dual-write/dual-write-troubleshooting-live-sync",
);

/// Every rule, by name.
pub const WRITE_RULES: &[RuleInfo] = &[
    RuleInfo {
        name: BYPASSING_WRITE,
        group: Group::Writes,
        severity: Severity::Error,
        confidence: Evidence::Documented,
        number: None,
        summary: "X++ changes what an entity sends, and raises no event",
        finds: "doInsert, doUpdate, doDelete, set-based statements, record lists, SQL, and records marked \
            skipBusinessEvents(true), where their table has a tracked column behind a field that is sent. \
            `dualtrack writes` lists them.",
        why: "The table is tracked, and the change is never sent all the same: these operations pass by the \
            methods that raise business events.",
        example: "```xpp\ncustTable.CreditMax = 0;\ncustTable.doUpdate();\n```",
        remedy: "Call insert(), update() or delete(), record by record, without skipBusinessEvents(true).",
        source: "Dual-write live-sync troubleshooting. Operations that it does not name are marked inferred.",
        url: LIVE_SYNC,
    },
    RuleInfo {
        name: SPLIT_TRANSACTION,
        group: Group::Writes,
        severity: Severity::Warning,
        confidence: Evidence::Inferred,
        number: None,
        summary: "changes of one entity record stand in several transactions",
        finds: "Two tracked tables of one entity that a method writes in separate outermost scopes, or a \
            tracked table written in a loop with a scope for each row. `dualtrack writes` lists them.",
        why: "Each commit sends the record as it is then: Dataverse sees it half changed, and once more for \
            each further scope.",
        example: "```xpp\nttsbegin;\ncustTable.update();\nttscommit;\nttsbegin;\npartyTable.update();\n\
            ttscommit;\n```",
        remedy: "Put all changes of one record into one ttsbegin and ttscommit.",
        source: "Live-sync troubleshooting asks for one transaction scope; which methods break that is concluded.",
        url: LIVE_SYNC,
    },
    RuleInfo {
        name: UNBALANCED_TRANSACTION,
        group: Group::Writes,
        severity: Severity::Warning,
        confidence: Evidence::Inferred,
        number: None,
        summary: "ttsbegin and ttscommit do not match on some way through a method",
        finds: "A method with a way on which a scope is begun and not committed, or committed and not begun. \
            `dualtrack writes` lists them.",
        why: "F&O stops with an error at run time, or the changes of a record end up in another transaction \
            than the reader thinks.",
        example: "```xpp\nttsbegin;\nif (!custTable)\n{\n\x20   return;\n}\ncustTable.update();\nttscommit;\n```",
        remedy: "Commit or abort on every way out of the method.",
        source: "X++ language reference, transaction integrity.",
        url: None,
    },
];
