//! OpenTelemetry's own variables (its specification, "Environment Variable Specification" and "OTLP Exporter"): whether spans
//! are sent at all, and what would not work is refused. The rest the SDK reads itself.

use url::Url;

use super::types::SettingError;

/// Where spans go; the first that is set counts.
const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

/// How they are sent.
const PROTOCOLS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"];

/// Whether they are packed.
const COMPRESSIONS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "OTEL_EXPORTER_OTLP_COMPRESSION"];

/// How those that are sent are chosen. Each that ends in `ratio` has an argument.
const SAMPLERS: [&str; 6] = [
    "always_on",
    "always_off",
    "traceidratio",
    "parentbased_always_on",
    "parentbased_always_off",
    "parentbased_traceidratio",
];

/// What TLS needs beyond the system's certificates. The exporter reads none of these: a collector that needs one would be
/// refused, or refuse, at each export, with nothing but a line of the SDK's to tell.
const CERTIFICATES: [&str; 6] = [
    "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY",
    "OTEL_EXPORTER_OTLP_CLIENT_KEY",
];

/// How a trace goes from one service to the next: W3C's `traceparent`, always. Baggage is neither read nor sent, which
/// nobody who names it beside the first, as the specification's own default does, would notice.
const PROPAGATORS: [&str; 2] = ["tracecontext", "baggage"];

/// Whether spans are sent to a collector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendTraces {
    /// To where the variables say.
    ToCollector,
    /// Nobody named a collector, or traces are switched off.
    Nowhere,
}

impl SendTraces {
    #[expect(clippy::disallowed_methods, reason = "this is where it is read")]
    pub(super) fn from_environment() -> Result<Self, SettingError> {
        Self::read(|name| std::env::var(name).ok())
    }

