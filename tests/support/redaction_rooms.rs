//! The fences of `crates/redaction`: one direction, no circles.

use std::{collections::BTreeSet, fs};

use super::{reaches, root, sources};

/// The modules of the redaction crate: each by its path (`facts::values`) with its code, and the rooms in their order.
fn redaction() -> (Vec<(String, String)>, Vec<String>) {
    let folder = "crates/redaction/src/";
    let module = |name: &str| {
        name.trim_start_matches(folder).trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::")
    };
    let modules = sources(folder).into_iter().map(|(name, text)| {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
        (module(&name), code)
    });
    let map = fs::read_to_string(root().join(folder).join("lib.rs")).unwrap();
    let rooms =
        map.lines().filter_map(|line| line.strip_prefix("mod ")?.split(';').next().map(str::to_owned)).collect();
    (modules.collect(), rooms)
}

#[test]
fn rooms_of_the_redaction_import_only_from_rooms_above_them_in_its_map() {
    let (modules, rooms) = redaction();
    let names: Vec<&str> = rooms.iter().map(String::as_str).collect();
    let place = |room: &str| names.iter().position(|known| *known == room);
    let mut followed = 0;
    for (name, code) in &modules {
        let Some(here) = place(name.split("::").next().unwrap()) else { continue };
        for other in reaches(code, &names) {
            followed += 1;
            assert!(place(other).unwrap() <= here, "{name} imports from {other}, which is below it in the map");
        }
    }
    assert!(names.len() > 10 && followed > 100, "the fence holds nothing: {names:?}, {followed} imports");
}

#[test]
fn no_two_modules_of_a_room_of_the_redaction_need_each_other() {
    let (modules, rooms) = redaction();
    let siblings = |room: &str| -> BTreeSet<String> {
        let inner = |name: &str| name.strip_prefix(room)?.strip_prefix("::")?.split("::").next().map(str::to_owned);
        modules.iter().filter_map(|(name, _)| inner(name)).collect()
    };
    let mut followed = 0;
    for room in &rooms {
        let all = siblings(room);
        let needs = |one: &str| -> BTreeSet<&String> {
            let of_it = |name: &str| name == format!("{room}::{one}") || name.starts_with(&format!("{room}::{one}::"));
            let code: String = modules.iter().filter(|(name, _)| of_it(name)).map(|(_, code)| code.as_str()).collect();
            let paths: Vec<String> = all.iter().map(|other| format!("{room}::{other}")).collect();
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            let reached = reaches(&code, &paths);
            let reached = |other: &String| other != one && reached.contains(format!("{room}::{other}").as_str());
            all.iter().filter(|other| reached(other)).collect()
        };
        for one in &all {
            let (mut seen, mut next) = (BTreeSet::new(), vec![one]);
            while let Some(module) = next.pop() {
                for other in needs(module) {
                    followed += 1;
                    assert!(other != one, "{room}::{one} needs {room}::{module}, which needs it");
                    if seen.insert(other) {
                        next.push(other);
                    }
                }
            }
        }
    }
    assert!(followed > 30, "the fence holds nothing: {followed} needs");
}
