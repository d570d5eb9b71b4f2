//! Every field, at the edges of its rule.

use serde_json::{Value, json};

use crate::harness::*;

/// What becomes of a value.
pub enum Fate {
    /// It is stored like this.
    Kept(Option<String>),
    /// 422, with this code at the field.
    Refused(&'static str),
}

use Fate::{Kept, Refused};

pub type Case = (&'static str, Value, Fate);

pub fn kept(field: &'static str, value: &str) -> Case {
    (field, json!(value), Kept(Some(value.to_owned())))
}

pub fn kept_as(field: &'static str, value: &str, stored: &str) -> Case {
    (field, json!(value), Kept(Some(stored.to_owned())))
}

pub fn refused(field: &'static str, value: Value, code: &'static str) -> Case {
    (field, value, Refused(code))
}

pub fn times(count: usize, text: &str) -> String {
    text.repeat(count)
}

fn summaries() -> Vec<Case> {
    vec![
        kept("summary", "x"),
        kept("summary", &times(200, "x")),
        kept("summary", &times(200, "💥")),
        kept("summary", "e\u{301} and \u{200b} and \u{202e}"),
        kept_as("summary", &format!("  {}\n", times(200, "x")), &times(200, "x")),
        kept_as("summary", "\t\u{2003}trimmed\u{a0}\r\n", "trimmed"),
        refused("summary", json!(times(201, "x")), "too_long"),
        refused("summary", json!(times(201, "💥")), "too_long"),
        refused("summary", json!(""), "blank"),
        refused("summary", json!(" \u{2003}\t\n"), "blank"),
        refused("summary", Value::Null, "required"),
    ]
}

fn notes() -> Vec<Case> {
    vec![
        kept_as("reproduction_notes", "  1.\r\n\t2.\n ", "1.\r\n\t2."),
        kept("reproduction_notes", "a:\n  - b\n\n\n  - c"),
        kept("reproduction_notes", &times(10_000, " x")[1..10_000]),
        kept("reproduction_notes", &times(10_000, "💥")),
        refused("reproduction_notes", json!(times(10_001, "y")), "too_long"),
        refused("reproduction_notes", json!(times(10_001, "💥")), "too_long"),
    ]
}

fn contacts() -> Vec<Case> {
    let longest = format!("{}@{}.{}.{}.example", times(64, "a"), times(60, "b"), times(60, "c"), times(59, "d"));
    assert_eq!(longest.len(), 254);
    let mut cases = vec![
        kept("contact_name", "x"),
        kept("contact_name", &times(120, "x")),
        kept("contact_name", &times(120, "💥")),
        kept("contact_name", "Zoë O'Hara-Łukasz 山田"),
        kept_as("contact_name", " Ada  Fischer\n", "Ada  Fischer"),
        refused("contact_name", json!(times(121, "x")), "too_long"),
        refused("contact_name", json!(times(121, "💥")), "too_long"),
        kept("contact_email", &longest),
        refused("contact_email", json!(format!("a{longest}")), "too_long"),
        refused("contact_email", json!(format!("{longest}x")), "too_long"),
        refused("contact_email", json!(times(255, "x")), "too_long"),
    ];
    for good in [
        "a@b.example",
        "x+y.z@mail.example.org",
        "o'hara@example.co.uk",
        "ada@müller.example",
        "jörg@müller.example",
        "jörg@acme.example",
        "用户@例え.jp",
    ] {
        cases.push(kept("contact_email", good));
    }
    for bad in [
        "a",
        "a@",
        "@b",
        "a b@c.d",
        "a@b.c\r\nBcc: x@y.z",
        "a\0@b.c",
        "\0a@b.c",
        "<a@b.c>",
        "a@b@c.d",
        "a@-b.c",
        "a@b..c",
        "a\u{1b}[1m@b.c",
        "a@b\u{200b}.c",
        "ä b@c.d",
        "a@ü-.d",
    ] {
        cases.push(refused("contact_email", json!(bad), "invalid_email"));
    }
    cases
}

fn choices() -> Vec<Case> {
    let mut cases: Vec<Case> = ["low", "normal", "high", "blocking"].map(|severity| kept("severity", severity)).into();
    for bad in ["LOW", "Low", "low ", "urgent", "l\u{f6}w", "low\0"] {
        cases.push(refused("severity", json!(bad), "unknown_value"));
    }
    for field in ["severity", "summary", "reproduction_notes", "contact_name", "contact_email"] {
        for bad in [json!(1), json!(1.5), json!(true), json!([]), json!(["x"]), json!({}), json!({"a": "b"})] {
            cases.push(refused(field, bad, "wrong_type"));
        }
    }
    for bad in [json!("true"), json!("0"), json!(0), json!(1), json!([]), json!({})] {
        cases.push(refused("include_diagnostics", bad, "wrong_type"));
    }
    cases
}

pub async fn try_each(database: Database, cases: Vec<Case>) {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        for (field, value, fate) in &cases {
            let answer = app.create(endpoint).field(field, value.clone()).send().await;
            let told: String = format!("{field}: {value}").chars().take(80).collect();
            match fate {
                Refused(code) => {
                    assert_eq!(answer.faults(), [format!("/{field} {code}")], "{told}");
                    app.assert_nothing_new().await;
                }
                Kept(expected) => {
                    assert_eq!(answer.status, 201, "{told}: {}", answer.text());
                    let row = app.database.request(answer.created()["reference"].as_str().unwrap()).await;
                    assert_eq!(&row[*field], expected, "{told}");
                }
            }
        }
    }
    app.finish().await;
}

on_both_databases!(a_summary_is_trimmed_then_1_to_200_characters, async |database| {
    try_each(database, summaries()).await;
});
on_both_databases!(
    notes_are_trimmed_then_up_to_10000_characters_and_keep_their_line_breaks_and_tabs,
    async |database| {
        try_each(database, notes()).await;
    }
);
on_both_databases!(a_contact_has_a_name_of_1_to_120_characters_and_a_valid_address_of_up_to_254, async |database| {
    try_each(database, contacts()).await;
});
on_both_databases!(choices_are_closed_and_types_are_not_guessed, async |database| {
    try_each(database, choices()).await;
});

on_both_databases!(every_fault_is_in_one_answer_and_nothing_that_was_sent_is, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        let bad = |what: &str| app.canary(what);
        let long = |what: &str, count| bad(what).repeat(count);
        let body = json!({
            "severity": bad("severity"), "summary": long("bad-summary", 100), "reproduction_notes": long("bad-notes", 1000),
            "contact_name": long("bad-name", 100), "contact_email": bad("bad-email"), "include_diagnostics": bad("wish"),
            app.canary("unknown"): 1, app.canary("stranger"): app.canary("value"),
        });
        let answer = app.create(endpoint).body(&body).send().await;
        let expected = [
            " unknown_field",
            "/contact_email invalid_email",
            "/contact_name too_long",
            "/include_diagnostics wrong_type",
            "/reproduction_notes too_long",
            "/severity unknown_value",
            "/summary too_long",
        ];
        assert_eq!(answer.faults(), expected);
        app.assert_nothing_new().await;
        app.create(endpoint).send().await.created();
    }
    app.finish().await;
});

