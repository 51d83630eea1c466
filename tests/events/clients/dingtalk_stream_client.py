"""Receives events over DingTalk's Stream with the vendor's SDK: BASE_URL APP_KEY APP_SECRET PID_FILE."""
import logging
import os
import sys

import dingtalk_stream


class Handler(dingtalk_stream.EventHandler):
    async def process(self, event):
        return dingtalk_stream.AckMessage.STATUS_OK, "OK"


base_url, app_key, app_secret, pid_file = sys.argv[1:]
with open(pid_file, "w") as file:
    file.write(str(os.getpid()))
logging.disable(logging.CRITICAL)
dingtalk_stream.DingTalkStreamClient.OPEN_CONNECTION_API = base_url + "/v1.0/gateway/connections/open"
client = dingtalk_stream.DingTalkStreamClient(dingtalk_stream.Credential(app_key, app_secret))
client.register_all_event_handler(Handler())
client.start_forever()
