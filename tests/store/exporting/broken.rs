//! Every digest of what is printed is reckoned anew: what does not fit is marked, the rest is printed all the same.

use serde_json::Value;

use super::{Said, erase, export, run, stored};
use crate::support::database::{Database, Kind, Owner, on_both_databases, tell};

/// An owner who has taken down what keeps requests from being changed.
async fn disarmed(database: &Database) -> Owner {
    let mut owner = database.owner().await;
    match database.kind() {
        Kind::Sqlite => {
            owner
                .execute("DROP TRIGGER support_requests_no_update; PRAGMA ignore_check_constraints = ON")
                .await
                .unwrap();
        }
        Kind::Postgres => {
            let sql = "DROP TRIGGER support_requests_no_update ON support_requests;
                ALTER TABLE support_requests ALTER COLUMN created_at TYPE timestamptz";
            owner.execute(sql).await.unwrap();
        }
    }
    owner
}

/// Changes of one column each, which the tables' own types let through.
fn changes(kind: Kind) -> [(&'static str, &'static str, &'static str); 6] {
    let context = match kind {
        Kind::Sqlite => "context = json_set(context, '$.references.tenant.name', 'Other')",
        Kind::Postgres => "context = jsonb_set(context, '{references,tenant,name}', '\"Other\"')",
    };
    let time = match kind {
        Kind::Sqlite => "created_at = '2026-01-31T09:00:00.000Z'",
        Kind::Postgres => "created_at = created_at + interval '1 microsecond'",
    };
    [
        ("severity = 'low'", "record_digest does not fit", "severity"),
        ("summary = 'Other'", "personal_digest does not fit", "summary"),
        (context, "personal_digest does not fit", "context"),
        (time, "record_digest does not fit", "created_at"),
        ("personal_digest = record_digest", "record_digest does not fit", "personal_digest"),
        ("salt = record_digest", "personal_digest does not fit", "salt"),
    ]
}

on_both_databases!(what_was_changed_is_marked_by_export_and_show_and_the_rest_is_printed, async |database| {
    let requests: Vec<Said> = (0..8).map(|number| Said::new(&format!("Number {number}"))).collect();
    let references = stored(&database, &requests).await;
    assert!(export(&database, &[]).lines().iter().all(|line| line["digest_fault"].is_null()));
    let mut owner = disarmed(&database).await;
    let changes = changes(database.kind());
    for ((change, ..), reference) in changes.iter().zip(&references) {
        let sql = format!("UPDATE support_requests SET {change} WHERE reference = '{reference}'");
        owner.execute(&sql).await.unwrap();
    }
    let ran = run(&database, &["export"]);
    assert_eq!(ran.status, Some(1), "{}", ran.said);
    assert_eq!(ran.references(), references, "all of them are printed");
    assert!(ran.said.contains("6 support request(s) are not what was written"), "{}", ran.said);
    assert!(ran.after().starts_with("SR-"));
    for (line, (_, fault, column)) in ran.lines().iter().zip(changes) {
        let reference = line["reference"].as_str().unwrap();
        assert_eq!(line["digest_fault"], fault, "{column}");
        assert!(ran.said.contains(&format!("{reference}: {fault}")), "{}", ran.said);
        let shown = run(&database, &["show", "--json", reference]);
        assert_eq!(shown.status, Some(1));
        assert_eq!(serde_json::from_slice::<Value>(&shown.out).unwrap(), *line);
        let page = run(&database, &["show", reference]);
        assert_eq!(page.status, Some(1));
        assert!(String::from_utf8(page.out).unwrap().contains(&format!("NOT AS IT WAS WRITTEN: {fault}")));
    }
    let good = run(&database, &["show", &references[7]]);
    assert_eq!(good.status, Some(0), "{}", good.said);
    for format in ["csv", "parquet"] {
        assert_eq!(run(&database, &["export", "--format", format]).status, Some(1), "{format}");
    }
});

on_both_databases!(a_row_that_cannot_be_read_is_marked_and_printed_as_far_as_it_can_be, async |database| {
    let references = stored(&database, &[Said::new("a"), Said::new("b")]).await;
    let mut owner = disarmed(&database).await;
    let (column, broken) = match database.kind() {
        // Another notation of the same value, and a text that is none.
        Kind::Sqlite => ("context", "context = context || ' '"),
        Kind::Postgres => {
            owner.execute("ALTER TABLE support_requests ALTER COLUMN request_id DROP NOT NULL").await.unwrap();
            ("request_id", "request_id = NULL")
        }
    };
    let sql = format!("UPDATE support_requests SET {broken} WHERE reference = '{}'", references[0]);
    owner.execute(&sql).await.unwrap();
    let ran = run(&database, &["export"]);
    assert_eq!((ran.status, ran.references()), (Some(1), references.clone()), "{}", ran.said);
    let expected = format!("its column {column} is not what was written");
    assert_eq!(ran.lines()[0]["digest_fault"], expected);
    assert!(ran.lines()[1]["digest_fault"].is_null());
    assert_eq!(run(&database, &["show", &references[0]]).status, Some(1));
});

#[test]
fn a_cell_of_a_file_that_would_read_as_two_costs_the_others_nothing() {
    tell(Kind::Sqlite, async |database| {
        let references = stored(&database, &[Said::new("a"), Said::new("b")]).await;
        let mut owner = disarmed(&database).await;
        // The byte that stands between two cells where a row is read as one value: no text has it.
        let broken = "request_id = request_id || CAST(x'ff' AS TEXT)";
        let sql = format!("UPDATE support_requests SET {broken} WHERE reference = '{}'", references[0]);
        owner.execute(&sql).await.unwrap();
        let ran = run(&database, &["export"]);
        assert_eq!((ran.status, ran.references()), (Some(1), references.clone()), "{}", ran.said);
        assert_eq!(ran.lines()[0]["digest_fault"], "its column request_id is not what was written");
        assert_eq!((&ran.lines()[0]["summary"], &ran.lines()[1]["summary"]), (&"a".into(), &"b".into()));
        assert!(ran.lines()[1]["digest_fault"].is_null());
    });
}

on_both_databases!(what_was_erased_says_when_by_whom_and_why, async |database| {
    let references = stored(&database, &[Said::new("Canary one"), Said::new("Canary two")]).await;
    erase(&database, &references[0]);
    let lines = export(&database, &[]).lines();
    let erasure = &lines[0]["erasure"];
    assert_eq!((&erasure["erased_by"], &erasure["reason"]), (&"dpo".into(), &"They asked for it".into()));
    assert_eq!(erasure["selected_by"], "reference");
    assert!(erasure["erased_at"].as_str().unwrap().ends_with('Z'));
    assert!(lines[0]["summary"].is_null() && lines[0]["digest_fault"].is_null());
    assert!(lines[1]["erasure"].is_null());
    let page = run(&database, &["show", &references[0]]);
    let text = String::from_utf8(page.out).unwrap();
    assert_eq!(page.status, Some(0), "an erasure is no fault: {}", page.said);
    assert!(text.contains("erased on 2") && text.contains(" by dpo because: They asked for it"), "{text}");
    assert!(!text.contains("Canary"), "{text}");
    let csv = export(&database, &["--format", "csv"]);
    assert!(String::from_utf8(csv.out).unwrap().contains("They asked for it"));
});

on_both_databases!(what_is_erased_without_a_record_of_it_is_marked, async |database| {
    let references = stored(&database, &[Said::new("a"), Said::new("b")]).await;
    let mut owner = disarmed(&database).await;
    let context = match database.kind() {
        Kind::Sqlite => "json_remove(context, '$.references', '$.diagnostics')",
        Kind::Postgres => "context - 'references' - 'diagnostics'",
    };
    let empty = "summary = NULL, creator_subject = NULL, creator_name = NULL, salt = NULL";
    let sql = format!("UPDATE support_requests SET {empty}, context = {context} WHERE reference = '{}'", references[0]);
    owner.execute(&sql).await.unwrap();
    let ran = run(&database, &["export"]);
    assert_eq!(ran.status, Some(1));
    assert_eq!(ran.lines()[0]["digest_fault"], "it is erased without a record of that, or the other way round");
    assert!(ran.lines()[1]["digest_fault"].is_null());
    // And what was erased by right comes back.
    erase(&database, &references[1]);
    let sql = format!("UPDATE support_requests SET contact_name = 'Ada' WHERE reference = '{}'", references[1]);
    if database.kind() == Kind::Postgres {
        let drop = "DO $$ DECLARE c record; BEGIN FOR c IN SELECT conname FROM pg_constraint WHERE contype = 'c'
            AND conrelid = 'support_requests'::regclass LOOP
            EXECUTE format('ALTER TABLE support_requests DROP CONSTRAINT %I', c.conname); END LOOP; END $$";
        owner.execute(drop).await.unwrap();
    }
    owner.execute(&sql).await.unwrap();
    assert_eq!(run(&database, &["export"]).lines()[1]["digest_fault"], "what was erased is there again");
});
