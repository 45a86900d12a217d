"""Templates with any value in any place: a comparison never raises."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from typing import Any

from kit.described_endpoint import RESPONSES, TEMPLATE
from kit.templates import nested

from cdk_epc.templates import TemplateInput
from cdk_epc.updates import review_update
from cdk_epc.updates.descriptions import DescriptionError, described, responses_in
from tools.docs.changes import CASES

VALUES: tuple[Any, ...] = (
    None,
    [],
    {},
    -1,
    1e300,
    "x\n",
    {"Ref": "Nothing"},
    {"Fn::GetAtt": ["Endpoint", "EndpointName"]},
    {"Fn::If": ["Free", 1, {"Ref": "AWS::NoValue"}]},
    [[{"Fn::GetStackOutput": 1}]],
    nested(2_000, lambda inner: {"a": [inner]}),
)


def paths_in(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from paths_in(value, (*path, key))


def changed(template: Any, path: tuple[Any, ...], value: Any) -> Any:
    result = copy.deepcopy(template)
    node = result
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return result


def test_any_value_in_any_place() -> None:
    for case in CASES[::7]:
        template = case.new()
        for path in paths_in(template):
            for value in VALUES if path else ():
                other = changed(template, path, value)
                for old, new in ((case.old, other), (other, case.old)):
                    review_update([TemplateInput(template=old)], [TemplateInput(template=new)])


def test_any_value_in_any_place_of_a_description() -> None:
    new = [TemplateInput(template=TEMPLATE)]
    for path in paths_in(RESPONSES):
        for value in VALUES[:-1] if path else ():
            responses = responses_in(changed(RESPONSES, path, value))
            if responses is not None:
                with contextlib.suppress(DescriptionError):
                    old = described(responses, new)
                    review_update([old.input], new, live=old.live)
