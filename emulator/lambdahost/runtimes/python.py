"""Runs a Python handler as Lambda's own runtime does: loads it, then takes one
invocation after the other from the Runtime API.
https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import http.client
import importlib
import json
import os
import sys
import time
import traceback

API = os.environ["AWS_LAMBDA_RUNTIME_API"]


def call(method, to, body=None):
    """Calls the Runtime API; the long poll for an invocation has no timeout."""
    connection = http.client.HTTPConnection(API)
    connection.request(method, "/2018-06-01/runtime/" + to, body)
    response = connection.getresponse()
    text = response.read()
    connection.close()
    return response.headers, text


def described(error):
    return json.dumps({
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "stackTrace": traceback.format_tb(error.__traceback__),
    })


def load():
    """Finds the handler "folder/file.function"."""
    module, _, name = os.environ["_HANDLER"].rpartition(".")
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    return getattr(importlib.import_module(module.replace("/", ".")), name)


class Context:
    """What a handler gets beside its event."""

    def __init__(self, headers):
        self._deadline = int(headers["Lambda-Runtime-Deadline-Ms"])
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.client_context = None
        self.identity = None

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1000))


def main():
    try:
        handler = load()
    except BaseException as error:  # a module may even exit
        traceback.print_exc()
        call("POST", "init/error", described(error))
        sys.exit(1)
    while True:
        headers, event = call("GET", "invocation/next")
        os.environ["_X_AMZN_TRACE_ID"] = headers.get("Lambda-Runtime-Trace-Id", "")
        to = "invocation/" + headers["Lambda-Runtime-Aws-Request-Id"] + "/"
        try:
            result = json.dumps(handler(json.loads(event), Context(headers)), ensure_ascii=False)
            call("POST", to + "response", result.encode())
        except Exception as error:
            traceback.print_exc()
            call("POST", to + "error", described(error))


main()
