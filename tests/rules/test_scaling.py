"""Rules about scalable targets and their policies: whole findings, tokens, and garbage."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from kit.specs import changed, places_of
from kit.subjects import spec_of

from cdk_epc.rules import (
    check,
    scaling,
    scaling_policies,
    scaling_to_zero,
)
from cdk_epc.rules import (
    scalable_dimensions as scaling_serverless,
)
from cdk_epc.spec import EndpointConfigSpec, Path, Spec
from cdk_epc.spec.context import ConfigContext, ScalableTargetContext, ScalingPolicyContext
from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec
from cdk_epc.spec.unresolved import Reference, Unresolved
from cdk_epc.spec.wire import spec_from_json

INSTANCES = "sagemaker:variant:DesiredInstanceCount"
CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"
TOKEN = "${Token[TOKEN.1]}"  # noqa: S105 - CDK's own way of writing one
COPIES = "sagemaker:inference-component:DesiredCopyCount"
TRACKING = "TargetTrackingScalingPolicyConfiguration"
CUSTOM: Path = ("target_tracking_scaling_policy_configuration", "customized_metric_specification")
QUERY: Path = (*CUSTOM, "metrics", 0, "metric_stat", "metric")
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
QUEUED: dict[str, Any] = {
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
    "queued": QUEUED,
    "serverless": SERVERLESS,
    "on inferentia": changed(REAL_TIME, "ProductionVariants[0].InstanceType", "ml.inf2.xlarge"),
    "on GPUs": changed(REAL_TIME, "ProductionVariants[0].InstanceType", "ml.g5.xlarge"),
    "of a type to come": changed(REAL_TIME, "ProductionVariants[0].InstanceType", "ml.z9.large"),
    "explained": {**REAL_TIME, "ExplainerConfig": EXPLAINER},
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
    "by name": {
        "PolicyName": "invocations",
        "PolicyType": "TargetTrackingScaling",
        "ScalingTargetId": "it",
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
        "ScalingTargetId": "it",
        TRACKING: {"TargetValue": 240, "CustomizedMetricSpecification": CPU},
    },
    "queries": {
        "PolicyName": "latency",
        "PolicyType": "TargetTrackingScaling",
        "ScalingTargetId": "it",
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
        "ScalingTargetId": "it",
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
def test_the_good_ones_have_no_finding(name: str) -> None:
    policies = tuple(spec_of(ScalingPolicySpec, each) for each in POLICIES.values())
    assert reported(target(policies=policies)) == []
    assert reported(policy(POLICIES[name], target())) == []


OF_TARGET: list[tuple[str, Any, str, list[str]]] = [
    ("MinCapacity", 5, "real-time", [
        "scaling-bounds-reversed: MinCapacity is 5; allowed: 4 or less, the greatest capacity",
    ]),
    ("MinCapacity", 0, "real-time", [
        "scaling-to-zero-not-supported: MinCapacity is 0; allowed: 1 or more for a real-time endpoint",
    ]),
    ("MinCapacity", 0, "queued", []),
    ("MinCapacity", 3, "queued", [
        ("scaling-initial-count-outside: MinCapacity is 3; allowed: 2 or less, for it begins with 2 "
        "instances"),
    ]),
    ("ScheduledActions[0].ScalableTargetAction.MinCapacity", 5, "real-time", [
        ("scaling-bounds-reversed: ScheduledActions[0].ScalableTargetAction.MinCapacity is 5; allowed: 4 or "
        "less, the greatest capacity"),
    ]),
    ("ScheduledActions[0].Schedule", "cron(* 8 * * ? *)", "real-time", [
        ("schedule-every-minute: ScheduledActions[0].Schedule is 'cron(* 8 * * ? *)'; allowed: a "
        "minute, for * is each minute of the hour"),
    ]),
    ("ScheduledActions[0].Schedule", "cron(* * * * ? *)", "real-time", []),
    ("ScheduledActions[0].Schedule", "rate(5 minutes)", "real-time", []),
    ("ScalableDimension", CONCURRENCY, "real-time", [
        (f"scaling-dimension-mismatch: ScalableDimension is '{CONCURRENCY}'; allowed: {INSTANCES}, for the "
        "variant is on instances"),
    ]),
    ("ScalableDimension", INSTANCES, "serverless", [
        (f"scaling-dimension-mismatch: ScalableDimension is '{INSTANCES}'; allowed: {CONCURRENCY}, for the "
        "variant is serverless"),
    ]),
    ("ScalableDimension", "dynamodb:table:ReadCapacityUnits", "real-time", []),
]  # fmt: skip
"""One change to a target on a kind of endpoint, and everything that is found."""


@pytest.mark.parametrize(("at", "value", "config", "expected"), OF_TARGET)
def test_one_change_to_a_target(at: str, value: Any, config: str, expected: list[str]) -> None:
    assert reported(target(changed(TARGET, at, value), CONFIGS[config])) == expected


OF_SERVERLESS: list[tuple[dict[str, Any], dict[str, Any], list[str]]] = [
    ({"MaxCapacity": 20}, {}, []),
    ({"MaxCapacity": 21}, {}, [
        ("scaling-provisioned-too-large: MaxCapacity is 21; allowed: 20 or less, the variant's "
        "greatest concurrency"),
    ]),
    ({"MinCapacity": 0}, {}, [
        "scaling-to-zero-not-supported: MinCapacity is 0; allowed: 1 or more for provisioned concurrency",
    ]),
    ({}, {"ProvisionedConcurrency": None}, [
        ("scaling-provisioned-missing: ScalableDimension: a serverless variant without "
        "provisioned concurrency; allowed: one that has some to begin with"),
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
                "scaling-resource-not-awaited: ResourceId is 'endpoint/fraud/variant/main'; allowed: a "
                "reference to what is scaled, so that it is there first"
            ),
        ),
        (
            attrs.evolve(target(), variant=("shadow_production_variants", 0)),
            "scaling-shadow-variant: ResourceId: a shadow variant; allowed: a production variant",
        ),
    ],
)
def test_what_surrounds_a_target(subject: ScalableTargetContext, expected: str) -> None:
    assert reported(subject) == [expected]


def _of_policy(name: str, at: str, value: Any) -> dict[str, Any]:
    return dict(changed(POLICIES[name], f"{TRACKING}.{at}", value))


def _pools(*types: str) -> dict[str, Any]:
    pools = [{"InstanceType": each, "Priority": at} for at, each in enumerate(types, 1)]
    (variant,) = REAL_TIME["ProductionVariants"]
    alone = {name: value for name, value in variant.items() if name != "InstanceType"}
    return {"ProductionVariants": [{**alone, "InstancePools": pools}]}


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (("ml.m5.xlarge", "ml.c5.xlarge"), [
            (f"scaling-metric-unpublished: {TRACKING}.CustomizedMetricSpecification is "
            "'GPUUtilization'; allowed: a metric that is published without GPUs: ml.m5.xlarge and "
            "ml.c5.xlarge have none"),
        ]),
        (("ml.m5.xlarge", "ml.g5.xlarge"), []),
        (("ml.m5.xlarge", TOKEN), []),
        (("ml.g5.xlarge", "ml.g5.12xlarge"), []),
        (("ml.g5.xlarge", "ml.g5.2xlarge"), [
            (f"scaling-target-unreachable: {TRACKING}.TargetValue is 240; allowed: less than 100, "
            "the most that GPUUtilization can be"),
        ]),
    ],
)  # fmt: skip
def test_instance_pools(types: tuple[str, ...], expected: list[str]) -> None:
    data = _of_policy("customized", "CustomizedMetricSpecification.MetricName", "GPUUtilization")
    assert reported(policy(data, target(config=_pools(*types)))) == expected


def _explanations() -> dict[str, Any]:
    custom = "CustomizedMetricSpecification"
    named = _of_policy("customized", f"{custom}.MetricName", "ExplanationsPerInstance")
    placed = changed(named, f"{TRACKING}.{custom}.Namespace", "AWS/SageMaker")
    return dict(changed(placed, f"{TRACKING}.{custom}.Statistic", "Sum"))


def _two_queries() -> dict[str, Any]:
    """What comes of two metrics may be below zero, as the difference of both is."""
    (one,) = POLICIES["queries"][TRACKING]["CustomizedMetricSpecification"]["Metrics"]
    two = [{**one, "ReturnData": False}, {"Id": "less", "Expression": "latency - 5"}]
    data = _of_policy("queries", "CustomizedMetricSpecification.Metrics", two)
    return dict(changed(data, f"{TRACKING}.TargetValue", -1))


CUSTOM_WORDS = f"{TRACKING}.CustomizedMetricSpecification"
OF_POLICY: list[tuple[dict[str, Any], str, list[str]]] = [
    (POLICIES["by name"], "queued", [
        (f"scaling-metric-unpublished: {TRACKING}.PredefinedMetricSpecification."
        "PredefinedMetricType is 'InvocationsPerInstance'; allowed: a metric that an asynchronous "
        "endpoint publishes"),
    ]),
    (POLICIES["customized"], "queued", []),
    (POLICIES["steps"], "queued", []),
    (_of_policy("by name", "TargetValue", 0), "real-time", [
        (f"scaling-target-not-positive: {TRACKING}.TargetValue is 0; allowed: more than 0, for "
        "InvocationsPerInstance is never below that"),
    ]),
    (_of_policy("customized", "TargetValue", 400), "real-time", [
        (f"scaling-target-unreachable: {TRACKING}.TargetValue is 400; allowed: less than 400, the "
        "most that CPUUtilization can be"),
    ]),
    (_of_policy("customized", "TargetValue", 399.5), "real-time", []),
    (_of_policy("customized", "CustomizedMetricSpecification.MetricName", "GPUUtilization"),
     "real-time", [
        (f"scaling-metric-unpublished: {CUSTOM_WORDS} is 'GPUUtilization'; allowed: a metric that "
        "is published without GPUs: ml.m5.xlarge has none"),
    ]),
    (_of_policy("customized", "CustomizedMetricSpecification.MetricName", "GPUUtilization"),
     "on inferentia", [
        (f"scaling-metric-unpublished: {CUSTOM_WORDS} is 'GPUUtilization'; allowed: a metric that "
        "is published without GPUs: ml.inf2.xlarge has none"),
    ]),
    (_of_policy("customized", "CustomizedMetricSpecification.MetricName", "GPUUtilization"),
     "on GPUs", [
        (f"scaling-target-unreachable: {TRACKING}.TargetValue is 240; allowed: less than 100, the "
        "most that GPUUtilization can be"),
    ]),
    (_of_policy("customized", "CustomizedMetricSpecification.MetricName", "GPUUtilization"),
     "of a type to come", []),
    (_explanations(), "real-time", [
        (f"scaling-metric-unpublished: {CUSTOM_WORDS} is 'ExplanationsPerInstance'; allowed: a "
        "metric that is published without an explainer: the configuration has none"),
    ]),
    (_explanations(), "explained", []),
    (_of_policy("queries", "TargetValue", -1), "real-time", [
        (f"scaling-target-not-positive: {TRACKING}.TargetValue is -1; allowed: more than 0, for "
        "ModelLatency is never below that"),
    ]),
    (_two_queries(), "real-time", []),
    (_of_policy("customized", "CustomizedMetricSpecification.Statistic", "Sum"), "real-time", [
        (f"scaling-statistic-unsuitable: {CUSTOM_WORDS}.Statistic is 'Sum'; allowed: Average, Maximum, Minimum"
        ", SampleCount of CPUUtilization"),
    ]),
    (_of_policy("customized", "CustomizedMetricSpecification.Dimensions", DIMENSIONS[:1]),
     "real-time", [
        (f"scaling-metric-dimensions-wrong: {CUSTOM_WORDS}.Dimensions: EndpointName; allowed: "
        "EndpointName+VariantName or EndpointName+VariantName+ContainerName, by which "
        "CPUUtilization is published"),
    ]),
    (_of_policy("queries", "CustomizedMetricSpecification.Metrics[0].MetricStat.Metric.MetricName",
                "InvocationsPerInstance"), "real-time", [
        (f"scaling-statistic-unsuitable: {CUSTOM_WORDS}.Metrics[0].MetricStat.Stat is 'p99'; allowed: Sum of "
        "InvocationsPerInstance"),
    ]),
]  # fmt: skip
"""A policy on a kind of endpoint, and everything that is found."""


def test_a_variant_that_the_endpoint_does_not_have() -> None:
    of_none = attrs.evolve(target(), variant=None)
    assert reported(of_none) == [
        (
            "scaling-variant-unknown: ResourceId: a variant that the endpoint does not have; "
            "allowed: a variant of the endpoint: main"
        )
    ]
    unnamed = changed(REAL_TIME, "ProductionVariants[0].VariantName", "${Token[TOKEN.1]}")
    assert reported(attrs.evolve(target(config=unnamed), variant=None)) == []
    assert reported(attrs.evolve(target(config=None), variant=None)) == []


def test_an_arn_where_the_name_belongs() -> None:
    assert reported(attrs.evolve(target(), resource_id_has_arn=True)) == [
        "scaling-resource-is-arn: ResourceId: the ARN of an endpoint; allowed: its name"
    ]


@pytest.mark.parametrize(("data", "config", "expected"), OF_POLICY)
def test_what_a_policy_tracks(data: dict[str, Any], config: str, expected: list[str]) -> None:
    assert reported(policy(data, target(config=CONFIGS[config]))) == expected


@pytest.mark.parametrize(
    ("dimension", "metric", "fitting"),
    [
        (INSTANCES, "SageMakerInferenceComponentInvocationsPerCopy", False),
        (INSTANCES, "SageMakerVariantConcurrentRequestsPerModelHighResolution", True),
        (INSTANCES, "SomethingNew", True),
        (COPIES, "SageMakerInferenceComponentInvocationsPerCopy", True),
        (COPIES, "SageMakerVariantInvocationsPerInstance", False),
    ],
)
def test_a_metric_by_name_fits_what_is_scaled(
    dimension: str, metric: str, *, fitting: bool
) -> None:
    data = _of_policy("by name", "PredefinedMetricSpecification.PredefinedMetricType", metric)
    scaling = target({**TARGET, "ScalableDimension": dimension}, None)
    found = [each.rule_id for each in check(policy(data, scaling))]
    assert found == ([] if fitting else ["scaling-metric-dimension-mismatch"])


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("scaling", [None, target(config=None)])
def test_what_is_out_of_sight_is_not_judged(
    name: str, scaling: ScalableTargetContext | None
) -> None:
    assert reported(policy(POLICIES[name], scaling)) == []


def test_a_metric_of_something_else_is_not_judged() -> None:
    data = _of_policy("customized", "CustomizedMetricSpecification.MetricName", "GPUUtilization")
    found = policy(data, target())
    assert reported(attrs.evolve(found, own_metrics=frozenset())) == []


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
def test_only_a_step_up_leaves_zero(steps: list[Any], expected: list[str]) -> None:
    adjustments = [{"ScalingAdjustment": each} for each in steps]
    at = "StepScalingPolicyConfiguration.StepAdjustments"
    given = spec_of(ScalingPolicySpec, changed(POLICIES["steps"], at, adjustments))
    subject = target({**TARGET, "MinCapacity": 0}, QUEUED, (given,))
    assert [each.rule_id for each in check(subject)] == expected


def test_steps_of_a_policy_that_tracks_are_none() -> None:
    given = spec_of(ScalingPolicySpec, {**POLICIES["steps"], "PolicyType": "TargetTrackingScaling"})
    subject = target({**TARGET, "MinCapacity": 0}, QUEUED, (given,))
    assert [each.rule_id for each in check(subject)] == ["scaling-to-zero-without-step-policy"]


def test_policies_that_may_be_elsewhere_are_not_missed() -> None:
    assert reported(target({**TARGET, "MinCapacity": 0}, QUEUED, None)) == []


class Resolvable:
    """What CDK calls an ``IResolvable``."""

    def resolve(self, _context: object) -> object:
        """Only the deployment knows."""
        raise NotImplementedError


TOKENS: dict[str, Any] = {
    "text": "${Token[TOKEN.12]}",
    "number": -1.8881545897087537e289,
    "list": ["#{Token[TOKEN.3]}"],
    "object": Resolvable(),
    "unknown": Unresolved({"Fn::ImportValue": "it"}),
    "reference": Unresolved({"Ref": "It"}, Reference("Custom::It", "It")),
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
def test_a_token_in_any_place_adds_no_finding(token: str) -> None:
    """In a target, in its configuration, in each policy."""
    added: dict[Any, list[str]] = {}
    for at in places_of(TARGET):
        added[at] = reported(target(changed(TARGET, at, TOKENS[token])))
    for name, config in CONFIGS.items():
        data = TARGET if name != "serverless" else {**TARGET, "ScalableDimension": CONCURRENCY}
        for at in places_of(config):
            added[name, at] = reported(target(data, changed(config, at, TOKENS[token])))
    for name, data in POLICIES.items():
        for at in places_of(data):
            added[name, at] = reported(policy(changed(data, at, TOKENS[token]), target()))
    assert {at: found for at, found in added.items() if found} == {}


@pytest.mark.parametrize("garbage", GARBAGE)
def test_nothing_of_a_wrong_type_is_a_crash(garbage: str) -> None:
    for at in places_of(TARGET):
        spec, _ = spec_from_json(ScalableTargetSpec, changed(TARGET, at, GARBAGE[garbage]))
        check(attrs.evolve(target(), target=spec))
        check(spec)
    for data in POLICIES.values():
        for at in places_of(data):
            spec_, _ = spec_from_json(ScalingPolicySpec, changed(data, at, GARBAGE[garbage]))
            subject = ScalingPolicyContext(
                policy=spec_, target=target(), own_metrics=frozenset({CUSTOM, QUERY})
            )
            check(subject)
            check(spec_)


def test_every_rule_is_broken_somewhere_here_or_by_its_example() -> None:
    """Rules of both kinds are about what stands in place, so that both doors ask them."""
    targets = (scaling, scaling_to_zero, scaling_serverless)
    assert {rule.about for topic in targets for rule in topic.RULES} == {(ScalableTargetContext,)}
    assert {rule.about for rule in scaling_policies.RULES} == {(ScalingPolicyContext,)}


@pytest.mark.parametrize(
    ("cls", "data"),
    [(ScalableTargetSpec, TARGET), *((ScalingPolicySpec, each) for each in POLICIES.values())],
)
def test_the_bounds_of_single_values_hold_of_them_too(
    cls: type[Spec], data: dict[str, Any]
) -> None:
    assert reported(spec_of(cls, data)) == []


def _by_name(metric: str) -> dict[str, Any]:
    return _of_policy("by name", "PredefinedMetricSpecification.PredefinedMetricType", metric)


ASLEEP = target({**TARGET, "MinCapacity": 0}, QUEUED, ())
COPIED = {**TARGET, "ScalableDimension": COPIES, "ResourceId": "inference-component/scorer"}
DOWN = "Raise it to 1; only asynchronous endpoints and inference components come down to 0."
WAKE = (
    "Leave the wake-up in, or add a step policy with an alarm on HasBacklogWithoutCapacity or "
    "NoCapacityInvocationFailures."
)
WITHOUT_WAKE = "scaling-to-zero-without-step-policy: MinCapacity is 0; allowed: 1 or more without a step policy"
NAMED = "PredefinedMetricSpecification.PredefinedMetricType"
WHOLE: list[tuple[Any, str, str]] = [
    (target({**TARGET, "MinCapacity": 0}), "scaling-to-zero-not-supported", DOWN),
    (
        target({**TARGET, "ScalableDimension": CONCURRENCY}),
        "scaling-dimension-mismatch",
        f"Take {INSTANCES}.",
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
        "Give the variant provisioned concurrency, 1 or more.",
    ),
    (
        target({**TARGET, "ScalableDimension": CONCURRENCY, "MaxCapacity": 21}, SERVERLESS),
        "scaling-provisioned-too-large",
        "Lower it, or raise the variant's max_concurrency.",
    ),
    (ASLEEP, "scaling-to-zero-without-step-policy", WAKE),
    (
        policy(_by_name("SageMakerInferenceComponentInvocationsPerCopy"), target()),
        "scaling-metric-dimension-mismatch",
        "Take SageMakerVariantInvocationsPerInstance.",
    ),
    (
        policy(POLICIES["by name"], target(config=QUEUED)),
        "scaling-metric-unpublished",
        "Scale on the backlog: ApproximateBacklogSizePerInstance.",
    ),
    (
        policy(_explanations(), target()),
        "scaling-metric-unpublished",
        "Scale on something else, for example on CPU utilization or invocations.",
    ),
    (
        policy(_of_policy("customized", "CustomizedMetricSpecification.Dimensions", []), target()),
        "scaling-metric-dimensions-wrong",
        "CloudWatch finds a metric by exactly its own dimensions; give these.",
    ),
    (
        policy(_of_policy("by name", "TargetValue", 0), target()),
        "scaling-target-not-positive",
        "Give the value that the metric is to be kept near.",
    ),
    (
        policy(_of_policy("customized", "TargetValue", 400), target()),
        "scaling-target-unreachable",
        "Lower it, or nothing is ever added.",
    ),
    (
        policy(
            _of_policy("customized", "CustomizedMetricSpecification.Statistic", "Sum"), target()
        ),
        "scaling-statistic-unsuitable",
        "Take Average; AWS names no other as meaningful.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "rule", "fix"), WHOLE)
def test_what_to_do(subject: Any, rule: str, fix: str) -> None:
    assert [each.fix for each in check(subject) if each.rule_id == rule] == [fix]


def test_what_becomes_of_requests_at_zero() -> None:
    of_component = target({**COPIED, "MinCapacity": 0}, None, ())
    for subject, waits in (
        (ASLEEP, "requests wait until there are more of them than a policy's target"),
        (of_component, "requests fail until somebody raises it"),
    ):
        messages = [
            text
            for text in reported(subject)
            if text.startswith("scaling-to-zero-without-step-policy")
        ]
        assert messages == [f"{WITHOUT_WAKE} that leaves 0: {waits}"]
    nothing = target({**TARGET, "MinCapacity": 0, "MaxCapacity": 0}, QUEUED, ())
    assert [each.rule_id for each in check(nothing)] == ["scaling-initial-count-outside"]


def test_no_dimensions_and_metrics_of_something_else_that_is_scaled() -> None:
    none = policy(
        _of_policy("customized", "CustomizedMetricSpecification.Dimensions", []), target()
    )
    (said,) = reported(none)
    assert "Dimensions: no dimensions; allowed" in said
    other = policy(_by_name("SageMakerInferenceComponentInvocationsPerCopy"), target())
    assert reported(other) == [
        (
            f"scaling-metric-dimension-mismatch: {TRACKING}.{NAMED} is "
            "'SageMakerInferenceComponentInvocationsPerCopy'; allowed: "
            "SageMakerVariantInvocationsPerInstance or "
            f"SageMakerVariantConcurrentRequestsPerModelHighResolution, for {INSTANCES} is scaled"
        )
    ]
    assert reported(policy(_of_policy("by name", "TargetValue", 1), target())) == []
