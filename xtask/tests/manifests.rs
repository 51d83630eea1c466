//! Every published manifest says what the registry and docs.rs need.

use std::path::Path;

const KEYS: [&str; 11] = [
    "description",
    "version",
    "edition",
    "rust-version",
    "license",
    "authors",
    "repository",
    "homepage",
    "documentation",
    "categories",
    "keywords",
];

#[test]
fn every_published_manifest_is_complete() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut missing = Vec::new();
    let mut count = 0;
    for folder in std::fs::read_dir(crates).expect("the crates").flatten() {
        let Ok(manifest) = std::fs::read_to_string(folder.path().join("Cargo.toml")) else { continue };
        count += 1;
        let has = |line: &str| manifest.lines().any(|other| other.starts_with(line));
        let lacks = KEYS.iter().filter(|key| !has(&format!("{key} =")) && !has(&format!("{key}.workspace")));
        missing.extend(lacks.map(|key| format!("{}: {key}", folder.path().display())));
        let for_docs = "[package.metadata.docs.rs]\nall-features = true\nrustdoc-args = [\"--cfg\", \"docsrs\"]\n";
        if !manifest.contains(for_docs) {
            missing.push(format!("{}: what docs.rs builds", folder.path().display()));
        }
        if !folder.path().join("README.md").is_file() {
            missing.push(format!("{}: README.md", folder.path().display()));
        }
    }

    assert_eq!((count, missing), (8, Vec::<String>::new()));
}
