//! The Rust in the READMEs of the workspace compiles: it stands here, line by line.

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

/// The lines of a text without indentation and comments.
fn lines(text: &str) -> Vec<&str> {
    text.lines().map(|line| line.split("//").next().unwrap_or_default().trim()).collect()
}

/// The blocks of Rust in a README.
fn blocks(readme: &str) -> Vec<Vec<&str>> {
    let blocks = readme.split("```rust").skip(1).filter_map(|rest| rest.split_once('\n')?.1.split("```").next());
    blocks.map(lines).collect()
}

#[test]
fn the_rust_of_the_readmes_is_what_compiles_here() {
    let _compiled = (english::example, chinese::example);
    let source = lines(include_str!("readme.rs"));
    for (name, readme) in
        [("README.md", include_str!("../../README.md")), ("README.zh-CN.md", include_str!("../../README.zh-CN.md"))]
    {
        let blocks = blocks(readme);
        assert!(!blocks.is_empty(), "{name} has no Rust");
        for block in blocks {
            let is_here = source.windows(block.len()).any(|lines| lines == block);
            assert!(is_here, "{name} has Rust that does not stand in this test:\n{}", block.join("\n"));
        }
    }
}
