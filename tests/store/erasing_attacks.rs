//! The one change that the triggers let through, attacked: by everybody who could try, in every form of statement.

use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use support_requests::domain::record::{AuditRecord, Record};

use crate::{
    erasing_statements::{attacks, edited, erasure, in_other_words, record_of, update},
    harness::{clock, verified},
    people::{Person, creator, erase, stored},
    support::database::{Database, Kind, RowTexts, on_both_databases, tell},
};

/// Three whole requests and an erased one, which comes first.
async fn four(database: &Database) -> Vec<String> {
    let gone = stored(database, [Person::called("gone").asks()]).await;
    let others = ["ada", "bob", "cy"].map(|subject| Person::called(subject).asks());
    let others = stored(database, others).await;
    assert_eq!(erase(database, &creator("gone")).await.unwrap().requests, 1);
    gone.into_iter().chain(others).collect()
}

type Tables = (Vec<RowTexts>, Vec<RowTexts>);

async fn tables(database: &Database) -> Tables {
    (database.rows("support_requests").await, database.rows("audit_events").await)
}

/// Runs it as the owner. It may do nothing, but it must not change anything; and it must say so unless it cannot.
async fn fails(database: &Database, attack: &str, before: &Tables) {
    let mut owner = database.owner().await;
    let outcome = owner.execute(attack).await;
    owner.close().await;
    assert_eq!(&tables(database).await, before, "changed by: {attack}");
    assert!(outcome.is_err(), "not refused: {attack}");
}

on_both_databases!(an_owner_gets_no_other_change_through_than_an_erasure_with_its_record, async |database| {
    let references = four(&database).await;
    let before = tables(&database).await;
    for attack in attacks(database.kind(), &references) {
        fails(&database, &attack, &before).await;
        if database.kind() == Kind::Sqlite {
            for other in in_other_words(&attack) {
                fails(&database, &other, &before).await;
            }
        }
    }
    // Positive control: the record that these were made of does erase.
    let mut owner = database.owner().await;
    owner.execute(&record_of(&references[1], &[])).await.unwrap();
    owner.close().await;
    assert_eq!(database.request(&references[1]).await["summary"], None);
    assert!(before.0.contains(&database.request(&references[2]).await));
});

on_both_databases!(an_update_beside_a_record_must_be_the_erasure_and_nothing_else, async |database| {
    let references = four(&database).await;
    let mut owner = database.owner().await;
    // Somebody took away the trigger that erases; those that look at updates are still there.
    owner
        .execute(match database.kind() {
            Kind::Sqlite => "DROP TRIGGER audit_events_erases",
            Kind::Postgres => "ALTER TABLE audit_events DISABLE TRIGGER audit_events_erases",
        })
        .await
        .unwrap();
    owner.execute(&record_of(&references[1], &[])).await.unwrap();
    owner.close().await;
    let before = tables(&database).await;
    let whole = format!("reference = '{}'", references[1]);
    let created = format!("{whole} AND event = 'support_request.created'");
    let (right, audit) = (erasure(database.kind()), [("actor_subject", "NULL"), ("actor_salt", "NULL")]);
    for (table, columns, set, condition) in [
        ("support_requests", Record::COLUMNS, right.as_slice(), &whole),
        ("audit_events", AuditRecord::COLUMNS, audit.as_slice(), &created),
    ] {
        for column in columns {
            // Something else in its place; and where it is personal, left as it was.
            let mut others = vec![edited(column, database.kind())];
            others.extend(set.iter().any(|(name, _)| *name == column.name).then(|| column.name.to_owned()));
            for other in others {
                let attack = update(table, set, Some((column.name, &other)), condition);
                fails(&database, &attack, &before).await;
                if database.kind() == Kind::Sqlite {
                    for words in in_other_words(&attack) {
                        fails(&database, &words, &before).await;
                    }
                }
            }
        }
    }
    if database.kind() == Kind::Postgres {
        // The same numbers in another notation.
        let noted = "jsonb_set(context - 'references' - 'diagnostics', '{redaction,dropped_keys}', '0.0')";
        fails(&database, &update("support_requests", &right, Some(("context", noted)), &whole), &before).await;
    }
    // Positive control: exactly the erasure goes through, once.
    let mut owner = database.owner().await;
    owner.execute(&update("support_requests", &right, None, &whole)).await.unwrap();
    owner.execute(&update("audit_events", &audit, None, &created)).await.unwrap();
    assert!(owner.execute(&update("support_requests", &right, None, &whole)).await.is_err());
    owner.close().await;
});

