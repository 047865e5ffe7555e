//! Who uses whom: the part of a tree that one file must know of another.

use super::Size;
use super::random::Random;
use std::collections::HashSet;

const AREAS: [&str; 20] = [
    "Cust",
    "Vend",
    "Sales",
    "Purch",
    "Invent",
    "Ledger",
    "Project",
    "Asset",
    "Bank",
    "Tax",
    "Hcm",
    "Prod",
    "Whs",
    "Retail",
    "Logistics",
    "Dir",
    "Budget",
    "Cost",
    "Ecm",
    "Req",
];
const THINGS: [&str; 24] = [
    "Account",
    "Group",
    "Invoice",
    "Line",
    "Journal",
    "Transaction",
    "Setup",
    "Parameter",
    "Posting",
    "Agreement",
    "Location",
    "Address",
    "Contact",
    "Item",
    "Price",
    "Discount",
    "Charge",
    "Batch",
    "Route",
    "Schedule",
    "Category",
    "Allocation",
    "Profile",
    "History",
];
const COLUMNS: [&str; 48] = [
    "AccountNum",
    "Name",
    "Description",
    "Party",
    "GroupId",
    "CurrencyCode",
    "InvoiceId",
    "TransDate",
    "DueDate",
    "AmountCur",
    "AmountMST",
    "Qty",
    "ItemId",
    "InventDimId",
    "SiteId",
    "LocationId",
    "PaymTermId",
    "PaymMode",
    "TaxGroup",
    "TaxItemGroup",
    "DefaultDimension",
    "LedgerDimension",
    "Voucher",
    "LineNum",
    "Status",
    "Blocked",
    "Notes",
    "ContactPersonId",
    "CountryRegionId",
    "ZipCode",
    "City",
    "Street",
    "Phone",
    "Email",
    "Url",
    "Worker",
    "StartDate",
    "EndDate",
    "Priority",
    "Percent",
    "UnitId",
    "Weight",
    "Volume",
    "ModelId",
    "Config",
    "BatchId",
    "SerialId",
    "Reference",
];

/// Levels of entities over entities.
const LEVELS: usize = 4;

fn words(position: usize) -> String {
    // 7 has no factor in common with either list, so that neighbours differ in both words.
    let (area, thing) =
        (AREAS[position * 7 % AREAS.len()], THINGS[position * 7 / AREAS.len() % THINGS.len()]);
    match position / (AREAS.len() * THINGS.len()) {
        0 => format!("{area}{thing}{}", position % 10),
        more => format!("{area}{thing}{more}{}", position % 10),
    }
}

pub fn table_name(position: usize) -> String {
    format!("{}Table{position}", words(position))
}

pub fn view_name(position: usize) -> String {
    format!("{}View{position}", words(position))
}

pub fn entity_name(position: usize) -> String {
    format!("{}Entity{position}", words(position))
}

pub fn package_name(package: usize) -> String {
    format!("{}Suite{package}", AREAS[package % AREAS.len()])
}

/// One to three models in a package.
pub fn models_of(package: usize) -> usize {
    1 + package % 3
}

pub fn model_name(package: usize, model: usize) -> String {
    match model {
        0 => package_name(package),
        _ => format!("{}Model{model}", package_name(package)),
    }
}

/// What a data source shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Table(usize),
    View(usize),
    Entity(usize),
}

impl Target {
    pub fn name(self) -> String {
        match self {
            Target::Table(position) => table_name(position),
            Target::View(position) => view_name(position),
            Target::Entity(position) => entity_name(position),
        }
    }
}

/// A data source; the first of an element is its root.
pub struct Source {
    pub name: String,
    pub target: Target,
    pub parent: Option<usize>,
}

/// A mapped field.
pub struct Field {
    pub name: String,
    pub source: usize,
    pub column: String,
}

/// A view or entity.
pub struct Element {
    pub sources: Vec<Source>,
    pub fields: Vec<Field>,
    pub large: bool,
}

/// A table: its columns are consecutive words of the list.
#[derive(Clone, Copy)]
pub struct Table {
    first: usize,
    pub columns: usize,
    pub large: bool,
}

impl Table {
    pub fn column(self, n: usize) -> String {
        let word = COLUMNS[(self.first + n) % COLUMNS.len()];
        if n < COLUMNS.len() { word.to_owned() } else { format!("{word}{}", n / COLUMNS.len()) }
    }
}

/// Everything that files say of each other.
pub struct Shapes {
    pub tables: Vec<Table>,
    pub views: Vec<Element>,
    pub entities: Vec<Element>,
}

