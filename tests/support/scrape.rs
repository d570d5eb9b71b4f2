//! What a scrape says: every series with its value.

use std::collections::{BTreeMap, BTreeSet};

/// A scrape in the Prometheus text format.
#[derive(Debug, Clone)]
pub struct Scrape(BTreeMap<String, String>);

impl Scrape {
    /// # Panics
    /// When it is not of that format.
    pub fn parse(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        Self(
            lines
                .map(|line| line.rsplit_once(' ').unwrap())
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect(),
        )
    }

    /// The whole number that a series has; nought where there is none.
    pub fn count(&self, series: &str) -> i64 {
        self.0
            .get(series)
            .map_or(0, |value| whole_number(value).unwrap_or_else(|| panic!("{series} is no whole number: {value}")))
    }

    /// The seconds that a series has.
    pub fn seconds(&self, series: &str) -> f64 {
        self.0[series].parse().unwrap()
    }

    pub fn has(&self, series: &str) -> bool {
        self.0.contains_key(series)
    }

    /// Every series.
    pub fn series(&self) -> BTreeSet<String> {
        self.0.keys().cloned().collect()
    }

    /// Every value that a label has, by the label's name.
    pub fn labels(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for series in self.0.keys() {
            let Some((_, labels)) = series.strip_suffix('}').and_then(|series| series.split_once('{')) else {
                continue;
            };
            for label in labels.split("\",") {
                let (name, value) = label.split_once("=\"").unwrap();
                found.entry(name.to_owned()).or_default().insert(value.trim_end_matches('"').to_owned());
            }
        }
        found
    }

    /// By how much whole numbers have grown since.
    pub fn grown(&self, before: &Self) -> BTreeMap<String, i64> {
        let whole = self.0.iter().filter_map(|(series, value)| Some((series, whole_number(value)?)));
        let grown = whole.map(|(series, now)| {
            (series.clone(), now - before.0.get(series).and_then(|value| whole_number(value)).unwrap_or(0))
        });
        grown.filter(|(_, more)| *more != 0).collect()
    }
}

fn whole_number(value: &str) -> Option<i64> {
    value.strip_suffix(".0").unwrap_or(value).parse().ok()
}
