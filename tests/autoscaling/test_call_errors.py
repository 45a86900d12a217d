"""Errors of scaling calls: raised by the call that causes them, with its argument and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from kit import scaling
from kit.cdk import new_stack
from kit.scaling import (
    asynchronous_variant,
    component,
    instance_variant,
    queue_depth,
    serverless_variant,
)

from cdk_epc import (
    AdjustmentType,
    Cron,
    EndpointConfigError,
    Finding,
    InstancePool,
    InstanceType,
    InstanceVariant,
    Severity,
)

# The tests pass arguments of wrong types, which a type checker refuses as well.
real_time: Any = scaling.real_time
scaled: Any = scaling.scaled
INFERENTIA = instance_variant(instance_type=InstanceType.ML_INF2_XLARGE)
UNKNOWN_TYPE = instance_variant(instance_type=InstanceType.of("ml.new.large"))
DIFFERENT_TYPES = InstanceVariant(
    "main",
    model="fraud-7",
    instance_type=[
        InstancePool(InstanceType.ML_M5_XLARGE, priority=1),
        InstancePool(InstanceType.ML_M5_2XLARGE, priority=2),
    ],
    initial_instance_count=1,
)
AT_8 = Cron(hour=8)
TARGET, COPIES = "Stack/Endpoint/mainScaling", "Stack/Component/Scaling"


def finding_of(call: Callable[[cdk.Stack], object]) -> Finding:
    """Return the only finding of a call, which names the line of the call."""
    stack = new_stack()
    with pytest.raises(EndpointConfigError) as error:
        call(stack)
    (finding,) = error.value.findings
    assert finding.file is not None
    assert Path(finding.file).name in {Path(__file__).name, "scaling.py"}
    return finding


def _scaled_twice(stack: cdk.Stack) -> None:
    variant = real_time(stack).variant("main")
    variant.auto_scale(1, 4)
    variant.auto_scale(1, 8)


def _copies_scaled_twice(stack: cdk.Stack) -> None:
    copies = component(stack)
    copies.auto_scale(1, 4)
    copies.auto_scale(1, 8)


def _invocations_twice(stack: cdk.Stack) -> None:
    target = scaled(stack)
    target.scale_on_invocations(600)
    target.scale_on_invocations(700)


def _schedule_twice(stack: cdk.Stack) -> None:
    target = scaled(stack)
    target.scale_on_schedule("n", Cron(hour=8), min_capacity=2)
    target.scale_on_schedule("n", Cron(hour=9), min_capacity=3)


def _in_another_region(stack: cdk.Stack) -> None:
    own = cdk.Stack(stack, "Own", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    scaled(own).scale_on_metric("depth", queue_depth(region="us-east-1"), 5)


def _in_another_account(stack: cdk.Stack) -> None:
    own = cdk.Stack(stack, "Own", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    scaled(own).scale_on_steps("depth", queue_depth(account="444455556666"), {5: 1})


CALL_ERRORS: dict[str, tuple[Callable[[cdk.Stack], object], str, str]] = {
    "a variant scaled twice": (
        _scaled_twice,
        (
            "scaling-repeated: auto_scale() was already called for variant 'main'. Add policies to "
            "the object that the first call returned."
        ),
        TARGET,
    ),
    "copies scaled twice": (
        _copies_scaled_twice,
        (
            "scaling-repeated: auto_scale() was already called for the copies of the component. "
            "Add policies to the object that the first call returned."
        ),
        COPIES,
    ),
    "scale from zero of a real-time endpoint": (
        lambda stack: real_time(stack).variant("main").auto_scale(1, 4, scale_from_zero=True),
        (
            "scale-from-zero-not-supported: scale_from_zero of auto_scale() is not allowed because "
            "only asynchronous endpoints and inference components scale to zero. Remove "
            "scale_from_zero."
        ),
        TARGET,
    ),
    "two targets": (
        lambda stack: scaled(stack).scale_on_invocations(5, max_requests_per_second=3),
        (
            "scaling-target-ambiguous: scale_on_invocations() is called with both target and "
            "max_requests_per_second; must be called with one of them. Pass either target or "
            "max_requests_per_second."
        ),
        TARGET,
    ),
    "no target": (
        lambda stack: scaled(stack).scale_on_invocations(),
        (
            "scaling-target-ambiguous: scale_on_invocations() is called with neither target nor "
            "max_requests_per_second; must be called with one of them. Pass either target or "
            "max_requests_per_second."
        ),
        TARGET,
    ),
    "no percentage": (
        lambda stack: scaled(stack).scale_on_cpu_utilization(),
        (
            "scaling-target-ambiguous: scale_on_cpu_utilization() is called with neither percent "
            "nor target; must be called with one of them. Pass either percent or target."
        ),
        TARGET,
    ),
    "percent of an unknown type": (
        lambda stack: scaled(stack, UNKNOWN_TYPE).scale_on_cpu_utilization(60),
        (
            "scaling-percent-type-unknown: percent of scale_on_cpu_utilization() is not allowed "
            "because the number of vCPUs of ml.new.large is unknown. Pass target instead, in "
            "percent of one vCPU: 60 percent of 4 vCPUs is 240."
        ),
        TARGET,
    ),
    "percent of types of different size": (
        lambda stack: scaled(stack, DIFFERENT_TYPES).scale_on_cpu_utilization(60),
        (
            "scaling-percent-type-unknown: percent of scale_on_cpu_utilization() is not allowed "
            "because ml.m5.xlarge and ml.m5.2xlarge have different numbers of vCPUs. Pass target "
            "instead, in percent of one vCPU: 60 percent of 4 vCPUs is 240."
        ),
        TARGET,
    ),
    "a policy twice": (
        _invocations_twice,
        (
            "feature-repeated: scale_on_invocations() adds a second policy 'Invocations' to "
            "variant 'main'. Pass all options of a policy in one call, and give each policy of "
            "scale_on_metric() and scale_on_steps() a different name."
        ),
        TARGET,
    ),
    "a number as a cooldown": (
        lambda stack: scaled(stack).scale_on_invocations(5, scale_in_cooldown=30),
        (
            "argument-type-wrong: scale_in_cooldown of scale_on_invocations() is 30; must be a "
            "Duration. Write cdk.Duration.seconds(30)."
        ),
        f"{TARGET}/Invocations",
    ),
    "a text as a metric": (
        lambda stack: scaled(stack).scale_on_metric("own", "Depth", 5),
        (
            "argument-type-wrong: metric of scale_on_metric(\"own\") is 'Depth'; must be a "
            "CloudWatch metric (IMetric). Pass an IMetric."
        ),
        TARGET,
    ),
    "a metric of another region": (
        _in_another_region,
        (
            'scaling-metric-other-region: metric of scale_on_metric("depth") is in region '
            "us-east-1; must be in the stack's region, eu-west-1. Publish the metric in the "
            "stack's region as well; Application Auto Scaling reads no other."
        ),
        "Stack/Own/Endpoint/mainScaling",
    ),
    "a metric of another account": (
        _in_another_account,
        (
            'scaling-metric-other-region: metric of scale_on_steps("depth") is in account '
            "444455556666; must be in the stack's account, 111122223333. Publish the metric in the "
            "stack's account as well; Application Auto Scaling reads no other."
        ),
        "Stack/Own/Endpoint/mainScaling",
    ),
    "steps that overlap": (
        lambda stack: scaled(stack).scale_on_steps("own", queue_depth(), {5: +1, 10: -1}),
        (
            'scaling-steps-invalid: steps of scale_on_steps("own") is {5: 1, 10: -1}; must remove '
            "capacity only at lower values than those that add capacity. Separate the values; "
            "where they overlap, both alarms are on."
        ),
        TARGET,
    ),
    "a step of 0": (
        lambda stack: scaled(stack).scale_on_steps("own", queue_depth(), {5: 0}),
        (
            'scaling-steps-invalid: steps of scale_on_steps("own") is {5: 0}; must map values of '
            "the metric to whole numbers other than 0. Pass for example {10: -1, 50: +1, 80: +3}."
        ),
        TARGET,
    ),
    "no steps": (
        lambda stack: scaled(stack).scale_on_steps("own", queue_depth(), {}),
        (
            'scaling-steps-invalid: steps of scale_on_steps("own") is empty; must map values of '
            "the metric to whole numbers other than 0. Pass for example {10: -1, 50: +1, 80: +3}."
        ),
        TARGET,
    ),
    "an exact capacity": (
        lambda stack: scaled(stack).scale_on_steps(
            "own", queue_depth(), {5: 1}, adjustment_type=AdjustmentType.EXACT_CAPACITY
        ),
        (
            'scaling-steps-invalid: adjustment_type of scale_on_steps("own") is '
            "'ExactCapacity'; must be ChangeInCapacity or PercentChangeInCapacity. Pass the change "
            "of each step, or create a CfnScalingPolicy instead."
        ),
        TARGET,
    ),
    "a number as a cooldown of steps": (
        lambda stack: scaled(stack).scale_on_steps("own", queue_depth(), {5: 1}, cooldown=5),
        (
            'argument-type-wrong: cooldown of scale_on_steps("own") is 5; must be a Duration. '
            "Write cdk.Duration.seconds(5)."
        ),
        f"{TARGET}/ownOut",
    ),
    "a schedule twice": (
        _schedule_twice,
        (
            'feature-repeated: scale_on_schedule("n") adds a second schedule of this name to '
            "variant 'main'. Give each schedule a different name."
        ),
        TARGET,
    ),
    "a number as a schedule": (
        lambda stack: scaled(stack).scale_on_schedule("n", 8, min_capacity=2),
        (
            'argument-type-wrong: schedule of scale_on_schedule("n") is 8; must be a Cron, a '
            "Schedule of CDK or an expression. Pass Cron(hour=8), or for example "
            '"rate(1 hour)".'
        ),
        TARGET,
    ),
    "a number as a time zone": (
        lambda stack: scaled(stack).scale_on_schedule("n", AT_8, min_capacity=2, time_zone=1),
        (
            'argument-type-wrong: time_zone of scale_on_schedule("n") is 1; must be a TimeZone or '
            'the name of a time zone. Pass for example "Europe/Berlin".'
        ),
        TARGET,
    ),
    "a text as a time": (
        lambda stack: scaled(stack).scale_on_schedule("n", AT_8, min_capacity=2, start="x"),
        (
            "argument-type-wrong: start of scale_on_schedule(\"n\") is 'x'; must be a datetime. "
            "Pass for example datetime(2030, 1, 31, 8, tzinfo=UTC)."
        ),
        TARGET,
    ),
}
"""Calls with the errors that only calls cause: the call, id, message and fix, and the construct."""


@pytest.mark.parametrize("name", CALL_ERRORS)
def test_errors_of_calls(name: str) -> None:
    call, expected, construct = CALL_ERRORS[name]
    finding = finding_of(call)
    assert f"{finding.rule_id}: {finding.message}. {finding.fix}" == expected
    assert finding.resource == construct


RULES: dict[str, tuple[Callable[[cdk.Stack], object], str, str, str]] = {
    "a burstable type": (
        lambda stack: scaled(stack, instance_variant(instance_type=InstanceType.ML_T2_MEDIUM)),
        "scaling-burstable-type",
        "production_variants[0].instance_type",
        "Stack/EndpointConfig",
    ),
    "instances to zero": (
        lambda stack: real_time(stack).variant("main").auto_scale(0, 4),
        "scaling-to-zero-not-supported",
        "auto_scale().min_capacity",
        TARGET,
    ),
    "minimum above maximum": (
        lambda stack: real_time(stack).variant("main").auto_scale(4, 1),
        "scaling-bounds-reversed",
        "auto_scale().min_capacity",
        TARGET,
    ),
    "a negative minimum": (
        lambda stack: real_time(stack).variant("main").auto_scale(-1, 1),
        "value-out-of-range",
        "auto_scale().min_capacity",
        TARGET,
    ),
    "a text as a minimum": (
        lambda stack: real_time(stack).variant("main").auto_scale("1", 4),
        "value-type-wrong",
        "auto_scale().min_capacity",
        TARGET,
    ),
    "no provisioned concurrency": (
        lambda stack: serverless_variant(stack, None).auto_scale(1, 4),
        "scaling-provisioned-missing",
        "auto_scale()",
        TARGET,
    ),
    "more than the maximum concurrency": (
        lambda stack: serverless_variant(stack).auto_scale(1, 21),
        "scaling-provisioned-too-large",
        "auto_scale().max_capacity",
        TARGET,
    ),
    "provisioned concurrency to zero": (
        lambda stack: serverless_variant(stack).auto_scale(0, 20),
        "scaling-provisioned-to-zero",
        "auto_scale().min_capacity",
        TARGET,
    ),
    "invocations of an asynchronous endpoint": (
        lambda stack: asynchronous_variant(stack).auto_scale(1, 4).scale_on_invocations(600),
        "scaling-metric-unpublished",
        "scale_on_invocations()",
        f"{TARGET}/Invocations",
    ),
    "concurrent requests of an asynchronous endpoint": (
        lambda stack: asynchronous_variant(stack).auto_scale(1, 4).scale_on_concurrent_requests(5),
        "scaling-metric-unpublished",
        "scale_on_concurrent_requests()",
        f"{TARGET}/ConcurrentRequests",
    ),
    "invocations of a serverless variant": (
        lambda stack: serverless_variant(stack).auto_scale(1, 4).scale_on_invocations(5),
        "scaling-metric-dimension-mismatch",
        "scale_on_invocations()",
        f"{TARGET}/Invocations",
    ),
    "CPU of a serverless variant": (
        lambda stack: serverless_variant(stack).auto_scale(1, 4).scale_on_cpu_utilization(target=5),
        "scaling-metric-unpublished",
        "scale_on_cpu_utilization()",
        f"{TARGET}/Cpu",
    ),
    "percent of CPU of a serverless variant": (
        lambda stack: serverless_variant(stack).auto_scale(1, 4).scale_on_cpu_utilization(5),
        "scaling-metric-unpublished",
        "scale_on_cpu_utilization()",
        f"{TARGET}/Cpu",
    ),
    "backlog of a real-time endpoint": (
        lambda stack: scaled(stack).scale_on_backlog(5),
        "scaling-metric-unpublished",
        "scale_on_backlog()",
        f"{TARGET}/Backlog",
    ),
    "provisioned concurrency of instances": (
        lambda stack: scaled(stack).scale_on_provisioned_concurrency_utilization(),
        "scaling-metric-dimension-mismatch",
        "scale_on_provisioned_concurrency_utilization()",
        f"{TARGET}/Utilization",
    ),
    "explanations without an explainer": (
        lambda stack: scaled(stack).scale_on_explanations(5),
        "scaling-metric-unpublished",
        "scale_on_explanations()",
        f"{TARGET}/Explanations",
    ),
    "GPU of a type without GPUs": (
        lambda stack: scaled(stack).scale_on_gpu_utilization(60),
        "scaling-metric-unpublished",
        "scale_on_gpu_utilization()",
        f"{TARGET}/Gpu",
    ),
    "GPU of a type with other accelerators": (
        lambda stack: scaled(stack, INFERENTIA).scale_on_gpu_utilization(target=60),
        "scaling-metric-unpublished",
        "scale_on_gpu_utilization()",
        f"{TARGET}/Gpu",
    ),
    "a target of 0": (
        lambda stack: scaled(stack).scale_on_invocations(0),
        "scaling-target-not-positive",
        "scale_on_invocations().target",
        f"{TARGET}/Invocations",
    ),
    "a negative percentage": (
        lambda stack: scaled(stack).scale_on_cpu_utilization(-5),
        "scaling-target-not-positive",
        "scale_on_cpu_utilization().percent * 4",
        f"{TARGET}/Cpu",
    ),
    "a negative load": (
        lambda stack: scaled(stack).scale_on_invocations(max_requests_per_second=-1),
        "scaling-target-not-positive",
        "scale_on_invocations().max_requests_per_second * 0.5 * 60",
        f"{TARGET}/Invocations",
    ),
    "a schedule to zero": (
        lambda stack: scaled(stack).scale_on_schedule("n", AT_8, min_capacity=0),
        "scaling-to-zero-not-supported",
        'scale_on_schedule("n").min_capacity',
        TARGET,
    ),
    "minimum above maximum in a schedule": (
        lambda stack: scaled(stack).scale_on_schedule("n", AT_8, min_capacity=5, max_capacity=2),
        "scaling-bounds-reversed",
        'scale_on_schedule("n").min_capacity',
        TARGET,
    ),
    "minimum above maximum of copies": (
        lambda stack: component(stack).auto_scale(3, 2),
        "scaling-bounds-reversed",
        "auto_scale().min_capacity",
        COPIES,
    ),
}
"""Calls that violate a rule, whose examples assert its text: call, rule, argument, construct."""


WARNINGS = {
    "scaling-metric-unpublished",
    "scaling-provisioned-to-zero",
    "scaling-provisioned-too-large",
    "scaling-target-not-positive",
}


@pytest.mark.parametrize("name", [each for each, row in RULES.items() if row[1] in WARNINGS])
def test_warnings_of_calls(name: str) -> None:
    call, rule_id, argument, construct = RULES[name]
    stack = new_stack()
    call(stack)
    found = [
        (each.severity, each.rule_id, each.path, each.resource)
        for checked in stack.node.find_all()
        if hasattr(checked, "findings_at_synth")
        for each in checked.findings_at_synth()
    ]
    assert (Severity.WARNING, rule_id, argument, construct) in found


@pytest.mark.parametrize("name", [each for each, row in RULES.items() if row[1] not in WARNINGS])
def test_rules_at_calls(name: str) -> None:
    call, rule_id, argument, construct = RULES[name]
    finding = finding_of(call)
    assert (finding.rule_id, finding.path, finding.resource) == (rule_id, argument, construct)
    assert finding.message
    assert finding.fix
