//! Standard output and what is said beside it. The one place that writes to either, so that no command panics when
//! nobody reads any more or the disk is full, and each ends in the same way.

use std::{
    error::Error,
    fs::File,
    io::{self, BufWriter, IsTerminal, Write},
    os::fd::AsFd as _,
};

use clap::builder::StyledStr;

/// The exit status of a command whose reader went away: what a shell says of one that SIGPIPE ended.
pub const CLOSED_STATUS: u8 = 141;

/// Standard output cannot be written.
#[derive(Debug, thiserror::Error)]
enum OutputError {
    /// Whoever read it has enough. Nothing is said about that.
    #[error("nobody reads standard output any more")]
    Closed,
    /// Anything else: a full disk, for example.
    #[error("standard output cannot be written: {0}")]
    Failed(io::Error),
}

/// How much is written at a time.
const BUFFER_BYTES: usize = 64 * 1024;

/// Standard output, buffered.
pub(super) struct Output(BufWriter<Marked>);

impl Output {
    /// Past the library's own buffer, which would write line by line, and past the end of the program.
    ///
    /// # Errors
    /// When the process may have no more open files.
    pub(super) fn open() -> io::Result<Self> {
        let out = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        Ok(Self(BufWriter::with_capacity(BUFFER_BYTES, Marked(out))))
    }

    /// Whether a person looks at it.
    pub(super) fn is_terminal(&self) -> bool {
        self.0.get_ref().0.is_terminal()
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Marks what goes wrong as standard output's: a connection to a database may break with the same error.
struct Marked(File);

impl Write for Marked {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(marked)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(marked)
    }
}

fn marked(error: io::Error) -> io::Error {
    match error.kind() {
        // Asked again by whoever writes.
        io::ErrorKind::Interrupted => error,
        io::ErrorKind::BrokenPipe => io::Error::new(io::ErrorKind::BrokenPipe, OutputError::Closed),
        kind => io::Error::new(kind, OutputError::Failed(error)),
    }
}

/// Prints a text to standard output, all of it.
///
/// # Errors
/// When it cannot be written.
pub fn print(text: &str) -> io::Result<()> {
    let mut out = Output::open()?;
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Prints help, in colours for a person.
///
/// # Errors
/// When it cannot be written.
pub fn print_help(help: &StyledStr) -> anyhow::Result<()> {
    print(&if io::stdout().is_terminal() { help.ansi().to_string() } else { help.to_string() })?;
    Ok(())
}

/// Prints a line to standard output.
///
/// # Errors
/// When it cannot be written.
pub(super) fn print_line(line: &str) -> io::Result<()> {
    print(&format!("{line}\n"))
}

/// Says a line on standard error, where somebody reads it.
pub(super) fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Whether a command ended because nobody reads its output any more, which is no failure of it.
#[must_use]
pub fn was_closed(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if inner.is_some_and(|inner| matches!(inner.downcast_ref(), Some(OutputError::Closed))) {
            return true;
        }
        next = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_standard_output_that_nobody_reads_any_more_is_a_quiet_end() {
        let pipe = || io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(was_closed(&marked(pipe())));
        assert!(was_closed(anyhow::Error::new(marked(pipe())).context("while exporting").as_ref()));
        assert!(!was_closed(&pipe()), "this one may be a database's");
        let full = marked(io::Error::from(io::ErrorKind::StorageFull));
        assert!(!was_closed(&full));
        assert!(full.to_string().starts_with("standard output cannot be written: "), "{full}");
    }
}
