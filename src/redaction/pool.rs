//! Redaction where a request is answered, for a few milliseconds at most, or on threads of its own, so many at a time, each
//! with an end.
//!
//! A text can take the engine long. On the thread of an HTTP worker it would stop every other caller of that worker, and
//! go on after its own caller has left. So only short texts are read there, and only for [`IN_PLACE_TIMEOUT`]: what comes
//! to no end by then is forgotten, and the request waits for one of a few places on other threads, where it begins anew. There
//! its caller's leaving ends it, and so does its deadline: what was not read to its end by then is replaced whole.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use rayon_core::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};
use redaction::{Deadline, Redactor, UNREAD};
use tokio::sync::{Semaphore, oneshot};

use super::{Content, Redacted, redact_draft};
use crate::domain::request::Draft;

/// How long one request's texts may be read; what was not read to its end by then is replaced whole.
pub const REDACTION_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a request's texts may be read where it is answered: some fifty times as long as ordinary ones take, which nobody
/// who waits for the same thread notices. The engine stops within milliseconds (`crates/redaction/tests/deadline.rs`).
const IN_PLACE_TIMEOUT: Duration = Duration::from_millis(4);

/// Longest texts of a request that are read where it is answered, in bytes: those of an ordinary bundle several times over. It
/// bounds what lies between two looks of the engine at its deadline.
const IN_PLACE_MAX_BYTES: usize = 16 * 1024;

/// Why nothing was redacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PoolError {
    /// Every place was taken until it was too late to begin.
    #[error("too much is waiting to be redacted")]
    Overloaded,
    /// The engine failed, which is a fault of ours.
    #[error("the redaction of a request broke off")]
    BrokeOff,
}

/// What a draft is made of, as it came. It can be taken to another thread.
pub trait DraftSource: Send + 'static {
    /// The draft, made anew.
    fn draft(&self) -> Draft<'_>;
}

/// Threads for redaction. Cheap to clone; clones share the places.
#[derive(Clone, Debug)]
pub struct RedactionPool {
    redactor: Arc<Redactor>,
    threads: Arc<ThreadPool>,
    places: Arc<Semaphore>,
    timeout: Duration,
    in_place_timeout: Duration,
}

impl RedactionPool {
    /// A pool that redacts as many requests at a time as the machine has cores, each for [`REDACTION_TIMEOUT`] at most.
    ///
    /// # Errors
    /// The system gave no threads.
    pub fn new(redactor: Arc<Redactor>) -> Result<Self, ThreadPoolBuildError> {
        // A panic of the engine ends its request and no more: the place where its caller waits is told.
        let builder =
            ThreadPoolBuilder::new().thread_name(|number| format!("redaction-{number}")).panic_handler(|_| ());
        let threads = builder.build()?;
        let places = Semaphore::new(threads.current_num_threads());
        let (threads, places) = (Arc::new(threads), Arc::new(places));
        Ok(Self { redactor, threads, places, timeout: REDACTION_TIMEOUT, in_place_timeout: IN_PLACE_TIMEOUT })
    }

    /// Gives each request another time than [`REDACTION_TIMEOUT`].
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The id of every rule that may take something out.
    #[must_use]
    pub fn rules(&self) -> Vec<String> {
        self.redactor.rules().into_iter().map(|rule| rule.id).chain([UNREAD.to_owned()]).collect()
    }

    /// Redacts everything of a draft that is stored as text, if it can be begun before `begin_by`. `source` is asked for what
    /// the draft is made of where its texts take long. Whoever drops this future ends the work.
    ///
    /// # Errors
    /// See [`PoolError`].
    pub async fn draft<S: DraftSource>(
        &self,
        draft: Draft<'_>,
        source: impl FnOnce() -> S,
        begin_by: tokio::time::Instant,
    ) -> Result<Redacted<Content>, PoolError> {
        if draft.text_bytes() > IN_PLACE_MAX_BYTES {
            // Before anything waits: it may be large.
            drop(draft);
        } else if let Some(content) = self.in_place(draft)? {
            return Ok(content);
        }
        self.on_a_thread(source(), begin_by).await
    }

    /// Here and now; none where it took too long.
    fn in_place(&self, draft: Draft<'_>) -> Result<Option<Redacted<Content>>, PoolError> {
        let deadline = Deadline::at(Instant::now() + self.in_place_timeout.min(self.timeout));
        let redacted = std::panic::catch_unwind(AssertUnwindSafe(|| redact_draft(&self.redactor, draft, &deadline)));
        let redacted = redacted.map_err(|_| PoolError::BrokeOff)?;
        // Only then was everything read, and read again where something was found.
        Ok((!deadline.passed()).then_some(redacted))
    }

