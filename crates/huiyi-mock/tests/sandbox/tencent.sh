#!/bin/sh
# tencent.sh METHOD TARGET [BODY]: a request to $TENCENT_MEETING_BASE_URL, signed as page 1095/58768 says.
time=$(date +%s) nonce=$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')1
names="X-TC-Key=$TENCENT_MEETING_SECRET_ID&X-TC-Nonce=$nonce&X-TC-Timestamp=$time"
hex=$(printf '%s\n%s\n%s\n%s' "$1" "$names" "$2" "$3" | openssl dgst -sha256 -hmac "$TENCENT_MEETING_SECRET_KEY" | sed 's/.*= //')
signature=$(printf '%s' "$hex" | openssl base64 -A)
exec curl -sS -X "$1" "$TENCENT_MEETING_BASE_URL$2" -H 'Content-Type: application/json' ${3:+-d "$3"} \
    -H "X-TC-Key: $TENCENT_MEETING_SECRET_ID" -H "X-TC-Timestamp: $time" -H "X-TC-Nonce: $nonce" \
    -H "X-TC-Signature: $signature" -H "AppId: $TENCENT_MEETING_APP_ID" -H 'X-TC-Registered: 1'
