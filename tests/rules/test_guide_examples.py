"""Examples of AWS's developer guide: no finding without a pack."""

from __future__ import annotations

from typing import Any

from kit.requests import load

from cdk_epc.requests import check_request
from cdk_epc.rules.pedantic import PEDANTIC_RULES

EXAMPLES: dict[str, Any] = load("guide_examples.json")


def test_guide_examples_have_no_finding() -> None:
    found = {name: check_request(example) for name, example in EXAMPLES.items()}
    assert {name: findings for name, findings in found.items() if findings} == {}


def test_pedantic_rules_have_advice_about_a_guide_example() -> None:
    found = check_request(EXAMPLES["instance pools"], rules=PEDANTIC_RULES)
    assert [each.rule_id for each in found] == ["pool-routing-random"]
