//! Uploads of recordings: the forms as they arrive, their signatures, progress, and retries.

use std::sync::{Arc, Mutex};

use futures_util::stream;
use huiyi_mock::{Fault, Loopback, Request, Target, credentials, tencent_signature};
use huiyi_tencent::types::{OperatorIdType, UploadFileType};
use huiyi_tencent::upload::{FileContent, Progress, UploadRecordFile, UploadRecording};
use huiyi_tencent::wire::Base64Text;
use huiyi_tencent::{Client, ErrorKind};
use serde_json::json;

use crate::support::{Explained as _, last, start};

const FILE: &str = "upload_record_file";
pub(crate) const PART: &str = "upload_record_part";

/// Ten bytes; their MD5 is known.
const TEN: &[u8] = b"0123456789";
const TEN_MD5: &str = "781e5e245d69b566979b86e28d23f2c7";

fn file(client: &Client, content: impl Into<FileContent>) -> UploadRecordFile {
    let request = client.upload_record_file(Base64Text::from_plain("周会.m4a"), UploadFileType::Voice, content, 3);
    request.operator_id("tester").operator_id_type(OperatorIdType::Userid)
}

pub(crate) fn recording(client: &Client, content: impl Into<FileContent>) -> UploadRecording {
    let request = client.upload_recording("周会.mp4", UploadFileType::Video, content, 0);
    request.operator_id("tester").operator_id_type(OperatorIdType::Userid)
}

pub(crate) fn pieces(
    pieces: &[&'static str],
) -> impl futures_util::Stream<Item = Result<&'static [u8], std::io::Error>> + Send + use<> {
    stream::iter(pieces.iter().map(|piece| Ok(piece.as_bytes())).collect::<Vec<_>>())
}

/// Returns the fields of a form in their order.
pub(crate) fn fields(request: &Request) -> Vec<(String, Vec<u8>)> {
    let delimiter = format!("--{}", request.header("content-type").unwrap().split_once("boundary=").unwrap().1);
    let body = String::from_utf8_lossy(&request.body).into_owned();
    body.split(&delimiter)
        .filter_map(|part| {
            let (head, content) = part.split_once("\r\n\r\n")?;
            let name = head.split_once("name=\"")?.1.split('"').next()?;
            Some((name.to_owned(), content.strip_suffix("\r\n")?.as_bytes().to_vec()))
        })
        .collect()
}

fn field(request: &Request, name: &str) -> String {
    let (_, content) = fields(request).into_iter().find(|(known, _)| known == name).unwrap();
    String::from_utf8(content).unwrap()
}

