//! Stopping without losing anybody's request, and never for longer than [`STOP_TIMEOUT`].
//!
//! 1. `/readyz` says 503, and every answer asks its client to close the connection. New connections are still served.
//! 2. After the shutdown delay no new connection is begun, those in the listener's backlog are served, and the door is
//!    closed.
//! 3. What is under way is answered.
//! 4. The writer finishes.

use std::{
    io,
    net::{Shutdown, TcpListener},
    sync::Arc,
    time::{Duration, Instant},
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use socket2::SockRef;
use tokio::time::sleep;

use super::service::Service;

/// How long a stop may take from its beginning, whatever the database and the clients do.
pub const STOP_TIMEOUT: Duration = Duration::from_secs(24);

/// From the beginning of a stop to the end of waiting for answers: what is left of [`STOP_TIMEOUT`] is the database's.
const ANSWERS_TIMEOUT: Duration = Duration::from_secs(20);

/// How long the backlog must have been empty before the door is closed. Longer than handshakes take that had begun.
const QUIET: Duration = Duration::from_millis(300);

/// How long is waited for that at most.
const QUIET_TIMEOUT: Duration = Duration::from_secs(3);

/// How long a connection without a request under way is kept once the door is closed: its request may be on its way.
const IDLE_GRACE: Duration = Duration::from_secs(2);

/// How long the thread that accepts may take to hear that it should pause, on a machine with other work: it would take a
/// closed listener for a fault, and there is no way to ask it.
const PAUSING: Duration = Duration::from_millis(250);

/// How often it is looked at whether something that is waited for has come.
const STEP: Duration = Duration::from_millis(10);

/// The door: the listener, and who accepts its connections.
#[derive(Debug, Clone)]
pub struct ServerHandle {
    server: actix_web::dev::ServerHandle,
    listener: Arc<TcpListener>,
}

impl ServerHandle {
    pub(super) fn new(server: actix_web::dev::ServerHandle, listener: TcpListener) -> Self {
        Self { server, listener: Arc::new(listener) }
    }

    /// Closes every connection at once, whatever is under way.
    pub async fn abort(&self) {
        self.server.stop(false).await;
    }

    /// Closes the door without turning away anybody who is already through: a connection that the kernel has accepted and
    /// nobody has fetched would be reset, although its client has sent its request.
    async fn close(&self) {
        let began = Instant::now();
        if let Err(error) = begin_no_connection(&self.listener) {
            tracing::debug!(%error, "new connections cannot be kept from beginning while the door is closed");
        }
        let mut last_seen = began;
        while last_seen.elapsed() < QUIET && began.elapsed() < QUIET_TIMEOUT {
            if somebody_waits(&self.listener) {
                last_seen = Instant::now();
            }
            sleep(STEP).await;
        }
        self.server.pause().await;
        sleep(PAUSING).await;
        if let Err(error) = SockRef::from(&*self.listener).shutdown(Shutdown::Read) {
            tracing::debug!(%error, "the door stays open until the last answer");
        }
    }
}

/// What had to be left undone at the end of a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// Nothing: everything was answered.
    Cleanly,
    /// Requests were cut off that were not answered in time.
    CuttingOff,
}

/// Stops, in the order that this module tells.
pub async fn stop(handle: ServerHandle, service: &Service, shutdown_delay: Duration) -> Stopped {
    let began = Instant::now();
    service.draining.begin();
    sleep(shutdown_delay).await;
    handle.close().await;

    let (connections, closed) = (&service.connections, Instant::now());
    let is_over = || connections.open() == 0 || (connections.busy() == 0 && closed.elapsed() >= IDLE_GRACE);
    while !is_over() && began.elapsed() < ANSWERS_TIMEOUT {
        sleep(STEP).await;
    }
    let cut_off = connections.busy();
    if cut_off > 0 {
        tracing::error!(requests = cut_off, "requests are cut off: they were not answered in time");
    }
    handle.abort().await;
    let left = STOP_TIMEOUT.saturating_sub(began.elapsed());
    service.intake.store().close(left).await;
    if cut_off == 0 { Stopped::Cleanly } else { Stopped::CuttingOff }
}

/// Whether a connection waits to be accepted.
fn somebody_waits(listener: &TcpListener) -> bool {
    let now = Timespec::default();
    let mut listening = [PollFd::new(listener, PollFlags::IN)];
    poll(&mut listening, Some(&now)).is_ok_and(|ready| ready > 0)
}

/// From now on the kernel drops every packet that would begin a connection; those that have begun go on. A client that
/// knocks meanwhile knocks again after a second, and is refused, because the door is closed by then.
#[cfg(target_os = "linux")]
fn begin_no_connection(listener: &TcpListener) -> io::Result<()> {
    use socket2::SockFilter;

    // A program of classic BPF over the TCP header (RFC 9293, section 3.1; linux/bpf_common.h).
    const LOAD_BYTE: u16 = 0x30;
    const JUMP_IF_ANY_BIT: u16 = 0x45;
    const RETURN: u16 = 0x06;
    const FLAGS_OFFSET: u32 = 13;
    const SYN: u32 = 0x02;
    SockRef::from(listener).attach_filter(&[
        SockFilter::new(LOAD_BYTE, 0, 0, FLAGS_OFFSET),
        SockFilter::new(JUMP_IF_ANY_BIT, 0, 1, SYN),
        SockFilter::new(RETURN, 0, 0, 0),
        SockFilter::new(RETURN, 0, 0, u32::MAX),
    ])
}

#[cfg(not(target_os = "linux"))]
fn begin_no_connection(_: &TcpListener) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
