//! The filter, from its input to its output.

use std::{io::BufReader, sync::LazyLock};

use redaction::Redactor;

use super::filter::{Explain, Format, filter};

static REDACTOR: LazyLock<Redactor> = LazyLock::new(Redactor::builtin);

fn run(format: Format, input: &str) -> (String, String) {
    explained(format, input, false)
}

fn explained(format: Format, input: &str, kept: bool) -> (String, String) {
    let (mut output, mut said) = (Vec::new(), Vec::new());
    let explain = Explain { to: &mut said, kept };
    filter(&REDACTOR, format, &mut BufReader::new(input.as_bytes()), &mut output, Some(explain)).expect("it runs");
    (String::from_utf8(output).expect("UTF-8"), String::from_utf8(said).expect("UTF-8"))
}

#[test]
fn what_was_left_alone_is_explained_too_where_somebody_asks() {
    let (output, said) = explained(Format::Text, "pass 41/43 password=hunter2\npassword=${DB_PASSWORD}\n", true);
    assert_eq!(output, "pass 41/43 password=[redacted:password]\npassword=${DB_PASSWORD}\n");
    let lines: Vec<&str> = said.lines().collect();
    let begins = |line: &str, start: &str| assert!(line.starts_with(start), "{said}");
    begins(lines[lines.len() - 2], "1:21\ttaken\tpassword\t");
    begins(lines[lines.len() - 1], "2:10\tkept\tpassword\t");
    assert!(lines[lines.len() - 1].contains("assign: placeholder (stands in for a secret) [a placeholder]"), "{said}");
    assert!(!said.contains("hunter2") && !said.contains("DB_PASSWORD"), "{said}");
}

#[test]
fn text_comes_out_redacted_and_explained_by_line_and_column() {
    let (output, explained) = run(Format::Text, "one\ntwo password=hunter2\n");
    assert_eq!(output, "one\ntwo password=[redacted:password]\n");
    assert!(explained.starts_with("2:14\tpassword\t"), "{explained}");
    assert!(!explained.contains("hunter2"));
}

#[test]
fn json_comes_out_redacted_and_explained_by_pointer() {
    let (output, explained) = run(Format::Json, r#"{"a":{"token":true}}"#);
    assert!(output.contains("[redacted:token]"));
    assert_eq!(explained, "/a/token\ttoken\t1\n");
}

#[test]
fn a_key_block_that_falls_on_a_cut_is_taken_whole() {
    let filler = "ordinary line of a log without anything in it\n".repeat(5_600);
    let key = format!(
        "-----BEGIN RSA PRIVATE KEY-----\n{}-----END RSA PRIVATE KEY-----\n",
        "MIIEowIBAAKCAQEAxk7m2q9x4z8w3v6t5r1\n".repeat(60)
    );
    let (output, _) = run(Format::Text, &format!("{filler}{key}{filler}"));
    assert!(!output.contains("MIIEow"));
    assert_eq!(output.matches("[redacted:private-key]").count(), 1);
    assert!(output.starts_with(&filler) && output.ends_with(&filler));
}

#[test]
fn a_byte_order_mark_says_how_the_text_is_written() {
    let text = "password=hunter2Xy\r\nGrüße\r\n";
    let little: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    let utf_8 = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    for input in [little, big, utf_8, text.as_bytes().to_vec()] {
        let mut output = Vec::new();
        filter(&REDACTOR, Format::Text, &mut input.as_slice(), &mut output, None).expect("it runs");
        assert_eq!(String::from_utf8(output).expect("UTF-8"), "password=[redacted:password]\r\nGrüße\r\n");
    }
}
