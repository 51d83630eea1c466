//! The XML of WeCom's example deliveries: elements, texts and CDATA, nothing else.

use serde_json::{Map, Value};

use crate::document::{array, resolve};
use crate::envelope::without_text;
use crate::lint::examples::Fields;

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// Its text, if it has no elements inside.
    pub text: String,
    /// The elements inside, in order.
    pub children: Vec<Element>,
}

/// Reads a document with one root element.
pub fn parse(text: &str) -> Result<Element, String> {
    let mut rest = text.trim();
    if let Some(declared) = rest.strip_prefix("<?") {
        rest = declared.split_once("?>").ok_or("the XML declaration does not end")?.1.trim_start();
    }
    let (element, rest) = element(rest, 0)?;
    if rest.trim().is_empty() { Ok(element) } else { Err(format!("something follows </{}>", element.name)) }
}

fn element(text: &str, depth: usize) -> Result<(Element, &str), String> {
    let (name, mut rest) = text
        .strip_prefix('<')
        .and_then(|text| text.split_once('>'))
        .ok_or_else(|| format!("no element at {:?}", start(text)))?;
    let named = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
    if !named || depth > 20 {
        return Err(format!("<{}> is not a plain element", start(name)));
    }
    let mut found = Element { name: name.to_owned(), ..Element::default() };
    let end = format!("</{name}>");
    loop {
        if let Some(after) = rest.strip_prefix(end.as_str()) {
            if !found.children.is_empty() {
                found.text.clear();
            }
            found.text = found.text.trim().to_owned();
            return Ok((found, after));
        } else if let Some(data) = rest.strip_prefix("<![CDATA[") {
            let (data, after) = data.split_once("]]>").ok_or_else(|| format!("the CDATA of <{name}> does not end"))?;
            found.text.push_str(data);
            rest = after;
        } else if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").ok_or("a comment does not end")?.1;
        } else if rest.starts_with('<') {
            let (child, after) = element(rest, depth + 1)?;
            found.children.push(child);
            rest = after;
        } else {
            let at = rest.find('<').ok_or_else(|| format!("<{name}> does not end"))?;
            found.text.push_str(&rest[..at]);
            rest = &rest[at..];
        }
    }
}

fn start(text: &str) -> String {
    text.chars().take(30).collect()
}

/// Converts the element to the JSON that a schema describes, with the schema's lists and numbers.
pub fn fit(root: &Value, schema: &Value, element: &Element) -> Value {
    let schema = resolve(root, without_text(resolve(root, schema)));
    let object = schema.get("properties").is_some() || schema.get("allOf").is_some();
    if object || !element.children.is_empty() {
        let fields = Fields::of(root, schema);
        let mut map = Map::new();
        for child in &element.children {
            let property = fields.properties.get(child.name.as_str()).copied().unwrap_or(&Value::Null);
            match list_items(root, property) {
                Some(items) => {
                    let list = map.entry(child.name.clone()).or_insert_with(|| Value::Array(Vec::new()));
                    if let Value::Array(list) = list {
                        list.push(fit(root, items, child));
                    }
                }
                None => drop(map.insert(child.name.clone(), fit(root, property, child))),
            }
        }
        return Value::Object(map);
    }
    let number = schema.get("type").and_then(Value::as_str) == Some("integer");
    match element.text.parse::<i64>() {
        Ok(value) if number => Value::from(value),
        _ if number && element.text.is_empty() => Value::Null,
        _ => Value::String(element.text.clone()),
    }
}

/// Returns the schema of the items, if a property is a list or may be one.
fn list_items<'a>(root: &'a Value, property: &'a Value) -> Option<&'a Value> {
    let property = resolve(root, without_text(resolve(root, property)));
    property.get("items").or_else(|| array(property, "oneOf").find_map(|branch| branch.get("items")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn repeated_elements_are_lists_where_the_schema_has_lists() {
        let schema = json!({"properties": {
            "Ids": {"type": "array", "items": {"type": "string"}},
            "Count": {"type": "integer"},
            "Room": {"type": "object", "properties": {"Id": {"type": "string"}}},
        }});
        let text = "<xml>\n <Ids><![CDATA[a]]></Ids><Ids>b</Ids><Count>2</Count><Room><Id>1</Id></Room></xml>";

        let content = fit(&Value::Null, &schema, &parse(text).expect("XML"));

        assert_eq!(content, json!({"Ids": ["a", "b"], "Count": 2, "Room": {"Id": "1"}}));
    }

    #[test]
    fn what_is_not_plain_xml_is_refused() {
        for text in
            ["", "a", "<a>", "<a></b>", "<a><![CDATA[x]]<</a>", "<a></a><b></b>", "<a b='c'></a>", "<a><!--</a>"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
