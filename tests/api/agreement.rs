//! The published schema and the service, asked about the same bodies: what one takes the other takes.

use serde_json::{Value, json};
use support_requests::domain::text::{is_blank, lines, one_line};

use crate::{fields::times, harness::*, schema::faults};

/// What the contract exempts: what the service forgives and the schema does not describe, and what no schema can say.
fn is_exempt(document: &Value, schema: &Value, field: &str, value: &Value) -> bool {
    let valid = |value: &Value| faults(document, schema, &json!({"summary": "x", (field): value})).is_empty();
    match value {
        // Forms send it for a field that nobody filled in.
        Value::Null => field != "summary",
        Value::String(text) if matches!(field, "severity" | "include_diagnostics") => is_blank(text),
        Value::String(text) if field == "summary" && is_blank(&one_line(text)) => valid(value),
        Value::String(text) if field == "contact_email" => !valid(value) && valid(&json!(text.trim())),
        // Blanks around a text at its limit, and whatever else goes before its characters are counted.
        Value::String(text) if field == "reproduction_notes" => !valid(value) && valid(&json!(lines(text))),
        Value::String(text) => !valid(value) && valid(&json!(one_line(text))),
        _ => false,
    }
}

/// Values that are tried in every field.
fn values() -> Vec<Value> {
    let mut values = vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1.5),
        json!([]),
        json!(["x"]),
        json!({}),
        json!({"a": "b"}),
    ];
    let limits = [1, 120, 121, 200, 201, 254, 255, 10_000, 10_001];
    for text in ["y", "ä", "💥"] {
        values.extend(limits.map(|limit| json!(times(limit, text))));
    }
    values.extend([120, 200, 10_000].map(|limit| json!(format!(" {}\n", times(limit, "y")))));
    values.extend([120, 200, 10_000].map(|limit| json!(format!("\u{1b}[1m{}\u{1b}[0m", times(limit, "y")))));
    values.extend([118, 198].map(|limit| json!(format!("{}\r\n\ty", times(limit, "y")))));
    values.extend(('\0'..='\u{a0}').filter(|c| !c.is_alphanumeric()).map(|c| json!(format!("a{c}b"))));
    for text in [
        "",
        " ",
        "\t\r\n",
        "\u{a0}",
        "\u{3000}",
        "\u{200b}",
        "\u{3164}",
        "\u{2800}",
        "\u{ad}",
        "\u{feff}",
        "\u{fffd}",
        "\u{1b}[31mred\u{1b}[0m",
        "\u{1b}]0;t\u{7}x",
        "\u{1b}[0m",
        "a\tb\nc",
        "low",
        "high ",
        " low",
        "LOW",
        "true",
        "low\n",
    ] {
        values.push(json!(text));
    }
    values
}

/// Addresses, and what looks like one: put together from parts by a counter, so that every run tries the same.
fn addresses() -> Vec<Value> {
    let parts = [
        "a",
        "Ä",
        "@",
        "@",
        ".",
        "-",
        "b.example",
        "müller.example",
        "jörg",
        "山",
        " ",
        "\u{a0}",
        "\u{200b}",
        "\u{1b}[1m",
        "\u{1b}]0;x\u{7}",
        "\u{9b}0m",
        "\0",
        "'",
        "\"",
        "<",
        "💥",
        "_",
        "+",
        "\u{fffd}",
        "\u{1b}",
    ];
    let mut values = vec![
        json!(format!("{}@b.example", times(64, "ö"))),
        json!(format!("{}@b.example", times(65, "ö"))),
        json!(format!("a@{}.example", times(63, "ö"))),
        json!(format!("a@{}.example", times(64, "ö"))),
        json!(format!(" {}@{}.{}.{}.example", times(64, "a"), times(60, "b"), times(60, "c"), times(59, "d"))),
        json!(format!("{}@{}.{}.{}.examples", times(64, "a"), times(60, "b"), times(60, "c"), times(59, "d"))),
    ];
    let mut state = 1_u64;
    let mut next = || {
        // Knuth's MMIX generator; its upper bits are the good ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap()
    };
    for _ in 0..200 {
        let length = 1 + next() % 6;
        values.push(json!((0..length).map(|_| parts[next() % parts.len()]).collect::<String>()));
        values.push(json!(format!("{}jörg@b.example{}", parts[next() % parts.len()], parts[next() % parts.len()])));
    }
    values
}

on_both_databases!(what_the_schema_takes_the_service_takes_and_the_other_way_round, async |database| {
    let app = App::start(database).await;
    let document = app.get("/openapi.json").no_token().send().await.json();
    let schema = &document["components"]["schemas"]["SupportRequestInput"];
    let token = app.token();
    let fields: Vec<&str> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields.len(), 6);
    let address = vec!["contact_email"];
    let (mut accepted, mut refused, mut exempt) = (0, 0, 0);
    for (endpoint, fields, values) in [
        (Endpoint::Tenant, &fields, values()),
        (Endpoint::Run, &fields, values()),
        (Endpoint::Tenant, &address, addresses()),
    ] {
        for field in fields {
            for value in &values {
                let body = json!({"summary": "x", (*field): value});
                let faults = faults(&document, schema, &body);
                let answer = app.create(endpoint).token(&token).body(&body).send().await;
                assert!(matches!(answer.status, 201 | 422), "{}: {}", answer.status, body);
                if is_exempt(&document, schema, field, value) {
                    exempt += 1;
                    assert_ne!(faults.is_empty(), answer.status == 201, "{field} needs no exception for {value:?}");
                } else {
                    let count = if answer.status == 201 { &mut accepted } else { &mut refused };
                    *count += 1;
                    assert_eq!(
                        faults.is_empty(),
                        answer.status == 201,
                        "{field}: {value:?}: {faults:?} {}",
                        answer.text()
                    );
                }
            }
        }
    }
    assert!(accepted > 500 && refused > 500 && exempt > 20, "{accepted} accepted, {refused} refused, {exempt} exempt");
    app.finish().await;
});
