//! Metadata trees in the real layout and of realistic sizes, for tests and benchmarks: packages with one to
//! three models, tables, views and entities nested four deep, extensions, classes, and kinds that nobody reads.
//!
//! A tree depends on its seed and its [`Size`] alone, and each file on nothing but its position, so that files
//! are made and written in parallel.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::cast_possible_truncation,
    reason = "tests and benchmarks each use their part"
)]

mod code;
mod elements;
#[path = "../reference/random.rs"]
pub mod random;
mod shape;
mod xml;

use random::Random;
use rayon::prelude::*;
use shape::Shapes;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

/// How many files of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub name: &'static str,
    pub tables: usize,
    pub entities: usize,
    pub views: usize,
    pub table_extensions: usize,
    pub entity_extensions: usize,
    /// Every eighth extends an entity; the others are plain classes.
    pub classes: usize,
    /// Files of kinds that are passed over: forms, enums, types.
    pub skipped: usize,
    pub packages: usize,
    /// So many of a thousand tables and entities have 50 to 150 KB, most of it X++.
    pub large: usize,
}

impl Size {
    /// For tests.
    pub const TINY: Size = Size {
        name: "tiny",
        tables: 40,
        entities: 80,
        views: 8,
        table_extensions: 6,
        entity_extensions: 6,
        classes: 16,
        skipped: 30,
        packages: 3,
        large: 20,
    };

    /// A tenth of [`Size::B`]: for a benchmark that ends soon.
    pub const S: Size = Size::B.scaled("S", 1, 10);

    /// 4,000 tables and 8,000 entities in 60 MB.
    pub const B: Size = Size {
        name: "B",
        tables: 4_000,
        entities: 8_000,
        views: 200,
        table_extensions: 150,
        entity_extensions: 150,
        classes: 400,
        skipped: 3_000,
        packages: 12,
        large: 8,
    };

    /// As many files as [`Size::B`], but a tenth of them large: 170 MB.
    pub const W: Size = Size { name: "W", large: 100, ..Size::B };

    /// Five times [`Size::B`].
    pub const H: Size = Size::B.scaled("H", 5, 1);

    /// An installation: 250,000 files, of which 60,000 are needed.
    pub const XL: Size = Size {
        name: "XL",
        tables: 12_000,
        entities: 16_000,
        views: 4_000,
        table_extensions: 2_000,
        entity_extensions: 2_000,
        classes: 24_000,
        skipped: 190_000,
        packages: 150,
        large: 8,
    };

    /// The size of this name.
    pub fn named(name: &str) -> Option<Size> {
        let all = [Size::TINY, Size::S, Size::B, Size::W, Size::H, Size::XL];
        all.into_iter().find(|size| size.name.eq_ignore_ascii_case(name))
    }

    const fn scaled(self, name: &'static str, by: usize, of: usize) -> Size {
        Size {
            name,
            tables: self.tables * by / of,
            entities: self.entities * by / of,
            views: self.views * by / of,
            table_extensions: self.table_extensions * by / of,
            entity_extensions: self.entity_extensions * by / of,
            classes: self.classes * by / of,
            skipped: self.skipped * by / of,
            packages: self.packages,
            large: self.large,
        }
    }

    /// Files that an analysis opens, descriptors aside.
    pub fn needed(&self) -> usize {
        let extensions = self.table_extensions + self.entity_extensions;
        self.tables + self.entities + self.views + extensions + self.classes
    }
}

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Table,
    Entity,
    View,
    TableExtension,
    EntityExtension,
    Class,
    Skipped,
}

/// A file of a tree, by its kind and its position among those of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileIx {
    pub kind: Kind,
    pub position: usize,
}

/// A tree that can be written.
pub struct Forest {
    pub size: Size,
    seed: u64,
    shapes: Shapes,
}

impl Forest {
    pub fn new(seed: u64, size: Size) -> Self {
        Self { size, seed, shapes: Shapes::new(seed, &size) }
    }

    /// All files but the descriptors.
    pub fn files(&self) -> Vec<FileIx> {
        let size = &self.size;
        let counts = [
            (Kind::Table, size.tables),
            (Kind::Entity, size.entities),
            (Kind::View, size.views),
            (Kind::TableExtension, size.table_extensions),
            (Kind::EntityExtension, size.entity_extensions),
            (Kind::Class, size.classes),
            (Kind::Skipped, size.skipped),
        ];
        let of_kind = |(kind, count)| (0..count).map(move |position| FileIx { kind, position });
        counts.into_iter().flat_map(of_kind).collect()
    }

    /// The name of a table.
    pub fn table_name(position: usize) -> String {
        shape::table_name(position)
    }

    /// The name of an entity.
    pub fn entity_name(position: usize) -> String {
        shape::entity_name(position)
    }

    /// Path of a file below the root, with `/`.
    pub fn path(&self, file: FileIx) -> String {
        let (package, model) = self.place(file);
        let (folder, name) = elements::folder_and_name(file, &self.size);
        format!("{package}/{model}/{folder}/{name}.xml")
    }

    /// The text of a file.
    pub fn text(&self, file: FileIx) -> String {
        let mut random = self.random(file, 1);
        let text = elements::text(&self.shapes, &self.size, file, &mut random);
        // Microsoft's files have CRLF and most have a mark; those of others have what their editors write.
        match random.below(10) {
            0..4 => text,
            4..6 => text.replace('\n', "\r\n"),
            _ => format!("\u{feff}{}", text.replace('\n', "\r\n")),
        }
    }

    /// Writes the tree below a folder. Returns the number of bytes in the files that an analysis reads.
    pub fn write(&self, root: &Path) -> io::Result<u64> {
        let files = self.files();
        let mut folders = BTreeSet::new();
        for file in &files {
            let path = self.path(*file);
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            if folders.insert(folder.to_owned()) {
                fs::create_dir_all(root.join(folder))?;
            }
        }
        for package in 0..self.size.packages {
            let package_name = shape::package_name(package);
            let folder = root.join(&package_name).join("Descriptor");
            fs::create_dir_all(&folder)?;
            for model in 0..shape::models_of(package) {
                let name = shape::model_name(package, model);
                fs::write(folder.join(format!("{name}.xml")), elements::descriptor(&name, &package_name))?;
            }
        }
        let bytes = files.par_iter().map(|file| {
            let text = self.text(*file);
            fs::write(root.join(self.path(*file)), &text)?;
            Ok(if file.kind == Kind::Skipped { 0 } else { text.len() as u64 })
        });
        bytes.sum()
    }

    /// Package and model: neighbours in number are neighbours on disk as often as not.
    fn place(&self, file: FileIx) -> (String, String) {
        let mut random = self.random(file, 2);
        let package = random.below(self.size.packages);
        let model = random.below(shape::models_of(package));
        (shape::package_name(package), shape::model_name(package, model))
    }

    fn random(&self, file: FileIx, stream: u64) -> Random {
        let kind = file.kind as u64;
        Random::new(self.seed ^ (stream << 56) ^ (kind << 48) ^ file.position as u64)
    }
}
