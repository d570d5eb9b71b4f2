//! Everything of a request that the rules read, as one document.
//!
//! It is a list of lists of one: the engine reads them in their order, no key can be taken for a secret's, and no text for
//! the flag before another.

use redaction::{CleanedJson, Deadline, Json, PointerTaken, Redactor};

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
pub(super) struct Texts<'d>([Option<Json<'d>>; Place::ALL.len()]);

impl<'d> Texts<'d> {
    /// Adds what stands in one place, if there is something.
    pub(super) fn add(&mut self, place: Place, value: Option<Json<'d>>) {
        self.0[place as usize] = value;
    }

    /// Takes the secrets out. What was not read to its end before the deadline is replaced whole.
    pub(super) fn clean(self, redactor: &Redactor, deadline: &Deadline) -> Cleaned<'d> {
        let list = self.0.into_iter().map(|value| Json::List(value.into_iter().collect()));
        let CleanedJson { value, taken } = redactor.borrowed_json_until(Json::List(list.collect()), deadline);
        let stored = |taken: PointerTaken| {
            let inside = |place: Place| {
                let rest = taken.pointer.strip_prefix(&format!("/{}/0", place as usize))?;
                Some(format!("{}{rest}", place.pointer()))
            };
            let pointer = Place::ALL.into_iter().find_map(inside);
            PointerTaken { pointer: pointer.unwrap_or(taken.pointer), ..taken }
        };
        let mut places: [Option<Json<'d>>; Place::ALL.len()] = Default::default();
        if let Json::List(lists) = value {
            for (place, list) in places.iter_mut().zip(lists) {
                *place = if let Json::List(mut list) = list { list.pop() } else { None };
            }
        }
        Cleaned { places, taken: taken.into_iter().map(stored).collect() }
    }
}

/// The texts without their secrets.
#[derive(Debug)]
pub(super) struct Cleaned<'d> {
    places: [Option<Json<'d>>; Place::ALL.len()],
    /// What was taken, by where it is stored.
    pub taken: Vec<PointerTaken>,
}

impl<'d> Cleaned<'d> {
    /// What stands in one place; null where nothing was added.
    pub(super) fn value(&mut self, place: Place) -> Json<'d> {
        self.places[place as usize].take().unwrap_or(Json::Null)
    }

    /// The text in one place.
    pub(super) fn text(&mut self, place: Place) -> Option<String> {
        match self.value(place) {
            Json::Text(text) => Some(text.into_owned()),
            _ => None,
        }
    }

    /// What was taken out of these.
    pub(super) fn of(&self, places: &[Place]) -> Vec<PointerTaken> {
        let is_one = |taken: &&PointerTaken| places.iter().any(|place| place.pointer() == taken.pointer);
        self.taken.iter().filter(is_one).cloned().collect()
    }
}
