//! The thread that the writer lives on: a runtime of its own, so that a word from the database wakes this thread and
//! nobody else. On a runtime of several threads it wakes whichever waits for sockets and files, and that one another one
//! for the task; a lone request paid for both, twice.

use std::{future::Future, io, thread};

use tokio::{runtime::Builder, sync::oneshot, task::JoinHandle};

use super::Started;
use crate::store::StoreError;

/// Runs `open` there, and then the task that it started, to its end.
pub(super) async fn start<F, Opened>(open: F) -> Result<Started, StoreError>
where
    F: FnOnce() -> Opened + Send + 'static,
    Opened: Future<Output = Result<(Started, JoinHandle<()>), StoreError>>,
{
    let failed = |error: io::Error| StoreError::Open(sqlx::Error::Io(error));
    let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
    let (tell, told) = oneshot::channel();
    let run = move || {
        runtime.block_on(async {
            let (opened, task) = match open().await {
                Ok((started, task)) => (Ok(started), Some(task)),
                Err(error) => (Err(error), None),
            };
            // Where nobody waits for it any more, the task ends with the last handle.
            let _ = tell.send(opened);
            if let Some(task) = task {
                let _ = task.await;
            }
        });
        // A disk that hangs keeps nobody from stopping.
        runtime.shutdown_background();
    };
    thread::Builder::new().name("writer".to_owned()).spawn(run).map_err(failed)?;
    told.await.unwrap_or_else(|_| Err(failed(io::Error::other("the writer's thread ended"))))
}
