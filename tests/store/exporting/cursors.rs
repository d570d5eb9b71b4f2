//! The cursor file: each request once for its creation and once for its erasure, and nothing is skipped in silence.

use std::os::unix::fs::MetadataExt as _;

use support_requests::{
    clock::{Clock as _, SystemClock},
    domain::record::{AuditRecord, Value},
    integrity::{Actor, ChainEnd, Event},
};

use super::{Said, arg, command, erase, export, run, stored};
use crate::support::database::{Kind, Owner, on_both_databases};

on_both_databases!(each_export_with_a_cursor_prints_what_came_since, async |database| {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cursor");
    let cursor = ["--cursor", arg(&file)];
    assert!(export(&database, &cursor).references().is_empty(), "there is nothing yet");
    assert_eq!(std::fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
    for round in 0..3 {
        let references = stored(&database, &[Said::new("a"), Said::new("b")]).await;
        assert_eq!(export(&database, &cursor).references(), references, "round {round}");
        assert!(export(&database, &cursor).references().is_empty(), "round {round}");
        if round == 1 {
            erase(&database, &references[0]);
            let again = export(&database, &cursor);
            assert_eq!(again.references(), references[..1], "so that copies can follow");
            assert_eq!(again.lines()[0]["erasure"]["reason"], "They asked for it");
        }
    }
});

on_both_databases!(a_cursor_moves_only_once_everything_was_taken, async |database| {
    let references = stored(&database, &[Said::new("a"), Said::new("b")]).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cursor");
    let cursor = ["export", "--cursor", arg(&file)];
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let failed = command(&database, &cursor).stdout(full).output().unwrap();
    assert_eq!(failed.status.code(), Some(1));
    assert!(!file.exists(), "nothing was taken");
    assert_eq!(run(&database, &cursor).references(), references);
});

on_both_databases!(a_cursor_that_does_not_fit_is_refused_with_what_to_do, async |database| {
    stored(&database, &[Said::new("a"), Said::new("b")]).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cursor");
    let args = ["export", "--cursor", arg(&file)];
    assert_eq!(run(&database, &args).status, Some(0));
    let good = std::fs::read_to_string(&file).unwrap();
    let refused = |args: &[&str], why: &str| {
        let ran = run(&database, args);
        assert_eq!(ran.status, Some(1), "{why}");
        assert!(ran.said.contains(why), "{}", ran.said);
    };
    refused(&[&args[..], &["--workspace", "acme"]].concat(), "belongs to an export with other filters");
    std::fs::write(&file, "{}").unwrap();
    refused(&args, "is not one that `export` wrote");
    std::fs::write(&file, good.replace("\"version\": 1", "\"version\": 2")).unwrap();
    refused(&args, "another version");
    // A link that is not there, one that is another, and a chain that is gone.
    std::fs::write(&file, good.replace("\"sequence\": 2", "\"sequence\": 3")).unwrap();
    refused(&args, "is not in this database");
    std::fs::write(&file, good.replace("\"digest\": \"", "\"digest\": \"0")).unwrap();
    refused(&args, "is not in this database");
    let chain = good.split("\"chain\": \"").nth(1).unwrap().split('"').next().unwrap();
    for name in ["00000000000000000000000000", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"] {
        std::fs::write(&file, good.replace(chain, name)).unwrap();
        refused(&args, "is not in this database");
    }
    std::fs::write(&file, &good).unwrap();
    assert_eq!(run(&database, &args).status, Some(0), "the good one still is");
});

on_both_databases!(a_cursor_tells_of_a_request_that_is_gone_and_goes_on, async |database| {
    let references = stored(&database, &[Said::new("a"), Said::new("b"), Said::new("c")]).await;
    let mut owner = database.owner().await;
    match database.kind() {
        Kind::Sqlite => owner.execute("DROP TRIGGER support_requests_no_delete").await.unwrap(),
        Kind::Postgres => owner.execute("DROP TRIGGER support_requests_no_delete ON support_requests").await.unwrap(),
    }
    owner.execute(&format!("DELETE FROM support_requests WHERE reference = '{}'", references[1])).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let ran = run(&database, &["export", "--cursor", arg(&folder.path().join("cursor"))]);
    assert_eq!(ran.references(), [references[0].as_str(), references[2].as_str()]);
    assert!(ran.said.contains(&format!("{}: it has an audit record and is missing", references[1])), "{}", ran.said);
    assert_eq!(ran.status, Some(1));
});

on_both_databases!(a_cursor_goes_on_behind_what_was_cut_by_a_decision_on_record, async |database| {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cursor");
    let args = ["export", "--cursor", arg(&file)];
    let references = stored(&database, &[Said::new("a"), Said::new("b"), Said::new("c")]).await;
    assert_eq!(run(&database, &args).references(), references);
    // A restore: the last two are gone.
    let mut owner = database.owner().await;
    let on = |table: &str| if database.kind() == Kind::Postgres { format!(" ON {table}") } else { String::new() };
    for table in ["support_requests", "audit_events"] {
        owner.execute(&format!("DROP TRIGGER {table}_no_delete{}", on(table))).await.unwrap();
        owner.execute(&format!("DELETE FROM {table} WHERE reference > '{}'", references[0])).await.unwrap();
    }
    let refused = run(&database, &args);
    assert_eq!(refused.status, Some(1));
    assert!(refused.said.contains("verify --accept"), "{}", refused.said);
    // Somebody puts on record that it was meant to be so.
    let text = std::fs::read_to_string(&file).unwrap();
    let chain = text.split("\"chain\": \"").nth(1).unwrap().split('"').next().unwrap();
    let details = format!(r#"{{"chains":[{{"chain":"{chain}","kept":1,"until":3}}],"reason":"restored"}}"#);
    let event = Event {
        name: "archive.restored",
        occurred_at: "2026-11-29T09:00:00.000Z",
        about: None,
        trace_id: None,
        details: Some(&details),
    };
    let begin = ChainEnd::start(SystemClock.ulid());
    let (link, _) = begin.link(&event, &Actor::new("ops".to_owned(), [7; 32]));
    insert(&mut owner, &link).await;
    let went_on = run(&database, &args);
    assert_eq!(went_on.status, Some(0), "{}", went_on.said);
    assert!(went_on.said.contains(&format!("links 2 to 3 of the audit chain {chain} were exported and are gone")));
    assert!(went_on.references().is_empty());
    let more = stored(&database, &[Said::new("d")]).await;
    let next = run(&database, &args);
    assert_eq!((next.references(), next.said.lines().count()), (more, 1), "told once: {}", next.said);
});

/// Puts an audit record there, as the owner.
async fn insert(owner: &mut Owner, link: &AuditRecord) {
    let names: Vec<&str> = AuditRecord::COLUMNS.iter().map(|column| column.name).collect();
    let values = link.values().map(|value| match value {
        Value::Null => "NULL".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) | Value::Json(text) => format!("'{text}'"),
    });
    let sql = format!("INSERT INTO audit_events ({}) VALUES ({})", names.join(", "), values.join(", "));
    owner.execute(&sql).await.unwrap();
}
