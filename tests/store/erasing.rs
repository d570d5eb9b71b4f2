//! Erasing what is personal: exactly what was chosen, with a record of each, and everything else as it was.

use sqlx::AssertSqlSafe;
use support_requests::{
    clock::{FixedClock, Stamp},
    domain::ids::{Reference, TenantId, WorkspaceId},
    store::{DatabaseUrl, Eraser, Selection, StoreError},
};
use time::macros::datetime;
use ulid::Ulid;

use crate::{
    harness::{archive, clock, verified},
    people::{Person, creator, decision, emptied, erase, eraser, plain, stored},
    support::database::{Database, Kind, Owner, RowTexts, on_both_databases},
};

fn reference(text: &str) -> Reference {
    Reference::parse(text).unwrap()
}

fn scope(workspace: Option<&str>, tenant: Option<&str>, before: Option<&str>) -> Selection {
    Selection::Scope {
        workspace: workspace.map(|id| WorkspaceId::parse(id).unwrap()),
        tenant: tenant.map(|id| TenantId::parse(id).unwrap()),
        before: before.map(reference),
    }
}

/// Both tables: requests, and audit records but for those of erasures.
async fn tables(database: &Database) -> [Vec<RowTexts>; 2] {
    let all = [database.rows("support_requests").await, database.rows("audit_events").await];
    all.map(|rows| rows.iter().filter(|row| !is_erasure(row)).map(plain).collect())
}

fn is_erasure(row: &RowTexts) -> bool {
    row.get("event").is_some_and(|event| event.as_deref() == Some("support_request.erased"))
}

/// These rows were emptied, the others are what they were to the byte, and everything is on record and verifies.
async fn exactly(database: &Database, before: &[Vec<RowTexts>; 2], erased: &[&String]) {
    let is_among = |row: &RowTexts| erased.iter().any(|reference| row["reference"].as_ref() == Some(*reference));
    let expected = before
        .clone()
        .map(|rows| rows.iter().map(|row| if is_among(row) { emptied(row) } else { row.clone() }).collect::<Vec<_>>());
    assert_eq!(tables(database).await, expected);
    let events = database.rows("audit_events").await;
    let mut on_record: Vec<_> =
        events.iter().filter(|row| is_erasure(row)).filter_map(|row| row["reference"].clone()).collect();
    on_record.sort();
    let mut wanted: Vec<String> = erased.iter().map(|reference| (*reference).clone()).collect();
    wanted.sort();
    assert_eq!(on_record, wanted);
    verified(database, None).await.unwrap();
}

/// Six requests: who, in which workspace and tenant, on which day.
async fn six(database: &Database) -> Vec<String> {
    let mut requests = Vec::new();
    for (day, subject, workspace, tenant) in [
        (1, "ada", "acme", "contoso"),
        (2, "bob", "acme", "contoso"),
        (3, "ada", "acme", "fabrikam"),
        (4, "cy", "other", "contoso"),
        (5, "ada2", "other", "fabrikam"),
        (6, "Ada", "acme", "contoso"),
    ] {
        let at = FixedClock::at(datetime!(2026-01-01 09:00 UTC) + time::Duration::days(day));
        let mut person = Person::called(subject).of(workspace, tenant);
        if subject == "cy" {
            "BOB@Example.org".clone_into(&mut person.email);
        }
        requests.push(person.asked(&Stamp::of(&at)));
    }
    stored(database, requests).await
}

