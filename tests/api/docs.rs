//! The page to explore the document with, served from here and from nowhere else.

use crate::harness::*;

/// What a page loads: the values of `src` and `href`.
fn loaded(page: &str) -> Vec<String> {
    let pattern = regex::Regex::new(r#"(?:src|href)="([^"]+)""#).unwrap();
    pattern.captures_iter(page).map(|found| found[1].to_owned()).collect()
}

on_both_databases!(the_page_loads_everything_from_here, async |database| {
    let app = App::start(database).await;
    let moved = app.get("/docs").send().await;
    assert_eq!((moved.status, moved.header("location")), (308, Some("docs/")));
    let page = app.get("/docs/").send().await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    let parts = loaded(&page.text());
    assert!(parts.len() >= 4, "{parts:?}");
    for part in parts {
        assert!(!part.contains("://") && !part.starts_with("//"), "{part} is somebody else's");
        let answer = app.get(&format!("/docs/{}", part.trim_start_matches("./"))).send().await;
        assert_eq!(answer.status, 200, "{part}");
        assert!(!answer.bytes.is_empty(), "{part}");
    }
    let start = app.get("/docs/swagger-initializer.js").send().await.text();
    assert!(start.contains("../openapi.json"), "the page reads our document: {start}");
    assert!(!start.contains("petstore"));
    app.finish().await;
});

on_both_databases!(what_the_page_does_not_have_is_not_found, async |database| {
    let app = App::start(database).await;
    for path in ["/docs/nothing.js", "/docs/../openapi", "/docs/%2e%2e/%2e%2e/etc/passwd", "/docs/a/b"] {
        RawRequest::new("GET", path).header("Content-Length", "0").send(&app).await.is(404, "not_found");
    }
    app.finish().await;
});
