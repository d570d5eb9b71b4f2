//! Where references and diagnostics come from, and whom to trust on the way there.

use std::{fs, path::Path};

use super::{
    Settings, libpq,
    read::refuse,
    types::{DiagnosticsSource, Environment, SettingError},
};
use crate::{
    auth::ProxyUrl,
    diagnostics::http::{Base, Plain, Trust},
    store::ExternalDatabaseUrl,
};

/// What production may use.
const SOURCES: &str = "file:DIR, sql:URL or https://BASE";

impl Settings {
    pub(super) fn diagnostics(&self, environment: Environment) -> Result<DiagnosticsSource, SettingError> {
        let source = self.diagnostics_source(environment)?;
        if !matches!(source, DiagnosticsSource::Platform(..)) {
            let why = "goes with SUPPORT_REQUESTS_DIAGNOSTICS=https://BASE only";
            self.refuse_trust(why)?;
            if self.diagnostics_proxy.is_some() {
                return Err(refuse!("DIAGNOSTICS_PROXY", "diagnostics-proxy", "{why}"));
            }
        }
        Ok(source)
    }

    fn diagnostics_source(&self, environment: Environment) -> Result<DiagnosticsSource, SettingError> {
        let production = environment == Environment::Production;
        let Some(source) = self.diagnostics.as_deref().map(str::trim) else {
            return if production {
                Err(refuse!("DIAGNOSTICS", "diagnostics", "is required in production: {SOURCES}"))
            } else {
                Ok(DiagnosticsSource::Demo)
            };
        };
        if source == "demo" && production {
            return Err(refuse!(
                "DIAGNOSTICS",
                "diagnostics",
                "the demo world is refused in production: use {SOURCES}"
            ));
        }
        if source == "demo" {
            return Ok(DiagnosticsSource::Demo);
        }
        if let Some(folder) = source.strip_prefix("file:").filter(|folder| !folder.is_empty()) {
            return Ok(DiagnosticsSource::Files(folder.into()));
        }
        if let Some(url) = source.strip_prefix("sql:") {
            let url = ExternalDatabaseUrl::parse(url, libpq::home());
            return Ok(DiagnosticsSource::Views(
                url.map_err(|why| refuse!("DIAGNOSTICS", "diagnostics", "behind sql: {why}"))?,
            ));
        }
        let is_http = ["http://", "https://"]
            .iter()
            .any(|scheme| source.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
        if is_http {
            self.platform(source, environment)
        } else {
            Err(refuse!("DIAGNOSTICS", "diagnostics", "must be demo, {SOURCES}"))
        }
    }

    fn platform(&self, url: &str, environment: Environment) -> Result<DiagnosticsSource, SettingError> {
        let plain = match environment {
            Environment::Development => Plain::OnLoopback,
            Environment::Production => Plain::Refused,
        };
        let base = Base::parse(url, plain).map_err(|why| refuse!("DIAGNOSTICS", "diagnostics", "{why}"))?;
        if base.is_plain() {
            self.refuse_trust("goes with https:// only")?;
        }
        let client = self.trust()?.client().map_err(|_| {
            if self.diagnostics_client_cert_file.is_none() {
                let roots = "there are no certificates to trust: set SSL_CERT_FILE or SSL_CERT_DIR, or name a CA file";
                return refuse!("DIAGNOSTICS", "diagnostics", "{roots}");
            }
            refuse!(
                "DIAGNOSTICS_CLIENT_CERT_FILE",
                "diagnostics-client-cert-file",
                "the certificates cannot be used: does the key belong to the client certificate?"
            )
        })?;
        Ok(DiagnosticsSource::Platform(base, client))
    }

    fn trust(&self) -> Result<Trust, SettingError> {
        let mut trust = Trust::default();
        if let Some(proxy) = &self.diagnostics_proxy {
            let refused = || refuse!("DIAGNOSTICS_PROXY", "diagnostics-proxy", "must be http://HOST:PORT");
            trust = trust.through(ProxyUrl::parse(proxy).ok_or_else(refused)?);
        }
        if let Some(file) = &self.diagnostics_ca_file {
            let refuse = |why: String| refuse!("DIAGNOSTICS_CA_FILE", "diagnostics-ca-file", "{why}");
            let pem = content(file).map_err(refuse)?;
            trust = trust.with_authorities(&pem).map_err(|why| refuse(format!("the file {} {why}", file.display())))?;
        }
        let cert = &self.diagnostics_client_cert_file;
        let key = &self.diagnostics_client_key_file;
        let refuse_cert =
            |why: String| refuse!("DIAGNOSTICS_CLIENT_CERT_FILE", "diagnostics-client-cert-file", "{why}");
        let refuse_key = |why: String| refuse!("DIAGNOSTICS_CLIENT_KEY_FILE", "diagnostics-client-key-file", "{why}");
        let together = "the client certificate and its key must be set together";
        match (cert, key) {
            (None, None) => Ok(trust),
            (None, Some(_)) => Err(refuse_cert(together.to_owned())),
            (Some(_), None) => Err(refuse_key(together.to_owned())),
            (Some(cert), Some(key)) => {
                let (certificate, key) = (content(cert).map_err(refuse_cert)?, content(key).map_err(refuse_key)?);
                let unusable = |why| refuse_cert(format!("the file {} {why}", cert.display()));
                trust.with_identity(&certificate, &key).map_err(unusable)
            }
        }
    }

    /// Whatever of it is set would be of no effect.
    fn refuse_trust(&self, why: &str) -> Result<(), SettingError> {
        let set = |file: &Option<std::path::PathBuf>| file.is_some();
        if set(&self.diagnostics_ca_file) {
            return Err(refuse!("DIAGNOSTICS_CA_FILE", "diagnostics-ca-file", "{why}"));
        }
        if set(&self.diagnostics_client_cert_file) {
            return Err(refuse!("DIAGNOSTICS_CLIENT_CERT_FILE", "diagnostics-client-cert-file", "{why}"));
        }
        if set(&self.diagnostics_client_key_file) {
            return Err(refuse!("DIAGNOSTICS_CLIENT_KEY_FILE", "diagnostics-client-key-file", "{why}"));
        }
        Ok(())
    }
}

fn content(file: &Path) -> Result<Vec<u8>, String> {
    fs::read(file).map_err(|error| format!("the file {} cannot be read: {error}", file.display()))
}
