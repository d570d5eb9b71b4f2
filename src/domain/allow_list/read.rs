//! One pass over a document's text. Texts are borrowed from it; of what is not declared nothing is kept.

use std::{borrow::Cow, cell::Cell, fmt};

use redaction::Json;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{Absent, Member, Misfit, Shape, ShapeFault};

/// What a value or an object counts beside its text, in bytes: to look at one takes time too.
const VALUE_BYTES: usize = 32;

/// What was kept of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept<'d> {
    /// What is declared of it.
    pub json: Json<'d>,
    /// How many undeclared keys were left behind. A key counts once in its object, whatever is below it.
    pub dropped_keys: u64,
    /// How much was kept, in bytes: texts, and a little for each value.
    pub bytes: usize,
}

/// Reads a document by its schema. Where an object has two members of one name, the last counts.
///
/// # Errors
/// The text is no JSON, as far as it was looked at (what is undeclared is passed over); or something else than what is
/// declared stands somewhere. Of several faults in an object that of its version is told, or the first in the order of names.
pub fn read<'d>(text: &'d str, shape: &'static Shape) -> Result<Kept<'d>, Misfit> {
    let counts = Counts::default();
    let mut source = serde_json::Deserializer::from_str(text);
    let read = Place { shape, counts: &counts }.deserialize(&mut source).and_then(|fit| source.end().map(|()| fit));
    let json = read.map_err(|_| ShapeFault::NotJson)??.ok_or_else(|| shape.fault())?;
    Ok(Kept { json, dropped_keys: counts.dropped.get(), bytes: counts.bytes.get() })
}

#[derive(Default)]
struct Counts {
    dropped: Cell<u64>,
    bytes: Cell<usize>,
}

/// A value as far as it is declared; none where it is null.
type Fit<'d> = Result<Option<Json<'d>>, Misfit>;

/// Where a value is read.
#[derive(Clone, Copy)]
struct Place<'c> {
    shape: &'static Shape,
    counts: &'c Counts,
}

