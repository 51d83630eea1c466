//! Requests for which a page allows more than one reading.

use huiyi_dingtalk::types::{
    AiMinutesSettings, AppGrantType, CreateAccessTokenRequest, CreateCorpTokenRequest, CreateScheduleConferenceRequest,
    CreateUserAccessTokenRequest, FocusAction, InviteUsersRequest, PhoneInvitee, ScheduleExtensionApp,
    ScheduleExtraSettings, ScheduleSettings, SetFocusRequest, SmallWindowPosition, StartStreamOutRequest, Toggle,
    UserGrantType, VideoLayout,
};
use huiyi_dingtalk::{ErrorKind, SuiteTicket};
use huiyi_mock::credentials;
use serde_json::json;

use crate::support::{builder, pair, sent};

fn booking() -> CreateScheduleConferenceRequest {
    CreateScheduleConferenceRequest::new("qzR1i", "预约会议标题", 1_687_924_800_000, 1_687_928_400_000)
}

#[tokio::test]
async fn invite_client_and_status_code_of_the_sdk_are_sent_when_set_and_absent_otherwise() {
    let (server, client) = pair().await;
    let known_from_the_page = PhoneInvitee::new().phone_number("13800000000").nick("a");
    let known_from_the_sdk = PhoneInvitee::new().invite_client(true).status_code("86");

    let request = InviteUsersRequest::new().phone_invitee_list([known_from_the_page, known_from_the_sdk]);
    client.invite_users("c").body(request).send().await.unwrap();

    let expected = json!([{"phoneNumber": "13800000000", "nick": "a"}, {"inviteClient": true, "statusCode": "86"}]);
    assert_eq!(sent(&server, "invite_users")["phoneInviteeList"], expected);
}

