//! JSON documents: what a name says goes for its value, whatever the value is.

mod clean;
pub(crate) mod members;
mod path; // where in a document something stands

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use foldhash::fast::RandomState;

use crate::apply::{PASSES, clean_found, clean_or_unread, unread};
use crate::deadline::{Deadline, Unfinished};
use crate::document::clean::Clean;
use crate::document::members::{KEYS, Key, is_wordy, pair_name};
use crate::document::path::Path;
use crate::engine::Engine;
use crate::facts::label::label;
use crate::json::{Json, Members};
use crate::lexicon::names::{Kind, Name, classify};
use crate::lexicon::roles::{Role, has};
use crate::spans::marker;
use crate::spans::repeats::Known;
use crate::text::scan::marker_at;
use crate::{CleanedJson, PointerTaken, Taken, UNREAD};

struct Walk<'e> {
    engine: &'e Engine,
    taken: BTreeMap<(String, String), u64>,
    known: Known,
    deadline: &'e Deadline,
    /// The whole document was walked once: what is found now, earlier finds made visible.
    again: bool,
    /// What was found out about keys: a document has few, again and again.
    keys: HashMap<String, Key, RandomState>,
    clean: Clean,
    /// Those of the objects that the walk is in.
    open: Vec<Key>,
}

/// The document without its secrets.
pub(crate) fn clean_json<'a>(engine: &Engine, document: Json<'a>, deadline: &Deadline) -> CleanedJson<Json<'a>> {
    let mut walk = Walk {
        engine,
        taken: BTreeMap::new(),
        known: Known::default(),
        deadline,
        again: false,
        keys: HashMap::default(),
        clean: Clean::default(),
        open: Vec::new(),
    };
    let mut value = document;
    // What was taken can change what the rest means, here as in a text: so the result is walked again until nothing is.
    for _ in 0..PASSES {
        let before: u64 = walk.taken.values().sum();
        walk.value(&mut value, &Path::WHOLE);
        if !walk.known.is_empty() {
            walk.repeated(&mut value, &Path::WHOLE);
        }
        if walk.taken.values().sum::<u64>() == before {
            break;
        }
        walk.again = true;
    }
    let taken = walk.taken.into_iter().map(|((pointer, rule), count)| PointerTaken { pointer, rule, count }).collect();
    CleanedJson { value, taken }
}

