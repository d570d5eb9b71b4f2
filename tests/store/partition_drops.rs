//! Old partitions go whole, by decision: with an audit record in the same transaction, and nothing else with them.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use support_requests::{
    clock::{FixedClock, Stamp},
    domain::record::AuditRecord,
    integrity::{actor_digest, link_digest},
    store::{Boundary, DatabaseUrl, Partitions},
};
use time::{Date, macros::date, macros::datetime};

use crate::{
    audits,
    binary::{command, fails, run, succeeds},
    harness::sealed_at,
    partitions::{TABLES, pieces, weak},
    support::{
        database::{Counts, Database},
        postgres::fresh_database,
    },
};

const DAY: Duration = Duration::from_hours(24);

/// A database in which two requests were made in each of three months, and the tables were cut at each new month.
async fn three_months() -> Option<Database> {
    let database = Database::Postgres(fresh_database().await?);
    let clock = Arc::new(FixedClock::at(datetime!(2026-01-10 10:00 UTC)));
    let store = database.open_store(clock.clone()).await;
    for next in [date!(2026 - 02 - 01), date!(2026 - 03 - 01), date!(2026 - 04 - 01)] {
        for number in 0..2 {
            store.append(sealed_at(&format!("Before {next}, {number}"), &Stamp::of(&*clock))).await.unwrap();
        }
        let mut partitions = owner(&database).await;
        partitions.make(Boundary::of(next).unwrap(), &*clock).await.unwrap();
        partitions.close().await;
        clock.advance(DAY * 31);
    }
    store.close(DAY).await;
    Some(database)
}

async fn owner(database: &Database) -> Partitions {
    Partitions::open(&DatabaseUrl::parse(&database.owner_url()).unwrap()).await.unwrap()
}

fn dropping(day: Date, more: &[&str]) -> Vec<String> {
    let arguments = ["partition", "--drop-before", &day.to_string(), "--reason"].map(str::to_owned);
    let said = ["ten years are over, token=ghp_16C7e42F292c6912E7710c838347Ae178B4a", "--by", "the owner"];
    arguments.into_iter().chain(said.iter().chain(more).map(|&text| text.to_owned())).collect()
}

/// Runs it as the owner, on no terminal; exit status, and what it said.
fn as_owner(database: &Database, arguments: &[String]) -> (Option<i32>, String) {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let folder = tempfile::tempdir().unwrap();
    run(command(&folder, &arguments).env("SUPPORT_REQUESTS_OWNER_DATABASE_URL", database.owner_url()))
}

/// The audit record of the decision.
async fn announcement(database: &Database) -> AuditRecord {
    let links = audits::all(database).await;
    let mut found = links.into_iter().filter(|link| link.event == "archive.partition_dropped");
    let announced = found.next().expect("it was announced");
    assert_eq!(found.next(), None, "once");
    announced
}

