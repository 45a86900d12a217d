"""`cdk-epc rules`, `cdk-epc explain`, and the help and version of the command."""

from __future__ import annotations

import json
from importlib import metadata
from typing import Never

import pytest

from cdk_epc import _version as version_module
from cdk_epc.cli import main
from cdk_epc.rules import RULES
from cdk_epc.rules.explain import explain
from cdk_epc.rules.registry import DIAGNOSTICS, PACKED, PACKS
from cdk_epc.rules.update_registry import UPDATE_RULES

EVERY = (*DIAGNOSTICS, *PACKED, *UPDATE_RULES)


def test_rules_lists_every_rule(capsys: pytest.CaptureFixture[str]):
    assert main(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(None, 3) for line in lines] == [
        [rule.id, rule.severity, rule.evidence, f"{rule.title}{added}"]
        for rules, added in (
            (DIAGNOSTICS, ""),
            *((rules, f" (--pack {pack})") for pack, rules in PACKS.items()),
            (UPDATE_RULES, " (diff)"),
        )
        for rule in rules
    ]


def test_rules_in_json(capsys: pytest.CaptureFixture[str]):
    assert main(["rules", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)["rules"]
    assert [each["id"] for each in listed] == [rule.id for rule in EVERY]
    assert [each["pack"] for each in listed] == [
        *[None] * len(DIAGNOSTICS),
        *(pack for pack, rules in PACKS.items() for _ in rules),
        *[None] * len(UPDATE_RULES),
    ]
    one = next(each for each in listed if each["id"] == "serverless-memory-step")
    rule = next(rule for rule in RULES if rule.id == "serverless-memory-step")
    assert one == {
        "id": "serverless-memory-step",
        "severity": "error",
        "title": rule.title,
        "why": rule.why,
        "fix": rule.fix,
        "evidence": rule.evidence,
        "since": rule.since,
        "pack": None,
        "source_url": rule.source_url,
        "about": [each.__name__ for each in rule.about],
        "of_templates": rule.of_templates,
        "eager": rule.eager,
        "facts": list(rule.facts),
    }


def test_explain(capsys: pytest.CaptureFixture[str]):
    wrong: dict[str, str] = {}
    for rule in EVERY:
        code = main(["explain", rule.id])
        out = capsys.readouterr().out
        if code != 0 or out.rstrip("\n") != explain(rule):
            wrong[rule.id] = out
    assert wrong == {}


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("serverless-memory-siz", "did you mean serverless-memory-step"),
        ("xyzzy", "`cdk-epc rules` lists all of them"),
        ("", "`cdk-epc rules` lists all of them"),
    ],
)
def test_explain_an_unknown_rule(given: str, hint: str, capsys: pytest.CaptureFixture[str]):
    assert main(["explain", given]) == 2
    done = capsys.readouterr()
    assert done.out == ""
    (line,) = done.err.splitlines()
    assert line.startswith(f"cdk-epc explain: error: there is no rule {given!r}; {hint}")


def exited(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[object, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return (ended.value.code, *capsys.readouterr())


def test_version(capsys: pytest.CaptureFixture[str]):
    assert exited(["--version"], capsys) == (0, f"cdk-epc {metadata.version('cdk-epc')}\n", "")


def test_version_of_a_source_tree(monkeypatch: pytest.MonkeyPatch):
    def missing(name: str) -> Never:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    assert version_module.version() == "0.0.0"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--help"], ["examples:", "cdk-epc check cdk.out", "check files and folders"]),
        (["check", "--help"], ["{text,json,sarif,github,markdown}", "--strict", "exit codes:"]),
        (["rules", "--help"], ["{text,json}"]),
        (["explain", "--help"], ["ID"]),
    ],
)
def test_help(arguments: list[str], words: list[str], capsys: pytest.CaptureFixture[str]):
    code, out, err = exited(arguments, capsys)
    assert (code, err) == (0, "")
    assert [word for word in words if word not in out] == []
    assert max(map(len, out.splitlines())) <= 100


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["chek"], "invalid choice: 'chek'"),
        (["check"], "the following arguments are required: PATH"),
        (["check", "--format", "xml", "a"], "invalid choice: 'xml'"),
        (["check", "--stri", "a"], "unrecognized arguments: --stri"),
        (
            ["check", "--region", "Frankfurt", "a"],
            ("'Frankfurt' is not a region such as 'eu-central-1'"),
        ),
        (["rules", "--format", "sarif"], "invalid choice: 'sarif'"),
        (["explain"], "the following arguments are required: ID"),
    ],
)
def test_usage(arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]):
    code, out, err = exited(arguments, capsys)
    assert (code, out) == (2, "")
    assert err.startswith("usage: cdk-epc ")
    assert complaint in err.splitlines()[-1]
