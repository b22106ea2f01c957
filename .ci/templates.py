"""Lints synthesized templates with cfn-lint and checkov: templates.py ASSEMBLY…

A finding fails the lint unless infra/suppressions.yaml keeps it, with a reason;
so does an entry there that keeps nothing any more. Both are about names of the
form <assembly>/<stack>/<logical ID>, without the hash that CDK appends to IDs.

canary/ holds a template whose faults both linters must report. When one is
silent about it, the others are not sound: the linter looks nowhere.

It runs in the virtual environment that has both linters, and asks no network.
"""

import fnmatch
import json
import pathlib
import re
import subprocess
import sys
from collections import Counter
from typing import NamedTuple

import yaml

PROJECT = pathlib.Path(__file__).resolve().parent.parent
SUPPRESSIONS = PROJECT / "infra/suppressions.yaml"
CANARY = PROJECT / ".ci/canary"
CANARY_SAYS = {"cfn-lint": "E3002", "checkov": "CKV_AWS_27"}


class Finding(NamedTuple):
    linter: str
    resource: str  # <assembly>/<stack>/<logical ID>
    check: str
    what: str

    def __str__(self):
        return f"{self.resource}: {self.check}: {self.what}"


def name(file, logical_id):
    """Names a resource of a template: cdk.out/IntegrationsApi/Orders."""
    path = pathlib.Path(file)
    plain_id = re.sub(r"[0-9A-F]{8}$", "", logical_id)
    return f"{path.parent}/{path.name.removesuffix('.template.json')}/{plain_id}"


def run(linter, arguments, meant):
    """Returns what a linter prints, which is JSON. Other exit codes than those it means to give end the lint."""
    done = subprocess.run([pathlib.Path(sys.executable).parent / linter, *arguments], capture_output=True, text=True)
    if done.returncode not in meant:
        raise SystemExit(f"lint: {linter} failed with {done.returncode}:\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def cfn_lint(files):
    findings = []
    for match in run("cfn-lint", ["--format", "json", "--", *files], meant=range(16)):  # one bit a level
        path = match["Location"]["Path"] or []
        logical_id = path[1] if path[:1] == ["Resources"] and len(path) > 1 else "-"
        findings.append(Finding(
            "cfn-lint", name(match["Filename"], logical_id), match["Rule"]["Id"], match["Message"]))
    return findings


def checkov(files):
    arguments = ["--framework", "cloudformation", "--skip-download", "--soft-fail", "--compact", "--output", "json"]
    report = run("checkov", [*arguments, "--file", *files], meant=[0])
    for silent in ("parsing_errors", "skipped_checks"):  # templates that it can't read, and suppressions in a template
        if report["results"][silent]:
            raise SystemExit(f"lint: checkov has {silent.replace('_', ' ')}: {json.dumps(report['results'][silent])}")
    findings = []
    for check in report["results"]["failed_checks"]:
        _, logical_id = check["resource"].rsplit(".", 1)
        findings.append(Finding(
            "checkov", name(check["file_abs_path"], logical_id), check["check_id"], check["check_name"]))
    return findings


def heed_canary(findings):
    """Returns the findings without the canary's, which must be there."""
    of_canary = {(f.linter, f.check) for f in findings if f.resource.startswith(f"{CANARY}/")}
    for linter, check in CANARY_SAYS.items():
        if (linter, check) not in of_canary:
            raise SystemExit(f"lint: {linter} no longer reports {check} of .ci/canary: it looks nowhere, or the check has gone")
    return [f for f in findings if not f.resource.startswith(f"{CANARY}/")]


def read_suppressions(text):
    """Returns the entries, each with check, resources and reason."""
    entries = yaml.safe_load(text)
    for entry in entries:
        if set(entry) != {"check", "resources", "reason"} or not all(entry.values()):
            raise SystemExit(f"lint: infra/suppressions.yaml: want check, resources and reason in {entry}")
    return entries


def suppress(findings, entries):
    """Splits findings into those that remain and those kept; returns also the patterns that keep nothing."""
    used = Counter()
    remaining, kept = [], []
    for finding in findings:
        patterns = [(e["check"], pattern) for e in entries if e["check"] == finding.check
                    for pattern in e["resources"] if fnmatch.fnmatchcase(finding.resource, pattern)]
        used.update(patterns)
        (kept if patterns else remaining).append(finding)
    stale = [(e["check"], pattern) for e in entries for pattern in e["resources"] if not used[e["check"], pattern]]
    return remaining, kept, stale


def lint(assemblies, entries):
    """Prints what is wrong with the assemblies and with the entries, and returns whether anything is."""
    files = []
    for folder in [*assemblies, CANARY]:
        templates = sorted(pathlib.Path(folder).glob("*.template.json"))
        if not templates:
            raise SystemExit(f"lint: {folder} has no template: synthesize it first")
        files += map(str, templates)
    remaining, kept, stale = suppress(heed_canary(cfn_lint(files) + checkov(files)), entries)
    for finding in remaining:
        print(finding)
    for check, pattern in stale:
        print(f"infra/suppressions.yaml: {check} of {pattern} keeps nothing any more: remove it")
    for linter in CANARY_SAYS:
        checks = {f.check for f in kept if f.linter == linter}
        print(f"{linter}: {sum(f.linter == linter for f in remaining)} findings in {len(files) - 1} templates, "
              f"{sum(f.linter == linter for f in kept)} suppressed of {len(checks)} checks")
    return bool(remaining or stale)


if __name__ == "__main__":
    sys.exit(lint(sys.argv[1:], read_suppressions(SUPPRESSIONS.read_text())))
