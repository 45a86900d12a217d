"""Unusable parts of an input hide none of the other parts."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from kit.command import BAD_TEXT, TEMPLATE_TEXT, run

STACK = "aws:cloudformation:stack"
TEMPLATE = {
    "Resources": {
        "Config": {"Type": "AWS::SageMaker::EndpointConfig", "Properties": json.loads(BAD_TEXT)}
    }
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def stack(file: object, **others: Any) -> dict[str, Any]:
    return {"type": STACK, "properties": {"templateFile": file}, **others}


def test_parts_of_an_assembly():
    nested = {"Type": "AWS::CloudFormation::Stack", "Metadata": {"aws:asset:path": "nested.json"}}
    outside = {"Type": "AWS::CloudFormation::Stack", "Metadata": {"aws:asset:path": "../x.json"}}
    artifacts = {
        "Broken": stack("broken.json"),
        "Missing": stack("missing.json"),
        "Outside": stack("../outside.json"),
        "Number": stack(5),
        "Text": "text",
        "Stage": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "stage"}},
        "Metadata": stack("metadata.json", metadata=[]),
        "Good": stack("good.json"),
    }
    files: dict[str, Any] = {
        "cdk.out": "{}",
        "manifest.json": json.dumps({"artifacts": artifacts}),
        "broken.json": "{",
        "nested.json": "[",
        "stage/manifest.json": "{",
        "metadata.json": json.dumps(TEMPLATE),
        "good.json": json.dumps(
            {"Resources": {"Nested": nested, "Outside": outside, **TEMPLATE["Resources"]}}
        ),
    }
    for name, content in files.items():
        Path("out", name).parent.mkdir(parents=True, exist_ok=True)
        Path("out", name).write_text(content, "utf-8")
    done = run("check", "--format", "json", "out")
    assert done.code == 2
    found = [each["file"] for each in done.json["findings"] if "memory" in each["rule_id"]]
    assert found == ["out/metadata.json", "out/good.json"]
    assert [line.split(": ")[:2] for line in done.err.splitlines()] == [
        ["out", "broken.json"],
        ["out", "missing.json"],
        ["out", "manifest.json"],
        ["out", "manifest.json"],
        ["out", "manifest.json"],
        ["out", "stage/manifest.json"],
        ["out", "manifest.json"],
        ["out", "good.json"],
        ["out", "nested.json"],
    ]
    assert done.json["summary"]["files"] == 2


def test_folders_that_cannot_be_entered(monkeypatch: pytest.MonkeyPatch):
    for folder in ("a", "b", "b/c", "d"):
        Path(folder).mkdir()
        Path(folder, "bad.json").write_text(BAD_TEXT, "utf-8")
    scan = os.scandir

    def scandir(path: Path) -> Any:
        if path.name in {"a", "c"}:
            raise PermissionError(errno.EACCES, "Permission denied")
        return scan(path)

    monkeypatch.setattr("cdk_epc.parsing.folder.os.scandir", scandir)
    done = run("check", "--format", "json", ".")
    assert done.code == 2
    assert {each["file"] for each in done.json["findings"]} == {"b/bad.json", "d/bad.json"}
    assert done.err.splitlines() == [
        ".: a: the input cannot be read: permission denied",
        ".: b/c: the input cannot be read: permission denied",
    ]


OWN_RULES = """
import sys
from cdk_epc import Rule, Violation


def violation(path=("tags",), **others):
    return Violation(path=path, got=1, fix="Fix.", **(others or {"must": "be good"}))


def raises(spec):
    yield violation()
    raise ValueError("a\\n::error::b")


def exits(spec):
    sys.exit(0)


def recurses(spec):
    return recurses(spec)


def nothing(spec):
    pass


def text(spec):
    return "abc"


def texts(spec):
    yield "abc"


def wrong_path(spec):
    yield violation(path=(None,))


def wrong_fix(spec):
    yield Violation(path=(), got=1, must="be", fix=None)


async def later(spec):
    return []


def endless(spec):
    while True:
        yield violation()


def changes(spec):
    object.__setattr__(spec.production_variants[0], "variant_name", "changed")
    return ()


def odd_paths(spec):
    yield violation(path=("tags", 99))
    yield violation(path=("nothing", -1, "x"))


def prints(spec):
    print("::error::printed")
    return ()


CHECKS = [
    raises, exits, recurses, nothing, text, texts, wrong_path, wrong_fix, later, endless, changes,
    odd_paths, prints,
]
RULES = [
    Rule(id=f"own-{check.__name__.replace('_', '-')}", title="t", why="w", check=check)
    for check in CHECKS
]
WRONG = Rule(id="own-wrong", title="t", why="w", check=raises, severity="fatal")
"""
FAILURES = {
    "own-raises": "raises ValueError: a\n::error::b",
    "own-exits": "raises SystemExit: 0",
    "own-recurses": "raises RecursionError: ",
    "own-nothing": "returns a NoneType; ",
    "own-text": "returns a str; ",
    "own-texts": "yields a str; ",
    "own-wrong-path": "yields a violation whose path ",
    "own-wrong-fix": "yields a violation with a text ",
    "own-later": "returns a coroutine; ",
    "own-endless": "yields more than 1,000 violations",
    "own-changes": "changes its subject",
}


def test_custom_rules_that_fail(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.syspath_prepend(str(tmp_path))
    Path("failing_rules.py").write_text(OWN_RULES, "utf-8")
    Path("bad.json").write_text(BAD_TEXT, "utf-8")
    Path("template.yaml").write_text(TEMPLATE_TEXT, "utf-8")
    without = run("check", "--format", "json", "bad.json", "template.yaml")
    done = run(
        *("check", "--format", "json", "--rules", "failing_rules:RULES"),
        *("bad.json", "template.yaml"),
    )
    assert done.code == 2
    ours = [each for each in done.json["findings"] if not each["rule_id"].startswith("own-")]
    assert ours == without.json["findings"]
    theirs = [each["rule_id"] for each in done.json["findings"] if each not in ours]
    assert sorted(theirs) == ["own-odd-paths"] * 4 + ["own-raises"] * 2
    unusable = [(each["file"], each["message"]) for each in done.json["unusable"]]
    expected = [
        (file, f"rule {id_} {text}")
        for file in ("bad.json", "template.yaml")
        for id_, text in FAILURES.items()
    ]
    assert len(unusable) == len(expected)
    for (file, message), (named, start) in zip(unusable, expected, strict=True):
        assert file == named
        assert message.startswith(start)
        line = int(message.removesuffix(")").rpartition("(failing_rules.py:")[2])
        assert OWN_RULES.splitlines()[line - 1].strip()
    errors = done.err.splitlines()
    assert errors[:2] == [r"\x3a:error::printed"] * 2
    assert errors[2:] == [": ".join(each).replace("\n", r"\n") for each in unusable]

    for name, message in (
        ("failing_rules:WRONG", "severity"),
        ("broken_rules:RULES", "broken_rules"),
    ):
        Path("broken_rules.py").write_text("import sys\nsys.exit(0)\n", "utf-8")
        done = run("check", "--rules", name, "bad.json")
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith(f"cdk-epc check: error: argument --rules: {message} ")
    assert done.err.endswith("SystemExit: 0 (broken_rules.py:2)\n")
