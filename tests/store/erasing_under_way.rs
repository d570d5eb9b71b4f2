//! Erasing while others write, twice at once, and killed in the middle: all or nothing of each request.

use std::{
    fs::File,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use support_requests::store::Selection;

use crate::{
    harness::{Answer, Dice, Load, Service, archive, references, verified},
    people::{Person, creator, emptied, plain, stored},
    support::database::{Database, Kind, RowTexts, on_both_databases, tell},
};

/// The built command, told to erase what `ada` asked for.
fn command(database: &Database) -> Child {
    Command::new(env!("CARGO_BIN_EXE_support-requests"))
        .args(["erase", "--creator", "ada", "--reason", "The law", "--by", "Officer", "--yes"])
        .args(["--owner-database-url", &database.owner_url()])
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// How many it says that it erased.
async fn finished(command: Child) -> i64 {
    let output = tokio::task::spawn_blocking(|| command.wait_with_output().unwrap()).await.unwrap();
    let Output { status, stdout, stderr } = output;
    let (said, wrong) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert!(status.success(), "{said}{wrong}");
    assert_eq!(said.lines().count(), 1, "{said}");
    let number = said.strip_prefix("Erased: ").and_then(|rest| rest.split(' ').next());
    number.map_or_else(|| i64::from(!said.starts_with("Nothing was to be erased")), |number| number.parse().unwrap())
}

/// How many are erased. Whoever is, is erased in whole and on record; whoever is not, is there in whole.
async fn all_or_nothing(database: &Database) -> i64 {
    let requests = database.rows("support_requests").await;
    let events = database.rows("audit_events").await;
    let erased: Vec<_> = requests.iter().filter(|row| row["salt"].is_none()).collect();
    for row in &erased {
        assert_eq!(plain(row), emptied(row));
    }
    let is_record = |row: &&RowTexts| row["event"].as_deref() == Some("support_request.erased");
    let named = |row: &RowTexts| row["reference"].clone().unwrap();
    let mut on_record: Vec<_> = events.iter().filter(is_record).map(named).collect();
    let mut emptied: Vec<_> = erased.iter().map(|row| named(row)).collect();
    on_record.sort();
    emptied.sort();
    assert!(on_record == emptied, "each that is erased is on record once, and nothing else is");
    verified(database, None).await.unwrap();
    i64::try_from(erased.len()).unwrap()
}

on_both_databases!(
    killed_at_any_moment_every_request_is_whole_or_erased_and_the_next_run_does_the_rest,
    async |database| {
        let person = Person::called("ada");
        stored(&database, (0..1200).map(|_| person.asks())).await;
        stored(&database, [Person::called("bob").asks()]).await;
        let mut dice = Dice::new(9);
        let (mut kills_in_the_middle, mut before) = (0, 0_i64);
        let mut owner = database.owner().await;
        for round in 0..5 {
            let mut command = command(&database);
            // Every fourth at any moment after its start, the others when it has begun to erase.
            while round % 4 > 0
                && command.try_wait().unwrap().is_none()
                && owner.count("support_requests WHERE salt IS NULL").await == before
            {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            tokio::time::sleep(Duration::from_millis(dice.roll(30) as u64)).await;
            command.kill().unwrap();
            command.wait().unwrap();
            let erased = all_or_nothing(&database).await;
            assert!(erased >= before, "an erasure was taken back");
            kills_in_the_middle += usize::from(erased > before && erased < 1200);
            before = erased;
        }
        assert!(kills_in_the_middle > 1, "only {kills_in_the_middle} were killed in the middle");
        let rest = finished(command(&database)).await;
        owner.close().await;
        assert_eq!((rest + before, all_or_nothing(&database).await), (1200, 1200));
        assert_eq!(finished(command(&database)).await, 0);
        assert_eq!(archive(&database).await.erasable(&creator("bob")).await.unwrap().requests, 1);
    }
);

on_both_databases!(two_erasures_at_once_share_the_work_and_do_no_harm, async |database| {
    let person = Person::called("ada");
    stored(&database, (0..1000).map(|_| person.asks())).await;
    let (one, other) = (command(&database), command(&database));
    let (one, other) = (finished(one).await, finished(other).await);
    assert_eq!((one + other, all_or_nothing(&database).await), (1000, 1000));
});

#[test]
fn while_one_process_copies_the_log_of_sqlite_a_command_waits_and_a_service_does_not() {
    tell(Kind::Sqlite, async |database| {
        stored(&database, (0..10).map(|_| Person::called("ada").asks())).await;
        let service = Service::start(&database);
        let is_log =
            |file: &PathBuf| file.extension().is_some_and(|ending| ending.as_encoded_bytes().ends_with(b"-wal"));
        let log = File::open(database.files().into_iter().find(is_log).unwrap()).unwrap();
        log.lock().unwrap();
        let mut command = command(&database);
        let load = Load::start(&service.url(), 2);
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert!(command.try_wait().unwrap().is_none(), "two copied at once");
        assert_eq!(all_or_nothing(&database).await, 0);
        let answers = load.stop().await;
        assert!(references(&answers).len() == answers.len() && answers.len() > 2, "{answers:?}");
        drop(log);
        assert_eq!(finished(command).await, 10);
        service.stop();
        assert_eq!(all_or_nothing(&database).await, 10);
    });
}

on_both_databases!(
    an_erasure_beside_a_service_that_writes_touches_nothing_else_and_costs_no_request,
    async |database| {
        let person = Person::called("ada");
        stored(&database, (0..1000).map(|_| person.asks())).await;
        stored(&database, (0..50).map(|_| Person::called("bob").asks())).await;
        let others = |rows: Vec<RowTexts>| -> Vec<RowTexts> {
            rows.into_iter().filter(|row| row["creator_subject"].as_deref() == Some("bob")).collect()
        };
        let before = others(database.rows("support_requests").await);
        let service = Service::start(&database);
        let load = Load::start(&service.url(), 6);
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(finished(command(&database)).await, 1000);
        tokio::time::sleep(Duration::from_millis(200)).await;
        let answers = load.stop().await;
        let log = service.log();
        service.stop();
        let answered = references(&answers);
        let lost: Vec<_> = answers.iter().filter(|answer| !matches!(answer, Answer::Created(_))).collect();
        assert!(lost.is_empty() && answered.len() > 20, "{lost:?} of {}", answers.len());
        let doubts: Vec<_> = log.lines().filter(|line| line.contains("other_file") || line.contains("ERROR")).collect();
        assert!(doubts.is_empty(), "{doubts:?}");
        assert_eq!(all_or_nothing(&database).await, 1000);
        assert_eq!(others(database.rows("support_requests").await), before);
        let all = answered.iter().map(|text| support_requests::domain::ids::Reference::parse(text).unwrap()).collect();
        let whole = archive(&database).await.erasable(&Selection::References(all)).await.unwrap();
        assert_eq!(whole.requests, answered.len() as u64, "what was answered is there, and is not erased");
    }
);

on_both_databases!(
    a_service_that_is_killed_while_somebody_erases_beside_it_starts_again_with_all_it_answered,
    async |database| {
        let person = Person::called("ada");
        let (mut dice, mut answered, mut erased) = (Dice::new(12), Vec::new(), 0);
        for _ in 0..4 {
            stored(&database, (0..300).map(|_| person.asks())).await;
            let service = Service::start(&database);
            let load = Load::start(&service.url(), 12);
            let command = command(&database);
            tokio::time::sleep(Duration::from_millis(dice.roll(400) as u64)).await;
            tokio::task::spawn_blocking(|| service.kill9()).await.unwrap();
            erased += finished(command).await;
            answered.extend(references(&load.stop().await));
        }
        Service::start(&database).stop();
        assert_eq!((all_or_nothing(&database).await, erased), (1200, 1200));
        let all = answered.iter().map(|text| support_requests::domain::ids::Reference::parse(text).unwrap()).collect();
        let whole = archive(&database).await.erasable(&Selection::References(all)).await.unwrap();
        assert_eq!(whole.requests, answered.len() as u64);
        assert!(!answered.is_empty());
    }
);
