//! Twice the text costs twice the time, whatever is in it.
//!
//! The pieces were found by `cargo bench -p redaction -- fuzz`, or told. What is measured is the processor time of this
//! thread, the shortest of several runs; four times the text would cost sixteen times as much where something is read
//! again
//! from each hit, and four times where it is not. The bound lies between, far from both.

use std::time::Duration;

use redaction::Redactor;
use rustix::time::{ClockId, clock_gettime};

use crate::REDACTOR;

const SHORT: usize = 2_500;
const LONG: usize = 4 * SHORT;
/// Linear is 4, quadratic is 16.
const MOST: f64 = 10.0;

const PIECES: &[&str] = &[
    // Cookie lines that were read again from each name in them.
    "Cookie:x=,x;a.",
    "Cookie:x==",
    "Cookie:x={%",
    "Cookie=%2F",
    // The rest of a run without blanks as the value of every name in it.
    "tan=",
    "pin=tan=",
    "auth=",
    "code=",
    "aws_key=",
    "pass:",
    "|password",
    "?code=",
    // Chains of vendors.
    "github=slack=",
    "stripe.api.key.",
    // Addresses in addresses.
    "://",
    "pass://",
    "://creds://ACCA",
    // Found by the fuzzer.
    "-----begin,",
    "ops_eyJops_eyJ",
    "eyJ_",
    "-----begin\n",
    "keysat.name 0 key 0 ",
    "mein code~blogger",
    "+xapp-:mdp://",
    "mfa: codeauthenticator~",
    "kind: SecretVALUES ((^",
    "sqlcmd-tan | kinit",
    "password=\u{201c}",
    // Rows below headings that say the same.
    "passwd  street  postcode  town  telephone  birthday  otp\n",
    // What other readings of a text look at.
    "p a s s ",
    "a=b%26c%3D",
    "\"ab\" + ",
    "<b a",
    "| a | b |\n",
    " 1: a8c0\\\n",
    "=?x?Q?=",
    "\u{1b}]8;",
];

fn repeated(head: &str, piece: &str, length: usize) -> String {
    let mut text = head.to_owned();
    while text.len() < length {
        text.push_str(piece);
    }
    text
}

/// The shortest of some runs, in this thread's time.
fn cost(run: impl Fn()) -> f64 {
    let on_cpu = || Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default();
    let one = || {
        let started = on_cpu();
        run();
        on_cpu().saturating_sub(started).as_secs_f64()
    };
    (0..3).map(|_| one()).fold(f64::MAX, f64::min)
}

fn assert_linear(name: &str, of: impl Fn(usize) -> String) {
    let [short, long] = [SHORT, LONG].map(|length| {
        let text = of(length);
        cost(|| drop(REDACTOR.text(&text)))
    });
    assert!(long <= short * MOST, "{name:?}: {short:.4} s became {long:.4} s with four times the text");
}

#[test]
fn four_times_the_text_costs_about_four_times_the_time() {
    for piece in PIECES {
        assert_linear(piece, |length| repeated("", piece, length));
    }
}

#[test]
fn a_long_string_of_json_text_is_read_once_for_all_secrets_in_it() {
    assert_linear("JSON", |length| format!("{{\"note\":\"\\\\ {}\"}}", repeated("", "password=Hunter2x, ", length)));
}

#[test]
fn copies_of_a_secret_are_taken_in_one_pass() {
    let document =
        |length| serde_json::json!({"password": "k7m2q9x4z8w3v6t5", "note": repeated("", "k7m2q9x4z8w3v6t5 ", length)});
    let [short, long] = [SHORT, LONG].map(|length| {
        let document = document(length);
        cost(|| drop(REDACTOR.json(document.clone())))
    });
    assert!(long <= short * MOST, "{short} s became {long} s");
}

#[test]
fn a_secret_behind_many_names_still_goes() {
    let secret = "8fK2mQ9xT4bW7rN1vJ6zL3pD";
    for (piece, last) in [
        ("Cookie:x=,x;a.", "Cookie: theme=dark; sid="),
        ("Cookie:x==;", "sid="),
        ("Cookie: a=b; ", "sid="),
        ("tan=", "password="),
        ("github=slack=", "GITHUB_TOKEN="),
        ("pass:", "password:"),
        ("|password", "\npassword="),
    ] {
        for count in [1, 30, 900] {
            let text = format!("{}{last}{secret}", piece.repeat(count));
            let cleaned = REDACTOR.text(&text).value;
            assert!(!cleaned.contains(secret), "{piece:?} {count} times");
        }
    }
}

#[test]
fn cookies_behind_the_first_name_of_their_line_are_judged_as_if_it_were_alone() {
    let redactor: &Redactor = &REDACTOR;
    for (text, stays, goes) in [
        ("Cookie: a=b; Cookie: sid=8fK2mQ9xT4bW7rN1; theme=dark", "theme=dark", "8fK2mQ9xT4bW7rN1"),
        ("Cookie: lang=de; Cookie: tz=UTC; id=8fK2mQ9xT4bW7rN1", "tz=UTC", "8fK2mQ9xT4bW7rN1"),
    ] {
        let cleaned = redactor.text(text).value;
        assert!(cleaned.contains(stays) && !cleaned.contains(goes), "{cleaned}");
    }
}
