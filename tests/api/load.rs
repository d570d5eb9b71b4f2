//! Texts that take long and requests that take much: nobody else is stopped by them, and nothing is stored unread.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

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

/// How often each of those beside a broken tenant asks.
const CALLS: usize = 50;

/// In milliseconds: the median, and what ninety-nine of a hundred did not exceed.
fn percentiles(mut took: Vec<Duration>) -> (u128, u128) {
    took.sort();
    (took[took.len() / 2].as_millis(), took[took.len() * 99 / 100].as_millis())
}

on_both_databases!(a_provider_that_panics_about_one_tenant_costs_the_callers_of_another_no_request, async |database| {
    let app = App::start(database).await;
    let broken = Endpoint::Tenant.path("acme", "fabrikam", "");
    for (told, status) in [(Told::Usual, 201), (Told::Panics, 503)] {
        let what = format!("{told:?}");
        app.world.references_of("fabrikam", told);
        let is_over = AtomicBool::new(false);
        let beside = async {
            let mut asked = 0;
            while !is_over.load(Ordering::SeqCst) {
                let answer = app.create(Endpoint::Tenant).path(broken.clone()).send().await;
                assert_eq!(answer.status, status, "{what}: {}", answer.text());
                asked += 1;
                // Where backtraces are on, each panic costs the processor more than it costs a service.
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            asked
        };
        let others = async {
            let mut took = Vec::new();
            for call in 0..CALLS {
                let began = Instant::now();
                let receipt = app.create(Endpoint::BOTH[call % 2]).send().await.created();
                took.push(began.elapsed());
                assert_eq!(receipt["attachment"]["reason"], "attached", "{what}");
            }
            is_over.store(true, Ordering::SeqCst);
            percentiles(took)
        };
        let (asked, (median, p99)) = tokio::join!(beside, others);
        assert!(asked > 0, "{what}: nobody asked");
        assert_eq!(app.get("/readyz").send().await.status, 200, "{what}");
        println!("the provider of one tenant: {what}, {asked} times; of another: median {median} ms, p99 {p99} ms");
    }
    app.finish().await;
});
