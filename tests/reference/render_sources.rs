//! Data sources as XML.

use super::model::{Join, Source, SourceKind};
use super::writer::Writer;

pub fn data_source(w: &mut Writer, source: &Source) {
    let tag = match source.kind {
        SourceKind::Root => "AxQuerySimpleRootDataSource",
        SourceKind::Embedded => "AxQuerySimpleEmbeddedDataSource",
        SourceKind::Derived => "AxQuerySimpleDerivedDataSource",
    };
    w.mark(source.mark);
    w.open(tag);
    data_source_body(w, source);
    w.close(tag);
}

pub fn data_source_body(w: &mut Writer, source: &Source) {
    w.mark(source.mark);
    w.value("Name", &source.name);
    w.value("DynamicFields", "Yes");
    w.yes("IsReadOnly", source.read_only);
    w.value("Table", &source.target);
    w.list("DataSources", source.children.is_empty(), |w| {
        source.children.iter().for_each(|s| data_source(w, s))
    });
    w.list("DerivedDataSources", source.derived.is_empty(), |w| {
        source.derived.iter().for_each(|s| data_source(w, s));
    });
    w.list("Fields", source.aliases.is_empty(), |w| {
        for (name, field) in &source.aliases {
            w.open("AxQuerySimpleDataSourceField");
            w.value("Name", name);
            w.value("Field", field);
            w.close("AxQuerySimpleDataSourceField");
        }
    });
    w.empty("Ranges");
    w.optional("JoinMode", source.join.as_deref());
    w.yes("UseRelations", source.use_relations);
    if source.kind == SourceKind::Root {
        w.list("GroupBy", !source.group_by, |w| {
            w.open("AxQuerySimpleGroupByField");
            w.value("Name", "RecId");
            w.value("DataSource", &source.name);
            w.value("Field", "RecId");
            w.close("AxQuerySimpleGroupByField");
        });
    } else {
        joins(w, &source.joins);
    }
}

fn joins(w: &mut Writer, joins: &[Join]) {
    w.list("Relations", joins.is_empty(), |w| {
        for (number, join) in joins.iter().enumerate() {
            w.open("AxQuerySimpleDataSourceRelation");
            w.value("Name", &format!("QueryDataSourceRelation{}", number + 1));
            match join {
                Join::Relation { relation, join_source } => {
                    w.optional("JoinDataSource", join_source.as_deref());
                    w.value("JoinRelationName", relation);
                }
                Join::Fields { field, join_source, related } => {
                    w.value("Field", field);
                    w.optional("JoinDataSource", join_source.as_deref());
                    w.value("RelatedField", related);
                }
            }
            w.close("AxQuerySimpleDataSourceRelation");
        }
    });
}
