//! What goes in comes out, in groups and alone, and everybody keeps their own fate.

use std::time::Duration;

use support_requests::{
    clock::{Stamp, SystemClock},
    domain::ids::Reference,
    store::{AppendError, Archive, DatabaseUrl, RuntimeRole, Store, migrate},
};

use crate::{
    harness::{all_is_well, clock, sealed, sealed_at, sealed_with},
    looking::verified,
    support::database::{Counts, Database, Kind, on_both_databases},
};

on_both_databases!(a_record_reads_back_as_it_was_sealed, async |database| {
    let store = database.open_store(clock()).await;
    let record = sealed("It fails: ünïcödé 💥, \"quotes\", \\ and \u{2028}");
    store.append(record.clone()).await.unwrap();
    let reference = Reference::parse(&record.record().reference).unwrap();
    let archive = Archive::open(&DatabaseUrl::parse(&database.url()).unwrap()).await.unwrap();
    assert_eq!(archive.find(reference).await.unwrap().as_ref(), Some(record.record()));
    assert_eq!(archive.find(Reference::from_ulid(ulid::Ulid::nil())).await.unwrap(), None);
    all_is_well(&database, &[record.record().reference.clone()]).await;
});

on_both_databases!(many_at_once_are_all_stored_in_one_unbroken_chain, async |database| {
    let store = database.open_store(clock()).await;
    let tasks: Vec<_> = (0..500)
        .map(|number| {
            let (store, record) = (store.clone(), sealed(&format!("Number {number}")));
            tokio::spawn(async move { store.append(record.clone()).await.map(|()| record.record().reference.clone()) })
        })
        .collect();
    let mut answered = Vec::new();
    for task in tasks {
        answered.push(task.await.unwrap().unwrap());
    }
    all_is_well(&database, &answered).await;
    assert_eq!(database.counts().await, Counts::of(500));
    assert_eq!(verified(&database, None).await.unwrap().heads.heads.len(), 1);
});

on_both_databases!(one_record_that_cannot_be_stored_fails_alone, async |database| {
    let store = database.open_store(clock()).await;
    let stamp = Stamp::of(&SystemClock);
    store.append(sealed_at("The first of this reference", &stamp)).await.unwrap();
    let mut tasks = Vec::new();
    for number in 0..40 {
        let again = number == 17;
        let record =
            if again { sealed_at("The second of this reference", &stamp) } else { sealed(&format!("Number {number}")) };
        let store = store.clone();
        tasks.push(tokio::spawn(async move { (again, store.append(record).await) }));
    }
    for task in tasks {
        let (again, fate) = task.await.unwrap();
        assert_eq!(fate, if again { Err(AppendError::Refused) } else { Ok(()) });
    }
    assert_eq!(database.counts().await, Counts::of(40));
    all_is_well(&database, &[stamp.reference.to_string()]).await;
});

on_both_databases!(several_writers_on_one_database_do_not_disturb_each_other, async |database| {
    let stores =
        [database.open_store(clock()).await, database.open_store(clock()).await, database.open_store(clock()).await];
    let mut tasks = Vec::new();
    for number in 0..150 {
        let store = stores[number % 3].clone();
        tasks.push(tokio::spawn(async move { store.append(sealed(&format!("Number {number}"))).await }));
    }
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    all_is_well(&database, &[]).await;
    assert_eq!(verified(&database, None).await.unwrap().heads.heads.len(), 3);
});

on_both_databases!(a_full_queue_refuses_at_once_and_what_was_taken_is_stored, async |database| {
    let store = database.open_store(clock()).await;
    let note = "x".repeat(250 * 1024);
    let record = |number| sealed_with(&format!("Number {number}"), &note, &Stamp::of(&SystemClock));
    let records: Vec<_> = (0..150).map(record).collect();
    let mut owner = database.owner().await;
    // Somebody else holds the tables: nothing can be written until they let go.
    owner
        .execute(if database.kind() == Kind::Sqlite { "BEGIN IMMEDIATE" } else { "BEGIN; LOCK TABLE support_requests" })
        .await
        .unwrap();
    let append = |record| {
        let store = store.clone();
        tokio::spawn(async move { store.append(record).await })
    };
    let tasks: Vec<_> = records.into_iter().map(append).collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    owner.execute("ROLLBACK").await.unwrap();
    let (mut stored, mut overloaded) = (0, 0);
    for task in tasks {
        match task.await.unwrap() {
            Ok(()) => stored += 1,
            Err(AppendError::Overloaded) => overloaded += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(stored > 0 && overloaded > 0, "{stored} stored, {overloaded} refused");
    assert_eq!(database.counts().await, Counts::of(stored));
    // And the room is free again.
    store.append(sealed("Afterwards")).await.unwrap();
    all_is_well(&database, &[]).await;
});

on_both_databases!(closing_finishes_what_was_begun, async |database| {
    let store = database.open_store(clock()).await;
    let tasks: Vec<_> = (0..50)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move { store.append(sealed(&format!("Number {number}"))).await })
        })
        .collect();
    tokio::task::yield_now().await;
    store.close(Duration::from_secs(10)).await;
    let mut stored = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(()) => stored += 1,
            Err(AppendError::Unavailable | AppendError::OutcomeUnknown) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(database.counts().await, Counts::of(stored));
});

on_both_databases!(migrating_again_and_many_times_at_once_does_no_harm, async |database| {
    database.open_store(clock()).await.append(sealed("Before")).await.unwrap();
    let url = DatabaseUrl::parse(&database.owner_url()).unwrap();
    let role = RuntimeRole::parse("support_requests_app").unwrap();
    for outcome in futures_util::future::join_all((0..6).map(|_| migrate(&url, &role))).await {
        outcome.unwrap();
    }
    assert_eq!(database.counts().await, Counts::of(1));
    all_is_well(&database, &[]).await;
});

#[test]
fn a_database_that_was_never_migrated_is_not_written_to() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("empty.db");
    std::fs::write(&file, "").unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let opened =
        runtime.block_on(Store::open(&DatabaseUrl::parse(&format!("sqlite://{}", file.display())).unwrap(), clock()));
    assert!(opened.is_err_and(|error| error.to_string().contains("migrate")));
}

/// The kinds of database must both be there for the stories above to mean anything.
#[test]
fn both_kinds_of_database_are_what_they_say() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sqlite = runtime.block_on(Database::sqlite());
    assert!(sqlite.url().starts_with("sqlite://") && !sqlite.files().is_empty());
}