    /// A variable that is empty is not set (specification, "Parsing empty value").
    fn read(variable: impl Fn(&'static str) -> Option<String>) -> Result<Self, SettingError> {
        let set = |name| variable(name).filter(|value| !value.is_empty()).map(|value| (name, value));
        let first = |names: [&'static str; 2]| names.into_iter().find_map(set);
        let is = |name, wanted: &str| set(name).is_some_and(|(_, value)| value.eq_ignore_ascii_case(wanted));
        let Some((name, endpoint)) = first(ENDPOINTS) else { return Ok(Self::Nowhere) };
        if is("OTEL_SDK_DISABLED", "true") || is("OTEL_TRACES_EXPORTER", "none") {
            return Ok(Self::Nowhere);
        }
        let url = Url::parse(&endpoint).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        url.ok_or_else(|| refuse(name, "must be a URL such as http://collector.example:4318"))?;
        one_of(set("OTEL_TRACES_EXPORTER"), &["otlp"], "must be otlp or none")?;
        one_of(first(PROTOCOLS), &["http/protobuf"], "must be http/protobuf: the others are not built in")?;
        one_of(first(COMPRESSIONS), &["none"], "must be none: spans are few, and nothing packs them here")?;
        if let Some((name, _)) = CERTIFICATES.into_iter().find_map(set) {
            return Err(refuse(
                name,
                "must not be set: a collector is reached by the system's certificates, or SSL_CERT_FILE",
            ));
        }
        if set("OTEL_PROPAGATORS").is_some_and(|(_, list)| !has_trace_context_alone(&list)) {
            return Err(refuse(
                "OTEL_PROPAGATORS",
                "must be tracecontext: no other header is read or sent (baggage may be named)",
            ));
        }
        let sampler = set("OTEL_TRACES_SAMPLER");
        let has_ratio = sampler.as_ref().is_some_and(|(_, sampler)| sampler.ends_with("ratio"));
        one_of(
            sampler,
            &SAMPLERS,
            "must be one of those that OpenTelemetry's specification names, without the remote ones",
        )?;
        let argument = set("OTEL_TRACES_SAMPLER_ARG").map(|(_, text)| text.parse::<f64>());
        let is_ratio = |argument| matches!(argument, Ok(ratio) if (0.0..=1.0).contains(&ratio));
        if has_ratio && !argument.is_some_and(is_ratio) {
            return Err(refuse("OTEL_TRACES_SAMPLER_ARG", "must be a number from 0 to 1 for this sampler"));
        }
        Ok(Self::ToCollector)
    }
}

/// Whether this list names `traceparent`, and nothing that anybody would miss.
fn has_trace_context_alone(list: &str) -> bool {
    let mut names = list.split(',').map(str::trim);
    names.clone().any(|name| name == PROPAGATORS[0]) && names.all(|name| PROPAGATORS.contains(&name))
}

fn one_of(set: Option<(&'static str, String)>, taken: &[&str], problem: &str) -> Result<(), SettingError> {
    match set {
        Some((name, value)) if !taken.contains(&value.as_str()) => Err(refuse(name, problem)),
        _ => Ok(()),
    }
}

fn refuse(variable: &'static str, problem: &str) -> SettingError {
    SettingError { variable, flag: None, problem: problem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<SendTraces, String> {
        let value = |name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        SendTraces::read(value).map_err(|error| error.to_string())
    }

    const ENDPOINT: (&str, &str) = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318");

    #[test]
    fn spans_are_sent_where_a_collector_is_named_and_nobody_switched_them_off() {
        assert_eq!(read(&[]), Ok(SendTraces::Nowhere));
        assert_eq!(read(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "")]), Ok(SendTraces::Nowhere));
        assert_eq!(read(&[("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")]), Ok(SendTraces::Nowhere));
        assert_eq!(read(&[ENDPOINT]), Ok(SendTraces::ToCollector));
        assert_eq!(
            read(&[("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://collector.example/v1/traces")]),
            Ok(SendTraces::ToCollector)
        );
        for off in [("OTEL_SDK_DISABLED", "true"), ("OTEL_SDK_DISABLED", "TRUE"), ("OTEL_TRACES_EXPORTER", "none")] {
            assert_eq!(read(&[ENDPOINT, off]), Ok(SendTraces::Nowhere), "{off:?}");
        }
        for on in [
            ("OTEL_SDK_DISABLED", "false"),
            ("OTEL_TRACES_EXPORTER", "otlp"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_TRACES_SAMPLER", "parentbased_always_off"),
            ("OTEL_EXPORTER_OTLP_CERTIFICATE", ""),
            ("OTEL_PROPAGATORS", "tracecontext"),
            ("OTEL_PROPAGATORS", "baggage, tracecontext"),
        ] {
            assert_eq!(read(&[ENDPOINT, on]), Ok(SendTraces::ToCollector), "{on:?}");
        }
        let ratio = ("OTEL_TRACES_SAMPLER", "traceidratio");
        assert_eq!(read(&[ENDPOINT, ratio, ("OTEL_TRACES_SAMPLER_ARG", "0.25")]), Ok(SendTraces::ToCollector));
    }

    #[test]
    fn what_would_not_work_is_refused_by_its_name_and_without_its_value() {
        for (name, value) in [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector-9:4318"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "ftp://collector-9"),
            ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "grpc"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
            ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
            ("OTEL_TRACES_EXPORTER", "zipkin"),
            ("OTEL_TRACES_SAMPLER", "jaeger_remote"),
            ("OTEL_EXPORTER_OTLP_CERTIFICATE", "/ca-9.pem"),
            ("OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", "/ca-9.pem"),
            ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "/client-9.pem"),
            ("OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE", "/client-9.pem"),
            ("OTEL_EXPORTER_OTLP_CLIENT_KEY", "/client-9.key"),
            ("OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", "/client-9.key"),
            ("OTEL_PROPAGATORS", "b3"),
            ("OTEL_PROPAGATORS", "tracecontext,b3multi"),
            ("OTEL_PROPAGATORS", "none"),
        ] {
            let refused = read(&[(name, value), ENDPOINT]).unwrap_err();
            assert!(refused.starts_with(&format!("{name}: must ")) && !refused.contains(value), "{refused}");
        }
        for bad in ["", "half", "1.5", "-1", "NaN"] {
            let refused = read(&[
                ENDPOINT,
                ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"),
                ("OTEL_TRACES_SAMPLER_ARG", bad),
            ]);
            assert!(refused.unwrap_err().starts_with("OTEL_TRACES_SAMPLER_ARG: "), "{bad}");
        }
    }
}
