//! What the triggers name is what the migration named, whatever a session puts in its place.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::{
    erasing_statements::record_of,
    harness::{clock, sealed},
    people::{Person, stored},
    support::database::{Database, Kind, tell},
};

/// Tables of the session's own, which unqualified names would find first.
const OWN_TABLES: &str = "CREATE TEMP TABLE support_requests AS TABLE public.support_requests;
    CREATE TEMP TABLE audit_events AS TABLE public.audit_events;";

/// An operator that finds everything equal, before the one that compares.
const OWN_OPERATOR: &str = "CREATE SCHEMA own;
    CREATE FUNCTION own.same(public.support_requests, public.support_requests) RETURNS boolean LANGUAGE sql
        AS 'SELECT true';
    CREATE OPERATOR own.*= (LEFTARG = public.support_requests, RIGHTARG = public.support_requests, FUNCTION = own.same);
    SET search_path = own, pg_catalog, public;";

async fn refused(mut connection: PgConnection, attack: &str, database: &Database) {
    let before = (database.rows("support_requests").await, database.rows("audit_events").await);
    let outcome = sqlx::raw_sql(AssertSqlSafe(attack.to_owned())).execute(&mut connection).await;
    assert!(outcome.is_err(), "not refused: {attack}");
    let _ = connection.close().await;
    assert_eq!((database.rows("support_requests").await, database.rows("audit_events").await), before, "{attack}");
}

#[test]
fn nobody_puts_tables_or_operators_of_their_own_in_the_place_of_those_that_the_triggers_name() {
    tell(Kind::Postgres, async |database| {
        let Database::Postgres(postgres) = &database else { unreachable!() };
        let reference = &stored(&database, [Person::called("ada").asks()]).await[0];
        let record =
            record_of(reference, &[]).replacen("INSERT INTO audit_events", "INSERT INTO public.audit_events", 1);
        assert!(record.contains("public.audit_events"), "{record}");

        let role = PgConnection::connect(&postgres.runtime_url()).await.unwrap();
        refused(role, &format!("{OWN_TABLES} {record}"), &database).await;

        let change = format!("UPDATE public.support_requests SET severity = 'low' WHERE reference = '{reference}'");
        let recorded = "UPDATE pg_temp.audit_events SET event = 'support_request.erased';";
        refused(postgres.owner().await, &format!("{OWN_TABLES} {recorded} {OWN_OPERATOR} {change}"), &database).await;
        let erased = format!(
            "UPDATE public.support_requests SET summary = NULL, reproduction_notes = NULL, contact_name = NULL,
                 contact_email = NULL, creator_subject = NULL, creator_name = NULL, salt = NULL,
                 context = context - 'references' - 'diagnostics' WHERE reference = '{reference}'"
        );
        refused(postgres.owner().await, &format!("{OWN_TABLES} {recorded} {erased}"), &database).await;

        // Positive control: without them the same record erases, and the tables take what is new.
        let mut owner = postgres.owner().await;
        sqlx::raw_sql(AssertSqlSafe(record)).execute(&mut owner).await.unwrap();
        assert_eq!(database.request(reference).await["summary"], None);
        database.open_store(clock()).await.append(sealed("New")).await.unwrap();
    });
}
