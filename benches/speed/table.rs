//! Medians, and how they compare with reading the bytes.

use std::time::Duration;

/// Times of the variants, round by round; the first variant is what the others are compared with.
pub(crate) struct Table {
    names: Vec<&'static str>,
    times: Vec<Vec<f64>>,
}

impl Table {
    pub(crate) fn new(names: Vec<&'static str>) -> Self {
        let times = names.iter().map(|_| Vec::new()).collect();
        Self { names, times }
    }

    pub(crate) fn add(&mut self, variant: usize, took: Duration) {
        self.times[variant].push(took.as_secs_f64());
    }

    pub(crate) fn print(&self) {
        println!("{:<38} {:>10} {:>10} {:>8}", "", "median", "fastest", "ratio");
        for (name, times) in self.names.iter().zip(&self.times) {
            let fastest = times.iter().copied().fold(f64::INFINITY, f64::min);
            // Round by round, so that a machine that slows down in between does not matter.
            let ratios = times.iter().zip(&self.times[0]).map(|(time, floor)| time / floor).collect();
            let (middle, ratio) = (median(times.clone()), median(ratios));
            println!("{name:<38} {:>7.1} ms {:>7.1} ms {ratio:>8.2}", middle * 1e3, fastest * 1e3);
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}
