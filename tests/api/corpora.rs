//! Public collections of nasty inputs. Read from the folder that `SUPPORT_REQUESTS_CORPORA` names; skipped without it.

use std::{collections::HashMap, fs::File, io::Read, path::PathBuf};

use flate2::read::GzDecoder;
use futures_util::StreamExt as _;
use regex::Regex;
use serde_json::{Value, json};
use support_requests::domain::text::is_blank;

use crate::{
    harness::*,
    support::{
        settings::{CORPORA, setting},
        skipped::skipped,
    },
};

/// The folder; none, and the test is skipped, where it is not named.
fn folder() -> Option<PathBuf> {
    let folder = setting(CORPORA);
    if folder.is_none() {
        skipped(&format!("{CORPORA} does not name a folder"));
    }
    folder.map(PathBuf::from)
}

fn unpack(name: &str) -> Option<GzDecoder<File>> {
    Some(GzDecoder::new(File::open(folder()?.join(name)).unwrap()))
}

/// The bodies of `JSONTestSuite`, by name.
fn json_test_suite() -> Option<Vec<(String, Vec<u8>)>> {
    let mut archive = tar::Archive::new(unpack("jsontestsuite.tar.gz")?);
    let mut bodies = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().into_owned();
        if path.extension().is_some_and(|extension| extension == "json") {
            let mut body = Vec::new();
            entry.read_to_end(&mut body).unwrap();
            bodies.push((path.file_name().unwrap().to_string_lossy().into_owned(), body));
        }
    }
    assert_eq!(bodies.len(), 318);
    Some(bodies)
}

on_both_databases!(every_body_of_jsontestsuite_gets_the_status_that_it_should, async |database| {
    let app = App::start(database).await;
    for (name, body) in json_test_suite().unwrap_or_default() {
        for endpoint in Endpoint::BOTH {
            let answer = app.create(endpoint).bytes(body.clone()).send().await;
            let expected: &[u16] = match name.as_bytes()[0] {
                // Two of them are larger than any body may be, which is found before they are looked at.
                _ if body.len() > 131_072 => &[413],
                b'y' => &[422],
                b'n' => &[400],
                b'i' => &[400, 422],
                _ => panic!("{name}: neither valid nor not"),
            };
            assert!(expected.contains(&answer.status), "{name}: {}", answer.text());
        }
    }
    app.assert_nothing_new().await;
    app.finish().await;
});

/// The big list of naughty strings.
fn naughty_strings() -> Option<Vec<String>> {
    let strings: Vec<String> = serde_json::from_reader(unpack("blns.json.gz")?).unwrap();
    assert_eq!(strings.len(), 515);
    Some(strings)
}

/// What a field's rule makes of a text: what is then stored, or nothing where it is refused. Written down again in
/// other words than in the service, which the list is to try; its only escape sequences are control sequences.
fn as_stored(field: &str, text: &str) -> Result<Option<String>, ()> {
    let (most, in_one_line) = match field {
        "summary" => (200, true),
        "contact_name" => (120, true),
        _ => (10_000, false),
    };
    let mut stored = String::new();
    let text = Regex::new("\u{1b}\\[[0-9;]*[A-Za-z]").unwrap().replace_all(text, "");
    for c in text.trim().chars() {
        match c {
            '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' if in_one_line => stored.push('\n'),
            '\t' | '\n' | '\r' => stored.push(c),
            c if c.is_control() => stored.push('\u{fffd}'),
            c => stored.push(c),
        }
    }
    if in_one_line {
        stored = stored.split('\n').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    }
    match stored.chars().count() {
        _ if is_blank(&stored) => {
            if field == "summary" {
                Err(())
            } else {
                Ok(None)
            }
        }
        count if count > most => Err(()),
        _ => Ok(Some(stored)),
    }
}

/// Holds what is stored to what it should be.
fn assert_kept(field: &str, expected: Option<&str>, stored: Option<&str>, receipt: &Value) {
    if receipt["redactions"].as_array().is_some_and(Vec::is_empty) {
        assert_eq!(stored, expected, "{field}");
    } else {
        assert!(stored.is_some_and(|stored| stored.contains("[redacted:")) && stored != expected, "{field}: {receipt}");
    }
}

async fn try_naughty_strings(database: Database, field: &'static str) {
    let app = App::start(database).await;
    let strings = naughty_strings().unwrap_or_default();
    let token = app.token();
    let calls = strings.iter().enumerate().flat_map(|(index, text)| {
        let (app, token) = (&app, &token);
        Endpoint::BOTH.map(|endpoint| async move {
            let mut body = json!({"summary": "naughty"});
            body[field] = json!(text);
            (index, app.create(endpoint).token(token).body(&body).send().await)
        })
    });
    let answers: Vec<(usize, Answer)> = futures_util::stream::iter(calls).buffer_unordered(16).collect().await;
    let rows = app.database.rows("support_requests").await;
    let rows: HashMap<&str, _> = rows.iter().map(|row| (row["reference"].as_deref().unwrap(), row)).collect();
    for (index, answer) in answers {
        let sent = &strings[index];
        // Which addresses are valid only the service knows; the list has none that is.
        let expected = if field == "contact_email" && !is_blank(sent) { Err(()) } else { as_stored(field, sent) };
        if let Ok(expected) = expected {
            let receipt = answer.created();
            let stored = rows[receipt["reference"].as_str().unwrap()][field].as_deref();
            assert_kept(field, expected.as_deref(), stored, &receipt);
        } else {
            let [fault] = answer.faults().try_into().expect("one fault");
            assert!(fault.starts_with(&format!("/{field} ")), "{sent:?}: {fault}");
        }
    }
    app.finish().await;
}

on_both_databases!(every_naughty_string_becomes_what_the_rules_say_in_the_summary, async |database| {
    try_naughty_strings(database, "summary").await;
});
on_both_databases!(every_naughty_string_becomes_what_the_rules_say_in_the_notes, async |database| {
    try_naughty_strings(database, "reproduction_notes").await;
});
on_both_databases!(every_naughty_string_becomes_what_the_rules_say_in_the_contact_name, async |database| {
    try_naughty_strings(database, "contact_name").await;
});
on_both_databases!(every_naughty_string_becomes_what_the_rules_say_in_the_contact_address, async |database| {
    try_naughty_strings(database, "contact_email").await;
});
