//! JSON documents: what a name says goes for its value, whatever the value is.

use std::{
    collections::{BTreeMap, HashSet},
    sync::LazyLock,
};

use serde_json::{Map, Value};

use super::apply::{PASSES, clean, marker};
use super::assign::label;
use super::engine::Engine;
use super::names::{Kind, Name, classify_str};
use super::scan::{MARKER, marker_at};
use super::{CleanedJson, PointerTaken};

/// Members that hold the name of a name/value pair.
const NAMES: &[&str] = &[
    "name",
    "key",
    "label",
    "field",
    "id",
    "header",
    "param",
    "parameter",
    "variable",
    "var",
    "option",
    "setting",
    "property",
    "attribute",
    "title",
    "k",
    "n",
];
/// Members that hold its value.
const VALUES: &[&str] = &[
    "value",
    "val",
    "content",
    "data",
    "text",
    "secret",
    "default",
    "v",
    "defaultvalue",
    "currentvalue",
    "stringvalue",
    "values",
    "input",
    "answer",
];

struct Walk<'e> {
    engine: &'e Engine,
    pointer: String,
    taken: BTreeMap<(String, String), u64>,
}

/// The document without its secrets.
pub(super) fn clean_json(engine: &Engine, value: Value) -> CleanedJson {
    let mut walk = Walk { engine, pointer: String::new(), taken: BTreeMap::new() };
    let mut value = value;
    // What was taken can change what the rest means, here as in a text: so the result is walked again until nothing is.
    for _ in 0..PASSES {
        let before: u64 = walk.taken.values().sum();
        value = walk.value(value);
        if walk.taken.values().sum::<u64>() == before {
            break;
        }
    }
    let taken = walk.taken.into_iter().map(|((pointer, rule), count)| PointerTaken { pointer, rule, count }).collect();
    CleanedJson { value, taken }
}

