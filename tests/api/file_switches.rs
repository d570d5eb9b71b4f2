//! A folder of diagnostics that is a link and is switched to another folder, as deployments do it.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use serde_json::{Value, json};
use support_requests::{budget::Budget, diagnostics::file::Files};
use tempfile::TempDir;

use crate::{file_provider::write, harness::*};

fn name_of(version: usize) -> String {
    format!("Contoso {version}")
}

/// A folder that holds the files of one version.
fn deploy(home: &Path, version: usize) -> PathBuf {
    let folder = home.join(format!("v{version}"));
    let mut bundle = bundle();
    bundle["headline"] = json!(name_of(version));
    let content = json!({"references": {"tenant": {"name": name_of(version)}}, "bundle": bundle}).to_string();
    write(&folder.join("acme/contoso.json"), &content);
    write(&folder.join("acme/contoso/run-1042.json"), &content);
    folder
}

/// Makes `link` lead to `folder`, in one step.
fn switch(link: &Path, folder: &Path) {
    let draft = link.with_extension("new");
    symlink(folder, &draft).unwrap();
    fs::rename(draft, link).unwrap();
}

async fn start(database: Database) -> (App, TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let link = home.path().join("current");
    switch(&link, &deploy(home.path(), 1));
    let app = App::build().provider(Files::open(&link, Budget::default()).unwrap()).start(database).await;
    (app, home, link)
}

/// The version that a stored request holds, in references and bundle.
async fn version(app: &App, receipt: &Value) -> (Value, Value) {
    let row = app.database.request(receipt["reference"].as_str().unwrap()).await;
    let context: Value = serde_json::from_str(row["context"].as_deref().unwrap()).unwrap();
    (context["references"]["tenant"]["name"].clone(), context["diagnostics"]["headline"].clone())
}

on_both_databases!(a_folder_that_is_switched_is_the_new_one_from_the_next_question_on, async |database| {
    let (app, home, link) = start(database).await;
    for endpoint in Endpoint::BOTH {
        for round in 1..4 {
            let receipt = app.create(endpoint).send().await.created();
            assert_eq!(version(&app, &receipt).await, (json!(name_of(round)), json!(name_of(round))));
            let next = deploy(home.path(), round + 1);
            switch(&link, &next);
            let receipt = app.create(endpoint).send().await.created();
            assert_eq!(version(&app, &receipt).await, (json!(name_of(round + 1)), json!(name_of(round + 1))));
            fs::remove_dir_all(home.path().join(format!("v{round}"))).unwrap();
            let receipt = app.create(endpoint).send().await.created();
            assert_eq!(version(&app, &receipt).await, (json!(name_of(round + 1)), json!(name_of(round + 1))));
            app.create(endpoint).path(endpoint.path("acme", "nobody", "run-1")).send().await.is(404, "not_found");
        }
        switch(&link, &deploy(home.path(), 1));
    }
    app.finish().await;
});

on_both_databases!(without_the_folder_nothing_is_known_to_exist_or_not_to, async |database| {
    let (app, home, link) = start(database).await;
    for endpoint in Endpoint::BOTH {
        let unproven = async |story: &str| {
            for tenant in ["contoso", "nobody"] {
                let answer = app.create(endpoint).path(endpoint.path("acme", tenant, "run-1042")).send().await;
                assert_eq!((answer.status, answer.code().as_str()), (503, "context_unavailable"), "{story}, {tenant}");
            }
            app.assert_nothing_new().await;
        };
        app.create(endpoint).send().await.created();
        fs::rename(home.path().join("v1"), home.path().join("away")).unwrap();
        unproven("the link leads nowhere").await;
        fs::remove_file(&link).unwrap();
        unproven("nothing is there").await;
        fs::write(&link, "{}").unwrap();
        unproven("a file is there").await;
        fs::remove_file(&link).unwrap();
        symlink(&link, &link).unwrap();
        unproven("a link that leads to itself").await;
        fs::remove_file(&link).unwrap();
        fs::rename(home.path().join("away"), home.path().join("v1")).unwrap();
        symlink("v1", &link).unwrap();
        app.create(endpoint).send().await.created();
        app.create(endpoint).path(endpoint.path("acme", "nobody", "run-1")).send().await.is(404, "not_found");

        let workspace = home.path().join("v1/acme");
        fs::rename(&workspace, home.path().join("v1/elsewhere")).unwrap();
        symlink("gone", &workspace).unwrap();
        unproven("a workspace that is a link and leads nowhere").await;
        fs::remove_file(&workspace).unwrap();
        symlink("elsewhere", &workspace).unwrap();
        app.create(endpoint).send().await.created();
        fs::remove_file(&workspace).unwrap();
        fs::rename(home.path().join("v1/elsewhere"), &workspace).unwrap();
    }
    app.finish().await;
});

on_both_databases!(a_link_that_leads_out_of_the_new_folder_is_judged_anew, async |database| {
    let (app, home, link) = start(database).await;
    for endpoint in Endpoint::BOTH {
        let relative = match endpoint {
            Endpoint::Tenant => "acme/contoso.json",
            Endpoint::Run => "acme/contoso/run-1042.json",
        };
        // The same file is reached before and after: inside the old folder, and from the new one out of it.
        let (old, new) = (deploy(home.path(), 1), deploy(home.path(), 2));
        switch(&link, &old);
        fs::rename(old.join(relative), old.join("shared.json")).unwrap();
        symlink(old.join("shared.json"), old.join(relative)).unwrap();
        fs::remove_file(new.join(relative)).unwrap();
        symlink(old.join("shared.json"), new.join(relative)).unwrap();
        app.create(endpoint).send().await.created();
        switch(&link, &new);
        app.create(endpoint).send().await.is(503, "context_unavailable");
        app.assert_nothing_new().await;
        switch(&link, &old);
        app.create(endpoint).send().await.created();
        for folder in [old, new] {
            fs::remove_dir_all(folder).unwrap();
        }
    }
    app.finish().await;
});

on_both_databases!(while_folders_are_switched_all_the_time_no_tenant_is_ever_not_found, async |database| {
    let (app, home, link) = start(database).await;
    let is_over = Arc::new(AtomicBool::new(false));
    let (home_path, ended) = (home.path().to_owned(), Arc::clone(&is_over));
    let switching = std::thread::spawn(move || {
        let mut version = 1;
        while !ended.load(Ordering::SeqCst) {
            version += 1;
            switch(&link, &deploy(&home_path, version));
            fs::remove_dir_all(home_path.join(format!("v{}", version - 1))).unwrap();
        }
        version
    });
    for round in 0..100 {
        let answer = app.create(Endpoint::BOTH[round % 2]).send().await;
        assert!([201, 503].contains(&answer.status), "{}: {}", answer.status, answer.text());
    }
    is_over.store(true, Ordering::SeqCst);
    assert!(switching.join().unwrap() > 10, "the folder was hardly switched");
    app.assert_nothing_new().await;
    app.finish().await;
});
