//! What each digest is over (specs/integrity.md).

use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

use super::{canonical::written_members, rewrite::members};
use crate::domain::record::{AuditRecord, Column, PERSONAL_CONTEXT, Part, Record, Value};

/// What the first link of a chain has in place of the digest before it.
pub const NO_PREVIOUS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A column as a member of a digested object.
struct Member {
    /// Which column.
    index: usize,
    /// Whether only some members of it belong to the digest.
    is_context: bool,
    /// What stands in front of the value.
    head: String,
}

/// Columns by name, which is the order of canonical JSON: all names are ASCII, with nothing in them to escape.
fn sorted(columns: &'static [Column], parts: &[Part]) -> Vec<Member> {
    let mut chosen: Vec<_> = columns.iter().enumerate().filter(|(_, column)| parts.contains(&column.part)).collect();
    chosen.sort_by_key(|(_, column)| column.name);
    let members = chosen.into_iter().enumerate().map(|(place, (index, column))| Member {
        index,
        is_context: column.part == Part::Mixed,
        head: format!("{}\"{}\":", if place == 0 { '{' } else { ',' }, column.name),
    });
    members.collect()
}

static RECORD_PUBLIC: LazyLock<Vec<Member>> = LazyLock::new(|| sorted(Record::COLUMNS, &[Part::Public, Part::Mixed]));
static RECORD_PERSONAL: LazyLock<Vec<Member>> =
    LazyLock::new(|| sorted(Record::COLUMNS, &[Part::Personal, Part::Mixed]));
static AUDIT_PUBLIC: LazyLock<Vec<Member>> = LazyLock::new(|| sorted(AuditRecord::COLUMNS, &[Part::Public]));
static AUDIT_PERSONAL: LazyLock<Vec<Member>> = LazyLock::new(|| sorted(AuditRecord::COLUMNS, &[Part::Personal]));

/// The digests that a record should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordDigests {
    /// The commitment to what is personal; none where that is erased.
    pub personal: Option<String>,
    /// Over the rest, with the commitment that stands in the record.
    pub record: String,
}

/// Reckons both digests of a record; none where its context is no canonical JSON object.
#[must_use]
pub fn record_digests(record: &Record) -> Option<RecordDigests> {
    let context = split(&record.context)?;
    let personal = personal_digest(record, &context.personal);
    Some(RecordDigests { personal, record: record_digest(record, &context.public) })
}

/// Completes a record that is about to be stored with its context and both digests. Where the context's members are is known
/// while they are written, so nothing is read back.
pub(super) fn complete(mut record: Record, context: &serde_json::Value) -> Record {
    let written = written_members(context);
    let members = || written.iter().map(|(name, member)| (*name, member.as_str()));
    let halves = Halves::of(members());
    record.personal_digest = personal_digest(&record, &halves.personal).unwrap_or_default();
    record.record_digest = record_digest(&record, &halves.public);
    let mut json = Vec::with_capacity(members().map(|(_, member)| member.len() + 1).sum::<usize>() + 1);
    object(&mut json, members().map(|(_, member)| member));
    // Pieces of text.
    record.context = String::from_utf8(json).unwrap_or_default();
    record
}

/// Whether a context has nothing personal left in it.
pub(super) fn is_bare(context: &str) -> bool {
    split(context).is_some_and(|halves| halves.personal.is_empty())
}

/// A canonical context in its two halves, each the members of a canonical object.
#[derive(Default)]
struct Halves<'a> {
    personal: Vec<&'a str>,
    public: Vec<&'a str>,
}

impl<'a> Halves<'a> {
    /// Of members, each with its name.
    fn of(members: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut halves = Self::default();
        for (name, member) in members {
            let half = if PERSONAL_CONTEXT.contains(&name) { &mut halves.personal } else { &mut halves.public };
            half.push(member);
        }
        halves
    }
}

/// Splits a context; none where it is no canonical object.
fn split(context: &str) -> Option<Halves<'_>> {
    Some(Halves::of(members(context)?.into_iter()))
}

