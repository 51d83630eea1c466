//! The rooms of `huiyi-core` form no circle: what a room uses never uses that room, directly or by a detour.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

type Rooms = BTreeMap<String, BTreeSet<String>>;

#[test]
fn the_rooms_of_core_form_no_circle() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/huiyi-core/src");
    let rooms = rooms(&source);

    assert!(rooms.len() > 10, "{rooms:?}");
    let left = without_ends(rooms);
    assert!(left.is_empty(), "these rooms use one another: {left:?}");
}

#[test]
fn a_circle_is_found() {
    let uses = [("a", "b"), ("b", "c"), ("c", "b"), ("d", "a")];
    let mut rooms = Rooms::new();
    for (room, used) in uses {
        rooms.entry(room.to_owned()).or_default().insert(used.to_owned());
    }

    assert!(without_ends(rooms).keys().any(|room| room == "b"));
}

/// Removes rooms that use no other room until nothing changes. What is left is a circle, or leads to one.
fn without_ends(mut rooms: Rooms) -> Rooms {
    loop {
        let before = rooms.len();
        let names: BTreeSet<String> = rooms.keys().cloned().collect();
        rooms.retain(|_, used| used.iter().any(|room| names.contains(room)));
        if rooms.len() == before {
            return rooms;
        }
    }
}

/// Returns which rooms each room uses: by `crate::room`, or by a name that the crate's root re-exports from it.
fn rooms(source: &Path) -> Rooms {
    let files = files(source);
    let names: BTreeSet<String> = files.iter().map(|(room, _)| room.clone()).collect();
    let root = std::fs::read_to_string(source.join("lib.rs")).expect("the root of the crate");
    let owners = owners(&root);
    let mut rooms = Rooms::new();
    for (room, text) in &files {
        let used = rooms.entry(room.clone()).or_default();
        for path in text.split("crate::").skip(1) {
            let name: String =
                path.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect();
            let owner = if names.contains(&name) { Some(&name) } else { owners.get(&name) };
            used.extend(owner.filter(|owner| *owner != room).cloned());
        }
    }
    rooms
}

/// Returns the room of each name that the root re-exports.
fn owners(root: &str) -> BTreeMap<String, String> {
    let mut owners = BTreeMap::new();
    for export in root.split("pub use ").skip(1) {
        let export = export.split(';').next().unwrap_or_default();
        let Some((room, items)) = export.split_once("::") else { continue };
        for item in items.split(|character: char| !character.is_alphanumeric() && character != '_') {
            owners.insert(item.to_owned(), room.to_owned());
        }
    }
    owners
}

/// Returns the code of each file with its room, without comments and tests.
fn files(source: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![source.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the source") {
            let path = entry.expect("an entry of the folder").path();
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.extend((!name.ends_with("tests")).then_some(path));
                continue;
            }
            if name == "lib" || name.ends_with("tests") {
                continue;
            }
            let below = path.strip_prefix(source).expect("a file of the source");
            let first = below.iter().next().unwrap_or_default().to_string_lossy();
            let room = first.trim_end_matches(".rs").to_owned();
            let text = std::fs::read_to_string(&path).expect("a source file");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let code: Vec<&str> = code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
            files.push((room, code.join("\n")));
        }
    }
    files
}
