//! Where a value of a document stands. Most values are never told of, so a pointer is written only when one is.

use std::fmt::{self, Display, Formatter};

/// Where a value stands, as an RFC 6901 pointer says it.
pub(super) enum Path<'p> {
    Root,
    Item(&'p Path<'p>, usize),
    Member(&'p Path<'p>, &'p str),
}

impl Display for Path<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Item(above, at) => write!(out, "{above}/{at}"),
            Self::Member(above, key) => write!(out, "{above}/{}", key.replace('~', "~0").replace('/', "~1")),
        }
    }
}
