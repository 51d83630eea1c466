//! Converts WeCom's XML to JSON.
//!
//! Only elements, text and CDATA are supported: no document type, no entities except the five of XML, and attributes
//! are ignored. Depth and number of elements are limited.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value};

use super::RejectReason;

/// The elements under the root: an element with text is a string, one with elements is an object, repeated ones are
/// a list.
pub type XmlObject = Map<String, Value>;

const DEEPEST: usize = 16;
const MOST: usize = 4096;

/// An element that is still open.
#[derive(Default)]
struct Open {
    name: String,
    text: String,
    children: XmlObject,
}

impl Open {
    fn close(self) -> (String, Value) {
        let value = if self.children.is_empty() {
            Value::String(self.text.trim().to_owned())
        } else {
            Value::Object(self.children)
        };
        (self.name, value)
    }

    fn add(&mut self, name: String, value: Value) {
        match self.children.get_mut(&name) {
            None => {
                self.children.insert(name, value);
            }
            Some(Value::Array(values)) => values.push(value),
            Some(first) => {
                let list = vec![first.take(), value];
                *first = Value::Array(list);
            }
        }
    }
}

/// Reads a document.
///
/// # Errors
///
/// If the text is not XML, uses an unsupported feature, or exceeds the limits.
pub fn parse(text: &str) -> Result<XmlObject, RejectReason> {
    let malformed = RejectReason::Malformed("XML");
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}').trim_start());
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    let mut elements = 0;
    loop {
        let event = reader.read_event().map_err(|_| malformed)?;
        match event {
            Event::Start(start) => {
                elements += 1;
                if open.len() >= DEEPEST || elements > MOST {
                    return Err(RejectReason::TooComplex);
                }
                if root.is_some() {
                    return Err(malformed);
                }
                open.push(Open { name: name_of(start.name())?, ..Open::default() });
            }
            Event::Empty(start) => {
                elements += 1;
                if elements > MOST {
                    return Err(RejectReason::TooComplex);
                }
                let name = name_of(start.name())?;
                open.last_mut().ok_or(malformed)?.add(name, Value::String(String::new()));
            }
            Event::End(_) => {
                let closed = open.pop().ok_or(malformed)?;
                match open.last_mut() {
                    Some(parent) => {
                        let (name, value) = closed.close();
                        parent.add(name, value);
                    }
                    None => root = Some(closed.children),
                }
            }
            Event::Text(text) => append(&mut open, &text.xml10_content())?,
            Event::CData(text) => append(&mut open, &text.into_inner())?,
            Event::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref().map_err(|_| malformed)? {
                    Some(character) => character,
                    None => entity(&reference.into_inner()).ok_or(RejectReason::UnsafeXml)?,
                };
                append(&mut open, character.encode_utf8(&mut [0; 4]))?;
            }
            Event::Comment(_) | Event::Decl(_) => {}
            Event::PI(_) | Event::DocType(_) => return Err(RejectReason::UnsafeXml),
            Event::Eof => return if open.is_empty() { root.ok_or(malformed) } else { Err(malformed) },
        }
    }
}

/// Returns one of the five predefined entities of XML.
fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

fn name_of(name: quick_xml::name::QName<'_>) -> Result<String, RejectReason> {
    let name = name.into_inner();
    if name.is_empty() || name.len() > 128 { Err(RejectReason::Malformed("XML")) } else { Ok(name.to_owned()) }
}

fn append(open: &mut [Open], text: &str) -> Result<(), RejectReason> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err(RejectReason::Malformed("XML")),
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Result<Value, RejectReason> {
        parse(text).map(Value::Object)
    }

    #[test]
    fn text_cdata_and_entities_are_text() {
        let text =
            "\u{feff}<?xml version=\"1.0\"?>\n<xml><A> <![CDATA[a<b]]> </A><B>1 &amp; &#x4f1a;</B><C/><D></D></xml>\n";

        assert_eq!(read(text).unwrap(), json!({"A": "a<b", "B": "1 & 会", "C": "", "D": ""}));
    }

    #[test]
    fn elements_are_objects_and_repeated_ones_lists() {
        let text = "<xml><U><Id>1</Id></U><F><X>1</X></F><F><X>2</X></F><F/></xml>";

        assert_eq!(read(text).unwrap(), json!({"U": {"Id": "1"}, "F": [{"X": "1"}, {"X": "2"}, ""]}));
    }

    #[test]
    fn bombs_and_entities_are_refused() {
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><xml><A>&b;</A></xml>";
        let external = "<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><xml><A>&f;</A></xml>";

        for text in [bomb, external, "<xml><A>&f;</A></xml>", "<?php x?><xml/>", "<xml><?a b?></xml>"] {
            assert_eq!(read(text), Err(RejectReason::UnsafeXml), "{text}");
        }
    }

    #[test]
    fn depth_and_number_of_elements_are_bounded() {
        let deep = format!("<xml>{}{}</xml>", "<a>".repeat(16), "</a>".repeat(16));
        let open = "<a>".repeat(100_000);
        let many = format!("<xml>{}</xml>", "<a/>".repeat(5000));

        for text in [deep, open, many] {
            assert_eq!(read(&text), Err(RejectReason::TooComplex));
        }
    }

    #[test]
    fn what_is_not_one_whole_document_is_refused() {
        let odd = ["", "x", "<xml>", "</xml>", "<xml></a>", "<xml/>", "<xml></xml><xml></xml>", "<xml></xml>x"];
        for text in odd.into_iter().chain(["<xml><A><![CDATA[x]]<</A></xml>", "<xml>&", "<xml>&#xD800;</xml>", "{}"]) {
            assert_eq!(read(text), Err(RejectReason::Malformed("XML")), "{text}");
        }
    }
}
