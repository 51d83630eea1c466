"""The life of a meeting by the official SDK of Feishu, `lark-oapi`: feishu_sdk.py BASE_URL APP_ID APP_SECRET."""
import json
import sys
import urllib.request

import lark_oapi as lark
from lark_oapi.api.vc.v1 import *

base, app_id, secret = sys.argv[1:]
client = lark.Client.builder().app_id(app_id).app_secret(secret).domain(base).build()
reserves, meetings = client.vc.v1.reserve, client.vc.v1.meeting


def control(path, body):
    request = urllib.request.Request(f"{base}/_sandbox/{path}", json.dumps(body).encode(), method="POST")
    return json.load(urllib.request.urlopen(request))


settings = ReserveMeetingSetting.builder().topic("Weekly").build()
body = ApplyReserveRequestBody.builder().owner_id("ou_host").meeting_settings(settings).build()
applied = reserves.apply(ApplyReserveRequest.builder().request_body(body).build())
assert applied.success(), (applied.code, applied.msg)
reserve = applied.data.reserve
read = reserves.get(GetReserveRequest.builder().reserve_id(reserve.id).build())
assert read.data.reserve.meeting_settings.topic == "Weekly"
control(f"meetings/{reserve.meeting_no}/join", {"user": "ou_host"})
active = reserves.get_active_meeting(GetActiveMeetingReserveRequest.builder().reserve_id(reserve.id).build())
assert active.data.meeting.meeting_no == reserve.meeting_no
meeting = meetings.get(GetMeetingRequest.builder().meeting_id(active.data.meeting.id).build())
assert meeting.data.meeting.status == 2
control(f"meetings/{reserve.meeting_no}/end", {})
assert control("advance", {"seconds": 600})["meetings"][0]["is_recording_ready"]
deleted = reserves.delete(DeleteReserveRequest.builder().reserve_id(reserve.id).build())
assert deleted.success(), (deleted.code, deleted.msg)
gone = reserves.get(GetReserveRequest.builder().reserve_id(reserve.id).build())
assert gone.code == 121004, gone.code
