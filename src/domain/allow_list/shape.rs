//! What a schema declares.

use super::ShapeFault;

/// What may stand in a place.
#[derive(Debug)]
pub enum Shape {
    /// A text.
    Text,
    /// A text that says a time (RFC 3339).
    Time,
    /// The number 1: the version of a schema.
    Version,
    /// A text, a number, a truth value or null.
    Scalar,
    /// A list of this.
    List(&'static Self),
    /// An object. Its members stand in the order of their names, which is the order of canonical JSON; no more than
    /// [`Shape::MEMBERS_MAX`]. Others are left behind.
    Object(&'static [Member]),
}

impl Shape {
    /// The most members that an object has.
    pub const MEMBERS_MAX: usize = 6;

    /// What is wrong where something else stands.
    pub(super) fn fault(&self) -> ShapeFault {
        match self {
            Self::Text | Self::Time => ShapeFault::NotAText,
            Self::Version => ShapeFault::UnknownVersion,
            Self::Scalar => ShapeFault::NotAScalar,
            Self::List(_) => ShapeFault::NotAList,
            Self::Object(_) => ShapeFault::NotAnObject,
        }
    }
}

/// A declared member of an object.
#[derive(Debug)]
pub struct Member {
    /// Its key, in ASCII.
    pub name: &'static str,
    /// What may stand there.
    pub shape: Shape,
    /// What is kept where nothing stands there, or null.
    pub absent: Absent,
}

/// What is kept of a member that is not there.
#[derive(Debug, Clone, Copy)]
pub enum Absent {
    /// Nothing.
    LeftOut,
    /// Null.
    Null,
    /// An empty list.
    EmptyList,
    /// It has to be there.
    Refused(ShapeFault),
}
