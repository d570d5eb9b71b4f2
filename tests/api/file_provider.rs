//! Diagnostics from a folder of files, through the door.

use std::{fs, os::unix::fs::symlink, path::Path};

use serde_json::{Value, json};
use support_requests::diagnostics::file::Files;
use tempfile::TempDir;

use crate::harness::*;

/// Where an endpoint's file is.
fn file(folder: &TempDir, endpoint: Endpoint) -> std::path::PathBuf {
    folder.path().join(match endpoint {
        Endpoint::Tenant => "diagnostics/acme/contoso.json",
        Endpoint::Run => "diagnostics/acme/contoso/run-1042.json",
    })
}

fn write(file: &Path, content: &str) {
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
    let app = App::build().provider(Files::open(&root).unwrap()).start(database).await;
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
            write(&file, &content.to_string());
            let receipt = app.create(endpoint).send().await.created();
            assert_eq!(receipt["attachment"]["reason"], reason, "{content}");
        }
        fs::remove_file(&file).unwrap();
        app.create(endpoint).send().await.is(404, "not_found");
    }
    app.finish().await;
});

on_both_databases!(a_file_that_proves_nothing_is_a_503_and_nothing_is_stored, async |database| {
    let (app, folder) = start(database).await;
    for endpoint in Endpoint::BOTH {
        let file = file(&folder, endpoint);
        let too_large = format!("{{\"references\": {{}}, \"padding\": \"{}\"}}", "x".repeat(1024 * 1024));
        let of_another = json!({"references": {"tenant": {"id": "fabrikam"}}}).to_string();
        let canary = app.canary("broken");
        let broken = format!("{{\"references\": {{}}, \"{canary}\": nul");
        for content in ["", "{", "[]", "null", "\u{feff}{}", "{}", &broken, &of_another, &too_large] {
            write(&file, content);
            app.create(endpoint).send().await.is(503, "context_unavailable");
        }
        fs::remove_file(&file).unwrap();
        fs::create_dir(&file).unwrap();
        app.create(endpoint).send().await.is(503, "context_unavailable");
        app.assert_nothing_new().await;
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
