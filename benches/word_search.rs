//! What the search for X++ that writes costs in files that hold none of its words, beside only reading them.
//!
//! `cargo bench --bench word_search`. Both are measured in turns in one run; the ratio of the medians counts.

#![allow(clippy::cast_precision_loss, reason = "sizes for people")]

use dualtrack::aot::{WRITE_WORDS, search_code};
use dualtrack::text::Words;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const FILES: usize = 4_000;
const METHODS: usize = 40;
const ROUNDS: usize = 9;

/// A class in the style of real ones, without a word of the search.
fn class(number: usize) -> String {
    let method = |m: usize| {
        format!(
            "\t\t\t<Method>\n\t\t\t\t<Name>calc{m}</Name>\n\t\t\t\t<Source><![CDATA[\n    public AmountMST calc{m}(CustTable _custTable, TransDate _date = systemDateGet())\n    {{\n        AmountMST amount = custTrans.amountMST * {m} + this.balance(_custTable.AccountNum, _date);\n        if (amount > 0 && _custTable.blocked != CustVendorBlocked::All)\n        {{\n            info(strFmt(\"@SYS{m}\", amount, _custTable.name()));\n        }}\n        return amount;\n    }}\n]]></Source>\n\t\t\t</Method>\n"
        )
    };
    let methods: String = (0..METHODS).map(method).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<AxClass>\n\t<Name>Fleet{number}</Name>\n\t<SourceCode>\n\t\t<Methods>\n{methods}\t\t</Methods>\n\t</SourceCode>\n</AxClass>\n"
    )
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let path = |number: usize| {
        let path = folder.join(format!("Fleet{number}.xml"));
        fs::write(&path, class(number)).expect("a file");
        path
    };
    (0..FILES).map(path).collect()
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let files = files(folder.path());
    let words = Words::new(WRITE_WORDS);
    let read = |path: &PathBuf| fs::read(path).expect("a file");
    let bytes: usize = files.iter().map(|path| read(path).len()).sum();
    let (mut reading, mut searching) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        reading.push(timed(|| files.iter().for_each(|path| drop(black_box(read(path))))));
        searching.push(timed(|| {
            for path in &files {
                assert!(!black_box(search_code(&read(path), &words)), "a word of the search");
            }
        }));
    }
    let (reading, searching) = (median(&mut reading), median(&mut searching));
    println!("{FILES} files, {:.1} MB, one thread, medians of {ROUNDS}", bytes as f64 / 1e6);
    println!("read only       {:8.1} ms", reading * 1e3);
    println!("read and search {:8.1} ms   {:.2} x", searching * 1e3, searching / reading);
}
