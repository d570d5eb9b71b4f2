//! Texts as people paste them: what does not cost them the request, and what is then stored.

use serde_json::{Value, json};

use crate::{
    fields::{Case, Fate::Kept, kept, kept_as, refused, times, try_each},
    harness::*,
};

/// Texts in which nothing can be seen.
const BLANK: [&str; 16] = [
    "",
    " ",
    "\t",
    "\r\n \n",
    "\u{a0}",
    "\u{3000}",
    "\u{2028}",
    "\u{b}\u{c}\u{85}",
    "\u{200b}",
    "\u{3164}",
    "\u{2800}",
    "\u{ad}",
    "\u{2060}\u{feff}",
    "\u{e0041}",
    "\u{1b}[0m",
    "\u{1b}]0;title\u{7} ",
];
const OPTIONAL_TEXTS: [&str; 3] = ["reproduction_notes", "contact_name", "contact_email"];
const ONE_LINE: [&str; 2] = ["summary", "contact_name"];
const TEXTS: [&str; 3] = ["summary", "contact_name", "reproduction_notes"];

fn in_each(fields: &[&'static str], pasted: &str, stored: &str) -> Vec<Case> {
    fields.iter().map(|field| kept_as(field, pasted, stored)).collect()
}

on_both_databases!(an_optional_field_that_nobody_filled_in_is_absent, async |database| {
    let mut cases: Vec<Case> = vec![("severity", Value::Null, Kept(Some("normal".to_owned())))];
    for field in OPTIONAL_TEXTS {
        cases.push((field, Value::Null, Kept(None)));
        cases.extend(BLANK.map(|blank| (field, json!(blank), Kept(None))));
    }
    // A choice is no text, so no escape sequences are taken out of it.
    for blank in &BLANK[..14] {
        cases.push(("severity", json!(blank), Kept(Some("normal".to_owned()))));
    }
    cases.push(kept("severity", "low"));
    try_each(database, cases).await;
});

on_both_databases!(a_blank_wish_for_diagnostics_is_none, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        for (wish, reason) in
            [(json!(""), "attached"), (json!(" \u{200b}"), "attached"), (json!(false), "not_requested")]
        {
            let receipt = app.create(endpoint).field("include_diagnostics", wish).send().await.created();
            assert_eq!(receipt["attachment"]["reason"], reason);
        }
    }
    app.finish().await;
});

on_both_databases!(a_summary_in_which_nothing_can_be_seen_is_refused, async |database| {
    let mut cases: Vec<Case> = BLANK.map(|blank| refused("summary", json!(blank), "blank")).into();
    // A letter or an emoji with a joiner is text, and stays exact.
    for seen in ["\u{200b}x", "क्\u{200d}ष", "👩\u{200d}💻", "❤\u{fe0f}", "می\u{200c}خواهم", "\u{2800}.\u{2800}"]
    {
        cases.extend(in_each(&TEXTS, seen, seen));
    }
    try_each(database, cases).await;
});

on_both_databases!(terminal_escape_sequences_are_taken_out_and_nothing_with_them, async |database| {
    let mut cases = Vec::new();
    for (pasted, stored) in [
        ("\u{1b}[31mERROR\u{1b}[0m sync", "ERROR sync"),
        ("\u{1b}[1;38;5;196mü\u{1b}[m\u{1b}(B", "ü"),
        ("\u{9b}31mred\u{9b}0m", "red"),
        ("\u{1b}]0;title\u{7}prompt \u{1b}]8;;https://a.example\u{1b}\\link\u{1b}]8;;\u{1b}\\", "prompt link"),
        ("\u{1b}P1$r\u{1b}\\a\u{9d}0;t\u{9c}b\u{1b}=", "ab"),
        ("\u{1b}]0;it never ends", "0;it never ends"),
        ("\u{1b}[31", "31"),
        ("cut off \u{1b}", "cut off \u{fffd}"),
        ("^[[31m and \\u001b[0m and [0m", "^[[31m and \\u001b[0m and [0m"),
    ] {
        cases.extend(in_each(&TEXTS, pasted, stored));
    }
    cases.push(kept_as("contact_email", "\u{1b}[32mada@acme.example\u{1b}[0m\n", "ada@acme.example"));
    cases.push(kept_as("summary", &format!("\u{1b}[1m{}\u{1b}[0m", times(200, "x")), &times(200, "x")));
    try_each(database, cases).await;
});

on_both_databases!(a_control_character_becomes_a_replacement_character, async |database| {
    let mut cases = in_each(&TEXTS, "it\u{92}s", "it\u{fffd}s");
    for control in ('\0'..='\u{9f}').filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{1b}')) {
        cases.extend(in_each(&TEXTS, &format!("a{control}b"), "a\u{fffd}b"));
    }
    cases.extend(in_each(&TEXTS, "\0", "\u{fffd}"));
    try_each(database, cases).await;
});

on_both_databases!(line_breaks_and_tabs_are_kept_in_notes_and_one_blank_in_one_line, async |database| {
    let pasted = "one\r\n\ttwo\n\n\nthree\tfour\u{2028}five  six";
    let mut cases = in_each(&ONE_LINE, pasted, "one two three four five  six");
    cases.push(kept("reproduction_notes", pasted));
    let broken = |count| format!("{}\r\n\t\n{}", times(count, "x"), "y");
    cases.push(kept_as("summary", &broken(198), &format!("{} y", times(198, "x"))));
    cases.push(refused("summary", json!(broken(199)), "too_long"));
    try_each(database, cases).await;
});

