//! Where the keys come from, and where in a token the grants stand.

use super::{
    Settings,
    read::refuse,
    types::{Environment, KeySource, SettingError},
};
use crate::auth::{GrantsClaim, IssuerUrl, KeyUrl, PlainHttp, ProxyUrl, PublishedAt};

/// Instead of a place: ask the issuer.
const DISCOVER: &str = "discover";

impl Settings {
    pub(super) fn keys(&self, environment: Environment) -> Result<KeySource, SettingError> {
        let plain = match environment {
            Environment::Development => PlainHttp::OnLoopback,
            Environment::Production => PlainHttp::Never,
        };
        let at = match (self.jwks.as_deref(), environment) {
            (None, Environment::Production) => {
                let what = "is required in production: the platform's key set, as a file, an https:// URL or discover";
                return Err(refuse!("JWKS", "jwks", "{what}"));
            }
            (None, Environment::Development) => return Ok(KeySource::Development(self.development_key())),
            (Some(DISCOVER), _) => PublishedAt::Discovered(self.discovered(plain)?),
            (Some(url), _) if url.contains("://") => {
                PublishedAt::Url(KeyUrl::parse(url, plain).map_err(|why| refuse!("JWKS", "jwks", "{why}"))?)
            }
            (Some(file), _) => return Ok(KeySource::File(file.into())),
        };
        Ok(KeySource::Remote { at: Box::new(at), proxy: self.jwks_proxy()? })
    }

    fn discovered(&self, plain: PlainHttp) -> Result<IssuerUrl, SettingError> {
        let issuer = self.issuer.as_deref();
        let issuer =
            issuer.ok_or_else(|| refuse!("ISSUER", "issuer", "is required where the keys are to be discovered"))?;
        IssuerUrl::parse(issuer, plain)
            .map_err(|why| refuse!("ISSUER", "issuer", "{why}, where the keys are to be discovered"))
    }

    fn jwks_proxy(&self) -> Result<Option<ProxyUrl>, SettingError> {
        let proxy = self.jwks_proxy.as_deref().map(|url| {
            ProxyUrl::parse(url).ok_or_else(|| refuse!("JWKS_PROXY", "jwks-proxy", "must be http://HOST:PORT"))
        });
        proxy.transpose()
    }

    pub(super) fn grants_claim(&self) -> Result<GrantsClaim, SettingError> {
        GrantsClaim::parse(&self.grants_claim).map_err(|why| refuse!("GRANTS_CLAIM", "grants-claim", "{why}"))
    }
}
