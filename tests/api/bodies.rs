//! The body before its fields: media type, size, time, JSON.

use std::time::Duration;

use serde_json::json;

use crate::harness::*;

on_both_databases!(a_body_of_131072_bytes_is_taken_and_one_of_131073_is_not, async |database| {
    let app = App::start(database).await;
    let token = app.token();
    for endpoint in Endpoint::BOTH {
        let report = app.report().to_string();
        let of_size = |size: usize| " ".repeat(size - report.len()) + &report;
        let request = || RawRequest::new("POST", endpoint.home()).bearer(&token).json();
        request().body(of_size(131_072)).send(&app).await.created();
        request().chunked(of_size(131_072), 1000).send(&app).await.created();
        for (size, chunk) in [(131_073, 131_073), (131_073, 1000), (140_000, 13)] {
            request().chunked(of_size(size), chunk).send(&app).await.is(413, "body_too_large");
        }
        request().body(of_size(131_073)).send(&app).await.is(413, "body_too_large");
        app.assert_nothing_new().await;
    }
    app.finish().await;
});

on_both_databases!(a_declared_length_over_the_limit_is_refused_before_a_byte_of_the_body_arrives, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let request = RawRequest::new("POST", endpoint.home())
            .bearer(&app.token())
            .json()
            .header("Content-Length", "99999999999");
        let mut connection = Connection::open(&app).await;
        connection.write(&request.head()).await;
        let answer = connection.answer().await.expect("nobody waits for the body");
        app.received(&answer);
        answer.is(413, "body_too_large");
    }
    app.finish().await;
});

on_both_databases!(only_json_in_utf_8_and_unpacked_is_taken, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        for good in [
            "application/json",
            "APPLICATION/JSON",
            "application/json; charset=utf-8",
            "application/json;charset=UTF-8",
            "application/json ; charset=\"utf-8\"",
            "application/json; charset=utf8",
            "application/json;charset=UTF8",
            "application/json; charset=us-ascii",
            "application/json; CHARSET=\"US-ASCII\"",
            "application/json; charset=ascii",
            "application/json; charset=ANSI_X3.4-1968",
            "application/json; charset='utf-8'",
            "application/json; charset=",
            "application/json;",
            "application/json; profile=\"a;charset=utf-16\"; v=1",
            "application/json; charset=utf-8; odata.metadata=minimal",
        ] {
            app.create(endpoint).header("content-type", good).send().await.created();
        }
        for bad in [
            "",
            "text/plain",
            "text/json",
            "application/jsonx",
            "application/problem+json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json; charset=iso-8859-1",
            "application/json; charset=utf-16",
            "application/json; charset=utf-16le",
            "application/json; charset=utf-7",
            "application/json; charset=latin1",
            "application/json; charset=windows-1252",
            "application/json; charset=ütf8",
            "application/json; charset=utf-8; charset=utf-16",
            "application/json; charset=utf-8, text/plain",
            "application/json, text/plain",
        ] {
            app.create(endpoint).header("content-type", bad).send().await.is(415, "unsupported_media_type");
        }
        app.create(endpoint).no_content_type().send().await.is(415, "unsupported_media_type");
        for encoding in ["", "identity", "Identity", " ", "identity, identity"] {
            app.create(endpoint).header("content-encoding", encoding).send().await.created();
        }
        for encoding in ["gzip", "br", "deflate", "zstd", "identity, gzip", ", gzip", "utf-8"] {
            app.create(endpoint).header("content-encoding", encoding).send().await.is(415, "unsupported_media_type");
        }
        app.assert_nothing_new().await;
    }
    app.finish().await;
});

on_both_databases!(a_body_in_gzip_is_refused_also_where_it_would_be_good_unpacked, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut encoder, app.report().to_string().as_bytes()).unwrap();
        let packed = encoder.finish().unwrap();
        let call = app.create(endpoint).header("content-encoding", "gzip").bytes(packed);
        call.send().await.is(415, "unsupported_media_type");
    }
    app.finish().await;
});

