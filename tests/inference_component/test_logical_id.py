"""Logical ids of components: they change with the properties that SageMaker cannot update."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sagemaker as sagemaker
from kit.cdk import new_stack, template_of
from kit.components import (
    ADAPTER,
    component_in,
    compute,
    endpoint_in,
    rolling,
)

from cdk_epc import (
    ComponentCapacitySize,
    ComponentContainer,
    ComputeRequirements,
    InferenceComponent,
)

COMPONENT = "AWS::SageMaker::InferenceComponent"
Named: TypeAlias = tuple[str, str]


def named(template: dict[str, Any]) -> list[Named]:
    """Return the logical id and the name of each component of a template."""
    return [
        (id_, each["Properties"]["InferenceComponentName"])
        for id_, each in template["Resources"].items()
        if each["Type"] == COMPONENT
    ]


def of_one(make: Callable[[cdk.Stack], Any]) -> Named:
    """Return the logical id and the name of the only component of a stack."""
    stack = new_stack()
    make(stack)
    (found,) = named(template_of(stack))
    return found


def two(stack: cdk.Stack, **given: Any) -> InferenceComponent:
    """Add a component on an endpoint with two variants."""
    return component_in(stack, endpoint_in(stack, "shared", "spare"), **given)


def rolled_back_endpoint(stack: cdk.Stack) -> None:
    """Add an endpoint that gets a name after its component was created."""
    endpoint = endpoint_in(stack, "shared", "spare")
    made = component_in(stack, endpoint, variant="shared")
    alarm = made.metric_invocation_5xx_errors().create_alarm(
        stack, "Errors", threshold=0.1, evaluation_periods=1
    )
    endpoint.roll_back_on(alarm)


BEFORE = of_one(lambda stack: two(stack, variant="shared"))
IN_PLACE: dict[str, Callable[[cdk.Stack], Any]] = {
    "nothing": lambda stack: two(stack, variant="shared"),
    "the copies": lambda stack: two(stack, variant="shared", copies=3),
    "the compute": lambda stack: two(
        stack, variant="shared", compute=ComputeRequirements(min_memory=cdk.Size.gibibytes(4))
    ),
    "the container": lambda stack: two(
        stack,
        variant="shared",
        container=ComponentContainer(image="111122223333.dkr.ecr.eu-west-1.amazonaws.com/other:1"),
    ),
    "the deployment": lambda stack: two(
        stack,
        variant="shared",
        deployment=rolling(ComponentCapacitySize.copies(1)),
        rollback_alarms=["assistant-errors"],
        copies=2,
    ),
    "the tags": lambda stack: two(stack, variant="shared", tags={"team": "assistants"}),
}
"""Changes that SageMaker makes in place."""

ANEW: dict[str, Callable[[cdk.Stack], Any]] = {
    "the variant": lambda stack: two(stack, variant="spare"),
    "the name of the endpoint": lambda stack: component_in(
        stack, endpoint_in(stack, "shared", "spare", endpoint_name="assistants"), variant="shared"
    ),
    "the name of the endpoint, later": rolled_back_endpoint,
    "the endpoint": lambda stack: component_in(stack, "assistants", variant="shared"),
    "the endpoint, an L1": lambda stack: component_in(
        stack, sagemaker.CfnEndpoint(stack, "L1", endpoint_config_name="c"), variant="shared"
    ),
    "the base": lambda stack: component_in(
        stack,
        endpoint_in(stack, "shared", "spare"),
        compute=None,
        container=ComponentContainer(artifact=ADAPTER),
        base_component="base",
    ),
}
"""Changes that make another component."""


@pytest.mark.parametrize("change", IN_PLACE)
def test_updatable_property_keeps_the_logical_id(change: str) -> None:
    assert of_one(IN_PLACE[change]) == BEFORE


@pytest.mark.parametrize("change", ANEW)
def test_other_properties_change_the_logical_id(change: str) -> None:
    after = of_one(ANEW[change])
    assert {after[0], after[1]} & {*BEFORE} == set()


def test_every_change_has_its_own_logical_id() -> None:
    found = [BEFORE, *map(of_one, ANEW.values())]
    assert len({id_ for id_, _ in found}) == len({name for _, name in found}) == len(found)


def test_fixed_name_is_a_part_of_the_logical_id() -> None:
    mine, yours, moved = (
        of_one(lambda stack: two(stack, variant="shared", inference_component_name="mine")),
        of_one(lambda stack: two(stack, variant="shared", inference_component_name="yours")),
        of_one(lambda stack: two(stack, variant="spare", inference_component_name="mine")),
    )
    assert [name for _, name in (mine, yours, moved)] == ["mine", "yours", "mine"]
    assert len({BEFORE[0], mine[0], yours[0], moved[0]}) == 4


def test_generated_name_of_a_long_path_is_valid() -> None:
    stack = new_stack("S" * 100)
    endpoint = endpoint_in(stack)
    deep = cdk.Stack.of(stack)
    made = InferenceComponent(
        deep,
        "Component" * 12,
        endpoint=endpoint,
        container=ComponentContainer(image="111122223333.dkr.ecr.eu-west-1.amazonaws.com/image:1"),
        compute=compute(),
    )
    ((_, name),) = named(template_of(stack))
    assert len(name) <= 63
    assert stack.resolve(made.name_in_metrics) == name
    assert made.spec.inference_component_name is None


def test_two_adapters_of_one_base() -> None:
    stack = new_stack()
    endpoint = endpoint_in(stack)
    base = component_in(stack, endpoint)
    for name in ("Dutch", "Danish"):
        InferenceComponent(
            stack,
            name,
            endpoint=endpoint,
            base_component=base,
            container=ComponentContainer(artifact=ADAPTER),
        )
    found = named(template_of(stack))
    assert len({id_ for id_, _ in found}) == len({name for _, name in found}) == 3


def test_overridden_logical_id_is_kept() -> None:
    stack = new_stack()
    made = component_in(stack)
    child = made.node.default_child
    assert isinstance(child, sagemaker.CfnInferenceComponent)
    child.override_logical_id("Mine")
    assert [id_ for id_, _ in named(template_of(stack))] == ["Mine"]


def test_name_is_a_reference_and_name_in_metrics_is_a_literal() -> None:
    stack = new_stack()
    made = component_in(stack)
    ((id_, name),) = named(template_of(stack))
    assert stack.resolve(made.name_in_metrics) == name
    assert stack.resolve(made.inference_component_name) == {
        "Fn::Select": [1, {"Fn::Split": [":inference-component/", {"Ref": id_}]}]
    }
    assert stack.resolve(made.inference_component_arn) == {"Ref": id_}
    reference = made.inference_component_ref.inference_component_arn
    assert stack.resolve(reference) == {"Ref": id_}


def test_logical_id_is_deterministic() -> None:
    assert of_one(lambda stack: two(stack, variant="shared")) == BEFORE
