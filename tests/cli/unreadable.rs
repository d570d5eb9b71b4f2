//! Files and folders of diagnostics that the service may not read. Only the built binary can show it: it runs as somebody to
//! whom permissions mean something, which the tests' own user may not be.

use std::{
    fs::Permissions,
    os::unix::{
        fs::{MetadataExt as _, PermissionsExt as _, chown},
        process::CommandExt as _,
    },
    path::Path,
};

use serde_json::json;

use crate::{
    RUN, TENANT,
    hangup::{PRODUCTION, describe_both_scopes, publish, stored, token},
    home::{Home, Running},
    tokens::ED25519,
};

/// The user and group `nobody`.
const NOBODY: u32 = 65534;

fn chmod(path: &Path, mode: u32) {
    std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// The service as somebody who is not root, in a folder of theirs.
fn serve(home: &Home) -> Running {
    let mut all = vec!["--listen", "127.0.0.1:0"];
    all.extend(PRODUCTION);
    let mut command = home.command(&all);
    if home.path().metadata().unwrap().uid() == 0 {
        chown(home.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        command.uid(NOBODY).gid(NOBODY);
    }
    Home::start(command)
}

#[test]
fn a_file_that_may_not_be_read_costs_its_facts_and_a_folder_that_may_not_be_entered_proves_nothing() {
    let home = Home::new();
    publish(&home, &ED25519);
    describe_both_scopes(&home);
    let service = serve(&home);
    let token = token(&ED25519, "support_diagnostics.view");
    let create = |path| {
        let (status, answer) = service.post(path, &token, &json!({"summary": "It fails"}));
        (status, answer["attachment"]["reason"].as_str().or(answer["code"].as_str()).unwrap().to_owned())
    };
    let diagnostics = home.path().join("diagnostics");
    for (path, file) in [(TENANT, "acme/contoso.json"), (RUN, "acme/contoso/run-1042.json")] {
        let file = diagnostics.join(file);
        assert_eq!(create(path), (201, "no_diagnostics".to_owned()));
        chmod(&file, 0);
        assert_eq!(create(path), (201, "diagnostics_rejected".to_owned()));
        service.says(&["WARN", "it cannot be read: Permission denied", file.to_str().unwrap()], 1);
        chmod(&file, 0o644);
        assert_eq!(create(path), (201, "no_diagnostics".to_owned()));
        for folder in [&diagnostics, file.parent().unwrap()] {
            chmod(folder, 0);
            assert_eq!(create(path), (503, "context_unavailable".to_owned()));
            chmod(folder, 0o755);
        }
        assert_eq!(create(path), (201, "no_diagnostics".to_owned()));
    }
    assert_eq!(stored(&home), 8);
    let (status, log) = service.terminate();
    assert!(status.success(), "{log}");
}
