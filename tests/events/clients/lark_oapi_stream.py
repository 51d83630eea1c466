"""Receives events over Feishu's long connection with the vendor's SDK: BASE_URL APP_ID APP_SECRET PID_FILE."""
import os
import sys

import lark_oapi

base_url, app_id, app_secret, pid_file = sys.argv[1:]
with open(pid_file, "w") as file:
    file.write(str(os.getpid()))
handler = lark_oapi.EventDispatcherHandler.builder("", "")
handler = handler.register_p2_vc_meeting_join_meeting_v1(lambda event: None).build()
client = lark_oapi.ws.Client(
    app_id, app_secret, event_handler=handler, log_level=lark_oapi.LogLevel.ERROR, domain=base_url
)
client.start()