on_both_databases!(each_way_to_choose_erases_exactly_that_and_leaves_the_rest_as_it_was, async |database| {
    let references = six(&database).await;
    let fourth_day = Reference::from_ulid(Ulid::from_parts(1_767_571_200_000, 0)).to_string();
    let mut gone: Vec<&String> = Vec::new();
    for (selection, name, chosen) in [
        (creator("nobody"), "creator", vec![]),
        (creator("ada"), "creator", vec![0, 2]),
        (Selection::References(vec![reference(&references[5]), reference(&references[0])]), "reference", vec![5]),
        (Selection::Contact("bob@EXAMPLE.org".to_owned()), "contact", vec![1, 3]),
        (scope(Some("acme"), Some("fabrikam"), Some(&fourth_day)), "before", vec![]),
        (scope(Some("other"), Some("fabrikam"), None), "tenant", vec![4]),
        (scope(Some("acme"), None, None), "workspace", vec![]),
    ] {
        let before = tables(&database).await;
        let found = archive(&database).await.erasable(&selection).await.unwrap();
        let done = erase(&database, &selection).await.unwrap();
        assert_eq!((done.requests, found.requests), (chosen.len(), chosen.len() as u64), "{selection:?}");
        assert_eq!(selection.name(), name);
        let newly: Vec<&String> = chosen.iter().map(|index| &references[*index]).collect();
        for reference_of in &newly {
            let erasure = archive(&database).await.erasure_of(reference(reference_of)).await.unwrap().unwrap();
            assert_eq!((erasure.selected_by.as_str(), erasure.erasure), (name, done.erasure.clone()));
            assert_eq!((erasure.by.as_str(), erasure.reason.as_str()), ("Officer", "The law"));
        }
        gone.extend(newly);
        exactly(&database, &before, &gone).await;
    }
    assert_eq!(gone.len(), 6, "every way was tried on something");
});

on_both_databases!(a_day_erases_what_came_before_it_and_nothing_of_it, async |database| {
    let references = six(&database).await;
    let before = tables(&database).await;
    // The 5th of January: the first of its milliseconds is not before it.
    let day = Reference::from_ulid(Ulid::from_parts(1_767_571_200_000, 0)).to_string();
    assert_eq!(erase(&database, &scope(Some("acme"), None, Some(&day))).await.unwrap().requests, 3);
    exactly(&database, &before, &references[..3].iter().collect::<Vec<_>>()).await;
    assert_eq!(erase(&database, &scope(None, None, Some(&references[4]))).await.unwrap().requests, 1);
    exactly(&database, &before, &references[..4].iter().collect::<Vec<_>>()).await;
    let found = archive(&database).await.erasable(&scope(Some("other"), None, None)).await.unwrap();
    assert_eq!(found.span, Some((reference(&references[4]), reference(&references[4]))));
});

on_both_databases!(a_second_erasure_finds_nothing_and_who_was_erased_may_come_back, async |database| {
    stored(&database, [Person::called("ada").asks()]).await;
    assert_eq!(erase(&database, &creator("ada")).await.unwrap().requests, 1);
    assert_eq!(erase(&database, &creator("ada")).await.unwrap().requests, 0);
    let again = stored(&database, [Person::called("ada").asks()]).await;
    assert_eq!(database.request(&again[0]).await["creator_subject"].as_deref(), Some("ada"));
    assert_eq!(archive(&database).await.erasure_of(reference(&again[0])).await.unwrap(), None);
    assert_eq!(erase(&database, &creator("ada")).await.unwrap().requests, 1);
    assert_eq!(verified(&database, None).await.unwrap().links, 4);
});

on_both_databases!(many_batches_make_one_chain_with_one_name, async |database| {
    let person = Person::called("ada");
    stored(&database, (0..450).map(|_| person.asks())).await;
    let mut told = Vec::new();
    let mut eraser = eraser(&database).await;
    let whole = decision("The law", "Officer");
    let done = eraser.erase(&creator("ada"), &whole, |more| told.push(more)).await.unwrap();
    eraser.close().await;
    assert_eq!((done.requests, told), (450, vec![200, 200, 50]));
    let heads = verified(&database, None).await.unwrap().heads.heads;
    assert!(heads.iter().any(|head| head.chain == done.erasure && head.sequence == 450), "{heads:?}");
});

on_both_databases!(no_chain_of_an_erasure_is_named_before_the_day_of_its_requests, async |database| {
    // Written by an instance whose clock is two days ahead.
    let ahead = FixedClock::at(clock().now() + time::Duration::days(2));
    let person = Person::called("ada");
    stored(&database, [person.asks(), person.asked(&Stamp::of(&ahead))]).await;
    assert_eq!(erase(&database, &creator("ada")).await.unwrap().requests, 2);
    for event in database.rows("audit_events").await.iter().filter(|row| is_erasure(row)) {
        let day = |ulid: &str| Ulid::from_string(ulid).unwrap().timestamp_ms() / 86_400_000;
        let (chain, reference) = (event["chain"].as_deref().unwrap(), event["reference"].as_deref().unwrap());
        assert!(day(&reference[3..]) <= day(chain), "{reference} is of a later day than {chain}");
    }
    verified(&database, None).await.unwrap();
});

