"""Policy and alarm that scale a target from zero."""

from __future__ import annotations

from typing import Any

import attrs
import aws_cdk as cdk
import jsii
from kit.cdk import new_stack
from kit.scaling import ALARM, asynchronous_variant, instance_variant, of_type, rule_ids_at_synth

from cdk_epc import (
    Cron,
    Endpoint,
    EndpointConfig,
    Severity,
)
from cdk_epc.constructs.internals import internals_of


def test_no_policy_with_a_minimum_of_1() -> None:
    stack = new_stack()
    scaling = asynchronous_variant(stack).auto_scale(1, 4)
    scaling.scale_on_backlog(5)
    assert scaling.scale_from_zero_policy is None
    assert of_type(stack, ALARM) == []


def test_there_is_one_policy() -> None:
    stack = new_stack()
    scaling = asynchronous_variant(stack).auto_scale(1, 4, scale_from_zero=True)
    scaling.scale_on_backlog(5)
    scaling.scale_on_schedule("night", Cron(hour=20), min_capacity=0)
    assert scaling.scale_from_zero_policy is not None
    assert scaling.scale_from_zero_policy.alarm is not None
    assert len(of_type(stack, ALARM)) == 1


def test_an_endpoint_of_unknown_kind_may_be_asynchronous() -> None:
    stack = new_stack()
    config = EndpointConfig(stack, "Config", production_variants=[instance_variant()])
    endpoint = Endpoint(stack, "Endpoint", endpoint_config=config)
    unknown: Any = cdk.Lazy.any(_Nothing())
    internals_of(config).state.spec = attrs.evolve(config.spec, async_inference_config=unknown)
    scaling = endpoint.variant("main").auto_scale(0, 4)
    scaling.scale_on_backlog(5)
    scaling.scale_on_invocations(600)
    assert scaling.scale_from_zero_policy is not None
    assert rule_ids_at_synth(scaling) == []


@jsii.implements(cdk.IStableAnyProducer)
class _Nothing:
    """Lazy value that is never resolved."""

    def produce(self) -> None:
        """Return nothing."""


def test_a_schedule_to_zero_adds_the_policy() -> None:
    scaling = asynchronous_variant(new_stack()).auto_scale(1, 4)
    scaling.scale_on_schedule("closed", Cron(hour=20), min_capacity=0, max_capacity=0)
    assert scaling.scale_from_zero_policy is None  # the maximum is 0 as well
    scaling.scale_on_schedule("night", Cron(hour=22), min_capacity=0)
    assert scaling.scale_from_zero_policy is not None


def test_a_warning_without_the_policy() -> None:
    scaling = asynchronous_variant(new_stack()).auto_scale(0, 4, scale_from_zero=False)
    scaling.scale_on_backlog(5)
    (finding,) = scaling.findings_at_synth()
    assert (finding.severity, finding.rule_id, finding.path, finding.got) == (
        Severity.WARNING,
        "scaling-to-zero-without-step-policy",
        "auto_scale().min_capacity",
        0,
    )
