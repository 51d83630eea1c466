//! Every disagreement has a test.

use crate::support::document;

const TESTS: [&str; 9] = [
    include_str!("envelope.rs"),
    include_str!("names.rs"),
    include_str!("paging.rs"),
    include_str!("places.rs"),
    include_str!("required.rs"),
    include_str!("shapes.rs"),
    include_str!("types_received.rs"),
    include_str!("types_sent.rs"),
    include_str!("values.rs"),
];

#[test]
fn every_disagreement_has_a_test() {
    let document = document();
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|path| path.as_object().unwrap().values());
    let contradictory = operations.filter(|operation| operation.get("x-page-defects").is_some());
    let ids: Vec<&str> = contradictory.map(|operation| operation["operationId"].as_str().unwrap()).collect();
    let is_tested = |id: &str| TESTS.iter().any(|file| file.contains(&format!(".{id}(")));

    let untested: Vec<&str> = ids.iter().copied().filter(|id| !is_tested(id)).collect();

    assert!(ids.len() >= 40, "only {} operations have x-page-defects", ids.len());
    assert!(untested.is_empty(), "{untested:?}");
}