impl Place<'_> {
    fn misfit<'d>(self) -> Fit<'d> {
        Err(self.shape.fault().into())
    }

    fn keeps(self, bytes: usize) {
        self.counts.bytes.set(self.counts.bytes.get() + VALUE_BYTES + bytes);
    }

    fn text(self, text: Cow<'_, str>) -> Fit<'_> {
        match self.shape {
            Shape::Text | Shape::Scalar => {}
            Shape::Time if OffsetDateTime::parse(&text, &Rfc3339).is_ok() => {}
            Shape::Time => return Err(ShapeFault::NotATime.into()),
            _ => return self.misfit(),
        }
        self.keeps(text.len());
        Ok(Some(Json::Text(text)))
    }

    fn number<'d>(self, number: Number) -> Fit<'d> {
        match self.shape {
            Shape::Scalar => {
                self.keeps(0);
                Ok(Some(exact(number)))
            }
            Shape::Version if number.as_u64() == Some(1) => Ok(Some(Json::Number(number))),
            _ => self.misfit(),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = Fit<'de>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Fit<'de>, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = Fit<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Fit<'de>, E> {
        Ok(Ok(None))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Fit<'de>, E> {
        if !matches!(self.shape, Shape::Scalar) {
            return Ok(self.misfit());
        }
        self.keeps(0);
        Ok(Ok(Some(Json::Bool(value))))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Fit<'de>, E> {
        Ok(self.number(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Fit<'de>, E> {
        Ok(self.number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Fit<'de>, E> {
        // JSON has no numbers but finite ones.
        Number::from_f64(value).map(|number| self.number(number)).ok_or_else(|| E::custom("no number"))
    }

    /// Without escapes, so without NUL.
    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Fit<'de>, E> {
        Ok(self.text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Fit<'de>, E> {
        Ok(self.text(Cow::Owned(storable(text))))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut source: A) -> Result<Fit<'de>, A::Error> {
        let Shape::List(shape) = self.shape else { return rest(source).map(|()| self.misfit()) };
        let mut items = Vec::new();
        while let Some(fit) = source.next_element_seed(Place { shape, ..self })? {
            match fit.and_then(|item| item.ok_or_else(|| shape.fault().into())) {
                Ok(item) => items.push(item),
                Err(misfit) => return rest(source).map(|()| Err(misfit.below(items.len()))),
            }
        }
        Ok(Ok(Some(Json::List(items))))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut source: A) -> Result<Fit<'de>, A::Error> {
        let Shape::Object(declared) = self.shape else {
            while source.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(self.misfit());
        };
        self.keeps(0);
        let mut members = Members::default();
        let mut undeclared = Vec::new();
        let dropped = &self.counts.dropped;
        while let Some(key) = source.next_key_seed(Name(declared))? {
            match key {
                Key::Declared(place) => {
                    let before = dropped.get();
                    let fit = source.next_value_seed(Place { shape: &declared[place].shape, ..self })?;
                    let below = dropped.get() - before;
                    if let Some((_, below)) = members[place].replace((fit, below)) {
                        dropped.set(dropped.get() - below);
                    }
                }
                Key::Undeclared(name) => {
                    source.next_value::<IgnoredAny>()?;
                    undeclared.push(name);
                }
            }
        }
        undeclared.sort_unstable();
        undeclared.dedup();
        dropped.set(dropped.get() + undeclared.len() as u64);
        Ok(object(declared, members))
    }
}

/// Passes over what is left of a list.
fn rest<'de, A: SeqAccess<'de>>(mut source: A) -> Result<(), A::Error> {
    while source.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

/// What was found of the members that an object declares, each with the undeclared keys below it.
type Members<'d> = [Option<(Fit<'d>, u64)>; Shape::MEMBERS_MAX];

fn object<'d>(declared: &'static [Member], found: Members<'d>) -> Fit<'d> {
    let mut members = Vec::with_capacity(declared.len());
    let mut fault: Option<Misfit> = None;
    for (Member { name, shape, absent }, found) in declared.iter().zip(found) {
        let value = match (found.map_or(Ok(None), |(fit, _)| fit), absent) {
            (Ok(Some(value)), _) => Ok(value),
            (Ok(None), Absent::LeftOut) => continue,
            (Ok(None), Absent::Null) => Ok(Json::Null),
            (Ok(None), Absent::EmptyList) => Ok(Json::List(Vec::new())),
            (Ok(None), Absent::Refused(fault)) => Err((*fault).into()),
            (Err(misfit), _) => Err(misfit),
        };
        match value {
            Ok(value) => members.push((Cow::Borrowed(*name), value)),
            Err(misfit) if fault.is_none() || matches!(shape, Shape::Version) => fault = Some(misfit.below(name)),
            Err(_) => {}
        }
    }
    fault.map_or(Ok(Some(Json::Object(members))), Err)
}

/// Reads a key, and keeps it only where it is not declared.
struct Name(&'static [Member]);

enum Key<'d> {
    Declared(usize),
    Undeclared(Cow<'d, str>),
}

impl Name {
    fn place<'d>(&self, name: &str) -> Option<Key<'d>> {
        self.0.iter().position(|member| member.name == name).map(Key::Declared)
    }
}

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Key<'de>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Key<'de>, D::Error> {
        source.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Key<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Key<'de>, E> {
        Ok(self.place(name).unwrap_or(Key::Undeclared(Cow::Borrowed(name))))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Key<'de>, E> {
        Ok(self.place(name).unwrap_or_else(|| Key::Undeclared(Cow::Owned(name.to_owned()))))
    }
}

/// PostgreSQL refuses NUL in every text, so it never gets that far: U+FFFD stands in for it.
fn storable(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "\u{FFFD}") } else { text.to_owned() }
}

/// Largest integer that RFC 8785's number format (an IEEE 754 double) holds exactly: 2⁵³ − 1.
const EXACT: u64 = (1 << 53) - 1;

/// A number that canonical JSON would round becomes its digits, so that nothing is lost and no change goes unseen.
fn exact<'d>(number: Number) -> Json<'d> {
    let exact = match (number.as_u64(), number.as_i64()) {
        (Some(n), _) => n <= EXACT,
        (None, Some(n)) => n.unsigned_abs() <= EXACT,
        (None, None) => true,
    };
    if exact { Json::Number(number) } else { Json::Text(Cow::Owned(number.to_string())) }
}