#[test]
fn the_runtime_role_and_a_superuser_who_plays_replica_get_nothing_through_either() {
    tell(Kind::Postgres, async |database| {
        let references = four(&database).await;
        let Database::Postgres(postgres) = &database else { return };
        let before = tables(&database).await;
        let mut all = attacks(Kind::Postgres, &references);
        for attack in &all {
            let sql = format!("SET session_replication_role = replica; {attack}");
            let outcome = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut postgres.superuser().await).await;
            assert!(outcome.is_err(), "not refused: {attack}");
            assert_eq!(tables(&database).await, before, "changed by: {attack}");
        }
        // For the runtime role, also what is right for the owner.
        all.push(record_of(&references[1], &[]));
        let mut role = PgConnection::connect(&postgres.runtime_url()).await.unwrap();
        for attack in all {
            let outcome = sqlx::raw_sql(AssertSqlSafe(attack.clone())).execute(&mut role).await;
            assert!(outcome.is_err(), "not refused: {attack}");
            assert_eq!(tables(&database).await, before, "changed by: {attack}");
        }
        // COPY asks the triggers, too.
        let reference = &references[0];
        for table in ["support_requests", "audit_events"] {
            let row = format!("COPY (SELECT * FROM {table} WHERE reference = '{reference}' LIMIT 1) TO STDOUT");
            let row: Vec<_> = role.copy_out_raw(&row).await.unwrap().try_collect().await.unwrap();
            let row = String::from_utf8(row.concat()).unwrap();
            let other = row.replace(&reference[..8], "SR-7ZZZZ").replace(&row[..4], "01KZ");
            let mut copy = role.copy_in_raw(&format!("COPY {table} FROM STDIN")).await.unwrap();
            copy.send(other.as_bytes()).await.unwrap();
            assert!(copy.finish().await.is_err(), "{table}");
            assert_eq!(tables(&database).await, before);
        }
        verified(&database, None).await.unwrap();
    });
}

#[test]
fn sqlite_lets_nothing_through_upserts_joins_and_views_and_a_schema_that_was_written_over_is_told() {
    tell(Kind::Sqlite, async |database| {
        let references = four(&database).await;
        let before = tables(&database).await;
        let set: Vec<String> = erasure(Kind::Sqlite).iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let set = set.join(", ");
        let whole = &references[1];
        for attack in [
            format!(
                "INSERT INTO support_requests SELECT * FROM support_requests WHERE reference = '{whole}'
                 ON CONFLICT (reference) DO UPDATE SET {set}"
            ),
            format!(
                "UPDATE support_requests SET {set} FROM audit_events a
                 WHERE support_requests.reference = '{whole}' AND a.event = 'support_request.erased'"
            ),
            format!(
                "CREATE TEMP VIEW door AS SELECT * FROM support_requests;
                 CREATE TEMP TRIGGER handle INSTEAD OF UPDATE ON door BEGIN
                    UPDATE support_requests SET summary = NULL, salt = NULL WHERE reference = NEW.reference; END;
                 UPDATE door SET summary = NULL WHERE reference = '{whole}'"
            ),
            format!(
                "WITH gone AS (SELECT reference FROM support_requests WHERE reference = '{whole}')
                 UPDATE support_requests SET {set} WHERE reference IN (SELECT reference FROM gone) RETURNING 1"
            ),
        ] {
            fails(&database, &attack, &before).await;
        }
        // The file's owner can do this; the service does not start on it, and names it.
        let mut owner = database.owner().await;
        let over = "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'support_requests_no_update'";
        owner.execute(over).await.unwrap();
        owner.close().await;
        let store = database.open_store(clock()).await;
        let told = store.weaknesses().await.unwrap();
        assert!(told.iter().any(|weakness| weakness.contains("support_requests_no_update")), "{told:?}");
    });
}
