//! Data entities.

use super::cursor::{Cursor, Tag};
use super::fault::Read;
use super::view::Parts;
use super::{DataEntity, Key, Named, range};

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
            "PrimaryCompanyContext" => entity.primary_company_context = cursor.named(tag)?,
            "PrimaryKey" => entity.primary_key = cursor.named(tag)?,
            "DataManagementStagingTable" => entity.staging_table = cursor.some_value()?,
            "Keys" => keys(cursor, &mut entity.keys)?,
            "Ranges" => range::read_all(cursor, &mut entity.ranges)?,
            _ => parts.child(cursor, tag)?,
        }
        Ok(())
    })?;
    Ok(DataEntity { view: parts.view(), ..entity })
}

fn keys(cursor: &mut Cursor<'_>, keys: &mut Vec<Key>) -> Read<()> {
    cursor.children(|cursor, tag| {
        keys.push(key(cursor, tag)?);
        Ok(())
    })
}

fn key(cursor: &mut Cursor<'_>, tag: Tag<'_>) -> Read<Key> {
    let line = cursor.line(tag.at);
    let mut key = Key { named: Named { line, ..Named::default() }, enabled: true, fields: Vec::new() };
    cursor.children(|cursor, tag| {
        match tag.name {
            "Name" => key.named.name = cursor.value()?,
            "Enabled" => key.enabled = !cursor.value()?.eq_ignore_ascii_case("No"),
            "Fields" => cursor.children(|cursor, _| {
                cursor.children(|cursor, tag| {
                    if tag.name == "DataField" {
                        key.fields.extend(cursor.named(tag)?);
                    }
                    Ok(())
                })
            })?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use crate::aot::file::definition;
    use crate::aot::{Binding, DataEntity, Definition, EditRules, FieldKind, Named, ValueType};

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
      <Name>Virtual</Name><IsComputedField>no</IsComputedField><EnumType>Fuel</EnumType><Mandatory>Auto</Mandatory>
    </AxDataEntityViewField>
    <AxDataEntityViewField><Name>Plain</Name><DataField>P</DataField></AxDataEntityViewField>
  </Fields>
  <Keys><AxDataEntityViewKey><Name>EntityKey</Name><Fields>
    <AxDataEntityViewKeyField><DataField>Plate</DataField></AxDataEntityViewKeyField>
    <AxDataEntityViewKeyField><DataField /></AxDataEntityViewKeyField>
    <AxDataEntityViewKeyField><DataField>Secret</DataField></AxDataEntityViewKeyField>
  </Fields></AxDataEntityViewKey><AxDataEntityViewKey><Name>Old</Name><Enabled>No</Enabled></AxDataEntityViewKey></Keys>
  <Ranges>
    <AxDataEntityViewRange><Name>R</Name><Field>Plate</Field><Value>"A*"</Value></AxDataEntityViewRange>
    <AxDataEntityViewRange><Name>S</Name><Field>Secret</Field><Enabled>No</Enabled></AxDataEntityViewRange>
  </Ranges>
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
        let value = |kind| ValueType { kind, ..ValueType::default() };
        let computed = |method: Option<&str>, kind| Binding::Computed {
            method: method.map(Into::into),
            value: value(kind),
        };
        assert_eq!(bindings[2], computed(Some("plate"), FieldKind::String));
        assert_eq!(bindings[3], computed(None, FieldKind::Int64));
        let fuel = ValueType { enum_type: Some("Fuel".into()), ..value(FieldKind::Enum) };
        assert_eq!(bindings[4], Binding::Virtual { value: fuel });
        assert_eq!(bindings[5], mapped("", "P"));
    }

    #[test]
    fn keys_and_ranges_are_read_with_their_lines() {
        let named = |name: &str, line| Named { name: name.into(), line };
        let entity = entity(ENTITY);
        let [key, old] = &entity.keys[..] else { panic!("two keys") };
        assert_eq!((&key.named, key.enabled), (&named("EntityKey", 31), true));
        assert_eq!(key.fields, [named("Plate", 32), named("Secret", 34)]);
        assert_eq!((&*old.named.name, old.enabled), ("Old", false));
        let [plate, secret] = &entity.ranges[..] else { panic!("two ranges") };
        assert_eq!((&*plate.field, &*plate.value, plate.enabled, plate.line), ("Plate", "\"A*\"", true, 37));
        assert_eq!((&*secret.field, &*secret.value, secret.enabled), ("Secret", "", false));
    }

    #[test]
    fn an_entity_names_its_company_field_its_key_and_its_staging_table() {
        let told = entity(
            "<AxDataEntityView><Name>E</Name><PrimaryCompanyContext>DataAreaId</PrimaryCompanyContext>
<PrimaryKey>EntityKey</PrimaryKey><DataManagementStagingTable>EStaging</DataManagementStagingTable>
<Fields><AxDataEntityViewField i:type='AxDataEntityViewMappedField'><Name>F</Name><AllowEdit>Auto</AllowEdit>
<Mandatory>No</Mandatory></AxDataEntityViewField></Fields></AxDataEntityView>",
        );
        assert_eq!(told.primary_company_context, Some(Named { name: "DataAreaId".into(), line: 1 }));
        assert_eq!(told.primary_key, Some(Named { name: "EntityKey".into(), line: 2 }));
        assert_eq!(told.staging_table.as_deref(), Some("EStaging"));
        assert_eq!(told.view.fields[0].rules, EditRules { mandatory: Some(false), ..EditRules::default() });
        assert_eq!(entity(ENTITY).primary_company_context, None);
    }

    #[test]
    fn only_the_methods_of_the_element_itself_count() {
        let methods = entity(ENTITY).view.methods;
        let names: Vec<_> = methods.iter().map(|m| (&*m.name, m.line)).collect();
        assert_eq!(names, [("plate", 6), ("x", 7)]);
    }
}
