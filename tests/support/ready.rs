//! Waiting until the built binary says that it is ready.

use std::{
    io::{BufRead as _, BufReader},
    process::ChildStderr,
};

/// Reads a service's log up to where it says on which address it is ready: the rest of the log, what was read, the address.
pub fn wait(stderr: ChildStderr) -> (BufReader<ChildStderr>, String, String) {
    wait_or_end(stderr).unwrap_or_else(|seen| panic!("the service ended: {seen}"))
}

/// The same.
///
/// # Errors
/// All that a service said which ended before that.
pub fn wait_or_end(stderr: ChildStderr) -> Result<(BufReader<ChildStderr>, String, String), String> {
    let mut log = BufReader::new(stderr);
    let mut seen = String::new();
    loop {
        let mut line = String::new();
        if log.read_line(&mut line).unwrap() == 0 {
            return Err(seen);
        }
        seen.push_str(&line);
        if let Some(address) = address_in(&line) {
            return Ok((log, seen, address));
        }
    }
}

/// The address in the line that says so, in either log format.
fn address_in(line: &str) -> Option<String> {
    let start = line.contains("ready").then(|| line.find("127.0.0.1:"))??;
    let address = line[start..].split([' ', '"', ',']).next()?;
    Some(address.trim().to_owned())
}