impl Walk<'_> {
    fn value(&mut self, value: &mut Json<'_>, path: &Path<'_>) {
        if self.is_settled() {
            return;
        }
        match value {
            Json::Text(text) => self.text(text, path),
            Json::List(items) => self.list(items, path),
            Json::Object(members) => self.object(members, path),
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }

    fn text(&mut self, text: &mut Cow<'_, str>, path: &Path<'_>) {
        if self.clean.has(text) {
            return;
        }
        let found = self.engine.find(text.as_bytes(), 0, self.deadline).and_then(|spans| {
            if spans.is_empty() {
                return Ok(None);
            }
            for span in &spans {
                self.known.learn(&text[span.start..span.end], self.engine.id(span.rule));
            }
            clean_found(self.engine, text, spans, self.deadline).map(Some)
        });
        if let Some(cleaned) = found.unwrap_or_else(|Unfinished| Some(unread())) {
            self.count(cleaned.taken, path);
            *text = Cow::Owned(cleaned.value);
        }
        self.clean.note(text);
    }

    /// Every text was read to its end once, and there is no time to walk the document again.
    fn is_settled(&self) -> bool {
        self.again && self.deadline.passed()
    }

    /// Takes the copies of what was taken elsewhere in the document.
    fn repeated(&mut self, value: &mut Json<'_>, path: &Path<'_>) {
        match value {
            Json::Text(text) => {
                if let Some(cleaned) = self.known.clean(text) {
                    self.count(cleaned.taken, path);
                    *text = Cow::Owned(cleaned.value);
                }
            }
            Json::List(items) => {
                for (at, item) in items.iter_mut().enumerate() {
                    self.repeated(item, &path.item(at));
                }
            }
            Json::Object(members) => {
                for (key, item) in members {
                    self.repeated(item, &path.member(key));
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }

    /// Notes what was taken out of a place.
    fn count(&mut self, taken: Vec<Taken>, path: &Path<'_>) {
        for taken in taken {
            *self.taken.entry((path.pointer(), taken.rule)).or_default() += taken.count;
        }
    }

    /// Replaces a value whatever it is; nothing (null, an empty string) and markers stay.
    fn replace(&mut self, name: Name, value: &mut Json<'_>, path: &Path<'_>) {
        let nothing = match value {
            Json::Null => true,
            Json::Text(text) => text.trim().is_empty() || marker_at(text.as_bytes(), 0) == Some(text.len()),
            Json::Number(_) | Json::Bool(_) => name.plural,
            Json::List(items) => items.is_empty(),
            Json::Object(members) => {
                members.is_empty() || (name.plural && members.iter().all(|(_, value)| matches!(value, Json::Number(_))))
            }
        };
        if nothing {
            return;
        }
        if let (Json::Object(_), true) = (&*value, name.term == "auth" || name.kind == Kind::Session && !name.strong) {
            return self.value(value, path);
        }
        let rule = self.engine.id(label(name.kind) as usize).to_owned();
        if let Json::Text(text) = &*value {
            self.known.learn(text, &rule);
        }
        *value = Json::Text(Cow::Owned(marker(&rule)));
        self.count(vec![Taken { rule, count: 1 }], path);
    }

    /// A value under a name: gone when the name means a secret.
    fn named(&mut self, name: Option<Name>, key: &str, value: &mut Json<'_>, path: &Path<'_>) {
        match (name, value) {
            (Some(name), value) if name.strong => self.replace(name, value, path),
            (Some(name), Json::Text(text)) if !is_wordy(name, text) => self.weak(key, text, path),
            (_, value) => self.value(value, path),
        }
    }

    /// `"key": "8Xk…"`: the pair as text lets the value's looks decide.
    fn weak(&mut self, key: &str, text: &mut Cow<'_, str>, path: &Path<'_>) {
        if self.is_settled() {
            return;
        }
        if text.len() > 512 || text.contains(['"', '\\', '\n']) {
            return self.text(text, path);
        }
        let head = format!("\"{key}\": \"");
        let pair = format!("{head}{text}\"");
        if self.clean.has(&pair) {
            return;
        }
        let cleaned = clean_or_unread(self.engine, &pair, self.deadline);
        self.clean.note(&cleaned.value);
        match cleaned.value.strip_prefix(&head).and_then(|rest| rest.strip_suffix('"')) {
            Some(inner) => {
                if *inner != **text {
                    *text = Cow::Owned(inner.to_owned());
                }
                self.count(cleaned.taken, path);
            }
            None => self.text(text, path),
        }
    }

    /// Lists: `["password", "x"]` is a pair, `["--password", "x"]` an argument.
    fn list(&mut self, items: &mut [Json<'_>], path: &Path<'_>) {
        let pair = items.len() == 2;
        let mut before: Option<Name> = None;
        for (at, item) in items.iter_mut().enumerate() {
            let flag = item.as_str().filter(|text| text.starts_with('-') || (pair && at == 0));
            let next = flag
                .filter(|text| text.len() < 80 && !text.contains(['=', ':']))
                .and_then(|text| classify(text.as_bytes()))
                .filter(|name| name.strong);
            let name = before.take().filter(|_| !item.as_str().is_some_and(|text| text.starts_with("--")));
            match name {
                Some(name) => self.replace(name, item, &path.item(at)),
                None => self.value(item, &path.item(at)),
            }
            before = next;
        }
    }

    fn object(&mut self, members: &mut Members<'_>, path: &Path<'_>) {
        let first = self.open.len();
        for (key, _) in &*members {
            let key = self.known_key(key);
            self.open.push(key);
        }
        let pair = pair_name(members, &self.open[first..]);
        let stay = self.open[first..].iter().all(|key| key.stays) || self.is_settled();
        let kept = members.iter().zip(&self.open[first..]).filter(|(_, known)| !stay && known.stays);
        let mut names: HashSet<String, RandomState> = kept.map(|((key, _), _)| key.to_string()).collect();
        let mut numbers = HashMap::default();
        for (at, (key, value)) in members.iter_mut().enumerate() {
            let known = self.open[first + at];
            let goes = !stay && !known.stays;
            let clean_key = goes.then(|| self.key(key, &mut names, &mut numbers, path));
            let shown = clean_key.as_deref().unwrap_or(key);
            // A marker names a rule, and rules have the names of secrets; a key that was not read is judged by its name
            // all the same.
            let marked = || shown.contains("[redacted:") && !shown.starts_with(&marker(UNREAD));
            let name = pair.filter(|_| known.is_value).or_else(|| known.name.filter(|_| !marked()));
            self.named(name, key, value, &path.member(shown));
            if let Some(clean_key) = clean_key {
                *key = Cow::Owned(clean_key);
            }
        }
        if !stay {
            members.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        }
        self.open.truncate(first);
    }

    /// What is known of a key.
    fn known_key(&mut self, key: &str) -> Key {
        if let Some(known) = self.keys.get(key) {
            return *known;
        }
        let declared = has(key.as_bytes(), Role::Declared);
        let found = if declared { Ok(Vec::new()) } else { self.engine.find(key.as_bytes(), 0, self.deadline) };
        let name = if declared { None } else { classify(key.as_bytes()) };
        let stays = found.as_ref().is_ok_and(Vec::is_empty);
        let known = Key { stays, name, is_value: has(key.as_bytes(), Role::ValueMember) };
        if found.is_ok() && self.keys.len() < KEYS {
            self.keys.insert(key.to_owned(), known);
        }
        known
    }

    /// A secret used as a key is taken out; keys stay apart from each other.
    fn key(
        &mut self,
        key: &str,
        names: &mut HashSet<String, RandomState>,
        numbers: &mut HashMap<String, u32, RandomState>,
        path: &Path<'_>,
    ) -> String {
        let cleaned = clean_or_unread(self.engine, key, self.deadline);
        let mut unique = cleaned.value.clone();
        // Of many keys that are alike now, each begins to count where the one before it ended.
        let number = numbers.entry(cleaned.value.clone()).or_insert(2);
        while !names.insert(unique.clone()) {
            unique = format!("{} ({number})", cleaned.value);
            *number += 1;
        }
        self.count(cleaned.taken, &path.member(&unique));
        unique
    }
}
