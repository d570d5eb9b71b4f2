//! Diagnostics from a folder of files, through the door.

use std::{fs, os::unix::fs::symlink, path::Path};

use serde_json::{Value, json};
use support_requests::{budget::Budget, diagnostics::file::Files};
use tempfile::TempDir;

use crate::harness::*;

/// Where an endpoint's file is.
pub fn file(folder: &TempDir, endpoint: Endpoint) -> std::path::PathBuf {
    folder.path().join(match endpoint {
        Endpoint::Tenant => "diagnostics/acme/contoso.json",
        Endpoint::Run => "diagnostics/acme/contoso/run-1042.json",
    })
}

pub fn write(file: &Path, content: impl AsRef<[u8]>) {
    // A new inode each time, as a platform that replaces its files whole would make it.
    let _ = fs::remove_file(file);
    let _ = fs::remove_dir_all(file);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, content).unwrap();
}

async fn start(database: Database) -> (App, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("diagnostics");
    fs::create_dir_all(root.join("acme/contoso")).unwrap();
    let app = App::build().provider(Files::open(&root, Budget::default()).unwrap()).start(database).await;
    (app, folder)
}

on_both_databases!(a_scope_is_what_its_file_says, async |database| {
    let (app, folder) = start(database).await;
    for endpoint in Endpoint::BOTH {
        let file = file(&folder, endpoint);
        app.create(endpoint).send().await.is(404, "not_found");
        for (content, reason) in [
            (json!({"references": {}, "bundle": bundle()}), "attached"),
            (json!({"references": {"tenant": {"id": "contoso", "name": "Contoso"}}}), "no_diagnostics"),
            (json!({"references": {}, "bundle": null}), "no_diagnostics"),
            (json!({"references": {}, "bundle": []}), "diagnostics_rejected"),
        ] {
            write(&file, content.to_string());
            let receipt = app.create(endpoint).send().await.created();
            assert_eq!(receipt["attachment"]["reason"], reason, "{content}");
        }
        fs::remove_file(&file).unwrap();
        app.create(endpoint).send().await.is(404, "not_found");
    }
    app.finish().await;
});

