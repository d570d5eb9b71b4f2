//! The texts that are learnt from: the sets of the redaction that are for tuning. Those for measuring are never learnt.

use std::path::Path;

use redaction_score::train::Text;
use serde_json::Value;

/// All of them, set after set by the names of their files.
///
/// # Panics
///
/// When a corpus cannot be read.
#[must_use]
pub fn sets() -> Vec<(String, Vec<Text>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../redaction/tests/corpus");
    let sets = std::fs::read_to_string(folder.join("sets.json")).expect("the corpora are described");
    let sets: Value = serde_json::from_str(&sets).expect("the description is JSON");
    let learnt = sets.as_array().into_iter().flatten().filter(|set| set["since"] == "tuning");
    let mut files: Vec<_> = learnt.filter_map(|set| set["file"].as_str()).map(str::to_owned).collect();
    files.sort();
    let read = |file: String| {
        let lines = std::fs::read_to_string(folder.join(&file)).expect("a corpus can be read");
        (file, lines.lines().filter_map(text).collect())
    };
    files.into_iter().map(read).collect()
}

fn text(line: &str) -> Option<Text> {
    let value: Value = serde_json::from_str(line).ok()?;
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    Some(Text { text: text("text")?, secret: text("secret") })
}
