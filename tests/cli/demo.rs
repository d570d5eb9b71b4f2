//! The demo: where it is, what its token is good for, and that production knows nothing of it.

use std::io::Read as _;

use serde_json::{Value, json};

use crate::{
    RUN, TENANT,
    home::{Home, Running, get, post},
    production,
};

const PAGES: [&str; 5] = ["/demo/", "/demo/run.html", "/demo/demo.css", "/demo/demo.js", "/demo/icon.svg"];

fn token(service: &Running) -> String {
    let (status, answer) = service.post("/demo/token", "", &json!({}));
    assert_eq!(status, 200, "{answer}");
    answer["token"].as_str().unwrap().to_owned()
}

#[test]
fn the_demo_is_printed_at_the_first_run_and_its_pages_obey_a_strict_policy() {
    let home = Home::new();
    let mut service = home.serve(&[]);
    let mut page_of_the_first_run = service.child.stdout.take().unwrap();
    for page in PAGES {
        let answer = service.exchange(&get(page)).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{page}: {answer}");
        let policy = answer.lines().find(|line| line.starts_with("content-security-policy: ")).unwrap();
        for word in ["default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"] {
            assert!(policy.contains(word), "{policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
    }
    let moved = service.exchange(&get("/demo")).unwrap();
    assert!(moved.starts_with("HTTP/1.1 308 ") && moved.contains("location: demo/"), "{moved}");
    let said = service.exchange(&post("/demo/token", "", "")).unwrap();
    assert!(said.contains("cache-control: no-store"), "{said}");
    let address = format!("http://{}/demo/", service.address);
    service.terminate();
    let mut printed = String::new();
    page_of_the_first_run.read_to_string(&mut printed).unwrap();
    assert!(printed.contains(&address), "{printed}");
}

#[test]
fn a_token_of_the_demo_is_good_for_its_world_and_nothing_else() {
    let home = Home::new();
    let service = home.serve(&[]);
    let token = token(&service);
    let body = json!({"summary": "From the demo"});
    for path in [TENANT, RUN, &TENANT.replace("contoso", "fabrikam")] {
        assert_eq!(service.post(path, &token, &body).0, 201, "{path}");
    }
    for path in [TENANT.replace("contoso", "northwind"), TENANT.replace("acme", "globex")] {
        assert_eq!(service.post(&path, &token, &body).0, 404, "{path}");
    }
    let claims: Value = serde_json::from_slice(
        &base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, token.split('.').nth(1).unwrap()).unwrap(),
    )
    .unwrap();
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 600);
    assert_eq!(home.ok(&["export", "--including-recent"]).lines().count(), 3);
}

#[test]
fn production_and_a_service_with_keys_or_a_world_of_its_own_have_no_demo() {
    let home = Home::new();
    let production = production(&home);
    let production: Vec<&str> = production.iter().map(String::as_str).collect();
    for args in [&production[..], &["--jwks", "keys.json"], &["--diagnostics", "file:diagnostics"]] {
        let service = home.serve(args);
        for page in PAGES {
            let answer = service.exchange(&get(page)).unwrap();
            assert!(answer.starts_with("HTTP/1.1 404 "), "{args:?} {page}: {answer}");
        }
        let (status, answer) = service.post("/demo/token", "", &json!({}));
        assert_eq!((status, answer["code"].as_str()), (404, Some("not_found")), "{args:?}");
        let module = service.exchange(&get("/elements/request-support.js")).unwrap();
        assert!(module.starts_with("HTTP/1.1 200 "), "the form is there all the same: {module}");
    }
}

#[test]
fn no_page_leads_to_another_that_is_not_there_or_speaks_of_tokens_that_are_not_accepted() {
    let home = Home::new();
    // It writes the keys of a platform.
    production(&home);
    for (args, pages, own_tokens) in [
        (&[][..], &["/demo/", "/demo/run.html", "/docs/", "/docs/errors"][..], true),
        (&["--docs", "off"], &["/demo/", "/demo/run.html"], false),
        (&["--diagnostics", "file:diagnostics"], &["/docs/", "/docs/errors"], true),
        (&["--jwks", "keys.json"], &["/docs/", "/docs/errors"], false),
    ] {
        let service = home.serve(args);
        for page in pages {
            let answer = service.exchange(&get(page)).unwrap();
            assert!(answer.starts_with("HTTP/1.1 200 "), "{args:?} {page}: {answer}");
            let folder = &page[..=page.rfind('/').unwrap()];
            for target in answer.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                if target.starts_with('#') || target.starts_with("data:") || target.starts_with("https:") {
                    continue;
                }
                let path =
                    target.strip_prefix("../").map_or_else(|| format!("{folder}{target}"), |up| format!("/{up}"));
                let path = path.replace("/./", "/");
                let found = service.exchange(&get(path.split('#').next().unwrap())).unwrap();
                assert!(found.starts_with("HTTP/1.1 200 "), "{args:?} {page} leads to {path}: {found:.80}");
            }
        }
        if pages.contains(&"/docs/") {
            let page = service.exchange(&get("/docs/")).unwrap();
            assert_eq!(page.contains("support-requests token"), own_tokens, "{args:?}");
        }
    }
}

#[test]
fn the_element_command_prints_the_hash_and_the_script_that_loads_this_builds_form() {
    let home = Home::new();
    let printed = home.ok(&["element", "--base", "https://support.example/prefix/"]);
    let [integrity, script] = printed.lines().collect::<Vec<_>>()[..] else { panic!("two lines: {printed}") };
    assert!(integrity.starts_with("sha384-") && integrity.len() == 71, "{integrity}");
    let (begin, rest) =
        (r#"<script type="module" src="https://support.example/prefix/elements/"#, "/request-support.js\" ");
    assert!(script.starts_with(begin) && script.contains(rest), "{script}");
    assert!(script.ends_with(&format!(r#"integrity="{integrity}" crossorigin="anonymous"></script>"#)), "{script}");
    assert!(home.ok(&["element"]).contains("src=\"/elements/"));
}
