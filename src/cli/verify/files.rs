//! Files of saved heads, and logs.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, ErrorKind},
    path::Path,
};

use anyhow::{anyhow, bail};

use crate::{
    text_file,
    verification::{Heads, Witness},
};

/// How long a line of a log may be that is looked at.
const LINE_MAX: usize = 1 << 20;

/// Saved heads.
pub(super) fn heads(file: &Path) -> anyhow::Result<Heads> {
    let bytes = std::fs::read(file).map_err(|error| unread(file, error))?;
    Ok(Heads::parse(text_file::read(&bytes)?)?)
}

/// Links that were there before, from a file of saved heads or a log of the service.
pub(super) fn witness(file: &Path) -> anyhow::Result<Witness> {
    let mut lines = BufReader::new(File::open(file).map_err(|error| unread(file, error))?);
    let mut first = Vec::new();
    lines.read_until(b'\n', &mut first).map_err(|error| unread(file, error))?;
    let text = String::from_utf8_lossy(&first);
    // As it is written, or on one line, as another program may have written it.
    if text.trim_start_matches('\u{feff}').trim() == "{" || Heads::parse(text.trim()).is_ok() {
        return Ok(Witness::of_heads(&heads(file)?));
    }
    let witness =
        log(std::iter::once(Ok(first.clone())).chain(lines.split(b'\n'))).map_err(|error| unread(file, error))?;
    if witness.count() == 0 {
        bail!(
            "{} has no saved heads in it, and is no log of the service that says how far its chains reach",
            file.display()
        );
    }
    Ok(witness)
}

fn log(lines: impl Iterator<Item = std::io::Result<Vec<u8>>>) -> std::io::Result<Witness> {
    let mut error = None;
    let lines = lines.map_while(|line| line.map_err(|failed| error = Some(failed)).ok());
    let texts = lines.filter(|line| line.len() <= LINE_MAX).map(|line| String::from_utf8_lossy(&line).into_owned());
    let witness = Witness::of_log(texts);
    error.map_or(Ok(witness), Err)
}

fn unread(file: &Path, error: std::io::Error) -> anyhow::Error {
    let file = file.display();
    match error.kind() {
        ErrorKind::NotFound => anyhow!(
            "there is no file {file}; on the first night there are no saved heads yet: run `verify --save-heads {file}` \
             once, and from then on with --against as well"
        ),
        _ => anyhow::Error::new(error).context(format!("{file} cannot be read")),
    }
}
