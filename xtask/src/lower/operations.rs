//! Makes [`OperationPlan`]s of operation objects: fills in defaults, follows references, removes the envelope.

use serde_json::{Value, json};

use super::hoist::Hoister;
use super::plan::{Answer, BodyPlan, Counted, ErrorRow, Limit, OperationPlan, ParameterPlan, Quota, Source};
use crate::document::{Operation, array, json_content, object, parameters, reference, success};
use crate::envelope::{self, Shape};
use crate::lint::document::code_text;
use crate::names::{pascal, snake};
use crate::rules::{Rule, Rules};

/// What all operations share.
#[derive(Debug)]
pub struct Context<'a> {
    /// The bundled document.
    pub root: &'a Value,
    /// Counters.
    pub rules: &'a Rules,
    /// The document's error table.
    pub errors: &'a [ErrorRow],
}

/// Returns the document's table of error codes.
pub fn error_table(root: &Value) -> Vec<ErrorRow> {
    array(root, "x-error-codes").filter_map(|entry| error_row(entry, None)).collect()
}

/// Returns the quota of all operations together.
pub fn common_quota(root: &Value) -> Option<Quota> {
    root.get("x-rate-limit").and_then(quota).filter(|quota| quota.counted == Counted::Together)
}

/// Returns the arguments that are set once on the client.
pub fn client_arguments(root: &Value) -> Vec<String> {
    root.get("x-client-arguments").map(texts).unwrap_or_default()
}

fn error_row(entry: &Value, base: Option<&ErrorRow>) -> Option<ErrorRow> {
    let text = |key: &str| entry.get(key).and_then(Value::as_str);
    let code = code_text(if entry.is_object() { entry.get("code")? } else { entry })?;
    let kind = text("kind").map(str::to_owned).or_else(|| base.map(|base| base.kind.clone()));
    let kind = kind.unwrap_or_else(|| "Other".to_owned());
    let action = match (text("action"), base) {
        (Some("refresh"), _) => "Refresh",
        (Some("backoff"), _) => "Backoff",
        (Some(_), _) => "None",
        (None, Some(base)) if base.kind == kind => base.action,
        (None, _) if kind == "RateLimited" || kind == "Unavailable" => "Backoff",
        (None, _) => "None",
    };
    let meaning = text("meaning").map(str::to_owned).or_else(|| base.map(|base| base.meaning.clone()));
    let status = entry.get("status").and_then(Value::as_u64).or_else(|| base.and_then(|base| base.status));
    let meaning = meaning.unwrap_or_default();
    // A code that the document does not have means something at this operation only.
    let deviates = base.is_none_or(|base| base.kind != kind || base.action != action || base.meaning != meaning);
    Some(ErrorRow { code, status, kind, action, meaning, deviates })
}

