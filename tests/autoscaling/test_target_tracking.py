"""Target values of target tracking policies."""

from __future__ import annotations

from kit.cdk import new_stack
from kit.scaling import rule_ids_at_synth, scaled, serverless_variant, tracking_of

from cdk_epc import (
    InstancePool,
    InstanceType,
    InstanceVariant,
    Severity,
)


def test_percent_of_instance_pools_of_one_size() -> None:
    stack = new_stack()
    pools = [
        InstancePool(InstanceType.ML_M5_XLARGE, priority=1),
        InstancePool(InstanceType.ML_M6I_XLARGE, priority=2),
    ]
    variant = InstanceVariant(
        "main", model="fraud-7", instance_type=pools, initial_instance_count=1
    )
    scaled(stack, variant).scale_on_cpu_utilization(50)
    assert tracking_of(stack)["TargetValue"] == 200


def test_a_warning_about_an_unreachable_percentage() -> None:
    policy = scaled(new_stack()).scale_on_cpu_utilization(100)
    (finding,) = policy.findings_at_synth()
    assert (finding.severity, finding.rule_id, finding.path, finding.got) == (
        Severity.WARNING,
        "scaling-target-unreachable",
        "scale_on_cpu_utilization().percent * 4",
        400,
    )


def test_a_warning_about_an_unreachable_share() -> None:
    """The utilization of provisioned concurrency is a share, 0 to 1."""
    policy = (
        serverless_variant(new_stack())
        .auto_scale(1, 20)
        .scale_on_provisioned_concurrency_utilization(50)
    )
    assert rule_ids_at_synth(policy) == ["scaling-target-unreachable"]
