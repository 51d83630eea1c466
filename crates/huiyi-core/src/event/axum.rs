//! Mounts an endpoint in an axum application (feature `axum`).

use std::time::Duration;

use ::axum::body::{Body, Bytes, to_bytes};
use ::axum::extract::Request;
use ::axum::routing::{MethodRouter, any};
use futures_util::future::{Either, select};
use http::header::CONTENT_LENGTH;

use super::{Endpoint, Receive, RejectReason, try_again};

/// Time limit for the arrival of a body. All vendors send the body at once.
const BODY_WITHIN: Duration = Duration::from_secs(3);

/// Returns the endpoint as an axum route: `Router::new().route("/hooks/feishu", route(endpoint))`.
///
/// A body that is too large or too slow is refused. The number of bodies that are read at the same time is limited
/// by the endpoint's queue.
pub fn route<R, S>(endpoint: Endpoint<R>) -> MethodRouter<S>
where
    R: Receive,
    S: Clone + Send + Sync + 'static,
{
    any(move |request: Request| {
        let endpoint = endpoint.clone();
        async move { answer(&endpoint, request).await.map(Body::from) }
    })
}

async fn answer<R: Receive>(endpoint: &Endpoint<R>, request: Request) -> super::Reply {
    let (parts, body) = request.into_parts();
    let place = endpoint.reading_place();
    if place.is_none() {
        return try_again();
    }
    let most = endpoint.receiver().limits().max_body();
    let announced = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > u64::try_from(most).unwrap_or(u64::MAX)) {
        return endpoint.refuse(RejectReason::TooLarge);
    }
    let body = match select(Box::pin(to_bytes(body, most)), endpoint.sleep(BODY_WITHIN)).await {
        Either::Left((Ok(body), _)) => body,
        Either::Left((Err(_), _)) => return endpoint.refuse(RejectReason::TooLarge),
        Either::Right(_) => return endpoint.refuse(RejectReason::Malformed("body")),
    };
    drop(place);
    let request: http::Request<Bytes> = http::Request::from_parts(parts, body);
    endpoint.answer(&request).await
}
