"""A function's process: started, given invocations one at a time, timed, ended."""

import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable

from .runtime_api import Event, Invocation, RuntimeAPI, error

# Lambda's limit of the init phase, in seconds.
INIT_TIMEOUT = 10.0


class InitError(Exception):
    """The process was not ready; payload is the error object that the invocation gets."""

    def __init__(self, payload: bytes):
        super().__init__(payload.decode())
        self.payload = payload


class FunctionProcess:
    def __init__(self, command: str, env: dict[str, str], folder: str, log: Callable[[str], None]):
        """log takes each line that the process writes."""
        self._log = log
        self._api = RuntimeAPI()
        self._env = env | {"AWS_LAMBDA_RUNTIME_API": self._api.address}
        self._command, self._folder = command, folder
        # The system kills the process when the thread that started it ends, so it gets one of its own.
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._process: subprocess.Popen | None = None
        self._started = threading.Event()

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, timeout: float = INIT_TIMEOUT):
        """Returns when the process asks for its first invocation."""
        self._thread.start()
        self._started.wait()
        event = self._wait(time.monotonic() + timeout, "ready", "init-error")
        if event and event.kind == "ready":
            return
        self.stop()
        if event is None:
            raise InitError(error("Sandbox.Timedout", f"Error: Task timed out after {timeout:.2f} seconds"))
        raise InitError(event.payload or error("Runtime.ExitError", f"Error: {self._end()}"))

    def invoke(self, invocation: Invocation) -> tuple[bytes, bool]:
        """Returns the payload, and whether it is an error. A process that fails to answer is not alive afterwards."""
        self._api.invocations.put(invocation)
        event = self._wait(time.monotonic() + invocation.timeout, "response", "error")
        if event and event.kind != "exit":
            return event.payload, event.kind == "error"
        self.stop()
        if event is None:
            reason = f"Task timed out after {invocation.timeout:.2f} seconds"
            return error("Sandbox.Timedout", f"RequestId: {invocation.id} Error: {reason}"), True
        return error("Runtime.ExitError", f"RequestId: {invocation.id} Error: {self._end()}"), True

    def stop(self):
        """Kills the process and what it started."""
        if self.alive:
            self._kill()
        if self._thread.ident:
            self._thread.join()
        self._api.close()

    def _kill(self):
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def _run(self):
        # setpriv (util-linux) makes the process end with LocalStack, however that ends.
        try:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", self._command],
                cwd=self._folder,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                process_group=0,
                text=True,
                errors="replace",
            )
        except OSError as e:
            self._api.events.put(Event("init-error", error("Runtime.InvalidEntrypoint", f"Error: {e}")))
            return
        finally:
            self._started.set()
        reader = threading.Thread(target=self._read, daemon=True)
        reader.start()
        self._process.wait()
        self._kill()  # children that it left behind, which would keep its output open
        reader.join()
        self._api.events.put(Event("exit"))

    def _read(self):
        with self._process.stdout as output:
            for line in output:
                self._log(line)

    def _wait(self, deadline: float, *kinds: str) -> Event | None:
        """Returns the next event of these kinds, or exit, or None when the time is over."""
        while True:
            try:
                event = self._api.events.get(timeout=max(0, deadline - time.monotonic()))
            except queue.Empty:
                return None
            if event.kind in (*kinds, "exit"):
                return event

    def _end(self) -> str:
        """How Lambda words the end of a process."""
        code = self._process.returncode
        if code < 0:
            return f"Runtime exited with error: signal: {signal.Signals(-code).name}"
        if code > 0:
            return f"Runtime exited with error: exit status {code}"
        return "Runtime exited without providing a reason"
