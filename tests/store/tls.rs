//! TLS to PostgreSQL: `sslmode=verify-full` takes the right certificate and no other.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use crate::{
    harness::{Answer, Service, all_is_well, ask, token},
    support::{cluster::write_for_the_server, database::Database, postgres::on_a_server_with},
};

/// A certificate authority of our own: its certificate's file, and what signs.
fn authority(folder: &Path, name: &str) -> (PathBuf, CertifiedIssuer<'static, KeyPair>) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let file = folder.join(format!("{name}.pem"));
    std::fs::write(&file, issuer.pem()).unwrap();
    (file, issuer)
}

/// Why the service did not start with this database. One that starts is ended, so that it fails here and does not hang.
fn refused(url: &str) -> String {
    let output = Command::new("timeout")
        .args(["60", env!("CARGO_BIN_EXE_support-requests")])
        .args(["--listen", "127.0.0.1:0", "--diagnostics", "demo", "--database-url", url])
        .env_clear()
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{url}: {said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_is_believed_only_with_the_certificate_that_was_asked_for() {
    let folder = tempfile::Builder::new().prefix("support-requests-tls-").tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let (ours, issuer) = authority(folder.path(), "ours");
    let (theirs, _) = authority(folder.path(), "theirs");
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let (key_file, certificate_file) = (folder.path().join("server.key"), folder.path().join("server.pem"));
    write_for_the_server(&key_file, &key.serialize_pem());
    write_for_the_server(&certificate_file, &certificate.pem());
    let settings = vec![
        ("ssl", "on".to_owned()),
        ("ssl_cert_file", certificate_file.display().to_string()),
        ("ssl_key_file", key_file.display().to_string()),
    ];
    let Some((_, postgres)) = on_a_server_with(settings).await else { return };
    let by_number = postgres.runtime_url();
    let by_name = by_number.replace("127.0.0.1", "localhost");
    let with = |url: &str, authority: &Path| format!("{url}?sslmode=verify-full&sslrootcert={}", authority.display());

    // The certificate is for `localhost`, and ours has signed it.
    let service = Service::on(&with(&by_name, &ours));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let Answer::Created(reference) = ask(&client, &service.url(), &token()).await else { panic!("nothing was stored") };
    let sql = "SELECT bool_and(ssl), count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
        WHERE usename = 'support_requests_app'";
    let (encrypted, connections): (Option<bool>, i64) =
        sqlx::query_as(sql).fetch_one(&mut postgres.superuser().await).await.unwrap();
    assert!(encrypted == Some(true) && connections >= 1, "{encrypted:?} of {connections}");
    service.stop();

    for (url, why, word) in [
        (with(&by_name, &theirs), "somebody else has signed it", "certificate"),
        (with(&by_number, &ours), "it is for another name", "certificate"),
        (with(&by_name, &folder.path().join("absent.pem")), "there is nothing to check it with", "No such file"),
    ] {
        let said = refused(&url);
        assert!(said.contains("the database cannot be") && said.contains(word), "{why}: {said}");
    }
    all_is_well(&Database::Postgres(postgres), &[reference]).await;
}
