//! When whoever writes begins a new chain although the old one could go on.

use ulid::Ulid;

use crate::{
    clock::Clock,
    domain::{ids::Reference, record::Record},
    integrity::ChainEnd,
};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// The chain for a group: the one that ends at `end`, or a new one where the group has a reference of a later UTC day
/// than that chain's name. So whatever hangs in a chain that was begun before a midnight was also made before it, and
/// both tables can be cut at midnights, chain by chain and request by request (specs/scale.md).
pub(super) fn for_group<'a>(end: &ChainEnd, group: impl Iterator<Item = &'a Record>, clock: &dyn Clock) -> ChainEnd {
    let newest = group.filter_map(|record| Reference::parse(&record.reference).ok()).map(|it| it.timestamp_ms()).max();
    let begun = Ulid::from_string(&end.chain).map(|chain| chain.timestamp_ms());
    match (newest, begun) {
        (Some(newest), Ok(begun)) if newest / DAY_MS > begun / DAY_MS => {
            let now = clock.ulid();
            // A clock that was put back must not name it by the day before again.
            ChainEnd::start(Ulid::from_parts(now.timestamp_ms().max(newest), now.random()))
        }
        _ => end.clone(),
    }
}
