//! Which types are sent, which are received, and which objects of an answer are always there.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::Value;

use super::plan::{OperationPlan, TypePlan};
use crate::document::schema_name;
use crate::rules::{Rule, Rules};

/// Marks every type with its directions, and the operations that it belongs to.
pub fn mark(operations: &[OperationPlan], types: &mut IndexMap<String, TypePlan>) {
    for operation in operations.iter().filter(|operation| operation.generated) {
        if let Some(body) = &operation.body {
            for name in reached(&body.schema, types) {
                types[&name].sent = true;
            }
            if let Some(name) = schema_name(&body.schema).filter(|name| types.contains_key(*name)) {
                types[name].body_of.push(operation.id.clone());
            }
        }
        let Some(schema) = operation.answer.schema() else { continue };
        for name in reached(schema, types) {
            types[&name].received = true;
        }
        if let Some(name) = schema_name(schema).filter(|name| types.contains_key(*name)) {
            types[name].answer_of.push(operation.id.clone());
        }
    }
}

/// Makes the top-level objects of an answer or an event non-optional: `answer.meeting` is always there, perhaps empty.
/// Leaves out types that are also sent (they would send `{}`), and types that contain each other.
pub fn mark_always(types: &mut IndexMap<String, TypePlan>, rules: &Rules) {
    let mut found = Vec::new();
    for (name, plan) in types.iter().filter(|(_, plan)| is_outermost(plan) && !plan.sent) {
        for (index, field) in plan.fields.iter().enumerate() {
            let Some(target) = schema_name(&field.schema) else { continue };
            let received = types.get(target).is_some_and(|target| target.received);
            let circular = target == name || reached(&field.schema, types).contains(name);
            if received && !circular {
                found.push((name.clone(), index));
            }
        }
    }
    for (name, index) in found {
        types[&name].fields[index].always = rules.apply(Rule::AlwaysThere);
    }
}

/// Whether a type is a whole answer or a whole event.
fn is_outermost(plan: &TypePlan) -> bool {
    !plan.answer_of.is_empty() || plan.is_event
}

/// Returns the names of all types that a schema contains, directly or not.
pub fn reached(schema: &Value, types: &IndexMap<String, TypePlan>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(schema, types, &mut found);
    found.retain(|name| types.contains_key(name));
    found
}

/// Like [`reached`], with the enums.
pub fn collect(schema: &Value, types: &IndexMap<String, TypePlan>, found: &mut BTreeSet<String>) {
    if let Some(name) = schema_name(schema) {
        if found.insert(name.to_owned()) {
            for field in types.get(name).into_iter().flat_map(|plan| &plan.fields) {
                collect(&field.schema, types, found);
            }
        }
        return;
    }
    match schema {
        Value::Array(items) => items.iter().for_each(|item| collect(item, types, found)),
        Value::Object(map) => map.values().for_each(|item| collect(item, types, found)),
        _ => {}
    }
}
