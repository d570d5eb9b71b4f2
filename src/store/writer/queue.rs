//! The way to the writer: bounded by what waits in it, not by growing memory.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot},
    task::{AbortHandle, JoinHandle},
    time::Instant,
};

use crate::{
    integrity::Sealed,
    store::{
        AppendError, WRITE_TIMEOUT,
        metrics::{Waiting, WriterMetrics},
    },
};

/// Most that waits to be written, in KiB.
const ROOM_KIB: usize = 24 * 1024;

/// The same in bytes.
pub(in crate::store) const QUEUE_MAX_BYTES: usize = ROOM_KIB * 1024;

/// What one record takes beside its texts, in KiB: the least that is charged for one.
const RECORD_KIB: usize = 4;

/// What the writer is told.
pub(super) enum Message {
    Write(Box<Job>),
    Close(oneshot::Sender<()>),
}

/// One record on its way, and who waits for it.
pub(super) struct Job {
    sealed: Sealed,
    state: Arc<State>,
    answer: oneshot::Sender<Result<(), AppendError>>,
    waiting: Waiting,
    _room: OwnedSemaphorePermit,
}

/// Whether the writer has begun with a job, or its caller has given up before that: whoever comes first.
#[derive(Default)]
struct State(AtomicU8);

impl State {
    const WAITING: u8 = 0;
    const BEGUN: u8 = 1;
    const GIVEN_UP: u8 = 2;

    fn turn(&self, into: u8) -> bool {
        self.0.compare_exchange(Self::WAITING, into, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

impl Job {
    /// Begins with it, unless its caller gave up.
    pub(super) fn begin(self) -> Option<Self> {
        let begun = self.state.turn(State::BEGUN).then_some(self)?;
        begun.waiting.begins();
        Some(begun)
    }

    pub(super) fn sealed(&self) -> &Sealed {
        &self.sealed
    }

    /// Tells who waits, if they still do.
    pub(super) fn answer(self, fate: Result<(), AppendError>) {
        let _ = self.answer.send(fate);
    }
}

/// The callers' end of the queue.
#[derive(Clone)]
pub(in crate::store) struct Handle {
    room: Arc<Semaphore>,
    jobs: mpsc::UnboundedSender<Message>,
    writer: AbortHandle,
    metrics: WriterMetrics,
}

/// A queue, and a writer behind it. Its bound is the room, not the channel.
pub(super) fn start(
    metrics: WriterMetrics,
    writer: impl FnOnce(mpsc::UnboundedReceiver<Message>) -> JoinHandle<()>,
) -> (Handle, JoinHandle<()>) {
    let (jobs, receiver) = mpsc::unbounded_channel();
    let task = writer(receiver);
    (Handle { room: Arc::new(Semaphore::new(ROOM_KIB)), jobs, writer: task.abort_handle(), metrics }, task)
}

impl Handle {
    /// Hands a record to the writer and waits for its fate, [`WRITE_TIMEOUT`] at most.
    pub(in crate::store) async fn append(&self, sealed: Sealed) -> Result<(), AppendError> {
        let record = sealed.record();
        let notes = record.reproduction_notes.as_ref().map_or(0, String::len);
        let kib = u32::try_from(RECORD_KIB + (record.context.len() + notes) / 1024).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room).try_acquire_many_owned(kib).map_err(|_| AppendError::Overloaded)?;
        let state = Arc::new(State::default());
        let (answer, mut fate) = oneshot::channel();
        let waiting = self.metrics.waits(Instant::now());
        let job = Job { sealed, state: Arc::clone(&state), answer, waiting, _room: room };
        self.jobs.send(Message::Write(Box::new(job))).map_err(|_| AppendError::Unavailable)?;
        match tokio::time::timeout(WRITE_TIMEOUT, &mut fate).await {
            Ok(Ok(fate)) => fate,
            // The writer ended, or did not come so far: unless it had begun, nothing was stored.
            Ok(Err(_)) | Err(_) if state.turn(State::GIVEN_UP) => Err(AppendError::Unavailable),
            Ok(Err(_)) => Err(AppendError::OutcomeUnknown),
            // The answer may have come at the last moment.
            Err(_) => fate.try_recv().unwrap_or(Err(AppendError::OutcomeUnknown)),
        }
    }

    /// What the writer counts and measures.
    pub(in crate::store) fn metrics(&self) -> &WriterMetrics {
        &self.metrics
    }

    /// What is charged for everything that waits, in bytes.
    pub(in crate::store) fn queued_bytes(&self) -> usize {
        ROOM_KIB.saturating_sub(self.room.available_permits()) * 1024
    }

    /// Whether the writer's task has not ended.
    pub(in crate::store) fn is_running(&self) -> bool {
        !self.writer.is_finished()
    }

    /// Lets the writer finish what it was given so far, and waits for that, `within` at most. Whoever still waits for
    /// an answer then gets it.
    pub(in crate::store) async fn close(&self, within: Duration) {
        let (done, finished) = oneshot::channel();
        if self.jobs.send(Message::Close(done)).is_ok() && tokio::time::timeout(within, finished).await.is_err() {
            tracing::warn!("the database did not let the writer finish in time; it was left");
            self.writer.abort();
        }
    }
}
