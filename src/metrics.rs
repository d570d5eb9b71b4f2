//! Numbers for whoever operates the service: what rooms count and measure, and how that is written down for Prometheus.
//!
//! Rooms make their instruments when they are made themselves, and keep them: recording is an addition, without a name or a
//! label being put together. Every label takes its values from a closed list that is known at the start. Deliberately absent:
//! a way to make a series while a request is looked at, and with it any identifier of a person, a tenant or a request.

use std::{borrow::Cow, fmt, sync::Arc, time::Duration};

pub use prometheus_client::metrics::counter::Counter;
use prometheus_client::{
    encoding::{EncodeMetric, MetricEncoder, prometheus_text},
    metrics::{
        MetricType, TypedMetric,
        counter::ConstCounter,
        gauge::ConstGauge,
        histogram::{self, exponential_buckets},
    },
    registry::{Metric, Registry},
};

/// What [`Exposition::text`] is (Prometheus text format, version 0.0.4).
pub use prometheus_text::CONTENT_TYPE;

/// Upper bounds of the buckets of every duration, in seconds: from a token that is checked to the longest answer.
const SECONDS: [f64; 18] = [
    0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0,
    2.5, 5.0, 10.0,
];

/// How long something takes. Clones share what was measured.
#[derive(Debug, Clone)]
pub struct Durations(histogram::Histogram);

impl Default for Durations {
    fn default() -> Self {
        Self(histogram::Histogram::new(SECONDS))
    }
}

impl Durations {
    /// Takes note of one.
    pub fn observe(&self, duration: Duration) {
        self.0.observe(duration.as_secs_f64());
    }
}

/// How many things come together. Clones share what was counted.
#[derive(Debug, Clone)]
pub struct Sizes(histogram::Histogram);

impl Default for Sizes {
    /// Buckets of 1, 2, 4 and so on to 256.
    fn default() -> Self {
        Self(histogram::Histogram::new(exponential_buckets(1.0, 2.0, 9)))
    }
}

impl Sizes {
    /// Takes note of one. More than there are numbers for is not seen.
    pub fn observe(&self, size: usize) {
        self.0.observe(f64::from(u32::try_from(size).unwrap_or(u32::MAX)));
    }
}

/// The labels of one series.
pub type Labels = Vec<(&'static str, Cow<'static, str>)>;

/// Instruments of one name that differ in their labels: a closed list, made at once.
#[derive(Debug, Clone)]
pub struct Family<M>(Arc<[(Labels, M)]>);

impl<M: Default> Family<M> {
    /// One for each of these.
    pub fn of(series: impl IntoIterator<Item = Labels>) -> Self {
        Self(series.into_iter().map(|labels| (labels, M::default())).collect())
    }

    /// One for each value of one label.
    pub fn by(label: &'static str, values: impl IntoIterator<Item = impl Into<Cow<'static, str>>>) -> Self {
        Self::of(values.into_iter().map(|value| vec![(label, value.into())]))
    }

    /// That at this place of the list.
    #[must_use]
    pub fn at(&self, place: usize) -> Option<&M> {
        self.0.get(place).map(|(_, instrument)| instrument)
    }

    /// That whose first label has this value.
    #[must_use]
    pub fn get(&self, value: &str) -> Option<&M> {
        self.0
            .iter()
            .find(|(labels, _)| labels.first().is_some_and(|(_, known)| known == value))
            .map(|(_, found)| found)
    }
}

impl Family<Counter> {
    /// Counts one of this value. What is not on the list is not counted.
    pub fn count(&self, value: &str) {
        self.get(value).map(Counter::inc);
    }
}

impl<M: EncodeMetric + TypedMetric> EncodeMetric for Family<M> {
    fn encode(&self, mut encoder: MetricEncoder) -> fmt::Result {
        self.0.iter().try_for_each(|(labels, instrument)| instrument.encode(encoder.encode_family(labels)?))
    }

    fn metric_type(&self) -> MetricType {
        M::TYPE
    }
}

impl<M: TypedMetric> TypedMetric for Family<M> {
    const TYPE: MetricType = M::TYPE;
}

macro_rules! as_its_histogram {
    ($($instrument:ty),+) => {$(
        impl EncodeMetric for $instrument {
            fn encode(&self, encoder: MetricEncoder) -> fmt::Result {
                self.0.encode(encoder)
            }

            fn metric_type(&self) -> MetricType {
                self.0.metric_type()
            }
        }

        impl TypedMetric for $instrument {
            const TYPE: MetricType = <histogram::Histogram as TypedMetric>::TYPE;
        }
    )+};
}
as_its_histogram!(Durations, Sizes);

