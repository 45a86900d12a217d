"""The benchmarks compare like with like: each app has the same properties in its template."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from kit.cdk import new_stack, template_of

from benchmarks.six import constructs, l1


def _contents(stack: cdk.Stack) -> list[Any]:
    """The resources in order; their logical ids follow from the constructs' ids and may differ."""
    return [(each["Type"], each["Properties"]) for each in template_of(stack)["Resources"].values()]


@pytest.mark.pin_only  # the alpha is made for one version of CDK
def test_two_variants_are_the_same_in_every_way() -> None:
    from benchmarks.building import WAYS
    from benchmarks.ways import Models

    contents = []
    for way in WAYS.values():
        stack = new_stack()
        way(stack, Models.of(stack), 2)
        contents.append(_contents(stack))
    assert len(contents[0]) == 2
    assert all(each == contents[0] for each in contents)


def test_six_configurations_are_the_same_in_both_ways() -> None:
    contents = []
    for build in (constructs.build, l1.build):
        build(stack := new_stack())
        contents.append(_contents(stack))
    assert len(contents[0]) == 6
    assert contents[0] == contents[1]