on_both_databases!(a_body_that_does_not_arrive_in_time_is_given_up_and_nothing_is_stored, async |database| {
    let app = App::build().request_timeout(Duration::from_millis(300)).start(database).await;
    let body = app.report().to_string();
    for endpoint in Endpoint::BOTH {
        for arrived in [0, 1, body.len() - 1] {
            let request = RawRequest::new("POST", endpoint.home()).bearer(&app.token()).json();
            let head = request.header("Content-Length", body.len().to_string()).head();
            let mut connection = Connection::open(&app).await;
            connection.write(&head).await;
            connection.write(&body.as_bytes()[..arrived]).await;
            let answer = connection.answer().await.expect("there is an answer");
            app.received(&answer);
            answer.is(408, "request_timeout");
            assert!(connection.is_closed().await, "what still comes must not be taken for another request");
            app.assert_nothing_new().await;
        }
    }
    app.finish().await;
});

on_both_databases!(what_is_not_json_is_refused_without_a_word_of_it, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let canary = app.canary("malformed");
        for bad in [
            String::new(),
            " ".to_owned(),
            canary.clone(),
            format!("{{\"summary\": \"{canary}\""),
            format!("{{\"summary\": \"{canary}\"}} trailing"),
            format!("{{\"summary\": \"{canary}\"}}{{}}"),
            format!("{{'summary': '{canary}'}}"),
            format!("{{\"summary\": \"{canary}\",}}"),
            format!("{{\"summary\": \"{canary}\" /* no */}}"),
            format!("{{\"{canary}\": nul}}"),
            format!("{{\"{canary}\": NaN}}"),
            format!("{{\"{canary}\": 01}}"),
            format!("{{\"summary\": \"{canary}\\ud80\"}}"),
            format!("{{\"summary\": \"{canary}\\ud83d\\\"}}"),
            format!("{{\"summary\": \"{canary}\\x\"}}"),
            format!("{{\"summary\": \"{canary}\n\"}}"),
            format!("\u{feff}\u{feff}{{\"summary\": \"{canary}\"}}"),
            format!("{{\u{feff}\"summary\": \"{canary}\"}}"),
            "\u{feff}".to_owned(),
            format!("{{\"a\": {}{}}}", "[".repeat(500), "]".repeat(500)),
            format!("summary={canary}"),
        ] {
            app.create(endpoint).bytes(bad).send().await.is(400, "malformed_json");
        }
        for bad in [
            &b"{\"summary\": \"\xff\"}"[..],
            b"{\"\xc3\x28\": 1}",
            b"\xff\xfe{\x00}\x00",
            b"\xed\xa0\x80",
            b"{\"a\":\"\xf4\x90\x80\x80\"}",
        ] {
            app.create(endpoint).bytes(bad).send().await.is(400, "malformed_json");
        }
        app.assert_nothing_new().await;
    }
    app.finish().await;
});

on_both_databases!(a_byte_order_mark_in_front_of_a_body_is_passed_over, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        app.create(endpoint).bytes(format!("\u{feff}{}", app.report())).send().await.created();
    }
    app.finish().await;
});

on_both_databases!(json_that_is_no_object_is_a_fault_of_the_whole_body, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        for other in [
            json!([]),
            json!([{"summary": "x"}]),
            json!("summary"),
            json!(1),
            json!(1.5),
            json!(-1),
            json!(true),
            json!(null),
        ] {
            assert_eq!(app.create(endpoint).body(&other).send().await.faults(), [" wrong_type"], "{other}");
        }
        assert_eq!(app.create(endpoint).body(&json!({})).send().await.faults(), ["/summary required"]);
        app.assert_nothing_new().await;
    }
    app.finish().await;
});

on_both_databases!(a_body_that_is_badly_chunked_or_ends_early_stores_nothing, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let head = |framing: &str, value: &str| {
            RawRequest::new("POST", endpoint.home()).bearer(&app.token()).json().header(framing, value).head()
        };
        let body = app.report().to_string();
        for (head, body) in [
            (head("Transfer-Encoding", "chunked"), "zz\r\n{}\r\n0\r\n\r\n".to_owned()),
            (head("Transfer-Encoding", "chunked"), format!("{:x}\r\n{body}", body.len() + 10)),
            (head("Content-Length", &(body.len() + 1).to_string()), body.clone()),
        ] {
            let mut connection = Connection::open(&app).await;
            connection.write(&head).await;
            connection.write(body.as_bytes()).await;
            connection.reset();
        }
        app.create(endpoint).send().await.created();
        app.assert_nothing_new().await;
    }
    app.finish().await;
});
