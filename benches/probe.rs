#[path = "../tests/forest/mod.rs"]
mod forest;
use forest::{Forest, Size};
fn main() {
    let mut args = std::env::args().skip(1).filter(|a| !a.starts_with("--"));
    let size = Size::named(&args.next().unwrap()).unwrap();
    let root = args.next().unwrap();
    let t = std::time::Instant::now();
    let f = Forest::new(1, size);
    println!("shapes {:?}", t.elapsed());
    let bytes = f.write(root.as_ref()).unwrap();
    println!("{} bytes {:?}", bytes, t.elapsed());
}
