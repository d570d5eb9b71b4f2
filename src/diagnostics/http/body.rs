//! Reading a body that somebody else sends, for as long as there is time, up to a limit, and within the budget.

use reqwest::Response;
use tokio::time::{Instant, timeout_at};

use super::fault::Fault;
use crate::budget::{Budget, Exhausted, Reservation};

/// Largest body that is read, in bytes: a bundle at its limit twice over, because some platforms write every character
/// outside ASCII as `\uXXXX`, and white space; the references are small.
pub(super) const BODY_MAX_BYTES: usize = 512 * 1024;

/// By how much memory is reserved at a time.
const STEP_BYTES: usize = 64 * 1024;

/// What came.
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    /// Why it is not all.
    pub(super) fault: Option<Fault>,
    _memory: Vec<Reservation>,
}

/// Reads until the body ends, or what is allowed does.
///
/// # Errors
/// There is no memory for it.
pub(super) async fn read(mut response: Response, budget: &Budget, until: Instant) -> Result<Body, Exhausted> {
    let mut bytes = Vec::with_capacity(STEP_BYTES);
    let mut memory = vec![budget.reserve(STEP_BYTES).await?];
    let fault = loop {
        let chunk = match timeout_at(until, response.chunk()).await {
            Ok(Ok(Some(chunk))) => chunk,
            Ok(Ok(None)) => break None,
            Ok(Err(error)) => break Some(Fault::of(&error)),
            Err(_) => break Some(Fault::Late),
        };
        let room = BODY_MAX_BYTES - bytes.len();
        let taken = &chunk[..chunk.len().min(room)];
        while bytes.len() + taken.len() > memory.len() * STEP_BYTES {
            // Whoever holds a part already never waits for more.
            memory.push(budget.try_reserve(STEP_BYTES)?);
            bytes.reserve_exact(memory.len() * STEP_BYTES - bytes.len());
        }
        bytes.extend_from_slice(taken);
        if chunk.len() > room {
            break Some(Fault::TooLarge);
        }
    };
    Ok(Body { bytes, fault, _memory: memory })
}
