//! The published document, the page to explore it with and the page about errors, served from here and nowhere else.

use std::io::Read as _;

use reqwest::Method;
use support_requests::http::{docs::Docs, problem::TABLE};

use crate::harness::*;

/// What a page loads or leads to: the values of `src` and `href`.
fn linked(page: &str) -> Vec<String> {
    let pattern = regex::Regex::new(r#"(?:src|href)="([^"]+)""#).unwrap();
    pattern.captures_iter(page).map(|found| found[1].to_owned()).collect()
}

/// The files of a page, by their paths.
fn files(page: &Answer) -> Vec<String> {
    let file = regex::Regex::new(r"^[\w.-]+\.(?:js|css)$").unwrap();
    linked(&page.text()).iter().filter(|name| file.is_match(name)).map(|name| format!("/docs/{name}")).collect()
}

on_both_databases!(the_pages_load_everything_from_here, async |database| {
    let app = App::start(database).await;
    let moved = app.get("/docs").send().await;
    assert_eq!((moved.status, moved.header("location")), (308, Some("docs/")));
    for (path, files_of_page) in [("/docs/", 4), ("/docs/errors", 1)] {
        let page = app.get(path).send().await;
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
        assert!(!page.text().contains("{{"), "a name was not filled in: {}", page.text());
        for link in linked(&page.text()) {
            // Behind a prefix, an address from the root would lead somewhere else.
            assert!(!link.contains("://") && !link.starts_with('/'), "{link} in {path}");
        }
        assert_eq!(files(&page).len(), files_of_page, "{path}");
        for file in files(&page) {
            let answer = app.get(&file).send().await;
            assert_eq!(answer.status, 200, "{file}");
            assert!(answer.bytes.len() > 500, "{file}");
        }
    }
    app.finish().await;
});

on_both_databases!(a_page_may_load_what_is_here_and_run_nothing_else_and_nobody_may_frame_it, async |database| {
    let app = App::start(database).await;
    let inline = regex::Regex::new(r"<script>|<style|\sstyle=|\son\w+=").unwrap();
    for path in ["/docs/", "/docs/errors"] {
        let page = app.get(path).send().await;
        let policy = page.header("content-security-policy").unwrap();
        for directive in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"] {
            assert!(policy.split("; ").any(|known| known == directive), "{directive} is not in {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
        assert!(!inline.is_match(&page.text()), "{path}");
    }
    app.finish().await;
});

on_both_databases!(a_page_is_fetched_once_and_asked_about_after_that, async |database| {
    let app = App::start(database).await;
    let page = app.get("/docs/").send().await;
    let pages = ["/docs/", "/docs/errors"].map(|path| (path.to_owned(), "no-cache"));
    let files = files(&page).into_iter().map(|path| (path, "public, max-age=31536000, immutable"));
    for (path, caching) in pages.into_iter().chain(files) {
        let mut tags = Vec::new();
        for encoding in ["identity", "gzip", "gzip, deflate, br, zstd"] {
            let ask = || app.get(&path).header("accept-encoding", encoding);
            let whole = ask().send().await;
            assert_eq!((whole.status, whole.header("cache-control")), (200, Some(caching)), "{path}");
            assert!(whole.header("vary").unwrap().to_lowercase().contains("accept-encoding"));
            let gzip = whole.header("content-encoding").map(str::to_owned);
            assert_eq!(gzip.as_deref(), encoding.contains("gzip").then_some("gzip"), "{path}");
            let tag = whole.header("etag").unwrap().to_owned();
            let from_a_proxy = format!("\"another\", W/{tag}");
            for known in [tag.as_str(), &from_a_proxy, "*"] {
                let same = ask().header("if-none-match", known).send().await;
                assert_eq!((same.status, same.bytes.len()), (304, 0), "{path}: {known}");
                assert_eq!((same.header("etag"), same.header("cache-control")), (Some(tag.as_str()), Some(caching)));
            }
            let other = ask().header("if-none-match", "\"another\"").send().await;
            assert_eq!((other.status, &other.bytes), (200, &whole.bytes));
            tags.push((tag, whole.bytes));
        }
        assert_ne!(tags[0].0, tags[1].0, "a strong tag names the bytes, and these differ: {path}");
        assert_eq!(tags[1], tags[2]);
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(tags[1].1.as_slice()).read_to_end(&mut unpacked).unwrap();
        assert!(unpacked == tags[0].1 && tags[1].1.len() < unpacked.len(), "{path}");
    }
    app.finish().await;
});

on_both_databases!(a_browser_that_comes_again_loads_next_to_nothing, async |database| {
    let app = App::start(database).await;
    let page = app.get("/docs/").header("accept-encoding", "gzip").send().await;
    let mut first = page.bytes.len();
    let names = app.get("/docs/").send().await;
    for file in files(&names) {
        first += app.get(&file).header("accept-encoding", "gzip").send().await.bytes.len();
    }
    assert!((300_000..600_000).contains(&first), "the first visit is {first} bytes");
    let tag = page.header("etag").unwrap();
    let again = app.get("/docs/").header("accept-encoding", "gzip").header("if-none-match", tag).send().await;
    assert_eq!((again.status, again.bytes.len()), (304, 0));
    app.finish().await;
});

on_both_databases!(what_the_pages_do_not_have_is_not_found, async |database| {
    let app = App::start(database).await;
    let others = ["/docs/nothing.js", "/docs/swagger-ui-standalone-preset.js", "/docs/index.html", "/docs/a/b"];
    for path in others.into_iter().chain(["/docs/../openapi", "/docs/%2e%2e/%2e%2e/etc/passwd", "/docs/errors/"]) {
        RawRequest::new("GET", path).header("Content-Length", "0").send(&app).await.is(404, "not_found");
    }
    app.finish().await;
});

on_both_databases!(the_page_says_that_execute_stores_for_good_and_where_a_token_comes_from, async |database| {
    let app = App::start(database).await;
    let page = app.get("/docs/").send().await.text();
    assert!(page.contains("<strong>Execute stores for good.</strong>"));
    assert!(page.contains("support-requests token") && !page.contains("demo"), "there is none here: {page}");
    for target in ["\"errors\"", "\"../openapi.json\""] {
        assert!(page.contains(target), "{target}");
    }
    let home = app.get("/").send().await;
    assert_eq!((home.status, home.header("location")), (307, Some("docs/")));
    app.finish().await;
});

on_both_databases!(in_production_the_platform_issues_the_tokens_and_nothing_is_at_the_root, async |database| {
    let app = App::build().docs(Docs::Production).start(database).await;
    let page = app.get("/docs/").send().await.text();
    assert!(page.contains("<strong>Execute stores for good.</strong>") && page.contains("comes from your platform"));
    assert!(!page.contains("support-requests token") && !page.contains("demo"), "{page}");
    app.get("/").send().await.is(404, "not_found");
    assert_eq!(app.get("/docs/errors").send().await.status, 200);
    app.finish().await;
});

on_both_databases!(where_the_pages_are_left_out_nothing_leads_to_them, async |database| {
    let app = App::build().docs(Docs::Off).start(database).await;
    for path in ["/", "/docs", "/docs/", "/docs/errors", "/docs/index.html"] {
        for method in [Method::GET, Method::POST] {
            let answer = app.get(path).method(method).send().await;
            answer.is(404, "not_found");
            assert_eq!(answer.header("link"), None);
        }
    }
    let refused = app.create(Endpoint::Tenant).no_token().send().await;
    assert_eq!((refused.status, refused.header("link")), (401, None));
    assert_eq!(app.get("/openapi.json").send().await.status, 200, "generators need it all the same");
    app.create(Endpoint::Tenant).send().await.created();
    app.finish().await;
});

on_both_databases!(the_page_about_errors_explains_every_code_under_its_anchor, async |database| {
    let app = App::start(database).await;
    let page = app.get("/docs/errors").send().await.text();
    for row in TABLE {
        let (code, title) = (row.code, row.title);
        let listed = format!("<li><a href=\"#{code}\">{} <code>{code}</code></a> {title}</li>", row.status);
        let type_uri = format!("<dt>type</dt><dd><code>urn:support-requests:problem:{code}</code></dd>");
        let heading = format!("<h2 id=\"{code}\"><a href=\"#{code}\">{code}</a></h2>");
        for part in [listed, heading, type_uri] {
            assert_eq!(page.matches(&part).count(), 1, "{part}");
        }
    }
    assert_eq!(page.matches("<h2").count(), TABLE.len());
    // Files of the specification are not served.
    assert!(!linked(&page).iter().any(|link| link.contains(".md")), "{:?}", linked(&page));
    assert!(page.contains("Look the text up among the faults of tokens."), "what a link said stays");
    app.finish().await;
});

/// Where a client that called `base` arrives by the answer's `Link` to the explanation.
fn explained_at(base: &str, answer: &Answer) -> String {
    let link = answer.header("link").unwrap_or_else(|| panic!("{base}: no Link"));
    let target = link.strip_prefix('<').and_then(|rest| rest.strip_suffix(">; rel=\"help\"")).expect(link);
    url::Url::parse(base).unwrap().join(target).unwrap().into()
}

on_both_databases!(every_error_leads_to_its_explanation_behind_a_prefix_too, async |database| {
    let app = App::build().rate("2/h").start(database).await;
    let unknown = Endpoint::Run.path("acme", "northwind", "run-1042");
    let (run, tenant) = (Endpoint::Run.home(), Endpoint::Tenant.home());
    let mut explained = 0;
    for (path, call, code) in [
        (tenant.as_str(), app.create(Endpoint::Tenant).no_token(), "missing_token"),
        (&tenant, app.create(Endpoint::Tenant).token("x"), "invalid_token"),
        (&tenant, app.create(Endpoint::Tenant).method(Method::PUT), "method_not_allowed"),
        (&run, app.create(Endpoint::Run).bytes("{}"), "invalid_fields"),
        (&unknown, app.create(Endpoint::Run).path(unknown.clone()), "not_found"),
        (&run, app.create(Endpoint::Run), "too_many_requests"),
        ("/", app.get("/").method(Method::POST), "method_not_allowed"),
        ("/nothing", app.get("/nothing?a/b/c"), "not_found"),
        ("/docs/nothing.js", app.get("/docs/nothing.js"), "not_found"),
        ("//", app.get("//"), "not_found"),
        ("/a//b/", app.get("/a//b/"), "not_found"),
    ] {
        let answer = call.send().await;
        assert_eq!(answer.code(), code, "{path}");
        for prefix in ["", "/support", "/api/v1/support"] {
            let base = format!("https://platform.example{prefix}");
            assert_eq!(explained_at(&format!("{base}{path}"), &answer), format!("{base}/docs/errors#{code}"));
            explained += 1;
        }
    }
    assert_eq!(explained, 33);
    let deep = app.get(&"/x".repeat(17)).send().await;
    assert_eq!((deep.status, deep.header("link")), (404, None), "a header as long as the path would be too much");
    assert_eq!(app.get("/livez").send().await.header("link"), None, "where all is well there is nothing to explain");
    app.finish().await;
});
