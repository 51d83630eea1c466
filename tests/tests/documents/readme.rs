//! The Rust in the README compiles: this file contains it, line by line. README and guide say the same in both
//! languages.

use std::collections::BTreeSet;
use std::path::Path;

mod english {
    pub(crate) async fn example(app_secret: String) -> Result<(), huiyi_feishu::BuildError> {
        use huiyi_feishu::{Client, types::MeetingStatus};

        let client = Client::builder().app("cli_a1b2c3", app_secret).build()?; // or Client::from_env()

        match client.get_meeting("6911188411932033028").with_participants(true).send().await {
            Ok(answer) => match &answer.meeting.status {
                Some(MeetingStatus::InProgress) => println!("{} people are in", answer.meeting.participants.len()),
                other => println!("not running: {other:?}"),
            },
            Err(error) => eprintln!("{error} ({:?})", error.kind()),
        }
        Ok(())
    }
}

mod chinese {
    pub(crate) async fn example(app_secret: String) -> Result<(), huiyi_feishu::BuildError> {
        use huiyi_feishu::{Client, types::MeetingStatus};

        let client = Client::builder().app("cli_a1b2c3", app_secret).build()?; // 或 Client::from_env()

        match client.get_meeting("6911188411932033028").with_participants(true).send().await {
            Ok(answer) => match &answer.meeting.status {
                Some(MeetingStatus::InProgress) => println!("{} 人在会中", answer.meeting.participants.len()),
                other => println!("未在进行：{other:?}"),
            },
            Err(error) => eprintln!("{error}（{:?}）", error.kind()),
        }
        Ok(())
    }
}

/// Returns the lines of a text without indentation and comments.
fn lines(text: &str) -> Vec<&str> {
    text.lines().map(|line| line.split("//").next().unwrap_or_default().trim()).collect()
}

/// Returns the blocks of Rust in a README.
fn blocks(readme: &str) -> Vec<Vec<&str>> {
    let blocks = readme.split("```rust").skip(1).filter_map(|rest| rest.split_once('\n')?.1.split("```").next());
    blocks.map(lines).collect()
}

#[test]
fn the_rust_of_the_readmes_is_what_compiles_here() {
    let _compiled = (english::example, chinese::example);
    let source = lines(include_str!("readme.rs"));
    for (name, readme) in [
        ("README.md", include_str!("../../../README.md")),
        ("README.zh-CN.md", include_str!("../../../README.zh-CN.md")),
    ] {
        let blocks = blocks(readme);
        assert!(!blocks.is_empty(), "{name} has no Rust");
        for block in blocks {
            let is_here = source.windows(block.len()).any(|lines| lines == block);
            assert!(is_here, "{name} has Rust that does not stand in this test:\n{}", block.join("\n"));
        }
    }
}

/// Returns what both languages have in common: the level of headings, the rows of tables, the blocks of commands.
fn structure(readme: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rows = 0;
    let mut in_block = false;
    for line in readme.lines() {
        if line.starts_with('|') {
            rows += 1;
            continue;
        }
        if rows > 0 {
            found.push(format!("table of {rows} rows"));
            rows = 0;
        }
        match line.strip_prefix("```") {
            Some(language) => {
                in_block = !in_block;
                found.push(format!("block {language}"));
            }
            None if in_block && line.starts_with("cargo ") => found.push(line.to_owned()),
            None if !in_block && line.starts_with('#') => {
                found.push(line.chars().take_while(|mark| *mark == '#').collect());
            }
            None => {}
        }
    }
    found
}

/// Returns what is in backquotes in the tables: names of features, variables, methods.
fn names_in_tables(readme: &str) -> Vec<&str> {
    let rows = readme.lines().filter(|line| line.starts_with('|'));
    let mut names: Vec<&str> = rows.flat_map(|row| row.split('`').skip(1).step_by(2)).collect();
    names.sort_unstable();
    names
}

/// Returns README and guide: each file's name, and the file in both languages.
fn documents() -> Vec<(String, [String; 2])> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |folder: &Path, name: &str| {
        let text = |end| std::fs::read_to_string(folder.join(format!("{name}{end}"))).expect("both languages");
        (name.to_owned(), [".md", ".zh-CN.md"].map(text))
    };
    let guide = root.join("crates/huiyi/docs");
    let files = std::fs::read_dir(&guide).expect("the guide").flatten();
    let names = files.map(|file| file.file_name().to_string_lossy().into_owned());
    let chapters: BTreeSet<String> = names.filter_map(|name| Some(name.split_once('.')?.0.to_owned())).collect();
    let chapters = chapters.iter().map(|chapter| read(&guide, chapter));
    std::iter::once(read(&root, "README")).chain(chapters).collect()
}

#[test]
fn both_languages_have_the_same_headings_tables_and_commands() {
    for (name, [english, chinese]) in documents() {
        assert_eq!(structure(&english), structure(&chinese), "{name}");
        assert_eq!(names_in_tables(&english), names_in_tables(&chinese), "{name}");
    }
}

#[test]
fn every_chapter_is_listed() {
    let mut documents = documents();
    let (_, readmes) = documents.remove(0);
    let modules = include_str!("../../../crates/huiyi/src/guide.rs");
    for (name, _) in documents {
        assert!(modules.contains(&format!("\"{name}\"")), "{name} is not in the documentation of `huiyi`");
        assert!(modules.contains(&format!("]({})", name.replace('-', "_"))), "{name} is not linked there");
        for (readme, end) in readmes.iter().zip(["md", "zh-CN.md"]) {
            assert!(readme.contains(&format!("](crates/huiyi/docs/{name}.{end})\n")), "{name}.{end}");
        }
    }
}
