//! Writes `src/table.bin` anew from the texts of the repository. Run from the root of the project:
//! `cargo run --release -p redaction-score --example train`.

use redaction_score::train::train;

#[path = "../tests/texts/mod.rs"]
mod texts;

fn main() {
    let texts: Vec<_> = texts::sets().into_iter().flat_map(|(_, texts)| texts).collect();
    let table = train(&texts);
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/table.bin");
    std::fs::write(file, table).expect("the table can be written");
}
