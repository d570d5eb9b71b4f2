//! Texts that take long and requests that take much: nobody else is stopped by them, and nothing is stored unread.

use std::time::Duration;

use serde_json::json;
use support_requests::budget::Budget;

use crate::harness::*;

on_both_databases!(a_text_that_is_not_read_to_its_end_in_time_is_replaced_whole, async |database| {
    let app = App::build().redaction_timeout(Duration::ZERO).start(database).await;
    for endpoint in Endpoint::BOTH {
        let receipt = app.create(endpoint).send().await.created();
        let redactions: Vec<_> =
            receipt["redactions"].as_array().unwrap().iter().map(|r| (&r["pointer"], &r["rule"])).collect();
        let unread = json!("unread");
        let own = ["/contact_name", "/reproduction_notes", "/summary"].map(|pointer| json!(pointer));
        for pointer in &own {
            assert!(redactions.contains(&(pointer, &unread)), "{pointer}: {redactions:?}");
        }
        let row = app.database.request(receipt["reference"].as_str().unwrap()).await;
        for column in ["summary", "reproduction_notes", "contact_name", "creator_name"] {
            assert_eq!(row[column].as_deref(), Some("[redacted:unread]"), "{column}");
        }
        let context = row["context"].as_deref().unwrap();
        assert!(!context.contains("synchronisation") && context.contains("[redacted:unread]"), "{context}");
    }
    app.finish().await;
});

on_both_databases!(with_time_enough_the_same_texts_are_read, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let receipt = app.create(endpoint).send().await.created();
        assert_eq!(receipt["redactions"], json!([]));
        let row = app.database.request(receipt["reference"].as_str().unwrap()).await;
        assert!(row["context"].as_deref().unwrap().contains("Policy synchronisation failed"));
    }
    app.finish().await;
});

on_both_databases!(a_caller_for_whom_there_is_no_memory_is_told_to_come_again, async |database| {
    let budget = Budget::new(1024 * 1024);
    let app = App::build().budget(budget.clone()).start(database).await;
    for endpoint in Endpoint::BOTH {
        let all = budget.reserve(usize::MAX).await.unwrap();
        let refused = app.create(endpoint).send().await;
        refused.is(503, "overloaded");
        app.assert_nothing_new().await;
        drop(all);
        app.create(endpoint).send().await.created();
    }
    app.finish().await;
});
