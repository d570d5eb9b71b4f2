//! What may be wrong with a platform's answer: kinds and statuses, never what it said.

use std::{error::Error, io};

use rustls::CertificateError;

/// Why there is no answer that can be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("it failed several times in a row: it is left alone for a few seconds")]
    CircuitOpen,
    #[error("as many calls to it are under way as may be")]
    Busy,
    #[error("it took too long")]
    Late,
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    #[error("no TLS connection can be made: {0}")]
    Tls(&'static str),
    #[error("the connection broke, or what came is not HTTP")]
    Broken,
    #[error("it answered with status {0}")]
    Status(u16),
    #[error("its answer is not application/json")]
    NotJson,
    #[error("its answer is compressed, which it was asked not to do")]
    Compressed,
    #[error("its answer is larger than 512 KiB")]
    TooLarge,
    #[error("{0}")]
    Unreadable(String),
    #[error("it has no \"references\", or they are no object")]
    NoReferences,
}

impl Fault {
    /// What kind of failure it is that the client tells. Its words are not passed on: they hold names and addresses.
    pub(super) fn of(error: &reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::Late;
        }
        let mut next: Option<&(dyn Error + 'static)> = Some(error);
        let mut reached = None;
        while let Some(cause) = next {
            if let Some(error) = cause.downcast_ref::<rustls::Error>() {
                return Self::Tls(tls(error));
            }
            if cause.to_string() == "dns error" {
                return Self::Unreachable("its name is not known".to_owned());
            }
            next = match cause.downcast_ref::<io::Error>() {
                Some(error) => {
                    reached = Some(Self::Unreachable(error.kind().to_string()));
                    // It hands out what it is made of by another name, and only that one's cause as its own.
                    error.get_ref().map(|inner| inner as &(dyn Error + 'static)).or(error.source())
                }
                None => cause.source(),
            };
        }
        reached.filter(|_| error.is_connect()).unwrap_or(Self::Broken)
    }

    /// Whether it says something about the platform as a whole. A token that is refused, or one scope of which something
    /// wrong is said, must not keep everybody else from asking.
    pub(super) fn is_of_the_platform(&self) -> bool {
        match self {
            Self::Late | Self::Unreachable(_) | Self::Tls(_) | Self::Broken | Self::NotJson => true,
            Self::Status(status) => matches!(status, 300..=399 | 408 | 429 | 500..),
            Self::CircuitOpen
            | Self::Busy
            | Self::Compressed
            | Self::TooLarge
            | Self::Unreadable(_)
            | Self::NoReferences => false,
        }
    }
}

fn tls(error: &rustls::Error) -> &'static str {
    let rustls::Error::InvalidCertificate(fault) = error else {
        return match error {
            rustls::Error::AlertReceived(_) => "it refuses (perhaps it wants a client certificate, or another one)",
            _ => "what came is not TLS, or not a version of it that is taken",
        };
    };
    match fault {
        CertificateError::UnknownIssuer => "its certificate is from an authority that is not trusted",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is for another name"
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "its certificate has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "its certificate is not valid yet"
        }
        _ => "its certificate is not valid",
    }
}
