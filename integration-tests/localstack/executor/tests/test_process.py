import json
import os
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

from process_executor.process import FunctionProcess, InitError
from process_executor.runtime_api import Invocation

TESTS = Path(__file__).parent
FUNCTION = str(TESTS / "function.py")


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.01)


class Case(unittest.TestCase):
    def process(self, command=FUNCTION, **env) -> FunctionProcess:
        self.lines = []
        process = FunctionProcess(command, {"PATH": os.environ["PATH"], **env}, str(TESTS), self.lines.append)
        self.addCleanup(process.stop)
        return process

    def started(self, **env) -> FunctionProcess:
        process = self.process(**env)
        process.start()
        return process


def invocation(action: str, timeout=10.0) -> Invocation:
    payload = json.dumps({"do": action}).encode()
    return Invocation("r-1", "arn:aws:lambda:us-east-1:000000000000:function:f", "Root=1", payload, timeout)


class TestInvoke(Case):
    def test_response(self):
        process = self.started(TABLE="orders")
        payload, is_error = process.invoke(invocation("echo", timeout=5))
        answer = json.loads(payload)
        self.assertFalse(is_error)
        self.assertEqual(answer["environment"]["TABLE"], "orders")
        self.assertEqual(answer["folder"], str(TESTS))
        self.assertAlmostEqual(answer["deadline"] / 1000, time.time() + 5, delta=4)

    def test_same_process_again(self):
        process = self.started()
        pids = {json.loads(process.invoke(invocation("echo"))[0])["pid"] for _ in range(3)}
        self.assertEqual(len(pids), 1)

    def test_chunked_response(self):
        self.assertEqual(self.started().invoke(invocation("chunked")), (b'{"a":1}', False))

    def test_failures(self):
        for action, timeout, want, reusable in [
            ("error", 10, {"errorType": "T", "errorMessage": "m"}, True),
            ("exit", 10, {"errorType": "Runtime.ExitError", "errorMessage": "RequestId: r-1 Error: Runtime exited with error: exit status 3"}, False),
            ("leave", 10, {"errorType": "Runtime.ExitError", "errorMessage": "RequestId: r-1 Error: Runtime exited without providing a reason"}, False),
            ("hang", 0.5, {"errorType": "Sandbox.Timedout", "errorMessage": "RequestId: r-1 Error: Task timed out after 0.50 seconds"}, False),
            ("large", 10, {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes)."}, True),
        ]:
            with self.subTest(action):
                process = self.started()
                payload, is_error = process.invoke(invocation(action, timeout))
                self.assertEqual(json.loads(payload), want)
                self.assertTrue(is_error)
                self.assertEqual(process.alive, reusable)

    def test_output_is_kept(self):
        process = self.started()
        process.invoke(invocation("exit"))
        self.assertEqual(self.lines, ["begins\n", "event exit\n"])


class TestStart(Case):
    def test_failures(self):
        for name, command, at_start, want in [
            ("reports an error", FUNCTION, "init-error", {"errorType": "NoTable"}),
            ("exits", FUNCTION, "exit", {"errorType": "Runtime.ExitError", "errorMessage": "Error: Runtime exited with error: exit status 3"}),
            ("hangs", FUNCTION, "hang", {"errorType": "Sandbox.Timedout", "errorMessage": "Error: Task timed out after 0.50 seconds"}),
        ]:
            with self.subTest(name):
                process = self.process(command, AT_START=at_start)
                with self.assertRaises(InitError) as raised:
                    process.start(timeout=0.5 if at_start == "hang" else 10)
                self.assertEqual(json.loads(raised.exception.payload), want)
                self.assertFalse(process.alive)

    def test_no_such_program(self):
        with self.assertRaisesRegex(InitError, "exit status 127"):
            self.process("/nowhere/bootstrap").start()


class TestEnd(Case):
    def test_stop(self):
        process = self.started()
        pid = json.loads(process.invoke(invocation("echo"))[0])["pid"]
        process.stop()
        self.assertFalse(alive(pid))

    def test_children_end_with_the_process(self):
        self.started().invoke(invocation("child"))
        child = int(self.lines[-1].removeprefix("child "))
        wait_until(lambda: not alive(child))

    def test_process_ends_with_localstack(self):
        program = (
            "import os; from process_executor.process import FunctionProcess\n"
            f"p = FunctionProcess({FUNCTION!r}, dict(os.environ), '.', print); p.start(); print(p._process.pid, flush=True)\n"
            "import time; time.sleep(600)"
        )
        localstack = subprocess.Popen([sys.executable, "-c", program], cwd=TESTS.parent, stdout=subprocess.PIPE, text=True)
        pid = next(int(line) for line in localstack.stdout if line.strip().isdigit())
        self.assertTrue(alive(pid))
        localstack.send_signal(signal.SIGKILL)
        localstack.wait()
        localstack.stdout.close()
        wait_until(lambda: not alive(pid))


if __name__ == "__main__":
    unittest.main()
