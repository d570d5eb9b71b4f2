//! An answer, and what must be true of every one.

use http::HeaderMap;
use serde_json::Value;

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("not JSON ({error}): {}", self.text()))
    }

    /// The one value of a header; none where it is absent.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next()?.to_str().expect("header values are ASCII");
        assert!(values.next().is_none(), "{name} is there twice");
        Some(value)
    }

    pub fn request_id(&self) -> &str {
        self.header("x-request-id").expect("every answer has a request id")
    }

    /// The problem's `code`; empty for a success.
    pub fn code(&self) -> String {
        if self.status < 400 { String::new() } else { self.json()["code"].as_str().unwrap_or_default().to_owned() }
    }

    /// The receipt of a request that was stored.
    #[track_caller]
    pub fn created(&self) -> Value {
        assert_eq!(self.status, 201, "{}", self.text());
        self.json()
    }

    #[track_caller]
    pub fn is(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.code().as_str()), (status, code), "{}", self.text());
    }

    /// The faults of a 422 as `pointer code`, sorted.
    #[track_caller]
    pub fn faults(&self) -> Vec<String> {
        self.is(422, "invalid_fields");
        let body = self.json();
        let faults = body["errors"].as_array().expect("a 422 lists its faults").iter();
        let mut faults: Vec<String> = faults
            .map(|fault| format!("{} {}", fault["pointer"].as_str().unwrap(), fault["code"].as_str().unwrap()))
            .collect();
        faults.sort();
        faults
    }

    /// The bytes without the request id, which is the one thing that two answers may differ in.
    pub fn bytes_but_for_the_request_id(&self) -> String {
        self.text().replace(self.request_id(), "…")
    }

    /// What two refusals may be told apart by beside their bodies: all but the id, the date, what is between two
    /// neighbours only (`connection`), and the way to the page about errors, which says how deep the path is (`link`).
    pub fn status_and_headers(&self) -> (u16, Vec<(String, String)>) {
        let passing = ["x-request-id", "date", "content-length", "connection", "link"];
        let told = self.headers.iter().filter(|(name, _)| !passing.contains(&name.as_str()));
        let mut told: Vec<_> = told
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        told.sort();
        (self.status, told)
    }

    /// What holds for every answer of the service, whatever was asked.
    #[track_caller]
    pub fn check(&self, secrets: &[String]) {
        assert!(!self.request_id().is_empty());
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"));
        for secret in secrets {
            let echoed =
                self.text().contains(secret.as_str()) || format!("{:?}", self.headers).contains(secret.as_str());
            assert!(!echoed, "the answer {} repeats something that was sent: {}", self.status, self.text());
        }
        if self.status == 201 {
            assert_eq!(self.header("cache-control"), Some("no-store"));
            assert_eq!(self.header("location"), None, "there is nothing to GET");
            assert_eq!(self.header("content-type"), Some("application/json"));
        }
        assert_eq!(self.status == 401, self.header("www-authenticate").is_some() && self.status != 403);
        assert_eq!(matches!(self.status, 429 | 503), self.header("retry-after").is_some());
        assert_eq!(self.status == 405, self.header("allow").is_some());
        if self.status >= 400 && !self.bytes.is_empty() {
            self.check_problem();
        }
    }

    #[track_caller]
    fn check_problem(&self) {
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        let problem = self.json();
        let members: Vec<&str> = problem.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(members, ["code", "detail", "errors", "request_id", "status", "title", "type"]);
        assert_eq!(problem["status"], self.status);
        assert_eq!(problem["request_id"], self.request_id());
        assert_eq!(problem["errors"].as_array().map(Vec::is_empty), Some(self.status != 422));
        if let Some(help) = self.header("link") {
            assert!(help.ends_with(&format!("docs/errors#{}>; rel=\"help\"", self.code())), "{help}");
        }
        for text in ["code", "detail", "title", "type"] {
            assert!(problem[text].as_str().is_some_and(|text| !text.is_empty()), "{text} is empty");
        }
    }
}
