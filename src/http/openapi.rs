//! The published document. Made from the handlers, the wire types and the table of problems; `openapi/` holds a copy.

use std::sync::LazyLock;

use serde_json::json;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        Components, Content, Header, Object, Ref, RefOr, Required, Response, Type,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn},
        schema::{ObjectBuilder, Schema, SchemaType},
        security::{Http, HttpAuthScheme, SecurityScheme},
        server::Server,
    },
};

use super::{
    health,
    problem::{FieldProblem, Problem, ProblemBody, TABLE},
    requests,
};
use crate::domain::{
    ids::{PATH_ID_MAX, PATH_ID_PATTERN},
    text::EMAIL_PATTERN,
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
            **Errors** are RFC 9457 problems; `code` is stable. They never repeat what was sent.\n\n\
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

/// The document as JSON, ending in a line break.
#[must_use]
pub fn json() -> &'static str {
    static JSON: LazyLock<String> = LazyLock::new(|| {
        // The document is built from constants; a test reads it back.
        Document::openapi().to_pretty_json().map(|json| json + "\n").unwrap_or_default()
    });
    &JSON
}

/// What the macros cannot say: path parameters by pattern, the named error responses, headers.
struct Finish;

/// The statuses that any create may get.
const CREATE_ERRORS: [u16; 12] = [400, 401, 403, 404, 405, 408, 413, 415, 422, 429, 500, 503];

impl Modify for Finish {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        document.servers = Some(vec![Server::new("/")]);
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer()));
        for status in CREATE_ERRORS {
            components.responses.insert(name(status).to_owned(), error(status).into());
        }
        finish_input(components);
        for (path, item) in &mut document.paths.paths {
            let created = item.post.as_mut();
            if let Some(operation) = created {
                finish_create(path, operation);
            }
            if let Some(operation) = item.get.as_mut() {
                // Said, not left out: nobody needs a token for these.
                operation.security = Some(Vec::new());
                refer(operation, 405);
                if path == "/readyz" {
                    refer(operation, 503);
                }
            }
        }
    }
}

fn bearer() -> Http {
    let mut http = Http::new(HttpAuthScheme::Bearer);
    http.bearer_format = Some("JWT".to_owned());
    http.description = Some("A JWT of the platform, without the word `Bearer`.".to_owned());
    http
}

fn finish_create(path: &str, operation: &mut Operation) {
    let ids = [
        ("workspace", "The workspace that the tenant belongs to.", "acme"),
        ("tenant", "The tenant.", "contoso"),
        ("run", "The operation run.", "run-1042"),
    ];
    let in_path = ids.iter().filter(|(name, ..)| path.contains(&format!("{{{name}}}")));
    let in_path = in_path.map(|(name, what, example)| in_path_by_pattern(name, what, example));
    operation.parameters = Some(in_path.chain([request_id_parameter()]).collect());
    if let Some(RefOr::T(created)) = operation.responses.responses.get_mut("201") {
        created.headers.insert("X-Request-Id".to_owned(), request_id().into());
        created.headers.insert("Cache-Control".to_owned(), header("Always `no-store`.", "no-store").into());
        created.headers.extend(rate_limit("\"creator\";r=29"));
    }
    for status in CREATE_ERRORS {
        refer(operation, status);
    }
}

fn refer(operation: &mut Operation, status: u16) {
    let response = Ref::from_response_name(name(status));
    operation.responses.responses.insert(status.to_string(), RefOr::Ref(response));
}

fn in_path_by_pattern(name: &str, what: &str, example: &str) -> RefOr<Parameter> {
    let schema: Schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(PATH_ID_PATTERN))
        .min_length(Some(1))
        .max_length(Some(PATH_ID_MAX))
        .build()
        .into();
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(what))
        .schema(Some(schema))
        .example(Some(json!(example)))
        .build()
        .into()
}

/// The form of an id stands in the text and not in the schema, which would refuse what the service takes and replaces.
fn request_id_parameter() -> RefOr<Parameter> {
    let what = "An id of your own for this request: 1 to 128 characters of visible ASCII without quotation marks, \
                backslash and angle brackets. It is echoed, logged and stored, so that a person can spot twins. One of \
                another form, or one that looks like a secret, is replaced by one made here, never refused.";
    ParameterBuilder::new()
        .name("X-Request-Id")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(what))
        .schema(Some(Object::with_type(Type::String)))
        .example(Some(json!("01KG9X6M3ZQ0V4T8R2N5B7C1D9")))
        .build()
        .into()
}

