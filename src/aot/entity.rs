//! Data entities.

use super::DataEntity;
use super::cursor::Cursor;
use super::fault::Read;
use super::view::Parts;

/// Reads a data entity.
pub(super) fn read(cursor: &mut Cursor<'_>, line: u32) -> Read<DataEntity> {
    let mut parts = Parts::new(line);
    let mut entity = DataEntity::default();
    cursor.children(|cursor, tag| {
        match tag.name {
            "IsPublic" => entity.is_public = cursor.yes()?,
            "IsReadOnly" => entity.is_read_only = cursor.yes()?,
            "DataManagementEnabled" => entity.data_management_enabled = cursor.yes()?,
            "Label" => entity.label = cursor.some_value()?,
            "PublicEntityName" => entity.public_entity_name = cursor.some_value()?,
            "PublicCollectionName" => entity.public_collection_name = cursor.some_value()?,
            _ => parts.child(cursor, tag)?,
        }
        Ok(())
    })?;
    Ok(DataEntity { view: parts.view(), ..entity })
}

#[cfg(test)]
mod tests {
    use crate::aot::file::definition;
    use crate::aot::{Binding, DataEntity, Definition};

    fn entity(text: &str) -> DataEntity {
        let Definition::DataEntity(entity) = definition(text) else { panic!("an entity") };
        entity
    }

    fn mapped(source: &str, field: &str) -> Binding {
        Binding::Mapped { source: source.into(), field: field.into(), aggregated: false }
    }

    const ENTITY: &str = r#"<AxDataEntityView xmlns:i="x">
  <Name>CarEntity</Name>
  <SourceCode>
    <Declaration><![CDATA[public class CarEntity extends common {}]]></Declaration>
    <Methods>
      <Method><Name>plate</Name><Source><![CDATA[private static str plate() { return ''; }]]></Source></Method>
      <Method><Source>void x() { if (1 &lt; 2) {} }</Source><Name>x</Name></Method>
    </Methods>
  </SourceCode>
  <Label>@Fleet:Cars</Label>
  <DataManagementEnabled>Yes</DataManagementEnabled>
  <IsPublic>YES</IsPublic>
  <IsReadOnly>no</IsReadOnly>
  <PublicEntityName>Car</PublicEntityName>
  <Fields>
    <AxDataEntityViewField xmlns="" i:type="AxDataEntityViewMappedField">
      <Name>Plate</Name><DataField>PlateId</DataField><DataSource>Car</DataSource>
    </AxDataEntityViewField>
    <AxDataEntityViewField xmlns="" d:type="e:AxDataEntityViewMappedField">
      <Name>Secret</Name><AccessModifier>private</AccessModifier><DataField>S</DataField><DataSource>Car</DataSource>
    </AxDataEntityViewField>
    <AxDataEntityViewField i:type="AxDataEntityViewUnmappedFieldString">
      <Name>Computed</Name><AccessModifier>public</AccessModifier><ComputedFieldMethod>plate</ComputedFieldMethod>
    </AxDataEntityViewField>
    <AxDataEntityViewField i:type="AxDataEntityViewUnmappedFieldInt64"><Name>NoMethod</Name></AxDataEntityViewField>
    <AxDataEntityViewField i:type="AxDataEntityViewUnmappedFieldEnum">
      <Name>Virtual</Name><IsComputedField>no</IsComputedField>
    </AxDataEntityViewField>
    <AxDataEntityViewField><Name>Plain</Name><DataField>P</DataField></AxDataEntityViewField>
  </Fields>
  <Keys><AxDataEntityViewKey><Name>EntityKey</Name><Fields /></AxDataEntityViewKey></Keys>
  <Relations>
    <AxDataEntityViewRelation>
      <Name>Owner</Name><RelatedDataEntity>OwnerEntity</RelatedDataEntity>
      <Constraints><AxDataEntityViewRelationConstraint i:type="AxDataEntityViewRelationConstraintField">
        <Field>OwnerId</Field><RelatedField>Id</RelatedField>
      </AxDataEntityViewRelationConstraint></Constraints>
    </AxDataEntityViewRelation>
  </Relations>
  <ViewMetadata>
    <Name>Metadata</Name>
    <SourceCode><Methods><Method><Name>init</Name><Source/></Method></Methods></SourceCode>
    <DataSources><AxQuerySimpleRootDataSource><Name>Car</Name><Table>FleetCar</Table></AxQuerySimpleRootDataSource></DataSources>
  </ViewMetadata>
</AxDataEntityView>"#;

    #[test]
    fn properties_are_read_and_omitted_ones_are_the_defaults() {
        let entity = entity(ENTITY);
        assert_eq!(&*entity.view.named.name, "CarEntity");
        assert!(entity.is_public && !entity.is_read_only && entity.data_management_enabled);
        assert_eq!(entity.label.as_deref(), Some("@Fleet:Cars"));
        assert_eq!(entity.public_entity_name.as_deref(), Some("Car"));
        assert_eq!(entity.public_collection_name, None);
        assert_eq!((entity.view.query, entity.view.sources.len()), (None, 1));
        let relation = &entity.view.relations[0];
        assert_eq!((&*relation.related, &*relation.pairs[0].related), ("OwnerEntity", "Id"));
    }

    #[test]
    fn the_kind_of_a_field_is_its_type() {
        let fields = entity(ENTITY).view.fields;
        let names: Vec<_> = fields.iter().map(|f| (&*f.named.name, f.named.line, f.public)).collect();
        let expected = [("Plate", 16, true), ("Secret", 19, false), ("Computed", 22, true)];
        assert_eq!(names[..3], expected);
        assert_eq!(names[3..], [("NoMethod", 25, true), ("Virtual", 26, true), ("Plain", 29, true)]);
        let bindings: Vec<_> = fields.into_iter().map(|f| f.binding).collect();
        assert_eq!(bindings[0], mapped("Car", "PlateId"));
        assert_eq!(bindings[1], mapped("Car", "S"));
        assert_eq!(bindings[2], Binding::Computed { method: Some("plate".into()) });
        assert_eq!(bindings[3], Binding::Computed { method: None });
        assert_eq!(bindings[4], Binding::Virtual);
        assert_eq!(bindings[5], mapped("", "P"));
    }

    #[test]
    fn only_the_methods_of_the_element_itself_count() {
        let methods = entity(ENTITY).view.methods;
        let names: Vec<_> = methods.iter().map(|m| (&*m.name, m.line)).collect();
        assert_eq!(names, [("plate", 6), ("x", 7)]);
    }
}
