"""Examples of the rules that are Python code, which start Node.

They have a file of their own because the processes that `make mutants` forks cannot share Node.
"""

from __future__ import annotations

from cdk_epc.rules.explain import Example, ExampleKind, example_of
from cdk_epc.rules.registry import DIAGNOSTICS, PACKED
from tools.examples.findings import findings_of

IN_CODE: dict[str, Example] = {
    rule.id: example
    for rule in (*DIAGNOSTICS, *PACKED)
    if (example := example_of(rule.id)) and example.kind is ExampleKind.CODE
}


def test_some_examples_are_code() -> None:
    assert IN_CODE


def test_bad_code_has_exactly_the_stored_finding() -> None:
    found = {
        rule_id: findings_of(rule_id, example, example.bad) for rule_id, example in IN_CODE.items()
    }
    stored = {id_: [{"rule_id": id_, **example.finding}] for id_, example in IN_CODE.items()}
    assert found == stored


def test_good_code_has_no_finding() -> None:
    found = {
        rule_id: findings_of(rule_id, example, example.good) for rule_id, example in IN_CODE.items()
    }
    assert {rule_id: findings for rule_id, findings in found.items() if findings} == {}
