#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::pin::pin;
use std::sync::{Arc, Mutex};

use futures_util::StreamExt;

use super::{Cursor, Next, Paged, pages, pages_from, stream};
use crate::answer::Answer as Success;
use crate::error::{Error, ErrorKind};

/// Items, next cursor, more flag.
type Answer = (Vec<u32>, Option<&'static str>, Option<bool>);

/// A list made of fixed answers.
#[derive(Clone)]
struct List {
    cursor: Option<String>,
    answers: Arc<Vec<Answer>>,
    asked: Arc<Mutex<Vec<Option<String>>>>,
}

impl List {
    fn of(answers: Vec<Answer>) -> Self {
        Self { cursor: None, answers: Arc::new(answers), asked: Arc::default() }
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

impl Paged for List {
    type Answer = Answer;
    type Item = (u32, bool);

    const CALL: (&'static str, &'static str) = ("vendor", "list");
    const CURSOR: &'static [&'static str] = &["token"];

    fn with_cursor(mut self, cursor: &Cursor) -> Self {
        self.cursor = cursor.get("token").map(str::to_owned);
        self
    }

    async fn fetch(self) -> Result<Success<Self::Answer>, Error> {
        let number = {
            let mut asked = self.asked.lock().unwrap();
            asked.push(self.cursor.clone());
            asked.len() - 1
        };
        match self.answers.get(number) {
            Some(answer) => Ok(Success::from_value(answer.clone())),
            None => Err(Error::builder(ErrorKind::NotFound).message("no such page").build()),
        }
    }

    fn next(&self, answer: &Self::Answer) -> Next {
        Next::from_cursor("token", answer.1, answer.2)
    }

    fn count(answer: &Self::Answer) -> usize {
        answer.0.len()
    }

    fn items(answer: &mut Self::Answer) -> Vec<Self::Item> {
        std::mem::take(&mut answer.0).into_iter().map(|item| (item, true)).collect()
    }

    fn key(item: &Self::Item) -> Option<String> {
        (item.0 >= 100).then(|| item.0.to_string())
    }
}

async fn all(list: &List) -> Vec<Result<u32, String>> {
    let stream = pin!(stream(list.clone()));
    StreamExt::map(stream, |item| item.map(|item| item.0).map_err(|error| error.to_string())).collect().await
}

#[tokio::test]
async fn an_empty_page_with_a_cursor_goes_on() {
    let list =
        List::of(vec![(vec![1], Some("a"), Some(true)), (vec![], Some("b"), Some(true)), (vec![2], None, Some(false))]);

    assert_eq!(all(&list).await, [Ok(1), Ok(2)]);
    assert_eq!(*list.asked.lock().unwrap(), [None, Some("a".to_owned()), Some("b".to_owned())]);
}

#[tokio::test]
async fn a_more_flag_without_a_cursor_is_an_error_that_keeps_where_to_resume() {
    let answers = || vec![(vec![1], Some("a"), Some(true)), (vec![2], None, Some(true)), (vec![3], None, None)];
    let list = List::of(answers());

    let mut items = all(&list).await;

    let error = items.pop().unwrap().unwrap_err();
    assert!(error.contains("there are more items, but gives no cursor"), "{error}");
    assert_eq!(items, [Ok(1), Ok(2)]);
    assert_eq!(list.asked(), 2);
    let failed = pages(List::of(answers())).filter_map(|page| std::future::ready(page.err())).next().await.unwrap();
    assert_eq!(failed.cursor, Some(Cursor::new("token", "a")));
}

#[test]
fn an_empty_cursor_and_a_zero_end_the_list() {
    for next in ["", "0"] {
        assert_eq!(Next::from_cursor("token", Some(next), None), Next::End);
        assert_eq!(Next::from_cursor("token", Some(next), Some(true)), Next::Missing);
    }
    assert_eq!(Next::from_cursor("token", Some(0), None), Next::End);
}

#[tokio::test]
async fn a_false_flag_with_a_cursor_stops() {
    let list = List::of(vec![(vec![1], Some("a"), Some(false)), (vec![2], None, None)]);

    assert_eq!(all(&list).await, [Ok(1)]);
    assert_eq!(list.asked(), 1);
}

#[tokio::test]
async fn a_repeated_cursor_is_an_error_after_the_items_of_its_page_and_ends_the_list() {
    let list = List::of(vec![
        (vec![1], Some("a"), None),
        (vec![2], Some("b"), None),
        (vec![3], Some("a"), None),
        (vec![4], None, None),
    ]);

    let mut items = all(&list).await;

    let error = items.pop().unwrap().unwrap_err();
    assert!(error.starts_with("vendor list: ") && error.contains("token=a a second time"), "{error}");
    assert_eq!(items, [Ok(1), Ok(2), Ok(3)]);
    assert_eq!(list.asked(), 3);
}

#[tokio::test]
async fn a_page_is_fetched_only_when_it_is_needed() {
    let list = List::of(vec![(vec![1, 2], Some("a"), None), (vec![3], None, None)]);
    let mut stream = pin!(stream(list.clone()));

    stream.next().await.unwrap().unwrap();
    stream.next().await.unwrap().unwrap();
    assert_eq!(list.asked(), 1);

    stream.next().await.unwrap().unwrap();
    assert_eq!(list.asked(), 2);
}

#[tokio::test]
async fn items_repeated_at_a_page_border_come_once() {
    let list = List::of(vec![(vec![101, 102], Some("a"), None), (vec![102, 103], None, None)]);

    assert_eq!(all(&list).await, [Ok(101), Ok(102), Ok(103)]);
}

#[tokio::test]
async fn a_failed_page_keeps_its_cursor_and_can_be_resumed() {
    let list = List::of(vec![(vec![1], Some("a"), None)]);
    let mut walk = pages(list.clone());
    walk.next().await.unwrap().unwrap();
    let failed = walk.next().await.unwrap().unwrap_err();
    assert!(walk.next().await.is_none());

    let cursor: Cursor = serde_json::from_str(&serde_json::to_string(&failed.cursor.unwrap()).unwrap()).unwrap();
    let again = List::of(vec![(vec![2], None, None)]);
    let page = pages_from(again.clone(), cursor).next().await.unwrap().unwrap();

    assert_eq!(page.answer.0, [2]);
    assert_eq!(*again.asked.lock().unwrap(), [Some("a".to_owned())]);
}

#[tokio::test]
async fn a_cursor_of_another_list_is_not_sent() {
    let list = List::of(vec![(vec![1], None, None)]);
    let mut walk = pages_from(list.clone(), Cursor::new("token", "a").with("page", 2));

    let failed = walk.next().await.unwrap().unwrap_err();

    assert!(failed.to_string().contains("the cursor field `page` belongs to another list"), "{failed}");
    assert!(walk.next().await.is_none());
    assert_eq!(list.asked(), 0);
}

#[test]
fn numbered_pages_end_where_the_totals_say() {
    assert_eq!(Next::from_page("page", 1, Some(2), None, None, 20), Next::At(Cursor::new("page", 2)));
    assert_eq!(Next::from_page("page", 2, Some(2), None, None, 20), Next::End);
    assert_eq!(Next::from_page("page", 1, None, Some(21), Some(20), 20), Next::At(Cursor::new("page", 2)));
    assert_eq!(Next::from_page("page", 1, None, Some(20), Some(20), 20), Next::End);
    assert_eq!(Next::from_page("page", 1, None, Some(20), Some(0), 20), Next::Perhaps(Cursor::new("page", 2)));
    assert_eq!(Next::from_page("page", 3, None, None, None, 1), Next::Perhaps(Cursor::new("page", 4)));
    assert_eq!(Next::from_page("page", 3, None, None, None, 0), Next::End);
    assert_eq!(Next::from_page("page", 3, None, Some(1_000_000), Some(20), 0), Next::End);
    assert_eq!(Next::from_page("page", 1, Some(0), Some(0), Some(20), 5), Next::Perhaps(Cursor::new("page", 2)));
}

#[test]
fn a_cursor_may_have_several_values() {
    let cursor = Cursor::new("pos", 7).with("cursory", "a");

    assert_eq!((cursor.get("pos"), cursor.get("cursory"), cursor.get("token")), (Some("7"), Some("a"), None));
    assert_eq!(cursor.to_string(), "pos=7, cursory=a");
    assert_eq!(Next::from_cursor("pos", Some(7), None).with("cursory", Some("a")), Next::At(cursor));
    assert_eq!(Next::End.with("cursory", Some("a")), Next::End);
}

#[tokio::test]
async fn pages_and_items_are_streams_and_can_be_read_without() {
    let list = || List::of(vec![(vec![1, 2], Some("a"), None), (vec![3], None, None)]);

    assert_eq!(StreamExt::count(pages(list())).await, 2);
    let items: Vec<u32> = stream(list()).collect().await.unwrap().into_iter().map(|item| item.0).collect();
    assert_eq!(items, [1, 2, 3]);
    let mut one_by_one = stream(list());
    assert_eq!(one_by_one.next().await.unwrap().unwrap().0, 1);
    assert_eq!((format!("{:?}", pages(list())), format!("{one_by_one:?}")), ("Pages".to_owned(), "Items".to_owned()));
}

#[tokio::test]
async fn a_list_that_fails_halfway_says_at_which_page() {
    let mut first = pages(List::of(vec![]));
    let failed = first.next().await.unwrap().unwrap_err();
    assert!(failed.to_string().starts_with("the first page could not be fetched: "), "{failed}");

    let mut second = pages(List::of(vec![(vec![1], Some("a"), None)]));
    second.next().await.unwrap().unwrap();
    let failed = second.next().await.unwrap().unwrap_err();
    assert!(failed.to_string().starts_with("the page at token=a could not be fetched: "), "{failed}");
    assert!(format!("{failed:?}").contains("no such page"), "{failed:?}");
    assert!(stream(List::of(vec![(vec![1], Some("a"), None)])).collect().await.is_err());
}
