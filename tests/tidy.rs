//! The fences of the house (specs/architecture.md), each a test.

#[path = "support/redaction_rooms.rs"]
mod redaction_rooms;
#[path = "support/use_trees.rs"]
mod use_trees;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `folder` that ends in `.rs`, as (path from the project's root, text).
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "no sources below {folder}: the fence would hold nothing");
    found
}

/// Every source of the workspace but the benchmarks'.
fn everything() -> impl Iterator<Item = (String, String)> {
    ["src", "tests", "crates/redaction/src", "crates/redaction/tests", "crates/redaction-score/src"]
        .into_iter()
        .flat_map(sources)
}

/// Lines of code: without comments, so that a doc comment may name what the code must not use.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn only_in(word: &str, allowed: &[&str]) {
    let mut places = BTreeSet::new();
    for (name, text) in sources("src") {
        let used = code(&text).any(|(_, line)| line.contains(word));
        if used && allowed.iter().any(|place| name.starts_with(place)) {
            places.insert(name);
        } else {
            assert!(!used, "{word} is used in {name}; it belongs in {allowed:?}");
        }
    }
    assert!(!places.is_empty(), "{word} is used nowhere: the fence holds nothing");
}

#[test]
fn only_the_store_speaks_sql() {
    only_in("sqlx::", &["src/store/", "src/diagnostics/sql"]);
    only_in("rusqlite::", &["src/store/sqlite/groups"]);
}

#[test]
fn only_the_http_room_knows_the_web_framework() {
    only_in("actix_", &["src/http/"]);
    only_in("utoipa", &["src/http/"]);
}

#[test]
fn only_the_http_room_serves_what_browsers_load() {
    only_in("web/", &["src/http/"]);
}

#[test]
fn only_the_auth_room_knows_the_token_library() {
    only_in("jsonwebtoken", &["src/auth/", "src/cli/token.rs"]);
}

#[test]
fn only_one_place_knows_the_library_that_counts_and_one_the_exporter_of_spans() {
    only_in("prometheus_client", &["src/metrics.rs"]);
    only_in("opentelemetry", &["src/trace.rs", "src/telemetry/"]);
}

#[test]
fn only_one_place_knows_standard_output() {
    only_in("stdout()", &["src/cli/output.rs"]);
    for (name, text) in sources("src") {
        for (number, line) in code(&text) {
            let prints = ["println!(", "print!("].iter().any(|word| line.contains(word));
            assert!(!prints, "{name}:{} panics when nobody reads it: use cli::output", number + 1);
        }
    }
}

#[test]
fn only_these_call_anybody_over_http() {
    only_in("reqwest::", &["src/auth/remote/", "src/diagnostics/http", "src/cli/healthcheck.rs"]);
}

#[test]
fn only_the_problem_table_knows_status_codes() {
    // Where a failure's status is chosen (the table), published (the document), or looked at (every answer passes there).
    let knowing = ["src/http/problem.rs", "src/http/openapi.rs", "src/http/finish.rs"];
    // What a handler answers when all is well.
    let well = ["Ok(", "Created(", "NotModified(", "PermanentRedirect(", "TemporaryRedirect("];
    let well = well.map(|name| format!("HttpResponse::{name}"));
    let mut seen = BTreeSet::new();
    for (name, text) in sources("src") {
        for (number, line) in code(&text) {
            let made = line.match_indices("HttpResponse::").any(|(at, _)| {
                let rest = &line[at..];
                rest["HttpResponse::".len()..].starts_with(char::is_uppercase)
                    && !well.iter().any(|ok| rest.starts_with(ok.as_str()))
            });
            if made || line.contains("StatusCode") || line.contains("HttpResponseBuilder") {
                let knows = knowing.into_iter().find(|place| *place == name);
                seen.insert(knows.unwrap_or_else(|| panic!("{name}:{} knows a status code: {line}", number + 1)));
            }
        }
    }
    assert!(seen.contains("src/http/problem.rs"), "the fence holds nothing");
}

