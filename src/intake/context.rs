//! What the provider says about a scope: whether it exists, its references, its bundle. Fails closed about the first; what
//! is wrong with the others does not cost the caller their request.

use std::{error::Error, fmt::Display, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt as _;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument as _;

use super::{Intake, Refusal, metrics::Outcome};
use crate::{
    budget::{Exhausted, Reservation, TREES, weight},
    causes::Causes,
    diagnostics::{Answer, BundleAnswer, Include, ProviderFailure, Question, Said},
    domain::{
        allow_list::{Misfit, ShapeFault},
        bundle::Bundle,
        context::{Attachment, References},
        grants::Capability,
        request::{DiagnosticsWish, Scope, Submission},
    },
    trace::{self, Stage},
};

/// How much earlier a provider is to answer with what it has by then.
const ANSWER_MARGIN: Duration = Duration::from_millis(50);

impl Intake {
    /// Asks the provider: proves that the scope exists, or fails closed.
    pub(super) async fn resolve(&self, submission: &Submission) -> Result<Resolved, Refusal> {
        let scope = &submission.scope;
        let wish = Wish::of(submission);
        let (said, bundle) = match self.ask(submission, wish).instrument(Stage::Provider.span()).await {
            Ok(Answer::Known { references, bundle }) => (references, bundle),
            Ok(Answer::Unusable(reason)) => return Ok(self.ids_only(scope, &reason, wish)),
            Ok(Answer::Unknown) => return Err(Refusal::UnknownScope),
            Err(failure) if failure.is_for_memory() => return Err(Exhausted.into()),
            Err(failure) => return Err(self.unproven(scope, failure)),
        };
        let references = match References::parse(&said, scope) {
            Ok(references) => references,
            Err(Misfit { fault: fault @ ShapeFault::AnotherScope, .. }) => return Err(self.unproven(scope, fault)),
            Err(misfit) => return Ok(self.ids_only(scope, &misfit, wish)),
        };
        let mut sources = Sources { references: Some(said), bundle: None };
        let diagnosis = match wish {
            Wish::Bundle => {
                sources.bundle = bundle.known().cloned();
                self.diagnose(scope, bundle).await?
            }
            Wish::None(why) => why.into(),
        };
        Ok(Resolved { references, diagnosis, sources })
    }

    /// One question. A provider that panics has failed like any other, and costs this request's question only.
    async fn ask(&self, submission: &Submission, wish: Wish) -> Result<Answer, ProviderFailure> {
        let (began, traceparent) = (Instant::now(), trace::outgoing(submission.traceparent.as_ref()));
        let until = began + self.provider_timeout;
        let question = Question {
            scope: &submission.scope,
            include: wish.include(),
            token: &submission.token,
            request_id: &submission.request_id,
            traceparent: traceparent.as_ref(),
            until: until.checked_sub(ANSWER_MARGIN).unwrap_or(until),
        };
        let answer = AssertUnwindSafe(self.provider.answer(&question)).catch_unwind();
        let (outcome, answer) = match timeout_at(until, answer).await {
            Ok(Ok(answer)) => (Outcome::of(&answer), answer),
            Ok(Err(_)) => (Outcome::Panicked, Err(ProviderFailure::new("the provider panicked"))),
            Err(_) => (Outcome::TimedOut, Err(ProviderFailure::new("the provider took too long"))),
        };
        self.metrics.asked(outcome, began.elapsed());
        answer
    }

    fn unproven(&self, scope: &Scope, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Refusal {
        let cause = cause.into();
        Refusal::ContextUnavailable(match self.provider.origin(scope) {
            Some(origin) => Box::new(Located { origin, cause }),
            None => cause,
        })
    }

    fn ids_only(&self, scope: &Scope, fault: &dyn Display, wish: Wish) -> Resolved {
        let origin = self.provider.origin(scope);
        tracing::warn!(origin, %fault, "what the provider says about a scope cannot be used; the request is stored without it");
        let attachment = match wish {
            Wish::Bundle => Attachment::DiagnosticsRejected,
            Wish::None(why) => why,
        };
        Resolved { references: References::of_ids(scope), diagnosis: attachment.into(), sources: Sources::default() }
    }

    /// What becomes of the bundle. Whatever is wrong with it does not cost the caller their request; only where there is
    /// no memory for it are they told to come again.
    async fn diagnose(&self, scope: &Scope, bundle: BundleAnswer) -> Result<Diagnosis, Exhausted> {
        Ok(match bundle {
            BundleAnswer::Known(said) => return self.attach(scope, &said).await,
            BundleAnswer::Unusable(reason) => self.rejected(scope, &reason),
            BundleAnswer::None => Attachment::NoDiagnostics.into(),
            BundleAnswer::Failed(failure) if failure.is_for_memory() => return Err(Exhausted),
            BundleAnswer::Failed(failure) => self.unavailable(scope, &failure),
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
pub(super) struct Diagnosis {
    pub(super) attachment: Attachment,
    /// Exactly where `attachment` says so.
    pub(super) bundle: Option<Bundle>,
    /// What is reserved for the bundle until it is committed.
    pub(super) memory: Option<Arc<Reservation>>,
}

impl From<Attachment> for Diagnosis {
    /// Without a bundle.
    fn from(attachment: Attachment) -> Self {
        Self { attachment, bundle: None, memory: None }
    }
}

/// What was found out about a scope that exists.
pub(super) struct Resolved {
    pub(super) references: References,
    pub(super) diagnosis: Diagnosis,
    pub(super) sources: Sources,
}

/// What that was made of, as the provider said it: it can be made once more.
#[derive(Default)]
pub(super) struct Sources {
    references: Option<Said>,
    bundle: Option<Said>,
}

impl Sources {
    pub(super) fn references(&self, scope: &Scope) -> References {
        let parsed = self.references.as_ref().and_then(|said| References::parse(said, scope).ok());
        parsed.unwrap_or_else(|| References::of_ids(scope))
    }

    pub(super) fn bundle(&self) -> Option<Bundle> {
        self.bundle.as_ref().and_then(|said| Bundle::parse(said).ok())
    }
}

/// Whether the bundle may be pulled: only for a caller who may view it, and who did not decline.
#[derive(Clone, Copy)]
enum Wish {
    Bundle,
    None(Attachment),
}

impl Wish {
    fn of(submission: &Submission) -> Self {
        if !submission.capabilities.allow(Capability::ViewDiagnostics) {
            Self::None(Attachment::CapabilityMissing)
        } else if submission.report.diagnostics == DiagnosticsWish::LeaveOut {
            Self::None(Attachment::NotRequested)
        } else {
            Self::Bundle
        }
    }

    fn include(self) -> Include {
        match self {
            Self::Bundle => Include::ReferencesAndBundle,
            Self::None(_) => Include::References,
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
