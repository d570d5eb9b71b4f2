//! What taking in requests counts and measures.

use std::time::Duration;

use super::Intake;
use crate::{
    diagnostics::{Answer, CircuitState, ProviderFailure},
    domain::context::Attachment,
    metrics::{Counter, Durations, Exposition, Family, number, yes_or_no},
    redaction::Content,
};

/// What came of asking the provider.
#[derive(Debug, Clone, Copy)]
pub(super) enum Outcome {
    Known,
    Unusable,
    Unknown,
    Failed,
    TimedOut,
    Panicked,
    NoMemory,
}

impl Outcome {
    const ALL: [Self; 7] =
        [Self::Known, Self::Unusable, Self::Unknown, Self::Failed, Self::TimedOut, Self::Panicked, Self::NoMemory];

    pub(super) fn of(answer: &Result<Answer, ProviderFailure>) -> Self {
        match answer {
            Ok(Answer::Known { .. }) => Self::Known,
            Ok(Answer::Unusable(_)) => Self::Unusable,
            Ok(Answer::Unknown) => Self::Unknown,
            Err(failure) if failure.is_for_memory() => Self::NoMemory,
            Err(_) => Self::Failed,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Unusable => "unusable",
            Self::Unknown => "unknown",
            Self::Failed => "failed",
            Self::TimedOut => "timed_out",
            Self::Panicked => "panicked",
            Self::NoMemory => "no_memory",
        }
    }
}

/// The instruments.
#[derive(Debug)]
pub(super) struct IntakeMetrics {
    provider: Durations,
    answers: Family<Counter>,
    attachments: Family<Counter>,
    redaction: Durations,
    redactions: Family<Counter>,
}

impl IntakeMetrics {
    /// For redaction by these rules.
    pub(super) fn of(rules: Vec<String>) -> Self {
        Self {
            provider: Durations::default(),
            answers: Family::by("outcome", Outcome::ALL.map(Outcome::as_str)),
            attachments: Family::by("reason", Attachment::ALL.map(Attachment::reason)),
            redaction: Durations::default(),
            redactions: Family::by("rule", rules),
        }
    }

    pub(super) fn asked(&self, outcome: Outcome, took: Duration) {
        self.provider.observe(took);
        self.answers.count(outcome.as_str());
    }

    pub(super) fn redacted(&self, content: &Content, took: Duration) {
        self.redaction.observe(took);
        for taken in &content.taken {
            if let Some(counter) = self.redactions.get(&taken.rule) {
                counter.inc_by(taken.count);
            }
        }
    }

    pub(super) fn stored(&self, attachment: Attachment) {
        self.attachments.count(attachment.reason());
    }
}

impl Intake {
    /// Adds what was counted and measured, and how it stands with memory, the provider and the store, to a scrape.
    pub fn expose(&self, to: &mut Exposition) {
        let IntakeMetrics { provider, answers, attachments, redaction, redactions } = &self.metrics;
        to.add("support_requests_provider_duration_seconds", "Asking the diagnostics provider", provider);
        to.add("support_requests_provider_answers", "What came of asking the diagnostics provider", answers);
        to.add("support_requests_attachments", "Why stored requests have diagnostics or not", attachments);
        to.add(
            "support_requests_redaction_duration_seconds",
            "Redaction of a request, with its wait for a place",
            redaction,
        );
        to.add_seen(
            "support_requests_redactions",
            "What redaction rules took out of requests, their bundles included",
            redactions,
        );
        if let Some(now) = self.provider.circuit() {
            let states =
                CircuitState::ALL.map(|state| (vec![("state", state.as_str().into())], yes_or_no(state == now)));
            to.now_by(
                "support_requests_provider_circuit",
                "Whether the provider is asked: 1 for the state that holds",
                states,
            );
        }
        to.now(
            "support_requests_memory_reserved_bytes",
            "Memory that requests under way have reserved",
            number(self.budget.reserved_bytes()),
        );
        to.now(
            "support_requests_memory_reserved_max_bytes",
            "Memory that requests under way may reserve",
            number(self.budget.bytes()),
        );
        self.store.expose(to);
    }
}
