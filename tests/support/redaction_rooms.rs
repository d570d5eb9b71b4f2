//! The fences of `crates/redaction`: one direction, no circles, short functions, one place for words.

use std::{collections::BTreeSet, fs};

use super::{code, reaches, root, sources};

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

/// The functions of a source that is laid out as `cargo fmt` does: the number of the first line, and how many lines.
fn functions(text: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let length = |(number, line): (usize, &str)| {
        let (indent, begin) = line.split_at(line.len() - line.trim_start().len());
        let is_function = begin.split_once("fn ").is_some_and(|(before, _)| {
            before.split_whitespace().all(|word| word.starts_with("pub") || matches!(word, "const" | "async"))
        });
        let ends = |line: &&str| line.strip_prefix(indent) == Some("}");
        let more = if line.ends_with(['}', ';']) { Some(0) } else { lines[number..].iter().position(ends) };
        is_function.then_some((number + 1, more? + 1))
    };
    code(text).filter_map(length).collect()
}

#[test]
fn no_function_of_the_redaction_is_longer_than_40_lines() {
    let source = "fn a() {\n    b()\n}\nimpl A {\n    pub(super) const fn c() {}\n\n    fn d(\n    ) {\n        {\n        }\n    }\n}\n";
    assert_eq!(functions(source), [(1, 3), (5, 1), (7, 5)]);
    let mut seen = 0;
    for (name, text) in ["crates/redaction/src", "crates/redaction-score/src"].into_iter().flat_map(sources) {
        for (number, lines) in functions(text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default()) {
            seen += 1;
            assert!(lines <= 40, "{name}:{number} has {lines} lines: it wants splitting");
        }
    }
    assert!(seen > 400, "the fence holds nothing: {seen} functions");
}

/// Tables: the rows of rules, the rows of the policy, the lists of words.
fn is_table(name: &str) -> bool {
    let machinery = ["mod.rs", "rule_file.rs", "table.rs"];
    let rules = name.split_once("src/rules/").is_some_and(|(_, file)| !machinery.contains(&file));
    let words = ["lists.rs", "words.rs", "stops.rs", "vendor_names.rs"];
    let lexicon = name.split_once("src/lexicon/").is_some_and(|(_, file)| words.contains(&file));
    rules || lexicon || name.ends_with("src/policy/table.rs")
}

#[test]
fn the_redaction_has_at_most_6500_lines_without_tables_tests_and_comments() {
    let is_code = |line: &str| !line.trim().is_empty() && !line.trim().starts_with("//");
    let of_source = |text: &str| {
        let source = text.split("#[cfg(test)]").next().unwrap_or_default();
        source.lines().filter(|line| is_code(line)).count()
    };
    let counted: Vec<_> = sources("crates/redaction/src").into_iter().filter(|(name, _)| !is_table(name)).collect();
    let lines: usize = counted.iter().map(|(_, text)| of_source(text)).sum();
    assert!(counted.len() > 60, "the fence holds nothing: {} files", counted.len());
    assert!(lines <= 6500, "{lines} lines: what can go instead?");
}

/// The lists of three and more words in a source: texts of letters only, with nothing but commas or `|` between.
fn lists_of_words(text: &str) -> Vec<Vec<String>> {
    let code: String =
        code(text).map(|(_, line)| line.replace("\\\\", "").replace("\\\"", "").replace("'\"'", "")).collect();
    let (mut lists, mut list) = (Vec::new(), Vec::new());
    for (at, part) in code.split('"').enumerate() {
        let is_text = at % 2 == 1;
        let between = || part.replace(char::is_whitespace, "").replace("[..]", "");
        if is_text && !part.is_empty() && part.chars().all(char::is_alphabetic) {
            list.push(part.to_owned());
        } else if !is_text && !matches!(between().trim_end_matches('b').trim_end_matches('&'), "," | "|") {
            lists.push(std::mem::take(&mut list));
        }
    }
    lists.retain(|list| list.len() >= 3);
    lists
}

#[test]
fn lists_of_words_of_the_redaction_stand_in_the_lexicon_the_rules_and_the_table_of_rows() {
    let source =
        "f(\"a\", \"b\"); [&b\"c\"[..], b\"d\",\n    b\"e=\", b'\"', \"f\"]; matches!(x, \"g\" | \"h\" | \"i\")";
    assert_eq!(lists_of_words(source), [["g", "h", "i"]]);
    assert_eq!(lists_of_words("[&b\"a\"[..], b\"=\", b\"b\",\n    b\"c\",]; // x"), [["a", "b", "c"]]);
    let mut seen = 0;
    for (name, code) in redaction().0 {
        let lists = lists_of_words(&code);
        let may = ["lexicon", "rules"].contains(&name.split("::").next().unwrap()) || name == "policy::table";
        assert!(may || lists.is_empty(), "{name} has words that belong in the lexicon: {lists:?}");
        seen += lists.len();
    }
    assert!(seen > 50, "the fence holds nothing: {seen} lists");
}
