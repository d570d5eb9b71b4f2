//! The document in OpenAPI 3.0, for tools that read no later version: made of the 3.1 document by rewriting what 3.0
//! says in another way. A test reads the result for anything that 3.0 does not have.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The version of the specification: the one that readers of 3.0 know best.
const VERSION: &str = "3.0.3";

/// The licence by an address: 3.0 has no identifiers.
const LICENSE: &str = "https://spdx.org/licenses/MIT.html";

/// What the document says of itself on top.
const NOTE: &str = "\n\n**This edition** is for tools that do not read OpenAPI 3.1; `/openapi.json` is the document. Some of \
    these tools know no media type but `application/json`, so problems stand under that here. The service answers them as \
    `application/problem+json`.";

/// JSON whose members stay in their order, which is the order that people read the document in.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Json {
    Object(IndexMap<String, Self>),
    Array(Vec<Self>),
    Scalar(Value),
}

impl Json {
    fn text(text: &str) -> Self {
        Self::Scalar(text.into())
    }

    fn member(&mut self, name: &str) -> Option<&mut Self> {
        match self {
            Self::Object(members) => members.get_mut(name),
            Self::Array(_) | Self::Scalar(_) => None,
        }
    }
}

/// The 3.0 edition of a 3.1 document.
pub(super) fn of(document: &str) -> serde_json::Result<String> {
    let mut document = rewritten(serde_json::from_str(document)?);
    if let Some(version) = document.member("openapi") {
        *version = Json::text(VERSION);
    }
    if let Some(info) = document.member("info") {
        if let Some(Json::Object(license)) = info.member("license") {
            license.shift_remove("identifier");
            license.insert("url".to_owned(), Json::text(LICENSE));
        }
        if let Some(Json::Scalar(Value::String(description))) = info.member("description") {
            description.push_str(NOTE);
        }
    }
    serde_json::to_string_pretty(&document)
}

fn rewritten(json: Json) -> Json {
    match json {
        Json::Object(members) => Json::Object(beside_reference(members.into_iter().map(member).collect())),
        Json::Array(items) => Json::Array(items.into_iter().map(rewritten).collect()),
        scalar @ Json::Scalar(_) => scalar,
    }
}

fn member((name, value): (String, Json)) -> (String, Json) {
    let name = if name == "application/problem+json" { "application/json".to_owned() } else { name };
    (name, rewritten(value))
}

/// In 3.0 nothing stands beside a `$ref`; `allOf` with one part says the same.
fn beside_reference(mut members: IndexMap<String, Json>) -> IndexMap<String, Json> {
    if members.len() > 1
        && let Some(reference) = members.shift_remove("$ref")
    {
        let part = Json::Object([("$ref".to_owned(), reference)].into());
        members.shift_insert(0, "allOf".to_owned(), Json::Array(vec![part]));
    }
    members
}
