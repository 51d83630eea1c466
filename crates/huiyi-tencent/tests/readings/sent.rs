//! Requests where the sources disagree: types, defaults, limits, required fields.

use huiyi_tencent::types::{
    BatchDeleteBackgroundsRequest, CreateMeetingRequest, CreateUserRequest, CreateWebinarRequest, EnrollQuestion,
    EnrollRequirement, InstanceId, Invitee, OperatorIdType, PstnCallee, SetInviteesRequest, SetRealTimeAsrRequest,
    StartCalloutsRequest, StartSignInRequest, UpdateRoomRequest, UserObject,
};
use huiyi_tencent::{ClientBuilder, ErrorKind, StaticToken, Token};
use serde_json::{json, to_value};

use crate::support::{Explained as _, body, builder, last, pairs, query, start};

fn meeting() -> CreateMeetingRequest {
    CreateMeetingRequest::new("tester", "周会", 0, 1_572_172_200, 1_572_175_800).instanceid(InstanceId::Pc)
}

#[tokio::test]
async fn hosts_are_sent_as_objects_and_as_the_texts_of_the_example() {
    let (server, client) = start().await;

    let objects = meeting().hosts([UserObject::new("tester")]).invitees([UserObject::new("test1").nick_name("访客")]);
    client.create_meeting(objects).send().await.ok_or_explain();
    let sent = body(&server, "create_meeting");
    client.create_meeting(meeting().hosts(["tester"])).send().await.ok_or_explain();

    assert_eq!(sent["hosts"], json!([{"userid": "tester"}]));
    assert_eq!(sent["invitees"], json!([{"userid": "test1", "nick_name": "访客"}]));
    assert_eq!(body(&server, "create_meeting")["hosts"], json!(["tester"]));
}

#[tokio::test]
async fn times_are_sent_as_the_page_types_them() {
    let (server, client) = start().await;

    client.create_meeting(meeting()).send().await.ok_or_explain();
    let user =
        CreateUserRequest::new("张三", "zhangsan").operator_id("admin").operator_id_type(1).entry_time(1_628_438_400);
    client.create_user(user).send().await.ok_or_explain();
    let request = client.list_records(1_602_950_400, 1_603_123_200).operator_id("u").operator_id_type(1);
    request.send().await.ok_or_explain();

    assert_eq!(body(&server, "create_meeting")["start_time"], "1572172200");
    assert_eq!(body(&server, "create_user")["entry_time"], 1_628_438_400);
    assert_eq!(last(&server, "list_records").query_value("start_time").as_deref(), Some("1602950400"));
}

#[tokio::test]
async fn layouts_and_backgrounds_take_the_caller_by_operator_id_and_by_the_userid_of_2021() {
    let (server, client) = start().await;
    let list = || client.list_layouts("1").instanceid(InstanceId::Pc);
    let delete = |body| client.batch_delete_backgrounds("1", body);
    let background = || BatchDeleteBackgroundsRequest::new(["b"]).instanceid(InstanceId::Pc);

    list().operator_id("u").operator_id_type(OperatorIdType::Userid).send().await.ok_or_explain();
    assert_eq!(
        query(&server, "list_layouts"),
        pairs([("instanceid", "1"), ("operator_id", "u"), ("operator_id_type", "1")])
    );
    list().userid("u").send().await.ok_or_explain();
    assert_eq!(query(&server, "list_layouts"), pairs([("instanceid", "1"), ("userid", "u")]));

    delete(background().operator_id("u").operator_id_type(1)).send().await.ok_or_explain();
    let sent = json!({"operator_id": "u", "operator_id_type": 1, "instanceid": 1, "background_id_list": ["b"]});
    assert_eq!(body(&server, "batch_delete_backgrounds"), sent);
    delete(background().userid("u")).send().await.ok_or_explain();
    let sent = json!({"userid": "u", "instanceid": 1, "background_id_list": ["b"]});
    assert_eq!(body(&server, "batch_delete_backgrounds"), sent);
}

