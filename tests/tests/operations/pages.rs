//! Every list of every vendor over its pages: all items in order, without unnecessary requests.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use huiyi_core::{ErrorKind, QuotaPolicy, RetryPolicy};
use huiyi_mock::{Fault, Loopback, Request, Target, Vendor};
use huiyi_tests::by_name::ByName;
use huiyi_tests::examples::{same, text};
use huiyi_tests::family::{DINGTALK, FEISHU, Family, TENCENT, WECOM};
use huiyi_tests::pagination::{Pagination, Style, Tail, field};
use huiyi_tests::{Arguments, Failure};
use serde_json::{Value, json};

const FAMILIES: [Family; 4] = [FEISHU, WECOM, DINGTALK, TENCENT];

/// Makes a client whose credentials are not checked, because all answers are prepared.
fn client(vendor: Vendor, url: &str) -> Box<dyn ByName> {
    let (retry, quota) = (RetryPolicy::off(), QuotaPolicy::off());
    match vendor {
        Vendor::Feishu => {
            let builder = huiyi_feishu::Client::builder().base_url(url).retry(retry).quota(quota);
            Box::new(builder.tenant_access_token("t").user_access_token("u").build().unwrap())
        }
        Vendor::WeCom => {
            let builder = huiyi_wecom::Client::builder().base_url(url).retry(retry).quota(quota);
            Box::new(builder.access_token("t").build().unwrap())
        }
        Vendor::DingTalk => {
            let builder = huiyi_dingtalk::Client::builder().base_url(url).retry(retry).quota(quota);
            Box::new(builder.access_token("t").build().unwrap())
        }
        Vendor::Tencent => {
            let builder = huiyi_tencent::Client::builder().base_url(url).retry(retry).quota(quota);
            Box::new(builder.keys("1", "id", "key").user_access_token("o", "t").build().unwrap())
        }
    }
}

/// A list, and a server that gives pages of it.
struct List<'a> {
    pagination: &'a Pagination,
    operation: &'a str,
    arguments: Arguments,
    client: &'a dyn ByName,
    server: &'a Loopback,
}

impl List<'_> {
    /// Follows the list over these pages. Returns its items and the requests.
    async fn over(&self, pages: &[Value]) -> (Result<Vec<Value>, Failure>, Vec<Request>) {
        self.server.clear();
        self.server.forget();
        for page in pages {
            let fault = Fault::Status { status: 200, headers: Vec::new(), body: page.to_string() };
            self.server.fault(Target::Operation(self.operation.to_owned()), fault);
        }
        let items = self.client.collect(self.operation, &self.arguments).await;
        (items, self.server.requests())
    }

    /// Follows the list, and expects these items and this number of requests.
    async fn expect(&self, pages: &[Value], items: &[Value], requests: usize) -> Result<Vec<Request>, String> {
        let (found, sent) = self.over(pages).await;
        let found = found.map_err(|failure| format!("{failure} after {} requests", sent.len()))?;
        if sent.len() != requests {
            return Err(format!("{} requests instead of {requests}", sent.len()));
        }
        if found.len() == items.len() && found.iter().zip(items).all(|(found, item)| same(found, item)) {
            Ok(sent)
        } else {
            Err(format!("the items are {found:?} instead of {items:?}"))
        }
    }

    fn items<const N: usize>(&self, numbers: [i64; N]) -> [Value; N] {
        numbers.map(|number| self.pagination.item(number))
    }
}

