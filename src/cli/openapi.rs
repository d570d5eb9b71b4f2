//! `openapi`: the published document, as committed under `openapi/`.

use std::io::Write as _;

pub(super) fn run() -> anyhow::Result<()> {
    std::io::stdout().lock().write_all(crate::http::openapi::json().as_bytes())?;
    Ok(())
}
