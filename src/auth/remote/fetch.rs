//! One answer of an issuer, bounded in time and size.

use std::error::Error;
use std::time::Duration;

use reqwest::header::ACCEPT;
use reqwest::{Client, Proxy, Response, redirect};

use super::PublishedAt;
use super::address::{IssuerUrl, KeyUrl, NotAKeyUrl, ProxyUrl};
use super::discovery;
use super::lifetime::Lifetime;
use crate::auth::key_set::KeySetError;
use crate::text_file::{self, NotText};

/// Both are JSON; some servers go by the name.
const ACCEPTED: &str = "application/jwk-set+json, application/json";

/// Why there are no new keys. Holds nothing of what was answered.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// No root certificates, most likely.
    #[error("no connection can be prepared: are there root certificates (SSL_CERT_FILE, SSL_CERT_DIR)?")]
    Client(#[source] reqwest::Error),
    /// No name, no route, no TLS, or what came was no HTTP.
    #[error("no answer came")]
    NoAnswer(#[source] reqwest::Error),
    /// It took too long, all in all.
    #[error("it took too long")]
    Timeout,
    /// It stopped in the middle.
    #[error("the answer broke off")]
    BrokenOff(#[source] reqwest::Error),
    /// It leads elsewhere.
    #[error("the answer is a redirect ({0}), which is not followed: set the address that it leads to")]
    Redirect(u16),
    /// It is not 200.
    #[error("the answer has the status {0}")]
    Status(u16),
    /// More than may be read.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// Not UTF-8.
    #[error("the answer is no text: {0}")]
    NotText(NotText),
    /// No metadata.
    #[error("the issuer's metadata are not a JSON object with an issuer and a jwks_uri")]
    NotMetadata,
    /// Those of somebody else.
    #[error("the metadata are another issuer's: what they name must be the issuer setting, to the last slash")]
    OtherIssuer,
    /// What they name as the address of the keys.
    #[error("the jwks_uri of the metadata {0}")]
    KeyAddress(NotAKeyUrl),
    /// No key set, or one that must not be used.
    #[error("the key set is refused: {0}")]
    Refused(#[from] KeySetError),
    /// The task that reads it ended.
    #[error("the service failed to read it")]
    Failed,
}

impl FetchError {
    /// Its name in the log.
    #[must_use]
    pub fn cause(&self) -> &'static str {
        match self {
            Self::Client(_) => "client",
            Self::NoAnswer(error) if is_tls(error) => "tls",
            Self::NoAnswer(error) if error.is_connect() => "connect",
            Self::NoAnswer(_) => "no_answer",
            Self::Timeout => "timeout",
            Self::BrokenOff(_) => "broken_off",
            Self::Redirect(_) => "redirect",
            Self::Status(_) => "status",
            Self::TooLarge(_) => "too_large",
            Self::NotText(_) => "not_text",
            Self::NotMetadata => "not_metadata",
            Self::OtherIssuer => "other_issuer",
            Self::KeyAddress(_) => "key_address",
            Self::Refused(_) => "refused",
            Self::Failed => "failed",
        }
    }
}

/// What rustls says comes inside an I/O error, which may be inside another.
fn is_tls(error: &reqwest::Error) -> bool {
    let mut next = error.source();
    while let Some(cause) = next {
        let mut inside = cause;
        while let Some(inner) = inside.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            inside = inner;
        }
        if inside.is::<rustls::Error>() {
            return true;
        }
        next = cause.source();
    }
    false
}

/// A key set as it came.
pub(super) struct Published {
    pub(super) text: String,
    pub(super) lifetime: Lifetime,
}

/// Fetches, within `timeout` for everything and `body_max` bytes an answer.
pub(super) async fn fetch(
    at: &PublishedAt,
    proxy: Option<&ProxyUrl>,
    timeout: Duration,
    body_max: usize,
) -> Result<Published, FetchError> {
    let all = async {
        let http = Http { client: client(proxy.cloned()).await?, body_max };
        match at {
            PublishedAt::Url(url) => http.get(url).await,
            PublishedAt::Discovered(issuer) => http.get(&http.discover(issuer).await?).await,
        }
    };
    tokio::time::timeout(timeout, all).await.unwrap_or(Err(FetchError::Timeout))
}

/// Whether there are root certificates to trust: what every fetch begins with.
///
/// # Errors
/// There are none.
pub async fn look_at_tls_roots() -> Result<(), FetchError> {
    client(None).await.map(drop)
}

/// A client each time: certificates and addresses are read anew, and no connection is kept open for an hour. Reads from disk.
async fn client(proxy: Option<ProxyUrl>) -> Result<Client, FetchError> {
    let built = tokio::task::spawn_blocking(move || {
        let builder = Client::builder()
            .redirect(redirect::Policy::none())
            // Not those of the environment, which were set for somebody else: whoever sits between sees no token, but
            // could keep keys from coming.
            .no_proxy()
            .user_agent(concat!("support-requests/", env!("CARGO_PKG_VERSION")));
        match proxy {
            Some(proxy) => builder.proxy(Proxy::all(proxy.url())?).build(),
            None => builder.build(),
        }
    });
    built.await.map_err(|_| FetchError::Failed)?.map_err(|error| FetchError::Client(error.without_url()))
}

struct Http {
    client: Client,
    body_max: usize,
}

impl Http {
    async fn get(&self, url: &KeyUrl) -> Result<Published, FetchError> {
        let request = self.client.get(url.url()).header(ACCEPT, ACCEPTED);
        let answer = request.send().await.map_err(|error| FetchError::NoAnswer(error.without_url()))?;
        let status = answer.status();
        if status.is_redirection() {
            return Err(FetchError::Redirect(status.as_u16()));
        }
        if status.as_u16() != 200 {
            return Err(FetchError::Status(status.as_u16()));
        }
        let lifetime = Lifetime::of(answer.headers());
        let body = self.body(answer).await?;
        let text = text_file::read(&body).map_err(FetchError::NotText)?.to_owned();
        Ok(Published { text, lifetime })
    }

    async fn body(&self, mut answer: Response) -> Result<Vec<u8>, FetchError> {
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(|error| FetchError::BrokenOff(error.without_url()))? {
            if body.len() + part.len() > self.body_max {
                return Err(FetchError::TooLarge(self.body_max));
            }
            body.extend_from_slice(&part);
        }
        Ok(body)
    }

    /// Where the issuer says that its keys are. Asked each time, because it may say otherwise tomorrow. Servers that know
    /// OAuth and not `OpenID` have the document at the other place only.
    async fn discover(&self, issuer: &IssuerUrl) -> Result<KeyUrl, FetchError> {
        let [openid, oauth] = issuer.well_known();
        let metadata = match self.get(openid).await {
            Err(FetchError::Status(404)) => self.get(oauth).await,
            answered => answered,
        };
        discovery::key_address(&metadata?.text, issuer)
    }
}
