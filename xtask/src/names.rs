//! Names: the generator's own spelling rules, so clashes are found before it runs.
//!
//! [`pascal`] and [`snake`] must give exactly what typify's `sanitize` gives (pinned by a test).

use heck::{ToPascalCase, ToSnakeCase};

/// Returns the Rust type name that typify makes of a component's name.
pub fn pascal(name: &str) -> String {
    identifier(name, str::to_pascal_case, "X")
}

/// Returns the Rust field, parameter or method name that the generator makes of a name on the wire.
pub fn snake(name: &str) -> String {
    identifier(name, str::to_snake_case, "x")
}

fn identifier(name: &str, case: fn(&str) -> String, prefix: &str) -> String {
    let plain: String =
        name.chars().filter(|c| *c != '\'').map(|c| if c == '_' || c.is_alphanumeric() { c } else { '-' }).collect();
    let mut out = match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => case(&plain),
    };
    match out.chars().next() {
        None => prefix.clone_into(&mut out),
        Some(first) if first.is_alphabetic() => {}
        Some(_) => out.insert_str(0, prefix),
    }
    if typify::accept_as_ident(&out) { out } else { format!("{out}_") }
}

/// Returns the name for one element of a list called `name`: `rooms` gives `room`, `device_list` gives
/// `device_list_item`.
pub fn singular(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let cut = |n: usize| name[..name.len() - n].to_owned();
    if lower.len() < 4 || !lower.ends_with('s') {
        return format!("{name}_item");
    }
    if lower.ends_with("ies") {
        return format!("{}y", cut(3));
    }
    if ["sses", "xes", "ches", "shes", "uses"].iter().any(|end| lower.ends_with(end)) {
        return cut(2);
    }
    if ["ss", "us", "is"].iter().any(|end| lower.ends_with(end)) {
        return format!("{name}_item");
    }
    cut(1)
}

/// Returns whether the Rust code around it already uses a component's name.
pub fn is_reserved_type(name: &str) -> bool {
    const RESERVED: [&str; 41] = [
        "Option",
        "Some",
        "None",
        "Vec",
        "String",
        "Box",
        "Result",
        "Ok",
        "Err",
        "Error",
        "Client",
        "Builder",
        "Self",
        "Page",
        "Pages",
        "Cursor",
        "Next",
        "Operation",
        "OperationInfo",
        "ResponseValue",
        "ByteStream",
        "Default",
        "Clone",
        "Debug",
        "Display",
        "From",
        "Into",
        "TryFrom",
        "TryInto",
        "Iterator",
        "IntoIterator",
        "FromStr",
        "ToString",
        "BTreeMap",
        "Map",
        "Value",
        "Send",
        "Sync",
        "Copy",
        "Eq",
        "Serialize",
    ];
    RESERVED.contains(&name) || name == "Deserialize"
}

/// Returns whether a parameter of this name would collide with a method of the operation builder.
pub fn is_reserved_parameter(name: &str) -> bool {
    ["new", "send", "stream", "pages", "pages_from", "body", "clone", "header_map", "fetch", "client"].contains(&name)
}

/// Returns whether an operation of this name would collide with a method of `Client`.
pub fn is_reserved_operation(name: &str) -> bool {
    const RESERVED: [&str; 23] = [
        "new",
        "new_with_client",
        "request",
        "operations",
        "operation",
        "operator",
        "error_codes",
        "wait_for_tokens",
        "with_retry",
        "send",
        "stream",
        "pages",
        "body",
        "clone",
        "client",
        "builder",
        "session",
        "from_env",
        "inner",
        "baseurl",
        "api_version",
        "pre",
        "post",
    ];
    RESERVED.contains(&name) || name == "exec"
}

/// Returns whether an error kind of the error tables has this name.
pub fn is_error_kind(name: &str) -> bool {
    [
        "Auth",
        "Permission",
        "NotFound",
        "InvalidParameter",
        "RateLimited",
        "QuotaExhausted",
        "Conflict",
        "Unavailable",
        "Other",
    ]
    .contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_spelt_as_the_generator_spells_them() {
        assert_eq!(snake("userId"), "user_id");
        assert_eq!(snake("type"), "type_");
        assert_eq!(snake("h323"), "h323");
        assert_eq!(snake("3d"), "x3d");
        assert_eq!(snake("nextTtoken"), "next_ttoken");
        assert_eq!(snake("MSOpenID"), "ms_open_id");
    }

    /// typify does not export its spelling, so the test reads the names from its output.
    #[test]
    fn the_generator_agrees_on_every_spelling() {
        let names = [
            "userId",
            "user_id2",
            "type",
            "MSOpenID",
            "h323-id",
            "3d",
            "a.b",
            "nextTtoken",
            "URL",
            "is_H5",
            "会议",
            "Self",
            "x'y",
            "open id",
            "_private",
            "A1B2",
            "self",
            "async",
        ];
        let properties: serde_json::Map<String, serde_json::Value> =
            names.iter().map(|name| ((*name).to_owned(), serde_json::json!({"type": "string"}))).collect();
        let schema = serde_json::json!({"type": "object", "properties": properties});
        let schema: schemars08::schema::Schema = serde_json::from_value(schema).expect("a schema");
        let mut space = typify::TypeSpace::default();
        let components = names.iter().filter(|name| **name != "Self").map(|name| ((*name).to_owned(), schema.clone()));
        // One type per name: equal spellings would clash.
        for (name, schema) in components {
            let mut alone = typify::TypeSpace::default();
            alone.add_ref_types([(name.clone(), schema)]).expect("typify takes it");
            let text = alone.to_stream().to_string();
            assert!(text.contains(&format!("pub struct {} ", pascal(&name))), "{name}: {}", pascal(&name));
        }
        space.add_ref_types([("All".to_owned(), schema)]).expect("typify takes it");
        let text = space.to_stream().to_string();
        for name in names {
            assert!(text.contains(&format!("pub {} :", snake(name))), "{name}: {}", snake(name));
        }
    }

    #[test]
    fn types_are_spelt_as_the_generator_spells_them() {
        assert_eq!(pascal("get_meeting-response"), "GetMeetingResponse");
        assert_eq!(pascal("user_info"), "UserInfo");
        assert_eq!(pascal("Self"), "Self_");
    }

    #[test]
    fn an_element_is_named_after_its_list() {
        assert_eq!(singular("rooms"), "room");
        assert_eq!(singular("entries"), "entry");
        assert_eq!(singular("device_list"), "device_list_item");
        assert_eq!(singular("address"), "address_item");
        assert_eq!(singular("statuses"), "status");
        assert_eq!(singular("boxes"), "box");
    }
}
