//! Canaries in every place that a caller or a platform can write to, and a look into everything that is left afterwards:
//! the database file and its journal, the log at its most talkative, every answer.

use serde_json::{Value, json};

use crate::home::Home;

/// Gives every place a canary of its own, and remembers them all.
#[derive(Default)]
struct Canaries(Vec<(String, String)>);

impl Canaries {
    /// Looks like a token of GitHub: known by its form, wherever it stands.
    fn token(&mut self, place: &str) -> String {
        let number = self.0.len();
        self.remember(place, format!("ghp_{number:02}Kx7Qm2Zr9Tb4Wn6Vd8Fj3Hs5Lc1Pg0aYeU"))
    }

    /// Looks like nothing: it must not be kept because nothing from this place is.
    fn word(&mut self, place: &str) -> String {
        let number = self.0.len();
        self.remember(place, format!("canary{number:02}qzjx"))
    }

    fn remember(&mut self, place: &str, canary: String) -> String {
        self.0.push((place.to_owned(), canary.clone()));
        canary
    }
}

/// What the platform says of the tenant, a canary in every text.
fn document(canaries: &mut Canaries) -> Value {
    let mut secret = |place: &str| canaries.token(place);
    json!({
        "references": {
            "workspace": {"id": "acme", "name": secret("the workspace's name")},
            "tenant": {"id": "contoso", "name": secret("the tenant's name")},
            "provider_connection": {"id": secret("the connection's id"), "state": secret("the connection's state")},
            "undeclared": secret("an undeclared reference"),
        },
        "bundle": {
            "schema_version": 1, "generated_at": "2031-05-06T07:00:00Z", "headline": secret("the headline"),
            "sections": [{
                "key": secret("a section's key"), "title": secret("a section's title"), "status": secret("a status"),
                "summary": format!("the password is {}", secret("a section's summary")),
                "facts": [
                    {"key": secret("a fact's key"), "label": secret("a fact's label"), "value": secret("a fact's value")},
                    {"key": "client_secret", "label": "Secret", "value": secret("the value of a secret fact")},
                ],
                "references": [{"type": secret("a type"), "id": secret("an id"), "label": secret("a label")}],
                secret("an undeclared key"): 1,
            }],
            "notes": [secret("a note")],
            "omissions": [{"key": secret("an omission"), "reason": secret("its reason")}],
            "undeclared": {"deep": secret("an undeclared value")},
        },
    })
}

#[test]
fn canaries_put_everywhere_are_found_nowhere() {
    let (home, mut canaries) = (Home::new(), Canaries::default());
    let folder = home.path().join("platform/acme");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("contoso.json"), document(&mut canaries).to_string()).unwrap();
    let service = home.serve(&["--diagnostics", "file:platform", "--log", "trace"]);
    let token = home.ok(&["token", "--name", &canaries.token("the caller's name")]).trim().to_owned();
    let signature = token.rsplit('.').next().unwrap().to_owned();
    canaries.remember("the token's signature", signature);

    let base = format!("http://{}", service.address);
    let tenant = format!("{base}/workspaces/acme/tenants/contoso/support-requests");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let answers: Vec<(u16, String)> = runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let post = |url: String, token: &str, body: String| {
            client.post(url).bearer_auth(token).header("Content-Type", "application/json").body(body)
        };
        let body = |summary: &str| json!({"summary": summary}).to_string();
        let report = json!({
            "summary": format!("It fails with {}", canaries.token("the summary")),
            "reproduction_notes": format!("curl -H 'Authorization: Bearer {}'", canaries.token("the notes")),
            "contact_name": canaries.token("the contact's name"),
        });
        let mut stored = post(tenant.clone(), &token, report.to_string());
        for header in
            ["Cookie", "User-Agent", "Referer", "X-Api-Key", "X-Forwarded-For", "Traceparent", "Accept-Language"]
        {
            stored = stored.header(header, canaries.word(header));
        }
        stored = stored.header("X-Request-Id", canaries.token("the request id"));
        let with_query = format!("{tenant}?access_token={}", canaries.word("the query"));
        let elsewhere = |canary: String| format!("{base}/workspaces/{canary}/tenants/contoso/support-requests");
        let requests = vec![
            (201, stored),
            (201, post(with_query, &token, body("With a query"))),
            (
                422,
                post(tenant.clone(), &token, json!({"summary": "x", canaries.word("a field's name"): 1}).to_string()),
            ),
            (
                422,
                post(
                    tenant.clone(),
                    &token,
                    json!({"summary": "x", "severity": canaries.word("a severity")}).to_string(),
                ),
            ),
            (
                422,
                post(
                    tenant.clone(),
                    &token,
                    json!({"summary": "x", "contact_email": canaries.word("an address")}).to_string(),
                ),
            ),
            (400, post(tenant.clone(), &token, format!("{{\"summary\": {}", canaries.word("what is not JSON")))),
            (413, post(tenant.clone(), &token, body(&canaries.word("what is too large").repeat(20_000)))),
            (415, post(tenant.clone(), &token, body("x")).header("Content-Encoding", canaries.word("an encoding"))),
            (404, post(elsewhere(canaries.word("a workspace in the path")), &token, body("x"))),
            (401, post(tenant.clone(), &canaries.word("a token that is none"), body("x"))),
            (404, client.get(format!("{base}/{}", canaries.word("a path")))),
            (405, client.put(&tenant).body(canaries.word("the body of another method"))),
        ];
        let mut answers = Vec::new();
        for (wanted, request) in requests {
            let answer = request.send().await.unwrap();
            let said = format!("{:?}", answer.headers());
            answers.push((wanted, answer.status().as_u16(), said + &answer.text().await.unwrap()));
        }
        answers
            .into_iter()
            .map(|(wanted, status, said)| {
                assert_eq!(status, wanted, "{said}");
                (status, said)
            })
            .collect()
    });

    // While the service runs, its journal holds what the file does not have yet.
    let mut left = files(home.path());
    let shown: Vec<String> = answers.iter().filter(|answer| answer.0 == 201).map(|answer| answer.1.clone()).collect();
    assert_eq!(shown.len(), 2);
    let exported = home.ok(&["export", "--including-recent"]);
    let (status, log) = service.terminate();
    assert!(status.success());
    left.extend(files(home.path()));
    left.push(("the log".to_owned(), log.into_bytes()));
    left.push(("the export".to_owned(), exported.into_bytes()));
    left.extend(answers.into_iter().map(|(status, said)| (format!("an answer ({status})"), said.into_bytes())));

    // The control: it is the right places that are looked into, and they hold what may be kept.
    assert!(left.iter().any(|(name, _)| name.ends_with("-wal")), "no journal was there to be looked into");
    let kept = |text: &str| left.iter().filter(|(_, bytes)| holds(bytes, text)).count();
    let kept = ["It fails with [redacted:github", "\"rule\":\"github", "2031-05-06T07:00:00Z"].map(kept);
    assert!(kept.iter().all(|places| *places >= 2), "{kept:?}");
    for (place, canary) in &canaries.0 {
        for (name, bytes) in &left {
            assert!(!holds(bytes, canary), "{place} is in {name}");
        }
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    memchr::memmem::find(bytes, text.as_bytes()).is_some()
}

/// The database's files.
fn files(folder: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    let files = entries.filter(|entry| entry.file_name().to_string_lossy().contains(".db"));
    files
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap()))
        .collect()
}