#[tokio::test]
async fn the_conference_id_that_two_pages_call_optional_is_required() {
    let (server, client) = pair().await;

    // It is a parameter of the method, so it cannot be omitted; a call with an empty id is not sent.
    let invite = client.invite_users("").body(InviteUsersRequest::new()).send().await.unwrap_err();
    let texts = client.list_cloud_record_texts("").send().await.unwrap_err();

    assert_eq!([invite.kind(), texts.kind()], [ErrorKind::Misuse; 2]);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_booking_is_sent_without_a_query_and_with_the_token_in_the_header() {
    let (server, client) = pair().await;

    client.create_schedule_conference(booking()).send().await.unwrap();

    let calls = server.calls("create_schedule_conference");
    assert_eq!(calls[0].query, None);
    let token = calls[0].header("x-acs-dingtalk-access-token").unwrap();
    assert!(token.contains("token-sentinel") && !token.contains(['"', ' ']), "the token as it is");
    assert_eq!(calls[0].header("authorization"), None);
}

#[tokio::test]
async fn the_waiting_room_is_0_for_off_and_1_for_on() {
    let (server, client) = pair().await;

    for (toggle, expected) in [(Toggle::Off, 0), (Toggle::On, 1), (Toggle::from(false), 0), (Toggle::from(true), 1)] {
        let extra = ScheduleExtraSettings::new().waiting_room(toggle);
        let settings = ScheduleSettings::new().mozi_conf_virtual_extra_setting(extra);
        let request = booking().schedule_conf_setting_model(settings);
        client.create_schedule_conference(request).send().await.unwrap();

        let body = sent(&server, "create_schedule_conference");
        let extra = &body["scheduleConfSettingModel"]["moziConfVirtualExtraSetting"];
        assert_eq!(extra, &json!({"waitingRoom": expected}));
    }
}

#[tokio::test]
async fn the_2_that_one_page_has_for_a_waiting_room_that_is_off_can_still_be_sent() {
    let extra = ScheduleExtraSettings::new().waiting_room(2_i64);

    assert_eq!(serde_json::to_value(extra).unwrap(), json!({"waitingRoom": 2}));
}

#[tokio::test]
async fn auto_open_mode_is_sent_as_a_number() {
    let app = ScheduleExtensionApp::new().auto_open_mode(1_i64);

    assert_eq!(serde_json::to_value(app).unwrap(), json!({"autoOpenMode": 1}));
}

#[tokio::test]
async fn a_stream_needs_all_six_fields_and_takes_a_layout_that_no_page_lists() {
    let (server, client) = pair().await;
    let urls = ["rtmp://ns8.indexforce.com/home/mystream"];
    let layout = VideoLayout::from("grip");

    let request = StartStreamOutRequest::new("u", false, urls, "推流名称", layout, SmallWindowPosition::FloatRight);
    client.start_stream_out("c", request).send().await.unwrap();

    let expected = json!({
        "unionId": "u", "needHostJoin": false, "streamUrlList": urls, "streamName": "推流名称", "mode": "grip",
        "smallWindowPosition": "float_right",
    });
    assert_eq!(sent(&server, "start_stream_out"), expected);
}

#[tokio::test]
async fn the_spotlight_is_cleared_with_a_union_id_too() {
    let (server, client) = pair().await;

    let request = SetFocusRequest::new(FocusAction::Unfocus, "u");
    client.set_focus("c", request).send().await.unwrap();

    assert_eq!(sent(&server, "set_focus"), json!({"action": "un_focus", "unionId": "u"}));
}

#[tokio::test]
async fn who_sees_ai_minutes_can_be_set_when_booking() {
    let settings = AiMinutesSettings::new().allow_participant_show_ai_agent_record(false).enable_ai_agent_status(true);

    let expected = json!({"enableAiAgentStatus": true, "allowParticipantShowAiAgentRecord": false});
    assert_eq!(serde_json::to_value(settings).unwrap(), expected);
}

#[test]
fn secrets_and_grant_types_of_the_token_calls_are_required() {
    let internal = CreateAccessTokenRequest::new("key", "secret");
    let unified = CreateCorpTokenRequest::new("key", "secret", AppGrantType::ClientCredentials);
    let user = CreateUserAccessTokenRequest::new("key", "secret", UserGrantType::AuthorizationCode);

    let sent = json!([internal, unified, user]);
    let expected = json!([
        {"appKey": "key", "appSecret": "secret"},
        {"client_id": "key", "client_secret": "secret", "grant_type": "client_credentials"},
        {"clientId": "key", "clientSecret": "secret", "grantType": "authorization_code"},
    ]);
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn all_tokens_come_from_paths_with_a_version() {
    let (server, _) = pair().await;
    let app = credentials::DINGTALK;
    let ticket = SuiteTicket::default();
    ticket.set(app.suite_ticket);
    let clients = [builder(&server), builder(&server).corp(app.corp_id), builder(&server).suite(ticket, app.corp_id)];

    for client in clients {
        client.build().unwrap().get_video_conference("c").send().await.unwrap();
    }

    let requests = server.requests();
    let tokens = requests.iter().map(|request| request.path.as_str()).filter(|path| path.contains("/oauth2/"));
    let expected = ["/v1.0/oauth2/accessToken", "/v1.0/oauth2/dingcorploopback/token", "/v1.0/oauth2/corpAccessToken"];
    assert_eq!(tokens.collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn paths_that_look_alike_lead_to_their_own_operations() {
    let (server, client) = pair().await;

    client.list_schedule_conference_history("s").send().await.unwrap();
    client.list_members("c").send().await.unwrap();
    client.get_conference_statistics("c", false).send().await.unwrap();
    client.get_schedule_settings("s").send().await.unwrap();
    client.get_schedule_conference("s", "u").send().await.unwrap();

    let requests = server.requests();
    let calls = requests.iter().skip(1).map(|call| (call.operation.as_deref().unwrap(), call.path.as_str()));
    let expected = [
        ("list_schedule_conference_history", "/v1.0/conference/videoConferences/scheduleConferences/s"),
        ("list_members", "/v1.0/conference/videoConferences/c/members"),
        ("get_conference_statistics", "/v1.0/conference/videoConferences/c/infos"),
        ("get_schedule_settings", "/v1.0/conference/scheduleConferences/settings"),
        ("get_schedule_conference", "/v1.0/conference/scheduleConferences/s/infos"),
    ];
    assert_eq!(calls.collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn the_creators_name_goes_out_as_the_vendor_misspells_it() {
    let (server, client) = pair().await;

    let request = client.list_history_conferences(1_682_611_199_000_i64, true, 1_682_524_800_000_i64);
    request.creator_nike("张三").send().await.unwrap();

    let call = server.calls("list_history_conferences").remove(0);
    assert_eq!(call.query_value("creatorNike").as_deref(), Some("张三"));
    assert_eq!(call.query_value("startTime").as_deref(), Some("1682524800000"));
    assert_eq!(call.query_value("realData").as_deref(), Some("true"));
}
