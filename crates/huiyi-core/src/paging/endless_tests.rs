#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::{Cursor, Next, Paged, stream};
use crate::answer::{Answer, Head, Success, decode};
use crate::error::Error;
use crate::operation::Operation;
use crate::vendor::Vendor;

static CALL: Operation = Operation { id: "list", path: "/list", idempotent: true, ..Operation::NONE };

static VENDOR: Vendor = Vendor { name: "vendor", custom: &CALL, default_url: "http://host", ..Vendor::NONE };

/// A list that creates each page with a function of the page number.
#[derive(Clone)]
struct List {
    page: i64,
    asked: Arc<AtomicI64>,
    body: fn(i64) -> Value,
    next: fn(i64, &Value) -> Next,
}

impl List {
    fn numbered(body: fn(i64) -> Value) -> Self {
        Self::of(body, |page, answer| {
            let number = |name: &str| answer[name].as_i64();
            let items = answer["items"].as_array().map_or(0, Vec::len);
            Next::from_page("page", page, number("total_page"), number("total_count"), Some(2), items)
        })
    }

    fn with_cursor(body: fn(i64) -> Value) -> Self {
        Self::of(body, |_, answer| Next::from_cursor("page", answer["next"].as_i64(), Some(true)))
    }

    fn of(body: fn(i64) -> Value, next: fn(i64, &Value) -> Next) -> Self {
        Self { page: 1, asked: Arc::default(), body, next }
    }

    /// Returns the items, the error if there is one, and the number of pages that were requested.
    async fn walk(self) -> (Vec<i64>, Option<String>, i64) {
        let (asked, mut items, mut failed) = (self.asked.clone(), Vec::new(), None);
        let mut stream = stream(self);
        while let Some(item) = stream.next().await {
            match item {
                Ok(item) => items.push(item),
                Err(error) => failed = Some(error.to_string()),
            }
        }
        (items, failed, asked.load(Ordering::Relaxed))
    }
}

impl Paged for List {
    type Answer = Value;
    type Item = i64;

    const CALL: (&'static str, &'static str) = ("vendor", "list");
    const CURSOR: &'static [&'static str] = &["page"];

    fn with_cursor(mut self, cursor: &Cursor) -> Self {
        self.page = cursor.get("page").unwrap().parse().unwrap();
        self
    }

    async fn fetch(self) -> Result<Answer<Value>, Error> {
        assert!(self.asked.fetch_add(1, Ordering::Relaxed) < 5000, "the list has no end");
        let head = Head {
            vendor: &VENDOR,
            operation: "list".into(),
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            warning: None,
            attempts: 1,
            body: (self.body)(self.page).to_string().into(),
        };
        Success { head: Box::new(head), download: None, observer: None }.decode(decode::flat_from_str)
    }

    fn next(&self, answer: &Value) -> Next {
        (self.next)(self.page, answer)
    }

    fn count(answer: &Value) -> usize {
        answer["items"].as_array().map_or(0, Vec::len)
    }

    fn items(answer: &mut Value) -> Vec<i64> {
        answer["items"].as_array().into_iter().flatten().filter_map(Value::as_i64).collect()
    }
}

#[tokio::test]
async fn empty_numbered_pages_end_the_list_whatever_the_total_says() {
    let list = List::numbered(
        |page| json!({"items": if page == 1 { vec![1, 2] } else { vec![] }, "page": page, "total_count": 1_000_000}),
    );

    assert_eq!(list.walk().await, (vec![1, 2], None, 2));
}

#[tokio::test]
async fn numbered_pages_without_a_total_end_where_nothing_new_comes() {
    let list = List::numbered(|page| json!({"items": [2 * page.min(3) - 1, 2 * page.min(3)], "page": page}));

    assert_eq!(list.walk().await, (vec![1, 2, 3, 4, 5, 6], None, 4));
}

#[tokio::test]
async fn the_same_items_again_are_an_error_where_the_vendor_says_that_there_are_more() {
    for body in [
        (|page| json!({"items": [1, 2], "page": page, "total_count": 1_000_000})) as fn(i64) -> Value,
        |page| json!({"items": [1, 2], "page": page, "total_page": 1_000_000}),
    ] {
        let (items, failed, asked) = List::numbered(body).walk().await;

        assert_eq!((items, asked), (vec![1, 2, 1, 2], 2));
        assert!(failed.unwrap().contains("the same page a second time"));
    }
    let (_, failed, asked) = List::with_cursor(|page| json!({"items": [1, 2], "next": page + 1})).walk().await;
    assert!(failed.unwrap().contains("the same page a second time"));
    assert_eq!(asked, 2);
}

#[tokio::test]
async fn some_empty_pages_with_cursors_go_on_and_a_thousand_do_not() {
    let next = |page, answer: &Value| Next::from_cursor("page", answer["next"].as_i64(), Some(page < 950));
    let seven = |page| json!({"items": if page == 900 { vec![7] } else { vec![] }, "next": page + 1, "others": []});
    assert_eq!(List::of(seven, next).walk().await, (vec![7], None, 950));

    // A list beside the items that is the same on all pages says nothing about them.
    let beside = |page| json!({"beside": [1], "items": if page == 900 { vec![7] } else { vec![] }, "next": page + 1});
    assert_eq!(List::of(beside, next).walk().await, (vec![7], None, 950));

    for endless in [
        (|page| json!({"items": [], "next": page + 1})) as fn(i64) -> Value,
        |page| json!({"beside": [1], "items": [], "next": page + 1}),
    ] {
        let (items, failed, asked) = List::with_cursor(endless).walk().await;
        assert!(failed.unwrap().contains("1000 empty pages in a row"));
        assert_eq!((items, asked), (vec![], 1000));
    }
}
