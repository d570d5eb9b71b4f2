//! `openapi`: the published document, as committed under `openapi/`.

use super::output::print;

pub(super) fn run() -> anyhow::Result<()> {
    print(crate::http::openapi::json())?;
    Ok(())
}