impl Walk<'_> {
    fn value(&mut self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => Value::Array(self.array(items)),
            Value::Object(members) => Value::Object(self.object(members)),
            other => other,
        }
    }

    fn text(&mut self, text: String) -> String {
        if self.engine.find(text.as_bytes(), 0).is_empty() {
            return text;
        }
        let cleaned = clean(self.engine, &text);
        for taken in cleaned.taken {
            *self.taken.entry((self.pointer.clone(), taken.rule)).or_default() += taken.count;
        }
        cleaned.value
    }

    fn at<T>(&mut self, token: &str, then: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.pointer.len();
        self.pointer.push('/');
        push_token(&mut self.pointer, token);
        let result = then(self);
        self.pointer.truncate(length);
        result
    }

    /// Replaces a value whatever it is; nothing (null, an empty string) and markers stay.
    fn replace(&mut self, name: Name, value: Value) -> Value {
        let nothing = match &value {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty() || only_markers(text),
            Value::Number(_) | Value::Bool(_) => name.plural,
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members.is_empty() || (name.plural && members.values().all(Value::is_number)),
        };
        if nothing {
            return value;
        }
        if let (Value::Object(_), true) = (&value, name.term == "auth" || name.kind == Kind::Session && !name.strong) {
            return self.value(value);
        }
        let rule = self.engine.id(label(name.kind) as usize).to_owned();
        let marker = marker(&rule);
        *self.taken.entry((self.pointer.clone(), rule)).or_default() += 1;
        Value::String(marker)
    }

    /// A value under a name: gone when the name means a secret.
    fn named(&mut self, name: Option<Name>, key: &str, value: Value) -> Value {
        match (name.filter(|name| name.strong), value) {
            (Some(name), value) => self.replace(name, value),
            // `"key": "8Xk…"`: the pair as text lets the value's looks decide.
            (None, Value::String(text)) if name.is_some() => self.weak(key, text),
            (None, value) => self.value(value),
        }
    }

    fn weak(&mut self, key: &str, text: String) -> Value {
        if text.len() > 512 || text.contains(['"', '\\', '\n']) {
            return Value::String(self.text(text));
        }
        let head = format!("\"{key}\": \"");
        let cleaned = clean(self.engine, &format!("{head}{text}\""));
        let inner = cleaned.value.strip_prefix(&head).and_then(|rest| rest.strip_suffix('"'));
        let Some(inner) = inner else { return Value::String(self.text(text)) };
        for taken in cleaned.taken {
            *self.taken.entry((self.pointer.clone(), taken.rule)).or_default() += taken.count;
        }
        Value::String(inner.to_owned())
    }

    /// Lists: `["password", "x"]` is a pair, `["--password", "x"]` an argument.
    fn array(&mut self, items: Vec<Value>) -> Vec<Value> {
        let pair = items.len() == 2;
        let mut before: Option<Name> = None;
        let mut out = Vec::with_capacity(items.len());
        for (at, item) in items.into_iter().enumerate() {
            let flag = item.as_str().filter(|text| text.starts_with('-') || (pair && at == 0));
            let next = flag
                .filter(|text| text.len() < 80 && !text.contains(['=', ':']))
                .and_then(classify_str)
                .filter(|name| name.strong);
            let name = before.take().filter(|_| !item.as_str().is_some_and(|text| text.starts_with("--")));
            let item = self.at(&at.to_string(), |walk| match name {
                Some(name) => walk.replace(name, item),
                None => walk.value(item),
            });
            out.push(item);
            before = next;
        }
        out
    }

    fn object(&mut self, members: Map<String, Value>) -> Map<String, Value> {
        let pair = pair_name(&members);
        let mut out = Map::new();
        for (key, value) in members {
            let of_pair = pair.filter(|_| is_listed(VALUES, &key));
            let known = KNOWN.contains(key.as_str());
            let clean_key = if known { key.clone() } else { self.key(&key, &out) };
            // A marker names a rule, and rules have the names of secrets.
            let own = if known || clean_key.contains("[redacted:") { None } else { classify_str(&key) };
            let value = self.at(&clean_key, |walk| walk.named(of_pair.or(own), &key, value));
            out.insert(clean_key, value);
        }
        out
    }

    /// A secret used as a key is taken out; keys stay apart from each other.
    fn key(&mut self, key: &str, known: &Map<String, Value>) -> String {
        let cleaned = clean(self.engine, key);
        if cleaned.taken.is_empty() {
            return key.to_owned();
        }
        let mut unique = cleaned.value.clone();
        let mut number = 2;
        while known.contains_key(&unique) {
            unique = format!("{} ({number})", cleaned.value);
            number += 1;
        }
        for taken in cleaned.taken {
            let pointer = format!("{}/{}", self.pointer, unique.replace('~', "~0").replace('/', "~1"));
            *self.taken.entry((pointer, taken.rule)).or_default() += taken.count;
        }
        unique
    }
}

/// The secret that a `name`, `key` or `label` member of a pair announces.
fn pair_name(members: &Map<String, Value>) -> Option<Name> {
    if !members.keys().any(|key| is_listed(VALUES, key)) {
        return None;
    }
    let announced = members.iter().filter(|(key, _)| is_listed(NAMES, key));
    let names = announced.filter_map(|(_, value)| value.as_str()).filter(|text| text.len() <= 80);
    names.filter_map(classify_str).find(|name| name.strong)
}

fn is_listed(list: &[&str], key: &str) -> bool {
    list.iter().any(|entry| entry.eq_ignore_ascii_case(key))
}

/// Appends one token of an RFC 6901 pointer.
fn push_token(pointer: &mut String, token: &str) {
    for character in token.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// The keys of the declared schemas, nearly all that ever come here, as far as they mean no secret: judged once.
static KNOWN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    const DECLARED: &str = "references workspace tenant operation_run provider_connection id name type status outcome \
        started_at finished_at state diagnostics schema_version generated_at headline sections title summary facts \
        label value notes omissions reason";
    DECLARED.split(' ').filter(|key| !key.is_empty() && classify_str(key).is_none()).collect()
});

fn only_markers(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(end) = marker_at(bytes, at) {
        at = end;
    }
    at == bytes.len() && bytes.starts_with(MARKER)
}