#[tokio::test(flavor = "multi_thread")]
async fn old_partitions_go_whole_with_an_audit_record_that_says_so() {
    let Some(database) = three_months().await else { return };
    let before = [database.rows(TABLES[0]).await, database.rows(TABLES[1]).await];
    assert_eq!(database.counts().await, Counts::of(6));
    let day = date!(2026 - 03 - 15);
    let (code, said) = as_owner(&database, &dropping(day, &["--dry-run"]));
    let what = "2 partition(s) with 4 support request(s) and 4 audit record(s) of before 2026-03-01";
    assert_eq!((code, said), (Some(0), format!("Would drop {what}.\n")));
    let (code, said) = as_owner(&database, &dropping(day, &[]));
    assert!(code == Some(1) && said.contains("nobody can be asked here: add --yes"), "{said}");
    assert_eq!(database.counts().await, Counts::of(6), "neither changes anything");
    let (code, said) = as_owner(&database, &dropping(day, &["--yes"]));
    assert_eq!((code, said), (Some(0), format!("Dropped {what}.\n")));
    assert_eq!(database.counts().await, Counts { requests: 2, events: 3 });
    for (table, before) in TABLES.into_iter().zip(before) {
        let kept = before.into_iter().filter(|row| row["reference"].as_ref().unwrap()[3..] > *"01KJKB3Q00");
        let after = database.rows(table).await;
        let kept: Vec<_> = kept.collect();
        assert_eq!(kept.len(), 2);
        assert!(kept.iter().all(|row| after.contains(row)), "{table}: what stays is untouched");
    }
    let announced = announcement(&database).await;
    assert_eq!(link_digest(&announced), announced.digest);
    assert_eq!(actor_digest(&announced), Some(announced.actor_digest.clone()));
    assert_eq!((announced.sequence, announced.workspace_id.as_str()), (1, ""));
    assert_eq!(announced.actor_subject.as_deref(), Some("the owner"));
    let details: Value = serde_json::from_str(announced.details.as_deref().unwrap()).unwrap();
    assert!(!details["reason"].as_str().unwrap().contains("ghp_"), "{details}");
    let bounds = json!(["SR-01KJKB3Q000000000000000000", "01KJKB3Q000000000000000000"]);
    assert_eq!(json!([details["references_before"], details["chains_before"]]), bounds);
    assert_eq!(weak(&database.url()).await, Vec::<String>::new());
    let listed = succeeds(&["partition", "--list"], &database.owner_url());
    assert!(listed.lines().nth(1).unwrap().starts_with("2026-03-01  2026-04-01"), "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_over_or_holds_on_to_what_stays_is_not_dropped() {
    let Some(database) = three_months().await else { return };
    let Database::Postgres(postgres) = &database else { unreachable!() };
    let (all, rows) = (pieces(postgres).await, database.counts().await);
    for (day, why) in [(date!(2026 - 01 - 31), "no partition ends on"), (date!(2999 - 01 - 01), "still to come")] {
        let (code, said) = as_owner(&database, &dropping(day, &["--yes"]));
        assert!(code == Some(1) && said.contains(why), "{said}");
    }
    let said = fails(
        &["partition", "--drop-before", "2026-02-01", "--reason", "r", "--by", " ", "--yes"],
        &database.owner_url(),
    );
    assert!(said.contains("is blank"), "{said}");
    assert_eq!((pieces(postgres).await, database.counts().await), (all.clone(), rows), "nothing was changed");
    // By hand: the audit record of a later request hangs in a chain of before.
    let links = audits::all(&database).await;
    let mut misplaced = links.last().unwrap().clone();
    misplaced.chain.clone_from(&links[0].chain);
    misplaced.sequence = 99;
    audits::insert(&database, &misplaced).await.unwrap();
    let (code, said) = as_owner(&database, &dropping(date!(2026 - 02 - 01), &["--yes"]));
    assert!(code == Some(1) && said.contains("which stays, is in a chain that would go"), "{said}");
    assert_eq!(pieces(postgres).await, all);
    assert_eq!(database.counts().await, Counts { requests: 6, events: 7 });
}

#[tokio::test(flavor = "multi_thread")]
async fn verify_tells_a_dropped_partition_from_an_attack() {
    let folder = tempfile::tempdir().unwrap();
    let heads = folder.path().join("heads.json").display().to_string();
    for is_decided in [true, false] {
        let Some(database) = three_months().await else { return };
        let _ = std::fs::remove_file(&heads);
        succeeds(&["verify", "--save-heads", &heads], &database.url());
        if is_decided {
            let (code, said) = as_owner(&database, &dropping(date!(2026 - 02 - 01), &["--yes"]));
            assert_eq!(code, Some(0), "{said}");
            succeeds(&["verify", "--against", &heads], &database.url());
            succeeds(&["verify"], &database.url());
        } else {
            let mut owner = database.owner().await;
            let sql = "DROP TABLE support_requests_from_the_start, audit_events_from_the_start";
            owner.execute(sql).await.unwrap();
            owner.close().await;
            let mut verify = command(&folder, &["verify", "--against", &heads]);
            let (code, said) = run(verify.args(["--database-url", &database.url()]));
            assert!(code == Some(1) && said.contains("cut off"), "{said}");
        }
    }
}
