//! What a source file imports: every `use` tree, however it is nested and laid out, as one path a leaf.

/// The paths that a source text imports, such as `crate::auth::verify`.
pub fn imports(source: &str) -> Vec<String> {
    let code = without_comments_and_texts(source);
    let mut found = Vec::new();
    for (at, _) in code.match_indices("use") {
        let begins_a_word = !code[..at].chars().next_back().is_some_and(is_of_a_word);
        let rest = &code[at + 3..];
        if begins_a_word && rest.starts_with(char::is_whitespace) {
            let tree: String = rest[..rest.find(';').unwrap_or(0)].split_whitespace().collect::<Vec<_>>().join(" ");
            // `impl Trait + use<'a>` has no tree.
            leaves("", &tree, &mut found);
        }
    }
    found
}

fn is_of_a_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

/// Adds the leaves of `tree`, which stands below `above`.
fn leaves(above: &str, tree: &str, found: &mut Vec<String>) {
    let Some((head, inner)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default();
        let path = format!("{above}{}", path.replace(' ', ""));
        return found.push(path.trim_start_matches("::").trim_end_matches("::self").to_owned());
    };
    let above = format!("{above}{}", head.replace(' ', ""));
    let inner = inner.rsplit_once('}').map_or(inner, |(inner, _)| inner);
    for branch in branches(inner) {
        leaves(&above, branch.trim(), found);
    }
}

/// The parts between the commas that are in no braces.
fn branches(inner: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, char) in inner.char_indices() {
        match char {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&inner[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inner[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// The code alone: a comment or a text may say anything. Line by line, which is how this house writes both.
pub fn without_comments_and_texts(source: &str) -> String {
    let lines = source.lines().map(|line| {
        let line = line.split("//").next().unwrap_or_default();
        // Every second part is between quotation marks.
        line.split('"').step_by(2).collect::<Vec<_>>().join(" ") + "\n"
    });
    lines.collect()
}
