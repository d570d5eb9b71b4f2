//! Statements that look like an erasure and are none.

use support_requests::domain::record::{AuditRecord, Column, Kind as Of, Part, Record};

use crate::support::database::Kind;

/// What the erasure of a request sets, in each dialect.
pub fn erasure(kind: Kind) -> Vec<(&'static str, &'static str)> {
    let mut set: Vec<_> = Record::COLUMNS
        .iter()
        .filter(|column| matches!(column.part, Part::Personal | Part::Salt))
        .map(|column| (column.name, "NULL"))
        .collect();
    set.push(match kind {
        Kind::Sqlite => ("context", "json_remove(context, '$.references', '$.diagnostics')"),
        Kind::Postgres => ("context", "context - 'references' - 'diagnostics'"),
    });
    set
}

/// The same with something else in one place.
pub fn update(table: &str, set: &[(&str, &str)], instead: Option<(&str, &str)>, condition: &str) -> String {
    let mut set: Vec<(&str, &str)> =
        set.iter().copied().filter(|(column, _)| instead.is_none_or(|(other, _)| other != *column)).collect();
    set.extend(instead.filter(|(column, value)| column != value));
    let set: Vec<String> = set.iter().map(|(column, value)| format!("{column} = {value}")).collect();
    format!("UPDATE {table} SET {} WHERE {condition}", set.join(", "))
}

/// Stores the record of an erasure, made of that of the request's creation, with something else in some places.
pub fn record_of(reference: &str, instead: &[(&str, &str)]) -> String {
    let own = [
        ("chain", "'01KB0000000000000000000000'"),
        ("sequence", "7"),
        ("event", "'support_request.erased'"),
        ("actor_subject", "'Officer'"),
        ("actor_salt", "digest"),
    ];
    let value = |column: &Column| {
        let all = instead.iter().chain(&own);
        let mut here = all.filter(|(name, _)| *name == column.name);
        here.next().map_or(column.name, |(_, value)| value).to_owned()
    };
    let (names, values): (Vec<_>, Vec<_>) =
        AuditRecord::COLUMNS.iter().map(|column| (column.name.to_owned(), value(column))).unzip();
    format!(
        "INSERT INTO audit_events ({}) SELECT {} FROM audit_events
         WHERE reference = '{reference}' AND event = 'support_request.created'",
        names.join(", "),
        values.join(", ")
    )
}

/// Another value than there is, of the column's type.
pub fn edited(column: &Column, kind: Kind) -> String {
    let name = column.name;
    match (column.kind, kind, name) {
        (_, _, "severity") => "'low'".to_owned(),
        (_, _, "primary_context_type") => "'operation_run'".to_owned(),
        (_, _, "attachment_mode") => "'canonical_context_only'".to_owned(),
        (_, _, "attachment_reason") => "'not_requested'".to_owned(),
        (_, _, "event") => "'archive.cut'".to_owned(),
        (_, _, "reference") => "'SR-7ZZZZZZZZZZZZZZZZZZZZZZZZZ'".to_owned(),
        (_, _, "trace_id") => "'00000000000000000000000000000001'".to_owned(),
        (Of::Time, Kind::Postgres, _) => format!("{name} + interval '1 millisecond'"),
        (Of::Time, Kind::Sqlite, _) => "'2026-01-01T00:00:00.000Z'".to_owned(),
        (Of::Number, _, _) => format!("{name} + 100"),
        (Of::Json, _, _) => "'{\"a\":1}'".to_owned(),
        (_, Kind::Sqlite, _) => format!("replace({name}, substr({name}, 1, 1), 'z')"),
        (_, Kind::Postgres, _) => format!("translate({name}, left({name}, 1), 'z')"),
    }
}

