//! Finds the line of a YAML file at which a node of the document stands.
//!
//! The YAML reader gives no positions, and a complaint without a line is a nuisance in a file of a thousand lines.
//! Keys in block style are found by indentation. For a key inside a flow mapping (`{a: 1}`), the result is the line
//! of the enclosing block key.

/// Returns the line (from 1) of the node at `trail`, or of its nearest parent that can be found.
pub fn line_of(text: &str, trail: &[String]) -> Option<usize> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = None;
    let mut from = 0;
    let mut parent_indent: Option<usize> = None;
    for step in trail {
        let Some((line, indent)) = find(&lines, from, parent_indent, step) else { continue };
        found = Some(line + 1);
        from = line + 1;
        parent_indent = Some(indent);
    }
    found
}

fn find(lines: &[&str], from: usize, parent_indent: Option<usize>, key: &str) -> Option<(usize, usize)> {
    for (number, line) in lines.iter().enumerate().skip(from) {
        let body = line.trim_start();
        if body.is_empty() || body.starts_with('#') {
            continue;
        }
        let indent = line.len() - body.len();
        // A list under a key may stand at the key's own indentation.
        let in_list = body.starts_with("- ");
        if parent_indent.is_some_and(|parent| indent < parent || (indent == parent && !in_list)) {
            return None;
        }
        let body = body.strip_prefix("- ").unwrap_or(body).trim_start();
        if has_key(body, key) {
            return Some((number, indent));
        }
    }
    None
}

fn has_key(body: &str, key: &str) -> bool {
    let unquoted = body.strip_prefix(['\'', '"']).unwrap_or(body);
    let Some(rest) = unquoted.strip_prefix(key) else { return false };
    let rest = rest.strip_prefix(['\'', '"']).unwrap_or(rest);
    rest == ":" || rest.starts_with(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trail(steps: &[&str]) -> Vec<String> {
        steps.iter().map(|step| (*step).to_owned()).collect()
    }

    const TEXT: &str = "paths:\n  /a:\n    get:\n      summary: x\n      '200':\n        description: y\n  /b:\n    get:\n      summary: z\n";

    #[test]
    fn a_key_is_found_below_its_parents() {
        assert_eq!(line_of(TEXT, &trail(&["paths", "/b", "get", "summary"])), Some(9));
        assert_eq!(line_of(TEXT, &trail(&["paths", "/a", "get", "200"])), Some(5));
    }

    #[test]
    fn a_missing_key_gives_its_parents_line() {
        assert_eq!(line_of(TEXT, &trail(&["paths", "/b", "get", "description"])), Some(8));
    }
}
