//! The document as it is served: two editions, from any origin, compressed, with a validator, for where it is.

use std::io::Read as _;

use serde_json::{Value, json};
use support_requests::http::{docs::Docs, openapi};

use crate::harness::*;

/// Where each edition is served, and the text that is committed.
type Edition = (&'static str, fn() -> &'static str);

const EDITIONS: [Edition; 2] = [("/openapi.json", openapi::json), ("/openapi-3.0.json", openapi::json_3_0)];

/// A document without what depends on where it is served.
fn placeless(mut document: Value) -> Value {
    *document.pointer_mut("/servers/0/url").expect("there is a server") = Value::Null;
    document.as_object_mut().unwrap().remove("externalDocs");
    document
}

/// Whatever a served document says on any answer.
#[track_caller]
fn assert_cacheable_by_anybody(answer: &Answer) {
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("cache-control"), Some("no-cache"));
    assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
    let tag = answer.header("etag").expect("there is a validator");
    assert!(tag.starts_with('"') && tag.len() >= 18, "{tag}");
}

on_both_databases!(both_editions_are_served_as_they_are_committed_but_for_where_the_service_is, async |database| {
    let app = App::start(database).await;
    for (path, committed) in EDITIONS {
        let committed: Value = serde_json::from_str(committed()).unwrap();
        let answer = app.get(path).header("origin", "https://anywhere.example").send().await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
        assert_cacheable_by_anybody(&answer);
        let served = answer.json();
        // Relative to the document's own address, so that it holds behind a path prefix.
        assert_eq!(served["servers"], json!([{"url": "."}]));
        assert_eq!(served.get("externalDocs"), None, "there is no whole address to name");
        assert_eq!(committed["servers"], json!([{"url": "/"}]));
        assert_eq!(placeless(served), placeless(committed));
    }
    app.finish().await;
});

on_both_databases!(where_a_public_url_is_set_both_editions_name_it, async |database| {
    let app = App::build().public_url("https://platform.example/support/").start(database).await;
    for (path, committed) in EDITIONS {
        let served = app.get(path).send().await.json();
        assert_eq!(served["servers"], json!([{"url": "https://platform.example/support"}]));
        assert_eq!(served["externalDocs"]["url"], "https://platform.example/support/docs/errors");
        assert_eq!(placeless(served), placeless(serde_json::from_str(committed()).unwrap()));
    }
    app.finish().await;
});

on_both_databases!(a_document_names_no_page_of_a_service_that_has_none, async |database| {
    let app = App::build().public_url("https://platform.example").docs(Docs::Off).start(database).await;
    for (path, _) in EDITIONS {
        let served = app.get(path).send().await.json();
        assert_eq!(served["servers"], json!([{"url": "https://platform.example"}]));
        assert_eq!(served.get("externalDocs"), None);
    }
    app.finish().await;
});

