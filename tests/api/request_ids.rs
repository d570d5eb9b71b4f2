//! The request id: the caller's where it is a sane one, echoed on every answer, in the row and in the one log line.

use crate::harness::*;

on_both_databases!(a_sane_request_id_is_echoed_and_stored, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let every_sign: String = ('!'..='~').filter(|c| !"\"'\\<>".contains(*c)).collect();
        for sane in ["a", "4bf92f35-77b3:1.a_b", "01KG9X6M3ZQ0V4T8R2N5B7C1D9", &"n-1.".repeat(32), &every_sign] {
            let answer = app.create(endpoint).header("x-request-id", sane).send().await;
            assert_eq!(answer.request_id(), sane);
            let row = app.database.request(answer.created()["reference"].as_str().unwrap()).await;
            assert_eq!(row["request_id"].as_deref(), Some(sane));
            let refused = app.create(endpoint).header("x-request-id", sane).no_token().send().await;
            assert_eq!((refused.status, refused.request_id()), (401, sane));
        }
    }
    app.finish().await;
});

/// Ids as well-known gateways, balancers and platforms make them.
const OF_GATEWAYS: [&str; 16] = [
    // AWS: load balancer, X-Ray, API gateway (also with `=`), CloudFront.
    "Root=1-67891233-abcdef012345678912345678",
    "Self=1-67891234-12456789abcdef012345678;Root=1-67891233-abcdef012345678912345678",
    "1-581cf771-a006649127e371903a2de979",
    "JKJaXmPLvHcESHA=",
    "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
    "3AyGsLtTCWH7mBZ4ZLTGYVY1YAqxJQAWq7gFHnKk0p5L1YPZ3AVXnA==",
    // nginx, Envoy, Kong, HAProxy, Traefik.
    "7f8d3a1b5c2e4f609a8b7c6d5e4f3a2b",
    "b8b4b3b1-0b0a-9c43-8e7b-3e0c1d2f4a5b",
    "a91ba066-5efb-4677-b377-6a6b1a1c8233#17",
    "AC110002:D1E2_0A00020F:01BB_6543210F_0004:0B2C",
    // Cloudflare, Azure, Google Cloud, Heroku, Apigee, Akamai.
    "8f3e2d1c0b9a8f7e-FRA",
    "20261129T101500Z-r1b5c2e4f609a8b7hC1FRAexample0000000000000",
    "105445aa7843bc8bf206b12000100000/1;o=1",
    "01234567-89ab-4cde-8f01-23456789abcd",
    "rrt-0123456789abcdef0-c-ea-12345-67890123-1",
    "0.6f1a1202.1764411200.1a2b3c4d",
];

on_both_databases!(a_request_id_of_a_well_known_gateway_is_kept, async |database| {
    let app = App::start(database).await;
    let token = app.token();
    for endpoint in Endpoint::BOTH {
        for id in OF_GATEWAYS {
            let answer = app.create(endpoint).token(&token).header("x-request-id", id).send().await;
            assert_eq!(answer.request_id(), id);
            let row = app.database.request(answer.created()["reference"].as_str().unwrap()).await;
            assert_eq!(row["request_id"].as_deref(), Some(id));
        }
    }
    app.finish().await;
});

on_both_databases!(a_request_id_that_is_not_sane_is_replaced_and_never_refused, async |database| {
    let app = App::logged().start(database).await;
    for endpoint in Endpoint::BOTH {
        let canary = app.canary("id");
        let too_long = format!("{canary}{}", "x".repeat(128));
        for odd in [
            "",
            " ",
            &format!("{canary} b"),
            &format!("{canary}\"x"),
            &format!("{canary}\u{e9}"),
            &format!("{canary}'"),
            &format!("<{canary}>"),
            &format!("{canary}\\x"),
            &format!("{canary}\tx"),
            &too_long,
        ] {
            let request =
                RawRequest::new("POST", endpoint.home()).bearer(&app.token()).json().header("X-Request-Id", odd);
            let answer = request.body(app.report().to_string()).send(&app).await;
            answer.created();
            assert!(ulid::Ulid::from_string(answer.request_id()).is_ok(), "{odd:?} became {}", answer.request_id());
            assert_eq!(app.answered(answer.request_id())["fields"]["request_id_replaced"], "malformed", "{odd:?}");
        }
        let (first, second) = (app.create(endpoint).send().await, app.create(endpoint).send().await);
        assert_ne!(first.request_id(), second.request_id(), "made here, one each");
    }
    app.finish().await;
});