impl Context<'_> {
    /// Plans one operation, and names its inline schemas.
    pub fn plan(&self, operation: &Operation<'_>, hoister: &mut Hoister<'_>) -> OperationPlan {
        let text = |key: &str| operation.text(key).map(str::to_owned);
        let body = self.body(operation, hoister);
        let multipart = operation.value.get("requestBody").is_some_and(is_multipart);
        let generated = !(multipart && self.rules.apply(Rule::MultipartLeftOut));
        OperationPlan {
            id: operation.id.to_owned(),
            method: operation.method.to_uppercase(),
            path: operation.path.to_owned(),
            tag: operation.value.get("tags").map(texts).unwrap_or_default().into_iter().next().unwrap_or_default(),
            host: host(operation),
            summary: text("summary").unwrap_or_default(),
            description: text("description").unwrap_or_default(),
            title_zh: text("x-title-zh"),
            url: operation.value.get("externalDocs").and_then(|docs| docs.get("url")?.as_str()).map(str::to_owned),
            updated: text("x-doc-updated"),
            source: source(operation.text("x-source")),
            deprecated: operation.value.get("deprecated") == Some(&Value::Bool(true)),
            replaced_by: text("x-replaced-by"),
            tokens: self.tokens(operation),
            scopes: operation.value.get("x-scopes").map(texts).unwrap_or_default(),
            quotas: self.quotas(operation),
            idempotent: match operation.value.get("x-idempotent") {
                Some(Value::Bool(flag)) => *flag,
                _ => matches!(operation.method, "get" | "head" | "put" | "delete"),
            },
            errors: self.errors(operation),
            parameters: self.parameters(operation, hoister),
            body,
            answer: if generated { self.answer(operation, hoister) } else { Answer::Empty },
            answer_text: success(self.root, operation)
                .and_then(|(_, response)| response.get("description")?.as_str())
                .unwrap_or_default()
                .to_owned(),
            paging: operation.value.get("x-pagination").cloned(),
            filled: Vec::new(),
            generated,
        }
    }

    /// Returns the quotas of an operation. Its own quota comes on top of one that counts all operations together, and
    /// replaces any other quota of the document. `none` means no quota at all.
    fn quotas(&self, operation: &Operation<'_>) -> Vec<Quota> {
        let document = self.root.get("x-rate-limit").and_then(quota);
        let Some(written) = operation.value.get("x-rate-limit") else {
            return document.into_iter().collect();
        };
        let Some(own) = quota(written) else { return Vec::new() };
        let common = document.filter(|document| document.counted == Counted::Together);
        [Some(own), common].into_iter().flatten().collect()
    }

    fn tokens(&self, operation: &Operation<'_>) -> Vec<String> {
        let security = operation.value.get("security").or_else(|| self.root.get("security"));
        let mut names = Vec::new();
        for alternative in security.and_then(Value::as_array).into_iter().flatten() {
            for name in alternative.as_object().into_iter().flat_map(|schemes| schemes.keys()) {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
        }
        names
    }

    fn errors(&self, operation: &Operation<'_>) -> Vec<ErrorRow> {
        let list = operation.value.get("x-error-codes").and_then(Value::as_array);
        let rows = list.into_iter().flatten().filter_map(|entry| {
            let code = code_text(if entry.is_object() { entry.get("code")? } else { entry })?;
            let base = self.errors.iter().find(|row| row.code == code && self.rules.apply(Rule::ErrorTable));
            error_row(entry, base)
        });
        rows.collect()
    }

    fn parameters(&self, operation: &Operation<'_>, hoister: &mut Hoister<'_>) -> Vec<ParameterPlan> {
        let mut plans = Vec::new();
        for (place, parameter) in parameters(self.root, operation) {
            let referenced = place.first().is_some_and(|first| first == "components");
            if referenced && !self.rules.apply(Rule::ParameterReference) {
                continue;
            }
            let text = |key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let wire = text("name");
            let name = format!("{}{}", pascal(operation.id), pascal(&wire));
            let schema = parameter.get("schema").cloned().unwrap_or_else(|| json!({"type": "string"}));
            plans.push(ParameterPlan {
                rust: snake(&wire),
                location: text("in"),
                required: parameter.get("required") == Some(&Value::Bool(true)),
                description: text("description"),
                example: parameter.get("example").or_else(|| schema.get("example")).cloned(),
                schema: hoister.place(&schema, &name, Some((operation.id, &wire))),
                wire,
            });
        }
        plans
    }

    fn body(&self, operation: &Operation<'_>, hoister: &mut Hoister<'_>) -> Option<BodyPlan> {
        let body = operation.value.get("requestBody")?;
        let (media, content) = object(body, "content").next()?;
        let schema = content.get("schema")?;
        if media == "application/octet-stream" || is_multipart(body) {
            return Some(BodyPlan { media: media.clone(), schema: schema.clone(), example: None });
        }
        let named = reference(schema).is_some() || self.rules.apply(Rule::BodyName);
        let name = format!("{}{}", pascal(operation.id), if named { "Request" } else { "Body" });
        Some(BodyPlan {
            media: media.clone(),
            schema: hoister.place(schema, &name, None),
            example: first_example(content),
        })
    }

    fn answer(&self, operation: &Operation<'_>, hoister: &mut Hoister<'_>) -> Answer {
        let Some((_, response)) = success(self.root, operation) else { return Answer::Empty };
        let Some(content) = json_content(response) else {
            let has_content = object(response, "content").next().is_some();
            let raw = has_content && self.rules.apply(Rule::BinaryAnswer);
            return if raw { Answer::Raw } else { Answer::Empty };
        };
        let Some(schema) = content.get("schema") else { return Answer::Empty };
        let mut place = |schema: &Value| {
            let named = reference(schema).is_some() || self.rules.apply(Rule::AnswerName);
            let name = format!("{}{}", pascal(operation.id), if named { "Response" } else { "Answer" });
            hoister.place(schema, &name, None)
        };
        let wrapped = envelope::is_wrapped(self.root, schema);
        match envelope::unwrap(self.root, schema) {
            Shape::Data(data) if self.rules.apply(Rule::EnvelopeData) => Answer::Data(place(&data)),
            Shape::Flat(fields) if !wrapped || self.rules.apply(Rule::BesideEnvelope) => Answer::Flat(place(&fields)),
            Shape::Empty if self.rules.apply(Rule::EmptyAnswer) => Answer::Empty,
            _ => Answer::Flat(place(schema)),
        }
    }
}

/// Returns the first example of a media type object.
pub fn first_example(content: &Value) -> Option<Value> {
    object(content, "examples").next().and_then(|(_, example)| example.get("value").cloned())
}

fn is_multipart(body: &Value) -> bool {
    object(body, "content").any(|(media, _)| media == "multipart/form-data")
}

fn host(operation: &Operation<'_>) -> Option<String> {
    let servers = operation.item.get("servers")?.as_array()?;
    Some(servers.first()?.get("url")?.as_str()?.to_owned())
}

/// Reads `x-source`.
pub fn source(text: Option<&str>) -> Source {
    match text {
        Some("sdk") => Source::Sdk,
        Some("tool") => Source::Tool,
        _ => Source::Page,
    }
}

/// Returns the texts of a list.
pub fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A quota, unless it is `none`.
fn quota(value: &Value) -> Option<Quota> {
    let map = value.as_object()?;
    let scope = map.get("scope").and_then(Value::as_str);
    let counted = match map.get("counted").and_then(Value::as_str) {
        Some("together") => Counted::Together,
        Some("no") => Counted::No,
        _ => Counted::Operation,
    };
    let windows = [("per_second", 1), ("per_minute", 60), ("per_hour", 3600), ("per_day", 86400)];
    let limits = windows.iter().filter_map(|(key, per_seconds)| {
        let requests = map.get(*key)?.as_u64()?;
        Some(Limit { requests, per_seconds: *per_seconds })
    });
    Some(Quota { limits: limits.collect(), scope: scope.map(str::to_owned), counted })
}
