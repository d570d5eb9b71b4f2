//! What systemd says to a service that it starts (`sd_notify(3)`, `sd_watchdog_enabled(3)`). Not settings: no person writes
//! them.

use std::time::Duration;

/// Whoever started the service and wants to hear how it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceManager {
    /// How long it waits for a sign of life before it restarts the service; `None` where it does not.
    pub watchdog: Option<Duration>,
}

#[expect(clippy::disallowed_methods, reason = "this is where it is read")]
pub(super) fn from_environment() -> Option<ServiceManager> {
    let socket = std::env::var_os("NOTIFY_SOCKET")?;
    (!socket.is_empty()).then(|| ServiceManager { watchdog: sd_notify::watchdog_enabled() })
}
