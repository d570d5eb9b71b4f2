//! THE use case: a submission in, a stored request out. Read [`Intake::submit`] from top to bottom.
//!
//! Deliberately absent: de-duplication (two calls are two requests), a status, anything that sends a message.

use std::{error::Error, fmt::Display, sync::Arc, time::Duration};

use tokio::time::timeout;

use crate::{
    causes::Causes,
    clock::{Clock, Stamp},
    diagnostics::{BundleAnswer, DiagnosticsProvider, ProviderFailure, Question, ReferencesAnswer},
    domain::{
        allow_list::{Misfit, ShapeFault},
        bundle::Bundle,
        context::{Attachment, References},
        grants::Capability,
        request::{DiagnosticsWish, Draft, Scope, Submission},
    },
    integrity::{Sealed, seal},
    redact::{PointerTaken, Redactor},
    store::{AppendError, Store},
};

/// How long a provider may take for either of its answers.
pub const PROVIDER_TIMEOUT: Duration = Duration::from_secs(2);

/// Everything that taking in a request needs.
pub struct Intake {
    provider: Arc<dyn DiagnosticsProvider>,
    redactor: Arc<Redactor>,
    clock: Arc<dyn Clock>,
    store: Store,
    provider_timeout: Duration,
}

/// What the caller is told about a stored request.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// `SR-<ULID>`.
    pub reference: String,
    /// The reference's own time.
    pub created_at: String,
    /// How bad it is.
    pub severity: String,
    /// `tenant` or `operation_run`.
    pub primary_context_type: String,
    /// The tenant's or the run's id.
    pub primary_context_id: String,
    /// Whether diagnostics are attached, and why.
    pub attachment: Attachment,
    /// What was taken out of the caller's own text.
    pub redactions: Vec<PointerTaken>,
    /// The stored record's digest.
    pub record_digest: String,
}

impl Receipt {
    fn of(sealed: &Sealed, attachment: Attachment, redactions: Vec<PointerTaken>) -> Self {
        let row = sealed.row();
        Self {
            reference: row.record.reference.clone(),
            created_at: row.record.created_at.clone(),
            severity: row.record.severity.clone(),
            primary_context_type: row.record.primary_context_type.clone(),
            primary_context_id: row.record.primary_context_id.clone(),
            attachment,
            redactions,
            record_digest: row.record_digest.clone(),
        }
    }
}

