"""A webhook receiver in Python, with nothing but the standard library: python3 receiver.py"""

import base64
import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = os.environ["WEBHOOK_KEY"]  # whsec_…
TOLERANCE_S = 300
MAX_BYTES = 10 * 1024 * 1024
seen = set()


def is_authentic(body, headers):
    """The body has to be the bytes that came: parsed and written anew it may be others."""
    webhook_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    # An old one may have been recorded, and be sent again by somebody else.
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > TOLERANCE_S:
        return False
    secret = base64.b64decode(KEY.removeprefix("whsec_"))
    content = f"{webhook_id}.{timestamp}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.new(secret, content, hashlib.sha256).digest())
    # While a secret is being rotated there are several signatures: one has to be right.
    signatures = headers.get("webhook-signature", "").encode().split(b" ")
    return any(hmac.compare_digest(signature, expected) for signature in signatures)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("content-length", 0))
        body = self.rfile.read(length) if length <= MAX_BYTES else b""
        if not is_authentic(body, self.headers):
            self.answer(401)
            return
        webhook_id = self.headers["webhook-id"]
        # The same event may come again. Keep the ids where your data is, in the same transaction.
        if webhook_id not in seen:
            seen.add(webhook_id)
            print(json.loads(body)["type"], flush=True)
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9000"))), Receiver)
print("listening", flush=True)
server.serve_forever()
