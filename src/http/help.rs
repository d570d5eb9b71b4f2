//! Where an error is explained: `Link: <…/docs/errors#code>; rel="help"` (RFC 8288).

use actix_web::http::header::HeaderValue;

use super::{docs::Docs, problem::Kind};

/// Deepest path that is told: deeper than any route by far, and the header stays short whatever is asked for.
const SLASHES_MAX: usize = 16;

/// The link from an answer to a request of `path` to the section about `kind`; none where there are no pages.
///
/// It is relative to the path, going up as many steps as it is deep: what is in front of the service, a prefix
/// included, is known to the client only, and the client resolves the link against the address that it called (RFC 8288,
/// section 3.2).
pub(super) fn link(docs: Docs, path: &str, kind: Kind) -> Option<HeaderValue> {
    let slashes = path.matches('/').count();
    if docs == Docs::Off || slashes > SLASHES_MAX {
        return None;
    }
    let up = "../".repeat(slashes.saturating_sub(1));
    HeaderValue::try_from(format!("<{up}docs/errors#{}>; rel=\"help\"", kind.row().code)).ok()
}