on_both_databases!(secrets_in_what_is_said_of_an_erasure_are_not_stored, async |database| {
    let references = stored(&database, [Person::called("ada").asks()]).await;
    let mut eraser = eraser(&database).await;
    let said = decision("Ticket, password=hunter2-canary-one", "Bob, password=hunter2-canary-two");
    eraser.erase(&creator("ada"), &said, |_| ()).await.unwrap();
    eraser.close().await;
    let erasure = archive(&database).await.erasure_of(reference(&references[0])).await.unwrap().unwrap();
    assert_eq!(erasure.reason, "Ticket, password=[redacted:password]");
    assert_eq!(erasure.by, "Bob, password=[redacted:password]");
    assert!(!database.everything().await.contains("hunter2"));
});

on_both_databases!(nobody_but_the_owner_erases_and_is_told_what_to_set, async |database| {
    let references = stored(&database, [Person::called("ada").asks()]).await;
    let before = tables(&database).await;
    if database.kind() == Kind::Postgres {
        let url = DatabaseUrl::parse(&database.url()).unwrap();
        let said = Eraser::open(&url, clock()).await.err().unwrap().to_string();
        assert!(
            said.contains("support_requests_app") && said.contains("SUPPORT_REQUESTS_OWNER_DATABASE_URL"),
            "{said}"
        );
    }
    exactly(&database, &before, &[]).await;
    // Positive control.
    assert_eq!(erase(&database, &creator("ada")).await.unwrap().requests, 1);
    exactly(&database, &before, &[&references[0]]).await;
});

on_both_databases!(where_the_trigger_that_erases_is_gone_nothing_is_changed_and_it_is_said, async |database| {
    stored(&database, [Person::called("ada").asks()]).await;
    let before = tables(&database).await;
    let mut owner = database.owner().await;
    let drop = if database.kind() == Kind::Sqlite {
        "DROP TRIGGER audit_events_erases"
    } else {
        "ALTER TABLE audit_events DISABLE TRIGGER audit_events_erases"
    };
    owner.execute(drop).await.unwrap();
    owner.close().await;
    let error = erase(&database, &creator("ada")).await.unwrap_err();
    assert!(matches!(error, StoreError::NotErased), "{error}");
    exactly(&database, &before, &[]).await;
});

on_both_databases!(a_person_is_found_by_an_index, async |database| {
    stored(&database, [Person::called("ada").asks()]).await;
    let mut owner = database.owner().await;
    for (index, condition) in [
        ("support_requests_creator", "creator_subject = 'ada'"),
        ("support_requests_contact", "contact_email IS NOT NULL AND lower(contact_email) = lower('ADA@example.org')"),
        // In a file, those of a workspace are found by reading all.
        ("support_requests_tenant", "workspace_id = 'acme' AND tenant_id = 'contoso'"),
    ] {
        if index == "support_requests_tenant" && database.kind() == Kind::Sqlite {
            continue;
        }
        let query = format!("SELECT reference FROM support_requests WHERE salt IS NOT NULL AND {condition} LIMIT 200");
        let plan = match &mut owner {
            Owner::Sqlite(connection) => {
                let sql = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"));
                let rows: Vec<(i64, i64, i64, String)> =
                    sqlx::query_as(sql).fetch_all(&mut **connection).await.unwrap();
                rows.into_iter().map(|row| row.3).collect::<String>()
            }
            // So few rows would be read one after the other.
            Owner::Postgres(connection) => {
                sqlx::raw_sql("SET enable_seqscan = off").execute(&mut **connection).await.unwrap();
                let sql = AssertSqlSafe(format!("EXPLAIN {query}"));
                sqlx::query_scalar::<_, String>(sql).fetch_all(&mut **connection).await.unwrap().concat()
            }
        };
        assert!(plan.contains(index), "{condition}: {plan}");
    }
    owner.close().await;
});
