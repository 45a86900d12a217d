"""Rules of scalable targets and scaling policies: findings, tokens and values of wrong types."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from kit.requests import changed, paths_of
from kit.subjects import spec_of

from cdk_epc.rules import (
    check,
    scalable_dimensions,
    scaling,
    scaling_policies,
    scaling_to_zero,
)
from cdk_epc.spec import EndpointConfigSpec, Path, Spec
from cdk_epc.spec.context import ConfigContext, ScalableTargetContext, ScalingPolicyContext
from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec
from cdk_epc.spec.unresolved import Reference, Unresolved
from cdk_epc.spec.wire import spec_from_json

INSTANCES = "sagemaker:variant:DesiredInstanceCount"
CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"
TOKEN = "${Token[TOKEN.1]}"  # noqa: S105 - as CDK encodes it
COPIES = "sagemaker:inference-component:DesiredCopyCount"
TRACKING = "TargetTrackingScalingPolicyConfiguration"
CUSTOM: Path = ("target_tracking_scaling_policy_configuration", "customized_metric_specification")
QUERY: Path = (*CUSTOM, "metrics", 0, "metric_stat", "metric")
MANAGED = "ProductionVariants[0].ManagedInstanceScaling"
MAIN: Path = ("production_variants", 0)

REAL_TIME: dict[str, Any] = {
    "ProductionVariants": [
        {
            "VariantName": "main",
            "ModelName": "fraud-7",
            "InstanceType": "ml.m5.xlarge",
            "InitialInstanceCount": 2,
        }
    ]
}
ASYNCHRONOUS: dict[str, Any] = {
    **REAL_TIME,
    "AsyncInferenceConfig": {"OutputConfig": {"S3OutputPath": "s3://amzn-s3-demo-bucket/out/"}},
}
SERVERLESS: dict[str, Any] = {
    "ProductionVariants": [
        {
            "VariantName": "main",
            "ModelName": "fraud-7",
            "ServerlessConfig": {
                "MemorySizeInMB": 2048,
                "MaxConcurrency": 20,
                "ProvisionedConcurrency": 2,
            },
        }
    ]
}
EXPLAINER = {
    "ClarifyExplainerConfig": {"ShapConfig": {"ShapBaselineConfig": {"ShapBaseline": "1"}}}
}
CONFIGS = {
    "real-time": REAL_TIME,
    "asynchronous": ASYNCHRONOUS,
    "serverless": SERVERLESS,
    "Inferentia": changed(REAL_TIME, "ProductionVariants[0].InstanceType", "ml.inf2.xlarge"),
    "GPU": changed(REAL_TIME, "ProductionVariants[0].InstanceType", "ml.g5.xlarge"),
    "unpublished type": changed(REAL_TIME, "ProductionVariants[0].InstanceType", "ml.z9.large"),
    "explainer": {**REAL_TIME, "ExplainerConfig": EXPLAINER},
}
TARGET: dict[str, Any] = {
    "MinCapacity": 1,
    "MaxCapacity": 4,
    "ResourceId": "endpoint/fraud/variant/main",
    "ScalableDimension": INSTANCES,
    "ServiceNamespace": "sagemaker",
    "ScheduledActions": [
        {
            "ScheduledActionName": "day",
            "Schedule": "cron(0 8 * * ? *)",
            "Timezone": "Europe/Berlin",
            "ScalableTargetAction": {"MinCapacity": 2, "MaxCapacity": 4},
        }
    ],
}
DIMENSIONS = [
    {"Name": "EndpointName", "Value": "fraud"},
    {"Name": "VariantName", "Value": "main"},
]
CPU: dict[str, Any] = {
    "MetricName": "CPUUtilization",
    "Namespace": "/aws/sagemaker/Endpoints",
    "Dimensions": DIMENSIONS,
    "Statistic": "Average",
}
POLICIES: dict[str, dict[str, Any]] = {
    "predefined": {
        "PolicyName": "invocations",
        "PolicyType": "TargetTrackingScaling",
        "ScalingTargetId": "target",
        TRACKING: {
            "TargetValue": 600,
            "ScaleInCooldown": 300,
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
            },
        },
    },
    "customized": {
        "PolicyName": "cpu",
        "PolicyType": "TargetTrackingScaling",
        "ScalingTargetId": "target",
        TRACKING: {"TargetValue": 240, "CustomizedMetricSpecification": CPU},
    },
    "queries": {
        "PolicyName": "latency",
        "PolicyType": "TargetTrackingScaling",
        "ScalingTargetId": "target",
        TRACKING: {
            "TargetValue": 250000,
            "CustomizedMetricSpecification": {
                "Metrics": [
                    {
                        "Id": "latency",
                        "MetricStat": {
                            "Metric": {
                                "MetricName": "ModelLatency",
                                "Namespace": "AWS/SageMaker",
                                "Dimensions": DIMENSIONS,
                            },
                            "Stat": "p99",
                        },
                    }
                ]
            },
        },
    },
    "steps": {
        "PolicyName": "steps",
        "PolicyType": "StepScaling",
        "ScalingTargetId": "target",
        "StepScalingPolicyConfiguration": {
            "AdjustmentType": "ChangeInCapacity",
            "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
        },
    },
}


def target(
    data: dict[str, Any] = TARGET,
    config: dict[str, Any] | None = REAL_TIME,
    policies: tuple[ScalingPolicySpec, ...] | None = None,
) -> ScalableTargetContext:
    """A target on the first variant of a configuration."""
    return ScalableTargetContext(
        target=spec_of(ScalableTargetSpec, data),
        logical_id="Target",
        config=None
        if config is None
        else ConfigContext(config=spec_of(EndpointConfigSpec, config)),
        variant=MAIN,
        policies=policies,
    )


def policy(
    data: dict[str, Any], scaling: ScalableTargetContext | None, own: frozenset[Path] = frozenset()
) -> ScalingPolicyContext:
    return ScalingPolicyContext(
        policy=spec_of(ScalingPolicySpec, data),
        target=scaling,
        own_metrics=own or frozenset({CUSTOM, QUERY}),
    )


def reported(subject: Any) -> list[str]:
    return [f"{each.rule_id}: {each.message}" for each in check(subject)]


@pytest.mark.parametrize("name", POLICIES)
def test_good_targets_and_policies_have_no_finding(name: str) -> None:
    policies = tuple(spec_of(ScalingPolicySpec, each) for each in POLICIES.values())
    assert reported(target(policies=policies)) == []
    assert reported(policy(POLICIES[name], target())) == []


OF_TARGET: list[tuple[str, Any, str, list[str]]] = [
    ("MinCapacity", 5, "real-time", [
        "scaling-bounds-reversed: MinCapacity is 5; must not exceed MaxCapacity (4)",
    ]),
    ("MinCapacity", 0, "real-time", [
        ("scaling-to-zero-not-supported: MinCapacity is 0; must be 1 or more for a real-time "
        "endpoint"),
    ]),
    ("MinCapacity", 0, "asynchronous", []),
    ("MinCapacity", 3, "asynchronous", [
        ("scaling-initial-count-outside: MinCapacity is 3; must not exceed the initial instance "
        "count of the variant (2)"),
    ]),
    ("MaxCapacity", 1, "asynchronous", [
        ("scaling-initial-count-outside: MaxCapacity is 1; must not be less than the initial "
        "instance count of the variant (2)"),
    ]),
    ("ScheduledActions[0].ScalableTargetAction.MinCapacity", 5, "real-time", [
        ("scaling-bounds-reversed: ScheduledActions[0].ScalableTargetAction.MinCapacity is 5; must "
        "not exceed MaxCapacity (4)"),
    ]),
    ("ScheduledActions[0].Schedule", "cron(* 8 * * ? *)", "real-time", [
        ("schedule-every-minute: ScheduledActions[0].Schedule is 'cron(* 8 * * ? *)'; must have a "
        "minute because * runs the action in each minute of the hour"),
    ]),
    ("ScheduledActions[0].Schedule", "cron(* * * * ? *)", "real-time", []),
    ("ScheduledActions[0].Schedule", "rate(5 minutes)", "real-time", [
        ("schedule-time-zone-ignored: ScheduledActions[0].Timezone 'Europe/Berlin' is not allowed "
        "for rate(5 minutes), because it has no effect on a rate"),
    ]),
    ("ScalableDimension", CONCURRENCY, "real-time", [
        (f"scaling-dimension-mismatch: ScalableDimension is '{CONCURRENCY}'; must be {INSTANCES} "
        "because the variant has instances"),
    ]),
    ("ScalableDimension", INSTANCES, "serverless", [
        (f"scaling-dimension-mismatch: ScalableDimension is '{INSTANCES}'; must be {CONCURRENCY} "
        "because the variant is serverless"),
    ]),
    ("ScalableDimension", "dynamodb:table:ReadCapacityUnits", "real-time", [
        ("scaling-namespace-mismatch: ScalableDimension is 'dynamodb:table:ReadCapacityUnits'; "
        f"must be a dimension of SageMaker, such as {INSTANCES}"),
    ]),
]  # fmt: skip
"""One change to a target on a kind of endpoint, and all findings."""


@pytest.mark.parametrize(("at", "value", "config", "expected"), OF_TARGET)
def test_one_change_to_a_target(at: str, value: Any, config: str, expected: list[str]) -> None:
    assert reported(target(changed(TARGET, at, value), CONFIGS[config])) == expected


OF_SERVERLESS: list[tuple[dict[str, Any], dict[str, Any], list[str]]] = [
    ({"MaxCapacity": 20}, {}, []),
    ({"MaxCapacity": 21}, {}, [
        ("scaling-provisioned-too-large: MaxCapacity is 21; must not exceed MaxConcurrency of the "
        "variant (20)"),
    ]),
    ({"MinCapacity": 0}, {}, [
        ("scaling-provisioned-to-zero: MinCapacity is 0; must be 1 or more for provisioned "
        "concurrency"),
    ]),
    ({}, {"ProvisionedConcurrency": None}, [
        ("scaling-provisioned-missing: the scaled serverless variant has no provisioned "
        "concurrency"),
    ]),
    ({}, {"ProvisionedConcurrency": Unresolved({"Ref": "P"})}, []),
]  # fmt: skip


@pytest.mark.parametrize(("of_target", "of_variant", "expected"), OF_SERVERLESS)
def test_provisioned_concurrency(
    of_target: dict[str, Any], of_variant: dict[str, Any], expected: list[str]
) -> None:
    given = SERVERLESS["ProductionVariants"][0]["ServerlessConfig"] | of_variant
    known = {name: each for name, each in given.items() if each is not None}
    config = changed(SERVERLESS, "ProductionVariants[0].ServerlessConfig", known)
    data = {**TARGET, "ScalableDimension": CONCURRENCY, **of_target}
    assert reported(target(data, config)) == expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (
            attrs.evolve(target(), is_dependent=False),
            (
                "scaling-resource-not-awaited: ResourceId is 'endpoint/fraud/variant/main'; must "
                "refer to the endpoint so that CloudFormation creates the endpoint first"
            ),
        ),
        (
            attrs.evolve(target(), variant=("shadow_production_variants", 0)),
            (
                "scaling-shadow-variant: the scalable target is on a shadow variant; must be on a "
                "production variant"
            ),
        ),
        (
            attrs.evolve(target(), resource_id_has_arn=True),
            (
                "scaling-resource-is-arn: ResourceId contains the ARN of an endpoint; must contain "
                "its name"
            ),
        ),
        (
            attrs.evolve(target(), variant=None),
            (
                "scaling-variant-unknown: ResourceId names a variant that the endpoint does not "
                "have; must name a variant of the endpoint: main"
            ),
        ),
        (
            target(config=changed(REAL_TIME, MANAGED, {"Status": "ENABLED"})),
            (
                "scaling-managed-variant: the scalable target is on a variant that already has "
                "managed instance scaling"
            ),
        ),
        (
            target({**TARGET, "ScheduledActions": []}, policies=()),
            (
                "scaling-policy-missing: the scalable target has neither a scaling policy nor a "
                "scheduled action"
            ),
        ),
    ],
)
def test_related_resources_of_a_target(subject: ScalableTargetContext, expected: str) -> None:
    assert reported(subject) == [expected]


def test_variant_names_that_are_unknown() -> None:
    unnamed = changed(REAL_TIME, "ProductionVariants[0].VariantName", TOKEN)
    assert reported(attrs.evolve(target(config=unnamed), variant=None)) == []
    assert reported(attrs.evolve(target(config=None), variant=None)) == []


def _of_policy(name: str, at: str, value: Any) -> dict[str, Any]:
    return dict(changed(POLICIES[name], f"{TRACKING}.{at}", value))


def _predefined(metric: str) -> dict[str, Any]:
    return _of_policy("predefined", "PredefinedMetricSpecification.PredefinedMetricType", metric)


def _pools(*types: str) -> dict[str, Any]:
    pools = [{"InstanceType": each, "Priority": at} for at, each in enumerate(types, 1)]
    (variant,) = REAL_TIME["ProductionVariants"]
    alone = {name: value for name, value in variant.items() if name != "InstanceType"}
    return {"ProductionVariants": [{**alone, "InstancePools": pools}]}


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (("ml.m5.xlarge", "ml.c5.xlarge"), [
            ("scaling-metric-unpublished: metric GPUUtilization needs GPUs, and ml.m5.xlarge and "
            "ml.c5.xlarge have none"),
        ]),
        (("ml.m5.xlarge", "ml.g5.xlarge"), []),
        (("ml.m5.xlarge", TOKEN), []),
        (("ml.g5.xlarge", "ml.g5.12xlarge"), []),
        (("ml.g5.xlarge", "ml.g5.2xlarge"), [
            (f"scaling-target-unreachable: {TRACKING}.TargetValue is 240; must be less than 100, "
            "the maximum of GPUUtilization"),
        ]),
    ],
)  # fmt: skip
def test_instance_pools(types: tuple[str, ...], expected: list[str]) -> None:
    assert reported(policy(GPU, target(config=_pools(*types)))) == expected


def _explanations() -> dict[str, Any]:
    custom = "CustomizedMetricSpecification"
    named = _of_policy("customized", f"{custom}.MetricName", "ExplanationsPerInstance")
    placed = changed(named, f"{TRACKING}.{custom}.Namespace", "AWS/SageMaker")
    return dict(changed(placed, f"{TRACKING}.{custom}.Statistic", "Sum"))


def _two_queries() -> dict[str, Any]:
    """Return a policy on the difference of two metrics, which may be negative."""
    (one,) = POLICIES["queries"][TRACKING]["CustomizedMetricSpecification"]["Metrics"]
    two = [{**one, "ReturnData": False}, {"Id": "less", "Expression": "latency - 5"}]
    data = _of_policy("queries", "CustomizedMetricSpecification.Metrics", two)
    return dict(changed(data, f"{TRACKING}.TargetValue", -1))


def _of_math(value: float) -> dict[str, Any]:
    """Return a policy on an expression about a metric in percent."""
    stat = {"Metric": {name: CPU[name] for name in CPU if name != "Statistic"}, "Stat": "Average"}
    queries = [
        {"Id": "cpu", "MetricStat": stat, "ReturnData": False},
        {"Id": "scaled", "Expression": "cpu * 10"},
    ]
    data = _of_policy("queries", "CustomizedMetricSpecification.Metrics", queries)
    return dict(changed(data, f"{TRACKING}.TargetValue", value))


def _of_counts(value: float) -> dict[str, Any]:
    """Return a policy on the number of values, which have no maximum."""
    data = _of_policy("customized", "CustomizedMetricSpecification.Statistic", "SampleCount")
    return dict(changed(data, f"{TRACKING}.TargetValue", value))


def _of_instance_type() -> dict[str, Any]:
    """Return a policy on the metric of one type of a variant with instance pools."""
    dimensions = [*DIMENSIONS, {"Name": "InstanceType", "Value": "ml.m5.xlarge"}]
    data = _of_policy("customized", "CustomizedMetricSpecification.Dimensions", dimensions)
    return dict(changed(data, f"{TRACKING}.CustomizedMetricSpecification.Statistic", "Sum"))


GPU = _of_policy("customized", "CustomizedMetricSpecification.MetricName", "GPUUtilization")
OF_POLICY: list[tuple[dict[str, Any], str, list[str]]] = [
    (POLICIES["predefined"], "asynchronous", [
        ("scaling-metric-unpublished: metric InvocationsPerInstance is not published by an "
        "asynchronous endpoint"),
    ]),
    (POLICIES["customized"], "asynchronous", []),
    (POLICIES["steps"], "asynchronous", []),
    (_of_policy("predefined", "TargetValue", 0), "real-time", [
        (f"scaling-target-not-positive: {TRACKING}.TargetValue is 0; must be more than 0 because "
        "InvocationsPerInstance is never negative"),
    ]),
    (_of_policy("customized", "TargetValue", 400), "real-time", [
        (f"scaling-target-unreachable: {TRACKING}.TargetValue is 400; must be less than 400, the "
        "maximum of CPUUtilization"),
    ]),
    (_of_policy("customized", "TargetValue", 399.5), "real-time", []),
    (GPU, "real-time", [
        "scaling-metric-unpublished: metric GPUUtilization needs GPUs, and ml.m5.xlarge has none",
    ]),
    (GPU, "Inferentia", [
        "scaling-metric-unpublished: metric GPUUtilization needs GPUs, and ml.inf2.xlarge has none",
    ]),
    (GPU, "GPU", [
        (f"scaling-target-unreachable: {TRACKING}.TargetValue is 240; must be less than 100, the "
        "maximum of GPUUtilization"),
    ]),
    (GPU, "unpublished type", []),
    (_explanations(), "real-time", [
        ("scaling-metric-unpublished: metric ExplanationsPerInstance needs an explainer, and the "
        "configuration has none"),
    ]),
    (_explanations(), "explainer", []),
    (_of_policy("queries", "TargetValue", -1), "real-time", [
        (f"scaling-target-not-positive: {TRACKING}.TargetValue is -1; must be more than 0 because "
        "ModelLatency is never negative"),
    ]),
    (_two_queries(), "real-time", []),
    (_of_policy("customized", "CustomizedMetricSpecification.Statistic", "Sum"), "real-time", [
        ("scaling-statistic-unsuitable: statistic Sum is not meaningful for CPUUtilization; must "
        "be Average, Maximum, Minimum or SampleCount"),
    ]),
    (_of_policy("customized", "CustomizedMetricSpecification.Dimensions", DIMENSIONS[:1]),
     "real-time", [
        ("scaling-metric-dimensions-wrong: metric CPUUtilization is published with the dimensions "
        "EndpointName and VariantName, or EndpointName, VariantName and ContainerName; the policy "
        "uses EndpointName"),
    ]),
    (_of_policy("customized", "CustomizedMetricSpecification.Dimensions", []), "real-time", [
        ("scaling-metric-dimensions-wrong: metric CPUUtilization is published with the dimensions "
        "EndpointName and VariantName, or EndpointName, VariantName and ContainerName; the policy "
        "uses none"),
    ]),
    (_of_policy("queries", "CustomizedMetricSpecification.Metrics[0].MetricStat.Metric.MetricName",
                "InvocationsPerInstance"), "real-time", [
        ("scaling-statistic-unsuitable: statistic p99 is not meaningful for "
        "InvocationsPerInstance; must be Sum"),
    ]),
    (_of_policy("predefined", "TargetValue", 1), "real-time", []),
    (_of_policy("customized", "TargetValue", 4), "real-time", [
        ("scaling-target-is-fraction: the target value 4 is 1 percent of the maximum of "
        "CPUUtilization, which is in percent; should be more than 1 percent"),
    ]),
    (_of_policy("customized", "TargetValue", 4.5), "real-time", []),
    (_of_policy("customized", "TargetValue", 1), "unpublished type", [
        ("scaling-target-is-fraction: the target value 1 is 1 percent of the maximum of "
        "CPUUtilization, which is in percent; should be more than 1 percent"),
    ]),
    (_of_math(0.5), "real-time", []),
    (_of_math(1000), "real-time", []),
    (_of_counts(500), "real-time", []),
    (_of_instance_type(), "real-time", []),
]  # fmt: skip
"""A policy on a kind of endpoint, and all findings."""


@pytest.mark.parametrize(("data", "config", "expected"), OF_POLICY)
def test_tracked_metrics(data: dict[str, Any], config: str, expected: list[str]) -> None:
    assert reported(policy(data, target(config=CONFIGS[config]))) == expected


METRICS = "CustomizedMetricSpecification.Metrics[0].MetricStat"
PATHS: list[tuple[dict[str, Any], str, str]] = [
    (
        POLICIES["predefined"],
        "asynchronous",
        "PredefinedMetricSpecification.PredefinedMetricType",
    ),
    (GPU, "real-time", "CustomizedMetricSpecification"),
    (
        _of_policy("customized", "CustomizedMetricSpecification.Dimensions", []),
        "real-time",
        "CustomizedMetricSpecification.Dimensions",
    ),
    (
        _of_policy("queries", f"{METRICS}.Metric.Dimensions", []),
        "real-time",
        f"{METRICS}.Metric.Dimensions",
    ),
    (
        _of_policy("customized", "CustomizedMetricSpecification.Statistic", "Sum"),
        "real-time",
        "CustomizedMetricSpecification.Statistic",
    ),
    (
        _of_policy("queries", f"{METRICS}.Metric.MetricName", "InvocationsPerInstance"),
        "real-time",
        f"{METRICS}.Stat",
    ),
]
"""A policy on a kind of endpoint, and the path of its one finding."""


@pytest.mark.parametrize(("data", "config", "path"), PATHS)
def test_paths_of_findings(data: dict[str, Any], config: str, path: str) -> None:
    found = [each.path for each in check(policy(data, target(config=CONFIGS[config])))]
    assert found == [f"{TRACKING}.{path}"]


@pytest.mark.parametrize(
    ("dimension", "metric", "is_supported"),
    [
        (INSTANCES, "SageMakerInferenceComponentInvocationsPerCopy", False),
        (INSTANCES, "SageMakerVariantConcurrentRequestsPerModelHighResolution", True),
        (INSTANCES, "SageMakerVariantTokensPerSecond", None),
        (INSTANCES, "ECSServiceAverageCPUUtilization", False),
        (COPIES, "SageMakerInferenceComponentInvocationsPerCopy", True),
        (COPIES, "SageMakerVariantInvocationsPerInstance", False),
    ],
)
def test_predefined_metrics_of_a_dimension(
    dimension: str, metric: str, *, is_supported: bool | None
) -> None:
    scaling = target({**TARGET, "ScalableDimension": dimension}, None)
    found = [each.rule_id for each in check(policy(_predefined(metric), scaling))]
    mismatch, unknown = ["scaling-metric-dimension-mismatch"], ["scaling-metric-type-unknown"]
    assert found == {True: [], False: mismatch, None: unknown}[is_supported]


def test_predefined_metric_of_another_dimension() -> None:
    other = policy(_predefined("SageMakerInferenceComponentInvocationsPerCopy"), target())
    assert reported(other) == [
        (
            "scaling-metric-dimension-mismatch: predefined metric "
            f"SageMakerInferenceComponentInvocationsPerCopy does not support {INSTANCES}; must be "
            "SageMakerVariantInvocationsPerInstance or "
            "SageMakerVariantConcurrentRequestsPerModelHighResolution"
        )
    ]


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("scaling", [None, target(config=None)])
def test_policies_without_a_known_configuration(
    name: str, scaling: ScalableTargetContext | None
) -> None:
    assert reported(policy(POLICIES[name], scaling)) == []


def test_metrics_of_other_resources_are_not_checked() -> None:
    assert reported(attrs.evolve(policy(GPU, target()), own_metrics=frozenset())) == []


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([1], []),
        ([-1], ["scaling-to-zero-without-step-policy"]),
        ([0], ["scaling-to-zero-without-step-policy"]),
        ([-1, Unresolved({"Ref": "Step"})], []),
        ([], ["scaling-to-zero-without-step-policy"]),
    ],
)
def test_only_a_positive_step_scales_from_zero(steps: list[Any], expected: list[str]) -> None:
    adjustments = [{"ScalingAdjustment": each} for each in steps]
    at = "StepScalingPolicyConfiguration.StepAdjustments"
    given = spec_of(ScalingPolicySpec, changed(POLICIES["steps"], at, adjustments))
    subject = target({**TARGET, "MinCapacity": 0}, ASYNCHRONOUS, (given,))
    assert [each.rule_id for each in check(subject)] == expected


UNKNOWN = Unresolved({"Ref": "Steps"})


@pytest.mark.parametrize(
    ("at", "value"),
    [
        ("PolicyType", UNKNOWN),
        ("StepScalingPolicyConfiguration", UNKNOWN),
        ("StepScalingPolicyConfiguration.StepAdjustments", UNKNOWN),
        (
            "StepScalingPolicyConfiguration.StepAdjustments",
            [{"ScalingAdjustment": -1}, UNKNOWN],
        ),
    ],
)
def test_an_unknown_part_of_a_policy_may_scale_from_zero(at: str, value: Any) -> None:
    steps = "StepScalingPolicyConfiguration.StepAdjustments"
    negative = changed(POLICIES["steps"], steps, [{"ScalingAdjustment": -1}])
    given = spec_of(ScalingPolicySpec, changed(negative, at, value))
    subject = target({**TARGET, "MinCapacity": 0}, ASYNCHRONOUS, (given,))
    assert [each.rule_id for each in check(subject)] == []


def test_steps_of_a_target_tracking_policy_do_not_count() -> None:
    given = spec_of(ScalingPolicySpec, {**POLICIES["steps"], "PolicyType": "TargetTrackingScaling"})
    subject = target({**TARGET, "MinCapacity": 0}, ASYNCHRONOUS, (given,))
    assert [each.rule_id for each in check(subject)] == ["scaling-to-zero-without-step-policy"]


def test_unknown_policies_are_not_reported_as_missing() -> None:
    assert reported(target({**TARGET, "MinCapacity": 0}, ASYNCHRONOUS, None)) == []


class Resolvable:
    """Object with the method by which a CDK token is recognised."""

    def resolve(self, _context: object) -> object:
        """Fail, because a rule must not resolve a token."""
        raise NotImplementedError


TOKENS: dict[str, Any] = {
    "text": "${Token[TOKEN.12]}",
    "number": -1.8881545897087537e289,
    "list": ["#{Token[TOKEN.3]}"],
    "object": Resolvable(),
    "unknown": Unresolved({"Fn::ImportValue": "export"}),
    "reference": Unresolved({"Ref": "Other"}, Reference("Custom::Other", "Other")),
}
GARBAGE: dict[str, Any] = {
    "true": True,
    "below zero": -1,
    "beyond a float": 10**400,
    "empty text": "",
    "empty list": [],
    "list of lists": [[[]]],
    "list of empty objects": [{}, {}],
    "empty object": {},
}


@pytest.mark.parametrize("token", TOKENS)
def test_a_token_at_any_path_adds_no_finding(token: str) -> None:
    """In a target, in its configuration, in each policy."""
    added: dict[Any, list[str]] = {}
    for at in paths_of(TARGET):
        added[at] = reported(target(changed(TARGET, at, TOKENS[token])))
    for name, config in CONFIGS.items():
        data = TARGET if name != "serverless" else {**TARGET, "ScalableDimension": CONCURRENCY}
        for at in paths_of(config):
            added[name, at] = reported(target(data, changed(config, at, TOKENS[token])))
    for name, data in POLICIES.items():
        for at in paths_of(data):
            added[name, at] = reported(policy(changed(data, at, TOKENS[token]), target()))
    assert {at: found for at, found in added.items() if found} == {}


@pytest.mark.parametrize("garbage", GARBAGE)
def test_values_of_wrong_types_raise_nothing(garbage: str) -> None:
    for at in paths_of(TARGET):
        spec, _ = spec_from_json(ScalableTargetSpec, changed(TARGET, at, GARBAGE[garbage]))
        check(attrs.evolve(target(), target=spec))
        check(spec)
    for data in POLICIES.values():
        for at in paths_of(data):
            spec_, _ = spec_from_json(ScalingPolicySpec, changed(data, at, GARBAGE[garbage]))
            subject = ScalingPolicyContext(
                policy=spec_, target=target(), own_metrics=frozenset({CUSTOM, QUERY})
            )
            check(subject)
            check(spec_)


def test_subjects_of_the_rules() -> None:
    """Constructs and templates both create these contexts, so both evaluate all rules."""
    targets = (scaling, scaling_to_zero, scalable_dimensions)
    assert {rule.about for topic in targets for rule in topic.RULES} == {(ScalableTargetContext,)}
    assert {rule.about for rule in scaling_policies.RULES} == {(ScalingPolicyContext,)}


@pytest.mark.parametrize(
    ("cls", "data"),
    [(ScalableTargetSpec, TARGET), *((ScalingPolicySpec, each) for each in POLICIES.values())],
)
def test_fields_have_no_finding(cls: type[Spec], data: dict[str, Any]) -> None:
    assert reported(spec_of(cls, data)) == []


AT_ZERO = target({**TARGET, "MinCapacity": 0}, ASYNCHRONOUS, ())
COMPONENT = {**TARGET, "ScalableDimension": COPIES, "ResourceId": "inference-component/scorer"}
FIXES: list[tuple[Any, str, str]] = [
    (
        target({**TARGET, "MinCapacity": 0}),
        "scaling-to-zero-not-supported",
        "Set MinCapacity to 1; only asynchronous endpoints and inference components scale to 0.",
    ),
    (
        target({**TARGET, "ScalableDimension": CONCURRENCY}),
        "scaling-dimension-mismatch",
        f"Set ScalableDimension to {INSTANCES}.",
    ),
    (
        target(
            {**TARGET, "ScalableDimension": CONCURRENCY},
            changed(
                SERVERLESS,
                "ProductionVariants[0].ServerlessConfig",
                {"MemorySizeInMB": 2048, "MaxConcurrency": 20},
            ),
        ),
        "scaling-provisioned-missing",
        "Set ProvisionedConcurrency of the variant to 1 or more.",
    ),
    (
        target({**TARGET, "ScalableDimension": CONCURRENCY, "MaxCapacity": 21}, SERVERLESS),
        "scaling-provisioned-too-large",
        "Lower MaxCapacity, or raise MaxConcurrency of the variant.",
    ),
    (
        AT_ZERO,
        "scaling-to-zero-without-step-policy",
        "Add a step scaling policy with an alarm on HasBacklogWithoutCapacity.",
    ),
    (
        policy(_predefined("SageMakerInferenceComponentInvocationsPerCopy"), target()),
        "scaling-metric-dimension-mismatch",
        "Use SageMakerVariantInvocationsPerInstance.",
    ),
    (
        policy(_predefined("SageMakerInferenceComponentInvocationPerCopy"), target()),
        "scaling-metric-dimension-mismatch",
        "Use SageMakerVariantInvocationsPerInstance.",
    ),
    (
        policy(
            {
                **_predefined("SageMakerInferenceComponentInvocationsPerCopy"),
                "ScalableDimension": INSTANCES,
            },
            None,
        ),
        "scaling-metric-dimension-mismatch",
        "Use SageMakerVariantInvocationsPerInstance.",
    ),
    (
        policy(POLICIES["predefined"], target(config=ASYNCHRONOUS)),
        "scaling-metric-unpublished",
        "Track the backlog: ApproximateBacklogSizePerInstance.",
    ),
    (
        policy(_explanations(), target()),
        "scaling-metric-unpublished",
        "Track another metric, for example CPU utilization or invocations.",
    ),
    (
        policy(_of_policy("customized", "CustomizedMetricSpecification.Dimensions", []), target()),
        "scaling-metric-dimensions-wrong",
        "Use exactly the dimensions with which the metric is published.",
    ),
    (
        policy(_of_policy("predefined", "TargetValue", 0), target()),
        "scaling-target-not-positive",
        "Set the target to the value that the policy is to hold.",
    ),
    (
        policy(_of_policy("customized", "TargetValue", 400), target()),
        "scaling-target-unreachable",
        "Lower the target; at the maximum, the policy never scales out.",
    ),
    (
        policy(
            _of_policy("customized", "CustomizedMetricSpecification.Statistic", "Sum"), target()
        ),
        "scaling-statistic-unsuitable",
        "Use Average.",
    ),
]


@pytest.mark.parametrize(("subject", "rule", "fix"), FIXES)
def test_fixes(subject: Any, rule: str, fix: str) -> None:
    assert [each.fix for each in check(subject) if each.rule_id == rule] == [fix]


def test_consequences_of_scaling_to_zero() -> None:
    of_component = target({**COMPONENT, "MinCapacity": 0}, None, ())
    for subject, consequence in (
        (AT_ZERO, "requests wait until the backlog exceeds the target of a policy"),
        (of_component, "requests fail"),
    ):
        messages = [
            text
            for text in reported(subject)
            if text.startswith("scaling-to-zero-without-step-policy")
        ]
        assert messages == [
            (
                "scaling-to-zero-without-step-policy: MinCapacity is 0; must be 1 or more because "
                f"no step scaling policy scales out from 0, and {consequence}"
            )
        ]
    stopped = target({**TARGET, "MinCapacity": 0, "MaxCapacity": 0}, ASYNCHRONOUS, ())
    assert [each.rule_id for each in check(stopped)] == ["scaling-initial-count-outside"]
