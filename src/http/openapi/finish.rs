//! What the macros cannot say: path parameters by pattern, the named error responses, headers, examples.

use serde_json::json;
use utoipa::{
    Modify,
    openapi::{
        Components, Object, Ref, RefOr, Required, Type,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn},
        schema::{AdditionalProperties, ObjectBuilder, Schema, SchemaType},
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

use super::{
    examples,
    responses::{error, header, name, rate_limit, request_id},
};
use crate::domain::{
    ids::{PATH_ID_MAX, PATH_ID_PATTERN},
    text::EMAIL_PATTERN,
};

/// What the macros cannot say: path parameters by pattern, the named error responses, headers.
pub(super) struct Finish;

/// The statuses that any create may get.
const CREATE_ERRORS: [u16; 12] = [400, 401, 403, 404, 405, 408, 413, 415, 422, 429, 500, 503];

impl Modify for Finish {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer()));
        for status in CREATE_ERRORS {
            components.responses.insert(name(status).to_owned(), error(status).into());
        }
        finish_input(components);
        finish_answers(components);
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

const BEARER: &str = "A JWT of the platform, without the word `Bearer`. It is verified as RFC 8725 (JSON Web Token Best \
    Current Practices) advises: the algorithm is that of the issuer's key and not what the token says, a key that a token \
    brings along is never used, and `iss`, `aud`, `exp`, `typ` and `crit` are checked.";

fn bearer() -> Http {
    let mut http = Http::new(HttpAuthScheme::Bearer);
    http.bearer_format = Some("JWT".to_owned());
    http.description = Some(BEARER.to_owned());
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
    if let Some(RefOr::T(body)) = &mut operation.request_body
        && let Some(RefOr::T(input)) = body.content.get_mut("application/json")
    {
        input.examples = examples::requests();
    }
    if let Some(RefOr::T(created)) = operation.responses.responses.get_mut("201") {
        created.headers.insert("X-Request-Id".to_owned(), request_id().into());
        created.headers.insert("Cache-Control".to_owned(), header("Always `no-store`.", "no-store").into());
        created.headers.extend(rate_limit("\"creator\";r=29"));
        if let Some(RefOr::T(receipt)) = created.content.get_mut("application/json") {
            receipt.examples = examples::receipts(path);
        }
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

/// Later versions may add members to what is answered: a generated client must not refuse an answer that has one.
fn finish_answers(components: &mut Components) {
    for (name, schema) in &mut components.schemas {
        if let RefOr::T(Schema::Object(object)) = schema
            && name != "SupportRequestInput"
            && object.schema_type == SchemaType::Type(Type::Object)
        {
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(true)));
        }
    }
}
