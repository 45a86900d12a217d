"""JSON schemas of the output: real reports are valid, and an unknown or missing member is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from kit.command import ACKNOWLEDGED_TEXT, BAD_TEXT, TEMPLATE_TEXT, run

from cdk_epc.cli.arguments import SCHEMAS, Pack
from cdk_epc.rules.explain import example_of
from cdk_epc.rules.rule import Evidence, Severity
from cdk_epc.rules.update_registry import UPDATE_RULES

ROLLING = {
    "RollingUpdatePolicy": {
        "MaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": 50},
        "WaitIntervalInSeconds": 60,
        "MaximumExecutionTimeoutInSeconds": 1800,
    }
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {"bad.json": BAD_TEXT, "template.yaml": TEMPLATE_TEXT, "broken.json": "{"}
    for name, text in {**files, "acknowledged.yaml": ACKNOWLEDGED_TEXT}.items():
        Path(name).write_text(text, "utf-8")


def schema(command: str) -> dict[str, Any]:
    printed = run("schema", command).json
    Draft202012Validator.check_schema(printed)
    return printed


def reports() -> dict[str, list[dict[str, Any]]]:
    """Return JSON outputs by command, with each kind of finding, plan and note."""
    checks = [
        run("check", "--format", "json", *arguments).json
        for arguments in (
            ("bad.json", "template.yaml", "acknowledged.yaml", "broken.json", "missing.json"),
            ("--strict", "--pack", "security", "--pack", "pedantic", "--region", "eu-west-1", "."),
        )
    ]
    diffs = [run("diff", "--format", "json", "missing.json", "bad.json").json]
    reasons = {rule.id: "At night." for rule in UPDATE_RULES}
    Path("reasons.json").write_text(json.dumps(reasons), "utf-8")
    for index, rule in enumerate(UPDATE_RULES):
        if (example := example_of(rule.id)) is None or not isinstance(example.old, dict):
            continue
        old, new = f"old{index}.json", f"new{index}.json"
        Path(old).write_text(json.dumps(example.old), "utf-8")
        template = json.loads(json.dumps(example.bad))
        for resource in template.get("Resources", {}).values():
            if resource["Type"] == "AWS::SageMaker::Endpoint" and index % 3 == 0:
                resource["Properties"]["DeploymentConfig"] = ROLLING
        Path(new).write_text(json.dumps(template), "utf-8")
        options = ("--region", "eu-west-1", "--acknowledge", "reasons.json") if index % 2 else ()
        diffs.append(run("diff", "--format", "json", *options, old, new).json)
    return {"check": checks, "diff": diffs, "rules": [run("rules", "--format", "json").json]}


def objects_of(value: Any, given: dict[str, Any], root: dict[str, Any]) -> Iterator[Any]:
    """Yield each object of a report with its schema, and the object itself."""
    if "$ref" in given:
        given = root["$defs"][given["$ref"].rpartition("/")[2]]
    for each in given.get("anyOf", ()):
        if value is not None and "$ref" in each:
            yield from objects_of(value, each, root)
    if isinstance(value, dict) and "properties" in given:
        yield given, value
        for name, member in value.items():
            yield from objects_of(member, given["properties"][name], root)
    elif isinstance(value, list):
        for each in value:
            yield from objects_of(each, given["items"], root)


def test_reports_with_every_object_and_null_are_valid() -> None:
    every = reports()
    assert tuple(every) == SCHEMAS
    unseen = []
    for command, outputs in every.items():
        root = schema(command)
        validator = Draft202012Validator(root)
        seen: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {}
        for output in outputs:
            assert [error.message for error in validator.iter_errors(output)] == []
            for given, value in objects_of(output, root, root):
                seen.setdefault(json.dumps(given), (given, []))[1].append(value)
        described = {json.dumps(each) for each in (root, *root.get("$defs", {}).values())}
        assert described == set(seen)
        for given, values in seen.values():
            for name, member in given["properties"].items():
                types = member.get("type", ())
                states = {value[name] is None for value in values}
                if "null" in types and states != {False, True}:
                    unseen.append(name)
    # Findings share these members with those of Python, where each of them can be unknown.
    assert set(unseen) <= {"source_url", "file", "line", "column", "resource"}


def test_every_object_is_strict() -> None:
    for command in SCHEMAS:
        root = schema(command)
        described = [root, *root.get("$defs", {}).values()]
        assert all(each["additionalProperties"] is False for each in described)
        assert all(each["required"] == list(each["properties"]) for each in described)
    report = run("check", "--format", "json", "bad.json").json
    validator = Draft202012Validator(schema("check"))
    assert validator.is_valid(report)
    finding = report["findings"][0]
    for changed in ({**finding, "new": 1}, {k: v for k, v in finding.items() if k != "line"}):
        assert not validator.is_valid({**report, "findings": [changed]})


def test_values_are_those_of_the_code() -> None:
    check, diff, rules = (schema(command)["$defs"] for command in SCHEMAS)
    assert {name: diff[name] for name in check} == check
    assert check["finding"]["properties"]["severity"]["enum"] == list(Severity)
    rule = rules["rule"]["properties"]
    assert rule["severity"]["enum"] == list(Severity)
    assert rule["evidence"]["enum"] == list(Evidence)
    assert rule["pack"]["enum"] == [*Pack, None]
