//! A row of SQLite as one value. The driver copies every value and hands every row from thread to thread, which for
//! twenty values takes longer than SQLite takes to read them.
//!
//! Between two cells stands a byte that no text has. A cell that is NULL reads as the marker, which is random and new for
//! each reader, so that nobody can have stored it. Lengths in front would do the same, and take SQLite longer to write
//! than the cells.

use sqlx::SqliteConnection;

use super::{StoreError, rows::list};
use crate::domain::record::Column;

/// Not in UTF-8 at all.
const SEPARATOR: u8 = 0xff;

/// The most columns that a table has.
pub(super) const WIDTH_MAX: usize = 32;

/// What stands for NULL.
#[derive(Debug, Clone)]
pub(super) struct Marker(String);

impl Marker {
    /// A new one, from the database's own source of randomness.
    pub(super) async fn new(connection: &mut SqliteConnection) -> Result<Self, StoreError> {
        Ok(Self(sqlx::query_scalar("SELECT hex(randomblob(16))").fetch_one(connection).await?))
    }

    /// To be bound where [`expression`] says.
    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

/// What a row is selected as; the marker is the statement's parameter of this number.
pub(super) fn expression(columns: &[Column], parameter: usize) -> String {
    let cells = list(columns, |column| format!("coalesce({}, ${parameter})", column.name));
    format!("concat_ws(x'{SEPARATOR:02x}', {cells})")
}

/// Takes a row apart. `false` where that cannot be done, because a cell holds the separator: no text does.
pub(super) fn split<'a>(row: &'a [u8], marker: &Marker, cells: &mut [Option<&'a [u8]>]) -> bool {
    let mut ends = memchr::memchr_iter(SEPARATOR, row).chain([row.len()]);
    let mut at = 0;
    for cell in &mut *cells {
        let Some(end) = ends.next() else { return false };
        let bytes = &row[at..end];
        *cell = (bytes != marker.0.as_bytes()).then_some(bytes);
        at = end + 1;
    }
    ends.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_apart_as_they_were_put_together() {
        let marker = Marker("NULL".to_owned());
        let mut cells = [None; 3];
        assert!(split(b"ab\xffNULL\xff", &marker, &mut cells));
        assert_eq!(cells, [Some(&b"ab"[..]), None, Some(b"")]);
        for broken in [&b"ab\xffNULL"[..], b"a\xffb\xffc\xffd", b""] {
            assert!(!split(broken, &marker, &mut cells));
        }
    }
}
