//! Tables.

use super::class::SourceCode;
use super::cursor::{Cursor, Tag};
use super::fault::Read;
use super::{EditRules, Named, Table, TableField, TableGroup, TableType, ValueType, relation};

/// Reads a table; its methods only if `all` are wanted.
pub(super) fn read(cursor: &mut Cursor<'_>, line: u32, all: bool) -> Read<Table> {
    let mut table = Table { named: Named { line, ..Named::default() }, ..Table::default() };
    let mut code = SourceCode::default();
    cursor.children(|cursor, tag| {
        match tag.name {
            "Name" if table.named.name.is_empty() => table.named.name = cursor.value()?,
            "SourceCode" if all => code.read(cursor)?,
            "Fields" => fields(cursor, &mut table.fields)?,
            "Relations" => relation::read_all(cursor, &mut table.relations)?,
            "Extends" => table.extends = cursor.named(tag)?,
            "TableType" => table.table_type = table_type(&cursor.value()?),
            "TableGroup" => table.traits.group = table_group(&cursor.value()?),
            "SaveDataPerCompany" => table.traits.per_company = !cursor.value()?.eq_ignore_ascii_case("No"),
            "ValidTimeStateFieldType" => table.traits.valid_time_state = is_dated(&cursor.value()?),
            _ => {}
        }
        Ok(())
    })?;
    table.methods = code.methods();
    Ok(table)
}

fn table_type(value: &str) -> TableType {
    if value.eq_ignore_ascii_case("InMemory") {
        TableType::InMemory
    } else if value.eq_ignore_ascii_case("TempDB") {
        TableType::TempDb
    } else {
        TableType::Regular
    }
}

fn is_dated(value: &str) -> bool {
    !value.is_empty() && !value.eq_ignore_ascii_case("None")
}

fn table_group(value: &str) -> TableGroup {
    const GROUPS: [(&str, TableGroup); 13] = [
        ("", TableGroup::Miscellaneous),
        ("Miscellaneous", TableGroup::Miscellaneous),
        ("Parameter", TableGroup::Parameter),
        ("Group", TableGroup::Group),
        ("Main", TableGroup::Main),
        ("Transaction", TableGroup::Transaction),
        ("TransactionHeader", TableGroup::TransactionHeader),
        ("TransactionLine", TableGroup::TransactionLine),
        ("WorksheetHeader", TableGroup::WorksheetHeader),
        ("WorksheetLine", TableGroup::WorksheetLine),
        ("Reference", TableGroup::Reference),
        ("Framework", TableGroup::Framework),
        ("Staging", TableGroup::Staging),
    ];
    let known = GROUPS.iter().find(|(name, _)| name.eq_ignore_ascii_case(value));
    known.map_or(TableGroup::Other, |(_, group)| *group)
}

/// Reads `Fields` of a table or table extension. A field without a name cannot be referred to and is left out.
pub(super) fn fields(cursor: &mut Cursor<'_>, fields: &mut Vec<TableField>) -> Read<()> {
    cursor.children(|cursor, tag| {
        fields.extend(field(cursor, tag)?);
        Ok(())
    })
}

fn field(cursor: &mut Cursor<'_>, tag: Tag<'_>) -> Read<Option<TableField>> {
    let line = cursor.line(tag.at);
    let (mut name, mut value, mut rules) = (None, ValueType::new(tag.kind), EditRules::default());
    cursor.children(|cursor, tag| match tag.name {
        "Name" => {
            name = cursor.some_value()?;
            Ok(())
        }
        "EnumType" | "ExtendedDataType" => value.child(cursor, tag),
        _ => rules.child(cursor, tag),
    })?;
    Ok(name.map(|name| TableField { named: Named { name, line }, value, rules }))
}

#[cfg(test)]
mod tests {
    use crate::aot::file::definition;
    use crate::aot::{
        Definition, EditRules, FieldKind, FieldPair, Methods, Named, Table, TableGroup, TableTraits,
        TableType, read_file,
    };

