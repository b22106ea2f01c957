import json
import os
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.runtime_executor import EXECUTOR_PLUGIN_MANAGER

from process_executor.executor import ProcessExecutor


def function_version(folder: Path, timeout=10):
    code = SimpleNamespace(get_unzipped_code_location=lambda: folder, prepare_for_execution=lambda: None)
    return SimpleNamespace(id=SimpleNamespace(function_name="f"), config=SimpleNamespace(code=code, timeout=timeout))


class TestExecutor(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(TemporaryDirectory()))
        (self.folder / "bootstrap").symlink_to(Path(__file__).parent / "function.py")

    def executor(self, timeout=10, **env) -> ProcessExecutor:
        executor = ProcessExecutor("e-1", function_version(self.folder, timeout))
        self.addCleanup(executor.stop)
        executor.start(env)
        return executor

    def invoke(self, executor, action):
        payload = json.dumps({"do": action})
        return executor.invoke({"invoke-id": "r-1", "invoked-function-arn": "arn", "trace-id": "Root=1", "payload": payload})

    def test_found_by_name(self):
        self.assertIs(EXECUTOR_PLUGIN_MANAGER.load("process").load(), ProcessExecutor)

    def test_invoke(self):
        executor = self.executor(MEMORY=256)
        result = self.invoke(executor, "echo")
        environment = json.loads(result.payload)["environment"]
        self.assertEqual((result.request_id, result.is_error), ("r-1", False))
        self.assertEqual(environment["MEMORY"], "256")
        self.assertEqual(environment["LAMBDA_TASK_ROOT"], str(self.folder))

    def test_logs(self):
        executor = self.executor()
        logs = self.invoke(executor, "echo").logs + self.invoke(executor, "exit").logs
        self.assertEqual(logs, "begins\nevent echo\nevent exit\n")
        self.assertEqual(executor.get_logs(), logs)

    def test_a_new_process_after_one_that_failed(self):
        executor = self.executor(timeout=1)
        for action in ("exit", "hang"):
            self.assertTrue(self.invoke(executor, action).is_error)
            self.assertFalse(self.invoke(executor, "echo").is_error)

    def test_not_initialized(self):
        with self.assertRaises(StatusErrorException) as raised:
            self.executor(AT_START="init-error")
        self.assertEqual(raised.exception.payload, b'{"errorType":"NoTable"}')

    def test_without_bootstrap(self):
        os.unlink(self.folder / "bootstrap")
        with self.assertRaisesRegex(ValueError, "no bootstrap"):
            ProcessExecutor.prepare_version(function_version(self.folder))


if __name__ == "__main__":
    unittest.main()
