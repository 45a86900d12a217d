"""Values of wrong types at each path of related resources: no exception."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from cdk_epc.rules.explain import example_of
from cdk_epc.rules.registry import PACKED
from cdk_epc.templates import check_template

EXAMPLES = (
    "alarm-never-fires",
    "rollback-alarm-cycle",
    "scaled-count-excluded",
    "scaling-target-not-awaited",
    "component-copies-outside-scaling",
    "adapter-endpoint-mismatch",
    "role-policy-not-awaited",
    "security-full-access-policy",
)
HOSTILE: tuple[Any, ...] = (
    None,
    -1,
    "",
    [],
    {},
    [[]],
    [None],
    {"a": 1},
    {"Ref": ["a"]},
    {"Ref": "Endpoint"},
    {"Fn::GetAtt": []},
    {"Fn::If": ["No", 1, 2]},
    1e400,
)
Position = tuple[str | int, ...]


def positions(node: Any, position: Position = ()) -> Iterator[Position]:
    if len(position) > 2:  # inside a resource
        yield position
    if isinstance(node, dict):
        for key, value in node.items():
            yield from positions(value, (*position, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from positions(value, (*position, index))


@pytest.mark.parametrize("name", EXAMPLES)
def test_values_of_wrong_types_raise_nothing(name: str) -> None:
    example = example_of(name)
    assert example is not None
    assert not isinstance(example.bad, str)
    tried = 0
    for position in positions(example.bad):
        for value in HOSTILE:
            template: Any = copy.deepcopy(example.bad)
            inner = template
            for step in position[:-1]:
                inner = inner[step]
            inner[position[-1]] = value
            found = check_template(template, rules=PACKED)
            assert all(finding.message for finding in found)
            tried += 1
    assert tried > len(HOSTILE)
