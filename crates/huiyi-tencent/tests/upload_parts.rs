//! The parts of an upload: checksums, the cutting of the content, the form.

#[path = "../src/upload/blocks.rs"]
#[allow(dead_code, unreachable_pub, reason = "tested in part, apart from its crate")]
mod blocks;
#[path = "../src/upload/content.rs"]
#[allow(dead_code, unreachable_pub, reason = "tested in part, apart from its crate")]
mod content;
#[path = "../src/upload/form.rs"]
#[allow(dead_code, unreachable_pub, reason = "tested in part, apart from its crate")]
mod form;

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use http_body_util::BodyExt as _;

use blocks::{Blocks, HELD};
use content::{FileContent, checksum};
use form::Form;

#[test]
fn checksums_are_those_of_rfc_1321() {
    assert_eq!(checksum(b""), "d41d8cd98f00b204e9800998ecf8427e");
    assert_eq!(checksum(b"message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
}

#[tokio::test]
async fn blocks_are_of_one_size_however_the_content_comes_and_whether_they_are_held() {
    for cuts in [vec![10], vec![1; 10], vec![3, 4, 3], vec![4, 4, 2], vec![0, 9, 0, 1]] {
        for held in [HELD, 3, 0] {
            let whole = Bytes::from_static(b"0123456789");
            let mut from = 0;
            let pieces: Vec<_> = cuts
                .iter()
                .map(|length| {
                    from += length;
                    io::Result::Ok(whole.slice(from - length..from))
                })
                .collect();
            let content = FileContent::stream(10, stream::iter(pieces));
            let mut blocks = Blocks::new(content, 4, held);

            let (mut found, mut left) = (Vec::new(), 10);
            while let Some(block) = blocks.next(left).await.unwrap() {
                left -= block.length();
                let pieces: Vec<_> = block.into_pieces().map(Result::unwrap).collect().await;
                found.push(pieces.concat());
            }

            assert_eq!(found, [b"0123".to_vec(), b"4567".to_vec(), b"89".to_vec()], "{cuts:?}");
        }
    }
}

#[tokio::test]
async fn a_part_of_any_size_is_not_read_into_memory() {
    let read = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let counted = read.clone();
    let length = 300 << 20;
    let pieces = stream::iter((0..300).map(move |_| {
        counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        io::Result::Ok(Bytes::from(vec![0; 1 << 20]))
    }));
    let mut blocks = Blocks::new(FileContent::stream(length, pieces), 1 << 40, HELD);

    let block = blocks.next(length).await.unwrap().unwrap();

    assert_eq!((block.length(), read.load(std::sync::atomic::Ordering::Relaxed)), (length, 0));
    let sizes: Vec<usize> = block.into_pieces().map(|piece| piece.unwrap().len()).collect().await;
    assert_eq!((sizes.len(), sizes.iter().max()), (300, Some(&(1 << 20))));
}

#[test]
fn a_form_in_memory_is_what_rfc_7578_shows() {
    let form =
        Form::new([1, 2]).field("a", "1").file("f", FileContent::from(vec![0, 255])).field("b", "x").encode(None);

    let expected = b"--huiyi-00000000000000010000000000000002\r\n\
        Content-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n\
        --huiyi-00000000000000010000000000000002\r\n\
        Content-Disposition: form-data; name=\"f\"; filename=\"fileContent\"\r\n\
        Content-Type: application/octet-stream\r\n\r\n\x00\xff\r\n\
        --huiyi-00000000000000010000000000000002\r\n\
        Content-Disposition: form-data; name=\"b\"\r\n\r\nx\r\n\
        --huiyi-00000000000000010000000000000002--\r\n";
    assert_eq!(form.body.as_bytes(), Some(&expected[..]));
    assert_eq!(form.length, expected.len() as u64);
    assert_eq!(form.content_type, "multipart/form-data; boundary=huiyi-00000000000000010000000000000002");
}

#[tokio::test]
async fn the_checksum_after_a_file_is_the_same_in_memory_and_as_a_stream() {
    for is_stream in [false, true] {
        let whole = Bytes::from_static(b"message digest");
        let content = if is_stream {
            let pieces = [whole.slice(..3), whole.slice(3..)].map(io::Result::Ok);
            FileContent::stream(14, stream::iter(pieces))
        } else {
            FileContent::from(whole)
        };

        let form = Form::new([1, 2]).file("f", content).checksum("sum").field("b", "x").encode(None);

        let length = form.length;
        let bytes = form.body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let expected = "message digest\r\n--huiyi-00000000000000010000000000000002\r\n\
            Content-Disposition: form-data; name=\"sum\"\r\n\r\nf96b697d7cb7938d525a2f31aaf161d0\r\n\
            --huiyi-00000000000000010000000000000002\r\n\
            Content-Disposition: form-data; name=\"b\"\r\n\r\nx\r\n";
        assert!(text.contains(expected), "{text}");
        assert_eq!(length, text.len() as u64);
    }
}
