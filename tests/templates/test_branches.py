"""Either branch of a condition is judged as if it stood there alone, the neighbours included.

Each rule's example is written twice into one template, the bad one in one branch and the good
one in the other, at each resource's properties and at each member of them.
"""

from __future__ import annotations

from typing import Any

import pytest

from cdk_epc.rules import RULES
from cdk_epc.rules.explain import ExampleKind, example_of
from cdk_epc.templates import check_template

Template = dict[str, Any]

OF_ONE_BRANCH = {
    # They are read from what stands around the properties, which has no branches.
    "acknowledgement-unknown",
    "acknowledgement-unused",
    "acknowledgement-reason-missing",
    "template-transformed",
    "role-policy-not-awaited",
    "scaling-resource-not-awaited",
    "scaling-target-not-awaited",
    "component-endpoint-not-awaited",
    "adapter-base-not-awaited",
    # CloudFormation makes a number of it, or it is read from a request alone.
    "value-type-wrong",
    "description-backfilled",
    # It is found only where a package is missing.
    "explainer-expression-unchecked",
}
NAMED_AS_WRITTEN = {
    "model-not-awaited",
    "endpoint-names-differ-in-case",
    "alarm-endpoint-name-misspelt",
    "adapter-endpoint-mismatch",
    "component-copies-outside-scaling",
    "endpoint-name-misspelt",
}
"""Neighbours are found by their names as they are written; a name with branches finds nobody."""
WITH_ITS_NAME = {
    "alarm-endpoint-name-misspelt",
    "adapter-endpoint-mismatch",
    "component-copies-outside-scaling",
    "endpoint-name-misspelt",
}
"""Those whose neighbour has the same name in both branches, so that no branches are written."""


def template_of(document: Any) -> Template:
    if "Resources" in document:
        return dict(document)
    properties = {key: value for key, value in document.items() if key != "EndpointConfigName"}
    return {
        "Resources": {
            "Config": {"Type": "AWS::SageMaker::EndpointConfig", "Properties": properties}
        }
    }


EXAMPLES = {
    rule.id: (template_of(example.bad), template_of(example.good), example.region)
    for rule in RULES
    if rule.id not in OF_ONE_BRANCH
    for example in [example_of(rule.id)]
    if example is not None and example.kind is not ExampleKind.CODE
}
ABSENT = {"Ref": "AWS::NoValue"}


def with_condition(resources: dict[str, Any]) -> Template:
    return {
        "Parameters": {"Way": {"Type": "String"}},
        "Conditions": {"First": {"Fn::Equals": [{"Ref": "Way"}, "first"]}},
        "Resources": resources,
    }


def whole(first: Template, second: Template) -> Template:
    """The properties of each resource in two branches."""
    return with_condition(
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
        }
    )


def by_member(first: Template, second: Template) -> Template:
    """Each member of the properties in two branches."""
    resources: dict[str, Any] = {}
    for id_, resource in {**second["Resources"], **first["Resources"]}.items():
        one = resource.get("Properties", {})
        other = second["Resources"].get(id_, resource).get("Properties", {})
        members = {
            name: one[name]
            if name in one and one[name] == other.get(name)
            else {"Fn::If": ["First", one.get(name, ABSENT), other.get(name, ABSENT)]}
            for name in {**other, **one}
        }
        resources[id_] = {**resource, "Properties": members}
    return with_condition(resources)


def found(template: Template, region: str | None) -> set[str]:
    return {each.rule_id for each in check_template(template, region=region)}


@pytest.mark.parametrize("write", [whole, by_member])
@pytest.mark.parametrize("name", EXAMPLES)
def test_either_branch_is_judged_as_if_alone(name: str, write: Any) -> None:
    bad, good, region = EXAMPLES[name]
    alone, fine = found(bad, region), found(good, region)
    assert alone != fine
    if name in NAMED_AS_WRITTEN and not (write is by_member and name in WITH_ITS_NAME):
        alone = set()
    assert found(write(bad, good), region) == alone | fine
    assert found(write(good, bad), region) == alone | fine
    assert found(write(good, good), region) == fine
