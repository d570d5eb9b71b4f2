//! A database that is out of reach, or held by somebody else.

use std::time::Duration;

use crate::{
    harness::*,
    support::database::{Owner, tell},
};

impl App {
    /// Waits until `/readyz` says `status`: that answer. The harness gives up long after anything is broken.
    async fn until_readyz(&self, status: u16) -> Answer {
        for _ in 0..1000 {
            let answer = self.get("/readyz").send().await;
            if answer.status == status {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("/readyz does not become {status}");
    }
}

#[test]
fn while_postgresql_is_out_of_reach_requests_are_refused_and_readyz_says_so_and_then_all_is_well_again() {
    tell(Kind::Postgres, async |database| {
        let app = App::start(database).await;
        for endpoint in Endpoint::BOTH {
            app.create(endpoint).send().await.created();
        }
        let Database::Postgres(database) = &app.database else { unreachable!("it was asked for") };
        database.go_away().await;
        // Within seconds, and without a request of anybody's.
        let unready = app.until_readyz(503).await;
        unready.is(503, "not_ready");
        assert_eq!(app.get("/livez").send().await.status, 200, "a restart would not help");
        for endpoint in Endpoint::BOTH {
            // The first finds a connection that broke, perhaps in a commit; from then on it is known to be gone.
            let answer = app.create(endpoint).send().await;
            assert_eq!(answer.status, 503);
            assert!(["storage_unavailable", "outcome_unknown"].contains(&answer.code().as_str()), "{}", answer.text());
        }
        database.come_back().await;
        app.until_readyz(200).await;
        for endpoint in Endpoint::BOTH {
            app.create(endpoint).send().await.created();
        }
        app.assert_nothing_new().await;
        app.finish().await;
    });
}

#[test]
fn while_somebody_else_writes_to_the_sqlite_file_requests_wait_and_then_are_refused() {
    tell(Kind::Sqlite, async |database| {
        let app = App::start(database).await;
        for endpoint in Endpoint::BOTH {
            let mut other = app.database.owner().await;
            other.execute("BEGIN IMMEDIATE").await.unwrap();
            app.create(endpoint).send().await.is(503, "storage_unavailable");
            app.get("/readyz").send().await.is(503, "not_ready");
            other.execute("ROLLBACK").await.unwrap();
            Owner::close(other).await;
            app.until_readyz(200).await;
            app.assert_nothing_new().await;
            app.create(endpoint).send().await.created();
        }
        app.finish().await;
    });
}
