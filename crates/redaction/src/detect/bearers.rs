//! Tokens that say themselves what they are: JWTs, `Bearer …`, the secret beside an AWS key id.

use crate::detect::extent;
use crate::facts::candidate::{Candidate, Claim};
use crate::facts::label::Label;
use crate::facts::matches;
use crate::facts::values::Shape;
use crate::search::Search;
use crate::text::scan::{self, is_base64, is_token, skip_blanks};

/// A token of at least two parts is at least so long.
const JWT: usize = 24;
/// The secret beside an AWS key id is so long ...
const AWS_SECRET: usize = 40;
/// ... and stands so near to it, in bytes.
const AWS_REACH: usize = 160;

/// `eyJ…`: a JWT, whole or cut off behind its first part.
pub(crate) fn jwt(search: &mut Search<'_>, start: usize, _end: usize) {
    let text = search.text;
    if start < search.read.covered || !text[start..].starts_with(b"eyJ") || !scan::starts_clean(text, start) {
        return;
    }
    let part = |from: usize, also: &[u8]| text[from..].iter().take_while(|b| is_token(**b) || also.contains(b)).count();
    // The first part ends at the same place for every beginning in it.
    if !search.read.jwt_part.contains(&start) {
        search.read.jwt_part = start..start + part(start, b"+/=%");
    }
    let mut end = search.read.jwt_part.end;
    let mut parts = 1;
    while parts < 5 && text.get(end) == Some(&b'.') {
        let length = part(end + 1, b"+/=");
        if length == 0 && parts != 2 {
            break;
        }
        end += 1 + length;
        parts += 1;
    }
    if parts >= 2 && end - start >= JWT {
        search.take(Label::Jwt, start, end, "");
    }
}

/// `Bearer <token>`, `Basic <base64>` and other schemes.
pub(crate) fn scheme(search: &mut Search<'_>, start: usize, end: usize) {
    let text = search.text;
    if start < search.read.covered || !scan::starts_clean(text, start) {
        return;
    }
    let mut at = skip_blanks(text, end, 8);
    let is_tied = matches!(text.get(at), Some(b':' | b'='));
    if at == end && !text[end - 1].is_ascii_whitespace() && !is_tied {
        return;
    }
    if is_tied {
        at = skip_blanks(text, at + 1, 4);
    }
    let value = extent::value(search, at);
    // `token_type=Bearer expires_in=3600`: the next pair.
    if value.start < value.end && (!extent::begins_pair(text, at) || text[at..value.end].ends_with(b"=")) {
        let rule = Label::Authorization as usize;
        let candidate = Candidate::new(text, value.start, value.end, Claim::Scheme, "scheme", rule);
        search.propose(&candidate.announced(text[start..end].eq_ignore_ascii_case(b"basic ")));
    }
}

/// Near an AWS key id, a run of 40 base64 characters is the secret.
pub(crate) fn aws_pair(search: &mut Search<'_>, start: usize, _end: usize) {
    let text = search.text;
    let id = text[start..].iter().take(24).take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit()).count();
    if id < 16 || !scan::starts_clean(text, start) {
        return;
    }
    let limit = text.len().min(start + id + AWS_REACH);
    let mut at = start + id;
    while at < limit {
        let run = text[at..].iter().take(AWS_SECRET + 1).take_while(|byte| is_base64(**byte)).count();
        let shown = &text[at..at + run];
        let shape = if run == AWS_SECRET { Shape::of(shown) } else { Shape::default() };
        if shape.upper >= 4 && shape.lower >= 4 && !matches::is_dummy(shown) {
            return search.take(Label::AwsSecret, at, at + AWS_SECRET, "");
        }
        at += run + 1;
    }
}
