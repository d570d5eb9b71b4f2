//! The database's password changes under the running service, which reads it again for each new connection.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use sqlx::AssertSqlSafe;

use crate::{
    addresses::parts,
    binary::{Followed, command, failed, run},
    harness::{Answer, Service, all_is_well, ask, token},
    support::{
        cluster::Cluster,
        database::Database,
        postgres::{PostgresDatabase, on_a_server_of_its_own},
    },
};

/// From now on everybody but the superuser and the owner needs a password (SCRAM).
async fn ask_for_passwords(postgres: &PostgresDatabase) {
    let mut superuser = postgres.superuser().await;
    let file: String =
        sqlx::query_scalar("SELECT current_setting('hba_file')").fetch_one(&mut superuser).await.unwrap();
    let rules = "host all postgres,support_requests_owner all trust\nhost all all all scram-sha-256\n";
    std::fs::write(file, rules).unwrap();
    sqlx::raw_sql("SELECT pg_reload_conf()").execute(&mut superuser).await.unwrap();
}

/// Gives the role a password and throws out all that are in with the old one.
async fn change_password(postgres: &PostgresDatabase, password: &str) {
    let mut superuser = postgres.superuser().await;
    let sql = format!("ALTER ROLE support_requests_app PASSWORD '{password}'");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut superuser).await.unwrap();
    let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'support_requests_app'";
    sqlx::query(sql).execute(&mut superuser).await.unwrap();
}

