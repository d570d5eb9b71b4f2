//! Names of things: path ids, references, request ids, trace ids. One `parse` for each, and nothing else makes one.

use std::fmt;

use ulid::Ulid;

/// A text that is not one of the ids it was taken for. Says nothing about the text: it may hold anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {0}")]
pub struct InvalidId(&'static str);

/// Longest path id, in bytes (all of them ASCII, so characters too).
pub const PATH_ID_MAX: usize = 64;

/// The pattern of a path id, as published in the OpenAPI document.
pub const PATH_ID_PATTERN: &str = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";

fn is_path_id(text: &str) -> bool {
    let bytes = text.as_bytes();
    (1..=PATH_ID_MAX).contains(&bytes.len())
        && bytes[0].is_ascii_alphanumeric()
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

macro_rules! path_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Takes the id as the platform spells it: `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`, case kept.
            ///
            /// # Errors
            /// Anything else names nothing.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                is_path_id(text).then(|| Self(text.to_owned())).ok_or(InvalidId($what))
            }

            /// The id as it was given.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

path_id!(
    /// A workspace: the managed-service provider, or the part of it, that looks after tenants.
    WorkspaceId,
    "workspace id"
);
path_id!(
    /// A customer tenant of a workspace. Unique only within its workspace.
    TenantId,
    "tenant id"
);
path_id!(
    /// One run of an operation in a tenant. Unique only within its tenant.
    RunId,
    "operation run id"
);

/// What a person quotes from then on: `SR-` and a ULID, 29 characters, sorted by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(Ulid);

/// The pattern of a reference, as published in the OpenAPI document.
pub const REFERENCE_PATTERN: &str = "^SR-[0-7][0-9A-HJKMNP-TV-Z]{25}$";

impl Reference {
    /// The reference that goes with a ULID.
    #[must_use]
    pub fn from_ulid(ulid: Ulid) -> Self {
        Self(ulid)
    }

    /// Reads `SR-<ULID>` as a person might type it: either case; `i`, `l` and `o` as Crockford's alphabet reads them.
    ///
    /// # Errors
    /// Anything else is no reference.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let invalid = InvalidId("reference (SR- and 26 characters)");
        let prefix = text.get(..3).ok_or(invalid)?;
        if !prefix.eq_ignore_ascii_case("SR-") {
            return Err(invalid);
        }
        let body = text[3..].to_ascii_uppercase().replace(['I', 'L'], "1").replace('O', "0");
        // The first character of 26 carries three bits only; beyond `7` the 128 bits overflow.
        if body.as_bytes().first().is_none_or(|first| *first > b'7') {
            return Err(invalid);
        }
        Ulid::from_string(&body).map(Self).map_err(|_| invalid)
    }

    /// Milliseconds since the Unix epoch at which it was made.
    #[must_use]
    pub fn timestamp_ms(&self) -> u64 {
        self.0.timestamp_ms()
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SR-{}", self.0)
    }
}

/// Ties one HTTP request to its log line and its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(String);

/// Longest request id taken from a caller, in characters.
pub const REQUEST_ID_MAX: usize = 128;

impl RequestId {
    /// A caller's id, if it is a sane one: 1 to 128 visible ASCII characters, none of them `"`, `'`, `\`, `<` or `>`.
    /// The ids that gateways make are of this form.
    ///
    /// # Errors
    /// Anything else (it could forge log lines or break out of where it is shown) is replaced, not refused.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let sane = (1..=REQUEST_ID_MAX).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic() && !br#""'\<>"#.contains(&byte));
        sane.then(|| Self(text.to_owned())).ok_or(InvalidId("request id"))
    }

    /// The id made here when the caller sent none.
    #[must_use]
    pub fn from_ulid(ulid: Ulid) -> Self {
        Self(ulid.to_string())
    }

    /// The id as it is echoed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where in a caller's trace a request belongs (W3C Trace Context, level 1), as it is passed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traceparent {
    trace: TraceId,
    parent_and_flags: String,
}