    async fn on_a_thread(
        &self,
        source: impl DraftSource,
        begin_by: tokio::time::Instant,
    ) -> Result<Redacted<Content>, PoolError> {
        let place = Arc::clone(&self.places).acquire_owned();
        let place = tokio::time::timeout_at(begin_by, place).await.map_err(|_| PoolError::Overloaded)?;
        let place = place.map_err(|_| PoolError::BrokeOff)?;
        let caller = Caller::default();
        let left = Arc::clone(&caller.left);
        let (redactor, timeout) = (Arc::clone(&self.redactor), self.timeout);
        let (done, redacted) = oneshot::channel();
        self.threads.spawn_fifo(move || {
            // Given back when the work has ended, not when somebody stopped waiting for it.
            let _place = place;
            let _ = done.send(redact_draft(
                &redactor,
                source.draft(),
                &Deadline::at(Instant::now() + timeout).or_when(left),
            ));
        });
        redacted.await.map_err(|_| PoolError::BrokeOff)
    }
}

/// Says that nobody waits any more, when dropped.
#[derive(Default)]
struct Caller {
    left: Arc<AtomicBool>,
}

impl Drop for Caller {
    fn drop(&mut self) {
        self.left.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        context::{Attachment, References},
        grants::{Capabilities, Creator},
        ids::{RequestId, TenantId, WorkspaceId},
        request::{CallerToken, DiagnosticsWish, Report, Scope, Severity, Subject, Submission},
        text::{Notes, Summary},
    };

    struct Source(Submission);

    impl DraftSource for Source {
        fn draft(&self) -> Draft<'_> {
            let references = References::of_ids(&self.0.scope);
            let attachment = Attachment::NotRequested;
            Draft { submission: &self.0, references, attachment, diagnostics: None, dropped_keys: 0 }
        }
    }

    fn source(notes: &str) -> Source {
        let (workspace, tenant) = (WorkspaceId::parse("acme").unwrap(), TenantId::parse("contoso").unwrap());
        let scope = Scope { workspace, tenant, subject: Subject::Tenant };
        let report = Report {
            severity: Severity::Normal,
            summary: Summary::parse("password=Zug+Gleis9!").unwrap(),
            notes: Some(Notes::parse(notes).unwrap()),
            contact_name: None,
            contact_email: None,
            diagnostics: DiagnosticsWish::LeaveOut,
        };
        Source(Submission {
            scope,
            creator: Creator { subject: "somebody".to_owned(), name: None },
            capabilities: Capabilities::default(),
            token: CallerToken::new(String::new()),
            report,
            request_id: RequestId::parse("request-1").unwrap(),
            traceparent: None,
        })
    }

    /// What becomes of the notes, and whether they were read on another thread.
    async fn redacted(pool: &RedactionPool, notes: &str) -> (Content, bool) {
        let again = AtomicBool::new(false);
        let remade = || {
            again.store(true, Ordering::Relaxed);
            source(notes)
        };
        let begin_by = tokio::time::Instant::now() + Duration::from_mins(1);
        let content = pool.draft(source(notes).draft(), remade, begin_by).await.unwrap().into_inner();
        (content, again.load(Ordering::Relaxed))
    }

    #[tokio::test]
    async fn a_text_that_takes_too_long_where_the_request_is_answered_is_read_to_its_end_elsewhere() {
        let mut pool = RedactionPool::new(Arc::new(Redactor::builtin())).unwrap().with_timeout(Duration::from_mins(1));
        for in_place_timeout in [Duration::from_mins(1), Duration::ZERO] {
            pool.in_place_timeout = in_place_timeout;
            let (content, again) = redacted(&pool, "it was Zug+Gleis9! there").await;
            assert_eq!(content.summary, "password=[redacted:password]");
            assert_eq!(content.reproduction_notes.as_deref(), Some("it was [redacted:stated-secret] there"));
            assert_eq!(again, in_place_timeout.is_zero());
        }
    }

    #[tokio::test]
    async fn a_long_text_is_not_even_begun_where_the_request_is_answered() {
        let pool = RedactionPool::new(Arc::new(Redactor::builtin())).unwrap().with_timeout(Duration::from_mins(1));
        let notes = "nothing to see here, ".repeat(470);
        assert!(
            source(&notes).draft().text_bytes() < IN_PLACE_MAX_BYTES,
            "notes at their limit in ASCII are short enough"
        );
        let wide = format!("{}.", "\u{1F600}\u{1F600}\u{1F600}, ".repeat(1_999));
        assert!(source(&wide).draft().text_bytes() > IN_PLACE_MAX_BYTES);
        let places =
            Arc::clone(&pool.places).acquire_many_owned(u32::try_from(pool.places.available_permits()).unwrap());
        let places = places.await.unwrap();
        let begin_by = tokio::time::Instant::now() + Duration::from_millis(1);
        let waited = pool.draft(source(&wide).draft(), || source(&wide), begin_by).await;
        assert_eq!(waited.err(), Some(PoolError::Overloaded));
        drop(places);
        assert_eq!(redacted(&pool, &wide).await.0.reproduction_notes.map(|notes| notes.len()), Some(wide.len()));
    }
}