on_both_databases!(a_request_id_that_looks_like_a_secret_is_replaced, async |database| {
    let app = App::logged().start(database).await;
    for endpoint in Endpoint::BOTH {
        // Assembled here, so that no scanner takes this file for a leak.
        let secrets = [
            format!("{}_{}", "ghp", "16C7e42F292c6912E7710c838347Ae178B4a"),
            format!("{}{}", "AKIA", "Z7Q3M5X2W4V6T8RB"),
            format!("{}-{}", "glpat", "Xy7QBvdEkGr1jTLmN0pW"),
            // Under 128 characters, so of the right form.
            format!(
                "{}.{}.{}",
                "eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiJhbmEifQ", "dBjftJeZ4CVPmB92K27uhbUJU1p1r3wW1gFWFOEjXk"
            ),
        ];
        for secret in secrets {
            app.keep_secret(&secret);
            let answer = app.create(endpoint).header("x-request-id", &secret).send().await;
            answer.created();
            let refused = app.create(endpoint).header("x-request-id", &secret).no_token().send().await;
            refused.is(401, "missing_token");
            for answer in [answer, refused] {
                let line = app.answered(answer.request_id());
                assert_eq!(line["fields"]["request_id_replaced"], "looks_like_a_secret");
            }
            assert!(!app.database.everything().await.contains(&secret));
        }
    }
    app.finish().await;
});

on_both_databases!(each_request_is_one_log_line_that_says_what_became_of_it, async |database| {
    let app = App::logged().start(database).await;
    for endpoint in Endpoint::BOTH {
        let id = format!("log-{}", app.canary("line").to_uppercase() + endpoint.primary_context().0);
        let receipt = app.create(endpoint).header("x-request-id", &id).send().await.created();
        let line = app.answered(&id);
        let fields = line["fields"].clone();
        assert!(fields.get("request_id_replaced").is_none());
        assert_eq!(fields["status"], 201);
        assert_eq!((&fields["workspace"], &fields["tenant"]), (&"acme".into(), &"contoso".into()));
        assert_eq!((&fields["reference"], &fields["mode"]), (&receipt["reference"], &receipt["attachment"]["mode"]));
        assert_eq!((&fields["method"], &fields["route"]), (&"POST".into(), &endpoint.template().into()));
        assert!(fields["milliseconds"].is_u64());
    }
    app.finish().await;
});

on_both_databases!(a_path_that_nobody_vouched_for_is_not_logged, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let canary = app.canary("path");
        app.create(endpoint).path(endpoint.path(&canary, "contoso", "run-1042")).send().await.is(404, "not_found");
        app.create(endpoint).path(format!("{}?secret={canary}", endpoint.home())).send().await.created();
        app.get(&format!("/{canary}")).send().await.is(404, "not_found");
    }
    app.finish().await;
});

on_both_databases!(the_log_line_says_why_a_token_was_refused_and_why_nothing_was_found, async |database| {
    let app = App::logged().start(database).await;
    for endpoint in Endpoint::BOTH {
        let expired = app.token_of(&app.granting("*", &[CREATE]).expires_in(-60));
        let elsewhere = app.token_of(&app.granting("fabrikam", &[CREATE]));
        let of = |tenant: &str| app.create(endpoint).path(endpoint.path("acme", tenant, "run-1042"));
        for (call, status, field, why) in [
            (app.create(endpoint).token(expired), 401, "token_fault", "the token has expired"),
            (app.create(endpoint).token(elsewhere), 404, "not_found", "no entry"),
            (of("cont%20oso"), 404, "not_found", "malformed id"),
            (of("northwind"), 404, "not_found", "unknown to the provider"),
            (app.create(endpoint).path("/nothing"), 404, "not_found", "no such route"),
        ] {
            let answer = call.send().await;
            assert_eq!(answer.status, status);
            let line = app.answered(answer.request_id());
            assert_eq!(line["fields"][field], why, "{line}");
            assert!(status != 404 || !answer.text().contains(why), "the answer never says which 404 it is");
        }
        let created = app.create(endpoint).send().await;
        let line = app.answered(created.request_id());
        assert!(["token_fault", "not_found"].iter().all(|field| line["fields"].get(field).is_none()), "{line}");
    }
    app.finish().await;
});

on_both_databases!(the_trace_that_a_request_says_it_belongs_to_is_in_its_audit_record, async |database| {
    let app = App::start(database).await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let sent = format!("00-{trace}-00f067aa0ba902b7-01");
    for endpoint in Endpoint::BOTH {
        for (header, kept) in [(sent.as_str(), Some(trace)), ("00-nonsense-01", None), ("", None)] {
            let receipt = app.create(endpoint).header("traceparent", header).send().await.created();
            let events = app.database.rows("audit_events").await;
            let event = events.iter().find(|event| event["reference"].as_deref() == receipt["reference"].as_str());
            assert_eq!(event.unwrap()["trace_id"].as_deref(), kept, "{header}");
        }
        let request = RawRequest::new("POST", endpoint.home()).bearer(&app.token()).json();
        let twice = request.header("traceparent", &sent).header("traceparent", &sent);
        let receipt = twice.body(app.report().to_string()).send(&app).await.created();
        let events = app.database.rows("audit_events").await;
        let event = events.iter().find(|event| event["reference"].as_deref() == receipt["reference"].as_str());
        assert_eq!(event.unwrap()["trace_id"], None, "two headers name no one trace");
    }
    app.finish().await;
});
