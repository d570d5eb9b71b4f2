//! JSON values whose texts may be borrowed from the document that they were read from.

use std::borrow::Cow;

use serde::ser::{Serialize, Serializer};
use serde_json::{Map, Number, Value};

/// Members of an object, sorted by name, no name twice.
pub type Members<'a> = Vec<(Cow<'a, str>, Json<'a>)>;

/// A JSON value. It costs less to build, walk and free than [`Value`]: texts and names need no copies, members no map.
#[derive(Debug, Clone, PartialEq)]
pub enum Json<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Self>),
    /// An object.
    Object(Members<'a>),
}

impl<'a> Json<'a> {
    /// The text, where it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// An object of these members, whatever their order. Of members with one name the last counts, as in [`Value`].
    #[must_use]
    pub fn object(members: impl IntoIterator<Item = (Cow<'a, str>, Self)>) -> Self {
        let sorted: std::collections::BTreeMap<_, _> = members.into_iter().collect();
        Self::Object(sorted.into_iter().collect())
    }
}

impl<'a> From<&'a str> for Json<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<&Value> for Json<'_> {
    fn from(value: &Value) -> Self {
        value.clone().into()
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Object(members) => serializer.collect_map(members.iter().map(|(name, value)| (name, value))),
        }
    }
}

impl From<Value> for Json<'_> {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::Text(Cow::Owned(text)),
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Value::Object(members) => {
                Self::object(members.into_iter().map(|(name, value)| (Cow::Owned(name), Self::from(value))))
            }
        }
    }
}

impl From<Json<'_>> for Value {
    fn from(json: Json<'_>) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(value),
            Json::Number(number) => Self::Number(number),
            Json::Text(text) => Self::String(text.into_owned()),
            Json::List(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Json::Object(members) => {
                let members = members.into_iter().map(|(name, value)| (name.into_owned(), Self::from(value)));
                Self::Object(members.collect::<Map<_, _>>())
            }
        }
    }
}
