"""Tests of templates.py: that it finds faults, and that no suppression outlives its finding."""

import contextlib
import io
import json
import pathlib
import shutil
import tempfile
import unittest

import templates
from templates import Finding


def finding(resource, check="CKV_1"):
    return Finding("checkov", resource, check, "what")


def entry(*resources, check="CKV_1"):
    return {"check": check, "resources": list(resources), "reason": "because"}


class Suppress(unittest.TestCase):
    def test_table(self):
        tests = {
            "none": ([finding("a/S/Queue")], [], (1, 0), []),
            "exact": ([finding("a/S/Queue")], [entry("a/S/Queue")], (0, 1), []),
            "any assembly": ([finding("a/S/Queue"), finding("b/S/Queue")], [entry("*/S/Queue")], (0, 2), []),
            "another resource": ([finding("a/S/Queue"), finding("a/S/Other")], [entry("a/S/Queue")], (1, 1), []),
            "a longer name": ([finding("a/S/QueueTwo")], [entry("a/S/Queue")], (1, 0), [("CKV_1", "a/S/Queue")]),
            "another check": ([finding("a/S/Queue", "CKV_2")], [entry("a/S/Queue")], (1, 0), [("CKV_1", "a/S/Queue")]),
            "one of two is stale": ([finding("a/S/Queue")], [entry("a/S/Queue", "a/S/Gone")], (0, 1), [("CKV_1", "a/S/Gone")]),
        }
        for name, (findings, entries, counts, want_stale) in tests.items():
            with self.subTest(name):
                remaining, kept, stale = templates.suppress(findings, entries)
                self.assertEqual((len(remaining), len(kept)), counts)
                self.assertEqual(stale, want_stale)

    def test_entries_need_a_reason(self):
        for text in ["- {check: A, resources: [b]}", "- {check: A, resources: [b], reason: ''}", "- {check: A, resources: [], reason: c}"]:
            with self.subTest(text), self.assertRaises(SystemExit):
                templates.read_suppressions(text)

    def test_names(self):
        self.assertEqual(templates.name("cdk.out/Api.template.json", "Orders1234ABCD"), "cdk.out/Api/Orders")


class Lint(unittest.TestCase):
    """Runs the linters themselves."""

    def test_fails_with_a_faulty_template(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(templates.CANARY / "Canary.template.json", pathlib.Path(folder) / "Faulty.template.json")
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                failed = templates.lint([folder], [entry(f"{folder}/Faulty/Gone", check="CKV_AWS_27")])
            self.assertTrue(failed)
            for want in [f"{folder}/Faulty/Queue: E3002: ", f"{folder}/Faulty/Queue: CKV_AWS_27: ", f"of {folder}/Faulty/Gone keeps nothing"]:
                self.assertIn(want, output.getvalue())

    def test_a_suppression_in_a_template_is_refused(self):
        template = json.loads((templates.CANARY / "Canary.template.json").read_text())
        template["Resources"]["Queue01234567"]["Metadata"] = {"checkov": {"skip": [{"id": "CKV_AWS_27", "comment": "because"}]}}
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "Skipping.template.json"
            file.write_text(json.dumps(template))
            with self.assertRaisesRegex(SystemExit, "checkov has skipped checks: .*CKV_AWS_27"):
                templates.checkov([str(file)])

    def test_silent_linters_are_noticed(self):
        with self.assertRaises(SystemExit):
            templates.heed_canary([finding("cdk.out/Api/Orders")])

    def test_an_assembly_without_templates_is_refused(self):
        with self.assertRaises(SystemExit):
            templates.lint(["/nowhere"], [])


if __name__ == "__main__":
    unittest.main()
