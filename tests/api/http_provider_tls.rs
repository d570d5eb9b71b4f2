//! The platform behind TLS: believed with the right certificate and no other, and told who we are where it asks.

use std::{sync::Arc, time::Duration};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use support_requests::{
    budget::Budget,
    diagnostics::http::{Base, Plain, Platform, Trust},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
        server::WebPkiClientVerifier,
    },
};

use crate::{harness::*, http_platform::FakePlatform, http_provider::warnings};

/// An authority of our own.
fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Who must show a certificate of ours.
#[derive(Clone, Copy, PartialEq)]
enum Clients {
    Anybody,
    Known,
}

/// TLS with a certificate for `name`, signed by `issuer`.
fn acceptor(issuer: &CertifiedIssuer<'static, KeyPair>, name: &str, clients: Clients) -> TlsAcceptor {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, issuer).unwrap();
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
    let mut roots = RootCertStore::empty();
    roots.add(issuer.der().clone()).unwrap();
    let builder = match clients {
        Clients::Anybody => builder.unwrap().with_no_client_auth(),
        Clients::Known => builder.unwrap().with_client_cert_verifier(
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap(),
        ),
    };
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    Arc::new(builder.with_single_cert(vec![certificate.der().clone()], key).unwrap()).into()
}

/// A client certificate and its key, in PEM.
fn client_certificate(issuer: &CertifiedIssuer<'static, KeyPair>) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["support-requests".to_owned()]).unwrap().signed_by(&key, issuer);
    (certificate.unwrap().pem(), key.serialize_pem())
}

on_both_databases!(a_platform_is_believed_with_the_right_certificate_and_no_other, async |database| {
    let (ours, theirs) = (authority("ours"), authority("theirs"));
    let trusting = |issuer: &CertifiedIssuer<'static, KeyPair>| {
        Trust::default().with_authorities(issuer.pem().as_bytes()).unwrap()
    };
    let (certificate, key) = client_certificate(&ours);
    let known = || trusting(&ours).with_identity(certificate.as_bytes(), key.as_bytes()).unwrap();
    let mut database = Some(database);
    for (name, clients, trust, told) in [
        ("localhost", Clients::Anybody, trusting(&theirs), Some("authority that is not trusted")),
        ("localhost", Clients::Anybody, Trust::default(), Some("authority that is not trusted")),
        ("elsewhere.example", Clients::Anybody, trusting(&ours), Some("is for another name")),
        ("localhost", Clients::Known, trusting(&ours), Some("wants a client certificate")),
        ("localhost", Clients::Known, known(), None),
        ("localhost", Clients::Anybody, trusting(&ours), None),
    ] {
        let platform = FakePlatform::start_with(Some(acceptor(&ours, name, clients))).await;
        let (builder, _) = platform.app(trust, Duration::ZERO);
        let next = match database.take() {
            Some(database) => database,
            None => Database::sqlite().await,
        };
        let app = builder.provider_timeout(Duration::from_secs(20)).start(next).await;
        for endpoint in Endpoint::BOTH {
            let answer = app.create(endpoint).send().await;
            match told {
                None => assert_eq!(answer.created()["attachment"]["reason"], "attached"),
                Some(told) => {
                    answer.is(503, "context_unavailable");
                    let lines = warnings(&app, answer.request_id());
                    assert!(lines.iter().any(|line| line.contains(told)), "{told}: {lines:#?}");
                    assert_eq!(platform.asked(), 0, "a token went to somebody who is not trusted");
                }
            }
        }
        app.finish().await;
    }
});

on_both_databases!(what_speaks_no_tls_gets_no_token, async |database| {
    let plain = FakePlatform::start().await;
    let base = plain.base.replace("http://127.0.0.1", "https://localhost");
    let base = Base::parse(&base, Plain::Refused);
    let client = Trust::default().client().unwrap();
    let provider = Platform::new(base.unwrap(), client, Budget::default());
    let app = App::logged().provider(provider).start(database).await;
    for endpoint in Endpoint::BOTH {
        let answer = app.create(endpoint).send().await;
        answer.is(503, "context_unavailable");
        app.assert_nothing_new().await;
    }
    assert_eq!(plain.asked(), 0);
    app.finish().await;
});
