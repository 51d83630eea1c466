//! Parts that are too large to be held in memory.

use huiyi_mock::Fault;
use huiyi_tencent::upload::FileContent;

use crate::support::{Explained as _, start};
use crate::uploads::{PART, fault, fields, pieces, prepared, recording};

/// The MD5 of `01234567` and of `89`.
const SUMS: [&str; 2] = ["2e9ec317e197819358fbc43afca7d837", "7647966b7343c29048673252e490f736"];

#[tokio::test]
async fn the_checksum_of_a_part_that_is_sent_while_it_is_read_follows_it() {
    let (server, client) = start().await;
    prepared(&server, 8);
    let content = FileContent::stream(10, pieces(&["0", "12345", "6789"]));

    let job = recording(&client, content).hold_at_most(7).send().await.ok_or_explain();

    assert_eq!(job.job_id.as_deref(), Some("job-1"));
    let parts = server.calls(PART);
    assert_eq!(parts.len(), 2);
    for (part, (sum, text)) in parts.iter().zip(SUMS.into_iter().zip(["01234567", "89"])) {
        let fields = fields(part);
        let of = |name: &str| fields.iter().position(|(known, _)| known == name).unwrap();
        let (checksum, content) = (of("file_checksum"), of("file_content"));
        assert_eq!(String::from_utf8_lossy(&fields[checksum].1), sum);
        assert_eq!(String::from_utf8_lossy(&fields[content].1), text);
        // Only a part that is not held is sent in this order.
        assert_eq!(checksum > content, text.len() == 8);
        assert_eq!(part.header("content-length"), Some(&*part.body.len().to_string()));
    }
}

#[tokio::test]
async fn a_part_that_is_not_held_is_sent_once() {
    let (server, client) = start().await;
    prepared(&server, 10);
    fault(&server, PART, Fault::ResetAfterRead);

    let error = recording(&client, FileContent::stream(10, pieces(&["0123456789"]))).hold_at_most(9).send().await;

    assert!(error.unwrap_err().to_string().contains(PART));
    assert_eq!(server.calls(PART).len(), 1);
    assert!(server.calls("finish_record_upload").is_empty());
}