/// The rooms that a source text reaches into: by its imports, or by a path written out.
fn reaches<'a>(text: &str, rooms: &[&'a str]) -> BTreeSet<&'a str> {
    let (imported, plain) = (use_trees::imports(text), use_trees::without_comments_and_texts(text));
    let in_crate = |path: &str, room: &str| {
        path.strip_prefix("crate::").is_some_and(|path| path == room || path.starts_with(&format!("{room}::")))
    };
    let is_reached =
        |room: &str| imported.iter().any(|path| in_crate(path, room)) || plain.contains(&format!("crate::{room}::"));
    rooms.iter().copied().filter(|room| is_reached(room)).collect()
}

#[test]
fn an_import_is_seen_however_its_tree_is_nested() {
    let rooms = ["auth", "clock", "config", "domain", "http", "store"];
    let source = "
        use std::{fmt, io::{self, Write as _}};
        use crate::{
            auth::{Expectations, KeyStore}, // http::server
            clock as time, domain::{ids::{RunId,
                TenantId}, request::Scope},
        };
        pub(crate) use crate::store;
        // use crate::config::Settings;
        const TEXT: &str = \"use crate::config::Settings;\";
        fn f() { crate::http::server::start() }
    ";
    let paths = use_trees::imports(source);
    for path in ["std::fmt", "std::io", "std::io::Write", "crate::auth::KeyStore", "crate::clock", "crate::store"] {
        assert!(paths.contains(&path.to_owned()), "{path} is not in {paths:?}");
    }
    assert!(paths.contains(&"crate::domain::ids::TenantId".to_owned()), "{paths:?}");
    assert_eq!(reaches(source, &rooms), BTreeSet::from(["auth", "clock", "domain", "http", "store"]));
    assert_eq!(reaches("use crate::{domain};", &rooms), BTreeSet::from(["domain"]));
    assert_eq!(reaches("use crate::{self, domains::X};", &rooms), BTreeSet::new());
}

#[test]
fn rooms_import_only_from_rooms_above_them_in_the_map() {
    let map = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let rooms: Vec<&str> = map.lines().filter_map(|line| line.strip_prefix("pub mod ")?.split(';').next()).collect();
    assert!(rooms.len() > 10, "the map in lib.rs is no longer read: {rooms:?}");
    let place = |room: &str| rooms.iter().position(|known| *known == room);
    let mut followed = 0;
    for (name, text) in sources("src") {
        let room = name.trim_start_matches("src/").trim_end_matches(".rs").split('/').next().unwrap();
        let Some(here) = place(room) else { continue };
        for other in reaches(&text, &rooms) {
            followed += 1;
            assert!(place(other).unwrap() <= here, "{name} imports from {other}, which is below it in the map");
        }
    }
    assert!(followed > 100, "only {followed} imports were seen");
}

#[test]
fn settings_and_telemetry_are_for_main_and_the_commands_only() {
    for (name, text) in sources("src") {
        let may =
            ["src/cli/", "src/main.rs", "src/config", "src/telemetry"].iter().any(|place| name.starts_with(place));
        assert!(may || reaches(&text, &["config", "telemetry"]).is_empty(), "{name} reads settings");
    }
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |database: &str| -> BTreeSet<String> {
        let folder = root().join("migrations").join(database);
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
    };
    assert!(!names("sqlite").is_empty());
    assert_eq!(names("sqlite"), names("postgres"));
}

#[test]
fn no_lint_is_silenced_without_a_reason() {
    for (name, text) in everything() {
        for (number, line) in code(&text) {
            let silenced =
                line.trim_start().starts_with(concat!("#[al", "low(")) || line.contains(concat!("#![al", "low("));
            assert!(!silenced, "{name}:{}: use expect with a reason", number + 1);
        }
    }
}

