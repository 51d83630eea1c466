"""The life of a meeting by the official SDK of Tencent Meeting, `wemeet-openapi-sdk-python`:
tencent_sdk.py BASE_URL APP_ID SDK_ID SECRET_ID SECRET_KEY."""
import random
import sys
import time

import wemeet_openapi as wemeet

base, app_id, sdk_id, secret_id, secret_key = sys.argv[1:]
http = wemeet.xhttp.Client(
    host=base.removeprefix("http://"), protocol="http", serializer=wemeet.constants.DEFAULT_SERIALIZER
)
client = wemeet.Client(app_id=app_id, sdk_id=sdk_id, secret_id=secret_id, secret_key=secret_key, clt=http)
meetings = client.meetings_api


def signed():
    nonce = random.randrange(1, 2**63)
    return [wemeet.JWTAuthenticator(nonce=nonce, timestamp=str(int(time.time()))).options_build()]


start = int(time.time()) + 3600
body = wemeet.V1MeetingsPostRequest(
    instanceid=1, meeting_type=0, subject="Weekly", type=0, userid="host", start_time=str(start), end_time=str(start + 1800)
)
created = meetings.v1_meetings_post(wemeet.ApiV1MeetingsPostRequest(body=body), authenticator_options=signed())
meeting_id = created.data.meeting_info_list[0].meeting_id
request = wemeet.ApiV1MeetingsMeetingIdGetRequest(
    meeting_id=meeting_id, operator_id="host", operator_id_type="1", instanceid="1"
)
read = meetings.v1_meetings_meeting_id_get(request, authenticator_options=signed())
assert read.data.meeting_info_list[0].status == "MEETING_STATE_INIT"
cancel = wemeet.V1MeetingsMeetingIdCancelPostRequest(userid="host", instanceid=1, reason_code=1)
request = wemeet.ApiV1MeetingsMeetingIdCancelPostRequest(meeting_id=meeting_id, body=cancel)
meetings.v1_meetings_meeting_id_cancel_post(request, authenticator_options=signed())
try:
    meetings.v1_meetings_meeting_id_cancel_post(request, authenticator_options=signed())
    sys.exit("a cancelled meeting was cancelled again")
except wemeet.ServiceException as refused:
    assert b"9007" in refused.api_resp.raw_body, refused
