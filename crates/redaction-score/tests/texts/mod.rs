//! The texts that are learnt from: the sets of the redaction that are for tuning. Those for measuring are never learnt.

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
    let sets = std::fs::read_to_string(folder.join("sets.json")).expect("the corpora are described");
    let sets: Value = serde_json::from_str(&sets).expect("the description is JSON");
    let learnt = sets.as_array().into_iter().flatten().filter(|set| set["since"] == "tuning");
    let mut files: Vec<_> = learnt.filter_map(|set| set["file"].as_str()).map(|file| folder.join(file)).collect();
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
