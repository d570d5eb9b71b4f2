//! The texts that are learnt from: the corpora of the redaction but the half that is held out.

use std::path::Path;

use redaction_score::train::Text;
use serde_json::Value;

/// All of them, by the names of their files.
///
/// # Panics
///
/// When a corpus cannot be read.
#[must_use]
pub fn all() -> Vec<Text> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../redaction/tests/corpus");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("the corpora are there").flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "jsonl") && !file.ends_with("held_out.jsonl"));
    files.sort();
    let lines = files.iter().flat_map(|file| {
        let read = std::fs::read_to_string(file).expect("a corpus can be read");
        read.lines().map(str::to_owned).collect::<Vec<_>>()
    });
    let text = |value: &Value, key: &str| value[key].as_str().map(str::to_owned);
    lines
        .filter_map(|line| {
            let value: Value = serde_json::from_str(&line).ok()?;
            Some(Text { text: text(&value, "text")?, secret: text(&value, "secret") })
        })
        .collect()
}
