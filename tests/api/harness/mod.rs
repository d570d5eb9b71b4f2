//! A running service with everything around it that a test wants to move.

mod answer;
mod app;
mod call;
mod digests;
mod logged;
mod pairs;
mod wire;
mod world;

pub use answer::Answer;
pub use app::{App, Builder};
pub use call::{Call, Endpoint};
pub use wire::{Connection, RawRequest};
pub use world::{Told, World, bundle};

pub(crate) use crate::support::database::on_both_databases;
pub use crate::support::{
    database::{Counts, Database, Kind},
    tokens::{CREATE, Token, VIEW},
};

/// A point in time that no test depends on.
pub const NOW: time::OffsetDateTime = time::macros::datetime!(2031-05-06 07:08:09.123 UTC);