/// Runs a scenario for every list, and prints how many took part.
async fn for_every_list(scenario: impl AsyncFn(&List<'_>) -> Option<Result<(), String>>) {
    let mut failures = Vec::new();
    for family in FAMILIES {
        let spec = family.spec();
        let server = Loopback::start(family.vendor).await.unwrap();
        let client = client(family.vendor, &server.base_url());
        let examples = spec.examples();
        let mut count = 0;
        for operation in family.paged {
            let example = examples.iter().find(|example| example.operation == *operation).unwrap();
            let pagination = Pagination::of(family, &spec, operation).unwrap();
            let arguments = pagination.first(&spec, &example.arguments);
            let list = List { pagination: &pagination, operation, arguments, client: &*client, server: &server };
            if let Some(result) = scenario(&list).await {
                count += 1;
                failures.extend(result.err().map(|reason| format!("{} {operation}: {reason}", family.name)));
            }
        }
        println!("{}: {count} of {} lists", family.name, family.paged.len());
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

/// Returns a request without some of its fields, and without what differs in each request.
fn shape(request: &Request, without: &[&str]) -> Value {
    let mut query = request.query_pairs();
    query.retain(|(name, _)| !without.contains(&name.as_str()));
    let mut body = request.json().and_then(|body| body.as_object().cloned()).unwrap_or_default();
    body.retain(|name, _| !without.contains(&name.as_str()));
    let volatile = ["x-tc-timestamp", "x-tc-nonce", "x-tc-signature", "content-length"];
    let mut headers = request.headers.clone();
    headers.retain(|(name, _)| !volatile.contains(&name.to_lowercase().as_str()));
    json!({"method": request.method, "path": request.path, "query": query, "body": body, "headers": headers})
}

#[tokio::test]
async fn two_pages_are_one_list() {
    for_every_list(async |list| {
        let pagination = list.pagination;
        let items = list.items([1, 2, 3]);
        assert!(items[0] != items[1] && items[1] != items[2], "{} has items that differ", list.operation);
        let first = pagination.page(&items[..2], Tail { next: Some(2), more: true, pages: 2 });
        let last = pagination.page(&items[2..], Tail { next: None, more: false, pages: 2 });
        let sent = match list.expect(&[first, last], &items, 2).await {
            Ok(sent) => sent,
            Err(reason) => return Some(Err(reason)),
        };
        let cursor = match pagination.style() {
            Style::Item => pagination.cursor_of(&items[1]),
            _ => pagination.cursor_to(2),
        };
        let mut carried = vec![(pagination.cursor(), text(&cursor))];
        carried.extend(pagination.carried().into_iter().map(|name| (name, text(&pagination.carried_to(name, 2)))));
        for (name, expected) in &carried {
            if field(&sent[1], name).as_deref() != Some(expected) {
                return Some(Err(format!(
                    "the second request has {name}={:?} instead of {expected}",
                    field(&sent[1], name)
                )));
            }
        }
        let names: Vec<&str> = carried.iter().map(|(name, _)| *name).collect();
        let (one, other) = (shape(&sent[0], &names), shape(&sent[1], &names));
        Some(if one == other { Ok(()) } else { Err(format!("the second request is {other:?} after {one:?}")) })
    })
    .await;
}

#[tokio::test]
async fn three_pages_are_one_list() {
    for_every_list(async |list| {
        let items = list.items([1, 2, 3, 4, 5]);
        let pages = [
            list.pagination.page(&items[..2], Tail { next: Some(2), more: true, pages: 3 }),
            list.pagination.page(&items[2..4], Tail { next: Some(3), more: true, pages: 3 }),
            list.pagination.page(&items[4..], Tail { next: None, more: false, pages: 3 }),
        ];
        Some(list.expect(&pages, &items, 3).await.map(drop))
    })
    .await;
}

#[tokio::test]
async fn one_page_is_one_request() {
    for_every_list(async |list| {
        let items = list.items([1]);
        let page = list.pagination.page(&items, Tail { next: None, more: false, pages: 1 });
        Some(list.expect(&[page], &items, 1).await.map(drop))
    })
    .await;
}

#[tokio::test]
async fn an_empty_list_is_one_request() {
    for_every_list(async |list| {
        let page = list.pagination.page(&[], Tail::default());
        Some(list.expect(&[page], &[], 1).await.map(drop))
    })
    .await;
}

#[tokio::test]
async fn an_empty_page_with_a_cursor_is_the_last_only_where_the_vendor_says_so() {
    for_every_list(async |list| {
        if list.pagination.style() != Style::Cursor {
            return None;
        }
        let items = list.items([1]);
        let empty = list.pagination.page(&[], Tail { next: Some(2), more: true, pages: 2 });
        let last = list.pagination.page(&items, Tail { next: None, more: false, pages: 2 });
        if list.pagination.ends_at_empty_page() {
            return Some(list.expect(&[empty, last], &[], 1).await.map(drop));
        }
        Some(list.expect(&[empty, last], &items, 2).await.map(drop))
    })
    .await;
}

#[tokio::test]
async fn a_repeated_cursor_is_an_error_and_not_followed() {
    for_every_list(async |list| {
        if list.pagination.style() == Style::Page {
            return None;
        }
        let items = list.items([1]);
        let page = list.pagination.page(&items, Tail { next: Some(2), more: true, pages: 2 });
        let (found, sent) = list.over(&[page.clone(), page.clone(), page]).await;
        Some(match found {
            Err(failure)
                if failure.kind() == Some(ErrorKind::Other)
                    && failure.to_string().contains("a second time")
                    && sent.len() == 2 =>
            {
                Ok(())
            }
            other => Err(format!("{other:?} after {} requests", sent.len())),
        })
    })
    .await;
}

#[tokio::test]
async fn a_false_flag_ends_the_list_though_there_is_a_cursor() {
    for_every_list(async |list| {
        if list.pagination.style() == Style::Page || !list.pagination.has_flag() {
            return None;
        }
        let items = list.items([1, 2]);
        let page = list.pagination.page(&items, Tail { next: Some(2), more: false, pages: 2 });
        Some(list.expect(&[page], &items, 1).await.map(drop))
    })
    .await;
}

#[tokio::test]
async fn a_flag_without_a_cursor_is_an_error_and_no_silent_end() {
    for_every_list(async |list| {
        if list.pagination.style() != Style::Cursor || !list.pagination.has_flag() {
            return None;
        }
        let items = list.items([1, 2]);
        let page = list.pagination.page(&items, Tail { next: None, more: true, pages: 2 });
        let (found, sent) = list.over(&[page]).await;
        Some(match found {
            Err(failure) if failure.to_string().contains("gives no cursor") && sent.len() == 1 => Ok(()),
            found => Err(format!("{found:?} after {} requests", sent.len())),
        })
    })
    .await;
}

#[tokio::test]
async fn items_that_come_again_on_the_next_page_come_once() {
    for_every_list(async |list| {
        if !list.pagination.has_keys() {
            return None;
        }
        let items = list.items([1, 2, 3]);
        let first = list.pagination.page(&items[..2], Tail { next: Some(2), more: true, pages: 2 });
        let last = list.pagination.page(&items[1..], Tail { next: None, more: false, pages: 2 });
        Some(list.expect(&[first, last], &items, 2).await.map(drop))
    })
    .await;
}
