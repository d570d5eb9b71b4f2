//! Everything of a request that the rules read, as one document.
//!
//! It is a list of lists of one: the engine reads them in their order, no key can be taken for a secret's, and no text for
//! the flag before another.

use redaction::{Deadline, PointerTaken, Redactor};
use serde_json::Value;

/// Where a text is stored, in the order in which they are read: what the caller wrote comes first.
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
pub(super) struct Texts([Option<Value>; Place::ALL.len()]);

impl Texts {
    /// Adds what stands in one place, if there is something.
    pub(super) fn add(&mut self, place: Place, value: Option<Value>) {
        self.0[place as usize] = value;
    }

    /// Takes the secrets out. What was not read to its end before the deadline is replaced whole.
    pub(super) fn clean(self, redactor: &Redactor, deadline: &Deadline) -> Cleaned {
        let list = self.0.into_iter().map(|value| Value::Array(value.into_iter().collect()));
        let cleaned = redactor.json_until(Value::Array(list.collect()), deadline);
        let stored = |taken: PointerTaken| {
            let inside = |place: Place| {
                let rest = taken.pointer.strip_prefix(&format!("/{}/0", place as usize))?;
                Some(format!("{}{rest}", place.pointer()))
            };
            let pointer = Place::ALL.into_iter().find_map(inside);
            PointerTaken { pointer: pointer.unwrap_or(taken.pointer), ..taken }
        };
        let mut places: [Option<Value>; Place::ALL.len()] = Default::default();
        if let Value::Array(lists) = cleaned.value {
            for (place, list) in places.iter_mut().zip(lists) {
                *place = if let Value::Array(mut list) = list { list.pop() } else { None };
            }
        }
        Cleaned { places, taken: cleaned.taken.into_iter().map(stored).collect() }
    }
}

/// The texts without their secrets.
#[derive(Debug)]
pub(super) struct Cleaned {
    places: [Option<Value>; Place::ALL.len()],
    /// What was taken, by where it is stored.
    pub taken: Vec<PointerTaken>,
}

impl Cleaned {
    /// What stands in one place; null where nothing was added.
    pub(super) fn value(&mut self, place: Place) -> Value {
        self.places[place as usize].take().unwrap_or_default()
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