/// Which trace of a caller's a request belongs to: 32 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceId(String);

impl Traceparent {
    /// Reads a `traceparent` header: `VERSION-TRACE-PARENT-FLAGS`, in which a later version may have more behind
    /// (section 3.2.2.1 and section 4).
    ///
    /// # Errors
    /// Anything else, version `ff` and ids of nothing but zeros included, names no trace.
    pub fn parse(header: &str) -> Result<Self, InvalidId> {
        let hex = |part: &str, length: usize| {
            part.len() == length && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        let mut parts = header.trim().split('-');
        let mut part = || parts.next().unwrap_or_default();
        let (version, trace, parent, flags) = (part(), part(), part(), part());
        let is_whole = hex(version, 2) && hex(trace, 32) && hex(parent, 16) && hex(flags, 2) && version != "ff";
        let is_longer_than_it_may = version == "00" && parts.next().is_some();
        let names_something = [trace, parent].iter().all(|id| id.bytes().any(|digit| digit != b'0'));
        let named = is_whole && names_something && !is_longer_than_it_may;
        let parsed = || Self { trace: TraceId(trace.to_owned()), parent_and_flags: format!("{parent}-{flags}") };
        named.then(parsed).ok_or(InvalidId("traceparent"))
    }

    /// The trace.
    #[must_use]
    pub fn trace_id(&self) -> &TraceId {
        &self.trace
    }

    /// The span of the caller's from which it asks (16 hexadecimal digits), and the trace's flags (2 of them).
    #[must_use]
    pub fn parent_and_flags(&self) -> (&str, &str) {
        self.parent_and_flags.split_once('-').unwrap_or_default()
    }
}

impl TraceId {
    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// As the version that is understood here, whatever came in.
impl fmt::Display for Traceparent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{}-{}", self.trace, self.parent_and_flags)
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_id_is_taken_from_a_traceparent_of_the_standard_form_only() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        for good in [
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00 ",
            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes-later",
        ] {
            let parsed = Traceparent::parse(good).unwrap();
            assert_eq!(parsed.trace_id().to_string(), trace, "{good}");
            let sent = &good.trim()[3..55];
            assert_eq!(parsed.to_string(), format!("00-{sent}"), "as the version that is understood here");
        }
        for bad in [
            "",
            "4bf92f3577b34da6a3ce929d0e0e4736",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        ] {
            assert!(Traceparent::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn path_ids_are_taken_by_the_published_pattern_only() {
        for good in ["acme", "A", "0", "a.b_c-d", &"x".repeat(64)] {
            assert_eq!(TenantId::parse(good).map(|id| id.as_str().to_owned()), Ok(good.to_owned()));
        }
        for bad in ["", ".a", "-a", "_a", "a b", "a/b", "ä", "a\0", &"x".repeat(65), "*", "a\n"] {
            assert!(TenantId::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_reference_reads_back_as_it_prints_in_either_case() {
        let reference = Reference::from_ulid(Ulid::from_parts(1_700_000_000_000, 42));
        let text = reference.to_string();
        assert_eq!(Reference::parse(&text), Ok(reference));
        assert_eq!(Reference::parse(&text.to_lowercase()), Ok(reference));
        for bad in ["", "SR-", "SR", "XX-01HF7YAT000000000000000001", "SR-81HF7YAT000000000000000001", "SR-é"] {
            assert!(Reference::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_request_id_that_could_forge_a_log_line_is_not_sane() {
        for good in
            ["4bf92f35-77b3:1.a_b", "Root=1-67891233-abcdef012345678912345678", "JKJaXmPLvHcESHA=", "a#17", "~!@(;)/+"]
        {
            assert!(RequestId::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "a b", "a\nb", "a\"b", "a'b", "a\\b", "<a", "a>", "a\u{7f}", &"x".repeat(129), "ü"] {
            assert!(RequestId::parse(bad).is_err(), "{bad:?}");
        }
    }
}
