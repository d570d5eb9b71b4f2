//! Whoever changes what is stored is found out: every column of both tables, removals, swaps, re-linked and cut chains.

use std::collections::BTreeSet;

use support_requests::verification::{Heads, Thoroughness};

use crate::{
    forging::{erase, in_order},
    harness::{Dice, archive, clock, sealed},
    looking::{all_faults, first, looked, verified},
    support::database::{Database, Kind, Owner, on_both_databases},
};

/// How many random changes are tried on each database.
const CHANGES: usize = 1000;
/// How many requests there are to be changed, in two chains.
const REQUESTS: usize = 12;

pub const TABLES: [&str; 2] = ["support_requests", "audit_events"];

/// Two chains of requests, and their heads.
async fn filled(database: &Database) -> Heads {
    for half in 0..2 {
        let store = database.open_store(clock()).await;
        for number in 0..REQUESTS / 2 {
            store.append(sealed(&format!("Half {half}, number {number}"))).await.unwrap();
        }
        store.close(std::time::Duration::from_secs(10)).await;
    }
    verified(database, None).await.unwrap().heads
}

/// An owner who has taken the defences down first: what is left is the evidence.
pub async fn disarmed(database: &Database) -> Owner {
    let mut owner = database.owner().await;
    match database.kind() {
        Kind::Sqlite => {
            for trigger in ["no_update", "no_delete", "no_second_nor_erased"] {
                for table in TABLES {
                    owner.execute(&format!("DROP TRIGGER {table}_{trigger}")).await.unwrap();
                }
            }
            owner.execute("DROP TRIGGER audit_events_erases").await.unwrap();
            owner.execute("PRAGMA ignore_check_constraints = ON").await.unwrap();
        }
        Kind::Postgres => {
            // Types and checks go too: what they refuse is not tried otherwise.
            let checks = "DO $$ DECLARE c record; BEGIN
                FOR c IN SELECT tgname, tgrelid::regclass AS t FROM pg_trigger
                    WHERE NOT tgisinternal AND tgrelid IN ('support_requests'::regclass, 'audit_events'::regclass)
                LOOP EXECUTE format('DROP TRIGGER %I ON %s', c.tgname, c.t); END LOOP;
                FOR c IN SELECT conname, conrelid::regclass AS t FROM pg_constraint
                    WHERE contype = 'c' AND conrelid IN ('support_requests'::regclass, 'audit_events'::regclass)
                LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.t, c.conname); END LOOP;
                FOR c IN SELECT attname, attrelid::regclass AS t, CASE typname WHEN 'json_object' THEN 'jsonb'
                        WHEN 'timestamptz' THEN 'timestamptz' ELSE 'text COLLATE \"C\"' END AS plain
                    FROM pg_attribute JOIN pg_type y ON y.oid = atttypid WHERE attnum > 0
                    AND attrelid IN ('support_requests'::regclass, 'audit_events'::regclass)
                    AND (typtype IN ('e', 'd') OR typname = 'timestamptz')
                LOOP EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE %s', c.t, c.attname, c.plain); END LOOP;
                END $$";
            owner.execute(checks).await.unwrap();
        }
    }
    // A copy of everything, to put back after each change.
    for table in TABLES {
        owner.execute(&format!("CREATE TABLE {table}_copy AS SELECT * FROM {table}")).await.unwrap();
    }
    owner
}