/// The commitment to what is personal in a record: SHA-256 over the salt's 32 bytes and the canonical JSON.
fn personal_digest(record: &Record, context: &[&str]) -> Option<String> {
    Some(committed(record.salt.as_deref()?, &RECORD_PERSONAL, &record.values(), context))
}

fn record_digest(record: &Record, context: &[&str]) -> String {
    digest(&[], &RECORD_PUBLIC, &record.values(), context)
}

/// The commitment to who an audit record says it was; none where that is erased.
#[must_use]
pub fn actor_digest(audit: &AuditRecord) -> Option<String> {
    Some(committed(audit.actor_salt.as_deref()?, &AUDIT_PERSONAL, &audit.values(), &[]))
}

/// The digest of an audit record: SHA-256 over its canonical JSON (RFC 8785), in lower-case hexadecimal.
#[must_use]
pub fn link_digest(audit: &AuditRecord) -> String {
    digest(&[], &AUDIT_PUBLIC, &audit.values(), &[])
}

/// A commitment. What is not a salt commits to nothing: the empty text is no digest.
fn committed(salt: &str, members: &[Member], values: &[Value], context: &[&str]) -> String {
    bytes(salt).map(|salt| digest(&salt, members, values, context)).unwrap_or_default()
}

/// Digests `salt` and an object of these members. Written straight down because this is done four times a request: the
/// library sorts and copies what is in order here. The tests hold it against the library.
fn digest(salt: &[u8], members: &[Member], values: &[Value], context: &[&str]) -> String {
    let mut json = Vec::with_capacity(1024 + context.iter().map(|member| member.len() + 1).sum::<usize>());
    json.extend_from_slice(salt);
    for member in members {
        json.extend_from_slice(member.head.as_bytes());
        match values[member.index] {
            Value::Json(_) if member.is_context => object(&mut json, context.iter().copied()),
            Value::Json(value) => json.extend_from_slice(value.as_bytes()),
            Value::Text(value) => text(&mut json, value),
            // Below 2⁵³, so that a double holds it: a chain would take millennia to get there.
            Value::Number(value) => json.extend_from_slice(value.to_string().as_bytes()),
            Value::Null => json.extend_from_slice(b"null"),
        }
    }
    json.push(b'}');
    hex(&Sha256::digest(&json))
}

/// The object of these members.
fn object<'a>(json: &mut Vec<u8>, members: impl Iterator<Item = &'a str>) {
    json.push(b'{');
    for (place, member) in members.enumerate() {
        if place > 0 {
            json.push(b',');
        }
        json.extend_from_slice(member.as_bytes());
    }
    json.push(b'}');
}

/// `serde_json` escapes texts as RFC 8785, section 3.2.2.2 wants them. Most have nothing to escape.
fn text(json: &mut Vec<u8>, value: &str) {
    let is_escaped = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    // All are looked at: that takes fewer steps than stopping at one.
    if value.bytes().fold(0, |found, byte| found | u8::from(is_escaped(byte))) != 0 {
        // Writing a text to memory does not fail.
        let _ = serde_json::to_writer(json, value);
    } else {
        json.push(b'"');
        json.extend_from_slice(value.as_bytes());
        json.push(b'"');
    }
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = vec![0; bytes.len() * 2];
    for (pair, byte) in text.chunks_exact_mut(2).zip(bytes) {
        pair.copy_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    }
    // Digits are text.
    String::from_utf8(text).unwrap_or_default()
}

/// What [`hex`] wrote, and nothing else.
fn bytes(hex: &str) -> Option<[u8; 32]> {
    const NONE: u8 = 0xff;
    let digit = |digit: u8| match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => NONE,
    };
    let digits: &[u8; 64] = hex.as_bytes().try_into().ok()?;
    let nibbles = digits.map(digit);
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(nibbles.chunks_exact(2)) {
        *byte = pair[0] << 4 | pair[1];
    }
    (!nibbles.contains(&NONE)).then_some(bytes)
}
