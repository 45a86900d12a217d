"""Each rule's example: the bad one breaks this rule and no other, the good one none at all.

Those that are Python are run in ``test_examples_code.py``, for they start Node.
"""

from __future__ import annotations

import copy
import json
import sys
from difflib import SequenceMatcher
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from cdk_epc.requests import check_request
from cdk_epc.rules import RULES, Rule
from cdk_epc.rules.explain import (
    Content,
    Example,
    ExampleKind,
    example_of,
    written,
)
from cdk_epc.rules.registry import PACKED
from cdk_epc.templates import check_template

FOLDER = resources.files("cdk_epc.rules").joinpath("examples")

# Its one change would be to the installation, not to the document.
UNCHECKED = "explainer-expression-unchecked"

NOT_IN_TEMPLATES = {
    "description-backfilled": "no template shows what a description had",
    "value-type-wrong": "CloudFormation reads numbers in quotes as well",
}
"""Rules whose request breaks nothing in a template, each with the reason."""

EVERY = (*RULES, *PACKED)
IDS = [rule.id for rule in EVERY]
WITH_EXAMPLE = [rule for rule in EVERY if example_of(rule.id)]
OF_DOCUMENTS = [rule for rule in WITH_EXAMPLE if example_of(rule.id).kind is not ExampleKind.CODE]
each_document = pytest.mark.parametrize(
    "rule", OF_DOCUMENTS, ids=[rule.id for rule in OF_DOCUMENTS]
)
each_rule = pytest.mark.parametrize("rule", WITH_EXAMPLE, ids=[rule.id for rule in WITH_EXAMPLE])


def example(rule: Rule) -> Example:
    found = example_of(rule.id)
    assert found is not None
    return found


def broken(content: Content, given: Example, rule: Rule) -> list[str]:
    assert not isinstance(content, str)
    check = check_template if given.kind is ExampleKind.TEMPLATE else check_request
    found = check(content, region=given.region, rules=asked_for(rule))
    return [finding.rule_id for finding in found]


def asked_for(rule: Rule) -> tuple[Rule, ...]:
    """The pack that has to be asked for."""
    return PACKED if rule in PACKED else ()


@pytest.fixture(autouse=True)
def nothing_to_install(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if getattr(request.node, "callspec", None) is None:
        return
    if request.node.callspec.params.get("rule", RULES[0]).id == UNCHECKED:
        monkeypatch.setitem(sys.modules, "jmespath", None)


def test_every_rule_has_an_example_and_no_example_is_left_over() -> None:
    files = [Path(file.name) for file in FOLDER.iterdir()]
    assert {file.suffix for file in files} == {".json"}
    assert sorted(file.stem for file in files) == sorted(IDS)


@each_document
def test_the_bad_example_breaks_exactly_this_rule(rule: Rule) -> None:
    given = example(rule)
    assert broken(given.bad, given, rule) == [rule.id]


@each_document
def test_the_good_example_breaks_none(rule: Rule) -> None:
    given = example(rule)
    assert broken(given.good, given, rule) == []


def differences(bad: Any, good: Any) -> int:
    """In how many places two documents differ; what only one of them has is one place."""
    if isinstance(bad, dict) and isinstance(good, dict):
        shared = [key for key in bad if key in good]
        # A member under another name is one of each.
        others = max(len(bad), len(good)) - len(shared)
        return others + sum(differences(bad[key], good[key]) for key in shared)
    if isinstance(bad, list) and isinstance(good, list):
        if len(bad) == len(good):
            return sum(differences(*pair) for pair in zip(bad, good, strict=True))
        return runs([json.dumps(item) for item in bad], [json.dumps(item) for item in good])
    return int((type(bad), bad) != (type(good), good))


def runs(bad: list[str], good: list[str]) -> int:
    """How many runs of lines or items differ."""
    steps = SequenceMatcher(None, bad, good, autojunk=False).get_opcodes()
    return sum(kind != "equal" for kind, *_ in steps)


@each_rule
def test_the_examples_differ_in_one_place(rule: Rule) -> None:
    given = example(rule)
    if isinstance(given.bad, str) and isinstance(given.good, str):
        assert runs(given.bad.splitlines(), given.good.splitlines()) == 1
    else:
        assert differences(given.bad, given.good) == 1


@each_rule
def test_an_example_is_of_the_kind_that_the_rule_is_about(rule: Rule) -> None:
    given = example(rule)
    kinds = {type(given.bad), type(given.good)}
    assert kinds in ({str}, {dict})
    if given.kind is not ExampleKind.CODE:
        root = "Resources" if given.kind is ExampleKind.TEMPLATE else "ProductionVariants"
        assert all(root in each for each in (given.bad, given.good))
    assert given.kind is not ExampleKind.REQUEST or not rule.of_templates


@each_rule
def test_an_example_fits_a_terminal(rule: Rule) -> None:
    given = example(rule)
    for content in (given.bad, given.good):
        assert max(map(len, written(content).splitlines())) <= 96  # it is indented by four


def in_template(given: Example) -> dict[str, Any]:
    if given.kind is ExampleKind.TEMPLATE:
        return copy.deepcopy(dict(given.bad))
    config = {"Type": "AWS::SageMaker::EndpointConfig", "Properties": given.bad}
    return {"Resources": {"Config": config}}


ACKNOWLEDGED = [
    rule
    for rule in WITH_EXAMPLE
    if rule.about and rule.id not in NOT_IN_TEMPLATES and example(rule).kind is not ExampleKind.CODE
]


@pytest.mark.parametrize("rule", ACKNOWLEDGED, ids=[rule.id for rule in ACKNOWLEDGED])
def test_acknowledging_as_the_page_says_leaves_the_other_findings(rule: Rule) -> None:
    given = example(rule)
    template = in_template(given)
    before = check_template(template, region=given.region, rules=asked_for(rule))
    assert rule.id in {finding.rule_id for finding in before}
    for finding in before:
        template["Resources"][finding.resource]["Metadata"] = {
            "cdk-epc": {"acknowledge": {rule.id: "why it may stay"}}
        }
    left = check_template(template, region=given.region, rules=asked_for(rule))
    assert left == [finding for finding in before if finding.rule_id != rule.id]
