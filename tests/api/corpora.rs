//! Public collections of nasty inputs. Read from the folder that `SUPPORT_REQUESTS_CORPORA` names; skipped without it.

use std::{collections::HashMap, fs::File, io::Read, path::PathBuf};

use flate2::read::GzDecoder;
use futures_util::StreamExt as _;
use serde_json::{Value, json};

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
                _ if body.len() > 65_536 => &[413],
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

/// What a field's rule says of a text; `None` where only the service knows (which addresses are valid).
fn is_allowed(field: &str, text: &str) -> Option<bool> {
    let within = |text: &str, range: std::ops::RangeInclusive<usize>| range.contains(&text.chars().count());
    match field {
        "summary" => Some(within(text.trim(), 1..=200) && !text.trim().chars().any(char::is_control)),
        "reproduction_notes" => {
            Some(within(text, 0..=10_000) && !text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')))
        }
        // White space alone and control characters are refused as well, where the contract leaves it open.
        "contact_name" => Some(within(text, 1..=120) && !text.trim().is_empty() && !text.chars().any(char::is_control)),
        _ => None,
    }
}

/// Holds what is stored to what was sent.
fn assert_kept(field: &str, sent: &str, stored: &str, receipt: &Value) {
    let exact = if field == "summary" { sent.trim() } else { sent };
    if receipt["redactions"].as_array().is_some_and(Vec::is_empty) {
        assert_eq!(stored, exact, "{field}");
    } else {
        assert!(stored.contains("[redacted:") && stored != exact, "{field}: {receipt}");
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
        let allowed = is_allowed(field, sent).unwrap_or(answer.status == 201);
        if allowed {
            let receipt = answer.created();
            let stored = rows[receipt["reference"].as_str().unwrap()][field].as_deref();
            assert_kept(field, sent, stored.unwrap(), &receipt);
        } else {
            let [fault] = answer.faults().try_into().expect("one fault");
            assert!(fault.starts_with(&format!("/{field} ")), "{sent:?}: {fault}");
        }
    }
    app.finish().await;
}

on_both_databases!(every_naughty_string_is_kept_exactly_or_refused_in_the_summary, async |database| {
    try_naughty_strings(database, "summary").await;
});
on_both_databases!(every_naughty_string_is_kept_exactly_or_refused_in_the_notes, async |database| {
    try_naughty_strings(database, "reproduction_notes").await;
});
on_both_databases!(every_naughty_string_is_kept_exactly_or_refused_in_the_contact_name, async |database| {
    try_naughty_strings(database, "contact_name").await;
});
on_both_databases!(every_naughty_string_is_kept_exactly_or_refused_in_the_contact_address, async |database| {
    try_naughty_strings(database, "contact_email").await;
});
