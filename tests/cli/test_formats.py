"""Each format, from one result with all kinds of entries."""

from __future__ import annotations

import json
import re
from typing import Any

import attrs
import pytest
from kit.sarif import SCHEMA, VALIDATOR, run_of
from syrupy.assertion import SnapshotAssertion

from cdk_epc.cli.formats import (
    github,
    json_report,
    markdown,
    sarif,
    text,
)
from cdk_epc.cli.formats.sarif import descriptor
from cdk_epc.cli.formats.text import Style
from cdk_epc.cli.result import ExitCode, RunResult, UnusableInput
from cdk_epc.rules import Finding, Severity
from cdk_epc.rules.registry import DIAGNOSTICS, PACKED
from cdk_epc.rules.update_registry import UPDATE_RULES

ERROR = Finding(
    rule_id="serverless-memory-step",
    severity=Severity.ERROR,
    path="ProductionVariants[0].ServerlessConfig.MemorySizeInMB",
    got=1111,
    allowed="1024, 2048, 3072, 4096, 5120, 6144",
    message=(
        "ProductionVariants[0].ServerlessConfig.MemorySizeInMB is 1111; must be 1024 or 2048 MB"
    ),
    fix="Set MemorySizeInMB to 1024.",
    source_url="https://docs.aws.amazon.com/serverless",
    resource="Config",
    file="templates/a b.yaml",
    line=12,
    column=9,
)
WARNING = Finding(
    rule_id="fixed-name",
    severity=Severity.WARNING,
    path="EndpointConfigName",
    got="100%, really",
    allowed="no value because the name is fixed",
    message="EndpointConfigName '100%, really' is not allowed because the name is fixed",
    fix="Remove EndpointConfigName.",
    file="other.json",
)
ACKNOWLEDGED = attrs.evolve(ERROR, acknowledged="Seen with support, case 7.", line=40)
BROKEN = UnusableInput(
    file="broken.json", message=("the input is not JSON: expecting value at line 1, column 2")
)
EVERYTHING = RunResult(
    findings=(ERROR, WARNING),
    acknowledged=(ACKNOWLEDGED,),
    unusable=(BROKEN,),
    files=3,
    skipped=2,
)


def text_of(result: RunResult, style: Style | None = None) -> str:
    return "\n".join(text.lines_of(result, style or Style()))


def sarif_of(result: RunResult) -> dict[str, Any]:
    return run_of("\n".join(sarif.lines_of(result)))


def test_text(snapshot: SnapshotAssertion):
    assert text_of(EVERYTHING) == snapshot


def test_text_in_colour(snapshot: SnapshotAssertion):
    coloured = text_of(EVERYTHING, Style(colour=True))
    assert coloured == snapshot
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == text_of(EVERYTHING)


def test_json(snapshot: SnapshotAssertion):
    assert "\n".join(json_report.lines_of(EVERYTHING)) == snapshot


def test_github(snapshot: SnapshotAssertion):
    assert "\n".join(github.lines_of(EVERYTHING)) == snapshot


def test_markdown():
    lines = "\n".join(markdown.lines_of(EVERYTHING)).splitlines()
    assert lines[0] == "### Check of SageMaker endpoints"
    assert any(line.startswith("- **unusable input** broken&#46;json&#58; the") for line in lines)
    rows = [line.split(" | ")[:3] for line in lines if "|" in line]
    assert rows == [
        ["| Severity", "Rule", "Place"],
        ["|---|---|---|---|---|"],
        ["| error", "`serverless-memory-step`", "templates/a b&#46;yaml&#58;12 (Config)"],
        ["| warning", "`fixed-name`", "other&#46;json"],
        ["| Severity", "Rule", "Place"],
        ["|---|---|---|---|---|"],
        ["| error", "`serverless-memory-step`", "templates/a b&#46;yaml&#58;40 (Config)"],
    ]


def test_sarif(snapshot: SnapshotAssertion):
    read = sarif_of(EVERYTHING)
    driver = read["tool"]["driver"]
    assert len(driver.pop("rules")) == len((*DIAGNOSTICS, *PACKED, *UPDATE_RULES))
    driver["version"] = "-"
    for entry in read["results"]:
        entry.pop("ruleIndex", None)  # grows with the rules
    assert json.dumps(read, indent=2) == snapshot


@pytest.mark.parametrize(
    ("result", "summary", "code"),
    [
        (RunResult(), "0 errors, 0 warnings in 0 files", ExitCode.CLEAN),
        (RunResult(files=1), "0 errors, 0 warnings in 1 file", ExitCode.CLEAN),
        (
            RunResult(findings=(WARNING,), files=1),
            "0 errors, 1 warning in 1 file",
            ExitCode.CLEAN,
        ),
        (
            RunResult(findings=(ERROR, ERROR), files=2),
            "2 errors, 0 warnings in 2 files",
            ExitCode.FINDINGS,
        ),
        (
            RunResult(acknowledged=(ACKNOWLEDGED,), files=1),
            "0 errors, 0 warnings, 1 acknowledged in 1 file",
            ExitCode.CLEAN,
        ),
        (
            RunResult(unusable=(BROKEN,)),
            "0 errors, 0 warnings in 0 files; 1 input could not be used",
            ExitCode.UNUSABLE,
        ),
        (
            EVERYTHING,
            (
                "1 error, 1 warning, 1 acknowledged in 3 files; 1 input could not be used; "
                "2 other files skipped"
            ),
            ExitCode.UNUSABLE,
        ),
    ],
)
def test_summary_and_exit_code(result: RunResult, summary: str, code: ExitCode):
    assert text.summary(result) == summary
    assert result.exit_code is code


