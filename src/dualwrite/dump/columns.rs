//! The columns of `BusinessEventsDefinition` that are read, and the headings under which they come.

/// A column that is read. All others are passed over.
///
/// Source of the names: the public Common Data Model description of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The data entity that is triggered.
    RefEntityName,
    /// The table that is watched.
    RefTableName,
    /// The data source of the entity, or the label of an entry of the mapping method.
    DataSourceName,
    /// The field of the entity that holds the `RecId`: a field id, or its name.
    RefTableRecIdField,
    /// Who reads the row.
    Channel,
    /// The company that the row is restricted to.
    LegalEntitySpecific,
    /// An enumeration whose values are not public.
    Direction,
    /// An enumeration whose values are not public.
    Action,
    /// Presumably 1 for rows that are in force; not public.
    Enabled,
    /// When the row was written, where the export has it.
    CreatedDateTime,
    /// When the row was changed, where the export has it.
    ModifiedDateTime,
}

impl Column {
    /// All of them; those that a dump must have come first.
    pub const ALL: [Self; 11] = [
        Self::RefEntityName,
        Self::RefTableName,
        Self::DataSourceName,
        Self::RefTableRecIdField,
        Self::Channel,
        Self::LegalEntitySpecific,
        Self::Direction,
        Self::Action,
        Self::Enabled,
        Self::CreatedDateTime,
        Self::ModifiedDateTime,
    ];

    /// What a dump must have: a row is known by these three.
    pub const REQUIRED: [Self; 3] = [Self::RefEntityName, Self::RefTableName, Self::DataSourceName];

    /// The name of the column in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::RefEntityName => "RefEntityName",
            Self::RefTableName => "RefTableName",
            Self::DataSourceName => "DataSourceName",
            Self::RefTableRecIdField => "RefTableRecIdField",
            Self::Channel => "Channel",
            Self::LegalEntitySpecific => "LegalEntitySpecific",
            Self::Direction => "Direction",
            Self::Action => "Action",
            Self::Enabled => "Enabled",
            Self::CreatedDateTime => "CreatedDateTime",
            Self::ModifiedDateTime => "ModifiedDateTime",
        }
    }

    /// Further headings, for lists that people wrote themselves.
    fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::RefEntityName => &["entityname", "dataentity", "entity"],
            Self::RefTableName => &["tablename", "table"],
            Self::DataSourceName => &["datasource"],
            Self::LegalEntitySpecific => &["legalentity", "company"],
            _ => &[],
        }
    }
}

/// A heading without what differs between databases, services and what people type: case, blanks, underscores.
pub(super) fn plain(heading: &str) -> String {
    heading.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}

/// Where each column stands in a heading.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    at: [Option<usize>; Column::ALL.len()],
}

impl Columns {
    /// Finds the columns by their names in the table; what is not there, by other headings. The first of several
    /// equal ones counts.
    pub(super) fn of<T: AsRef<str>>(headings: &[T]) -> Self {
        let plain: Vec<String> = headings.iter().map(|h| plain(h.as_ref())).collect();
        let position = |name: &str| plain.iter().position(|heading| heading == name);
        let mut columns = Self::default();
        for column in Column::ALL {
            let own = position(&column.name().to_ascii_lowercase());
            columns.at[column as usize] =
                own.or_else(|| column.aliases().iter().find_map(|alias| position(alias)));
        }
        columns
    }

    /// The position of a column.
    pub(super) fn get(&self, column: Column) -> Option<usize> {
        self.at[column as usize]
    }

    /// The required columns that are not there.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        let missing = Column::REQUIRED.into_iter().filter(|c| self.get(*c).is_none());
        missing.map(Column::name).collect()
    }

    /// Nothing that is required is missing.
    pub(super) fn are_complete(&self) -> bool {
        self.missing().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(headings: &[&str]) -> Vec<(usize, &'static str)> {
        let columns = Columns::of(headings);
        Column::ALL.into_iter().filter_map(|c| Some((columns.get(c)?, c.name()))).collect()
    }

    #[test]
    fn headings_in_every_writing() {
        let expected = [(2, "RefEntityName"), (0, "RefTableName"), (1, "DataSourceName")];
        for headings in [
            ["REFTABLENAME", "DATASOURCENAME", "REFENTITYNAME"],
            ["reftablename", "dataSourceName", "refEntityName"],
            ["ref_table_name", "data_source_name", "ref_entity_name"],
            ["Ref table name", " Data source name ", "Ref. entity name"],
            ["Table", "Data source", "Entity name"],
        ] {
            assert_eq!(found(&headings), expected, "{headings:?}");
        }
    }

    #[test]
    fn the_name_in_the_table_goes_before_others() {
        assert_eq!(found(&["Table", "RefTableName", "REFTABLENAME"]), [(1, "RefTableName")]);
        assert_eq!(Columns::of(&["Table", "Channel"]).missing(), ["RefEntityName", "DataSourceName"]);
        assert!(!Columns::of(&["", "Tables"]).are_complete());
    }

    #[test]
    fn the_list_is_in_order() {
        for (position, column) in Column::ALL.into_iter().enumerate() {
            assert_eq!(column as usize, position);
        }
    }
}