/// What whoever writes the log counts.
#[derive(Debug, Clone, Default)]
pub struct LogMetrics {
    /// Lines that nobody read in time.
    pub dropped_lines: Counter,
    /// Tasks that panicked.
    pub panics: Counter,
}

/// Everything that one scrape gets. Names are written in full, so that they are found where they are looked for; a
/// counter's without its `_total`.
#[derive(Debug, Default)]
pub struct Exposition(Registry);

impl Exposition {
    /// What a room has counted or measured.
    pub fn add(&mut self, name: &'static str, help: &'static str, instrument: &(impl Metric + Clone)) {
        self.0.register(name, help, instrument.clone());
    }

    /// What a room has counted of a long list: what it never saw is left out.
    pub fn add_seen(&mut self, name: &'static str, help: &'static str, counters: &Family<Counter>) {
        let seen = counters.0.iter().filter(|(_, counter)| counter.get() > 0);
        self.0.register(name, help, Family(seen.cloned().collect()));
    }

    /// What somebody else has counted.
    pub fn counted(&mut self, name: &'static str, help: &'static str, count: f64) {
        self.0.register(name, help, ConstCounter::new(count));
    }

    /// How it is now.
    pub fn now(&mut self, name: &'static str, help: &'static str, value: f64) {
        self.0.register(name, help, ConstGauge::new(value));
    }

    /// How it is now, by the value of a label: of a closed list.
    pub fn now_by(&mut self, name: &'static str, help: &'static str, values: impl IntoIterator<Item = (Labels, f64)>) {
        let series = values.into_iter().map(|(labels, value)| (labels, Now(value)));
        self.0.register(name, help, Family(series.collect()));
    }

    /// All of it as text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = prometheus_text::encode(&mut text, &self.0);
        text
    }
}

/// A gauge of a family.
#[derive(Debug, Clone)]
struct Now(f64);

impl EncodeMetric for Now {
    fn encode(&self, encoder: MetricEncoder) -> fmt::Result {
        ConstGauge::new(self.0).encode(encoder)
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Gauge
    }
}

impl TypedMetric for Now {
    const TYPE: MetricType = MetricType::Gauge;
}

/// A number of things or bytes, as Prometheus has numbers. Beyond 2^53 the last digits are lost, which no chart shows.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "of numbers that no machine has room for")]
pub fn number(count: impl TryInto<u64>) -> f64 {
    count.try_into().unwrap_or(u64::MAX) as f64
}

/// Yes or no, as Prometheus has them.
#[must_use]
pub fn yes_or_no(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scrape_is_in_the_text_format_with_each_series_of_a_closed_list_from_the_start() {
        let (counters, durations): (Family<Counter>, _) = (Family::by("why", ["a", "b\"\n"]), Durations::default());
        counters.count("a");
        counters.count("never heard of");
        durations.observe(Duration::from_millis(3));
        let mut exposition = Exposition::default();
        exposition.add("x_refused", "Refused", &counters);
        exposition.add_seen("x_seen", "Seen", &counters);
        exposition.add("x_seconds", "How long", &durations);
        exposition.now_by("x_state", "State", [(vec![("state", "open".into())], 1.0)]);
        exposition.now("x_bytes", "Bytes", number(7_usize));
        let text = exposition.text();
        for line in [
            "# TYPE x_refused_total counter",
            "x_refused_total{why=\"a\"} 1",
            "x_refused_total{why=\"b\\\"\\n\"} 0",
            "# TYPE x_seen_total counter",
            "x_seen_total{why=\"a\"} 1",
            "# TYPE x_seconds histogram",
            "x_seconds_bucket{le=\"0.0025\"} 0",
            "x_seconds_bucket{le=\"0.005\"} 1",
            "x_seconds_bucket{le=\"+Inf\"} 1",
            "x_seconds_sum 0.003",
            "x_seconds_count 1",
            "x_state{state=\"open\"} 1.0",
            "x_bytes 7.0",
        ] {
            assert!(text.lines().any(|written| written == line), "{line} is not in\n{text}");
        }
        assert!(!text.contains("never heard of") && !text.contains("x_seen_total{why=\"b"), "{text}");
    }
}
