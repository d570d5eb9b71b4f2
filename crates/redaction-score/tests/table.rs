//! The table is what the trainer makes of the texts, to the byte.

use redaction_score::train::train;

mod texts;

#[test]
fn the_table_is_what_the_texts_teach() {
    let texts: Vec<_> = texts::sets().into_iter().flat_map(|(_, texts)| texts).collect();
    let table = train(&texts);
    assert!(table.len() <= 256 * 1024);
    // Not `assert_eq`: it would print both.
    assert!(
        table == include_bytes!("../src/table.bin"),
        "learn it anew: cargo run --release -p redaction-score --example train"
    );
}
