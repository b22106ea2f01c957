"""The Lambda Runtime API of one process: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html"""

import json
import queue
import re
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType

# Lambda's limit of a response: 6 MB and some for the envelope, as the service counts.
MAX_PAYLOAD = 6 * 1024 * 1024 + 100

PREFIX = "/2018-06-01/runtime"
RESULT = re.compile(rf"{PREFIX}/invocation/[^/]+/(response|error)")


@dataclass(frozen=True)
class Invocation:
    id: str
    arn: str
    trace_id: str
    payload: bytes
    timeout: float  # seconds


@dataclass(frozen=True)
class Event:
    """What the process did: ready, response, error, init-error or exit."""

    kind: str
    payload: bytes = b""


def error(kind: str, message: str) -> bytes:
    """The object that Lambda answers when it speaks for the function."""
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()


class RuntimeAPI:
    """Serves on a free loopback port: takes invocations, gives events."""

    def __init__(self):
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.invocations: queue.SimpleQueue[Invocation | None] = queue.SimpleQueue()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.api = self
        self.address = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True).start()

    def close(self):
        self.invocations.put(None)  # a poll that waits goes away empty
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), ConnectionError):  # which is how a killed process ends
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path != f"{PREFIX}/invocation/next":
            return self._answer(404, error("NotFound", self.path))
        api = self.server.api
        api.events.put(Event("ready"))
        invocation = api.invocations.get()
        if invocation is None:
            self.close_connection = True
            return
        deadline = int((time.time() + invocation.timeout) * 1000)
        self._answer(
            200,
            invocation.payload,
            {
                "Lambda-Runtime-Aws-Request-Id": invocation.id,
                "Lambda-Runtime-Deadline-Ms": str(deadline),
                "Lambda-Runtime-Invoked-Function-Arn": invocation.arn,
                "Lambda-Runtime-Trace-Id": invocation.trace_id,
            },
        )

    def do_POST(self):
        payload = self._body()
        if self.path == f"{PREFIX}/init/error":
            event = Event("init-error", payload)
        elif match := RESULT.fullmatch(self.path):
            event = Event(match[1], payload)
        else:
            return self._answer(404, error("NotFound", self.path))
        if event.kind == "response" and len(payload) > MAX_PAYLOAD:
            reason = f"Response payload size exceeded maximum allowed payload size ({MAX_PAYLOAD} bytes)."
            event = Event("error", error("Function.ResponseSizeTooLarge", reason))
            self.server.api.events.put(event)
            return self._answer(413, event.payload)
        self.server.api.events.put(event)
        self._answer(202, b'{"status":"OK"}')

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # trailers
        return b"".join(chunks)

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str] = MappingProxyType({})):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass
