"""Receives alerts of the risk monitor: checks their signatures and acknowledges them.

Usage: WEBHOOK_SECRET=whsec_... [MONITOR_URL=http://127.0.0.1:8080 MONITOR_KEY=rmk_...] python3 receiver.py PORT
"""

import base64
import hashlib
import hmac
import json
import os
import queue
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE_SECONDS = 300
LARGEST_BODY = 64 * 1024


def verify(secret: str, headers, body: bytes, now: float) -> "str | None":
    """Returns None for a genuine and fresh message, else what is wrong with it."""
    message_id, timestamp, signatures = (
        headers.get("webhook-id"), headers.get("webhook-timestamp"), headers.get("webhook-signature"))
    if not message_id or not timestamp or not signatures:
        return "a header is missing"
    if not (timestamp.isascii() and timestamp.isdigit()) or abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        return "the timestamp is not of now"
    key = base64.b64decode(secret[len("whsec_"):], validate=True)
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    # Several signatures, separated by spaces, while a secret is being rotated.
    if any(hmac.compare_digest(expected.encode(), offered.encode()) for offered in signatures.split(" ")):
        return None
    return "no signature is by this secret over this message"


class Receiver(ThreadingHTTPServer):
    def __init__(self, port: int, secret: str):
        super().__init__(("127.0.0.1", port), Handler)
        self.secret = secret
        self.work: "queue.Queue[tuple[str, bytes]]" = queue.Queue()
        # A real receiver keeps these where they survive a restart.
        self.seen: "set[str]" = set()
        self.lock = threading.Lock()

    def accept(self, message_id: str, body: bytes) -> None:
        with self.lock:
            if message_id in self.seen:
                return
            self.seen.add(message_id)
        self.work.put((message_id, body))


class Handler(BaseHTTPRequestHandler):
    server: Receiver
    timeout = 30

    def do_POST(self):
        length = int(self.headers.get("content-length") or 0)
        if not 0 < length <= LARGEST_BODY:
            return self.answer(413)
        body = self.rfile.read(length)
        problem = verify(self.server.secret, self.headers, body, time.time())
        if problem:
            print(f"refused: {problem}", file=sys.stderr, flush=True)
            return self.answer(401)
        self.server.accept(self.headers["webhook-id"], body)
        self.answer(204)

    def answer(self, status: int):
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


def handle(message_id: str, body: bytes) -> None:
    message = json.loads(body)
    print(json.dumps({"id": message_id, "type": message["type"], "desk": message["data"].get("desk")}), flush=True)
    monitor = os.environ.get("MONITOR_URL")
    # The end of a breach and a test need no acknowledgement.
    if not monitor or message["type"] in ("risk.alert.cured", "risk.endpoint.test"):
        return
    ack = {"delivery_id": message_id, "comment": "seen by the receiver", "disposition": "seen",
           "payload_sha256": hashlib.sha256(body).hexdigest()}
    request = urllib.request.Request(
        f"{monitor}/api/v1/alerts/{message['data']['alert_id']}/ack", json.dumps(ack).encode(), {"content-type": "application/json"})
    if os.environ.get("MONITOR_KEY"):
        request.add_header("authorization", f"Bearer {os.environ['MONITOR_KEY']}")
    with urllib.request.urlopen(request, timeout=10):
        pass


def main() -> None:
    receiver = Receiver(int(sys.argv[1]) if len(sys.argv) > 1 else 9000, os.environ["WEBHOOK_SECRET"])
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    print(json.dumps({"listening": receiver.server_address[1]}), flush=True)
    while True:
        message_id, body = receiver.work.get()
        try:
            handle(message_id, body)
        except OSError as failed:
            # The monitor sends the alert again where nobody acknowledges it.
            print(f"not acknowledged: {failed}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