fn write(file: &Path, text: &str) {
    std::fs::write(file, text).unwrap();
    std::fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

/// Asks until it is stored. Nothing waits that long unless something is broken.
async fn stored_soon(service: &Service) -> String {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        match ask(&client, &service.url(), &token()).await {
            Answer::Created(reference) => return reference,
            other => assert!(Instant::now() < until, "{other:?}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn server() -> Option<(&'static Cluster, PostgresDatabase)> {
    let (cluster, postgres) = on_a_server_of_its_own().await?;
    ask_for_passwords(&postgres).await;
    Some((cluster, postgres))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_changes_in_its_file_is_taken_by_the_running_service() {
    let Some((_, postgres)) = server().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let (secret, passfile) = (folder.path().join("secret"), folder.path().join("pgpass"));
    let both = |password: &str| {
        write(&secret, &format!("{password}\n"));
        write(&passfile, &format!("127.0.0.1:*:*:support_requests_app:{password}\n"));
    };
    let url = postgres.runtime_url();
    both("first-Canary1");
    change_password(&postgres, "first-Canary1").await;
    let services = [
        Service::with(|command| {
            command.env("SUPPORT_REQUESTS_DATABASE_URL", &url);
            command.env("SUPPORT_REQUESTS_DATABASE_PASSWORD_FILE", &secret);
        }),
        Service::with(|command| {
            command.args(["--database-url", &format!("{url}?passfile={}", passfile.display())]);
        }),
        Service::with(|command| {
            command.env("PGPASSFILE", &passfile).args(["--database-url", &url]);
        }),
    ];
    let mut references = Vec::new();
    for password in ["first-Canary1", "second: Canary\\2"] {
        let escaped = password.replace('\\', "\\\\").replace(':', "\\:");
        write(&secret, &format!("{password}\r\n"));
        write(&passfile, &format!("# ours\n127.0.0.1:*:*:support_requests_app:{escaped}\n"));
        change_password(&postgres, password).await;
        for service in &services {
            references.push(stored_soon(service).await);
        }
    }
    // Without its file it cannot come back, and says which it is; with it, it does.
    std::fs::remove_file(&secret).unwrap();
    change_password(&postgres, "third-Canary3").await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = ask(&client, &services[0].url(), &token()).await;
    assert!(matches!(answer, Answer::Refused(503, _)), "{answer:?}");
    write(&secret, "third-Canary3");
    references.push(stored_soon(&services[0]).await);
    services.into_iter().for_each(Service::stop);
    ask_for_nothing(&postgres).await;
    all_is_well(&Database::Postgres(postgres), &references).await;
}

async fn ask_for_nothing(postgres: &PostgresDatabase) {
    let mut superuser = postgres.superuser().await;
    let file: String =
        sqlx::query_scalar("SELECT current_setting('hba_file')").fetch_one(&mut superuser).await.unwrap();
    std::fs::write(file, "host all all all trust\n").unwrap();
    sqlx::raw_sql("SELECT pg_reload_conf()").execute(&mut superuser).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_found_wherever_libpq_looks_for_it_and_a_wrong_one_is_told_by_its_source() {
    let Some((_, postgres)) = server().await else { return };
    change_password(&postgres, "right-Canary1").await;
    let folder = tempfile::tempdir().unwrap();
    let (secret, passfile) = (folder.path().join("secret"), folder.path().join(".pgpass"));
    write(&secret, "wrong-Canary2");
    write(&passfile, "*:*:*:*:right-Canary1");
    let parts = parts(&postgres).await;
    let url = postgres.runtime_url();
    let with = |password: &str| url.replace("support_requests_app@", &format!("support_requests_app:{password}@"));
    let keywords = format!(
        "host=127.0.0.1 port={} dbname={} user=support_requests_app password='right-Canary1'",
        parts.port, parts.database
    );
    let verify = |url: &str, variables: &[(&str, &str)]| {
        let mut command = command(&folder, &["verify", "--allow-empty", "--log", "trace", "--database-url", url]);
        run(command.envs(variables.iter().copied()))
    };
    let home = folder.path().to_str().unwrap();
    for (url, variables) in [
        (with("right%2DCanary1"), &[][..]),
        (keywords, &[]),
        (format!("{url}?password=right-Canary1"), &[]),
        (url.clone(), &[("PGPASSWORD", "right-Canary1")]),
        (url.clone(), &[("HOME", home)]),
    ] {
        let (code, said) = verify(&url, variables);
        assert!(code == Some(0) && said.contains("All holds"), "{variables:?}: {said}");
    }
    let secret_file = secret.to_str().unwrap();
    for (url, variables, source) in [
        (with("wrong-Canary2"), &[("HOME", home)][..], "from the address or PGPASSWORD"),
        (url.clone(), &[("SUPPORT_REQUESTS_DATABASE_PASSWORD_FILE", secret_file), ("HOME", home)], secret_file),
        (url.clone(), &[("HOME", "/nonexistent")], "/nonexistent/.pgpass"),
    ] {
        let (code, said) = verify(&url, variables);
        assert!(code == Some(2) && said.contains("SQLSTATE 28P01") && said.contains(source), "{said}");
        assert!(!said.contains("Canary"), "{said}");
    }
    // What starts well says nothing of it either, however much it logs.
    for (url, variables) in [(with("right%2DCanary1"), &[][..]), (url.clone(), &[("PGPASSWORD", "right-Canary1")])] {
        let mut serve = command(&folder, &["serve", "--log", "trace", "--database-url", &url]);
        let mut serve = Followed::start(serve.envs(variables.iter().copied()));
        serve.until("ready");
        assert_eq!(serve.terminate(), Some(0));
        assert!(serve.seen.contains("TRACE") && !serve.seen.contains("Canary"), "{}", serve.seen);
    }
    // A password file that others may read is not believed: the usual one is left aside, one that was named is refused.
    std::fs::set_permissions(&passfile, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let (code, said) = verify(&format!("{url}?passfile={home}/.pgpass"), &[]);
    assert!(code == Some(2) && said.contains("mode 0644") && said.contains("chmod 0600"), "{said}");
    assert_eq!(verify(&url, &[("HOME", home)]).0, Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_file_that_goes_missing_is_named_in_the_log_and_the_service_comes_back_with_it() {
    let Some((_, postgres)) = server().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret-of-the-test");
    write(&secret, "first-Canary1");
    change_password(&postgres, "first-Canary1").await;
    let database = ["--database-url", &postgres.runtime_url(), "--database-password-file", secret.to_str().unwrap()];
    let mut service = Followed::start(command(&folder, &["serve"]).args(database));
    let line = service.until("ready");
    let address = line[line.find("127.0.0.1:").unwrap()..].split([' ', '"']).next().unwrap().to_owned();
    let (_, token) = run(command(&folder, &["token"]).args(["--database-url", &postgres.runtime_url()]));
    let url = format!("http://{address}/workspaces/acme/tenants/contoso/support-requests");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    assert!(matches!(ask(&client, &url, token.trim()).await, Answer::Created(_)));
    std::fs::remove_file(&secret).unwrap();
    change_password(&postgres, "second-Canary2").await;
    let answer = ask(&client, &url, token.trim()).await;
    assert!(matches!(answer, Answer::Refused(503, _)), "{answer:?}");
    let line = service.until("secret-of-the-test cannot be read");
    assert!(line.contains("cause=\"cannot_open\""), "{line}");
    write(&secret, "second-Canary2");
    let until = Instant::now() + Duration::from_secs(30);
    while !matches!(ask(&client, &url, token.trim()).await, Answer::Created(_)) {
        assert!(Instant::now() < until, "it does not come back: {}", service.seen);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(!service.seen.contains("Canary"), "{}", service.seen);
    assert_eq!(service.terminate(), Some(0));
}

#[test]
fn a_password_file_that_is_missing_or_empty_at_start_is_told_by_the_settings_name() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("empty"), "\n").unwrap();
    for (variable, args) in [
        ("SUPPORT_REQUESTS_DATABASE_PASSWORD_FILE", &["serve"]),
        ("SUPPORT_REQUESTS_DATABASE_PASSWORD_FILE", &["verify"]),
        ("SUPPORT_REQUESTS_OWNER_DATABASE_PASSWORD_FILE", &["migrate"]),
    ] {
        for (file, why) in [("absent", "cannot be read"), ("empty", "is empty")] {
            let mut command = command(&folder, args);
            let (code, said) = run(command.env(variable, file).args(["--database-url", "postgres://u@127.0.0.1:1/d"]));
            assert_eq!(code, Some(failed(args)), "{said}");
            assert!(said.contains(variable) && said.contains(file) && said.contains(why), "{said}");
        }
    }
}