/// Why nothing was stored (but for `AppendError::OutcomeUnknown`, where nobody knows).
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The scope does not exist.
    #[error("the scope does not exist")]
    UnknownScope,
    /// Whether the scope exists could not be found out in time.
    #[error("the provider could not say whether the scope exists")]
    ContextUnavailable(#[source] Box<dyn Error + Send + Sync>),
    /// The store did not take it.
    #[error("the request could not be stored")]
    NotStored(#[from] AppendError),
}

impl Intake {
    /// Puts the parts together.
    #[must_use]
    pub fn new(
        provider: Arc<dyn DiagnosticsProvider>,
        redactor: Arc<Redactor>,
        clock: Arc<dyn Clock>,
        store: Store,
    ) -> Self {
        Self { provider, redactor, clock, store, provider_timeout: PROVIDER_TIMEOUT }
    }

    /// Gives the provider another time limit than [`PROVIDER_TIMEOUT`].
    #[must_use]
    pub fn with_provider_timeout(mut self, timeout: Duration) -> Self {
        self.provider_timeout = timeout;
        self
    }

    /// Where requests are stored.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Takes a request in. When this returns a receipt, the request and its audit record are committed and durable.
    ///
    /// # Errors
    /// See [`Refusal`]. A caller who drops this future changes nothing about a write that has begun.
    pub async fn submit(&self, submission: Submission) -> Result<Receipt, Refusal> {
        let scope = self.resolve(&submission).await?;
        let (attachment, bundle) = self.diagnose(&submission, &scope).await;
        let references = scope.into_references(&submission);
        let content = self.redactor.draft(draft(submission, references, attachment, bundle));
        let redactions = content.get().own_text.clone();
        let sealed = seal(content, &Stamp::of(&*self.clock));
        let receipt = Receipt::of(&sealed, attachment, redactions);
        self.store.append(sealed).await?;
        Ok(receipt)
    }

    /// Proves that the scope exists, or fails closed.
    async fn resolve(&self, submission: &Submission) -> Result<Proven, Refusal> {
        let scope = &submission.scope;
        let question = Question { scope, token: &submission.token };
        match timeout(self.provider_timeout, self.provider.references(&question)).await {
            Ok(Ok(ReferencesAnswer::Known(said))) => match References::parse(&said, scope) {
                Ok(references) => Ok(Proven::WithFacts(references)),
                Err(Misfit { fault: fault @ ShapeFault::AnotherScope, .. }) => Err(self.unproven(scope, fault)),
                Err(misfit) => Ok(self.ids_only(scope, &misfit)),
            },
            Ok(Ok(ReferencesAnswer::Unusable(reason))) => Ok(self.ids_only(scope, &reason)),
            Ok(Ok(ReferencesAnswer::Unknown)) => Err(Refusal::UnknownScope),
            Ok(Err(failure)) => Err(self.unproven(scope, failure)),
            Err(elapsed) => Err(self.unproven(scope, elapsed)),
        }
    }

    fn unproven(&self, scope: &Scope, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Refusal {
        let cause = cause.into();
        Refusal::ContextUnavailable(match self.provider.origin(scope) {
            Some(origin) => Box::new(Located { origin, cause }),
            None => cause,
        })
    }

    fn ids_only(&self, scope: &Scope, fault: &dyn Display) -> Proven {
        let origin = self.provider.origin(scope);
        tracing::warn!(origin, %fault, "what the provider says about a scope cannot be used; the request is stored without it");
        Proven::IdsOnly
    }

    /// Pulls the bundle if the caller may see it and wants it. Whatever goes wrong here does not cost them the request.
    async fn diagnose(&self, submission: &Submission, proven: &Proven) -> (Attachment, Option<Bundle>) {
        if !submission.capabilities.allow(Capability::ViewDiagnostics) {
            return (Attachment::CapabilityMissing, None);
        }
        if submission.report.diagnostics == DiagnosticsWish::LeaveOut {
            return (Attachment::NotRequested, None);
        }
        if matches!(proven, Proven::IdsOnly) {
            return (Attachment::DiagnosticsRejected, None);
        }
        let scope = &submission.scope;
        let question = Question { scope, token: &submission.token };
        match timeout(self.provider_timeout, self.provider.bundle(&question)).await {
            Ok(Ok(BundleAnswer::Known(said))) => match Bundle::parse(&said) {
                Ok(bundle) => (Attachment::Attached, Some(bundle)),
                Err(misfit) => self.rejected(scope, &misfit),
            },
            Ok(Ok(BundleAnswer::Unusable(reason))) => self.rejected(scope, &reason),
            Ok(Ok(BundleAnswer::None)) => (Attachment::NoDiagnostics, None),
            Ok(Err(failure)) => self.unavailable(scope, &failure),
            Err(_) => self.unavailable(scope, &ProviderFailure::new("the provider took too long")),
        }
    }

    fn rejected(&self, scope: &Scope, fault: &dyn Display) -> (Attachment, Option<Bundle>) {
        let origin = self.provider.origin(scope);
        tracing::warn!(origin, %fault, "the provider's diagnostic bundle was rejected; the request is stored without it");
        (Attachment::DiagnosticsRejected, None)
    }

    fn unavailable(&self, scope: &Scope, failure: &ProviderFailure) -> (Attachment, Option<Bundle>) {
        let (origin, error) = (self.provider.origin(scope), Causes(failure));
        tracing::warn!(origin, %error, "diagnostics are unavailable; the request is stored without them");
        (Attachment::DiagnosticsUnavailable, None)
    }
}

/// A scope that exists.
enum Proven {
    /// What the provider says about it fits.
    WithFacts(References),
    /// Nothing that the provider has about it can be used.
    IdsOnly,
}

impl Proven {
    fn into_references(self, submission: &Submission) -> References {
        match self {
            Self::WithFacts(references) => references,
            Self::IdsOnly => References::of_ids(&submission.scope),
        }
    }
}

/// A failure, and where it came from.
#[derive(Debug, thiserror::Error)]
#[error("{origin}")]
struct Located {
    origin: String,
    #[source]
    cause: Box<dyn Error + Send + Sync>,
}

fn draft(submission: Submission, references: References, attachment: Attachment, diagnostics: Option<Bundle>) -> Draft {
    let dropped_keys = references.dropped_keys() + diagnostics.as_ref().map_or(0, Bundle::dropped_keys);
    Draft { submission, references, attachment, diagnostics, dropped_keys }
}
