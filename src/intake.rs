//! THE use case: a submission in, a stored request out. Read [`Intake::submit`] from top to bottom.
//!
//! Deliberately absent: de-duplication (two calls are two requests), a status, anything that sends a message.

mod context; // what the provider says about a scope
mod metrics; // what is counted and measured

use std::{error::Error, sync::Arc, time::Duration};

use redaction::PointerTaken;
use tokio::time::Instant;
use tracing::Instrument as _;

use self::{
    context::{Diagnosis, Resolved, Source, draft},
    metrics::IntakeMetrics,
};
use crate::{
    budget::{Budget, Exhausted},
    clock::{Clock, Stamp},
    diagnostics::DiagnosticsProvider,
    domain::{
        context::Attachment,
        request::{Draft, Submission},
    },
    integrity::{Sealed, seal},
    redaction::{Content, PoolError, Redacted, RedactionPool},
    store::{AppendError, Store},
    trace::Stage,
};

/// How long a provider may take to answer.
pub const PROVIDER_TIMEOUT: Duration = Duration::from_secs(2);

/// How long after it came in a request may still begin to be redacted: what is left of the ten seconds of an answer is the
/// redaction's (1 s) and the store's (5 s).
const BEGIN_TIMEOUT: Duration = Duration::from_millis(3_500);

/// Everything that taking in a request needs.
pub struct Intake {
    provider: Arc<dyn DiagnosticsProvider>,
    redaction: RedactionPool,
    clock: Arc<dyn Clock>,
    store: Store,
    budget: Budget,
    provider_timeout: Duration,
    metrics: IntakeMetrics,
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
        let record = sealed.record();
        Self {
            reference: record.reference.clone(),
            created_at: record.created_at.clone(),
            severity: record.severity.clone(),
            primary_context_type: record.primary_context_type.clone(),
            primary_context_id: record.primary_context_id.clone(),
            attachment,
            redactions,
            record_digest: record.record_digest.clone(),
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
        let metrics = IntakeMetrics::of(redaction.rules());
        Self { provider, redaction, clock, store, budget, provider_timeout: PROVIDER_TIMEOUT, metrics }
    }

    /// Gives the provider another time limit than [`PROVIDER_TIMEOUT`].
    #[must_use]
    pub fn with_provider_timeout(mut self, timeout: Duration) -> Self {
        self.provider_timeout = timeout;
        self
    }

    /// The memory that requests may take, their bodies included.
    #[must_use]
    pub fn budget(&self) -> &Budget {
        &self.budget
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
        let began = Instant::now();
        // Its own part first: whoever holds memory for a bundle never waits for more.
        let _memory = self.budget.reserve(own_need(&submission)).await?;
        let answer = self.prove(&submission).await?;
        let Resolved { references, diagnosis } = self.resolve(&submission, &answer).await?;
        let Diagnosis { attachment, bundle, memory: _memory_of_bundle } = diagnosis;
        let draft = draft(&submission, references, attachment, bundle);
        let source = || Source::of(&submission, &answer, attachment);
        let redaction = self.redact(draft, source, began + BEGIN_TIMEOUT);
        let content = redaction.instrument(Stage::Redaction.span()).await?;
        let redactions = content.get().own_text.clone();
        let sealed = seal(content, &Stamp::of(&*self.clock));
        let receipt = Receipt::of(&sealed, attachment, redactions);
        self.store.append(sealed).instrument(Stage::Store.span()).await?;
        self.metrics.stored(attachment);
        Ok(receipt)
    }

    async fn redact(
        &self,
        draft: Draft<'_>,
        source: impl FnOnce() -> Source,
        begin_by: Instant,
    ) -> Result<Redacted<Content>, PoolError> {
        let began = Instant::now();
        let content = self.redaction.draft(draft, source, begin_by).await?;
        self.metrics.redacted(content.get(), began.elapsed());
        Ok(content)
    }
}

/// What a request takes beside its bundle until it is committed, in bytes.
fn own_need(submission: &Submission) -> usize {
    /// Of a request with no more than a line in each field.
    const LEAST: usize = 8 * 1024;
    /// As sent, while it is redacted, as it was redacted, and on its way to the database.
    const COPIES: usize = 4;
    LEAST + COPIES * submission.report.notes.as_ref().map_or(0, |notes| notes.as_str().len())
}