/// Attacks on a database in which the erased are erased and nobody else is.
pub fn attacks(kind: Kind, references: &[String]) -> Vec<String> {
    let (gone, whole) = (format!("reference = '{}'", references[0]), format!("reference = '{}'", references[1]));
    let (right, audit) = (erasure(kind), [("actor_subject", "NULL"), ("actor_salt", "NULL")]);
    let salt = format!("'{}'", "a".repeat(64));
    let mut attacks = vec![
        // Without a record of it: all of it, or parts.
        update("support_requests", &right, None, &whole),
        update("support_requests", &[("summary", "NULL")], None, &whole),
        update("support_requests", &[("salt", "NULL")], None, &whole),
        update("audit_events", &audit, None, &whole),
        update("audit_events", &audit, None, "event = 'support_request.erased'"),
        // Again, back, or filled in after.
        update("support_requests", &right, None, &gone),
        update(
            "support_requests",
            &[("salt", &salt), ("summary", "'back'"), ("creator_subject", "'back'")],
            None,
            &gone,
        ),
        update("support_requests", &[("contact_name", "'in'")], None, &gone),
        update("support_requests", &[("context", "'{}'")], None, &gone),
        update("audit_events", &[("actor_subject", "'in'"), ("actor_salt", &salt)], None, &gone),
        // The record of the erasure.
        update("audit_events", &[("details", "'{}'")], None, "event = 'support_request.erased'"),
        update("audit_events", &[("event", "'support_request.created'")], None, "event = 'support_request.erased'"),
        "DELETE FROM audit_events WHERE event = 'support_request.erased'".to_owned(),
        // Records of erasures that are not: there twice, of nobody, or of another request than they say.
        record_of(&references[0], &[]),
        record_of(&references[1], &[("reference", "'SR-7ZZZZZZZZZZZZZZZZZZZZZZZZZ'")]),
        record_of(&references[1], &[("reference", &format!("'{}'", references[2]))]),
        record_of(&references[1], &[("actor_subject", "NULL"), ("actor_salt", "NULL")]),
        // Born erased.
        copied(Record::COLUMNS, "support_requests", &references[0], "'SR-7ZZZZZZZZZZZZZZZZZZZZZZZZZ'"),
        copied(AuditRecord::COLUMNS, "audit_events", &references[0], "'SR-7ZZZZZZZZZZZZZZZZZZZZZZZZZ'"),
    ];
    for column in AuditRecord::COLUMNS.iter().filter(|column| is_said_of_the_request(column)) {
        attacks.push(record_of(&references[1], &[(column.name, &edited(column, kind))]));
    }
    attacks
}

fn is_said_of_the_request(column: &Column) -> bool {
    Record::COLUMNS.iter().any(|own| own.name == column.name)
}

/// A second row, equal but for its reference and chain.
fn copied(columns: &[Column], table: &str, reference: &str, other: &str) -> String {
    let value = |column: &Column| match column.name {
        "reference" => other.to_owned(),
        "chain" => "'01KB0000000000000000000000'".to_owned(),
        name => name.to_owned(),
    };
    let names: Vec<_> = columns.iter().map(|column| column.name).collect();
    let values: Vec<_> = columns.iter().map(value).collect();
    let (names, values) = (names.join(", "), values.join(", "));
    format!("INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE reference = '{reference}' LIMIT 1")
}

/// `SQLite`'s other forms of the same statements.
pub fn in_other_words(attack: &str) -> Vec<String> {
    let mut words = vec![
        format!("PRAGMA recursive_triggers = OFF; {attack}"),
        format!("PRAGMA ignore_check_constraints = ON; {attack}"),
        format!("PRAGMA defer_foreign_keys = ON; BEGIN; {attack}; COMMIT"),
    ];
    for verb in ["REPLACE", "FAIL", "ABORT", "ROLLBACK"] {
        words.push(attack.replacen("UPDATE ", &format!("UPDATE OR {verb} "), 1).replacen(
            "INSERT ",
            &format!("INSERT OR {verb} "),
            1,
        ));
    }
    words
}
