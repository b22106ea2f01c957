"""LocalStack's interface to execution environments, kept by a process."""

import logging
import os
from collections import deque

from localstack import config
from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

from .process import FunctionProcess, InitError
from .runtime_api import Invocation

LOG = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
KEPT_LINES = 10_000


class ProcessExecutor(RuntimeExecutor):
    def __init__(self, id: str, function_version: FunctionVersion):
        super().__init__(id, function_version)
        self._env: dict[str, str] = {}
        self._process: FunctionProcess | None = None
        self._all: deque[str] = deque(maxlen=KEPT_LINES)
        self._lines: list[str] = []  # that no invocation's logs had yet

    def start(self, env_vars: dict[str, str]):
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        given = {name: str(value) for name, value in env_vars.items()}
        self._env = inherited | given | {"LAMBDA_TASK_ROOT": self._folder}
        try:
            self._start()
        except InitError as e:
            raise StatusErrorException("the function was not initialized", e.payload) from e

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        invocation = Invocation(
            id=payload["invoke-id"],
            arn=payload["invoked-function-arn"],
            trace_id=payload["trace-id"],
            payload=payload["payload"].encode(),
            timeout=self.function_version.config.timeout,
        )
        try:
            if not self._process.alive:
                self._start()
            result, is_error = self._process.invoke(invocation)
        except InitError as e:
            result, is_error = e.payload, True
        # What the process writes behind its answer goes with the next invocation's logs.
        lines, self._lines = self._lines, []
        return InvocationResult(invocation.id, result, is_error, "".join(lines))

    def stop(self):
        if self._process:
            self._process.stop()

    def get_logs(self) -> str:
        return "".join(self._all)

    def get_address(self) -> str:
        return LOOPBACK

    def get_endpoint_from_executor(self) -> str:
        return LOOPBACK

    def get_runtime_endpoint(self) -> str:
        return f"http://{LOOPBACK}:{config.GATEWAY_LISTEN[0].port}"

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion):
        code = function_version.config.code
        code.prepare_for_execution()
        if not (code.get_unzipped_code_location() / "bootstrap").exists():
            raise ValueError("the code has no bootstrap: only custom runtimes run as processes")

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion):
        pass  # LocalStack removes the code itself

    @property
    def _folder(self) -> str:
        return str(self.function_version.config.code.get_unzipped_code_location())

    def _start(self):
        self._process = FunctionProcess(f"{self._folder}/bootstrap", self._env, self._folder, self._write)
        self._process.start()

    def _write(self, line: str):
        self._all.append(line)
        self._lines.append(line)
        LOG.info("[%s] %s", self.function_version.id.function_name, line.rstrip("\n"))
