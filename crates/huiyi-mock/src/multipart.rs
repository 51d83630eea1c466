//! Reads the names of the parts of a `multipart/form-data` body (RFC 7578), to check whether a form fits.

/// Returns the names of the parts; `None` if the body is not such a form.
pub(crate) fn part_names(content_type: &str, body: &[u8]) -> Option<Vec<String>> {
    let boundary = content_type
        .split(';')
        .filter_map(|parameter| parameter.trim().split_once('='))
        .find_map(|(name, value)| name.eq_ignore_ascii_case("boundary").then_some(value))?
        .trim_matches('"');
    if boundary.is_empty() {
        return None;
    }
    let delimiter = format!("--{boundary}");
    let starts = positions(body, delimiter.as_bytes());
    let ends_well = starts.last().is_some_and(|last| body[last + delimiter.len()..].starts_with(b"--"));
    if !ends_well {
        return None;
    }
    starts.windows(2).map(|pair| part_name(&body[pair[0] + delimiter.len()..pair[1]])).collect()
}

/// Reads the `name` of a part's `Content-Disposition`.
fn part_name(part: &[u8]) -> Option<String> {
    let head_end = positions(part, b"\r\n\r\n").into_iter().next()?;
    let head = String::from_utf8_lossy(&part[..head_end]).into_owned();
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    line.split(';')
        .filter_map(|parameter| parameter.trim().split_once('='))
        .find_map(|(name, value)| (name == "name").then(|| value.trim_matches('"').to_owned()))
}

fn positions(bytes: &[u8], pattern: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(rest) = bytes.get(from..) {
        let next = rest.windows(pattern.len()).position(|window| window == pattern);
        let Some(next) = next else { break };
        found.push(from + next);
        from += next + pattern.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::part_names;

    #[test]
    fn the_names_of_the_parts_are_found() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n\
            --x\r\ncontent-disposition: form-data; name=\"f\"; filename=\"name=b\"\r\n\r\n\x00\xff\r\n--x--\r\n";

        let names = part_names("multipart/form-data; boundary=x", body);

        assert_eq!(names, Some(vec!["a".to_owned(), "f".to_owned()]));
    }

    #[test]
    fn a_form_without_its_end_is_none() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x";

        assert_eq!(part_names("multipart/form-data; boundary=x", body), None);
        assert_eq!(part_names("multipart/form-data", body), None);
    }
}
