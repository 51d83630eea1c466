//! A small service and its tests, as in the guide's chapter "Testing your application".

#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use axum::extract::{Path, State};
use axum::http::{Request, StatusCode};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use huiyi_feishu::types::{ApplyReserveRequest, ReserveMeetingSettings, Room};
use huiyi_feishu::{Client, Error, ErrorKind};

fn service(client: Client) -> Router {
    Router::new()
        .route("/meetings", post(book))
        .route("/meetings/{id}", get(topic))
        .route("/reservations/{id}", delete(cancel))
        .route("/rooms", get(rooms))
        .with_state(client)
}

async fn book(State(client): State<Client>, topic: String) -> Result<String, StatusCode> {
    let settings = ReserveMeetingSettings::new().topic(topic);
    let answer = client.apply_reserve(ApplyReserveRequest::new(settings)).send().await.map_err(status)?;
    answer.into_inner().reserve.url.ok_or(StatusCode::BAD_GATEWAY)
}

async fn topic(State(client): State<Client>, Path(id): Path<String>) -> Result<String, StatusCode> {
    let answer = client.get_meeting(id).send().await.map_err(status)?;
    Ok(answer.into_inner().meeting.topic.unwrap_or_default())
}

async fn cancel(State(client): State<Client>, Path(id): Path<String>) -> Result<StatusCode, StatusCode> {
    client.delete_reserve(id).send().await.map_err(status)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn rooms(State(client): State<Client>) -> Result<Json<Vec<String>>, StatusCode> {
    let rooms: Vec<Room> = client.list_rooms().stream().collect().await.map_err(status)?;
    Ok(Json(rooms.into_iter().filter_map(|room| room.name).collect()))
}

fn status(error: Error) -> StatusCode {
    match error.kind() {
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::RateLimited => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_GATEWAY,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use huiyi_feishu::types::{ApplyReserveResponse, GetMeetingResponse, ListRoomsResponse, Meeting, NewReserve};
    use huiyi_mock::{Fault, FeishuMock};
    use tower::ServiceExt as _;

    use super::*;

    /// Sends a request to the service; gives status and body.
    async fn call(mock: &FeishuMock, method: &str, path: &str, body: &'static str) -> (u16, String) {
        let request = Request::builder().method(method).uri(path).body(Body::from(body)).unwrap();
        let answer = service(mock.client()).oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        (status, String::from_utf8(to_bytes(answer.into_body(), 9999).await.unwrap().to_vec()).unwrap())
    }

    #[tokio::test]
    async fn the_topic_of_a_meeting_is_shown() {
        let mock = FeishuMock::start().await;
        let meeting = GetMeetingResponse::new().meeting(Meeting::new().topic("Weekly"));
        mock.get_meeting().meeting_id("6911").answers(meeting);

        assert_eq!(call(&mock, "GET", "/meetings/6911", "").await, (200, "Weekly".to_owned()));
    }

    #[tokio::test]
    async fn a_meeting_that_does_not_exist_is_a_404() {
        let mock = FeishuMock::start().await;
        mock.get_meeting().fails(122_002);

        assert_eq!(call(&mock, "GET", "/meetings/1", "").await.0, 404);
    }

    #[tokio::test]
    async fn booking_sends_the_topic_and_gives_the_link() {
        let mock = FeishuMock::start().await;
        let reserve = NewReserve::new().url("https://vc.feishu.cn/j/337736498");
        let stub = mock.apply_reserve().answers(ApplyReserveResponse::new().reserve(reserve)).times(1);

        assert_eq!(call(&mock, "POST", "/meetings", "Weekly").await.1, "https://vc.feishu.cn/j/337736498");
        assert_eq!(stub.calls()[0].body.meeting_settings.topic.as_deref(), Some("Weekly"));
    }

    #[tokio::test]
    async fn the_rooms_of_all_pages_are_listed() {
        let mock = FeishuMock::start().await;
        let page = |name| ListRoomsResponse::new().rooms([Room::new().name(name)]);
        mock.list_rooms().pages([page("North"), page("South")]);

        assert_eq!(call(&mock, "GET", "/rooms", "").await, (200, r#"["North","South"]"#.to_owned()));
    }

    #[tokio::test]
    async fn a_vendor_that_is_out_of_breath_is_a_503() {
        let mock = FeishuMock::start().await;
        mock.delete_reserve().reserve_id("7").fault(Fault::RateLimited);

        assert_eq!(call(&mock, "DELETE", "/reservations/7", "").await.0, 503);
    }
}