    const TABLE: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<AxTable xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
	<Name>FleetCar</Name>
	<SourceCode>
		<Declaration><![CDATA[public class FleetCar extends common { } // <Name>No</Name>]]></Declaration>
		<Methods>
			<Method>
				<Name>find</Name>
				<Source><![CDATA[
    static FleetCar find() { }
]]></Source>
			</Method>
		</Methods>
	</SourceCode>
	<Extends>FleetVehicle</Extends>
	<TableType>TempDB</TableType>
	<FieldGroups><AxTableFieldGroup><Name>AutoReport</Name><Fields /></AxTableFieldGroup></FieldGroups>
	<Fields>
		<AxTableField xmlns=""
			i:type="AxTableFieldString">
			<Name>PlateId</Name>
			<AllowEdit>No</AllowEdit>
			<ExtendedDataType>FleetPlateId</ExtendedDataType>
			<Mandatory>Yes</Mandatory>
		</AxTableField>
		<AxTableField><Name> Doors </Name></AxTableField>
		<AxTableField i:type="AxTableFieldEnum"><Name>Fuel</Name><EnumType>FleetFuel</EnumType></AxTableField>
		<AxTableField i:type="AxTableFieldInt"/>
	</Fields>
	<Relations>
		<AxTableRelation i:type="AxTableRelationForeignKey">
			<Name>Owner</Name>
			<RelatedTable>DirPartyTable</RelatedTable>
			<Constraints>
				<AxTableRelationConstraint xmlns="" i:type="AxTableRelationConstraintField">
					<Name>Party</Name><Field>Party</Field><RelatedField>RecId</RelatedField>
				</AxTableRelationConstraint>
				<AxTableRelationConstraint xmlns="" i:type="AxTableRelationConstraintFixed">
					<Name>Kind</Name><Field>Kind</Field><Value>1</Value>
				</AxTableRelationConstraint>
				<AxTableRelationConstraint xmlns="" i:type="AxTableRelationConstraintRelatedFixed"/>
			</Constraints>
		</AxTableRelation>
	</Relations>
</AxTable>"#;

    fn table(text: &str) -> Table {
        let Definition::Table(table) = definition(text) else { panic!("a table") };
        table
    }

    fn named(name: &str, line: u32) -> Named {
        Named { name: name.into(), line }
    }

    #[test]
    fn fields_relations_and_inheritance_are_read_with_their_lines() {
        let table = table(TABLE);
        assert_eq!(table.named, named("FleetCar", 2));
        let names: Vec<_> = table.fields.iter().map(|f| f.named.clone()).collect();
        assert_eq!(names, [named("PlateId", 19), named("Doors", 26), named("Fuel", 27)]);
        assert_eq!(table.extends, Some(named("FleetVehicle", 15)));
        assert_eq!(table.table_type, TableType::TempDb);
        let relation = &table.relations[0];
        assert_eq!((&relation.named, &*relation.related), (&named("Owner", 31), "DirPartyTable"));
        assert_eq!(relation.pairs, [FieldPair { field: "Party".into(), related: "RecId".into() }]);
    }

    #[test]
    fn fields_have_their_type_and_say_who_may_change_them() {
        let [plate, doors, fuel] = &table(TABLE).fields[..] else { panic!("three fields") };
        assert_eq!(plate.value.kind, FieldKind::String);
        assert_eq!(plate.value.extended_type.as_deref(), Some("FleetPlateId"));
        let rules = EditRules { mandatory: Some(true), allow_edit: Some(false), allow_edit_on_create: None };
        assert_eq!(plate.rules, rules);
        assert_eq!((doors.value.kind, doors.rules), (FieldKind::Unknown, EditRules::default()));
        assert_eq!((fuel.value.kind, fuel.value.enum_type.as_deref()), (FieldKind::Enum, Some("FleetFuel")));
    }

    #[test]
    fn a_table_says_whose_its_rows_are() {
        let traits = |body: &str| table(&format!("<AxTable><Name>T</Name>{body}</AxTable>")).traits;
        assert_eq!(traits(""), TableTraits::default());
        assert!(traits("<SaveDataPerCompany />").per_company && !traits("").valid_time_state);
        let told = traits(
            "<SaveDataPerCompany>No</SaveDataPerCompany><TableGroup>Staging</TableGroup>
<ValidTimeStateFieldType>UtcDateTime</ValidTimeStateFieldType>",
        );
        let expected = TableTraits { per_company: false, valid_time_state: true, group: TableGroup::Staging };
        assert_eq!(told, expected);
        assert!(!traits("<ValidTimeStateFieldType>None</ValidTimeStateFieldType>").valid_time_state);
        assert_eq!(traits("<TableGroup>Bogus</TableGroup>").group, TableGroup::Other);
    }

    #[test]
    fn methods_are_read_only_when_asked_for() {
        assert_eq!(table(TABLE).methods[0].line, 9);
        assert_eq!(&*table(TABLE).methods[0].name, "find");
        let facts = read_file(TABLE, "", Methods::None);
        let Some(Definition::Table(table)) = facts.definition else { panic!("a table") };
        assert!(table.methods.is_empty());
    }

    #[test]
    fn line_ends_do_not_matter() {
        assert_eq!(table(&TABLE.replace('\n', "\r\n")).fields, table(TABLE).fields);
    }

    #[test]
    fn absent_means_regular_and_without_base() {
        let table = table("<AxTable><Name>T</Name><Extends /><TableType>inmemory</TableType></AxTable>");
        assert_eq!((table.extends, table.table_type), (None, TableType::InMemory));
        assert_eq!(super::table_type("Regular"), TableType::Regular);
        assert_eq!(super::table_type(""), TableType::Regular);
    }
}
