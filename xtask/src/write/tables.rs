//! Item macros with a line for each field, which `prettyplease` would write as one long line.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{File, Item};

/// Stands for a table while the rest is formatted.
const PLACEHOLDER: &str = "table_of_fields";

/// Takes the tables out of a file and leaves a numbered placeholder for each.
pub(super) fn take_out(file: &mut File) -> Vec<String> {
    let mut tables = Vec::new();
    for item in &mut file.items {
        let Item::Macro(found) = item else { continue };
        let Some(text) = table(&found.mac) else { continue };
        let number = proc_macro2::Literal::usize_unsuffixed(tables.len());
        let placeholder = quote::format_ident!("{PLACEHOLDER}");
        *item = syn::parse_quote!(#placeholder!(#number););
        tables.push(text);
    }
    tables
}

/// Puts the tables back.
pub(super) fn put_back(text: &str, tables: &[String]) -> String {
    let start = format!("{PLACEHOLDER}!(");
    let mut out = String::with_capacity(text.len() + tables.iter().map(String::len).sum::<usize>());
    for line in text.lines() {
        let number = line.strip_prefix(&start).and_then(|rest| rest.strip_suffix(");"));
        let table = number.and_then(|number| tables.get(number.parse::<usize>().ok()?));
        out.push_str(table.map_or(line, String::as_str));
        out.push('\n');
    }
    out
}

/// The text of `path! { Name { lines } }`; `None` for any other macro.
fn table(invoked: &syn::Macro) -> Option<String> {
    let mut tokens = invoked.tokens.clone().into_iter();
    let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(group)), None) =
        (tokens.next(), tokens.next(), tokens.next())
    else {
        return None;
    };
    if group.delimiter() != Delimiter::Brace {
        return None;
    }
    let segments: Vec<String> = invoked.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let colons = if invoked.path.leading_colon.is_some() { "::" } else { "" };
    let lines: String = lines(group.stream()).iter().map(|line| format!("    {line},\n")).collect();
    Some(format!("{colons}{}! {{ {name} {{\n{lines}}} }}", segments.join("::")))
}

/// Returns the text between the commas, line by line.
fn lines(tokens: TokenStream) -> Vec<String> {
    let mut lines = vec![String::new()];
    for token in tokens {
        match &token {
            TokenTree::Punct(comma) if comma.as_char() == ',' => lines.push(String::new()),
            _ => write(lines.last_mut(), &token),
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// Writes `"member" => field: reader` with the spaces of handwritten code.
fn write(line: Option<&mut String>, token: &TokenTree) {
    let Some(line) = line else { return };
    let text = token.to_string();
    let is_group = matches!(token, TokenTree::Group(_));
    let is_joined = line.is_empty() || is_group || text == ":" || (text == ">" && line.ends_with('='));
    if !is_joined {
        line.push(' ');
    }
    line.push_str(&text);
}
