//! XML in WeCom's format.

use serde_json::Value;

/// Formats an object as a document: texts become CDATA, a list becomes one element for each item.
pub(super) fn document(value: &Value) -> String {
    let mut text = String::new();
    element("xml", value, &mut text);
    text
}

fn element(name: &str, value: &Value, text: &mut String) {
    if let Value::Array(items) = value {
        return items.iter().for_each(|item| element(name, item, text));
    }
    text.push_str(&format!("<{name}>"));
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| element(name, value, text)),
        // A CDATA section cannot contain its own end marker, so it is split there.
        Value::String(content) => {
            text.push_str(&format!("<![CDATA[{}]]>", content.replace("]]>", "]]]]><![CDATA[>")));
        }
        Value::Null => {}
        other => text.push_str(&other.to_string()),
    }
    text.push_str(&format!("</{name}>"));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::document;

    #[test]
    fn lists_repeat_their_element_and_texts_are_sections() {
        let value = json!({"A": "x]]>y", "B": [1, {"C": true}]});

        let expected = "<xml><A><![CDATA[x]]]]><![CDATA[>y]]></A><B>1</B><B><C>true</C></B></xml>";
        assert_eq!(document(&value), expected);
    }
}