def test_text_escapes_control_characters():
    hostile = "a\x1b[2J\nb\u202e\udcff"
    finding = attrs.evolve(ERROR, message=hostile, file=hostile, resource=hostile, fix=hostile)
    lines = text_of(RunResult(findings=(finding,), files=1)).split("\n")
    escaped = r"a\x1b[2J\nb\u202e\udcff"
    assert lines[:2] == [
        f"{escaped}:12:9: error serverless-memory-step [{escaped}] {escaped}",
        f"    fix: {escaped}",
    ]


def test_github_escapes_the_characters_that_github_names():
    finding = attrs.evolve(
        WARNING,
        file="a,b:c%\n.json",
        message="50%\r\nof, all: of it",
        fix="None.",
        line=3,
        column=4,
    )
    command, _ = github.lines_of(RunResult(findings=(finding,), files=1))
    assert command == (
        "::warning file=a%2Cb%3Ac%25%0A.json,line=3,col=4,title=fixed-name"
        r"::50%25\r\nof, all: of it%0Afix: None."
    )


def test_sarif_of_an_empty_result_is_valid():
    run = sarif_of(RunResult())
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_sarif_describes_every_rule():
    for rule in (*DIAGNOSTICS, *PACKED, *UPDATE_RULES):
        described = descriptor(rule)
        assert described["id"] == rule.id
        assert described["shortDescription"]["text"] == rule.title
        assert described["defaultConfiguration"] == {"level": rule.severity}
        assert rule.why in described["help"]["text"]
        assert rule.fix in described["help"]["markdown"]
        assert described.get("helpUri") == rule.source_url


def test_sarif_results_point_at_their_rules():
    run = sarif_of(EVERYTHING)
    for result in run["results"]:
        if "ruleIndex" in result:
            rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
            assert rule["id"] == result["ruleId"]
    assert run["results"][0]["ruleIndex"] > 0


@pytest.mark.parametrize(
    ("file", "artifact"),
    [
        ("a.json", {"uri": "a.json", "uriBaseId": "%SRCROOT%"}),
        ("x/a b#?%.json", {"uri": "x/a%20b%23%3F%25.json", "uriBaseId": "%SRCROOT%"}),
        ("é.json", {"uri": "%C3%A9.json", "uriBaseId": "%SRCROOT%"}),
        ("\udcff.json", {"uri": "%FF.json", "uriBaseId": "%SRCROOT%"}),
        ("../a.json", {"uri": "../a.json", "uriBaseId": "%SRCROOT%"}),
        ("<stdin>", {"uri": "%3Cstdin%3E", "uriBaseId": "%SRCROOT%"}),
        ("/far away/a.json", {"uri": "file:///far%20away/a.json"}),
    ],
)
def test_sarif_uri(file: str, artifact: dict[str, str]):
    run = sarif_of(RunResult(findings=(attrs.evolve(ERROR, file=file),), files=1))
    (location,) = run["results"][0]["locations"]
    assert location["physicalLocation"]["artifactLocation"] == artifact


def fingerprints(*findings: Finding) -> list[str]:
    run = sarif_of(RunResult(findings=findings, files=1))
    return [each["partialFingerprints"]["cdkEpcFinding/v1"] for each in run["results"]]


def test_sarif_fingerprint_stays_when_lines_and_values_change():
    moved = attrs.evolve(ERROR, line=99, column=1, message="is 1112", fix="Take 2048.", got=1112)
    assert fingerprints(ERROR) == fingerprints(moved)


@pytest.mark.parametrize(
    "other",
    [
        attrs.evolve(ERROR, rule_id="serverless-other"),
        attrs.evolve(ERROR, file="templates/b.yaml"),
        attrs.evolve(ERROR, resource="Other"),
        attrs.evolve(ERROR, path="ProductionVariants[1]"),
    ],
)
def test_sarif_fingerprints_of_different_findings_differ(other: Finding):
    first, second = fingerprints(ERROR, other)
    assert first != second
    assert fingerprints(other) == [second]


def test_sarif_fingerprints_of_equal_findings_differ():
    assert len(set(fingerprints(ERROR, ERROR, ERROR))) == 3


def test_schema_is_the_published_one_and_is_applied():
    assert SCHEMA["id"].endswith("/errata01/os/schemas/sarif-schema-2.1.0.json")
    wrong = sarif.log_of(EVERYTHING)
    wrong["runs"][0]["results"][0]["level"] = "fatal"
    (error,) = VALIDATOR.iter_errors(wrong)
    assert list(error.absolute_path) == ["runs", 0, "results", 0, "level"]
