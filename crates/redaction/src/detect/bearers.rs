//! Tokens that say themselves what they are: JWTs, `Bearer …`, the secret beside an AWS key id.

use crate::detect::extent;
use crate::facts::candidate::{Candidate, Claim};
use crate::facts::label::Label;
use crate::facts::matches;
use crate::facts::values::Shape;
use crate::search::Search;
use crate::text::scan::{self, is_base64, is_token, skip_blanks};

/// `eyJ…`: a JWT, whole or cut off; `ZXlK…` is the same encoded once more.
pub(crate) fn jwt(search: &mut Search<'_>, start: usize) {
    let text = search.text;
    let plain = text[start..].starts_with(b"eyJ");
    if start < search.covered || !(plain || text[start..].starts_with(b"ZXlK")) || !scan::starts_clean(text, start) {
        return;
    }
    let part = |from: usize, also: &[u8]| text[from..].iter().take_while(|b| is_token(**b) || also.contains(b)).count();
    if !plain {
        let length = part(start, b"+/=");
        if length >= 40 {
            search.take(Label::Jwt, start, start + length);
        }
        return;
    }
    // The first part ends at the same place for every beginning in it.
    if !search.jwt_part.contains(&start) {
        search.jwt_part = start..start + part(start, b"+/=%");
    }
    let mut end = search.jwt_part.end;
    let mut parts = 1;
    while parts < 5 && text.get(end) == Some(&b'.') {
        let length = part(end + 1, b"+/=");
        if length == 0 && parts != 2 {
            break;
        }
        end += 1 + length;
        parts += 1;
    }
    let cut = text[end..].starts_with(b"...") || text[end..].starts_with("\u{2026}".as_bytes());
    // One part alone is any JSON in base64, unless it says "alg" or "typ" or was cut.
    let header = is_header(&text[start..end]);
    if (parts >= 2 && end - start >= 24) || header || (cut && end - start >= 12) {
        search.take(Label::Jwt, start, end);
    }
}

/// `{"alg":` and `{"typ":` in base64, at the three ways they can fall.
fn is_header(part: &[u8]) -> bool {
    part.len() >= 30
        && [&b"eyJhbGci"[..], b"eyJ0eXAi", b"eyJraWQi", b"eyJlbmMi", b"eyJ4NXQi"]
            .iter()
            .any(|head| part.starts_with(head))
}

/// `Bearer <token>`, `Basic <base64>` and other schemes.
pub(crate) fn scheme(search: &mut Search<'_>, start: usize, end: usize) {
    let text = search.text;
    if start < search.covered || !scan::starts_clean(text, start) {
        return;
    }
    let mut at = skip_blanks(text, end, 8);
    // `Bearer: x`, `Bearer%20x`, `bearer=x`, `Bearer "x"`, `bearer token x`.
    if text[at..].starts_with(b"%20") {
        at += 3;
    } else if at == end && !text[end - 1].is_ascii_whitespace() && !matches!(text.get(at), Some(b':' | b'=')) {
        return;
    }
    if matches!(text.get(at), Some(b':' | b'=')) {
        at = skip_blanks(text, at + 1, 4);
    }
    if text.get(at..at + 6).is_some_and(|word| word.eq_ignore_ascii_case(b"token ")) {
        at = skip_blanks(text, at + 6, 4);
    }
    let value = extent::quoted(text, at).unwrap_or_else(|| extent::bare(search, at, false));
    if value.start >= value.end {
        return;
    }
    let shown = &text[value.start..value.end];
    // `token_type=Bearer expires_in=3600`: the next pair.
    let name = shown.iter().take_while(|b| b.is_ascii_lowercase() || **b == b'_').count();
    if name >= 2 && shown.get(name) == Some(&b'=') && name + 1 < shown.len() && shown[name + 1] != b'=' {
        return;
    }
    if text[start..end].eq_ignore_ascii_case(b"aws4-hmac-sha256") || text[start..end].eq_ignore_ascii_case(b"digest ") {
        parameters(search, value.start);
    } else {
        let rule = Label::Authorization as usize;
        let claim = Candidate::new(text, value.start, value.end, Claim::Scheme, "scheme", rule);
        search.propose(&claim.announced(text[start..end].eq_ignore_ascii_case(b"basic ")));
    }
}

/// `Credential=…, SignedHeaders=…, Signature=…`: the signature goes.
fn parameters(search: &mut Search<'_>, at: usize) {
    let text = search.text;
    let limit = scan::line_end(text, at, 1024);
    for name in [&b"Signature="[..], b"response=\"", b"response=\\\""] {
        if let Some(found) = memchr::memmem::find(&text[at..limit], name) {
            let from = at + found + name.len();
            let length = text[from..limit].iter().take_while(|b| b.is_ascii_hexdigit()).count();
            search.take(Label::Authorization, from, from + length);
        }
    }
}

/// Near an AWS key id, a run of 40 base64 characters is the secret.
pub(crate) fn aws_pair(search: &mut Search<'_>, start: usize) {
    let text = search.text;
    let id = text[start..].iter().take(24).take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit()).count();
    if id < 16 || !scan::starts_clean(text, start) {
        return;
    }
    let limit = text.len().min(start + id + 160);
    let mut at = start + id;
    while at < limit {
        let run = text[at..].iter().take(44).take_while(|b| is_base64(**b)).count();
        let shape = if run == 40 { Shape::of(&text[at..at + run]) } else { Shape::default() };
        if run == 40
            && !matches::is_dummy(&text[at..at + run])
            && shape.upper >= 4
            && shape.lower >= 4
            && shape.distinct >= 15
        {
            search.take(Label::AwsSecret, at, at + 40);
            return;
        }
        at += run + 1;
    }
}