#[test]
fn every_problem_has_a_section_that_explains_it_and_every_section_a_problem() {
    let errors = fs::read_to_string(root().join("specs/errors.md")).unwrap();
    let mut sections = errors.split("\n### ").skip(1);
    for row in support_requests::http::problem::TABLE {
        let section = sections.next().unwrap_or_else(|| panic!("specs/errors.md does not explain {}", row.code));
        let facts = format!(
            "{0}\n\n| | |\n|---|---|\n| type | `urn:support-requests:problem:{0}` |\n| status, title | {1}, \"{2}\" |\n",
            row.code, row.status, row.title
        );
        assert!(section.starts_with(&facts), "{section}\n\ndoes not begin with\n\n{facts}");
        let waits = row.retry_after.map(|seconds| format!("`Retry-After: {seconds}`"));
        assert!(waits.is_none_or(|waits| section.contains(&waits)), "{} does not say how long to wait", row.code);
    }
    assert_eq!(sections.next(), None, "no problem has this code");
}

#[test]
fn what_can_be_got_can_be_asked_for_its_head_since_one_place_makes_such_routes() {
    only_in("web::get()", &["src/http/server.rs"]);
    only_in("web::head()", &["src/http/server.rs"]);
    let server = fs::read_to_string(root().join("src/http/server.rs")).unwrap();
    assert_eq!(["web::get()", "web::head()"].map(|route| server.matches(route).count()), [1, 1]);
}

#[test]
fn no_file_is_longer_than_300_lines() {
    for (name, text) in everything() {
        let lines = text.lines().count();
        assert!(lines <= 300, "{name} has {lines} lines: it wants splitting");
    }
}

#[test]
fn a_test_that_cannot_run_here_is_counted_as_skipped_by_one_place() {
    for (name, text) in sources("tests").into_iter().chain(sources("crates/redaction/tests")) {
        let alone = code(&text).any(|(_, line)| line.contains(concat!("print", "ln!(\"skip")));
        assert!(!alone, "{name} skips a test that nobody counts: use support::skipped");
    }
}

/// Whether there is such a file or folder; `*` stands for the rest of a name.
fn is_there(path: &str) -> bool {
    let Some((begin, _)) = path.split_once('*') else { return root().join(path).exists() };
    let (folder, begin) = begin.rsplit_once('/').unwrap_or((".", begin));
    let names = fs::read_dir(root().join(folder)).into_iter().flatten().map(|entry| entry.unwrap().file_name());
    names.into_iter().any(|name| name.to_string_lossy().starts_with(begin))
}

#[test]
fn every_place_that_the_checklist_names_is_there() {
    assert!(is_there("tests/tidy.rs") && is_there("tests/ti*.rs") && !is_there("tests/untidy.rs"));
    let page = fs::read_to_string(root().join("specs/requirements.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with('|'));
    let words = rows.flat_map(|line| line.split('`').skip(1).step_by(2));
    // A path from the root of the project; what begins with a slash is the service's.
    let is_place = |word: &&str| {
        let first = word.split_once('/').map_or("", |(first, _)| first);
        !first.is_empty() && !word.contains(' ') && root().join(first).is_dir()
    };
    let places: Vec<&str> = words.filter(is_place).collect();
    assert!(places.len() > 200, "only {} places were seen", places.len());
    let gone: Vec<&str> = places.into_iter().filter(|place| !is_there(place)).collect();
    assert!(gone.is_empty(), "specs/requirements.md names what is gone: {gone:?}");
}

/// The tests that a page of tables names as `test:NAME`.
fn tests_named_in(page: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(page)).unwrap();
    let rows = text.lines().filter(|line| line.starts_with('|'));
    rows.flat_map(|line| line.split('`').filter_map(|word| word.strip_prefix("test:")).map(str::to_owned)).collect()
}

#[test]
fn every_promise_in_the_checklist_names_a_test_that_exists() {
    let tests: String = everything().map(|(_, text)| text).collect();
    for page in ["specs/requirements.md", "specs/threat-model.md"] {
        let named = tests_named_in(page);
        assert!(named.len() > 30, "{page} names only {} tests", named.len());
        for test in named {
            assert!(
                tests.contains(&format!("fn {test}")) || tests.contains(&format!("{test},")),
                "{page}: no test is called {test}"
            );
        }
    }
}