#[tokio::test]
async fn the_kind_of_an_operator_is_a_number_in_bodies_and_text_in_queries() {
    let (server, client) = start().await;

    let user = CreateUserRequest::new("张三", "zhangsan").operator_id("admin").operator_id_type(OperatorIdType::Userid);
    client.create_user(user).send().await.ok_or_explain();
    client.get_user("9527").operator_id("r").operator_id_type(OperatorIdType::from(7)).send().await.ok_or_explain();

    assert_eq!(body(&server, "create_user")["operator_id_type"], 1);
    assert_eq!(query(&server, "get_user"), pairs([("operator_id", "r"), ("operator_id_type", "7")]));
}

#[test]
fn country_codes_are_text_for_guests_and_numbers_for_calls() {
    let guest = to_value(huiyi_tencent::types::Guest::new("86", "13888888888")).unwrap();
    let call = to_value(PstnCallee::new(86, "13888888888")).unwrap();

    assert_eq!((&guest["area"], &guest["phone_number"]), (&json!("86"), &json!("13888888888")));
    assert_eq!((&call["area"], &call["phone"]), (&json!(86), &json!("13888888888")));
}

#[tokio::test]
async fn what_the_text_calls_dispensable_may_be_left_out() {
    let (server, client) = start().await;

    let webinar = CreateWebinarRequest::new("tester", "研讨会", 1_631_589_648, 1_631_593_248, 0).instanceid(1);
    client.create_webinar(webinar).send().await.ok_or_explain();
    let user =
        CreateUserRequest::new("张三", "zhangsan").operator_id("admin").operator_id_type(1).email("123456@qq.com");
    client.create_user(user).send().await.ok_or_explain();
    client
        .start_sign_in(StartSignInRequest::new("7", 1).operator_id("u").operator_id_type(1).instanceid(1))
        .send()
        .await
        .ok_or_explain();
    client.list_departments("admin").send().await.ok_or_explain();
    client.list_user_meetings().userid("tester").instanceid(1).send().await.ok_or_explain();
    client.list_user_meetings().operator_id("room").operator_id_type(3).instanceid(1).send().await.ok_or_explain();

    for name in ["hosts", "playback_for_audience"] {
        assert_eq!(body(&server, "create_webinar").get(name), None);
    }
    assert_eq!(body(&server, "create_user").get("phone"), None);
    assert_eq!(body(&server, "start_sign_in").get("sign_in_time"), None);
    assert_eq!(query(&server, "list_departments"), pairs([("userid", "admin")]));
}

#[tokio::test]
async fn a_poll_is_not_read_without_a_caller() {
    let (server, client) = start().await;

    let error = client.get_poll("7", "p").send().await.unwrap_err();
    client.operator("tester").get_poll("7", "p").send().await.ok_or_explain();

    assert_eq!(error.kind(), ErrorKind::Misuse);
    assert_eq!(server.calls("get_poll").len(), 1);
    assert!(query(&server, "get_poll").contains(&("operator_id".to_owned(), "tester".to_owned())));
}

#[tokio::test]
async fn defaults_are_left_to_the_vendor() {
    let (server, client) = start().await;

    let settings = huiyi_tencent::types::WebinarMediaSetting::new().only_enterprise_user_allowed(true);
    let webinar = CreateWebinarRequest::new("tester", "研讨会", 1_631_589_648, 1_631_593_248, 0)
        .instanceid(1)
        .media_setting(settings);
    client.create_webinar(webinar).send().await.ok_or_explain();

    assert_eq!(body(&server, "create_webinar")["media_setting"], json!({"only_enterprise_user_allowed": true}));
}

#[test]
fn the_transcript_view_is_open_with_0_and_closed_with_1() {
    use huiyi_tencent::types::AsrViewMode::{Closed, Open};
    let request = |mode| {
        to_value(
            SetRealTimeAsrRequest::new(true).operator_id("u").operator_id_type(1).instance_id(1).open_asr_view(mode),
        )
        .unwrap()
    };

    assert_eq!(request(Open)["open_asr_view"], 0);
    assert_eq!(request(Closed)["open_asr_view"], 1);
}

