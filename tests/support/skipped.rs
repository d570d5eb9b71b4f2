//! Tests that cannot run here say so, and `tests/run` counts them: one that is skipped looks like one that passed.

use std::{fs::OpenOptions, io::Write as _};

/// Names a file; every test that is skipped adds a line to it.
const SKIPPED: &str = "SUPPORT_REQUESTS_TEST_SKIPPED";

/// Says that the test that runs on this thread is skipped, and why.
///
/// # Panics
/// When the file for that cannot be written.
#[expect(clippy::disallowed_methods, reason = "a setting of the test run, not of the service")]
pub fn skipped(why: &str) {
    let thread = std::thread::current();
    let line = format!("skipped: {}: {why}\n", thread.name().unwrap_or("a test"));
    eprint!("{line}");
    if let Some(file) = std::env::var_os(SKIPPED) {
        let mut file = OpenOptions::new().create(true).append(true).open(file).unwrap();
        file.write_all(line.as_bytes()).unwrap();
    }
}
