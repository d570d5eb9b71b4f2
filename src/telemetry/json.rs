//! An event as one line of JSON: its time, level, fields, target, and the span of the request that it belongs to.
//!
//! `tracing-subscriber` writes the same line, and reads the fields of the span, which it keeps as JSON, anew for each. Here
//! they are put where they belong, and what needs no escaping is written as it is.

use std::fmt::{self, Debug, Write as _};

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    fmt::{
        FmtContext, FormatEvent, FormatFields, FormattedFields,
        format::{self, Format, Json, Writer},
        time::{FormatTime as _, SystemTime},
    },
    registry::LookupSpan,
};

use crate::integrity::canonical_text;

/// Most lines are shorter, in bytes.
const LINE_BYTES: usize = 1024;

/// What events of the crate `log` say is their target; they carry their own as fields.
const TARGET_OF_LOG: &str = "log";

/// Writes lines.
pub(super) struct JsonLines {
    /// For events of the crate `log`, which it puts in the form of the others.
    library: Format<Json>,
}

impl JsonLines {
    pub(super) fn new() -> Self {
        Self { library: format::format().json().flatten_event(true).with_span_list(false) }
    }
}

impl<S, N> FormatEvent<S, N> for JsonLines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let metadata = event.metadata();
        if metadata.target() == TARGET_OF_LOG {
            return self.library.format_event(context, writer, event);
        }
        let mut line = String::with_capacity(LINE_BYTES);
        line.push_str("{\"timestamp\":\"");
        SystemTime.format_time(&mut Writer::new(&mut line))?;
        line.push_str("\",\"level\":\"");
        line.push_str(metadata.level().as_str());
        line.push('"');
        event.record(&mut Fields(&mut line));
        line.push_str(",\"target\":");
        canonical_text(&mut line, metadata.target());
        let span = event.parent().and_then(|id| context.span(id)).or_else(|| context.lookup_current());
        if let Some(span) = span {
            line.push_str(",\"span\":{");
            let extensions = span.extensions();
            // An object, by the formatter of fields that goes with this one.
            let fields = extensions.get::<FormattedFields<N>>().map_or("", |fields| fields.as_str());
            let members = fields.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or_default();
            line.push_str(members);
            line.push_str(if members.is_empty() { "\"name\":" } else { ",\"name\":" });
            canonical_text(&mut line, span.name());
            line.push('}');
        }
        line.push_str("}\n");
        writer.write_str(&line)
    }
}

/// Appends each field as a further member.
struct Fields<'a>(&'a mut String);

impl Fields<'_> {
    fn name(&mut self, field: &Field) {
        self.0.push(',');
        canonical_text(self.0, field.name());
        self.0.push(':');
    }

    /// What is a number or a truth value in JSON too.
    fn bare(&mut self, field: &Field, value: impl fmt::Display) {
        self.name(field);
        // Writing to a string does not fail.
        let _ = write!(self.0, "{value}");
    }
}

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.name(field);
        canonical_text(self.0, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.bare(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.bare(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.bare(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        // What is no number in JSON becomes null.
        self.bare(field, serde_json::Value::from(value));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::Value;
    use tracing_subscriber::{fmt::MakeWriter, layer::SubscriberExt as _};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Written {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    fn say_everything() {
        tracing::info!("outside");
        let span = tracing::info_span!("request", request_id = "a\"b\n", trace_id = tracing::field::Empty, late = true);
        let entered = span.enter();
        tracing::warn!(
            text = "é\"\\\u{1}\t",
            none = None::<&str>,
            some = Some(7_u64),
            minus = -1,
            yes = true,
            "in {}",
            1
        );
        span.record("trace_id", "t");
        tracing::error!(a.dotted = "name", debug = ?Some("x"), fraction = 0.5, endless = f64::INFINITY, r#type = 1);
        tracing::info_span!("inner").in_scope(|| tracing::debug!(big = u64::MAX, error = %fmt::Error));
        drop(entered);
        tracing::info!(parent: &span, "by name");
    }

    #[test]
    fn a_line_says_what_the_formatter_of_the_library_says() {
        let lines = |ours: bool| -> Vec<Value> {
            let written = Written::default();
            let layer = tracing_subscriber::fmt::layer().json().with_writer(written.clone());
            if ours {
                let subscriber = tracing_subscriber::registry().with(layer.event_format(JsonLines::new()));
                tracing::subscriber::with_default(subscriber, say_everything);
            } else {
                let layer = layer.flatten_event(true).with_span_list(false);
                tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), say_everything);
            }
            let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
            assert!(text.ends_with("}\n"));
            let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            for line in &mut lines {
                let time = line.as_object_mut().unwrap().remove("timestamp").unwrap();
                assert_eq!(time.as_str().unwrap().len(), "2026-01-31T09:00:00.000000Z".len());
            }
            lines
        };
        let ours = lines(true);
        assert_eq!(ours, lines(false));
        assert_eq!(ours.len(), 5);
    }
}
