//! THE use case: a submission in, a stored request out. Read [`Intake::submit`] from top to bottom.
//!
//! Deliberately absent: de-duplication (two calls are two requests), a status, anything that sends a message.

use std::{sync::Arc, time::Duration};

use tokio::time::timeout;

use crate::{
    budget::{Budget, Exhausted, weight},
    causes::Causes,
    clock::{Clock, Stamp},
    diagnostics::{BundleAnswer, DiagnosticsProvider, ProviderFailure, Question, ReferencesAnswer},
    domain::{
        allow_list::ShapeFault,
        bundle::Bundle,
        context::{Attachment, References},
        grants::Capability,
        request::{DiagnosticsWish, Draft, Submission},
    },
    integrity::{Sealed, seal},
    redact::{PointerTaken, PoolError, RedactionPool},
    store::{AppendError, Store},
};

/// How long a provider may take for either of its answers.
pub const PROVIDER_TIMEOUT: Duration = Duration::from_secs(2);

/// Everything that taking in a request needs.
pub struct Intake {
    provider: Arc<dyn DiagnosticsProvider>,
    redaction: RedactionPool,
    clock: Arc<dyn Clock>,
    store: Store,
    budget: Budget,
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
    ContextUnavailable(#[source] Option<Box<dyn std::error::Error + Send + Sync>>),
    /// There was no memory for it within the time that it may wait.
    #[error("as much is under way as may be")]
    Overloaded(#[from] Exhausted),
    /// There was no place to redact it, or the engine failed.
    #[error("the request could not be redacted")]
    NotRedacted(#[from] PoolError),
    /// The store did not take it.
    #[error("the request could not be stored")]
    NotStored(#[from] AppendError),
}

impl Intake {
    /// Puts the parts together.
    #[must_use]
    pub fn new(
        provider: Arc<dyn DiagnosticsProvider>,
        redaction: RedactionPool,
        clock: Arc<dyn Clock>,
        store: Store,
        budget: Budget,
    ) -> Self {
        Self { provider, redaction, clock, store, budget, provider_timeout: PROVIDER_TIMEOUT }
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
        let references = self.resolve(&submission).await?;
        let (attachment, bundle) = self.diagnose(&submission).await;
        let draft = draft(submission, references, attachment, bundle);
        let _memory = self.budget.reserve(need_of(&draft)).await?;
        let content = self.redaction.draft(draft).await?;
        let redactions = content.get().own_text.clone();
        let sealed = seal(content, &Stamp::of(&*self.clock));
        let receipt = Receipt::of(&sealed, attachment, redactions);
        self.store.append(sealed).await?;
        Ok(receipt)
    }

    /// Proves that the scope exists, or fails closed.
    async fn resolve(&self, submission: &Submission) -> Result<References, Refusal> {
        let question = Question { scope: &submission.scope, token: &submission.token };
        match timeout(self.provider_timeout, self.provider.references(&question)).await {
            Ok(Ok(ReferencesAnswer::Known(said))) => References::parse(&said, &submission.scope)
                .map_err(|fault: ShapeFault| Refusal::ContextUnavailable(Some(fault.into()))),
            Ok(Ok(ReferencesAnswer::Unknown)) => Err(Refusal::UnknownScope),
            Ok(Err(failure)) => Err(Refusal::ContextUnavailable(Some(failure.into()))),
            Err(elapsed) => Err(Refusal::ContextUnavailable(Some(elapsed.into()))),
        }
    }

    /// Pulls the bundle if the caller may see it and wants it. Whatever goes wrong here does not cost them the request.
    async fn diagnose(&self, submission: &Submission) -> (Attachment, Option<Bundle>) {
        if !submission.capabilities.allow(Capability::ViewDiagnostics) {
            return (Attachment::CapabilityMissing, None);
        }
        if submission.report.diagnostics == DiagnosticsWish::LeaveOut {
            return (Attachment::NotRequested, None);
        }
        let question = Question { scope: &submission.scope, token: &submission.token };
        match timeout(self.provider_timeout, self.provider.bundle(&question)).await {
            Ok(Ok(BundleAnswer::Known(said))) => match Bundle::parse(&said) {
                Ok(bundle) => (Attachment::Attached, Some(bundle)),
                Err(fault) => {
                    tracing::warn!(%fault, "the provider's diagnostic bundle was rejected");
                    (Attachment::DiagnosticsRejected, None)
                }
            },
            Ok(Ok(BundleAnswer::None)) => (Attachment::NoDiagnostics, None),
            Ok(Err(failure)) => unavailable(&failure),
            Err(_) => unavailable(&ProviderFailure::new("the provider took too long")),
        }
    }
}

fn unavailable(failure: &ProviderFailure) -> (Attachment, Option<Bundle>) {
    let error = Causes(failure);
    tracing::warn!(%error, "diagnostics are unavailable; the request is stored without them");
    (Attachment::DiagnosticsUnavailable, None)
}

/// What a draft takes until it is committed, in bytes: its values, what becomes of them while they are redacted, and
/// their text.
fn need_of(draft: &Draft) -> usize {
    /// Of a request with no more than a line in each field.
    const LEAST: usize = 8 * 1024;
    let bundle = draft.diagnostics.as_ref().map_or(0, |bundle| weight(bundle.json()));
    let notes = draft.submission.report.notes.as_ref().map_or(0, |notes| notes.as_str().len());
    LEAST + 2 * (bundle + weight(draft.references.json())) + 4 * notes
}

fn draft(submission: Submission, references: References, attachment: Attachment, diagnostics: Option<Bundle>) -> Draft {
    let dropped_keys = references.dropped_keys() + diagnostics.as_ref().map_or(0, Bundle::dropped_keys);
    Draft { submission, references, attachment, diagnostics, dropped_keys }
}
