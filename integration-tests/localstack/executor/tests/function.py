#!/usr/bin/env python3
"""A function that does what its event says, or at its start the environment: a bootstrap for the tests."""

import json
import os
import subprocess
import sys
import time
from http.client import HTTPConnection

api = HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])


def call(method, path, body=None, **options):
    api.request(method, "/2018-06-01/runtime/" + path, body, **options)
    response = api.getresponse()
    return response, response.read()


def do(action, id="", event=None):
    match action:
        case "exit":
            sys.exit(3)
        case "leave":
            sys.exit(0)
        case "hang":
            time.sleep(600)
        case "init-error":
            call("POST", "init/error", '{"errorType":"NoTable"}')
            sys.exit(1)
        case "child":
            child = subprocess.Popen(["sleep", "600"])
            print("child", child.pid, flush=True)
            sys.exit(3)
        case "error":
            call("POST", f"invocation/{id}/error", '{"errorType":"T","errorMessage":"m"}')
        case "large":
            call("POST", f"invocation/{id}/response", b"x" * (6 * 1024 * 1024 + 101))
        case "chunked":
            call("POST", f"invocation/{id}/response", iter([b'{"a"', b":1}"]), encode_chunked=True)
        case "echo":
            answer = event | {"pid": os.getpid(), "environment": dict(os.environ), "folder": os.getcwd()}
            call("POST", f"invocation/{id}/response", json.dumps(answer))


print("begins", flush=True)
do(os.environ.get("AT_START"))
while True:
    response, body = call("GET", "invocation/next")
    event = json.loads(body)
    print("event", event["do"], flush=True)
    id = response.headers["Lambda-Runtime-Aws-Request-Id"]
    do(event["do"], id, event | {"deadline": int(response.headers["Lambda-Runtime-Deadline-Ms"])})
