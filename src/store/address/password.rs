//! Where the password comes from. Files are read again for each connection, so that a password can change under the
//! running service.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use super::{Address, Server};

/// Where the password comes from.
#[derive(Clone)]
pub(in crate::store) enum Password {
    /// The address, or `PGPASSWORD`.
    Given(String),
    /// A file that holds it and nothing else, such as a container's secret.
    File(PathBuf),
    /// libpq's password file (PostgreSQL manual, section 34.16), named.
    PassFile(PathBuf),
    /// The one in the home folder, which need not be there.
    UsualPassFile(PathBuf),
    /// Nowhere: the server asks for none, or for a certificate.
    None,
}

impl Password {
    /// The password for a server now; `None` where there is none for it.
    ///
    /// # Errors
    /// Names the file, and what is wrong with it.
    pub(in crate::store) fn read(&self, address: &Address, server: &Server) -> Result<Option<String>, String> {
        match self {
            Self::Given(password) => Ok(Some(password.clone())),
            Self::File(file) => {
                let text = read(file)?;
                let text =
                    text.strip_suffix('\n').map_or(text.as_str(), |text| text.strip_suffix('\r').unwrap_or(text));
                Ok(Some(text.to_owned()))
            }
            Self::PassFile(file) => {
                closed_to_others(file)?;
                Ok(find(&read(file)?, address, server))
            }
            Self::UsualPassFile(file) if file.exists() => {
                if let Err(why) = closed_to_others(file) {
                    tracing::warn!(%why, "the password file is left aside");
                    return Ok(None);
                }
                Ok(find(&read(file)?, address, server))
            }
            Self::UsualPassFile(_) | Self::None => Ok(None),
        }
    }

    /// Where it was looked for, in words.
    pub(in crate::store) fn source(&self) -> String {
        match self {
            Self::Given(_) => "from the address or PGPASSWORD".to_owned(),
            Self::File(file) | Self::PassFile(file) | Self::UsualPassFile(file) => format!("from {}", file.display()),
            Self::None => "of which there is none".to_owned(),
        }
    }
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| unreadable(file, &error))
}

fn unreadable(file: &Path, error: &io::Error) -> String {
    format!("the password's file {} cannot be read: {error}", file.display())
}

/// libpq does not believe a password file that others may read: none of the last six bits of its mode may be set.
fn closed_to_others(file: &Path) -> Result<(), String> {
    let mode = fs::metadata(file).map_err(|error| unreadable(file, &error))?.permissions().mode();
    if mode.trailing_zeros() >= 6 {
        return Ok(());
    }
    let (file, mode) = (file.display(), mode & 0o7777);
    Err(format!("the password file {file} has mode {mode:04o}, so that others may read it: chmod 0600"))
}

/// The password of the first line that fits: `host:port:database:user:password`, `*` for anything.
fn find(text: &str, address: &Address, server: &Server) -> Option<String> {
    let host = match server.host.as_str() {
        "" => server.address.map_or_else(|| "localhost".to_owned(), |address| address.to_string()),
        // Where PostgreSQL's socket usually is.
        "/var/run/postgresql" | "/tmp" => "localhost".to_owned(),
        host => host.to_owned(),
    };
    let port = server.port.to_string();
    let wanted = [host.as_str(), port.as_str(), address.database.as_str(), address.user.as_str()];
    text.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let (fields, password) = split(line)?;
        let fits = fields.into_iter().zip(wanted).all(|(field, wanted)| field == "*" || unescape(field) == wanted);
        fits.then(|| unescape(password)).filter(|password| !password.is_empty())
    })
}

/// The four fields of a line as they stand there, and the rest of it.
fn split(line: &str) -> Option<([&str; 4], &str)> {
    let mut fields = [""; 4];
    let mut rest = line;
    for field in &mut fields {
        let mut escaped = false;
        let end = rest.find(|c| {
            let ends = c == ':' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        })?;
        (*field, rest) = (&rest[..end], &rest[end + 1..]);
    }
    Some((fields, rest))
}

fn unescape(text: &str) -> String {
    let mut rest = text.chars();
    let mut plain = String::new();
    while let Some(c) = rest.next() {
        plain.extend(if c == '\\' { rest.next() } else { Some(c) });
    }
    plain
}
