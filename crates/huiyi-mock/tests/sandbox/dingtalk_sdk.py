"""The life of a meeting by the official SDK of DingTalk, `alibabacloud-dingtalk`:
dingtalk_sdk.py BASE_URL APP_KEY APP_SECRET."""
import sys
import time

from alibabacloud_dingtalk.conference_1_0 import models
from alibabacloud_dingtalk.conference_1_0.client import Client
from alibabacloud_dingtalk.oauth2_1_0 import models as oauth
from alibabacloud_dingtalk.oauth2_1_0.client import Client as OAuth
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_util.models import RuntimeOptions
from Tea.exceptions import TeaException

base, app_key, app_secret = sys.argv[1:]
config = Config(protocol="http", region_id="central", endpoint=base.removeprefix("http://"))
oauth_client, client = OAuth(config), Client(config)
token = oauth_client.get_access_token(oauth.GetAccessTokenRequest(app_key=app_key, app_secret=app_secret))
token = token.body.access_token


def call(name, request, *path):
    headers = getattr(models, name.title().replace("_", "") + "Headers")(x_acs_dingtalk_access_token=token)
    return getattr(client, name + "_with_options")(*path, request, headers, RuntimeOptions()).body


def refused(code, name, request, *path):
    try:
        call(name, request, *path)
    except TeaException as error:
        assert error.code == code, error
    else:
        sys.exit(f"{name} was not refused")


start = (int(time.time()) + 3600) * 1000
booking = models.CreateScheduleConferenceRequest(
    creator_union_id="host", title="Weekly", start_time=start, end_time=start + 1_800_000
)
booked = call("create_schedule_conference", booking).schedule_conference_id
reading = models.QueryScheduleConferenceRequest(request_union_id="host")
assert call("query_schedule_conference", reading, booked).title == "Weekly"
cancel = models.CancelScheduleConferenceRequest(creator_union_id="host", schedule_conference_id=booked)
call("cancel_schedule_conference", cancel)
refused("resourceCancel", "query_schedule_conference", reading, booked)

instant = models.CreateVideoConferenceRequest(user_id="host", conf_title="Now")
conference = call("create_video_conference", instant).conference_id
close = models.CloseVideoConferenceRequest(union_id="host")
call("close_video_conference", close, conference)
refused("resourceClose", "close_video_conference", close, conference)
