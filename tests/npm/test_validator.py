"""The npm package: it checks an app in TypeScript during `cdk synth`."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from kit.markdown import blocks
from kit.node import CDK, needs_cdk_cli

from cdk_epc.cli.arguments import parser
from tools.node_packages import node_packages

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "npm"
PAGE = (ROOT / "docs" / "other-languages.md").read_text("utf-8")
RULES = """\
from cdk_epc import Rule, Violation
from cdk_epc.spec.updates import EndpointUpdate

def fail(spec):
    raise LookupError("no table")

def change(update):
    yield Violation(path=("endpoint_name",), sentence="the endpoint changes", fix="Do not.")

RULES = [Rule(id="acme-fails", title="A rule", why="It fails.", fix="Do not.", check=fail)]
UPDATES = [
    Rule(id="acme-change", title="A", why="B", fix="C", about=(EndpointUpdate,), check=change)
]
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("app")
    modules = folder / "node_modules"
    modules.mkdir()
    for package in node_packages().iterdir():
        (modules / package.name).symlink_to(package)
    (modules / "cdk-epc-validator").symlink_to(PACKAGE)
    for source in (ROOT / "tests" / "npm" / "app").iterdir():
        (folder / source.name).write_bytes(source.read_bytes())
    (folder / "failing.py").write_text(RULES, "utf-8")
    return folder


def run(app: Path, *command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the app without CDK's own checks of the templates."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    given = {"PATH": path, "PYTHONPATH": str(ROOT), "CDK_VALIDATION": "false", **variables}
    return subprocess.run(  # noqa: S603 - our own app
        command, check=False, cwd=app, env={**os.environ, **given}, capture_output=True, text=True
    )


@needs_cdk_cli
def test_cdk_synth_shows_the_finding_at_its_construct(app: Path) -> None:
    command = ("synth", "--quiet", "--no-notices", "--app", "node app.ts")
    done = run(app, CDK, *command)
    assert done.returncode == 1, done.stderr
    [documented] = blocks(PAGE, "text")
    assert documented in done.stderr
    assert "WARNING EndpointConfigName is the fixed name 'answers'" in done.stderr


def shown(violation: dict[str, Any]) -> tuple[str, ...]:
    """Return rule, severity, construct and location, each of which occurs once."""
    rule, severity = violation["ruleName"], violation["severity"]
    [construct] = violation["violatingConstructs"]
    paths = construct.get("cloudFormationResource", {}).get("propertyPaths", [])
    return rule, severity, construct.get("constructPath", ""), *paths


def test_options_acknowledgements_and_errors(app: Path) -> None:
    done = run(app, "node", "cases.ts", NODE_ENV="test")
    assert done.returncode == 0, done.stderr
    results = json.loads((app / "results.json").read_text("utf-8"))
    reports = {}
    for name, result in results.items():
        [reports[name]] = result["report"]["pluginReports"]
        assert result["failed"] == (reports[name]["conclusion"] == "failure"), name
    fixed_name = ("Answers/Config", "Properties.EndpointConfigName")
    memory = "Properties.ProductionVariants.0.ServerlessConfig.MemorySizeInMB"
    renamed = ("Answers/Endpoint", "Properties.EndpointName")
    assert {
        name: [shown(each) for each in report["violations"]]
        for name, report in reports.items()
        if "metadata" not in report
    } == {
        "profile": [("name-fixed", "error", *fixed_name)],
        "acknowledged": [("serverless-memory-step", "info", "Questions/Config", memory)],
        "stage": [("serverless-memory-step", "error", "Prod/Answers/Inner/Config", memory)],
        "options": [
            ("input-unusable", "error", ""),
            ("security-kms-key-missing", "error", "Answers/Config", "Properties.KmsKeyId"),
            ("name-fixed", "error", *fixed_name),
            (
                "security-single-instance",
                "error",
                "Answers/Config",
                "Properties.ProductionVariants.0.InitialInstanceCount",
            ),
        ],
        "update": [("endpoint-renamed", "warning", *renamed), ("acme-change", "error", *renamed)],
        "accepted": [("endpoint-renamed", "info", *renamed)],
    }
    reasons = {"accepted": "The callers know it.", "acknowledged": "Case 1234."}
    for name, reason in reasons.items():
        [note] = reports[name]["violations"]
        assert note["description"].endswith(f"; acknowledged: {reason}")
    suppressed = reports["acknowledged"]["suppressedViolations"]
    assert [
        (*shown(each)[:3], each["reason"])
        for each in sorted(suppressed, key=lambda each: str(each["ruleName"]))
    ] == [
        ("name-fixed", "warning", "Named/Config", "Created once."),
        ("serverless-memory-step", "error", "Answers/Config", "In preview."),
    ]
    messages = {
        name: report["metadata"]["error"].removeprefix("Validation plugin 'cdk-epc' failed: ")
        for name, report in reports.items()
        if "metadata" in report
    }
    assert messages.keys() == {"wrongProfile", "noReport", "missing"}
    assert messages["wrongProfile"].endswith('is "hard"; must be "default" or "strict"')
    assert " --version wrote no report: exit code 0" in messages["noReport"]
    assert messages["missing"].startswith("cdk-epc was not found. Install it with `pip install ")


def test_the_page_has_every_option_and_valid_steps() -> None:
    declared = re.findall(
        r"^  readonly (\w+)\?:", (PACKAGE / "index.d.ts").read_text("utf-8"), re.MULTILINE
    )
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == declared
    pipelines = [yaml.safe_load(block) for block in blocks(PAGE, "yaml")]
    assert len(pipelines) == 4
    for *_, synth, check in pipelines:
        assert re.fullmatch(r"npx (aws-)?cdk synth --quiet", synth["run"])
        command = shlex.split(check["run"])
        assert command[:5] == ["pipx", "run", "--spec", "cdk-epc", "cdk-epc"]
        parser().parse_args(command[5:])


def test_the_package_has_the_version_and_the_license_of_the_library() -> None:
    package = json.loads((PACKAGE / "package.json").read_text("utf-8"))
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert f'\nversion = "{package["version"]}"\n' in project
    assert all((PACKAGE / name).is_file() for name in package["files"])
    assert (PACKAGE / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
