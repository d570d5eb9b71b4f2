//! A stored request as `show` and `export` print it: its columns, when and why it was erased, and what of its digests
//! does not fit. Every digest of what is printed is reckoned anew.

use serde::ser::{Serialize, Serializer};
use serde_json::{Value as Json, json};

use super::visible;
use crate::{
    domain::record::{Column, Kind, Part, Record, Value},
    integrity::{record_digests, record_fits},
    store::{Erasure, Stored},
};

/// What is printed beside the columns of the table.
const BESIDE: [Column; 2] = [
    Column { name: "erasure", kind: Kind::Json, part: Part::Public },
    Column { name: "digest_fault", kind: Kind::Text, part: Part::Public },
];

/// How many members there are.
const WIDTH: usize = Record::WIDTH + BESIDE.len();

/// A record, ready to be printed.
#[derive(Debug)]
pub(super) struct Printed {
    pub(super) record: Record,
    /// When it was erased, by whom and why: a JSON object.
    erasure: Option<Json>,
    erasure_text: Option<String>,
    /// What does not fit; none where everything does.
    pub(super) fault: Option<String>,
}

impl Printed {
    /// Reckons its digests.
    pub(super) fn new(mut stored: Stored, erasure: Option<&Erasure>) -> Self {
        let fault = fault(&mut stored, erasure);
        let erasure = erasure.map(|erasure| {
            json!({
                "erased_at": erasure.when,
                "erased_by": erasure.by,
                "reason": erasure.reason,
                "selected_by": erasure.selected_by,
                "erasure": erasure.erasure,
            })
        });
        let erasure_text = erasure.as_ref().map(Json::to_string);
        Self { record: stored.record, erasure, erasure_text, fault }
    }

    /// Every member's column, in the order of all formats.
    pub(super) fn columns() -> impl Iterator<Item = &'static Column> {
        Record::COLUMNS.iter().chain(&BESIDE)
    }

    /// Their values, in that order.
    pub(super) fn values(&self) -> [Value<'_>; WIDTH] {
        let mut values = [Value::Null; WIDTH];
        values[..Record::WIDTH].copy_from_slice(&self.record.values());
        values[Record::WIDTH] = self.erasure_text.as_deref().map_or(Value::Null, Value::Json);
        values[Record::WIDTH + 1] = self.fault.as_deref().map_or(Value::Null, Value::Text);
        values
    }

    /// For people: when, by whom and why it was erased.
    pub(super) fn erased(&self) -> Option<String> {
        let erasure = self.erasure.as_ref()?;
        let said = |name: &str| erasure[name].as_str().unwrap_or_default();
        Some(format!("erased on {} by {} because: {}", said("erased_at"), said("erased_by"), said("reason")))
    }

    /// Appends it as one line of JSON. Written straight down: the library would read the context anew.
    pub(super) fn append_line(&self, out: &mut String) {
        let mut separator = "{\"";
        for (column, value) in Self::columns().zip(self.values()) {
            out.push_str(separator);
            out.push_str(column.name);
            out.push_str("\":");
            match value {
                Value::Null => out.push_str("null"),
                Value::Number(number) => out.push_str(&number.to_string()),
                Value::Json(json) => visible::append_json(out, json),
                Value::Text(text) => visible::append_text(out, text),
            }
            separator = ",\"";
        }
        out.push_str("}\n");
    }
}

/// As `show --json` prints it, over several lines.
impl Serialize for Printed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Self::columns().map(|column| column.name).zip(self.values()))
    }
}

/// What of a record is not as it was written.
fn fault(stored: &mut Stored, erasure: Option<&Erasure>) -> Option<String> {
    let fits = stored.unreadable.is_none() && record_fits(&stored.record);
    if !fits {
        stored.look_at_context();
    }
    let record = &stored.record;
    if let Some(column) = stored.unreadable {
        return Some(format!("its column {column} is not what was written"));
    }
    if fits {
        let is_on_record = record.is_erased() == erasure.is_some();
        return (!is_on_record).then(|| "it is erased without a record of that, or the other way round".to_owned());
    }
    let record_fits = record_digests(record).is_some_and(|digests| digests.record == record.record_digest);
    let fault = match (record_fits, record.is_erased()) {
        (false, _) => "record_digest does not fit",
        (true, false) => "personal_digest does not fit",
        (true, true) => "what was erased is there again",
    };
    Some(fault.to_owned())
}
