//! Model descriptors: `<Package>/Descriptor/<Model>.xml`.

use super::cursor::Cursor;
use super::fault::{Fault, Read, Reason};
use crate::problem::LocalProblem;
use crate::text::Symbol;
use serde::{Deserialize, Serialize};

/// What a descriptor (`AxModelInfo`) says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Descriptor {
    /// `Name` of the model.
    pub name: Symbol,
    /// `ModelModule`: the package that the model belongs to.
    pub module: Symbol,
    /// `Layer`: 0 (SYS) to 14 (USR); `None` when it is no number.
    pub layer: Option<u8>,
    /// `Publisher`.
    pub publisher: Symbol,
    /// `ModuleReferences`: the packages that it may refer to.
    pub references: Vec<Symbol>,
}

/// A model folder with the name that output uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// `Name` of the descriptor that belongs to the folder, else the folder's name (SPEC 12).
    pub name: Symbol,
    /// That descriptor.
    pub descriptor: Option<Descriptor>,
}

/// Reads a descriptor; `None` when the file holds something else. A file that cannot be read is a problem with
/// its place in the file.
pub fn read_descriptor(text: &str) -> Result<Option<Descriptor>, LocalProblem> {
    let mut cursor = Cursor::new(text.trim_start_matches('\u{FEFF}'));
    document(&mut cursor).map_err(|fault| {
        let position = cursor.position(fault.at);
        fault.problem(position)
    })
}

fn document(cursor: &mut Cursor<'_>) -> Read<Option<Descriptor>> {
    let root = cursor.root()?;
    if root.name != "AxModelInfo" {
        let other = Fault::new(root.at, Reason::NotMetadata(root.name.to_owned()));
        return if root.name.starts_with("Ax") { Ok(None) } else { Err(other) };
    }
    let mut descriptor = Descriptor::default();
    cursor.children(|cursor, tag| {
        match tag.name {
            "Name" => descriptor.name = cursor.value()?,
            "ModelModule" => descriptor.module = cursor.value()?,
            "Layer" => descriptor.layer = cursor.value()?.parse().ok(),
            "Publisher" => descriptor.publisher = cursor.value()?,
            "ModuleReferences" => cursor.children(|cursor, _| {
                descriptor.references.extend(cursor.some_value()?);
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    cursor.finish()?;
    Ok(Some(descriptor))
}

#[cfg(test)]
mod tests {
    use super::{Descriptor, read_descriptor};

    #[test]
    fn a_one_line_descriptor_without_declaration_is_read() {
        let text = r#"<AxModelInfo xmlns:i="x"><AppliedUpdates xmlns:a="y"/><Layer>14</Layer><ModelModule>Pkg</ModelModule><ModelReferences i:nil="true" xmlns:a="y"/><ModuleReferences xmlns:a="y"><a:string>ApplicationSuite</a:string><a:string> Ledger </a:string><a:string/></ModuleReferences><Name>My Model</Name><Publisher>Contoso &amp; Co</Publisher></AxModelInfo>"#;
        let expected = Descriptor {
            name: "My Model".into(),
            module: "Pkg".into(),
            layer: Some(14),
            publisher: "Contoso & Co".into(),
            references: vec!["ApplicationSuite".into(), "Ledger".into()],
        };
        assert_eq!(read_descriptor(text), Ok(Some(expected)));
    }

    #[test]
    fn other_files_are_no_descriptors() {
        assert_eq!(read_descriptor("<AxReference/>"), Ok(None));
        assert!(read_descriptor("<html/>").is_err());
        assert_eq!(read_descriptor("<AxModelInfo>\n <Name>x").unwrap_err().position.line, 2);
    }
}
