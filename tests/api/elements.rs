//! The drop-in form as browsers load it: from any origin, compressed, revalidated, and pinned.

use std::io::Read as _;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use reqwest::Method;
use sha2::{Digest as _, Sha384};
use support_requests::http::elements::PinnedModule;

use crate::harness::*;

const MODULE: &str = "/elements/request-support.js";

/// Each file and its media type.
const FILES: [(&str, &str); 9] = [
    (MODULE, "text/javascript; charset=utf-8"),
    ("/elements/request-support.de.json", "application/json"),
    ("/elements/request-support.es.json", "application/json"),
    ("/elements/request-support.fr.json", "application/json"),
    ("/elements/request-support.it.json", "application/json"),
    ("/elements/request-support.nl.json", "application/json"),
    ("/elements/request-support.pt.json", "application/json"),
    ("/elements/request-support.d.ts", "text/plain; charset=utf-8"),
    ("/elements/custom-elements.json", "application/json"),
];

/// The same file under the name of this build.
fn pinned(path: &str) -> String {
    let folder = PinnedModule::of_this_build().path.replace("/request-support.js", "");
    path.replace("/elements", &folder)
}

fn unpacked(gzip: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    flate2::read::GzDecoder::new(gzip).read_to_end(&mut content).unwrap();
    content
}

on_both_databases!(the_form_is_served_to_pages_of_every_origin_plain_and_compressed, async |database| {
    let app = App::start(database).await;
    for (path, content_type) in FILES {
        for (path, caching) in [(path.to_owned(), "no-cache"), (pinned(path), "public, max-age=31536000, immutable")] {
            let plain = app.get(&path).header("origin", "https://anywhere.example").send().await;
            let packed = app.get(&path).header("accept-encoding", "br, gzip;q=0.9").send().await;
            for answer in [&plain, &packed] {
                assert_eq!((answer.status, answer.header("content-type")), (200, Some(content_type)), "{path}");
                assert_eq!(answer.header("cache-control"), Some(caching), "{path}");
                assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
                assert_eq!(answer.header("cross-origin-resource-policy"), Some("cross-origin"));
                assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
            }
            assert_eq!((plain.header("content-encoding"), packed.header("content-encoding")), (None, Some("gzip")));
            assert!(packed.bytes.len() < plain.bytes.len() && unpacked(&packed.bytes) == plain.bytes, "{path}");
        }
    }
    app.finish().await;
});

on_both_databases!(the_form_is_sent_again_only_when_it_has_changed, async |database| {
    let app = App::start(database).await;
    for path in [MODULE.to_owned(), pinned(MODULE)] {
        let mut tags = Vec::new();
        for encoding in ["identity", "gzip"] {
            let asked = || app.get(&path).header("accept-encoding", encoding);
            let tag = asked().send().await.header("etag").unwrap().to_owned();
            for known in [tag.clone(), format!("\"other\", W/{tag}"), "*".to_owned()] {
                let kept = asked().header("if-none-match", known).send().await;
                assert_eq!((kept.status, kept.bytes.len()), (304, 0));
                assert_eq!(kept.header("etag"), Some(tag.as_str()));
                assert_eq!(kept.header("access-control-allow-origin"), Some("*"));
            }
            assert_eq!(asked().header("if-none-match", "\"other\"").send().await.status, 200);
            tags.push(tag);
        }
        assert_ne!(tags[0], tags[1], "two encodings are two representations");
    }
    app.finish().await;
});

on_both_databases!(the_form_can_be_loaded_where_only_some_origins_may_call, async |database| {
    let app = App::build().cors(&["https://admin.example"]).start(database).await;
    for origin in ["https://admin.example", "https://anywhere.example"] {
        let answer = app.get(MODULE).header("origin", origin).send().await;
        let allowed = answer.header("access-control-allow-origin").unwrap();
        assert!(answer.status == 200 && (allowed == "*" || allowed == origin), "{origin}: {allowed}");
    }
    app.finish().await;
});

on_both_databases!(the_hash_of_a_pinned_form_is_that_of_what_is_served, async |database| {
    let app = App::start(database).await;
    let module = PinnedModule::of_this_build();
    let served = app.get(&module.path).send().await;
    let digest = BASE64_STANDARD.encode(Sha384::digest(&served.bytes));
    assert_eq!((served.status, module.integrity), (200, format!("sha384-{digest}")));
    let other = module.path.replace("/elements/", "/elements/0");
    app.get(&other).send().await.is(404, "not_found");
    for path in ["/elements", "/elements/", "/elements/nothing.js", "/elements/../Cargo.toml", "/elements/a/b/c"] {
        app.get(path).send().await.is(404, "not_found");
    }
    app.finish().await;
});

on_both_databases!(the_form_is_at_most_8_kib_on_the_wire, async |database| {
    let app = App::start(database).await;
    let packed = app.get(MODULE).header("accept-encoding", "gzip").send().await.bytes.len();
    assert!(packed <= 8 * 1024, "the form has {packed} bytes in gzip");
    app.finish().await;
});

on_both_databases!(without_the_demo_there_is_no_page_and_no_token_of_it, async |database| {
    let app = App::start(database).await;
    let nothing = app.get("/nothing").send().await;
    for path in ["/demo", "/demo/", "/demo/index.html", "/demo/run.html", "/demo/demo.js", "/demo/token"] {
        for method in [Method::GET, Method::POST] {
            let answer = app.get(path).method(method).send().await;
            answer.is(404, "not_found");
            assert_eq!(answer.bytes_but_for_the_request_id(), nothing.bytes_but_for_the_request_id(), "{path}");
        }
    }
    app.finish().await;
});
