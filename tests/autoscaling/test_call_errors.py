"""What cannot be scaled is refused where it is written, with the whole story."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from kit import scaling
from kit.cdk import new_stack
from kit.scaling import component, on_instances, queue_depth, queued, warm

from cdk_epc import AdjustmentType, Cron, EndpointConfigError, InstanceType

# What a type checker refuses as well is given on purpose.
real_time: Any = scaling.real_time
scaled: Any = scaling.scaled
INFERENTIA = on_instances(instance_type=InstanceType.ML_INF2_XLARGE)
NEW = on_instances(instance_type=InstanceType.of("ml.new.large"))
EXACT = {"adjustment_type": AdjustmentType.EXACT_CAPACITY}
AT_8 = Cron(hour=8)


def _scaled_twice(stack: cdk.Stack) -> None:
    variant = real_time(stack).variant("main")
    variant.auto_scale(1, 4)
    variant.auto_scale(1, 8)


def _invocations_twice(stack: cdk.Stack) -> None:
    scalable = scaled(stack)
    scalable.scale_on_invocations(600)
    scalable.scale_on_invocations(700)


def _schedule_twice(stack: cdk.Stack) -> None:
    scalable = scaled(stack)
    scalable.scale_on_schedule("n", Cron(hour=8), min_capacity=2)
    scalable.scale_on_schedule("n", Cron(hour=9), min_capacity=3)


REFUSED: dict[str, tuple[Callable[[cdk.Stack], object], str, str]] = {
    "a burstable type": (
        lambda stack: scaled(stack, on_instances(instance_type=InstanceType.ML_T2_MEDIUM)),
        (
            "scaling-burstable-type: production_variants[0].instance_type is 'ml.t2.medium'; "
            "allowed: a type that is not burstable, for Stack/Endpoint/mainScaling scales the"
            " variant. Take for example ml.m5.large, or take the scaling out."
        ),
        "Stack/EndpointConfig",
    ),
    "instances to zero": (
        lambda stack: real_time(stack).variant("main").auto_scale(0, 4),
        (
            "scaling-to-zero-not-supported: auto_scale().min_capacity is 0; allowed: 1 or more for a "
            "real-time endpoint. Raise it to 1; only asynchronous endpoints and inference "
            "components come down to 0."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "least above greatest": (
        lambda stack: real_time(stack).variant("main").auto_scale(4, 1),
        (
            "scaling-bounds-reversed: auto_scale().min_capacity is 4; allowed: 1 or less, the greatest"
            " capacity. Lower it, or raise the greatest capacity."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "negative": (
        lambda stack: real_time(stack).variant("main").auto_scale(-1, 1),
        (
            "value-out-of-range: auto_scale().min_capacity is -1; allowed: 0 or more. Raise it to 0 "
            "or more."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "text": (
        lambda stack: real_time(stack).variant("main").auto_scale("1", 4),
        (
            "value-type-wrong: auto_scale().min_capacity is '1'; allowed: a whole number. Give a "
            "whole number, not str."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "scaled twice": (
        _scaled_twice,
        (
            "scaling-repeated: auto_scale(): a second call for variant 'main'; allowed: one, and "
            "it has been scaled. Keep what the first call gave back, and add policies to "
            "that."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "wake-up of a real-time endpoint": (
        lambda stack: real_time(stack).variant("main").auto_scale(1, 4, scale_from_zero=True),
        (
            "scale-from-zero-not-supported: auto_scale().wake_up is True; allowed: nothing, for only "
            "asynchronous endpoints and inference components come down to zero. Take it out."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "nothing provisioned": (
        lambda stack: warm(stack, None).auto_scale(1, 4),
        (
            "scaling-provisioned-missing: auto_scale(): a serverless variant without "
            "provisioned concurrency; allowed: one that has some to begin with. Give the "
            "variant provisioned concurrency, 1 or more."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "more than the concurrency": (
        lambda stack: warm(stack).auto_scale(1, 21),
        (
            "scaling-provisioned-too-large: auto_scale().max_capacity is 21; allowed: 20 or "
            "less, the variant's greatest concurrency. Lower it, or raise the variant's "
            "max_concurrency."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "concurrency to zero": (
        lambda stack: warm(stack).auto_scale(0, 20),
        (
            "scaling-to-zero-not-supported: auto_scale().min_capacity is 0; allowed: 1 or more for "
            "provisioned concurrency. Raise it to 1; only asynchronous endpoints and "
            "inference components come down to 0."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "invocations of a queue": (
        lambda stack: queued(stack).auto_scale(1, 4).scale_on_invocations(600),
        (
            "scaling-metric-unpublished: scale_on_invocations() is 'InvocationsPerInstance'; "
            "allowed: a metric that an asynchronous endpoint publishes. Scale on the backlog:"
            " ApproximateBacklogSizePerInstance."
        ),
        "Stack/Endpoint/mainScaling/Invocations",
    ),
    "concurrency of a queue": (
        lambda stack: queued(stack).auto_scale(1, 4).scale_on_concurrent_requests(5),
        (
            "scaling-metric-unpublished: scale_on_concurrent_requests() is "
            "'ConcurrentRequestsPerModel'; allowed: a metric that an asynchronous endpoint "
            "publishes. Scale on the backlog: ApproximateBacklogSizePerInstance."
        ),
        "Stack/Endpoint/mainScaling/ConcurrentRequests",
    ),
    "invocations, serverless": (
        lambda stack: warm(stack).auto_scale(1, 4).scale_on_invocations(5),
        (
            "scaling-metric-dimension-mismatch: scale_on_invocations() is "
            "'SageMakerVariantInvocationsPerInstance'; allowed: "
            "SageMakerVariantProvisionedConcurrencyUtilization, for "
            "sagemaker:variant:DesiredProvisionedConcurrency is scaled. Take "
            "SageMakerVariantProvisionedConcurrencyUtilization."
        ),
        "Stack/Endpoint/mainScaling/Invocations",
    ),
    "CPU, serverless": (
        lambda stack: warm(stack).auto_scale(1, 4).scale_on_cpu_utilization(target=5),
        (
            "scaling-metric-unpublished: scale_on_cpu_utilization() is 'CPUUtilization'; "
            "allowed: a metric that a serverless endpoint publishes. Scale on the utilization"
            " of the provisioned concurrency."
        ),
        "Stack/Endpoint/mainScaling/Cpu",
    ),
    "percent of CPU, serverless": (
        lambda stack: warm(stack).auto_scale(1, 4).scale_on_cpu_utilization(5),
        (
            "scaling-metric-unpublished: scale_on_cpu_utilization() is 'CPUUtilization'; "
            "allowed: a metric that a serverless endpoint publishes. Scale on the utilization"
            " of the provisioned concurrency."
        ),
        "Stack/Endpoint/mainScaling/Cpu",
    ),
    "backlog without a queue": (
        lambda stack: scaled(stack).scale_on_backlog(5),
        (
            "scaling-metric-unpublished: scale_on_backlog() is "
            "'ApproximateBacklogSizePerInstance'; allowed: a metric that a real-time endpoint"
            " publishes. Scale on invocations, concurrent requests or utilization."
        ),
        "Stack/Endpoint/mainScaling/Backlog",
    ),
    "utilization of instances": (
        lambda stack: scaled(stack).scale_on_provisioned_concurrency_utilization(),
        (
            "scaling-metric-dimension-mismatch: scale_on_provisioned_concurrency_utilization() is "
            "'SageMakerVariantProvisionedConcurrencyUtilization'; allowed: "
            "SageMakerVariantInvocationsPerInstance or "
            "SageMakerVariantConcurrentRequestsPerModelHighResolution, for "
            "sagemaker:variant:DesiredInstanceCount is scaled. Take "
            "SageMakerVariantInvocationsPerInstance."
        ),
        "Stack/Endpoint/mainScaling/Utilization",
    ),
    "explanations without an explainer": (
        lambda stack: scaled(stack).scale_on_explanations(5),
        (
            "scaling-metric-unpublished: scale_on_explanations() is "
            "'ExplanationsPerInstance'; allowed: a metric that is published without an "
            "explainer: the configuration has none. Scale on something else, for example on "
            "CPU utilization or invocations."
        ),
        "Stack/Endpoint/mainScaling/Explanations",
    ),
    "no GPU": (
        lambda stack: scaled(stack).scale_on_gpu_utilization(60),
        (
            "scaling-metric-unpublished: scale_on_gpu_utilization() is 'GPUUtilization'; "
            "allowed: a metric that is published without GPUs: ml.m5.xlarge has none. Scale "
            "on something else, for example on CPU utilization or invocations."
        ),
        "Stack/Endpoint/mainScaling/Gpu",
    ),
    "a chip that is no GPU": (
        lambda stack: scaled(stack, INFERENTIA).scale_on_gpu_utilization(target=60),
        (
            "scaling-metric-unpublished: scale_on_gpu_utilization() is 'GPUUtilization'; "
            "allowed: a metric that is published without GPUs: ml.inf2.xlarge has none. Scale"
            " on something else, for example on CPU utilization or invocations."
        ),
        "Stack/Endpoint/mainScaling/Gpu",
    ),
    "a target of zero": (
        lambda stack: scaled(stack).scale_on_invocations(0),
        (
            "scaling-target-not-positive: scale_on_invocations().target is 0; allowed: more than "
            "0, for InvocationsPerInstance is never below that. Give the value that the "
            "metric is to be kept near."
        ),
        "Stack/Endpoint/mainScaling/Invocations",
    ),
    "a negative target": (
        lambda stack: scaled(stack).scale_on_cpu_utilization(-5),
        (
            "scaling-target-not-positive: scale_on_cpu_utilization().percent, times 4, is -20; "
            "allowed: more than 0, for CPUUtilization is never below that. Give the value "
            "that the metric is to be kept near."
        ),
        "Stack/Endpoint/mainScaling/Cpu",
    ),
    "two targets": (
        lambda stack: scaled(stack).scale_on_invocations(5, max_requests_per_second=3),
        (
            "scaling-target-ambiguous: scale_on_invocations(): both; allowed: target or "
            "max_requests_per_second. Give one of the two."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "no target": (
        lambda stack: scaled(stack).scale_on_invocations(),
        (
            "scaling-target-ambiguous: scale_on_invocations(): neither; allowed: target or "
            "max_requests_per_second. Give one of the two."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "no share": (
        lambda stack: scaled(stack).scale_on_cpu_utilization(),
        (
            "scaling-target-ambiguous: scale_on_cpu_utilization(): neither; allowed: percent"
            " or target. Give one of the two."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "percent of an unknown type": (
        lambda stack: scaled(stack, NEW).scale_on_cpu_utilization(60),
        (
            "scaling-percent-type-unknown: scale_on_cpu_utilization().percent: 60 percent of "
            "ml.new.large; allowed: instance types of which the number of vCPUs is known, and"
            " the same for all. Give target instead, in percent of one vCPU: 60 percent of 4 "
            "are 240."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "a policy twice": (
        _invocations_twice,
        (
            "feature-repeated: scale_on_invocations(): a second policy of the same kind or name; "
            "allowed: one, and it has been given. Give everything about it in one call."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "a number for a cooldown": (
        lambda stack: scaled(stack).scale_on_invocations(5, scale_in_cooldown=30),
        (
            "argument-type-wrong: scale_on_invocations().scale_in_cooldown is 30; allowed: a "
            "Duration. Write Duration.seconds(…)."
        ),
        "Stack/Endpoint/mainScaling/Invocations",
    ),
    "no metric": (
        lambda stack: scaled(stack).scale_on_metric("own", "Depth", 5),
        (
            "argument-type-wrong: scale_on_metric(\"own\").metric is 'Depth'; allowed: a metric "
            "(IMetric). Give the metric itself."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "steps that cross": (
        lambda stack: scaled(stack).scale_on_steps("own", queue_depth(), {5: +1, 10: -1}),
        (
            'scaling-steps-invalid: scale_on_steps("own").steps is {5: 1, 10: -1}; allowed: values '
            "that take away below all values that add. Move them apart: both alarms would be "
            "on at once."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "a step of nothing": (
        lambda stack: scaled(stack).scale_on_steps("own", queue_depth(), {5: 0}),
        (
            'scaling-steps-invalid: scale_on_steps("own").steps is {5: 0}; allowed: for each value of'
            " the metric a whole number to change the capacity by, not 0. Write for example "
            "{10: -1, 50: +1, 80: +3}."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "no steps": (
        lambda stack: scaled(stack).scale_on_steps("own", queue_depth(), {}),
        (
            'scaling-steps-invalid: scale_on_steps("own").steps is {}; allowed: for each value of the'
            " metric a whole number to change the capacity by, not 0. Write for example {10: "
            "-1, 50: +1, 80: +3}."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "an exact capacity": (
        lambda stack: scaled(stack).scale_on_steps("own", queue_depth(), {5: 1}, **EXACT),
        (
            "scaling-steps-invalid: scale_on_steps(\"own\").steps is 'ExactCapacity'; allowed: "
            "ChangeInCapacity or PercentChangeInCapacity. Say how much more or less, or make "
            "a policy by hand."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "a number for a cooldown of steps": (
        lambda stack: scaled(stack).scale_on_steps("own", queue_depth(), {5: 1}, cooldown=5),
        (
            'argument-type-wrong: scale_on_steps("own").cooldown is 5; allowed: a Duration. Write '
            "Duration.seconds(…)."
        ),
        "Stack/Endpoint/mainScaling/ownOut",
    ),
    "to zero by the clock": (
        lambda stack: scaled(stack).scale_on_schedule("n", Cron(hour=8), min_capacity=0),
        (
            'scaling-to-zero-not-supported: scale_on_schedule("n").min_capacity is 0; allowed: 1 or more for'
            " a real-time endpoint. Raise it to 1; only asynchronous endpoints and inference "
            "components come down to 0."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "least above greatest by the clock": (
        lambda stack: scaled(stack).scale_on_schedule("n", AT_8, min_capacity=5, max_capacity=2),
        (
            'scaling-bounds-reversed: scale_on_schedule("n").min_capacity is 5; allowed: 2 or less, '
            "the greatest capacity. Lower it, or raise the greatest capacity."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "a schedule twice": (
        _schedule_twice,
        (
            'feature-repeated: scale_on_schedule("n"): a second schedule of the same name; '
            "allowed: one, and it has been given. Give each schedule a name of its own."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "no schedule": (
        lambda stack: scaled(stack).scale_on_schedule("n", 8, min_capacity=2),
        (
            'argument-type-wrong: scale_on_schedule("n").schedule is 8; allowed: a Cron, a Schedule'
            ' of CDK\'s, or an expression. Write Cron(hour=8), or for example "rate(1 hour)".'
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "no time zone": (
        lambda stack: scaled(stack).scale_on_schedule(
            "n", Cron(hour=8), min_capacity=2, time_zone=1
        ),
        (
            'argument-type-wrong: scale_on_schedule("n").time_zone is 1; allowed: a TimeZone or its'
            ' name. Write for example "Europe/Berlin".'
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "no datetime": (
        lambda stack: scaled(stack).scale_on_schedule("n", Cron(hour=8), min_capacity=2, start="x"),
        (
            "argument-type-wrong: scale_on_schedule(\"n\").start is 'x'; allowed: a datetime. Write "
            "datetime(2030, 1, 31, 8, tzinfo=UTC)."
        ),
        "Stack/Endpoint/mainScaling",
    ),
    "copies, least above greatest": (
        lambda stack: component(stack).auto_scale(3, 2),
        (
            "scaling-bounds-reversed: auto_scale().min_capacity is 3; allowed: 2 or less, the greatest"
            " capacity. Lower it, or raise the greatest capacity."
        ),
        "Stack/Component/Scaling",
    ),
}
"""By name: the call, the rule with what it says, and the construct."""


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_scaled_is_refused_where_it_is_written(name: str) -> None:
    call, reported, construct = REFUSED[name]
    stack = new_stack()
    with pytest.raises(EndpointConfigError) as refused:
        call(stack)
    (finding,) = refused.value.findings
    assert f"{finding.rule_id}: {finding.message}. {finding.fix}" == reported
    assert finding.resource == construct
    assert finding.file is not None
    assert Path(finding.file).name in {Path(__file__).name, "scaling.py"}
