//! What each digest is over (specs/integrity.md).

use std::sync::LazyLock;

use aws_lc_rs::digest::{Context, SHA256};

use super::rewrite::members;
use crate::{
    canonical::{Object, text},
    domain::record::{AuditRecord, Column, PERSONAL_CONTEXT, Part, Record, Value},
};

/// What the first link of a chain has in place of the digest before it.
pub const NO_PREVIOUS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Columns by name, which is the order of canonical JSON: all names are ASCII.
fn sorted(columns: &'static [Column], parts: &[Part]) -> Vec<(usize, &'static str)> {
    let mut chosen: Vec<_> = columns
        .iter()
        .enumerate()
        .filter(|(_, column)| parts.contains(&column.part))
        .map(|(index, column)| (index, column.name))
        .collect();
    chosen.sort_by_key(|(_, name)| *name);
    chosen
}

static RECORD_PUBLIC: LazyLock<Vec<(usize, &str)>> =
    LazyLock::new(|| sorted(Record::COLUMNS, &[Part::Public, Part::Mixed]));
static RECORD_PERSONAL: LazyLock<Vec<(usize, &str)>> =
    LazyLock::new(|| sorted(Record::COLUMNS, &[Part::Personal, Part::Mixed]));
static AUDIT_PUBLIC: LazyLock<Vec<(usize, &str)>> = LazyLock::new(|| sorted(AuditRecord::COLUMNS, &[Part::Public]));
static AUDIT_PERSONAL: LazyLock<Vec<(usize, &str)>> = LazyLock::new(|| sorted(AuditRecord::COLUMNS, &[Part::Personal]));

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

/// Fills in the context and both digests of a record that is about to be stored.
pub(super) fn complete(mut record: Record, context: Object) -> Record {
    let halves = match context.parts() {
        parts if parts.len() > 0 => parts.fold(Halves::default(), |halves, (name, part)| halves.with(name, part)),
        _ => split(context.json()).unwrap_or_default(),
    };
    record.personal_digest = personal_digest(&record, &halves.personal).unwrap_or_default();
    record.record_digest = record_digest(&record, &halves.public);
    record.context = context.into_json();
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

/// Splits a context; none where it is no canonical object.
fn split(context: &str) -> Option<Halves<'_>> {
    Some(members(context)?.into_iter().fold(Halves::default(), |halves, (name, member)| halves.with(name, member)))
}

impl<'a> Halves<'a> {
    fn with(mut self, name: &str, member: &'a str) -> Self {
        let half = if PERSONAL_CONTEXT.contains(&name) { &mut self.personal } else { &mut self.public };
        half.push(member);
        self
    }
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
fn committed(salt: &str, members: &[(usize, &str)], values: &[Value], context: &[&str]) -> String {
    bytes(salt).map(|salt| digest(&salt, members, values, context)).unwrap_or_default()
}

/// Digests `salt` and an object of these members. Written straight down because this is done four times a request: the
/// library sorts and copies what is in order here. The tests hold it against the library.
fn digest(salt: &[u8], members: &[(usize, &str)], values: &[Value], context: &[&str]) -> String {
    let mut json = String::with_capacity(1024 + context.iter().map(|member| member.len() + 1).sum::<usize>());
    for (place, (index, name)) in members.iter().enumerate() {
        json.push(if place == 0 { '{' } else { ',' });
        text(&mut json, name);
        json.push(':');
        match values[*index] {
            Value::Json(_) if *name == "context" => object(&mut json, context),
            Value::Json(value) => json.push_str(value),
            Value::Text(value) => text(&mut json, value),
            // Below 2⁵³, so that a double holds it: a chain would take millennia to get there.
            Value::Number(value) => json.push_str(&value.to_string()),
            Value::Null => json.push_str("null"),
        }
    }
    json.push('}');
    let mut digest = Context::new(&SHA256);
    digest.update(salt);
    digest.update(json.as_bytes());
    hex(digest.finish().as_ref())
}

/// The object of these members.
fn object(json: &mut String, members: &[&str]) {
    json.push('{');
    for (place, member) in members.iter().enumerate() {
        if place > 0 {
            json.push(',');
        }
        json.push_str(member);
    }
    json.push('}');
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = vec![0; bytes.len() * 2];
    for (pair, byte) in text.as_chunks_mut().0.iter_mut().zip(bytes) {
        *pair = [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
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
