//! The platform's database when it is down, or so slow that everybody would wait for it: it is left alone for a while.

use std::time::Duration;

use futures_util::future::join_all;

use crate::{
    harness::*,
    sql_provider::{Platform, documented},
};

/// How often the circuit opened.
fn opened(app: &App, platform: &Platform) -> usize {
    let database = platform.runtime_url().rsplit('/').next().unwrap().to_owned();
    app.log_lines_with("its circuit is open").iter().filter(|line| line.contains(&database)).count()
}

async fn is_left_alone(app: &App) {
    for endpoint in Endpoint::BOTH {
        let answer = app.create(endpoint).send().await;
        answer.is(503, "context_unavailable");
        assert!(app.log_lines_with(answer.request_id()).iter().any(|line| line.contains("left alone")));
    }
    app.assert_nothing_new().await;
}

on_both_databases!(
    a_platforms_database_that_is_down_is_left_alone_until_one_caller_finds_it_well_again,
    async |database| {
        let Some(platform) = Platform::with(&documented()).await else { return };
        let provider = platform.open().await.unwrap().with_open_time(Duration::from_secs(5));
        let app = App::logged().provider(provider).start(database).await;
        platform.0.go_away().await;
        for _ in 0..5 {
            app.create(Endpoint::Tenant).send().await.is(503, "context_unavailable");
        }
        assert_eq!(opened(&app, &platform), 1);
        // It is there again, and nobody knows: nobody asks.
        platform.0.come_back().await;
        is_left_alone(&app).await;
        let mut tries = 0;
        while app.create(Endpoint::Tenant).send().await.status != 201 {
            tries += 1;
            assert!(tries < 600, "nobody tries");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        for endpoint in Endpoint::BOTH {
            app.create(endpoint).send().await.created();
        }
        app.finish().await;
    }
);

on_both_databases!(a_platforms_database_that_hangs_makes_few_wait_for_it, async |database| {
    let Some(platform) = Platform::with(&documented()).await else { return };
    let provider = platform.open().await.unwrap().with_open_time(Duration::from_mins(5));
    let app = App::logged().provider(provider).start(database).await;
    let mut owner = platform.0.superuser().await;
    sqlx::raw_sql("BEGIN; LOCK workspaces").execute(&mut owner).await.unwrap();
    // Twice as many as may ask at once: the others find no place in time, which says nothing about the database.
    for _ in 0..2 {
        for answer in join_all((0..8).map(|index| app.create(Endpoint::BOTH[index % 2]).send())).await {
            answer.is(503, "context_unavailable");
        }
    }
    assert_eq!(opened(&app, &platform), 1);
    is_left_alone(&app).await;
    app.finish().await;
});
