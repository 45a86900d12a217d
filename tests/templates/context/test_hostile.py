"""Whatever stands in any one place of an alarm, a target, a policy or a component: no crash."""

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
Place = tuple[str | int, ...]


def places(node: Any, place: Place = ()) -> Iterator[Place]:
    if len(place) > 2:  # within a resource
        yield place
    if isinstance(node, dict):
        for key, value in node.items():
            yield from places(value, (*place, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from places(value, (*place, index))


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_value_in_any_one_place_is_a_crash(name: str) -> None:
    example = example_of(name)
    assert example is not None
    assert not isinstance(example.bad, str)
    tried = 0
    for place in places(example.bad):
        for value in HOSTILE:
            template: Any = copy.deepcopy(example.bad)
            inner = template
            for step in place[:-1]:
                inner = inner[step]
            inner[place[-1]] = value
            found = check_template(template, rules=PACKED)
            assert all(finding.message for finding in found)
            tried += 1
    assert tried > len(HOSTILE)
