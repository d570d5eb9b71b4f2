//! A request becomes visible some time after the time in its reference. Exports that follow each other miss none.

use std::{sync::Arc, time::Duration};

use support_requests::{
    clock::{Clock, SystemClock, rfc3339_ms},
    store::OVERTAKING_WINDOW,
};

use super::{Said, ago, arg, export, stored};
use crate::{
    harness::{Answer, Load, Service, references},
    support::database::on_both_databases,
};

/// What keeps writes from becoming visible, and lets readers read.
const HOLD: [&str; 2] = ["BEGIN IMMEDIATE", "BEGIN; LOCK support_requests IN SHARE MODE"];

on_both_databases!(what_becomes_visible_late_is_in_the_next_export, async |database| {
    let folder = tempfile::tempdir().unwrap();
    let cursor = folder.path().join("cursor");
    let cursor = ["--cursor", arg(&cursor)];
    // Older than the overtaking window: a clock behind, so that the test need not wait for the window to pass.
    let clock = Arc::new(ago(OVERTAKING_WINDOW + Duration::from_secs(5)));
    let store = database.open_store(Arc::clone(&clock) as Arc<dyn Clock>).await;
    let mut owner = database.owner().await;
    owner.execute(HOLD[usize::from(database.kind() == crate::support::database::Kind::Postgres)]).await.unwrap();
    let late = Said::new("Late").sealed(&*clock);
    let reference = late.record().reference.clone();
    let waiting = tokio::spawn(async move { (store.append(late).await, store) });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(export(&database, &cursor).references().is_empty(), "it is not visible yet");
    owner.execute("ROLLBACK").await.unwrap();
    let (appended, store) = waiting.await.unwrap();
    appended.unwrap();
    assert_eq!(export(&database, &cursor).references(), [reference]);
    assert!(export(&database, &cursor).references().is_empty(), "once is enough");
    store.close(Duration::from_secs(10)).await;
});

on_both_databases!(an_export_by_time_ends_where_nothing_can_come_any_more_and_says_where_to_go_on, async |database| {
    let old = stored(&database, &[Said::new("Old")]).await;
    let window = OVERTAKING_WINDOW;
    let store = database.open_store(Arc::new(SystemClock)).await;
    let new = Said::new("New").sealed(&SystemClock);
    let reference = new.record().reference.clone();
    store.append(new).await.unwrap();
    let first = export(&database, &[]);
    assert_eq!(first.references(), old, "what is new may still be overtaken");
    // Meanwhile something comes whose reference is older than the new one's, and which is still within the window.
    let overtaken = Said::new("Overtaken").sealed(&ago(window / 2));
    let late = overtaken.record().reference.clone();
    store.append(overtaken).await.unwrap();
    let both = export(&database, &["--after", &first.after(), "--including-recent"]);
    assert_eq!(both.references(), [late, reference], "both come behind where the first one ended");
    // Whoever asks for more is told, and given what is certain.
    let until = rfc3339_ms(SystemClock.now() + Duration::from_hours(1));
    let cut = export(&database, &["--until", &until]);
    assert!(cut.said.contains("--until is cut to"), "{}", cut.said);
    assert_eq!(cut.references(), old);
    let told = export(&database, &["--until", "2020-01-01"]);
    assert!(!told.said.contains("is cut"), "{}", told.said);
    assert!(told.after() < first.after());
    // It never goes back.
    assert_eq!(export(&database, &["--after", &first.after(), "--until", "2020-01-01"]).after(), first.after());
    store.close(Duration::from_secs(10)).await;
});

on_both_databases!(a_cursor_misses_nothing_of_an_instance_whose_clock_is_two_hours_behind, async |database| {
    let folder = tempfile::tempdir().unwrap();
    let cursor = folder.path().join("cursor");
    let cursor = ["--cursor", arg(&cursor)];
    let (right, behind) = (Arc::new(SystemClock), Arc::new(ago(Duration::from_hours(2))));
    let one = database.open_store(Arc::clone(&right) as Arc<dyn Clock>).await;
    let other = database.open_store(Arc::clone(&behind) as Arc<dyn Clock>).await;
    let mut after = String::new();
    for round in 0..4 {
        let (a, b) = (Said::new("a").sealed(&*right), Said::new("b").sealed(&*behind));
        let mut expected = [a.record().reference.clone(), b.record().reference.clone()];
        one.append(a).await.unwrap();
        other.append(b).await.unwrap();
        let mut printed = export(&database, &cursor).references();
        printed.sort();
        expected.sort();
        assert_eq!(printed, expected, "round {round}");
        // What the cursor is for: an export by time has gone past that clock.
        let by_time = if round == 0 { export(&database, &[]) } else { export(&database, &["--after", &after]) };
        assert_eq!(by_time.references().len(), usize::from(round == 0), "round {round}");
        after = by_time.after();
    }
    one.close(Duration::from_secs(10)).await;
    other.close(Duration::from_secs(10)).await;
});

on_both_databases!(exports_under_load_print_each_request_once_and_disturb_nobody, async |database| {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cursor");
    let cursor = ["--cursor", arg(&file)];
    let service = Service::start(&database);
    let load = Load::start(&service.url(), 4);
    let mut printed = Vec::new();
    while printed.len() < 200 {
        printed.extend(export(&database, &cursor).references());
    }
    let answers = load.stop().await;
    service.stop();
    assert!(answers.iter().all(|answer| matches!(answer, Answer::Created(_))), "{answers:?}");
    printed.extend(export(&database, &cursor).references());
    let mut answered = references(&answers);
    printed.sort();
    answered.sort();
    assert_eq!(printed, answered, "none is missed, none comes twice");
});
