//! One 404 for everything: nobody can find out by asking which tenants and runs there are.

use crate::harness::*;

/// Paths that name nothing, for a caller who belongs to every tenant of `acme` and to nothing else.
fn unknown_paths() -> Vec<(&'static str, Vec<u8>)> {
    let mut paths: Vec<(&str, Vec<u8>)> = Vec::new();
    for endpoint in Endpoint::BOTH {
        for (story, workspace, tenant) in [
            ("unknown workspace", "hooli", "contoso"),
            ("workspace of others", "globex", "initech"),
            ("unknown tenant", "acme", "northwind"),
            ("tenant of another workspace", "acme", "initech"),
            ("the tenant that stands for all", "acme", "*"),
            ("malformed workspace", "-acme", "contoso"),
            ("malformed tenant", "acme", "_contoso"),
            ("tenant with a space", "acme", "con%20toso"),
            ("tenant with a NUL", "acme", "contoso%00"),
            ("tenant with a slash", "acme", "con%2Ftoso"),
            ("tenant with a line break", "acme", "contoso%0A"),
            ("tenant that goes up", "acme", "%2e%2e"),
            ("tenant outside ASCII", "acme", "cont%C3%B6so"),
            ("tenant that is not UTF-8", "acme", "cont%FFso"),
            ("workspace that is not UTF-8", "%C3%28", "contoso"),
            ("tenant of 65 characters", "acme", "ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt"),
            ("empty tenant", "acme", ""),
        ] {
            paths.push((story, endpoint.path(workspace, tenant, "run-1042").into_bytes()));
        }
    }
    let runs = ["run-9", "run-2001", "run-7", "-run", "run%FF", "run%00", "*", ".."];
    paths.extend(runs.map(|run| ("run", Endpoint::Run.path("acme", "contoso", run).into_bytes())));
    paths.extend(
        ["/nothing", "/workspaces", "/workspaces/acme/tenants/contoso", "//", "/support-requests"]
            .map(|path| ("unknown route", path.into())),
    );
    paths.push(("a slash too many", format!("{}/", Endpoint::Tenant.home()).into_bytes()));
    paths.push(("an id after it", format!("{}/SR-01", Endpoint::Tenant.home()).into_bytes()));
    paths
}

on_both_databases!(every_404_is_the_same_bytes_but_for_the_request_id, async |database| {
    // With a rate: some of these callers are counted, and some are not.
    let app = App::build().rate("1000000/h").start(database).await;
    let token = app.token();
    let ask = async |path: &[u8]| {
        let request = RawRequest::new("POST", path).bearer(&token).json().body(app.report().to_string());
        request.send(&app).await
    };
    ask(Endpoint::Run.home().as_bytes()).await.created();
    let first = ask(Endpoint::Tenant.path("acme", "northwind", "").as_bytes()).await;
    first.is(404, "not_found");
    for (story, path) in unknown_paths() {
        let answer = ask(&path).await;
        let path = String::from_utf8_lossy(&path);
        assert_eq!(answer.status_and_headers(), first.status_and_headers(), "{story}: {path}");
        // Relative to the path, and of how many steps that has nothing else.
        let up = "../".repeat(path.matches('/').count().saturating_sub(1));
        assert_eq!(answer.header("link"), Some(format!("<{up}docs/errors#not_found>; rel=\"help\"").as_str()));
        assert_eq!(answer.bytes_but_for_the_request_id(), first.bytes_but_for_the_request_id(), "{story}: {path}");
    }
    app.assert_nothing_new().await;
    app.finish().await;
});

on_both_databases!(a_404_treats_the_connection_alike_whether_the_caller_belongs_there_or_not, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let token = app.token();
        let ask = async |workspace: &str, tenant: &str| {
            let path = endpoint.path(workspace, tenant, "run-1042");
            let answer =
                RawRequest::new("POST", path).bearer(&token).json().body(app.report().to_string()).send(&app).await;
            answer.is(404, "not_found");
            answer.header("connection").map(str::to_owned)
        };
        let not_there = ask("acme", "northwind").await;
        let of_others = ask("globex", "initech").await;
        assert_eq!(not_there, of_others, "the Connection header tells the two apart");
    }
    app.finish().await;
});

on_both_databases!(a_run_of_another_tenant_is_not_found_even_by_a_caller_who_belongs_to_both, async |database| {
    let app = App::start(database).await;
    let send = async |tenant: &str, run: &str| {
        app.create(Endpoint::Run).path(Endpoint::Run.path("acme", tenant, run)).send().await
    };
    send("contoso", "run-1042").await.created();
    send("fabrikam", "run-2001").await.created();
    send("contoso", "run-2001").await.is(404, "not_found");
    send("fabrikam", "run-1042").await.is(404, "not_found");
    app.finish().await;
});

on_both_databases!(ids_of_every_allowed_form_are_looked_up_as_they_are_spelt, async |database| {
    let app = App::start(database).await;
    let longest = "T".repeat(64);
    for endpoint in Endpoint::BOTH {
        for id in ["0", "A.b_c-D", "a..", longest.as_str()] {
            app.world.references(Told::Says(serde_json::json!({})));
            let receipt = app.create(endpoint).path(endpoint.path("acme", id, id)).send().await.created();
            assert_eq!(receipt["primary_context"]["id"], id);
            app.world.references(Told::Usual);
            app.create(endpoint).path(endpoint.path("acme", id, id)).send().await.is(404, "not_found");
        }
    }
    app.finish().await;
});

on_both_databases!(a_request_line_that_is_no_http_gets_a_400_before_there_is_a_request, async |database| {
    let app = App::start(database).await;
    for path in [&b"/workspaces/acme/tenants/\xff/support-requests"[..], b"/a b"] {
        let mut connection = Connection::open(&app).await;
        connection.write(&RawRequest::new("POST", path).bearer(&app.token()).json().body("{}").bytes()).await;
        // No request, so no request id and no problem: the parser answers, not the service.
        let answer = connection.answer().await.expect("there is an answer");
        assert_eq!((answer.status, answer.bytes), (400, Vec::new()));
        assert!(connection.is_closed().await);
    }
    app.finish().await;
});
