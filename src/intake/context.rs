//! What the provider says about a scope: whether it exists, its references, its bundle. Fails closed about the first; what
//! is wrong with the others does not cost the caller their request.

use std::{error::Error, fmt::Display, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt as _;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument as _;

use super::{Intake, Refusal, metrics::Outcome};
use crate::{
    budget::{Exhausted, Reservation, TREES, weight_of_json},
    causes::Causes,
    diagnostics::{Answer, BundleAnswer, Include, ProviderFailure, Question, Said},
    domain::{
        allow_list::{Misfit, ShapeFault},
        bundle::Bundle,
        context::{Attachment, References},
        grants::Capability,
        request::{DiagnosticsWish, Draft, Scope, Submission},
    },
    redaction::DraftSource,
    trace::{self, Stage},
};

/// How much earlier a provider is to answer with what it has by then.
const ANSWER_MARGIN: Duration = Duration::from_millis(50);

impl Intake {
    /// Asks the provider whether the scope exists, and fails closed.
    pub(super) async fn prove(&self, submission: &Submission) -> Result<Answer, Refusal> {
        let question = self.ask(submission, Wish::of(submission));
        match question.instrument(Stage::Provider.span()).await {
            Ok(Answer::Unknown) => Err(Refusal::UnknownScope),
            Ok(answer) => Ok(answer),
            Err(failure) if failure.is_for_memory() => Err(Exhausted.into()),
            Err(failure) => Err(self.unproven(&submission.scope, failure)),
        }
    }

    /// What there is about a scope that exists. Its texts are those of the answer.
    pub(super) async fn resolve<'a>(
        &self,
        submission: &'a Submission,
        answer: &'a Answer,
    ) -> Result<Resolved<'a>, Refusal> {
        let (scope, wish) = (&submission.scope, Wish::of(submission));
        let (said, bundle) = match answer {
            Answer::Known { references, bundle } => (references, bundle),
            Answer::Unusable(reason) => return Ok(self.ids_only(scope, reason, wish)),
            Answer::Unknown => return Err(Refusal::UnknownScope),
        };
        let references = match References::parse(said, scope) {
            Ok(references) => references,
            Err(Misfit { fault: fault @ ShapeFault::AnotherScope, .. }) => return Err(self.unproven(scope, fault)),
            Err(misfit) => return Ok(self.ids_only(scope, &misfit, wish)),
        };
        let diagnosis = match wish {
            Wish::Bundle => self.diagnose(scope, bundle).await?,
            Wish::None(why) => why.into(),
        };
        Ok(Resolved { references, diagnosis })
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

    fn ids_only<'a>(&self, scope: &'a Scope, fault: &dyn Display, wish: Wish) -> Resolved<'a> {
        let origin = self.provider.origin(scope);
        tracing::warn!(origin, %fault, "what the provider says about a scope cannot be used; the request is stored without it");
        let attachment = match wish {
            Wish::Bundle => Attachment::DiagnosticsRejected,
            Wish::None(why) => why,
        };
        Resolved { references: References::of_ids(scope), diagnosis: attachment.into() }
    }

    /// What becomes of the bundle. Whatever is wrong with it does not cost the caller their request; only where there is
    /// no memory for it are they told to come again.
    async fn diagnose<'a>(&self, scope: &Scope, bundle: &'a BundleAnswer) -> Result<Diagnosis<'a>, Exhausted> {
        Ok(match bundle {
            BundleAnswer::Known(said) => return self.attach(scope, said).await,
            BundleAnswer::Unusable(reason) => self.rejected(scope, reason),
            BundleAnswer::None => Attachment::NoDiagnostics.into(),
            BundleAnswer::Failed(failure) if failure.is_for_memory() => return Err(Exhausted),
            BundleAnswer::Failed(failure) => self.unavailable(scope, failure),
        })
    }

    async fn attach<'a>(&self, scope: &Scope, said: &'a Said) -> Result<Diagnosis<'a>, Exhausted> {
        let memory = match said.memory() {
            Some(memory) => Arc::clone(memory),
            None => Arc::new(self.budget.reserve(TREES * weight_of_json(said.as_bytes())).await?),
        };
        Ok(match Bundle::parse(said) {
            Ok(bundle) => Diagnosis { attachment: Attachment::Attached, bundle: Some(bundle), memory: Some(memory) },
            Err(misfit) => self.rejected(scope, &misfit),
        })
    }

    fn rejected<'a>(&self, scope: &Scope, fault: &dyn Display) -> Diagnosis<'a> {
        let origin = self.provider.origin(scope);
        tracing::warn!(origin, %fault, "the provider's diagnostic bundle was rejected; the request is stored without it");
        Attachment::DiagnosticsRejected.into()
    }

    fn unavailable<'a>(&self, scope: &Scope, failure: &ProviderFailure) -> Diagnosis<'a> {
        let (origin, error) = (self.provider.origin(scope), Causes(failure));
        tracing::warn!(origin, %error, "diagnostics are unavailable; the request is stored without them");
        Attachment::DiagnosticsUnavailable.into()
    }
}

/// What became of the wish for diagnostics.
pub(super) struct Diagnosis<'a> {
    pub(super) attachment: Attachment,
    /// Exactly where `attachment` says so.
    pub(super) bundle: Option<Bundle<'a>>,
    /// What is reserved for the bundle until it is committed.
    pub(super) memory: Option<Arc<Reservation>>,
}

impl From<Attachment> for Diagnosis<'_> {
    /// Without a bundle.
    fn from(attachment: Attachment) -> Self {
        Self { attachment, bundle: None, memory: None }
    }
}

/// What was found out about a scope that exists.
pub(super) struct Resolved<'a> {
    pub(super) references: References<'a>,
    pub(super) diagnosis: Diagnosis<'a>,
}

/// What a draft was made of, to make it once more elsewhere.
pub(super) struct Source {
    submission: Submission,
    references: Option<Said>,
    attachment: Attachment,
    bundle: Option<Said>,
}

impl Source {
    pub(super) fn of(submission: &Submission, answer: &Answer, attachment: Attachment) -> Self {
        let submission = submission.clone();
        let Answer::Known { references, bundle } = answer else {
            return Self { submission, references: None, attachment, bundle: None };
        };
        let bundle = bundle.known().filter(|_| attachment == Attachment::Attached).cloned();
        Self { submission, references: Some(references.clone()), attachment, bundle }
    }
}

impl DraftSource for Source {
    fn draft(&self) -> Draft<'_> {
        let scope = &self.submission.scope;
        let references = self.references.as_ref().and_then(|said| References::parse(said, scope).ok());
        let bundle = self.bundle.as_ref().and_then(|said| Bundle::parse(said).ok());
        draft(&self.submission, references.unwrap_or_else(|| References::of_ids(scope)), self.attachment, bundle)
    }
}

/// Puts together what was submitted and what was found about it.
pub(super) fn draft<'a>(
    submission: &'a Submission,
    references: References<'a>,
    attachment: Attachment,
    diagnostics: Option<Bundle<'a>>,
) -> Draft<'a> {
    let dropped_keys = references.dropped_keys() + diagnostics.as_ref().map_or(0, Bundle::dropped_keys);
    Draft { submission, references, attachment, diagnostics, dropped_keys }
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