impl Shapes {
    pub fn new(seed: u64, size: &Size) -> Self {
        let mut random = Random::new(seed);
        let tables = (0..size.tables).map(|_| table(&mut random, size)).collect();
        let mut shapes = Self { tables, views: Vec::new(), entities: Vec::new() };
        for _ in 0..size.views {
            let sources = shapes.sources(&mut random, 1, 4, 0);
            let fields = shapes.fields(&mut random, &sources, 4, 20);
            shapes.views.push(Element { sources, fields, large: false });
        }
        for position in 0..size.entities {
            let large = random.below(1000) < size.large;
            let level = level(position);
            let sources = shapes.sources(&mut random, 1, 20, level);
            let most = if large { 150 } else { 60 };
            let fields = shapes.fields(&mut random, &sources, 5, most);
            shapes.entities.push(Element { sources, fields, large });
        }
        shapes
    }

    fn sources(&self, random: &mut Random, least: usize, most: usize, level: usize) -> Vec<Source> {
        let mut sources: Vec<Source> = Vec::new();
        let mut names = HashSet::new();
        for n in 0..skewed(random, least, most) {
            let target = self.target(random, n, level);
            let base = target.name();
            let name = if names.insert(base.clone()) { base } else { format!("{base}_{n}") };
            let parent = (n > 0).then(|| {
                let candidate = random.below(n);
                if depth(&sources, candidate) < 4 { candidate } else { 0 }
            });
            sources.push(Source { name, target, parent });
        }
        sources
    }

    /// A nested entity takes the place of the first data source, or of a later one.
    fn target(&self, random: &mut Random, n: usize, level: usize) -> Target {
        let nested = level > 0 && if n == 0 { random.chance(60) } else { random.chance(30) };
        let known = self.entities.len();
        if nested && known > 0 {
            // Some are popular: every address shows the same few entities.
            let among = if random.chance(30) { known.min(60) } else { known };
            let picked = random.below(among);
            let below =
                (0..known).map(|back| (picked + known - back) % known).find(|at| self::level(*at) < level);
            return Target::Entity(below.unwrap_or(0));
        }
        if !self.views.is_empty() && random.chance(6) {
            return Target::View(random.below(self.views.len()));
        }
        let among = if random.chance(30) { self.tables.len().min(100) } else { self.tables.len() };
        Target::Table(random.below(among))
    }

    fn fields(&self, random: &mut Random, sources: &[Source], least: usize, most: usize) -> Vec<Field> {
        let mut fields: Vec<Field> = Vec::new();
        let mut names = HashSet::new();
        for n in 0..skewed(random, least, most) {
            // Each data source has a field, as far as they last.
            let source = if n < sources.len() { n } else { random.below(sources.len()) };
            let column = self.field_of(random, sources[source].target);
            let long = || format!("{}{column}", AREAS[source % AREAS.len()]);
            let candidates = [column.clone(), long(), format!("{}{n}", long())];
            let Some(name) = candidates.into_iter().find(|name| !names.contains(name)) else { continue };
            names.insert(name.clone());
            fields.push(Field { name, source, column });
        }
        fields
    }

    /// A field of a table, view or entity.
    pub fn field_of(&self, random: &mut Random, target: Target) -> String {
        match target {
            Target::Table(_) if random.chance(8) => "RecId".to_owned(),
            Target::Table(at) => {
                let table = self.tables[at];
                table.column(random.below(table.columns))
            }
            Target::View(at) => random.pick(&self.views[at].fields).name.clone(),
            Target::Entity(at) => random.pick(&self.entities[at].fields).name.clone(),
        }
    }
}

fn table(random: &mut Random, size: &Size) -> Table {
    let large = random.below(1000) < size.large;
    let columns = if large { random.between(60, 200) } else { skewed(random, 3, 34) };
    Table { first: random.below(COLUMNS.len()), columns, large }
}

/// Most entities show tables; every eighth or so shows an entity of the level below, down to four.
fn level(position: usize) -> usize {
    let level = match position % 20 {
        0..12 => 0,
        12..17 => 1,
        17..19 => 2,
        _ => 3,
    };
    level.min(LEVELS - 1)
}

fn depth(sources: &[Source], at: usize) -> usize {
    std::iter::successors(Some(at), |at| sources[*at].parent).count()
}

/// A number of the closed range; small ones are frequent.
pub fn skewed(random: &mut Random, least: usize, most: usize) -> usize {
    let draws = (0..7).map(|_| random.between(least, most));
    draws.min().unwrap_or(least)
}
