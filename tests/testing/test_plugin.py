"""Fixtures of the plugin, in projects of their own."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

import cdk_epc.testing
from cdk_epc.testing import plugin

pytest_plugins = ["pytester"]

STACK = """\
import aws_cdk as cdk
from aws_cdk import aws_s3 as s3, aws_s3_assets as assets
from cdk_epc import EndpointConfig, InstanceType


class FraudStack(cdk.Stack):
    def __init__(self, scope, construct_id):
        super().__init__(scope, construct_id)
        EndpointConfig(self, "Config").add_instance_variant(
            "main",
            model=self.node.try_get_context("model"),
            instance_type=InstanceType.ML_M5_LARGE,
            initial_instance_count=1,
        )
"""
TEST = """\
from stack import FraudStack


def test_context(cdk_app, cdk_synth):
    (resource,) = [
        each
        for each in cdk_synth(FraudStack(cdk_app, "Fraud"))["Resources"].values()
        if each["Type"] == "AWS::SageMaker::EndpointConfig"
    ]
    assert resource["Properties"]["ProductionVariants"][0]["ModelName"] == "fraud-7"
    assert cdk_app.node.try_get_context("vpc") == "vpc-1"
"""
SNAPSHOT = """\
from stack import FraudStack


def test_template(cdk_app, cdk_snapshot):
    assert FraudStack(cdk_app, "Fraud") == cdk_snapshot
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """Project with a `cdk.json` and a stack, whose tests run in this process."""
    pytester.makepyfile(stack=STACK)
    write(pytester.path / "cdk.json", {"context": {"model": "fraud-7"}})
    write(pytester.path / "cdk.context.json", {"model": "other", "vpc": "vpc-1"})
    pytester.makeini("[pytest]\npythonpath = .\nfilterwarnings = error\n")
    return pytester


def write(file: Path, content: Any) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(content), "utf-8")


def run(project: pytest.Pytester, *options: str) -> pytest.RunResult:
    return project.runpytest_inprocess("-p", plugin.__name__, "-p", "no:xdist", *options)


def test_the_app_has_the_context_of_the_project(project: pytest.Pytester) -> None:
    file = project.makepyfile(test_stack=TEST)
    below = project.mkdir("tests")
    file.rename(below / file.name)
    project.makeconftest(f'pytest_plugins = ["{plugin.__name__}"]')
    run(project).assert_outcomes(passed=1)
    write(below / "cdk.json", {"context": {"model": "fraud-8"}})
    run(project).assert_outcomes(failed=1)  # the nearest file
    run(project, "-o", "cdk_json=cdk.json").assert_outcomes(passed=1)


def test_snapshots_are_stable_json(project: pytest.Pytester) -> None:
    project.makepyfile(test_stack=SNAPSHOT)
    assert run(project, "--snapshot-update").ret == 0
    (file,) = project.path.glob("__snapshots__/test_stack/*.json")
    assert json.loads(file.read_text("utf-8")).keys() == {"Resources"}
    run(project).assert_outcomes(passed=1)
    write(project.path / "cdk.json", {"context": {"model": "fraud-8"}})
    result = run(project)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*fraud-8*"])


def test_clear_messages(project: pytest.Pytester) -> None:
    project.makepyfile(test_stack=SNAPSHOT)
    without = run(project, "-p", "no:syrupy")
    without.assert_outcomes(errors=1)
    without.stdout.fnmatch_lines(["*cdk_snapshot needs syrupy*pip install 'cdk-epc?testing?'*"])
    project.makeconftest("import pytest\n\n@pytest.fixture\ndef snapshot():\n    return 1\n")
    other = run(project)
    other.assert_outcomes(errors=1)
    other.stdout.fnmatch_lines(["*defines a fixture of that name*"])
    missing = run(project, "-o", "cdk_json=infra/cdk.json")
    missing.stdout.fnmatch_lines(["*cdk_json names infra/cdk.json, but * is no file*"])
    for content, message in (
        ("{", "*cannot be read as JSON*"),
        ("[]", "*must contain an object*"),
        ('{"context": 1}', "*`context` in * must be an object*"),
    ):
        (project.path / "cdk.json").write_text(content, "utf-8")
        result = run(project)
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines([message])
        assert "Traceback" not in result.stdout.str()


def test_a_project_without_cdk_json(project: pytest.Pytester) -> None:
    (project.path / "cdk.json").unlink()
    project.makepyfile(
        "def test_app(cdk_app):\n    assert cdk_app.node.try_get_context('model') is None\n"
    )
    run(project).assert_outcomes(passed=1)


def test_the_entry_point_has_the_name_of_the_module() -> None:
    """A plugin with another name would be registered twice by ``-p`` or ``pytest_plugins``."""
    text = Path(__file__).parents[2].joinpath("pyproject.toml").read_text("utf-8")
    points = tomllib.loads(text)["project"]["entry-points"]["pytest11"]
    assert points == {plugin.__name__: plugin.__name__}


@pytest.mark.parametrize("name", ["cdk_app", "cdk_synth"])
def test_without_node_the_message_names_it(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    assert cdk_epc.testing.synth  # already imported, as after another test with Node
    monkeypatch.setenv("JSII_NODE", "/nowhere/node")
    with pytest.raises(ImportError, match=r"need Node 22 or newer.*'/nowhere/node' was not found"):
        request.getfixturevalue(name)
    assert cdk_epc.testing.project_context
