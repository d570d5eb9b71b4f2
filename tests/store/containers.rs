//! No container engine runs where these tests do. So what the containers are told is read from `Dockerfile` and
//! `docker-compose.yml` and done here, with the built binary, in their order, on a database as empty as theirs.

use std::{
    collections::BTreeMap,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

use crate::support::postgres;

const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

/// The arguments that an instruction of the `Dockerfile` gives in its JSON form.
fn instruction(dockerfile: &str, name: &str) -> Vec<String> {
    let line = dockerfile.lines().map(str::trim).find(|line| line.starts_with(name)).expect(name);
    serde_json::from_str(&line[line.find('[').expect("the form without a shell")..]).unwrap()
}

/// What a service of the compose file gets: its command and its environment.
struct Told {
    command: Vec<String>,
    environment: BTreeMap<String, String>,
}

fn told(compose: &Value, service: &str) -> Told {
    let service = &compose["services"][service];
    let command = service["command"].as_array().map(|words| words.iter().map(word).collect()).unwrap_or_default();
    let environment = service["environment"].as_object().unwrap();
    Told { command, environment: environment.iter().map(|(name, value)| (name.clone(), word(value))).collect() }
}

fn word(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// A container, as far as it matters here.
struct Container<'a> {
    folder: &'a Path,
    environment: BTreeMap<String, String>,
}

impl Container<'_> {
    fn command(&self, args: &[String]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_support-requests"));
        command.args(args).env_clear().envs(&self.environment).current_dir(self.folder).stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[String]) -> Output {
        self.command(args).output().unwrap()
    }
}

/// Ended with the test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_containers_are_told_to_do_works_in_their_order() {
    let dockerfile = std::fs::read_to_string(Path::new(FOLDER).join("Dockerfile")).unwrap();
    let compose = std::fs::read_to_string(Path::new(FOLDER).join("docker-compose.yml")).unwrap();
    let mut compose: serde_yaml_ng::Value = serde_yaml_ng::from_str(&compose).unwrap();
    compose.apply_merge().unwrap();
    let compose: Value = serde_json::to_value(compose).unwrap();
    let Some(postgres) = postgres::fresh_database().await else { return };
    postgres.make_empty().await;
    let owner_url = postgres.owner_url();
    let here = &owner_url[owner_url.find('@').unwrap()..];
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();

    let entry = instruction(&dockerfile, "ENTRYPOINT");
    assert!(entry.len() == 1 && entry[0].ends_with("/support-requests"), "{entry:?}");
    let listen = dockerfile.lines().find_map(|line| line.strip_prefix("ENV SUPPORT_REQUESTS_LISTEN=")).unwrap();
    let container = |service: &str| {
        let mut told = told(&compose, service);
        for value in told.environment.values_mut() {
            *value = value.replace("@database/support_requests", here);
        }
        told.environment.insert("SUPPORT_REQUESTS_LISTEN".to_owned(), listen.replace(":8080", &format!(":{port}")));
        (told.command, Container { folder: folder.path(), environment: told.environment })
    };

    let (command, migrate) = container("migrate");
    let migrated = migrate.run(&command);
    assert!(migrated.status.success(), "{}", String::from_utf8_lossy(&migrated.stderr));

    let (command, service) = container("service");
    assert!(command.is_empty(), "the image's own command");
    let healthcheck = dockerfile.lines().find(|line| line.trim().starts_with("CMD") && line.contains("healthcheck"));
    let healthcheck = instruction(healthcheck.expect("a health check"), "CMD")[1..].to_vec();
    let default = dockerfile.lines().rfind(|line| line.starts_with("CMD")).expect("a command");
    let running = service.command(&instruction(default, "CMD")).stderr(Stdio::null()).stdout(Stdio::null()).spawn();
    let running = Ended(running.unwrap());
    let mut healthy = false;
    for _ in 0..200 {
        healthy = service.run(&healthcheck).status.success();
        if healthy {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(healthy, "the health check does not see the service");

    let token = String::from_utf8(service.run(&["token".to_owned()]).stdout).unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let base = format!("http://127.0.0.1:{port}");
    let posted = client
        .post(format!("{base}/workspaces/acme/tenants/contoso/support-requests"))
        .bearer_auth(token.trim())
        .json(&json!({"summary": "From a container"}));
    assert_eq!(posted.send().await.unwrap().status(), 201);
    assert_eq!(client.get(format!("{base}/docs/")).send().await.unwrap().status(), 200);
    let stored: i64 = sqlx::query_scalar("SELECT count(*) FROM support_requests")
        .fetch_one(&mut postgres.owner().await)
        .await
        .unwrap();
    assert_eq!(stored, 1);

    drop(running);
    assert!(!service.run(&healthcheck).status.success(), "the health check sees a service that is gone");
}
