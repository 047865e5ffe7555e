//! A small model with rows that are not predicted, for every reason there is.

use super::{Tree, embedded, entity, mapped, method, root};

/// A small model with one of each reason for a row that we do not predict.
pub fn reasons_tree() -> Tree {
    let tree = Tree::new();
    for name in ["T", "T2", "Base"] {
        tree.table(name, &["A"]);
    }
    let source = "public static container getEntityDataSourceToFieldMapping(container mapping)\n{\n    mapping += [\n        [identifierStr(Good), tableNum(T2), fieldStr(E, AId)],\n        //[identifierStr(Off), tableNum(T2), fieldStr(E, AId)],\n        [identifierStr(Bad), tableNum(T2), fieldStr(Other, AId)]\n    ];\n    return mapping;\n}";
    let sources = root(
        "T",
        "T",
        &[
            embedded("Outer", "T2", "<JoinMode>OuterJoin</JoinMode><IsReadOnly>Yes</IsReadOnly>"),
            embedded("Missing", "NotThere", ""),
            embedded("Unmapped", "T2", ""),
        ]
        .concat(),
    );
    let fields = [
        mapped("A", "T", "A"),
        mapped("AId", "T", "RecId"),
        mapped("O", "Outer", "A"),
        mapped("M", "Missing", "A"),
    ];
    let methods = method("getEntityDataSourceToFieldMapping", source);
    tree.file("AxDataEntityView/E", entity("E", &methods, &sources, &fields.concat()));
    let unread = "public static container getEntityDataSourceToFieldMapping(container mapping)\n{\n    mapping = this.more(mapping);\n    return mapping;\n}";
    let methods = method("getEntityDataSourceToFieldMapping", unread);
    tree.file("AxDataEntityView/U", entity("U", &methods, &root("T", "T", ""), &mapped("A", "T", "A")));
    let private = entity("P", "", &root("T", "T", ""), &mapped("A", "T", "A"));
    tree.file("AxDataEntityView/P", private.replace("<IsPublic>Yes</IsPublic>", ""));
    tree.file(
        "AxDataEntityViewExtension/X.Mine",
        "<AxDataEntityViewExtension><Name>X.Mine</Name></AxDataEntityViewExtension>",
    );
    tree
}
