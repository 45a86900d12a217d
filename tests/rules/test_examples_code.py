"""The examples that are Python: the bad one breaks its rule and no other, the good one none.

They stand by themselves, for they start Node, which no fork may share (`make mutants` forks).
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import aws_cdk as cdk
import pytest

from cdk_epc import EndpointConfigError
from cdk_epc.rules import RULES
from cdk_epc.rules.explain import example_of

ROOT = Path(__file__).parents[2]
CONTEXT = json.loads((ROOT / "cdk.json").read_text("utf-8"))["context"]
OURS = re.compile(r"(?s).*\[ack: cdk-epc::([a-z0-9-]+)\]")
"""How CDK ends a warning of ours; any other is left whole."""
IN_CODE = {
    rule.id: (example.bad, example.good)
    for rule in RULES
    if (example := example_of(rule.id)) and isinstance(example.bad, str)
}


def broken_by(code: object) -> list[str]:
    """The rules that a piece of Python breaks: those it is refused by, or warned of at synth."""
    app = cdk.App(context=CONTEXT)
    names = {"__name__": "app", "app": app, "stack": cdk.Stack(app, "Stack")}
    try:
        exec(compile(str(code), "app.py", "exec"), names)  # noqa: S102 - our own examples
        stacks = app.synth().stacks
    except EndpointConfigError as error:
        return [finding.rule_id for finding in error.findings]
    reported = [str(message.entry.data) for stack in stacks for message in stack.messages]
    return [OURS.sub(r"\1", text) for text in reported]


def test_some_examples_are_code() -> None:
    assert IN_CODE


@pytest.mark.parametrize("rule", IN_CODE)
def test_the_bad_code_breaks_exactly_this_rule(rule: str) -> None:
    assert broken_by(IN_CODE[rule][0]) == [rule]


@pytest.mark.parametrize("rule", IN_CODE)
def test_the_good_code_breaks_none(rule: str) -> None:
    assert broken_by(IN_CODE[rule][1]) == []