/// The name of the reusable response of a status.
fn name(status: u16) -> &'static str {
    match status {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        408 => "RequestTimeout",
        413 => "ContentTooLarge",
        415 => "UnsupportedMediaType",
        422 => "UnprocessableContent",
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        _ => "InternalServerError",
    }
}

/// A reusable error response: every code of its status, each with an example.
fn error(status: u16) -> Response {
    let rows = || TABLE.iter().filter(|row| row.status == status);
    let described: Vec<String> = rows().map(|row| format!("`{}`: {}. {}", row.code, row.title, row.detail)).collect();
    let mut content = Content::new(Some(Ref::from_schema_name("Problem")));
    for row in rows() {
        let mut problem = Problem::from(row.kind);
        if status == 422 {
            problem.errors.push(FieldProblem {
                pointer: "/summary".into(),
                code: "required",
                detail: "Say in one line what happened.".to_owned(),
            });
        }
        let body = ProblemBody::of(&problem, "01KG9X6M3ZQ0V4T8R2N5B7C1D9");
        let mut example = utoipa::openapi::example::Example::new();
        row.title.clone_into(&mut example.summary);
        example.value = serde_json::to_value(&body).ok();
        content.examples.insert(row.code.to_owned(), example.into());
    }
    let mut response = Response::new(described.join("\n\n"));
    response.content.insert("application/problem+json".to_owned(), content.into());
    response.headers.insert("X-Request-Id".to_owned(), request_id().into());
    response.headers.insert("Link".to_owned(), help(status).into());
    for (on, name, what, example) in [
        (
            401,
            "WWW-Authenticate",
            "The challenge, with `error` as in RFC 6750.",
            "Bearer realm=\"support-requests\", error=\"invalid_token\"",
        ),
        (
            403,
            "WWW-Authenticate",
            "The challenge, with the missing capability as `scope`.",
            "Bearer error=\"insufficient_scope\"",
        ),
        (405, "Allow", "The methods that there are.", "POST"),
        (429, "Retry-After", "Seconds to wait.", "2"),
        (503, "Retry-After", "Seconds to wait.", "5"),
    ] {
        if on == status {
            response.headers.insert(name.to_owned(), header(what, example).into());
        }
    }
    // What comes before the rate says nothing of it, and a 404 never does.
    match status {
        429 => response.headers.extend(rate_limit("\"creator\";r=0;t=2")),
        400 | 408 | 413 | 415 | 422 | 500 | 503 => response.headers.extend(rate_limit("\"creator\";r=28")),
        _ => {}
    }
    response
}

/// What a request of a creator says of their rate, where there is one.
fn rate_limit(remaining: &str) -> [(String, RefOr<Header>); 2] {
    let what = "What remains of your rate in this workspace, as in draft-ietf-httpapi-ratelimit-headers: `r` requests, and \
                where that is 0, `t` seconds until the next. Absent where no rate is set, and where the \
                request was refused before it was counted.";
    let policy = "The rate: `q` requests in `w` seconds. Absent as `RateLimit` is.";
    [("RateLimit", what, remaining), ("RateLimit-Policy", policy, "\"creator\";q=30;w=60")]
        .map(|(name, what, example)| (name.to_owned(), header(what, example).into()))
}

fn request_id() -> Header {
    header("The id of this request: the caller's if it was a sane one, else made here.", "01KG9X6M3ZQ0V4T8R2N5B7C1D9")
}

fn help(status: u16) -> Header {
    let what = "With `rel=\"help\"`, where the error is explained: the section of its code, relative to the address that \
                was called. Absent where the pages under `/docs/` are switched off.";
    let code = TABLE.iter().find(|row| row.status == status).map_or("", |row| row.code);
    header(what, &format!("<../../../../docs/errors#{code}>; rel=\"help\""))
}

fn header(what: &str, example: &str) -> Header {
    let mut header = Header::new(Object::with_type(Type::String));
    header.description = Some(what.to_owned());
    header.example = Some(json!(example));
    header
}

/// What the macros cannot say of the input. Optional fields are just optional in the document: generated clients leave
/// out what is not there. The pattern of an address is the one that the service goes by.
fn finish_input(components: &mut Components) {
    let Some(RefOr::T(Schema::Object(input))) = components.schemas.get_mut("SupportRequestInput") else { return };
    for (name, property) in &mut input.properties {
        let RefOr::T(Schema::Object(field)) = property else { continue };
        if let SchemaType::Array(types) = &mut field.schema_type {
            types.retain(|kind| *kind != Type::Null);
            if let [only] = types.as_slice() {
                field.schema_type = only.clone().into();
            }
        }
        if name == "contact_email" {
            field.pattern = Some(EMAIL_PATTERN.clone());
        }
    }
}