on_both_databases!(who_has_the_document_is_told_that_nothing_has_changed, async |database| {
    let app = App::start(database).await;
    for (path, _) in EDITIONS {
        for encoding in ["identity", "gzip"] {
            let ask = || app.get(path).header("accept-encoding", encoding);
            let first = ask().send().await;
            let tag = first.header("etag").unwrap();
            for known in [tag.to_owned(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
                let again = ask().header("if-none-match", &known).send().await;
                assert_eq!((again.status, again.bytes.len()), (304, 0), "{known}");
                assert_cacheable_by_anybody(&again);
                assert_eq!(again.header("etag"), Some(tag));
            }
            let other = ask().header("if-none-match", "\"other\"").send().await;
            assert_eq!((other.status, &other.bytes), (200, &first.bytes));
        }
    }
    app.finish().await;
});

on_both_databases!(the_document_is_compressed_for_who_reads_gzip, async |database| {
    let app = App::start(database).await;
    for (path, _) in EDITIONS {
        let plain = app.get(path).send().await;
        assert_eq!(plain.header("content-encoding"), None);
        for accepts in ["gzip", "deflate, gzip;q=0.5, br", "GZIP", "gzip, identity;q=0"] {
            let answer = app.get(path).header("accept-encoding", accepts).send().await;
            assert_cacheable_by_anybody(&answer);
            assert_eq!(answer.header("content-encoding"), Some("gzip"), "{accepts}");
            assert!(answer.bytes.len() * 3 < plain.bytes.len(), "{} of {}", answer.bytes.len(), plain.bytes.len());
            let mut read = Vec::new();
            flate2::read::GzDecoder::new(answer.bytes.as_slice()).read_to_end(&mut read).unwrap();
            assert!(read == plain.bytes);
            assert_ne!(answer.header("etag"), plain.header("etag"), "other bytes, another validator");
        }
        for accepts in ["", "identity", "br", "gzip;q=0", "gzip;q=0.1, identity;q=0.5"] {
            let answer = app.get(path).header("accept-encoding", accepts).send().await;
            assert_eq!((answer.header("content-encoding"), &answer.bytes), (None, &plain.bytes), "{accepts}");
        }
        let head = app.get(path).method(reqwest::Method::HEAD).send().await;
        assert_eq!((head.status, head.bytes.len(), head.header("etag")), (200, 0, plain.header("etag")));
    }
    app.finish().await;
});

/// What OpenAPI 3.0 does not have, or has in another form, among the members of an object.
fn only_in_3_1(at: &str, members: &serde_json::Map<String, Value>) -> Option<String> {
    let is_schema = !at.ends_with("/properties") && !at.ends_with("/examples");
    let new = [
        "const",
        "$defs",
        "$schema",
        "$id",
        "if",
        "prefixItems",
        "patternProperties",
        "propertyNames",
        "contentEncoding",
        "contentMediaType",
        "webhooks",
        "jsonSchemaDialect",
        "identifier",
        "pathItems",
        "dependentRequired",
        "contains",
        "unevaluatedProperties",
    ];
    if let Some(name) = members.keys().find(|name| is_schema && new.contains(&name.as_str())) {
        return Some(format!("{at}: {name}"));
    }
    if members.get("type").is_some_and(|kind| kind.is_array() || kind == "null") {
        return Some(format!("{at}: a type that is a list, or null"));
    }
    if members.get("examples").is_some_and(Value::is_array) {
        return Some(format!("{at}: examples of a schema"));
    }
    if ["exclusiveMinimum", "exclusiveMaximum"].iter().any(|name| members.get(*name).is_some_and(Value::is_number)) {
        return Some(format!("{at}: a bound that is excluded by a number"));
    }
    (members.contains_key("$ref") && members.len() > 1).then(|| format!("{at}: something beside a $ref"))
}

fn all_only_in_3_1(at: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        // What an example holds is no schema.
        Value::Object(_) if at.ends_with("/value") || at.ends_with("/example") => {}
        Value::Object(members) => {
            found.extend(only_in_3_1(at, members));
            members.iter().for_each(|(name, member)| all_only_in_3_1(&format!("{at}/{name}"), member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| all_only_in_3_1(at, item, found)),
        _ => {}
    }
}

#[test]
fn the_3_0_edition_holds_nothing_that_3_0_does_not_have() {
    let found_in = |text: &str| {
        let mut found = Vec::new();
        all_only_in_3_1("", &serde_json::from_str(text).unwrap(), &mut found);
        found
    };
    assert_eq!(found_in(openapi::json_3_0()), Vec::<String>::new());
    // What is looked for is there in the 3.1 document.
    assert!(found_in(openapi::json()).len() >= 3, "{:?}", found_in(openapi::json()));
}

#[test]
fn the_3_0_edition_is_the_same_document_in_the_words_of_3_0() {
    let [newer, older]: [Value; 2] =
        [openapi::json(), openapi::json_3_0()].map(|text| serde_json::from_str(text).unwrap());
    assert_eq!(older["openapi"], "3.0.3");
    let said = older["info"]["description"].as_str().unwrap();
    assert!(said.starts_with(newer["info"]["description"].as_str().unwrap()));
    // Some tools for 3.0 read no other media type; the document says what is sent.
    assert!(said.contains("`application/problem+json`"));
    // In the same order: the tenant's operation is the first that anybody sees.
    let assert_in_order = |text: &str| {
        let at = |path: &str| text.find(&format!("\"{path}\": {{")).unwrap_or_else(|| panic!("{path} is missing"));
        let places =
            ["/workspaces/{workspace}/tenants/{tenant}/support-requests", Endpoint::Run.template(), "/livez"].map(at);
        assert!(places.is_sorted(), "{places:?}");
    };
    assert_in_order(openapi::json());
    assert_in_order(openapi::json_3_0());
    let back = openapi::json_3_0().replace("application/json", "application/problem+json");
    let there = openapi::json().replace("application/json", "application/problem+json");
    let paths = |text: &str| serde_json::from_str::<Value>(text).unwrap()["paths"].clone();
    assert_eq!(paths(&back), paths(&there));
    for name in newer["components"]["schemas"].as_object().unwrap().keys() {
        let [newer, older] = [&newer, &older].map(|document| &document["components"]["schemas"][name]);
        for same in ["type", "required", "additionalProperties", "enum", "example"] {
            assert_eq!(newer[same], older[same], "{name}");
        }
    }
}
