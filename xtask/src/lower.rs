//! Lowering: turns the document that describes the wire exactly into one that gives convenient Rust.
//!
//! Every rule counts how often it applied ([`crate::rules`]). The result is a bare document for progenitor, and
//! [`plan::Lowered`] with everything that progenitor cannot carry.

pub mod direction;
pub mod emit;
pub mod events;
pub mod filled;
pub mod hoist;
pub mod operations;
pub mod plan;

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::Value;

use crate::document::{self, Bundle, trail};
use crate::report::Report;
use crate::rules::Rules;
use plan::{Lowered, OperationPlan, TagPlan, TypePlan};

/// Lowers a bundled document.
pub fn lower(bundle: &Bundle, rules: &Rules) -> Result<Lowered, Report> {
    let root = &bundle.root;
    let mut hoister = hoist::Hoister::new(root, rules);
    let errors = operations::error_table(root);
    let context = operations::Context { root, rules, errors: &errors };
    let mut found = Vec::new();
    for operation in document::operations(root) {
        found.push(context.plan(&operation, &mut hoister));
    }
    let pushed = events::plan(root, &mut hoister, rules);
    let mut report = Report::default();
    for name in &hoister.clashes {
        let what = format!("an inline schema would be called {name}, which is the name of another one");
        bundle.complain(&mut report, &trail(&["components", "schemas", name]), what, "make it a component of its own");
    }
    if report.errors() > 0 {
        return Err(report);
    }
    let (mut types, mut enums) = (hoister.types, hoister.enums);
    direction::mark(&found, &mut types);
    let used = used_by_operations(&found, &types);
    events::mark(&pushed, &used, &mut types, &mut enums);
    // Removes envelopes, and the types of operations that are not generated.
    types.retain(|name, plan| plan.events_only || used.contains(name));
    enums.retain(|name, plan| plan.events_only || used.contains(name));
    direction::mark_always(&mut types, rules);
    let client_arguments = operations::client_arguments(root);
    filled::mark(&mut found, &mut types, &client_arguments, rules);
    let info = root.get("info").cloned().unwrap_or_default();
    let mut emitter =
        emit::Emitter { vendor: bundle.vendor, rules, types: &types, enums: &enums, replacements: IndexMap::new() };
    let document = emitter.document(&info, &found);
    let replacements = emitter.replacements.into_iter().collect();
    let common_quota = operations::common_quota(root);
    let headers = root.pointer("/x-envelope/request_id_headers").map(operations::texts).unwrap_or_default();
    Ok(Lowered {
        vendor: bundle.vendor,
        info,
        tags: document::array(root, "tags").map(tag).collect(),
        document,
        operations: found,
        events: pushed,
        types,
        enums,
        replacements,
        errors,
        common_quota,
        request_id_headers: headers.iter().map(|name| name.to_lowercase()).collect(),
    })
}

fn tag(tag: &Value) -> TagPlan {
    let text = |key: &str| tag.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    TagPlan { name: text("name"), title: text("description"), title_zh: text("x-title-zh") }
}

/// Names of the types and enums that generated operations use.
fn used_by_operations(operations: &[OperationPlan], types: &IndexMap<String, TypePlan>) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for operation in operations.iter().filter(|operation| operation.generated) {
        let parameters = operation.parameters.iter().map(|parameter| &parameter.schema);
        let bodies = operation.body.iter().map(|body| &body.schema);
        let answers: Vec<&Value> = operation.answer.schema().into_iter().collect();
        for schema in parameters.chain(bodies).chain(answers) {
            direction::collect(schema, types, &mut used);
        }
    }
    used
}
