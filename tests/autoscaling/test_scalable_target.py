"""Scalable targets: several variants, tokens, acknowledgements and warnings."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from kit.cdk import new_stack, template_of
from kit.scaling import (
    POLICY,
    TARGET,
    asynchronous_variant,
    component,
    host_variant,
    instance_variant,
    of_type,
    queue_depth,
    real_time,
    rule_ids_at_synth,
    scaled,
    serverless_variant,
    tracking_of,
)

from cdk_epc import (
    Cron,
    Endpoint,
    EndpointConfig,
    EndpointConfigError,
    InstanceType,
    ManagedInstanceScaling,
    ScalableVariant,
)


@pytest.mark.parametrize(
    "instance_type",
    [
        "ml.trn1.2xlarge",
        "ml.trn1n.32xlarge",
        "ml.trn2.48xlarge",
        "ml.tx1.large",
    ],
)
def test_types_with_names_like_burstable_types_scale(instance_type: str) -> None:
    """The alpha construct of CDK refuses ml.trn1 and similar types."""
    stack = new_stack()
    scaled(stack, instance_variant(instance_type=InstanceType.of(instance_type)))
    assert [each["MaxCapacity"] for each in of_type(stack, TARGET)] == [4]


def test_capacities_are_positional_or_keyword_arguments() -> None:
    first, second = new_stack(), new_stack()
    real_time(first).variant("main").auto_scale(1, 4)
    real_time(second).variant("main").auto_scale(max_capacity=4, min_capacity=1)
    assert template_of(first) == template_of(second)


def test_a_handle_of_the_configuration_scales_the_variant() -> None:
    first, second = new_stack(), new_stack()
    real_time(first).variant("main").auto_scale(1, 4)
    endpoint = real_time(second)
    assert endpoint.config is not None
    handle = endpoint.config.variants[0]
    assert handle.scaling is None
    assert handle.auto_scale(1, 4) is handle.scaling
    of_endpoint = endpoint.variant("main").metric_model_latency()
    assert handle.metric_model_latency().dimensions == of_endpoint.dimensions
    assert template_of(first) == template_of(second)


def test_one_configuration_scales_on_two_endpoints() -> None:
    stack = new_stack()
    config = EndpointConfig(stack, "Config", production_variants=[instance_variant()])
    for name in ("Blue", "Green"):
        endpoint = Endpoint(stack, name, endpoint_config=config)
        endpoint.variant("main").auto_scale(1, 4).scale_on_invocations(600)
    assert len(of_type(stack, TARGET)) == 2
    names = {each["PolicyName"] for each in of_type(stack, POLICY)}
    assert names == {
        "Stack-Blue-mainScaling-Invocations",
        "Stack-Green-mainScaling-Invocations",
    }


def test_variants_with_names_that_differ_in_a_hyphen() -> None:
    stack = new_stack()
    endpoint = real_time(stack, instance_variant("a-b"), instance_variant("ab"))
    for variant in endpoint.variants:
        variant.auto_scale(1, 4)
    assert len(of_type(stack, TARGET)) == 2


def test_a_call_after_an_error() -> None:
    stack = new_stack()
    variant = real_time(stack).variant("main")
    with pytest.raises(EndpointConfigError):
        variant.auto_scale(0, 4)
    scaling = variant.auto_scale(1, 4)
    with pytest.raises(EndpointConfigError):
        scaling.scale_on_invocations("many")  # type: ignore[arg-type]  # the error
    scaling.scale_on_invocations(600)
    assert [policy.spec.policy_type for policy in scaling.policies] == ["TargetTrackingScaling"]
    assert rule_ids_at_synth(scaling) == []


def test_tokens_violate_no_rule() -> None:
    stack = new_stack()
    minimum = cdk.CfnParameter(stack, "Least", type="Number").value_as_number
    maximum = cdk.CfnParameter(stack, "Most", type="Number").value_as_number
    scaling = real_time(stack).variant("main").auto_scale(int(minimum), int(maximum))
    policy = scaling.scale_on_invocations(max_requests_per_second=minimum)
    scaling.scale_on_cpu_utilization(minimum)
    scaling.scale_on_schedule("day", Cron(hour=8), min_capacity=int(minimum))
    assert rule_ids_at_synth(scaling) == rule_ids_at_synth(policy) == []
    (target,) = of_type(stack, TARGET)
    assert (target["MinCapacity"], target["MaxCapacity"]) == ({"Ref": "Least"}, {"Ref": "Most"})


def test_a_variant_with_a_token_as_its_name() -> None:
    stack = new_stack()
    name = cdk.CfnParameter(stack, "Name").value_as_string
    endpoint = real_time(stack, instance_variant(name))
    endpoint.variants[0].auto_scale(1, 4)
    (target,) = of_type(stack, TARGET)
    assert target["ResourceId"] == {
        "Fn::Join": [
            "",
            [
                "endpoint/",
                {"Fn::GetAtt": ["EndpointEEF1FD8F", "EndpointName"]},
                "/variant/",
                {"Ref": "Name"},
            ],
        ]
    }


def test_the_scaling_of_a_variant_and_of_a_component() -> None:
    stack = new_stack()
    endpoint = real_time(stack)
    assert endpoint.variant("main").scaling is None
    scaling = endpoint.variant("main").auto_scale(1, 4)
    assert endpoint.variant("main").scaling is scaling
    copies = component(new_stack())
    assert copies.scaling is None
    scaled_copies = copies.auto_scale(1, 4)
    assert copies.scaling is scaled_copies


def test_an_acknowledged_finding_of_a_target() -> None:
    stack = new_stack()
    reason = {"scaling-to-zero-without-step-policy": "A schedule brings it back."}
    scaling = asynchronous_variant(stack).auto_scale(
        0, 4, scale_from_zero=False, acknowledge=reason
    )
    scaling.scale_on_backlog(5)
    assert rule_ids_at_synth(scaling) == []
    assert [each.acknowledged for each in scaling.acknowledged] == ["A schedule brings it back."]
    (target,) = (
        each for each in template_of(stack)["Resources"].values() if each["Type"] == TARGET
    )
    assert target["Metadata"] == {"cdk-epc": {"acknowledge": reason}}


def test_an_acknowledged_finding_of_a_policy() -> None:
    stack = new_stack()
    reason = {"scaling-metric-unpublished": "Our account has it."}
    policy = (
        asynchronous_variant(stack).auto_scale(1, 4).scale_on_invocations(600, acknowledge=reason)
    )
    assert rule_ids_at_synth(policy) == []
    assert [each.rule_id for each in policy.acknowledged] == ["scaling-metric-unpublished"]
    assert tracking_of(stack)["TargetValue"] == 600


@pytest.mark.parametrize(
    ("scaling_of", "expected"),
    [
        (
            lambda stack: real_time(stack).variant("main").auto_scale(1, 4),
            ["scaling-policy-missing"],
        ),
        (
            lambda stack: real_time(stack).variant("main").auto_scale(2, 4),
            ["scaling-initial-count-outside", "scaling-policy-missing"],
        ),
        (
            lambda stack: serverless_variant(stack, 5).auto_scale(1, 4),
            ["scaling-initial-count-outside", "scaling-policy-missing"],
        ),
        (
            lambda stack: host_variant(
                stack, ManagedInstanceScaling(min_instance_count=1, max_instance_count=4)
            ).auto_scale(1, 4),
            ["scaling-managed-variant", "scaling-policy-missing"],
        ),
        # The finding about the initial number of copies is one of the component.
        (lambda stack: component(stack).auto_scale(2, 4), ["scaling-policy-missing"]),
        (lambda stack: component(stack).auto_scale(0, 4), []),
        (
            lambda stack: component(stack).auto_scale(0, 4, scale_from_zero=False),
            ["scaling-policy-missing", "scaling-to-zero-without-step-policy"],
        ),
    ],
)
def test_warnings_at_synth(scaling_of: Any, expected: list[str]) -> None:
    assert rule_ids_at_synth(scaling_of(new_stack())) == expected


def test_an_update_of_a_scaled_endpoint_retains_instance_counts() -> None:
    stack = new_stack()
    real_time(stack).variant("main").auto_scale(1, 4)
    (endpoint,) = of_type(stack, "AWS::SageMaker::Endpoint")
    assert endpoint["RetainAllVariantProperties"] is True


def test_references_to_targets_and_policies() -> None:
    stack = new_stack()
    scaling: ScalableVariant = scaled(stack)
    policy = scaling.scale_on_invocations(600)
    assert stack.resolve(scaling.scalable_target_id) == {"Ref": "EndpointmainScaling89A74E31"}
    assert stack.resolve(policy.policy_arn) == {"Ref": "EndpointmainScalingInvocationsADBC9F35"}
    assert scaling.node.default_child is not None
    assert policy.node.default_child is not None


def test_names_of_policies() -> None:
    stack = new_stack()
    target = real_time(stack).variant("main").auto_scale(1, 4)
    target.scale_on_invocations(600, policy_name="Requests")
    target.scale_on_steps("depth", queue_depth(), {1: -1, 10: 1}, policy_name="Depth")
    names = {each["PolicyName"] for each in of_type(stack, POLICY)}
    assert names == {"Requests", "Depth-Out", "Depth-In"}
