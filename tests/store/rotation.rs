//! A chain holds nothing of a later UTC day than its name, so that both tables can be cut at a midnight.

use std::{sync::Arc, time::Duration};

use support_requests::{
    clock::{Clock, FixedClock, Stamp},
    domain::ids::Reference,
    store::Store,
};
use time::macros::datetime;
use ulid::Ulid;

use crate::{
    harness::{all_is_well, sealed_at},
    support::database::{Database, on_both_databases},
};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Stores one record; its reference.
async fn stored(store: &Store, stamp: &Stamp) -> String {
    let record = sealed_at("It fails around midnight", stamp);
    store.append(record.clone()).await.unwrap();
    record.record().reference.clone()
}

/// Each chain with what is in it, in the order of its links.
async fn chains(database: &Database) -> Vec<(String, Vec<String>)> {
    let mut rows = database.rows("audit_events").await;
    let column = |row: &std::collections::BTreeMap<String, Option<String>>, name: &str| row[name].clone().unwrap();
    rows.sort_by_key(|row| (column(row, "chain"), column(row, "sequence").parse::<i64>().unwrap()));
    let mut chains: Vec<(String, Vec<String>)> = Vec::new();
    for row in rows {
        let (chain, reference) = (column(&row, "chain"), column(&row, "reference"));
        match chains.last_mut() {
            Some((last, links)) if *last == chain => links.push(reference),
            _ => chains.push((chain, vec![reference])),
        }
    }
    chains
}

fn day(ulid: &str) -> u64 {
    Ulid::from_string(ulid).unwrap().timestamp_ms() / DAY_MS
}

on_both_databases!(a_writer_begins_a_new_chain_with_the_first_request_of_a_new_day, async |database| {
    let clock = Arc::new(FixedClock::at(datetime!(2026-12-31 23:59:59.999 UTC)));
    let store = database.open_store(clock.clone()).await;
    let late = Stamp::of(&*clock);
    let old_year = [stored(&store, &Stamp::of(&*clock)).await, stored(&store, &Stamp::of(&*clock)).await];
    clock.advance(Duration::from_millis(1));
    let new_year = [stored(&store, &Stamp::of(&*clock)).await, stored(&store, &Stamp::of(&*clock)).await];
    // Stamped before midnight and written after it: it may go into the new chain, the other way round it may not.
    let late = stored(&store, &late).await;
    let found = chains(&database).await;
    let expected = [old_year.to_vec(), [new_year.to_vec(), vec![late]].concat()];
    assert_eq!(found.iter().map(|(_, links)| links.clone()).collect::<Vec<_>>(), expected);
    assert_eq!(day(&found[0].0) + 1, day(&found[1].0));
    all_is_well(&database, &expected.concat()).await;
});

on_both_databases!(
    a_chain_is_never_named_by_an_earlier_day_than_its_requests_whatever_the_clock_says,
    async |database| {
        let clock = Arc::new(FixedClock::at(datetime!(2026-12-31 12:00 UTC)));
        let store = database.open_store(clock.clone()).await;
        // A clock that was put back between the stamp and the write.
        let ahead = |number| Stamp {
            reference: Reference::from_ulid(Ulid::from_parts(clock.ulid().timestamp_ms() + 2 * DAY_MS, number)),
            ..Stamp::of(&*clock)
        };
        let answered = [
            stored(&store, &ahead(1)).await,
            stored(&store, &ahead(2)).await,
            stored(&store, &Stamp::of(&*clock)).await,
        ];
        let found = chains(&database).await;
        assert_eq!(found.len(), 1, "{found:?}");
        for (chain, links) in &found {
            assert!(links.iter().all(|reference| day(&reference[3..]) <= day(chain)), "{chain}: {links:?}");
        }
        all_is_well(&database, &answered).await;
    }
);
