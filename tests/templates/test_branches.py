"""Branches: each is checked as if it were the only one, with its related resources.

The examples of each rule are combined in one template, the bad one in one branch and the good one
in the other, for the properties of each resource and for each of their members.
"""

from __future__ import annotations

from typing import Any

import pytest

from cdk_epc.rules import RULES
from cdk_epc.rules.explain import ExampleKind, example_of
from cdk_epc.spec.request_type import request_type_of
from cdk_epc.templates import check_template

Template = dict[str, Any]

OF_ONE_BRANCH = {
    # They are about members beside the properties, which have no branches.
    "acknowledgement-unknown",
    "acknowledgement-unused",
    "acknowledgement-reason-missing",
    "template-transformed",
    "role-policy-not-awaited",
    "scaling-resource-not-awaited",
    "scaling-target-not-awaited",
    "component-endpoint-not-awaited",
    "adapter-base-not-awaited",
    # CloudFormation makes a number of it.
    "value-type-wrong",
    # It is found only where a package is missing.
    "explainer-expression-unchecked",
}
BY_NAME = {
    "model-not-awaited",
    "endpoint-names-differ-in-case",
    "alarm-endpoint-name-misspelt",
    "adapter-endpoint-mismatch",
    "endpoint-name-misspelt",
}
"""Rules that find related resources by name: a name with branches finds none."""
WITH_ITS_NAME = {
    "alarm-endpoint-name-misspelt",
    "adapter-endpoint-mismatch",
    "endpoint-name-misspelt",
}
"""Of these, the rules whose examples have the same name in both branches."""


def template_of(document: Any) -> Template:
    if "Resources" in document:
        return dict(document)
    properties = {key: value for key, value in document.items() if key != "EndpointConfigName"}
    found = request_type_of(document)
    assert found is not None
    type_ = f"AWS::SageMaker::{found.operation.removeprefix('Create')}"
    return {"Resources": {"It": {"Type": type_, "Properties": properties}}}


EXAMPLES = {
    rule.id: (template_of(example.bad), template_of(example.good), example.region)
    for rule in RULES
    if rule.id not in OF_ONE_BRANCH
    for example in [example_of(rule.id)]
    if example is not None and example.kind is not ExampleKind.CODE
}
NO_VALUE = {"Ref": "AWS::NoValue"}


def with_condition(first: Template, second: Template, resources: dict[str, Any]) -> Template:
    parameters = {**second.get("Parameters", {}), **first.get("Parameters", {})}
    return {
        "Parameters": {**parameters, "Way": {"Type": "String"}},
        "Conditions": {"First": {"Fn::Equals": [{"Ref": "Way"}, "first"]}},
        "Resources": resources,
    }


def by_properties(first: Template, second: Template) -> Template:
    """Return a template with the properties of each resource in two branches."""
    return with_condition(
        first,
        second,
        {
            id_: {
                **resource,
                "Properties": {
                    "Fn::If": [
                        "First",
                        resource.get("Properties", {}),
                        second["Resources"].get(id_, resource).get("Properties", {}),
                    ]
                },
            }
            for id_, resource in {**second["Resources"], **first["Resources"]}.items()
        },
    )


def by_member(first: Template, second: Template) -> Template:
    """Return a template with each member of the properties in two branches."""
    resources: dict[str, Any] = {}
    for id_, resource in {**second["Resources"], **first["Resources"]}.items():
        one = resource.get("Properties", {})
        other = second["Resources"].get(id_, resource).get("Properties", {})
        members = {
            name: one[name]
            if name in one and one[name] == other.get(name)
            else {"Fn::If": ["First", one.get(name, NO_VALUE), other.get(name, NO_VALUE)]}
            for name in {**other, **one}
        }
        resources[id_] = {**resource, "Properties": members}
    return with_condition(first, second, resources)


def rule_ids(template: Template, region: str | None) -> set[str]:
    return {each.rule_id for each in check_template(template, region=region)}


@pytest.mark.parametrize("write", [by_properties, by_member])
@pytest.mark.parametrize("name", EXAMPLES)
def test_each_branch_is_checked_as_if_alone(name: str, write: Any) -> None:
    bad, good, region = EXAMPLES[name]
    of_bad, of_good = rule_ids(bad, region), rule_ids(good, region)
    assert of_bad != of_good
    if name in BY_NAME and not (write is by_member and name in WITH_ITS_NAME):
        of_bad = set()
    assert rule_ids(write(bad, good), region) == of_bad | of_good
    assert rule_ids(write(good, bad), region) == of_bad | of_good
    assert rule_ids(write(good, good), region) == of_good
