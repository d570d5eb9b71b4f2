//! Where the facts about a scope come from. A provider is injected when the service is built.
//!
//! A platform that embeds this crate passes its own:
//!
//! ```
//! use serde_json::json;
//! use support_requests::{
//!     diagnostics::{Answer, BundleAnswer, DiagnosticsProvider, ProviderFailure, Question},
//!     domain::request::Subject,
//! };
//!
//! struct OurPlatform;
//!
//! #[async_trait::async_trait]
//! impl DiagnosticsProvider for OurPlatform {
//!     async fn answer(&self, about: &Question<'_>) -> Result<Answer, ProviderFailure> {
//!         let ("contoso", Subject::Tenant) = (about.scope.tenant.as_str(), &about.scope.subject) else {
//!             return Ok(Answer::Unknown);
//!         };
//!         let references = json!({"tenant": {"name": "Contoso"}}).into();
//!         if !about.include.bundle() {
//!             return Ok(Answer::Known { references, bundle: BundleAnswer::None });
//!         }
//!         let bundle = BundleAnswer::Known(json!({
//!             "schema_version": 1,
//!             "generated_at": "2026-01-31T09:00:00Z",
//!             "headline": "Synchronisation is behind",
//!         }).into());
//!         Ok(Answer::Known { references, bundle })
//!     }
//! }
//!
//! // Handed to the application as `Arc<dyn DiagnosticsProvider>`: see `support_requests::intake::Intake`.
//! let provider: std::sync::Arc<dyn DiagnosticsProvider> = std::sync::Arc::new(OurPlatform);
//! # drop(provider);
//! ```

mod circuit;
mod breaker;
pub mod demo;
pub mod file;
mod folder;
pub mod http;

mod said;
pub mod sql;

use std::sync::Arc;

use tokio::time::Instant;

use crate::{
    budget::Exhausted,
    domain::{
        ids::{RequestId, Traceparent},
        request::{CallerToken, Scope},
    },
};

pub use circuit::CircuitState;
pub use said::Said;

/// What is asked of a provider, and on whose behalf.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The tenant or run.
    pub scope: &'a Scope,
    /// What may be answered.
    pub include: Include,
    /// The caller's verified token, for a provider whose platform decides again.
    pub token: &'a CallerToken,
    /// Which request it is about, for a platform's log.
    pub request_id: &'a RequestId,
    /// Which trace it belongs to, where the caller said so.
    pub traceparent: Option<&'a Traceparent>,
    /// Until when an answer is of use. One that comes later is not waited for; so whoever has the references by then, and
    /// not the bundle, answers the ones without the other.
    pub until: Instant,
}

/// What may be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Include {
    /// The bundle must not be pulled: the caller may not view it, or declined it.
    References,
    /// The caller may view the bundle, and wants it.
    ReferencesAndBundle,
}

impl Include {
    /// Whether the bundle may be pulled.
    #[must_use]
    pub fn bundle(self) -> bool {
        self == Self::ReferencesAndBundle
    }
}

/// What a provider says about a scope.
#[derive(Debug)]
pub enum Answer {
    /// It exists.
    Known {
        /// Its identifying facts, in the shape of [`crate::domain::context::References`].
        references: Said,
        /// Its diagnostics. Not looked at where they were not asked for.
        bundle: BundleAnswer,
    },
    /// It exists, and what there is about it cannot be used: facts and bundle are lost, the request is not. The reason is
    /// for the log: nothing of the content, no secrets.
    Unusable(Arc<str>),
    /// It does not exist, or not where it was looked for.
    Unknown,
}

/// What diagnostics there are of a scope that exists.
#[derive(Debug)]
pub enum BundleAnswer {
    /// A bundle, in the shape of [`crate::domain::bundle`].
    Known(Said),
    /// There are some, and they cannot be used. The reason is for the log: nothing of the content, no secrets.
    Unusable(Arc<str>),
    /// Nobody knows: they could not be had, or not in time.
    Failed(ProviderFailure),
    /// None for this scope, or none was asked for.
    None,
}

impl BundleAnswer {
    /// The bundle, where there is one.
    #[must_use]
    pub fn known(&self) -> Option<&Said> {
        match self {
            Self::Known(said) => Some(said),
            Self::Unusable(_) | Self::Failed(_) | Self::None => None,
        }
    }
}

/// A provider could not answer. The message is for the log: no secrets, nothing of the caller's.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct ProviderFailure {
    message: &'static str,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl ProviderFailure {
    /// A failure that needs no further explanation.
    #[must_use]
    pub fn new(message: &'static str) -> Self {
        Self { message, source: None }
    }

    /// A failure with what caused it.
    #[must_use]
    pub fn because(message: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { message, source: Some(source.into()) }
    }

    /// Whether there was no memory for the answer: then it is not the provider that is at fault, and the caller is told
    /// to come again.
    #[must_use]
    pub fn is_for_memory(&self) -> bool {
        self.source.as_ref().is_some_and(|source| source.is::<Exhausted>())
    }
}

/// Answers a question about a scope. What it says is checked against the schemas before anything is believed.
///
/// It is given two seconds. No database connection of the store is held meanwhile. The future is dropped when its time is
/// up or its caller goes away; one that panics has failed.
#[async_trait::async_trait]
pub trait DiagnosticsProvider: Send + Sync + 'static {
    /// Does this tenant, or this run of this tenant, exist; what is it called; and, only where the question includes it,
    /// the diagnostic bundle. Where this fails, existence is unproven and nothing is stored; so it is where the references
    /// name another scope. References of a wrong shape still prove that the scope exists. Where only the bundle could not
    /// be had, the request is stored without it.
    async fn answer(&self, about: &Question<'_>) -> Result<Answer, ProviderFailure>;

    /// Whether it can be asked at all, as far as that can be found out without a scope and a caller: for `doctor`.
    ///
    /// # Errors
    /// It cannot be asked, and why. No secrets.
    async fn reach(&self) -> Result<(), ProviderFailure> {
        Ok(())
    }

    /// Where the answers about a scope come from, for the log lines that say what was wrong with them: a file, a view, an
    /// address. No secrets.
    fn origin(&self, _scope: &Scope) -> Option<String> {
        None
    }

    /// How its circuit breaker stands, where it has one.
    fn circuit(&self) -> Option<CircuitState> {
        None
    }
}
