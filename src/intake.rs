//! THE use case: a submission in, a stored request out. Read [`Intake::submit`] from top to bottom.
//!
//! Deliberately absent: de-duplication (two calls are two requests), a status, anything that sends a message.

use std::{error::Error, fmt::Display, sync::Arc, time::Duration};

use tokio::time::{Instant, timeout_at};

use crate::{
    budget::{Budget, Exhausted, Reservation, TREES, weight},
    causes::Causes,
    clock::{Clock, Stamp},
    diagnostics::{BundleAnswer, DiagnosticsProvider, ProviderFailure, Question, ReferencesAnswer, Said},
    domain::{
        allow_list::{Misfit, ShapeFault},
        bundle::Bundle,
        context::{Attachment, References},
        grants::Capability,
        request::{DiagnosticsWish, Draft, Scope, Submission},
    },
    integrity::{Sealed, seal},
    redact::{PointerTaken, PoolError, RedactionPool},
    store::{AppendError, Store},
};

/// How long a provider may take, for both of its answers together.
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
        Self { provider, redaction, clock, store, budget, provider_timeout: PROVIDER_TIMEOUT }
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
        let until = Instant::now() + self.provider_timeout;
        let scope = self.resolve(&submission, until).await?;
        let Diagnosis { attachment, bundle, memory: _memory_of_bundle } =
            self.diagnose(&submission, &scope, until).await?;
        let references = scope.into_references(&submission);
        let content =
            self.redaction.draft(draft(submission, references, attachment, bundle), began + BEGIN_TIMEOUT).await?;
        let redactions = content.get().own_text.clone();
        let sealed = seal(content, &Stamp::of(&*self.clock));
        let receipt = Receipt::of(&sealed, attachment, redactions);
        self.store.append(sealed).await?;
        Ok(receipt)
    }

    /// Proves that the scope exists, or fails closed.
    async fn resolve(&self, submission: &Submission, until: Instant) -> Result<Proven, Refusal> {
        let scope = &submission.scope;
        let question = Question { scope, token: &submission.token };
        match timeout_at(until, self.provider.references(&question)).await {
            Ok(Ok(ReferencesAnswer::Known(said))) => match References::parse(&said, scope) {
                Ok(references) => Ok(Proven::WithFacts(references)),
                Err(Misfit { fault: fault @ ShapeFault::AnotherScope, .. }) => Err(self.unproven(scope, fault)),
                Err(misfit) => Ok(self.ids_only(scope, &misfit)),
            },
            Ok(Ok(ReferencesAnswer::Unusable(reason))) => Ok(self.ids_only(scope, &reason)),
            Ok(Ok(ReferencesAnswer::Unknown)) => Err(Refusal::UnknownScope),
            Ok(Err(failure)) if failure.is_for_memory() => Err(Exhausted.into()),
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

    /// Pulls the bundle if the caller may see it and wants it. Whatever goes wrong with it does not cost them the request;
    /// only where there is no memory for it are they told to come again.
    async fn diagnose(&self, submission: &Submission, proven: &Proven, until: Instant) -> Result<Diagnosis, Exhausted> {
        if !submission.capabilities.allow(Capability::ViewDiagnostics) {
            return Ok(Attachment::CapabilityMissing.into());
        }
        if submission.report.diagnostics == DiagnosticsWish::LeaveOut {
            return Ok(Attachment::NotRequested.into());
        }
        if matches!(proven, Proven::IdsOnly) {
            return Ok(Attachment::DiagnosticsRejected.into());
        }
        let scope = &submission.scope;
        let question = Question { scope, token: &submission.token };
        Ok(match timeout_at(until, self.provider.bundle(&question)).await {
            Ok(Ok(BundleAnswer::Known(said))) => return self.attach(scope, &said).await,
            Ok(Ok(BundleAnswer::Unusable(reason))) => self.rejected(scope, &reason),
            Ok(Ok(BundleAnswer::None)) => Attachment::NoDiagnostics.into(),
            Ok(Err(failure)) if failure.is_for_memory() => return Err(Exhausted),
            Ok(Err(failure)) => self.unavailable(scope, &failure),
            Err(_) => self.unavailable(scope, &ProviderFailure::new("the provider took too long")),
        })
    }

    async fn attach(&self, scope: &Scope, said: &Said) -> Result<Diagnosis, Exhausted> {
        let memory = match said.memory() {
            Some(memory) => Arc::clone(memory),
            None => Arc::new(self.budget.reserve(TREES * weight(said)).await?),
        };
        Ok(match Bundle::parse(said) {
            Ok(bundle) => Diagnosis { attachment: Attachment::Attached, bundle: Some(bundle), memory: Some(memory) },
            Err(misfit) => self.rejected(scope, &misfit),
        })
    }

    fn rejected(&self, scope: &Scope, fault: &dyn Display) -> Diagnosis {
        let origin = self.provider.origin(scope);
        tracing::warn!(origin, %fault, "the provider's diagnostic bundle was rejected; the request is stored without it");
        Attachment::DiagnosticsRejected.into()
    }

    fn unavailable(&self, scope: &Scope, failure: &ProviderFailure) -> Diagnosis {
        let (origin, error) = (self.provider.origin(scope), Causes(failure));
        tracing::warn!(origin, %error, "diagnostics are unavailable; the request is stored without them");
        Attachment::DiagnosticsUnavailable.into()
    }
}

/// What became of the wish for diagnostics.
struct Diagnosis {
    attachment: Attachment,
    /// Exactly where `attachment` says so.
    bundle: Option<Bundle>,
    /// What is reserved for the bundle until it is committed.
    memory: Option<Arc<Reservation>>,
}

impl From<Attachment> for Diagnosis {
    /// Without a bundle.
    fn from(attachment: Attachment) -> Self {
        Self { attachment, bundle: None, memory: None }
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

/// What a request takes beside its bundle until it is committed, in bytes.
fn own_need(submission: &Submission) -> usize {
    /// Of a request with no more than a line in each field.
    const LEAST: usize = 8 * 1024;
    /// As sent, while it is redacted, as it was redacted, and on its way to the database.
    const COPIES: usize = 4;
    LEAST + COPIES * submission.report.notes.as_ref().map_or(0, |notes| notes.as_str().len())
}

fn draft(submission: Submission, references: References, attachment: Attachment, diagnostics: Option<Bundle>) -> Draft {
    let dropped_keys = references.dropped_keys() + diagnostics.as_ref().map_or(0, Bundle::dropped_keys);
    Draft { submission, references, attachment, diagnostics, dropped_keys }
}