on_both_databases!(a_value_that_is_refused_is_in_no_answer_and_no_log_line, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        for field in
            ["severity", "summary", "reproduction_notes", "contact_name", "contact_email", "include_diagnostics"]
        {
            let canary = app.canary("refused");
            for bad in [
                json!([canary]),
                json!({canary.as_str(): canary}),
                json!(format!("\0{canary}").repeat(1000)),
                json!(canary.repeat(1000)),
            ] {
                assert!(!app.create(endpoint).field(field, bad).send().await.faults().is_empty());
            }
        }
        app.assert_nothing_new().await;
    }
    app.finish().await;
});

on_both_databases!(a_field_that_is_there_twice_is_refused_whatever_its_values, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        for (body, expected) in [
            (r#"{"summary":"x","summary":"x"}"#, vec!["/summary duplicate_field"]),
            (r#"{"summary":null,"summary":"x"}"#, vec!["/summary duplicate_field"]),
            (r#"{"summary":"x","summ\u0061ry":"y"}"#, vec!["/summary duplicate_field"]),
            (
                r#"{"summary":"x","severity":"low","severity":"high","severity":"low"}"#,
                vec!["/severity duplicate_field"],
            ),
            (
                r#"{"summary":"x","include_diagnostics":true,"include_diagnostics":false}"#,
                vec!["/include_diagnostics duplicate_field"],
            ),
        ] {
            assert_eq!(app.create(endpoint).bytes(body).send().await.faults(), expected, "{body}");
            app.assert_nothing_new().await;
        }
        app.create(endpoint).bytes(r#"{"summary":"x","severity":"low"}"#).send().await.created();
    }
    app.finish().await;
});

on_both_databases!(an_unknown_field_is_refused_however_like_a_known_one_it_looks, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        for name in
            ["Summary", "summary ", "reproductionNotes", "include_diagnostic", "", "__proto__", "$ref", "workspace_id"]
        {
            let answer = app.create(endpoint).field(name, json!("x")).send().await;
            assert_eq!(answer.faults(), [" unknown_field"], "{name}");
            let answer = app.create(endpoint).field(name, Value::Null).send().await;
            assert_eq!(answer.faults(), [" unknown_field"], "{name} as null");
        }
        app.assert_nothing_new().await;
    }
    app.finish().await;
});
