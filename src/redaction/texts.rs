//! Everything of a request that the rules read, as one document.

use redaction::{Deadline, PointerTaken, Redactor};
use serde_json::{Map, Value};

/// Where a text is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// What happened.
    Summary,
    /// Whom to ask back.
    ContactName,
    /// How to see it again.
    Notes,
    /// The token's `name`.
    CreatorName,
    /// The platform's references and diagnostics.
    Context,
}

impl Place {
    const ALL: [Self; 5] = [Self::Summary, Self::ContactName, Self::Notes, Self::CreatorName, Self::Context];

    /// Its member of the document. The engine reads members in the order of their names, and what the caller wrote comes
    /// first.
    fn member(self) -> &'static str {
        match self {
            Self::Summary => "0",
            Self::ContactName => "1",
            Self::Notes => "2",
            Self::CreatorName => "3",
            Self::Context => "4",
        }
    }

    /// Its pointer in the manifest (RFC 6901).
    fn pointer(self) -> &'static str {
        match self {
            Self::Summary => "/summary",
            Self::ContactName => "/contact_name",
            Self::Notes => "/reproduction_notes",
            Self::CreatorName => "/creator_name",
            Self::Context => "/context",
        }
    }
}

/// The texts, before.
#[derive(Debug, Default)]
pub(super) struct Texts(Map<String, Value>);

impl Texts {
    /// Adds what stands in one place, if there is something.
    pub(super) fn add(&mut self, place: Place, value: Option<Value>) {
        if let Some(value) = value {
            self.0.insert(place.member().to_owned(), value);
        }
    }

    /// Takes the secrets out. What was not read to its end before the deadline is replaced whole.
    pub(super) fn clean(self, redactor: &Redactor, deadline: &Deadline) -> Cleaned {
        let cleaned = redactor.json_until(Value::Object(self.0), deadline);
        let stored = |taken: PointerTaken| {
            let inside = |place: Place| Some((place, taken.pointer.strip_prefix('/')?.strip_prefix(place.member())?));
            let pointer = Place::ALL.into_iter().find_map(inside);
            let pointer = pointer.map(|(place, inside)| format!("{}{inside}", place.pointer()));
            PointerTaken { pointer: pointer.unwrap_or(taken.pointer), ..taken }
        };
        Cleaned { document: cleaned.value, taken: cleaned.taken.into_iter().map(stored).collect() }
    }
}

/// The texts without their secrets.
#[derive(Debug)]
pub(super) struct Cleaned {
    document: Value,
    /// What was taken, by where it is stored.
    pub taken: Vec<PointerTaken>,
}

impl Cleaned {
    /// What stands in one place; null where nothing was added.
    pub(super) fn value(&mut self, place: Place) -> Value {
        self.document.get_mut(place.member()).map(Value::take).unwrap_or_default()
    }

    /// The text in one place.
    pub(super) fn text(&mut self, place: Place) -> Option<String> {
        match self.value(place) {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// What was taken out of these.
    pub(super) fn of(&self, places: &[Place]) -> Vec<PointerTaken> {
        let is_one = |taken: &&PointerTaken| places.iter().any(|place| place.pointer() == taken.pointer);
        self.taken.iter().filter(is_one).cloned().collect()
    }
}