pub(crate) fn prepared(server: &Loopback, block_size: i64) {
    let answer = json!({"upload_id": "upload-1", "block_size": block_size, "block_num": 3});
    server.answer("prepare_record_upload", 200, answer.to_string());
    server.answer("finish_record_upload", 200, r#"{"job_id":"job-1"}"#);
}

pub(crate) fn fault(server: &Loopback, operation: &str, fault: Fault) {
    server.fault(Target::Operation(operation.to_owned()), fault);
}

#[tokio::test]
async fn a_file_is_a_form_in_the_order_of_the_sdk() {
    let (server, client) = start().await;
    server.answer(FILE, 200, r#"{"job_id":"job-1"}"#);

    let job = file(&client, TEN).ai_record(false).send().await.ok_or_explain();

    assert_eq!(job.job_id.as_deref(), Some("job-1"));
    let names: Vec<String> = fields(&last(&server, FILE)).into_iter().map(|(name, _)| name).collect();
    let expected = [
        "operator_id",
        "operator_id_type",
        "file_name",
        "file_type",
        "file_size",
        "file_checksum",
        "file_content",
        "speak_number",
        "ai_record",
    ];
    assert_eq!(names, expected);
    let request = last(&server, FILE);
    assert_eq!(field(&request, "file_name"), "5ZGo5LyaLm00YQ==");
    assert_eq!((&*field(&request, "file_type"), &*field(&request, "operator_id_type")), ("voice", "1"));
    assert_eq!((&*field(&request, "file_size"), &*field(&request, "file_checksum")), ("10", TEN_MD5));
    assert_eq!(field(&request, "file_content").as_bytes(), TEN);
    assert_eq!((&*field(&request, "speak_number"), &*field(&request, "ai_record")), ("3", "false"));
}

#[tokio::test]
async fn a_form_is_signed_as_an_empty_text_in_memory_and_as_a_stream() {
    let (server, client) = start().await;

    file(&client, TEN).send().await.ok_or_explain();
    file(&client, FileContent::stream(10, pieces(&["01234", "56789"])))
        .file_checksum(TEN_MD5)
        .send()
        .await
        .ok_or_explain();

    for request in server.calls(FILE) {
        let app = credentials::TENCENT;
        let (nonce, timestamp) = (request.header("X-TC-Nonce").unwrap(), request.header("X-TC-Timestamp").unwrap());
        let signature =
            tencent_signature(app.secret_id, app.secret_key, "POST", nonce, timestamp, &request.target, b"");
        assert_eq!(request.header("X-TC-Signature"), Some(&*signature));
        assert_eq!(request.header("Content-Length"), Some(&*request.body.len().to_string()));
        assert_eq!(request.header("Transfer-Encoding"), None);
    }
    assert_eq!(server.calls(FILE).len(), 2);
}

#[tokio::test]
async fn every_form_has_a_boundary_of_its_own() {
    let (server, client) = start().await;

    file(&client, TEN).send().await.ok_or_explain();
    file(&client, TEN).send().await.ok_or_explain();

    let calls = server.calls(FILE);
    assert_ne!(calls[0].header("content-type"), calls[1].header("content-type"));
}

#[tokio::test]
async fn progress_grows_up_to_the_size() {
    let (server, client) = start().await;
    let seen = Arc::new(Mutex::new(Vec::<Progress>::new()));
    let listener = Arc::clone(&seen);

    let request = file(&client, vec![7; 200_000]).on_progress(move |progress| listener.lock().unwrap().push(progress));
    request.send().await.ok_or_explain();

    let seen = seen.lock().unwrap();
    assert!(seen.len() > 1 && seen.windows(2).all(|pair| pair[0].sent < pair[1].sent));
    assert_eq!(seen.last().map(|progress| (progress.sent, progress.total)), Some((200_000, 200_000)));
    assert_eq!(server.calls(FILE).len(), 1);
}

#[tokio::test]
async fn a_stream_without_a_checksum_is_not_sent() {
    let (server, client) = start().await;

    let error = file(&client, FileContent::stream(10, pieces(&["0123456789"]))).send().await.unwrap_err();

    assert!(error.kind() == ErrorKind::Misuse && error.message().contains("file_checksum"));
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let (_server, client) = start().await;

    let error = client.upload_record_part("u", 1, TEN).operator_id("tester").send().await.unwrap_err();

    assert_eq!((error.kind(), error.operation()), (ErrorKind::Misuse, PART));
    assert!(error.to_string().contains("`operator_id_type` is not set, neither on the call nor on the client"));
}

#[tokio::test]
async fn a_stream_that_is_too_short_or_too_long_fails() {
    let (server, client) = start().await;

    for content in [pieces(&["01234"]), pieces(&["0123456789", "a"])] {
        let request = file(&client, FileContent::stream(10, content)).file_checksum(TEN_MD5);
        assert_eq!(request.send().await.unwrap_err().kind(), ErrorKind::Unavailable);
    }

    assert!(server.calls(FILE).is_empty());
}

#[tokio::test]
async fn a_stream_is_sent_once_even_after_too_fast() {
    let (server, client) = start().await;
    fault(&server, FILE, Fault::RateLimited);

    let error = file(&client, FileContent::stream(10, pieces(&["0123456789"])))
        .file_checksum(TEN_MD5)
        .send()
        .await
        .unwrap_err();

    assert_eq!((error.kind(), error.code()), (ErrorKind::RateLimited, Some("190310")));
    assert_eq!(server.calls(FILE).len(), 1);
}

#[tokio::test]
async fn bytes_in_memory_are_sent_again_after_too_fast_but_not_after_a_lost_answer() {
    let (server, client) = start().await;

    fault(&server, FILE, Fault::RateLimited);
    file(&client, TEN).send().await.ok_or_explain();
    assert_eq!(server.calls(FILE).len(), 2);

    fault(&server, FILE, Fault::ResetAfterRead);
    let error = file(&client, TEN).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(server.calls(FILE).len(), 3);
}

#[tokio::test]
async fn a_recording_goes_in_parts_of_the_vendors_size() {
    let (server, client) = start().await;
    prepared(&server, 4);

    let content = FileContent::stream(10, pieces(&["0", "12345678", "9"]));
    let job = recording(&client, content).ai_record(true).send().await.ok_or_explain();

    assert_eq!(job.job_id.as_deref(), Some("job-1"));
    let prepare = last(&server, "prepare_record_upload").json().unwrap();
    let expected = json!({"operator_id": "tester", "operator_id_type": 1, "file_name": "5ZGo5LyaLm1wNA==", "file_type": "video", "file_size": 10});
    assert_eq!(prepare, expected);
    let parts: Vec<[String; 4]> = server
        .calls(PART)
        .iter()
        .map(|part| ["upload_id", "file_seq", "file_size", "file_content"].map(|name| field(part, name)))
        .collect();
    assert_eq!(
        parts,
        [["upload-1", "1", "4", "0123"], ["upload-1", "2", "4", "4567"], ["upload-1", "3", "2", "89"]]
            .map(|part| part.map(str::to_owned))
    );
    let finish = last(&server, "finish_record_upload").json().unwrap();
    assert_eq!(
        finish,
        json!({"operator_id": "tester", "operator_id_type": 1, "upload_id": "upload-1", "speak_number": 0, "ai_record": true})
    );
}

#[tokio::test]
async fn every_stored_part_is_told() {
    let (server, client) = start().await;
    prepared(&server, 4);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&seen);

    let request = recording(&client, TEN)
        .on_progress(move |progress| listener.lock().unwrap().push((progress.sent, progress.total)));
    request.send().await.ok_or_explain();

    assert_eq!(*seen.lock().unwrap(), [(4, 10), (8, 10), (10, 10)]);
}

#[tokio::test]
async fn a_part_whose_answer_is_lost_is_sent_again() {
    let (server, client) = start().await;
    prepared(&server, 4);
    fault(&server, PART, Fault::ResetAfterRead);

    recording(&client, TEN).send().await.ok_or_explain();

    let numbers: Vec<String> = server.calls(PART).iter().map(|part| field(part, "file_seq")).collect();
    assert_eq!(numbers, ["1", "1", "2", "3"]);
}

#[tokio::test]
async fn an_upload_whose_part_is_refused_is_not_finished() {
    let (server, client) = start().await;
    prepared(&server, 4);
    fault(
        &server,
        PART,
        Fault::Status {
            status: 400,
            headers: Vec::new(),
            body: r#"{"error_info":{"error_code":200006,"message":"md5"}}"#.to_owned(),
        },
    );

    let error = recording(&client, TEN).send().await.unwrap_err();

    assert_eq!((error.kind(), error.operation()), (ErrorKind::InvalidParameter, PART));
    assert!(server.calls("finish_record_upload").is_empty());
}

#[tokio::test]
async fn a_recording_that_ends_early_is_not_finished() {
    let (server, client) = start().await;
    prepared(&server, 4);

    let error = recording(&client, FileContent::stream(10, pieces(&["01234"]))).send().await.unwrap_err();

    assert!(error.to_string().contains("the content has only 5 bytes; 10 were declared"));
    assert!(server.calls("finish_record_upload").is_empty());
}

#[tokio::test]
async fn an_empty_recording_is_not_announced() {
    let (server, client) = start().await;

    let error = recording(&client, Vec::new()).send().await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Misuse);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn an_answer_without_a_plan_ends_the_upload() {
    let (server, client) = start().await;

    for answer in
        ["{}", r#"{"upload_id":"u"}"#, r#"{"upload_id":"u","block_size":0}"#, r#"{"upload_id":"","block_size":4}"#]
    {
        server.answer("prepare_record_upload", 200, answer);
        assert!(recording(&client, TEN).send().await.is_err(), "{answer}");
    }
    assert!(server.calls(PART).is_empty());
}

#[tokio::test]
async fn a_file_on_disk_is_read_while_it_is_sent() {
    let (server, client) = start().await;
    prepared(&server, 100_000);
    let path = std::env::temp_dir().join(format!("huiyi-upload-{}.bin", std::process::id()));
    let bytes: Vec<u8> = (0..250_000_u32).map(|number| b'a' + u8::try_from(number % 26).unwrap()).collect();
    std::fs::write(&path, &bytes).unwrap();

    let content = FileContent::open(&path).await.unwrap();
    assert_eq!(content.length(), 250_000);
    recording(&client, content).send().await.ok_or_explain();

    std::fs::remove_file(&path).unwrap();
    let sent: Vec<u8> = server.calls(PART).iter().flat_map(|part| field(part, "file_content").into_bytes()).collect();
    assert_eq!(server.calls(PART).len(), 3);
    assert!(sent == bytes);
    assert!(FileContent::open(std::env::temp_dir()).await.is_err());
}
