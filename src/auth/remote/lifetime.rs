//! How long an answer may be used before it is asked for again (RFC 9111 sections 4.2 and 5.2.2).

use std::time::Duration;

use reqwest::header::{AGE, CACHE_CONTROL, HeaderMap};

/// What an answer says about that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lifetime {
    /// Nothing.
    Unspecified,
    /// So long; zero where it is not to be kept, or where what it says makes no sense.
    Specified(Duration),
}

impl Lifetime {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut said = Self::Unspecified;
        for directive in directives(headers) {
            let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
            match name.trim().to_ascii_lowercase().as_str() {
                "no-cache" | "no-store" => return Self::Specified(Duration::ZERO),
                "max-age" => said = said.or_shorter(seconds(value)),
                _ => {}
            }
        }
        match said {
            Self::Unspecified => Self::Unspecified,
            Self::Specified(time) => Self::Specified(time.saturating_sub(age(headers))),
        }
    }

    /// Of two that contradict each other, the shorter.
    fn or_shorter(self, other: Duration) -> Self {
        match self {
            Self::Unspecified => Self::Specified(other),
            Self::Specified(time) => Self::Specified(time.min(other)),
        }
    }
}

fn directives(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(CACHE_CONTROL).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

/// Seconds, in quotes or not. A number that is too large is very long, and what is none is over at once.
fn seconds(value: &str) -> Duration {
    let digits = value.trim().trim_matches('"');
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Duration::ZERO;
    }
    Duration::from_secs(digits.parse().unwrap_or(u64::from(u32::MAX)))
}

/// How long it has been in a cache on the way.
fn age(headers: &HeaderMap) -> Duration {
    headers.get(AGE).and_then(|age| age.to_str().ok()).map_or(Duration::ZERO, seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lifetime(lines: &[(&'static str, &'static str)]) -> Lifetime {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        Lifetime::of(&headers)
    }

    #[test]
    fn the_lifetime_is_what_cache_control_says_less_the_age() {
        let said = |seconds| Lifetime::Specified(Duration::from_secs(seconds));
        for (line, expected) in [
            ("max-age=300", said(300)),
            ("public, MAX-AGE=300 , must-revalidate", said(300)),
            ("max-age=\"300\"", said(300)),
            ("max-age=300, max-age=60", said(60)),
            ("max-age=99999999999999999999999999", said(u64::from(u32::MAX))),
            ("max-age=-1", said(0)),
            ("max-age=soon", said(0)),
            ("max-age", said(0)),
            ("max-age=300, no-cache", said(0)),
            ("No-Store", said(0)),
            ("no-cache=\"set-cookie\"", said(0)),
            ("s-maxage=300", Lifetime::Unspecified),
            ("public", Lifetime::Unspecified),
            ("", Lifetime::Unspecified),
        ] {
            assert_eq!(lifetime(&[("cache-control", line)]), expected, "{line}");
        }
        assert_eq!(lifetime(&[]), Lifetime::Unspecified);
        assert_eq!(lifetime(&[("age", "10")]), Lifetime::Unspecified);
        assert_eq!(lifetime(&[("cache-control", "public"), ("cache-control", "max-age=9")]), said(9));
        assert_eq!(lifetime(&[("cache-control", "max-age=300"), ("age", "100")]), said(200));
        assert_eq!(lifetime(&[("cache-control", "max-age=300"), ("age", "301")]), said(0));
        assert_eq!(lifetime(&[("cache-control", "max-age=300"), ("age", "old")]), said(300));
    }
}
