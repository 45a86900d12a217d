"""The compared apps have the same resources and properties in their templates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template
from kit.cdk import new_stack, template_of

from benchmarks.six_configs import constructs, l1


def _contents(stack: cdk.Stack) -> list[Any]:
    """Return the resources in order, without their logical ids, which may differ."""
    return [(each["Type"], each["Properties"]) for each in template_of(stack)["Resources"].values()]


@pytest.mark.pin_only  # the alpha is made for one version of CDK
def test_two_variants_are_the_same_in_all_implementations() -> None:
    from benchmarks.building import IMPLEMENTATIONS
    from benchmarks.implementations import Models

    contents = []
    for implementation in IMPLEMENTATIONS.values():
        stack = new_stack()
        implementation(stack, Models.of(stack), 2)
        contents.append(_contents(stack))
    assert len(contents[0]) == 2
    assert all(each == contents[0] for each in contents)


def test_six_configurations_are_the_same_with_l1() -> None:
    contents = []
    for build in (constructs.build, l1.build):
        build(stack := new_stack())
        contents.append(_contents(stack))
    assert len(contents[0]) == 6
    assert contents[0] == contents[1]


def _anonymous(template: dict[str, Any]) -> list[str]:
    """Return the sorted resources, with types in place of references and without names.

    Names of policies, descriptions of roles and dependencies are left out.
    """
    types = {id_: each["Type"] for id_, each in template["Resources"].items()}

    def plain(tree: Any) -> Any:
        if isinstance(tree, dict):
            if tree.keys() == {"Ref"}:
                return {"Ref": types.get(tree["Ref"], tree["Ref"])}
            if "Fn::GetAtt" in tree:
                return {"Fn::GetAtt": [types[tree["Fn::GetAtt"][0]], tree["Fn::GetAtt"][1]]}
            if "Fn::FindInMap" in tree:
                return {"Fn::FindInMap": tree["Fn::FindInMap"][1:]}
            left_out = {"PolicyName", "Description"}
            return {key: plain(value) for key, value in tree.items() if key not in left_out}
        return [plain(item) for item in tree] if isinstance(tree, list) else tree

    return sorted(
        json.dumps([each["Type"], plain(each["Properties"])], sort_keys=True)
        for each in template["Resources"].values()
    )


@pytest.mark.pin_only  # whole templates
def test_whole_endpoint_is_the_same_with_l1(tmp_path: Path) -> None:
    from benchmarks import stacks
    from benchmarks.whole_endpoint import constructs, l1

    ours, theirs = stacks.new_stack(tmp_path), stacks.new_stack(tmp_path)
    constructs.build(ours)
    l1.build(theirs)
    assert _anonymous(template_of(ours)) == _anonymous(template_of(theirs))


@pytest.mark.pin_only  # the alpha is made for one version of CDK
def test_the_alpha_makes_the_same_kinds_of_resources() -> None:
    from benchmarks.whole_endpoint import alpha, scaled

    def types(build: Any) -> list[str]:
        build(stack := new_stack())
        resources = Template.from_stack(stack).to_json()["Resources"].values()
        return sorted(each["Type"] for each in resources)

    assert types(scaled.build) == types(alpha.build)