on_both_databases!(what_stands_around_an_address_and_means_nothing_is_taken_off, async |database| {
    let mut cases = Vec::new();
    for address in ["ada@acme.example", "jörg@müller.example"] {
        for around in [" ", "\t", "\u{a0}", "\r\n", "\u{200b}\u{feff}", "\u{202a}", "\u{e0001}", "\u{1b}[1m"] {
            for pasted in [format!("{around}{address}"), format!("{address}{around}")] {
                cases.push(kept_as("contact_email", &pasted, address));
            }
        }
    }
    try_each(database, cases).await;
});

on_both_databases!(half_of_a_character_becomes_a_replacement_character_wherever_it_stands, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        for (escaped, stored) in [
            (r"Sync fails \ud83d", "Sync fails \u{fffd}"),
            (r"\udc80 fails", "\u{fffd} fails"),
            (r"a\ude00\ud83db", "a\u{fffd}\u{fffd}b"),
            (r"\ud83d\ud83d\ude00", "\u{fffd}😀"),
            (r"\uD83D\u0041", "\u{fffd}A"),
            (r"\\ud83d is half", "\\ud83d is half"),
            (r"\\\ud83d\\", "\\\u{fffd}\\"),
        ] {
            for field in TEXTS {
                let body = format!(r#"{{"summary":"x","{field}":"{escaped}"}}"#)
                    .replace(r#""summary":"x","summary""#, r#""summary""#);
                let receipt = app.create(endpoint).bytes(body).send().await.created();
                let row = app.database.request(receipt["reference"].as_str().unwrap()).await;
                assert_eq!(row[field].as_deref(), Some(stored), "{field}: {escaped}");
            }
        }
        for (body, fault) in [
            (r#"{"summary":"x","\ud83d":1}"#, " unknown_field"),
            (r#"{"summary":"x","severity":"\ud83dlow"}"#, "/severity unknown_value"),
            (r#"{"summary":"x","contact_email":"a\ud83d@b.example"}"#, "/contact_email invalid_email"),
            (r#"["\ud83d"]"#, " wrong_type"),
        ] {
            assert_eq!(app.create(endpoint).bytes(body).send().await.faults(), [fault], "{body}");
        }
        app.assert_nothing_new().await;
    }
    app.finish().await;
});

on_both_databases!(a_secret_is_found_in_what_a_pasted_text_becomes, async |database| {
    let app = App::start(database).await;
    // Assembled here, so that no scanner takes this file for a leak.
    let secret = ["Zq8x7Yw6", "Vt5Us4"].concat();
    app.keep_secret(&secret);
    for endpoint in Endpoint::BOTH {
        for pasted in [
            format!("pass\u{1b}[1mword\u{1b}[0m=\u{1b}[33m{secret}\u{1b}[0m"),
            format!("password\u{1b}]0;x\u{7}={}\u{1b}[0m{}", &secret[..5], &secret[5..]),
            format!("pa\u{9b}1mssword: {secret}"),
        ] {
            for field in ["summary", "reproduction_notes", "contact_name"] {
                let receipt = app.create(endpoint).field(field, json!(pasted)).send().await.created();
                assert_eq!(receipt["redactions"][0]["pointer"], format!("/{field}"), "{receipt}");
            }
        }
        assert!(!app.database.everything().await.contains(&secret));
    }
    app.finish().await;
});

on_both_databases!(an_address_in_which_there_is_a_secret_is_refused_and_not_repeated, async |database| {
    let app = App::start(database).await;
    for endpoint in Endpoint::BOTH {
        for secret in [
            format!("{}_{}", "ghp", "16C7e42F292c6912E7710c838347Ae178B4a"),
            format!("{}{}", "AKIA", "Z7Q3M5X2W4V6T8RB"),
            format!("{}-{}", "glpat", "Xy7QBvdEkGr1jTLmN0pW"),
        ] {
            app.keep_secret(&secret);
            for address in [format!("{secret}@acme.example"), format!(" ada+{secret}@müller.example\n")] {
                let answer = app.create(endpoint).field("contact_email", json!(address)).send().await;
                assert_eq!(answer.faults(), ["/contact_email invalid_email"]);
            }
        }
        app.assert_nothing_new().await;
        for kept in [
            "password@acme.example",
            "token+secret@acme.example",
            "3f2b8a7c6d5e4f30@relay.example",
            "AKIA@acme.example",
        ] {
            app.create(endpoint).field("contact_email", json!(kept)).send().await.created();
        }
    }
    app.finish().await;
});

/// Every field at its limit, every character and every name written as escapes: twelve bytes a character where that is
/// possible.
fn fullest() -> String {
    let escape = |text: &str| text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<Vec<_>>().concat();
    let address = format!("{}@{}.{}.{}.example", times(64, "ä"), times(60, "b"), times(60, "c"), times(59, "d"));
    let fields = [
        ("severity", "blocking".to_owned()),
        ("summary", times(200, "😀")),
        ("reproduction_notes", times(10_000, "😀")),
        ("contact_name", times(120, "😀")),
        ("contact_email", address),
    ];
    let members = fields.map(|(name, value)| format!("\"{}\" : \"{}\"", escape(name), escape(&value)));
    format!("{{ {}, \"{}\" : false }}", members.join(", "), escape("include_diagnostics"))
}

on_both_databases!(every_field_fits_at_its_limit_however_its_characters_are_escaped, async |database| {
    let app = App::start(database).await;
    let body = fullest();
    assert!(body.len() > 125_000, "{}", body.len());
    for endpoint in Endpoint::BOTH {
        let receipt = app.create(endpoint).bytes(body.clone()).send().await.created();
        let row = app.database.request(receipt["reference"].as_str().unwrap()).await;
        assert_eq!(row["summary"], Some(times(200, "😀")));
        assert_eq!(row["reproduction_notes"], Some(times(10_000, "😀")));
        assert_eq!(row["contact_name"], Some(times(120, "😀")));
    }
    app.finish().await;
});
