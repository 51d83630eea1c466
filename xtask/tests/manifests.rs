//! Every published manifest says what the registry and docs.rs need, and no manifest leaves out a test.

use std::path::{Path, PathBuf};

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

/// Returns all Rust files of a folder and its folders.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        match entry.path() {
            path if path.is_dir() => files.extend(rust_files(&path)),
            path if path.extension().is_some_and(|extension| extension == "rs") => files.push(path),
            _ => {}
        }
    }
    files
}

#[test]
fn the_vendors_crates_have_no_tests_that_never_run() {
    let mut never = Vec::new();
    for vendor in ["feishu", "wecom", "dingtalk", "tencent"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../crates/huiyi-{vendor}"));
        let read = |path: &Path| std::fs::read_to_string(path).expect("a file");
        // `test = false`: unit tests would be built, and run, by nobody.
        let unit_tests = rust_files(&folder.join("src")).into_iter().filter(|file| read(file).contains("cfg(test)"));
        never.extend(unit_tests);
        // `autotests = false`: a file is part of the program, or is not compiled.
        let tests = folder.join("tests");
        let program = read(&tests.join("main.rs"));
        for file in std::fs::read_dir(&tests).expect("the tests").flatten().map(|entry| entry.path()) {
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let is_rust = file.extension().is_some_and(|extension| extension == "rs");
            if is_rust && name != "main" && !program.contains(&format!("\nmod {name};\n")) {
                never.push(file);
            }
        }
    }

    assert_eq!(never, Vec::<PathBuf>::new());
}