#[test]
fn a_question_is_optional_with_1_and_required_with_2() {
    let is_required = |value| to_value(EnrollQuestion::new(value)).unwrap()["is_required"].clone();

    assert_eq!(is_required(EnrollRequirement::Optional), 1);
    assert_eq!(is_required(EnrollRequirement::Required), 2);
}

#[test]
fn the_schedule_of_a_room_is_set_by_a_boolean() {
    let request = to_value(
        UpdateRoomRequest::new("86523").operator_id("u").operator_id_type(1).instance_id(1).scheduled_status(true),
    )
    .unwrap();

    assert_eq!(request["scheduled_status"], true);
}

#[tokio::test]
async fn limits_that_the_pages_disagree_about_are_not_enforced() {
    let (server, client) = start().await;

    let calls = StartCalloutsRequest::new((0..60).map(|number| PstnCallee::new(86, format!("1388888{number:04}"))))
        .operator_id("u")
        .operator_id_type(1);
    client.start_callouts("7", calls).send().await.ok_or_explain();
    let invitees = SetInviteesRequest::new("u")
        .instanceid(1)
        .invitees((0..400).map(|number| Invitee::new(format!("user{number}"))));
    client.set_invitees("7", invitees).send().await.ok_or_explain();

    assert_eq!(body(&server, "start_callouts")["phone_numbers"].as_array().map(Vec::len), Some(60));
    assert_eq!(body(&server, "set_invitees")["invitees"].as_array().map(Vec::len), Some(400));
}

#[tokio::test]
async fn the_sdk_id_is_sent_only_if_one_was_assigned() {
    let (server, client) = start().await;
    let with_sdk_id: fn(ClientBuilder) -> ClientBuilder =
        |builder| builder.sdk_id(huiyi_mock::credentials::TENCENT.sdk_id);
    let assigned = with_sdk_id(builder(&server)).build().unwrap();

    client.list_departments("admin").send().await.ok_or_explain();
    assert_eq!(last(&server, "list_departments").header("SdkId"), None);
    assigned.list_departments("admin").send().await.ok_or_explain();
    assert_eq!(last(&server, "list_departments").header("SdkId"), Some("loopback-sdk"));
}

#[tokio::test]
async fn booleans_in_queries_are_words() {
    let (server, client) = start().await;

    client
        .search_users()
        .operator_id("u")
        .operator_id_type(1)
        .enable_ai_account(true)
        .pos("")
        .send()
        .await
        .ok_or_explain();

    assert_eq!(last(&server, "search_users").query_value("enable_ai_account").as_deref(), Some("true"));
}

#[tokio::test]
async fn query_parameters_that_the_sdk_types_as_text_take_numbers() {
    let (server, client) = start().await;

    let request = client.list_participants("7").userid("owner1").pos(5678).size(20).start_time(1_572_085_800);
    request.send().await.ok_or_explain();

    let expected = pairs([("pos", "5678"), ("size", "20"), ("start_time", "1572085800"), ("userid", "owner1")]);
    assert_eq!(query(&server, "list_participants"), expected);
}

#[tokio::test]
async fn invitees_are_texts_or_objects() {
    let (server, client) = start().await;

    client.create_meeting(meeting().invitees(["test1", "guest1"])).send().await.ok_or_explain();

    assert_eq!(body(&server, "create_meeting")["invitees"], json!(["test1", "guest1"]));
}

#[tokio::test]
async fn a_call_that_wants_a_signature_is_not_made_with_a_user_token() {
    let (server, client) = start().await;
    let user = client.as_user(StaticToken::new(Token::new("t").with_account("o")));

    let refused = user.list_corp_users().page(1).page_size(20).send().await;

    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Misuse);
    assert!(server.requests().is_empty());
}
