//! The published document. Made from the handlers, the wire types and the table of problems; `openapi/` holds copies.
//!
//! Two editions say the same: 3.1, and 3.0 for tools that read no later one, made of the first.

mod edition_3_0; // for tools that do not read 3.1
mod examples; //    what is sent and answered, in full
mod finish; //      what the macros cannot say
mod responses; //   the named responses of failures

use std::sync::LazyLock;

use utoipa::{
    OpenApi,
    openapi::{external_docs::ExternalDocs, server::Server},
};

use self::finish::Finish;
use super::{
    docs::Docs,
    health,
    problem::{FieldProblem, ProblemBody},
    public_url::PublicUrl,
    requests,
};

/// The document's source.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Support Requests",
        description = "Takes in support requests from the pages of an admin platform.\n\n\
            A request says what happened; the service adds which workspace, tenant and run it is about, who asks, and, \
            where the caller may see diagnostics, a redacted snapshot of them. It is stored once, never changed but for erasure by law, \
            and has a reference, `SR-<ULID>`, to quote from then on.\n\n\
            **Who may.** A bearer JWT of the platform. One claim, `workspaces` unless the service is set otherwise, gives \
            capabilities by workspace and tenant \
            (`*` for every tenant): `support_requests.create` may create; `support_diagnostics.view` has the diagnostic \
            snapshot attached. A workspace, tenant or run that does not exist and one that the caller does not belong to \
            get the same 404.\n\n\
            **Texts** are taken as people paste them. Terminal escape sequences (ECMA-48) are taken out. White space \
            around a text is trimmed. In one-line fields a run of line breaks and tabs is one blank. Every other \
            control character, and half of a character that was cut (a lone surrogate), becomes U+FFFD. Nothing else \
            about a text is changed. Characters are Unicode scalar values, counted after that. A text in which nothing \
            can be seen (white space, default-ignorable characters, U+2800, U+3164 and the like) is blank. The schema \
            describes what to send; the service also forgives `null` for an optional field, a blank text for a choice, \
            and blanks around a text at its limit.\n\n\
            **How often.** Each creator has a rate in each workspace, where one is set: a request beyond it is 429, \
            nothing was stored, and `Retry-After` says how many seconds to wait.\n\n\
            **Errors** are RFC 9457 problems; `code` is stable. They never repeat what was sent. The error catalogue \
            says of each code what it means and what to do; where the service has pages, it is at `/docs/errors`.\n\n\
            **Later versions** may add fields to answers, and values to fields that are not declared as enumerations: \
            please tolerate both.",
        license(name = "MIT", identifier = "MIT"),
    ),
    paths(requests::create_for_tenant, requests::create_for_run, health::livez, health::readyz),
    components(schemas(ProblemBody, FieldProblem)),
    tags(
        (name = "Support requests", description = "Asking for support."),
        (name = "Health", description = "For whoever runs the service."),
    ),
    modifiers(&Finish)
)]
struct Document;

/// Which version of the specification a document is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// OpenAPI 3.1: the document.
    V3_1,
    /// OpenAPI 3.0: the same for tools that read no later version.
    V3_0,
}

/// Where the document says that the service is.
#[derive(Debug, Clone, Copy)]
pub enum Location<'a> {
    /// At the root of whatever host: for a file that may lie anywhere.
    Root,
    /// Where the document itself came from, also behind a proxy that adds a prefix: for a document that is served.
    BesideTheDocument,
    /// Where the operator says, with the pages for people or without.
    At(&'a PublicUrl, Docs),
}

impl Location<'_> {
    /// The `url` of the one server.
    fn server(self) -> String {
        match self {
            Self::Root => "/".to_owned(),
            Self::BesideTheDocument => ".".to_owned(),
            Self::At(url, _) => url.to_string(),
        }
    }

    /// Where the error catalogue is. Without a host there is nothing to name: it must be a whole URI.
    fn errors(self) -> Option<ExternalDocs> {
        let Self::At(url, Docs::Development | Docs::Production) = self else { return None };
        let mut errors = ExternalDocs::new(format!("{url}/docs/errors"));
        errors.description = Some("The error catalogue: what each code means, and what to do.".to_owned());
        Some(errors)
    }
}

/// The document as JSON, ending in a line break: as committed.
#[must_use]
pub fn json() -> &'static str {
    static JSON: LazyLock<String> = LazyLock::new(|| text(Edition::V3_1, Location::Root));
    &JSON
}

/// The 3.0 edition of [`json`].
#[must_use]
pub fn json_3_0() -> &'static str {
    static JSON: LazyLock<String> = LazyLock::new(|| text(Edition::V3_0, Location::Root));
    &JSON
}

/// The document of an edition for a place.
#[must_use]
pub fn text(edition: Edition, location: Location<'_>) -> String {
    let mut document = Document::openapi();
    document.servers = Some(vec![Server::new(location.server())]);
    document.external_docs = location.errors();
    // It is built from constants; a test reads both editions back.
    let text = document.to_pretty_json().unwrap_or_default();
    let text = match edition {
        Edition::V3_1 => text,
        Edition::V3_0 => edition_3_0::of(&text).unwrap_or_default(),
    };
    text + "\n"
}
