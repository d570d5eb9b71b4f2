//! Where the facts about a scope come from. A provider is injected when the service is built.
//!
//! A platform that embeds this crate passes its own:
//!
//! ```
//! use serde_json::json;
//! use support_requests::{
//!     diagnostics::{BundleAnswer, DiagnosticsProvider, ProviderFailure, Question, ReferencesAnswer},
//!     domain::request::Subject,
//! };
//!
//! struct OurPlatform;
//!
//! #[async_trait::async_trait]
//! impl DiagnosticsProvider for OurPlatform {
//!     async fn references(&self, about: &Question<'_>) -> Result<ReferencesAnswer, ProviderFailure> {
//!         Ok(match (about.scope.tenant.as_str(), &about.scope.subject) {
//!             ("contoso", Subject::Tenant) => ReferencesAnswer::Known(json!({"tenant": {"name": "Contoso"}}).into()),
//!             _ => ReferencesAnswer::Unknown,
//!         })
//!     }
//!
//!     async fn bundle(&self, _about: &Question<'_>) -> Result<BundleAnswer, ProviderFailure> {
//!         Ok(BundleAnswer::Known(json!({
//!             "schema_version": 1,
//!             "generated_at": "2026-01-31T09:00:00Z",
//!             "headline": "Synchronisation is behind",
//!         }).into()))
//!     }
//! }
//!
//! // Handed to the application as `Arc<dyn DiagnosticsProvider>`: see `support_requests::intake::Intake`.
//! let provider: std::sync::Arc<dyn DiagnosticsProvider> = std::sync::Arc::new(OurPlatform);
//! # drop(provider);
//! ```

pub mod demo;
pub mod file;
mod folder;

mod said;

use std::sync::Arc;

use crate::{
    budget::Exhausted,
    domain::request::{CallerToken, Scope},
};

pub use said::Said;

/// What is asked of a provider, and on whose behalf.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The tenant or run.
    pub scope: &'a Scope,
    /// The caller's verified token, for a provider whose platform decides again.
    pub token: &'a CallerToken,
}

/// Whether a scope exists.
#[derive(Debug, Clone, PartialEq)]
pub enum ReferencesAnswer {
    /// It does; its identifying facts, in the shape of [`crate::domain::context::References`].
    Known(Said),
    /// It does, and what there is about it cannot be used: facts and bundle are lost, the request is not. The reason is
    /// for the log: nothing of the content, no secrets.
    Unusable(Arc<str>),
    /// It does not, or not where it was looked for.
    Unknown,
}

/// What diagnostics there are.
#[derive(Debug, Clone, PartialEq)]
pub enum BundleAnswer {
    /// A bundle, in the shape of [`crate::domain::bundle`].
    Known(Said),
    /// There are some, and they cannot be used. The reason is for the log: nothing of the content, no secrets.
    Unusable(Arc<str>),
    /// None for this scope.
    None,
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

/// Answers two questions about a scope. What it says is checked against the schemas before anything is believed.
///
/// Both methods together are given two seconds; a provider need not keep time itself. No database connection is held meanwhile.
/// The future is dropped when its time is up or its caller goes away.
#[async_trait::async_trait]
pub trait DiagnosticsProvider: Send + Sync + 'static {
    /// Does this tenant, or this run of this tenant, exist? Where this fails, existence is unproven and nothing is stored;
    /// so it is where the answer names another scope. An answer of a wrong shape still proves that the scope exists.
    async fn references(&self, about: &Question<'_>) -> Result<ReferencesAnswer, ProviderFailure>;

    /// The diagnostic bundle. Asked only on behalf of callers who may view it, and want it, and after `references` said
    /// that the scope exists, and in a form that can be used. Where this fails, the request is stored without it.
    async fn bundle(&self, about: &Question<'_>) -> Result<BundleAnswer, ProviderFailure>;

    /// Where the answers about a scope come from, for the log lines that say what was wrong with them: a file, a view, an
    /// address. No secrets.
    fn origin(&self, _scope: &Scope) -> Option<String> {
        None
    }
}
