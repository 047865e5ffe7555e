//! How long the commands take, beside what nobody can do without: listing the folders, reading the bytes,
//! writing as many. `docs/performance.md` has the figures and says how to repeat them.
//!
//! `cargo bench` measures a small tree; `cargo bench -- B H` those sizes, `ROUNDS=9` so many times.
//! Without `--bench` (as `cargo test --benches` starts it) everything runs once on a tiny tree.

#[path = "../../tests/forest/mod.rs"]
mod forest;

mod floors;
mod ours;
mod process;
mod table;

use floors::Floors;
use forest::{Forest, Size};
use std::path::Path;
use std::time::Duration;
use table::Table;

/// Every tree is the same tree.
const SEED: u64 = 1;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_bench = arguments.iter().any(|argument| argument == "--bench");
    let named: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with("--")).collect();
    let sizes: Vec<Size> = match (is_bench, named.is_empty()) {
        (false, _) => vec![Size::TINY],
        (true, true) => vec![Size::S],
        (true, false) => named.iter().map(|name| size(name)).collect(),
    };
    let rounds = std::env::var("ROUNDS").ok().and_then(|text| text.parse().ok());
    let rounds = rounds.unwrap_or(if is_bench { 5 } else { 1 });
    for size in sizes {
        measure(size, rounds);
    }
}

fn size(name: &str) -> Size {
    Size::named(name).unwrap_or_else(|| panic!("{name} is none of tiny, S, B, W, H, XL"))
}

/// Something to time; it returns how long it took, without what it has to clean up.
type Variant<'a> = (&'static str, Box<dyn FnMut() -> Duration + 'a>);

fn measure(size: Size, rounds: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().join("metadata");
    let bytes = Forest::new(SEED, size).write(&root).expect("the tree is written");
    let floors = Floors::new(&root);
    let ours = ours::Ours::new(&root, folder.path());
    let written = ours.outputs();
    println!(
        "\n{}: {} files, of which {} with {} are read; {} of results",
        size.name,
        size.needed() + size.skipped,
        floors.files(),
        megabytes(bytes),
        megabytes(written.iter().map(Vec::len).sum::<usize>() as u64),
    );
    let entity = Forest::entity_name(0);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/script.py");
    let mut variants: Vec<Variant> = vec![
        ("read the bytes", Box::new(|| floors.read())),
        ("list the folders", Box::new(|| floors.walk())),
        ("ask for size and time of each file", Box::new(|| floors.stat())),
        ("XML events, no work", Box::new(|| floors.events())),
        ("write as many bytes", Box::new(|| Floors::write(&written, folder.path()))),
        ("load", Box::new(|| ours.load())),
        ("load and judge", Box::new(|| ours.judge())),
        ("check, cold", Box::new(|| ours.run(&["check", "--no-cache"]))),
        ("check of all models, cold", Box::new(|| ours.run(&["check", "--no-cache", "--all"]))),
        ("impact, cold", Box::new(|| ours.run(&["impact", "--no-cache", ours.table()]))),
        ("analyze, cold", Box::new(|| ours.analyze())),
    ];
    variants.extend([
        ("impact, nothing changed", again(&ours, vec!["impact", ours.table()])),
        ("explain, nothing changed", again(&ours, vec!["explain", &entity])),
        ("check, one file changed", warm(&ours, vec!["check"])),
        ("check, all known, one file changed", warm(&ours, vec!["check", "--baseline", ours.baseline()])),
        ("impact, one file changed", warm(&ours, vec!["impact", ours.table()])),
        ("explain, one file changed", warm(&ours, vec!["explain", &entity])),
    ]);
    if process::has_python() {
        variants.push(("the script", Box::new(|| process::script(&script, &root, ours.table()))));
    }
    let mut table = Table::new(variants.iter().map(|(name, _)| *name).collect());
    for round in 0..=rounds {
        for (position, (_, run)) in variants.iter_mut().enumerate() {
            let took = run();
            // The first round warms the page cache.
            if round > 0 {
                table.add(position, took);
            }
        }
    }
    drop(variants);
    table.print();
    for command in [&["check", "--no-cache"][..], &["analyze", "--no-cache", "--out", "out"]] {
        if let Some(peak) = ours.memory(command) {
            println!("{:<38} {:>10}", format!("{}, memory", command[0]), megabytes(peak));
        }
    }
}

fn warm<'a>(ours: &'a ours::Ours, command: Vec<&'a str>) -> Box<dyn FnMut() -> Duration + 'a> {
    Box::new(move || ours.warm(&command))
}

fn again<'a>(ours: &'a ours::Ours, command: Vec<&'a str>) -> Box<dyn FnMut() -> Duration + 'a> {
    Box::new(move || ours.again(&command))
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", (bytes + 500_000) / 1_000_000)
}
