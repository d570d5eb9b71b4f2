//! The same corpora through a public scanner, detect-secrets from `PyPI`, by a small Python script.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::figures::Read;

/// For each set: secrets found, harmless texts in which something was found.
/// Nothing when Python or pip is not there.
pub fn detect_secrets(sets: &[Read]) -> Option<Vec<(usize, usize)>> {
    if std::env::var_os("NO_PEERS").is_some() {
        return None;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rows: Vec<_> = sets
        .iter()
        .map(|read| read.set.cases.iter().map(|case| (&case.text, &case.secret)).collect::<Vec<_>>())
        .collect();
    let input = serde_json::to_vec(&rows).ok()?;
    let mut child = Command::new("python3")
        .arg(root.join("benches/peers.py"))
        .arg(root.join("../../target/redaction-peers"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take()?.write_all(&input).ok()?;
    let output = child.wait_with_output().ok()?;
    let table = serde_json::from_slice(&output.stdout).ok();
    if table.is_none() {
        println!("python3 with pip is not there: no comparison with detect-secrets");
    }
    table
}
