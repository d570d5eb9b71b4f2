//! The order of checks: a caller who fails an early one learns nothing about a later one.

use futures_util::StreamExt as _;
use serde_json::json;

use crate::harness::*;

/// What can be wrong with a request, in the order in which it is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    Route,
    Method,
    Token,
    Scope,
    Capability,
    MediaType,
    Size,
    Json,
    Fields,
    Existence,
    Platform,
}

impl Fault {
    const ALL: [Self; 11] = [
        Self::Route,
        Self::Method,
        Self::Token,
        Self::Scope,
        Self::Capability,
        Self::MediaType,
        Self::Size,
        Self::Json,
        Self::Fields,
        Self::Existence,
        Self::Platform,
    ];

    fn answer(self) -> (u16, &'static str) {
        match self {
            Self::Route | Self::Scope | Self::Existence => (404, "not_found"),
            Self::Method => (405, "method_not_allowed"),
            Self::Token => (401, "invalid_token"),
            Self::Capability => (403, "missing_capability"),
            Self::MediaType => (415, "unsupported_media_type"),
            Self::Size => (413, "body_too_large"),
            Self::Json => (400, "malformed_json"),
            Self::Fields => (422, "invalid_fields"),
            Self::Platform => (503, "context_unavailable"),
        }
    }
}

/// A request with these faults and no other.
fn request(app: &App, endpoint: Endpoint, faults: &[Fault]) -> RawRequest {
    let has = |fault| faults.contains(&fault);
    // "northwind" is not there; whoever asks the platform about "stuck" gets no answer.
    let tenant = if has(Fault::Platform) {
        "stuck"
    } else if has(Fault::Existence) {
        "northwind"
    } else {
        "contoso"
    };
    let mut path = endpoint.path("acme", tenant, "run-1042");
    if has(Fault::Route) {
        path.push_str("-elsewhere");
    }
    let capabilities: &[&str] = if has(Fault::Capability) { &[VIEW] } else { &[CREATE, VIEW] };
    let granted = if has(Fault::Scope) { "fabrikam" } else { "*" };
    let mut token = app.token_of(&app.granting(granted, capabilities));
    if has(Fault::Token) {
        token = app.granting(granted, capabilities).tampered();
    }
    let mut report = app.report();
    if has(Fault::Fields) {
        report["severity"] = json!("catastrophic");
    }
    let mut body = report.to_string();
    if has(Fault::Json) {
        body.pop();
    }
    if has(Fault::Size) {
        body.extend(std::iter::repeat_n(' ', 131_073));
    }
    let media_type = if has(Fault::MediaType) { "text/plain" } else { "application/json" };
    let method = if has(Fault::Method) { "PUT" } else { "POST" };
    RawRequest::new(method, path).bearer(&token).header("Content-Type", media_type).body(body)
}

async fn start(database: Database) -> App {
    let app = App::start(database).await;
    app.world.references_of("stuck", Told::Fails);
    app
}

/// The earlier of two faults is the one that is answered, however often one asks.
async fn earlier_wins(database: Database, [earlier, later]: [Fault; 2], times: usize) {
    let app = start(database).await;
    for endpoint in Endpoint::BOTH {
        for alone in [earlier, later] {
            let (status, code) = alone.answer();
            request(&app, endpoint, &[alone]).send(&app).await.is(status, code);
        }
        let (status, code) = earlier.answer();
        let asked = (0..times).map(|_| request(&app, endpoint, &[earlier, later]).send(&app));
        let mut answers = futures_util::stream::iter(asked).buffer_unordered(16);
        while let Some(answer) = answers.next().await {
            answer.is(status, code);
        }
        // The positive control: the same request without the faults.
        request(&app, endpoint, &[]).send(&app).await.created();
    }
    app.finish().await;
}

macro_rules! pairs {
    ($($name:ident: $earlier:ident, $later:ident;)+) => {$(
        #[test]
        fn $name() {
            // Enough to see two extractors race; nothing is stored, so the database does not matter.
            crate::support::database::tell(Kind::Sqlite, async |database| {
                earlier_wins(database, [Fault::$earlier, Fault::$later], 200).await;
            });
        }
    )+};
}

pairs! {
    an_unknown_route_is_found_before_a_bad_method: Route, Method;
    an_unknown_route_is_found_before_a_bad_token: Route, Token;
    a_bad_method_is_found_before_a_bad_token: Method, Token;
    a_bad_token_is_found_before_a_scope_of_others: Token, Scope;
    a_bad_token_is_found_before_a_bad_body: Token, Json;
    a_scope_of_others_is_found_before_a_missing_capability: Scope, Capability;
    a_scope_of_others_is_found_before_a_bad_body: Scope, Json;
    a_missing_capability_is_found_before_a_bad_media_type: Capability, MediaType;
    a_missing_capability_is_found_before_a_body_that_is_too_large: Capability, Size;
    a_bad_media_type_is_found_before_a_body_that_is_too_large: MediaType, Size;
    a_body_that_is_too_large_is_found_before_bad_json: Size, Json;
    bad_json_is_found_before_bad_fields: Json, Fields;
    bad_fields_are_found_before_an_unknown_scope: Fields, Existence;
    bad_fields_are_found_before_a_platform_that_does_not_answer: Fields, Platform;
}

on_both_databases!(of_any_two_faults_the_earlier_is_answered, async |database| {
    let app = start(database).await;
    for endpoint in Endpoint::BOTH {
        for earlier in Fault::ALL {
            // Nothing of the body is wrong twice: bad JSON has no fields.
            for later in Fault::ALL.into_iter().filter(|later| *later > earlier) {
                if (earlier, later) == (Fault::Existence, Fault::Platform) {
                    continue;
                }
                let answer = request(&app, endpoint, &[earlier, later]).send(&app).await;
                let got = (answer.status, answer.code());
                let (status, code) = earlier.answer();
                assert_eq!(got, (status, code.to_owned()), "{earlier:?} and {later:?} at {endpoint:?}");
                app.assert_nothing_new().await;
            }
        }
        request(&app, endpoint, &[]).send(&app).await.created();
    }
    app.finish().await;
});

on_both_databases!(a_request_with_every_fault_at_once_is_answered_like_its_first, async |database| {
    let app = start(database).await;
    for endpoint in Endpoint::BOTH {
        for first in 0..Fault::ALL.len() - 2 {
            let (status, code) = Fault::ALL[first].answer();
            request(&app, endpoint, &Fault::ALL[first..]).send(&app).await.is(status, code);
        }
    }
    app.finish().await;
});
