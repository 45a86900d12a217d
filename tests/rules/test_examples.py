"""Examples of the rules: the good input has no finding, the bad one exactly the stored finding.

``test_examples_code.py`` runs the examples in Python, because these start Node.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from kit.rule_examples import WITHOUT_EXAMPLE

import cdk_epc
from cdk_epc.rules import CallError, Diagnostic
from cdk_epc.rules.explain import (
    Example,
    ExampleKind,
    example_files,
    example_of,
    written,
)
from cdk_epc.rules.registry import DIAGNOSTICS, PACKED, PACKS, pack_of
from cdk_epc.rules.update_registry import UPDATE_RULES
from cdk_epc.spec.request_type import request_type_of
from cdk_epc.templates import check_template
from tools.docs.topics import topics
from tools.examples.findings import findings_of, installation_of, python_fix_of

NOT_ACKNOWLEDGED = {
    "template-transformed": "the finding is about no resource",
    "value-type-wrong": "CloudFormation converts numbers in quotes",
}
"""Rules that no template with the bad example can acknowledge, each with the reason."""

WIDTH = 96
"""Columns of a terminal, less the indentation."""


def examples() -> Iterator[tuple[Diagnostic, Example]]:
    for rule in (*DIAGNOSTICS, *PACKED):
        if example := example_of(rule.id):
            yield rule, example


def updates() -> Iterator[tuple[Diagnostic, Example]]:
    """Yield the rules about updates, whose inputs are two templates, with their examples."""
    for rule in UPDATE_RULES:
        if example := example_of(rule.id):
            yield rule, example


def documents() -> Iterator[tuple[Diagnostic, Example]]:
    return ((rule, each) for rule, each in examples() if each.kind is not ExampleKind.CODE)


def test_every_rule_has_an_example_in_the_file_of_its_topic() -> None:
    ids = {topic.name: {rule.id for rule in topic.rules} for topic in topics()}
    ids = {name: found - WITHOUT_EXAMPLE.keys() for name, found in ids.items()}
    assert {name: set(entries) for name, entries in example_files().items()} == ids


def test_documents_have_exactly_the_stored_finding() -> None:
    wrong = {
        rule.id: found
        for rule, example in (*documents(), *updates())
        if (found := findings_of(rule.id, example, example.bad))
        != [{"rule_id": rule.id, **example.finding}]
    }
    assert wrong == {}


def test_advice_to_python_code_is_the_stored_one() -> None:
    wrong = {
        rule.id: found
        for rule, example in (*documents(), *updates())
        if (found := python_fix_of(rule.id, example)) != example.python_fix
    }
    assert wrong == {}


def test_advice_to_python_code_names_public_classes() -> None:
    advice = [
        str(entry.get("python_fix")) for file in example_files().values() for entry in file.values()
    ]
    names = {name for text in advice for name in re.findall(r"\b([A-Z]\w+)\.[a-z_]+\(", text)}
    assert "RetainedProperties" in names
    assert names <= set(cdk_epc.__all__)


def test_good_documents_have_no_finding() -> None:
    found = {
        rule.id: findings_of(rule.id, example, example.good)
        for rule, example in (*documents(), *updates())
    }
    assert {rule_id: findings for rule_id, findings in found.items() if findings} == {}


def test_a_stored_finding_has_the_severity_of_its_rule() -> None:
    assert [
        rule.id
        for rule, example in (*examples(), *updates())
        if example.finding["severity"] != rule.severity
    ] == []


def differences(bad: Any, good: Any) -> int:
    """Return the number of places in which two documents differ."""
    if isinstance(bad, dict) and isinstance(good, dict):
        shared = [key for key in bad if key in good]
        # A renamed member is missing from both sides, but counts once.
        others = max(len(bad), len(good)) - len(shared)
        return others + sum(differences(bad[key], good[key]) for key in shared)
    if isinstance(bad, list) and isinstance(good, list):
        if len(bad) == len(good):
            return sum(differences(*pair) for pair in zip(bad, good, strict=True))
        return runs([json.dumps(item) for item in bad], [json.dumps(item) for item in good])
    return int((type(bad), bad) != (type(good), good))


def runs(bad: list[str], good: list[str]) -> int:
    """Return the number of runs of lines or items that differ."""
    steps = SequenceMatcher(None, bad, good, autojunk=False).get_opcodes()
    return sum(kind != "equal" for kind, *_ in steps)


def test_good_and_bad_differ_in_one_place() -> None:
    counts = {
        rule.id: runs(example.bad.splitlines(), example.good.splitlines())
        if isinstance(example.bad, str) and isinstance(example.good, str)
        else differences(example.bad, example.good)
        for rule, example in examples()
    }
    assert {rule_id: count for rule_id, count in counts.items() if count != 1} == {}


def test_an_example_is_of_one_kind_that_fits_its_rule() -> None:
    wrong = []
    for rule, example in examples():
        is_request = example.kind is ExampleKind.REQUEST
        if type(example.good) is not type(example.bad):
            wrong.append(rule.id)
        elif isinstance(example.good, dict):
            both = (example.good, example.bad)
            if not all(
                request_type_of(each) if is_request else "Resources" in each for each in both
            ):
                wrong.append(rule.id)
        if is_request and not isinstance(rule, CallError) and getattr(rule, "of_templates", False):
            wrong.append(rule.id)
    assert wrong == []


def test_examples_fit_a_terminal() -> None:
    lines = {
        rule.id: max(
            len(line) for each in (example.bad, example.good) for line in written(each).splitlines()
        )
        for rule, example in examples()
    }
    assert {rule_id: width for rule_id, width in lines.items() if width > WIDTH} == {}


def test_an_acknowledgement_as_on_the_page_hides_only_findings_of_its_rule() -> None:
    wrong = {}
    for rule, example in documents():
        if rule.id.startswith("acknowledgement-") or rule.id in NOT_ACKNOWLEDGED:
            continue
        template = as_template(example)
        rules = PACKS[pack] if (pack := pack_of(rule)) is not None else ()
        with installation_of(rule.id):
            before = check_template(template, region=example.region, rules=rules)
            for finding in before:
                metadata = template["Resources"][finding.resource].setdefault("Metadata", {})
                acknowledged = metadata.setdefault("cdk-epc", {}).setdefault("acknowledge", {})
                acknowledged[rule.id] = "why it may stay"
            left = check_template(template, region=example.region, rules=rules)
        others = [finding for finding in before if finding.rule_id != rule.id]
        if left != others or len(others) == len(before):
            wrong[rule.id] = left
    assert wrong == {}


def as_template(example: Example) -> dict[str, Any]:
    assert not isinstance(example.bad, str)
    if example.kind is ExampleKind.TEMPLATE:
        return copy.deepcopy(dict(example.bad))
    found = request_type_of(example.bad)
    assert found is not None
    type_ = f"AWS::SageMaker::{found.operation.removeprefix('Create')}"
    return {"Resources": {"It": {"Type": type_, "Properties": copy.deepcopy(example.bad)}}}