pub async fn put_back(owner: &mut Owner) {
    for table in TABLES {
        owner.execute(&format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM {table}_copy")).await.unwrap();
    }
}

/// A statement that changes one thing, somewhere; and which column, where it edits one.
fn change(dice: &mut Dice, kind: Kind, columns: &[Vec<String>; 2]) -> (String, Option<(&'static str, String)>) {
    let which = dice.roll(2);
    let table = TABLES[which];
    let (one, other) = (dice.roll(REQUESTS), dice.roll(REQUESTS - 1));
    let other = if other >= one { other + 1 } else { other };
    let row = |n: usize| format!("(SELECT reference FROM {table}_copy ORDER BY reference LIMIT 1 OFFSET {n})");
    let column = &columns[which][dice.roll(columns[which].len())];
    match dice.roll(8) {
        0 => (format!("DELETE FROM {table} WHERE reference = {}", row(one)), None),
        1 => (swap(table, column, &row(one), &row(other)), None),
        2 => (relink(&row_of("audit_events", one)), None),
        _ => {
            let edit = edited(column, kind);
            let sql = format!("UPDATE {table} SET {column} = {edit} WHERE reference = {}", row(one));
            (sql, Some((table, column.clone())))
        }
    }
}

fn row_of(table: &str, n: usize) -> String {
    format!("(SELECT reference FROM {table}_copy ORDER BY reference LIMIT 1 OFFSET {n})")
}

/// Another value than there was, of the column's type.
fn edited(column: &str, kind: Kind) -> String {
    match (column, kind) {
        ("created_at" | "occurred_at", Kind::Postgres) => format!("{column} + interval '1 microsecond'"),
        ("details", Kind::Postgres) => "'{\"a\": 1}'::jsonb".to_owned(),
        ("details", Kind::Sqlite) => "'{\"a\":1}'".to_owned(),
        ("context", Kind::Postgres) => "jsonb_set(jsonb_set(context, '{references,tenant,name}', '\"Other\"'),
                CASE WHEN salt IS NULL THEN '{references}'::text[] ELSE '{references,tenant,id}' END, '\"x\"')"
            .to_owned(),
        ("context", Kind::Sqlite) => "json_set(context, '$.references.tenant.name', 'Other')".to_owned(),
        ("sequence", _) => "sequence + 100".to_owned(),
        _ => format!("coalesce({column}, '') || 'x'"),
    }
}

/// Two rows exchange one column; where the values are the same, one of them is edited instead.
fn swap(table: &str, column: &str, one: &str, other: &str) -> String {
    let of = |row: &str| format!("(SELECT {column} FROM {table}_copy WHERE reference = {row} LIMIT 1)");
    if ["reference", "chain", "sequence"].contains(&column) {
        return format!("DELETE FROM {table} WHERE reference = {one}");
    }
    format!(
        "UPDATE {table} SET {column} = CASE reference WHEN {one} THEN {} ELSE {} END WHERE reference IN ({one}, {other})",
        of(other),
        of(one)
    )
}

/// A link hangs on another one than before.
fn relink(row: &str) -> String {
    format!("UPDATE audit_events SET previous = digest WHERE reference = {row}")
}

on_both_databases!(every_one_of_a_thousand_random_changes_is_found, async |database| {
    filled(&database).await;
    // A quarter is erased: what an erasure leaves is found changed as well.
    for record in in_order(&database).await.iter().step_by(4) {
        erase(&database, record).await;
    }
    let heads = verified(&database, None).await.unwrap().heads;
    let columns = [column_names(&database, TABLES[0]).await, column_names(&database, TABLES[1]).await];
    let mut owner = disarmed(&database).await;
    // Opened once: what a command looks at when it opens a database takes longer than these few rows.
    let archive = archive(&database).await;
    let mut dice = Dice::new(20_260_131);
    let (mut tried, mut found, mut edited) = (0, 0, BTreeSet::new());
    while tried < CHANGES {
        let (sql, edit) = change(&mut dice, database.kind(), &columns);
        owner.execute(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        let changed = is_changed(&mut owner).await;
        if changed {
            tried += 1;
            edited.extend(edit);
            match first(looked(&archive, Some(&heads), Thoroughness::FirstFault).await) {
                Err(fault) => {
                    found += 1;
                    assert!(!fault.record.is_empty());
                }
                Ok(report) => panic!("not found: {sql}: {report:?}"),
            }
        }
        put_back(&mut owner).await;
    }
    assert_eq!(found, CHANGES);
    let all: usize = columns.iter().map(Vec::len).sum();
    println!("{found} of {tried} changes were found; {} of {all} columns were edited", edited.len());
    assert_eq!(edited.len(), all);
    // Positive control: put back, everything holds.
    verified(&database, Some(&heads)).await.unwrap();
});

async fn column_names(database: &Database, table: &'static str) -> Vec<String> {
    database.rows(table).await[0].keys().cloned().collect()
}

async fn is_changed(owner: &mut Owner) -> bool {
    for table in TABLES {
        let (mut rows, mut copies) = (owner.rows(table).await, owner.rows(&format!("{table}_copy")).await);
        // A reference may have two audit records, which come in no order.
        rows.sort_unstable();
        copies.sort_unstable();
        if rows != copies {
            return true;
        }
    }
    false
}

on_both_databases!(a_cut_tail_is_found_against_saved_heads_and_only_then, async |database| {
    let heads = filled(&database).await;
    let mut owner = disarmed(&database).await;
    // The newest pair of one chain goes, without a trace in either table.
    let last = "(SELECT reference FROM audit_events_copy WHERE chain = (SELECT max(chain) FROM audit_events_copy) ORDER BY sequence DESC LIMIT 1)";
    for table in TABLES {
        owner.execute(&format!("DELETE FROM {table} WHERE reference = {last}")).await.unwrap();
    }
    verified(&database, None).await.unwrap();
    let error = verified(&database, Some(&heads)).await.unwrap_err();
    assert!(error.to_string().contains("cut off"), "{error}");
});

on_both_databases!(a_chain_that_is_gone_as_a_whole_is_found_against_saved_heads, async |database| {
    let heads = filled(&database).await;
    let mut owner = disarmed(&database).await;
    let chain = "(SELECT max(chain) FROM audit_events_copy)";
    owner
        .execute(&format!(
        "DELETE FROM support_requests WHERE reference IN (SELECT reference FROM audit_events WHERE chain = {chain});
         DELETE FROM audit_events WHERE chain = {chain}"
    ))
        .await
        .unwrap();
    verified(&database, None).await.unwrap();
    assert!(verified(&database, Some(&heads)).await.is_err());
});

on_both_databases!(an_inserted_request_without_an_audit_record_is_found_and_named, async |database| {
    filled(&database).await;
    let mut owner = disarmed(&database).await;
    owner
        .execute(
            "UPDATE support_requests_copy SET reference = 'SR-7ZZZZZZZZZZZZZZZZZZZZZZZZZ';
        INSERT INTO support_requests SELECT * FROM support_requests_copy LIMIT 1",
        )
        .await
        .unwrap();
    let faults = all_faults(&database, None).await;
    assert!(
        faults.contains(&"SR-7ZZZZZZZZZZZZZZZZZZZZZZZZZ: this request has no audit record".to_owned()),
        "{faults:?}"
    );
});

on_both_databases!(chains_that_grew_since_the_heads_were_saved_hold, async |database| {
    let heads = filled(&database).await;
    let store = database.open_store(clock()).await;
    store.append(sealed("Later")).await.unwrap();
    let verified = verified(&database, Some(&heads)).await.unwrap();
    assert_eq!(verified.heads.heads.len(), heads.heads.len() + 1);
});