/// Files that cannot be used, and what the log says of each.
fn broken(app: &App) -> Vec<(Vec<u8>, &'static str)> {
    let canary = app.canary("broken");
    let fact = |value: &str| {
        let bundle = bundle().to_string().replace("\"assign_policies\"", value);
        format!("{{\"references\": {{}}, \"bundle\": {bundle}, \"x\": \"{canary}\"}}").into_bytes()
    };
    let utf_16: Vec<u8> = "{\"references\": {}}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let deep = format!("{{\"references\": {}1{}}}", "[".repeat(200), "]".repeat(200));
    let text = |text: &str| text.replace("CANARY", &canary).into_bytes();
    vec![
        (fact("NaN"), "it is not JSON"),
        (fact("Infinity"), "it is not JSON"),
        (fact("1e999"), "it is not JSON"),
        (fact("\"\\udc80\""), "it is not JSON"),
        (fact("\"\\ud83d cut\""), "it is not JSON"),
        (fact("\"a\u{1}b\""), "it is not JSON"),
        (fact("'assign_policies'"), "it is not JSON"),
        (fact(&format!("\"{}\"", "x".repeat(1_100_000))), "it is larger than 1 MiB"),
        (text("{\"references\": {}, \"CANARY\": nul"), "it is not JSON"),
        (text("{\"references\": {},}"), "it is not JSON"),
        (text("{\"references\": {}} {\"CANARY\": 1}"), "it is not JSON"),
        (text("// CANARY\n{\"references\": {}}"), "it is not JSON"),
        (Vec::new(), "it is not JSON"),
        (deep.into_bytes(), "it is not JSON"),
        ([&text("{\"references\": {}, \"x\": \"CANARY")[..], b"\xff\"}"].concat(), "it is not UTF-8"),
        ([&b"\xff\xfe"[..], &utf_16].concat(), "it is written in UTF-16"),
        (utf_16, "it is written in UTF-16"),
        (text("[]"), "it is not a JSON object"),
        (text("null"), "it is not a JSON object"),
        (text("\"CANARY\""), "it is not a JSON object"),
        (text("{}"), "it has no \\\"references\\\""),
        (text("{\"references\": null, \"bundle\": {}}"), "it has no \\\"references\\\""),
        (text("{\"References\": {\"CANARY\": 1}}"), "it has no \\\"references\\\""),
        (text("{\"references\": [\"CANARY\"]}"), "an object was declared"),
        (text("{\"references\": {\"tenant\": \"CANARY\"}}"), "an object was declared"),
    ]
}

on_both_databases!(a_broken_file_costs_its_facts_and_the_log_says_which_and_why, async |database| {
    let (app, folder) = start(database).await;
    for endpoint in Endpoint::BOTH {
        let file = file(&folder, endpoint);
        for (number, (content, fault)) in broken(&app).into_iter().enumerate() {
            write(&file, &content);
            // Twice, because what is broken is kept in memory too.
            for _ in 0..2 {
                let told = || {
                    let lines = app.log_lines_with(file.to_str().unwrap());
                    lines.iter().filter(|line| line.contains(fault) && line.contains("WARN")).count()
                };
                let before = told();
                let receipt = app.create(endpoint).send().await.created();
                assert_eq!(receipt["attachment"]["reason"], "diagnostics_rejected", "{number}: {fault}");
                let row = app.database.request(receipt["reference"].as_str().unwrap()).await;
                let context: Value = serde_json::from_str(row["context"].as_deref().unwrap()).unwrap();
                assert_eq!(context["references"]["tenant"], json!({"id": "contoso"}), "{number}: {fault}");
                assert_eq!(told(), before + 1, "{number}: {fault}: the log does not say it of this file");
            }
        }
        let good = json!({"references": {"tenant": {"name": "Contoso"}}, "bundle": bundle()}).to_string();
        for good in [good.clone(), format!("\u{feff}{good}")] {
            write(&file, good);
            assert_eq!(app.create(endpoint).send().await.created()["attachment"]["reason"], "attached");
        }
    }
    app.finish().await;
});

on_both_databases!(a_file_that_proves_nothing_is_a_503_and_nothing_is_stored, async |database| {
    let (app, folder) = start(database).await;
    for endpoint in Endpoint::BOTH {
        let file = file(&folder, endpoint);
        let unproven = async |story: &str| {
            let answer = app.create(endpoint).send().await;
            assert_eq!((answer.status, answer.code().as_str()), (503, "context_unavailable"), "{story}");
            let said = app.log_lines_with(file.to_str().unwrap());
            assert!(said.iter().any(|line| line.contains("not stored")), "{story}: the log does not name the file");
            app.assert_nothing_new().await;
        };
        write(&file, json!({"references": {"tenant": {"id": "fabrikam"}}}).to_string());
        unproven("a file that speaks of another tenant").await;
        fs::remove_file(&file).unwrap();
        fs::create_dir(&file).unwrap();
        unproven("a folder in its place").await;
        fs::remove_dir(&file).unwrap();
        std::process::Command::new("mkfifo").arg(&file).status().unwrap();
        unproven("a pipe in its place").await;
        fs::remove_file(&file).unwrap();
        symlink("/dev/null", &file).unwrap();
        unproven("a device behind a link").await;
        for nowhere in ["gone.json", "contoso.json", "run-1042.json"] {
            fs::remove_file(&file).unwrap();
            symlink(nowhere, &file).unwrap();
            unproven("a link that leads nowhere, or to itself").await;
            if endpoint == Endpoint::Tenant {
                break;
            }
        }
        write(&file, r#"{"references": {}}"#);
        app.create(endpoint).send().await.created();
    }
    app.finish().await;
});

on_both_databases!(a_link_may_lead_about_inside_the_folder_and_not_out_of_it, async |database| {
    let (app, folder) = start(database).await;
    let good = json!({"references": {}, "bundle": bundle()}).to_string();
    for endpoint in Endpoint::BOTH {
        let file = file(&folder, endpoint);
        let outside = folder.path().join("outside.json");
        fs::write(&outside, &good).unwrap();
        symlink(&outside, &file).unwrap();
        app.create(endpoint).send().await.is(503, "context_unavailable");
        app.assert_nothing_new().await;

        let inside = folder.path().join("diagnostics/shared.json");
        fs::write(&inside, &good).unwrap();
        fs::remove_file(&file).unwrap();
        symlink(&inside, &file).unwrap();
        app.create(endpoint).send().await.created();
        // Known to be good by now; the same name must still be judged again.
        fs::remove_file(&file).unwrap();
        symlink(&outside, &file).unwrap();
        app.create(endpoint).send().await.is(503, "context_unavailable");
        app.assert_nothing_new().await;
        fs::remove_file(&file).unwrap();
    }
    app.finish().await;
});

on_both_databases!(a_workspace_that_is_a_link_out_of_the_folder_is_not_followed, async |database| {
    let (app, folder) = start(database).await;
    let elsewhere = folder.path().join("elsewhere");
    write(&elsewhere.join("contoso.json"), r#"{"references": {}}"#);
    write(&elsewhere.join("contoso/run-1042.json"), r#"{"references": {}}"#);
    symlink(&elsewhere, folder.path().join("diagnostics/globex")).unwrap();
    let token = app.token_of(&Token::at(NOW).workspace("globex").tenant("*", &[CREATE, VIEW]));
    for endpoint in Endpoint::BOTH {
        let call = app.create(endpoint).token(&token).path(endpoint.path("globex", "contoso", "run-1042"));
        call.send().await.is(503, "context_unavailable");
        let call = app.create(endpoint).token(&token).path(endpoint.path("globex", "..", "run-1042"));
        call.send().await.is(404, "not_found");
    }
    app.finish().await;
});

on_both_databases!(a_changed_file_counts_from_the_next_request_on, async |database| {
    let (app, folder) = start(database).await;
    for endpoint in Endpoint::BOTH {
        for round in 0..20 {
            let mut changed = bundle();
            changed["headline"] = json!(format!("Round {round}"));
            let whole = json!({"references": {}, "bundle": changed}).to_string();
            // Every other time in place: the same inode, and a length that may be the same too.
            if round % 2 == 0 {
                write(&file(&folder, endpoint), &whole);
            } else {
                fs::write(file(&folder, endpoint), &whole).unwrap();
            }
            let receipt = app.create(endpoint).send().await.created();
            let row = app.database.request(receipt["reference"].as_str().unwrap()).await;
            let context: Value = serde_json::from_str(row["context"].as_deref().unwrap()).unwrap();
            assert_eq!(context["diagnostics"]["headline"], format!("Round {round}"));
        }
    }
    app.finish().await;
});
