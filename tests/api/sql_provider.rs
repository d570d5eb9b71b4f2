//! Diagnostics from two views in the platform's PostgreSQL, through the door.

use std::time::Duration;

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, PgConnection};
use support_requests::{
    budget::{BUDGET_BYTES, Budget},
    diagnostics::sql::{Unfit, Views},
    store::ExternalDatabaseUrl,
};

use crate::{
    harness::*,
    support::postgres::{PostgresDatabase, RUNTIME_ROLE, fresh_database},
};

/// The two examples of `specs/diagnostics.md`, and the tables that they stand on.
pub fn documented() -> String {
    let document = include_str!("../../specs/diagnostics.md");
    let examples: Vec<&str> = document.split("```sql\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(examples.len(), 2, "the document has two examples of create view");
    format!("{LARAVEL}\n{}", examples.join("\n"))
}

/// Tables as Laravel's migrations make them.
const LARAVEL: &str = "
    CREATE TABLE workspaces (id bigserial PRIMARY KEY, slug varchar(64) UNIQUE NOT NULL, name varchar(255) NOT NULL);
    CREATE TABLE tenants (id bigserial PRIMARY KEY, workspace_id bigint NOT NULL REFERENCES workspaces,
        slug varchar(64) NOT NULL, name varchar(255) NOT NULL, deleted_at timestamp, UNIQUE (workspace_id, slug));
    CREATE TABLE provider_connections (id bigserial PRIMARY KEY, tenant_id bigint UNIQUE NOT NULL REFERENCES tenants,
        public_id varchar(64) NOT NULL, state varchar(32) NOT NULL, last_contact_at timestamptz);
    CREATE TABLE operation_runs (id bigserial PRIMARY KEY, tenant_id bigint NOT NULL REFERENCES tenants,
        public_id varchar(64) NOT NULL, type varchar(64) NOT NULL, status varchar(32) NOT NULL, outcome varchar(32),
        failed_step varchar(64), started_at timestamptz, finished_at timestamptz, UNIQUE (tenant_id, public_id));
    INSERT INTO workspaces (slug, name) VALUES ('acme', 'Acme'), ('globex', 'Globex');
    INSERT INTO tenants (workspace_id, slug, name) VALUES (1, 'contoso', 'Contoso'), (1, 'fabrikam', 'Fabrikam'), (2, 'initech', 'Initech');
    INSERT INTO provider_connections (tenant_id, public_id, state, last_contact_at)
        VALUES (1, 'pc-17', 'consent_expired', '2026-01-30T07:00:00Z');
    INSERT INTO operation_runs (tenant_id, public_id, type, status, outcome, failed_step, started_at, finished_at) VALUES
        (1, 'run-1042', 'policy_sync', 'finished', 'failed', 'assign_policies', '2026-01-31T08:55:12Z', '2026-01-31T08:57:40Z'),
        (2, 'run-2001', 'policy_sync', 'running', NULL, NULL, '2026-01-31T08:55:12Z', NULL);";

/// A platform that keeps its documents in two tables of the views' form.
const TABLES: &str = "
    CREATE TABLE support_references (workspace text, tenant varchar(64), operation_run text, canonical_references jsonb);
    CREATE TABLE support_bundles (workspace text, tenant varchar(64), operation_run text, bundle jsonb);";

/// A database of the platform's, which the service may read; none where tests of PostgreSQL are skipped.
pub struct Platform(pub PostgresDatabase);

impl Platform {
    pub async fn with(sql: &str) -> Option<Self> {
        let platform = Self(fresh_database().await?);
        platform.0.make_empty().await;
        platform.execute(sql).await;
        platform.execute(&format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {RUNTIME_ROLE}")).await;
        Some(platform)
    }

    async fn execute(&self, sql: &str) {
        run(&mut self.0.superuser().await, sql).await;
    }

    /// What the two tables say about the home of an endpoint.
    async fn says(&self, endpoint: Endpoint, references: &[&str], bundles: &[&str]) {
        let run_id = if endpoint == Endpoint::Run { "'run-1042'" } else { "NULL" };
        let mut sql = vec!["TRUNCATE support_references, support_bundles".to_owned()];
        for (table, documents) in [("support_references", references), ("support_bundles", bundles)] {
            for document in documents {
                sql.push(format!("INSERT INTO {table} VALUES ('acme', 'contoso', {run_id}, $doc${document}$doc$)"));
            }
        }
        self.execute(&sql.join(";")).await;
    }

    /// Where it is, as the service's role.
    pub fn runtime_url(&self) -> String {
        self.0.runtime_url()
    }

    fn url(&self) -> ExternalDatabaseUrl {
        ExternalDatabaseUrl::parse(&self.runtime_url(), None).unwrap()
    }

    pub async fn open(&self) -> Result<Views, Unfit> {
        Views::open(self.url(), Budget::default()).await
    }
}

async fn run(connection: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await.unwrap();
}

/// The stored context of a receipt.
async fn context(app: &App, receipt: &Value) -> Value {
    let row = app.database.request(receipt["reference"].as_str().unwrap()).await;
    serde_json::from_str(row["context"].as_deref().unwrap()).unwrap()
}

on_both_databases!(the_documented_views_over_a_schema_like_laravels_are_enough, async |database| {
    let Some(platform) = Platform::with(&documented()).await else { return };
    let app = App::build().provider(platform.open().await.unwrap()).start(database).await;
    for endpoint in Endpoint::BOTH {
        let receipt = app.create(endpoint).send().await.created();
        assert_eq!(receipt["attachment"]["reason"], "attached");
        let context = context(&app, &receipt).await;
        assert_eq!(context["references"]["tenant"], json!({"id": "contoso", "name": "Contoso"}));
        assert_eq!(context["redaction"]["dropped_keys"], 0);
        if endpoint == Endpoint::Run {
            assert_eq!(context["references"]["operation_run"]["outcome"], "failed");
        }
        // Another tenant's run, a run that does not exist, a tenant of another workspace.
        for (workspace, tenant, run) in
            [("acme", "northwind", "run-1042"), ("acme", "fabrikam", "run-1042"), ("acme", "initech", "run-9")]
        {
            if endpoint == Endpoint::Run || tenant != "fabrikam" {
                app.create(endpoint).path(endpoint.path(workspace, tenant, run)).send().await.is(404, "not_found");
            }
        }
        app.assert_nothing_new().await;
    }
    // Laravel's soft deletes: the view says what exists.
    platform.execute("UPDATE tenants SET deleted_at = now() WHERE slug = 'contoso'").await;
    for endpoint in Endpoint::BOTH {
        app.create(endpoint).send().await.is(404, "not_found");
    }
    app.finish().await;
});

on_both_databases!(what_the_views_say_is_held_to_the_same_rules_as_any_provider, async |database| {
    let Some(platform) = Platform::with(TABLES).await else { return };
    let budget = Budget::default();
    let views = Views::open(platform.url(), budget.clone()).await.unwrap();
    let app = App::build().provider(views).budget(budget.clone()).start(database).await;
    let good = r#"{"tenant": {"name": "A tenant"}}"#;
    let usual = bundle().to_string();
    let deep = format!("{{\"notes\": {}1{}}}", "[".repeat(500), "]".repeat(500));
    let large = json!({"schema_version": 1, "headline": "x".repeat(600_000)}).to_string();
    let number = r#"{"schema_version": 1, "generated_at": "2026-01-31T09:00:00Z", "x": 1e9999}"#;
    for endpoint in Endpoint::BOTH {
        for (references, bundles, reason) in [
            (vec![good], vec![usual.as_str()], "attached"),
            (vec![good], vec![], "no_diagnostics"),
            (vec![good], vec!["null"], "no_diagnostics"),
            (vec![good], vec!["[]"], "diagnostics_rejected"),
            (vec![good], vec![&usual, &usual], "diagnostics_rejected"),
            (vec![good], vec![&large], "diagnostics_rejected"),
            (vec![good], vec![&deep], "diagnostics_rejected"),
            (vec![good], vec![number], "diagnostics_rejected"),
            (vec![good, good], vec![&usual], "diagnostics_rejected"),
            (vec!["null"], vec![&usual], "diagnostics_rejected"),
            (vec![&deep], vec![&usual], "diagnostics_rejected"),
            (vec![r#"{"tenant": [1]}"#], vec![&usual], "diagnostics_rejected"),
            (vec![&large], vec![&usual], "diagnostics_rejected"),
        ] {
            platform.says(endpoint, &references, &bundles).await;
            let receipt = app.create(endpoint).send().await.created();
            let case = format!("{} and {} rows", references.len(), bundles.len());
            assert_eq!(receipt["attachment"]["reason"], reason, "{case}");
        }
        platform.says(endpoint, &[r#"{"tenant": {"id": "fabrikam"}}"#], &[&usual]).await;
        app.create(endpoint).send().await.is(503, "context_unavailable");
        platform.says(endpoint, &[], &[&usual]).await;
        app.create(endpoint).send().await.is(404, "not_found");
        app.assert_nothing_new().await;
    }
    while budget.try_reserve(BUDGET_BYTES).is_err() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    app.finish().await;
});

/// Views of which one does what it should not.
fn views(references: &str, bundles: &str) -> String {
    format!(
        "CREATE TABLE written (at timestamptz);
         CREATE FUNCTION writes() RETURNS text LANGUAGE sql SECURITY DEFINER
            AS 'INSERT INTO written VALUES (now()) RETURNING at::text';
         CREATE VIEW support_references AS SELECT 'acme'::text AS workspace, 'contoso'::text AS tenant, run AS operation_run,
            jsonb_build_object('tenant', jsonb_build_object('name', {references})) AS canonical_references
            FROM (VALUES (NULL::text), ('run-1042')) AS runs (run);
         CREATE VIEW support_bundles AS SELECT 'acme'::text AS workspace, 'contoso'::text AS tenant, run AS operation_run,
            jsonb_build_object('schema_version', 1, 'generated_at', '2026-01-31T09:00:00Z', 'headline', {bundles}) AS bundle
            FROM (VALUES (NULL::text), ('run-1042')) AS runs (run);"
    )
}

/// Expressions that fail, hang, or write; of the first, PostgreSQL's message repeats the value.
const FAULTS: [&str; 3] = ["('canary' || run)::int::text", "pg_sleep(60)::text", "writes()"];

on_both_databases!(a_view_that_fails_or_hangs_or_writes_costs_what_it_should_have_said, async |database| {
    let Some(well) = Platform::with(&views("'fine'", "'fine'")).await else { return };
    let mut database = Some(database);
    for fault in FAULTS.map(|fault| fault.replace("run)", "coalesce(run, 'x'))")) {
        for (sql, reason) in
            [(views(&fault, "'fine'"), None), (views("'fine'", &fault), Some("diagnostics_unavailable"))]
        {
            let platform = Platform::with(&sql).await.unwrap();
            let own = match database.take() {
                Some(database) => database,
                None => Database::sqlite().await,
            };
            let provider = platform.open().await.unwrap();
            let app = App::logged().provider(provider).provider_timeout(Duration::from_millis(700)).start(own).await;
            app.keep_secret("canaryx");
            app.keep_secret("canaryrun-1042");
            for endpoint in Endpoint::BOTH {
                let answer = app.create(endpoint).send().await;
                let may_not = app.token_of(&app.granting("*", &[CREATE]));
                let without = app.create(endpoint).token(may_not).send().await;
                match reason {
                    None => {
                        answer.is(503, "context_unavailable");
                        without.is(503, "context_unavailable");
                    }
                    Some(reason) => {
                        assert_eq!(answer.created()["attachment"]["reason"], reason, "{fault}");
                        // Who may not see it never causes it to be read.
                        assert_eq!(without.created()["attachment"]["reason"], "capability_missing");
                    }
                }
            }
            let written = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM written");
            assert_eq!(written.fetch_one(&mut platform.0.superuser().await).await.unwrap(), 0, "it was written");
            app.finish().await;
        }
    }
    let app = App::build().provider(well.open().await.unwrap()).start(Database::sqlite().await).await;
    assert_eq!(app.create(Endpoint::Tenant).send().await.created()["attachment"]["reason"], "attached");
    app.finish().await;
});

on_both_databases!(a_platform_database_that_goes_away_is_found_again_by_itself, async |database| {
    let Some(platform) = Platform::with(&views("'fine'", "'fine'")).await else { return };
    platform.0.go_away().await;
    let provider = platform.open().await.expect("a database that is down is no reason not to start");
    let app = App::build().provider(provider).start(database).await;
    for round in 0..2 {
        for endpoint in Endpoint::BOTH {
            app.create(endpoint).send().await.is(503, "context_unavailable");
        }
        app.assert_nothing_new().await;
        assert_eq!(app.get("/readyz").send().await.status, 200, "the platform is no part of readiness");
        platform.0.come_back().await;
        for endpoint in Endpoint::BOTH {
            assert_eq!(app.create(endpoint).send().await.created()["attachment"]["reason"], "attached", "{round}");
        }
        // Connections that were kept are broken now, and nobody notices.
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        platform.execute(sql).await;
        app.create(Endpoint::Tenant).send().await.created();
        platform.0.go_away().await;
    }
    app.finish().await;
});

on_both_databases!(many_questions_share_a_few_connections_that_are_in_no_transaction_afterwards, async |database| {
    let Some(platform) = Platform::with(&views("'fine'", "'fine'")).await else { return };
    let app = App::build().provider(platform.open().await.unwrap()).start(database).await;
    let all = (0..40).map(|index| app.create(Endpoint::BOTH[index % 2]).send());
    for answer in futures_util::future::join_all(all).await {
        assert_eq!(answer.created()["attachment"]["reason"], "attached");
    }
    let sql = "SELECT count(*), count(*) FILTER (WHERE state <> 'idle') FROM pg_stat_activity
        WHERE datname = current_database() AND usename = $1";
    let query = sqlx::query_as::<_, (i64, i64)>(sql).bind(RUNTIME_ROLE);
    let (held, busy) = query.fetch_one(&mut platform.0.superuser().await).await.unwrap();
    assert!((1..=4).contains(&held) && busy == 0, "{held} connections, {busy} of them in a transaction");
    app.finish().await;
});

#[tokio::test]
async fn views_that_cannot_be_used_are_refused_by_name_with_all_that_is_wrong() {
    let Some(platform) = Platform::with("SELECT 1").await else { return };
    let refused = async || platform.open().await.expect_err("it was not refused").to_string();
    let said = refused().await;
    assert!(said.contains("no view support_references") && said.contains("no view support_bundles"), "{said}");
    platform.execute("CREATE TABLE support_references (workspace text, tenant int, canonical_references json)").await;
    platform
        .execute("CREATE TABLE support_bundles (workspace text, tenant text, operation_run text, bundle jsonb)")
        .await;
    let said = refused().await;
    for fault in [
        "support_references.tenant must be of type text or character varying",
        "support_references has no column operation_run",
        "support_references.canonical_references must be of type jsonb",
        "support_references.workspace may not be read: GRANT SELECT ON support_references",
        "support_bundles.bundle may not be read: GRANT SELECT ON support_bundles",
    ] {
        assert!(said.contains(fault), "{fault} is not in: {said}");
    }
    platform.execute(&format!("DROP TABLE support_references, support_bundles; {TABLES}")).await;
    platform.execute(&format!("GRANT SELECT ON support_references, support_bundles TO {RUNTIME_ROLE}")).await;
    assert!(platform.open().await.is_ok());
}
