"""Rules of scaling policies: the tracked metrics, their dimensions and statistics, the target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from cdk_epc.catalog.instances import InstanceType
from cdk_epc.catalog.metrics import Feature, PublishedMetric, Unit, is_published_by
from cdk_epc.rules._metric_lookup import ENDPOINT_PHRASES, listed, published_dimensions
from cdk_epc.rules._tracked_metrics import (
    CUSTOMIZED,
    PREDEFINED,
    PUBLISHED_NAMES,
    TARGET_VALUE,
    TrackedPublishedMetric,
    dimensions_of,
    instance_types,
    predefined_metric,
    target_value,
    tracked_by,
)
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.rules.scalable_dimensions import right_dimension
from cdk_epc.rules.scaling import scaled_kind, scaled_variant
from cdk_epc.spec import EndpointKind
from cdk_epc.spec.context import ScalableTargetContext, ScalingPolicyContext
from cdk_epc.spec.scaling import PredefinedMetric, ScalableDimension
from cdk_epc.spec.similarity import get_close_matches
from cdk_epc.spec.unresolved import is_string

_MONITORING: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html"
_AUTO_SCALING: Final = "https://docs.aws.amazon.com/autoscaling/application/APIReference/"
_TRACKING: Final = f"{_AUTO_SCALING}API_TargetTrackingScalingPolicyConfiguration.html"
_PREDEFINED_METRICS: Final = f"{_AUTO_SCALING}API_PredefinedMetricSpecification.html"
_OTHER_SERVICES: Final = (
    "ALB",
    "AppStream",
    "Cassandra",
    "Comprehend",
    "DynamoDB",
    "EC2",
    "ECS",
    "ElastiCache",
    "Kafka",
    "Lambda",
    "Neptune",
    "RDS",
    "WorkSpaces",
)
"""Prefixes of the predefined metrics of other services."""
_ABOUT: Final = (ScalingPolicyContext,)

_OF_DIMENSION: Final[Mapping[str, tuple[str, ...]]] = {
    ScalableDimension.INSTANCES: (
        PredefinedMetric.INVOCATIONS_PER_INSTANCE,
        PredefinedMetric.CONCURRENT_REQUESTS_PER_MODEL,
    ),
    ScalableDimension.PROVISIONED_CONCURRENCY: (
        PredefinedMetric.PROVISIONED_CONCURRENCY_UTILIZATION,
    ),
    ScalableDimension.COPIES: (
        PredefinedMetric.INVOCATIONS_PER_COPY,
        PredefinedMetric.CONCURRENT_REQUESTS_PER_COPY,
    ),
}
"""Predefined metrics of each scalable dimension, the commonest first."""
_METHODS: Final[Mapping[str, str]] = {
    ScalableDimension.INSTANCES: "scale_on_invocations(...)",
    ScalableDimension.PROVISIONED_CONCURRENCY: "scale_on_provisioned_concurrency_utilization(...)",
    ScalableDimension.COPIES: "scale_on_invocations(...)",
}
"""Method of the construct that tracks the first of these metrics."""
_ALTERNATIVES: Final[Mapping[EndpointKind, str]] = {
    EndpointKind.REAL_TIME: "Track invocations, concurrent requests or utilization.",
    EndpointKind.ASYNCHRONOUS: "Track the backlog: ApproximateBacklogSizePerInstance.",
    EndpointKind.SERVERLESS: "Track the utilization of the provisioned concurrency.",
    EndpointKind.INFERENCE_COMPONENTS: "Scale the copies of the components, for example on "
    "invocations per copy.",
}


@rule(
    id="scaling-metric-dimension-mismatch",
    title="A predefined metric must match the scalable dimension",
    why="Application Auto Scaling refuses the policy: Scalable dimension ... only supports the "
    "following predefined metric types.",
    fix="Use a predefined metric of the scalable dimension.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/aws/aws-cdk/issues/29065",
    about=_ABOUT,
)
def scaling_metric_dimension_mismatch(subject: ScalingPolicyContext) -> Iterator[Violation]:
    name, dimension = predefined_metric(subject), _dimension(subject)
    supported = _OF_DIMENSION.get(dimension, ())
    if not name or not supported or name in supported:
        return
    right = right_dimension(subject.target) if subject.target else None
    if right is not None and name in _OF_DIMENSION[right.value]:
        return  # the dimension is wrong, not the metric
    if name in PUBLISHED_NAMES:
        problem, best = f"does not support {dimension}", supported[0]
    elif near := _nearest(name):
        problem, best = "is unknown", near if near in supported else supported[0]
    elif name.startswith(_OTHER_SERVICES):
        problem, best = "is a metric of another service", supported[0]
    else:
        return
    yield Violation(
        path=PREDEFINED,
        got=name,
        sentence=f"predefined metric {name} {problem}; must be {listed(supported, 'or')}",
        fix=f"Use {best}.",
        python_fix=f"Use {_METHODS[dimension]}.",
    )


def _dimension(subject: ScalingPolicyContext) -> str:
    """Return the scalable dimension of a policy; an empty text if it is unknown."""
    target = subject.target.target.scalable_dimension if subject.target else None
    found = subject.policy.scalable_dimension if target is None else target
    return found if is_string(found) else ""


def _nearest(name: str) -> str | None:
    """Return the predefined metric of which a name is a misspelling, if there is one."""
    by_fold = {each.casefold(): each for each in PUBLISHED_NAMES}
    near = get_close_matches(name.casefold(), by_fold, n=1, cutoff=0.9)
    return by_fold[near[0]] if near else None


@rule(
    id="scaling-metric-type-unknown",
    title="A predefined metric of SageMaker should be one of the published ones",
    why="The metric may be newer than this library; otherwise the deployment fails.",
    fix="Check the name. If the metric is new, acknowledge the warning.",
    evidence=Evidence.DOCUMENTED,
    source_url=_PREDEFINED_METRICS,
    about=_ABOUT,
    requires=("target_tracking_scaling_policy_configuration",),
    severity=Severity.WARNING,
)
def scaling_metric_type_unknown(subject: ScalingPolicyContext) -> Iterator[Violation]:
    name = predefined_metric(subject)
    if (
        name
        and name not in PUBLISHED_NAMES
        and not (name.startswith(_OTHER_SERVICES) or _nearest(name))
    ):
        yield Violation(
            path=PREDEFINED,
            got=name,
            must=f"be {listed(PUBLISHED_NAMES, 'or')}",
            fix="Check the name. If the metric is new, acknowledge the warning.",
        )


@rule(
    id="scaling-metric-unpublished",
    title="A scaling policy should track a metric that the endpoint publishes",
    why="Without data of the metric the capacity never changes, and no error is reported.",
    fix="Track a metric that this kind of endpoint publishes.",
    evidence=Evidence.DOCUMENTED,
    source_url=_MONITORING,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_metric_unpublished(subject: ScalingPolicyContext) -> Iterator[Violation]:
    kind = scaled_kind(subject.target) if subject.target else None
    if subject.target is None or any(
        True for _ in scaling_metric_dimension_mismatch.check(subject)
    ):
        return
    for tracked in tracked_by(subject):
        metric = tracked.metric
        dimensions = dimensions_of(tracked)
        # `scaling-metric-dimensions-wrong` reports dimensions under which it is not published.
        known = dimensions if dimensions in metric.dimension_sets else None
        if kind is not None and not is_published_by(metric, kind, known):
            yield Violation(
                path=tracked.path,
                got=metric.name,
                sentence=f"metric {metric.name} is not published by {ENDPOINT_PHRASES[kind]}",
                fix=_ALTERNATIVES[kind],
            )
        elif (missing := _missing_feature(subject.target, metric)) is not None:
            yield Violation(
                path=tracked.path,
                got=metric.name,
                sentence=f"metric {metric.name} needs {metric.requires}, and {missing}",
                fix="Track another metric, for example CPU utilization or invocations.",
            )


def _missing_feature(scaling: ScalableTargetContext, metric: PublishedMetric) -> str | None:
    """Return a clause such as "ml.m5.xlarge has none" if a required feature is surely not used."""
    variant = scaled_variant(scaling)
    if metric.requires is Feature.GPU and variant is not None:
        names = instance_types(variant)
        if names and all(InstanceType.of(name).gpus == 0 for name in names):
            return f"{listed(names)} {'has' if len(names) == 1 else 'have'} none"
    config = scaling.config.config if scaling.config is not None else None
    if (
        metric.requires is Feature.EXPLAINER
        and config is not None
        and config.explainer_config is None
    ):
        return "the configuration has none"
    return None


@rule(
    id="scaling-metric-dimensions-wrong",
    title="A scaling policy should use the dimensions under which its metric is published",
    why="CloudWatch finds a metric only by its exact dimensions. With fewer or others there is no "
    "data, and the capacity never changes.",
    fix="Use the dimensions under which the metric is published.",
    evidence=Evidence.DOCUMENTED,
    source_url=_MONITORING,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_metric_dimensions_wrong(subject: ScalingPolicyContext) -> Iterator[Violation]:
    for tracked in tracked_by(subject):
        names = tracked.dimension_names
        if (
            names is not None
            and not _is_of_instance_type(tracked)
            and dimensions_of(tracked) not in tracked.metric.dimension_sets
        ):
            used = listed(sorted(names)) if names else "none"
            yield Violation(
                path=(*tracked.path, "dimensions"),
                got=Words(used),
                sentence=f"metric {tracked.metric.name} is published with the dimensions "
                f"{published_dimensions(tracked.metric)}; the policy uses {used}",
                fix="Use exactly the dimensions with which the metric is published.",
            )


def _is_of_instance_type(tracked: TrackedPublishedMetric) -> bool:
    """Return whether the metric is that of one instance type of a variant with instance pools."""
    return "InstanceType" in (tracked.dimension_names or ())


@rule(
    id="scaling-target-not-positive",
    title="The target value of a metric that is never negative should be more than 0",
    why="The metric is always at or above such a target, and the capacity at its maximum. "
    "Application Auto Scaling accepts the value.",
    fix="Set the target value to the value that the policy is to hold.",
    evidence=Evidence.INFERRED,
    source_url=_TRACKING,
    about=_ABOUT,
    requires=("target_tracking_scaling_policy_configuration",),
    severity=Severity.WARNING,
)
def scaling_target_not_positive(subject: ScalingPolicyContext) -> Iterator[Violation]:
    value = target_value(subject)
    for tracked in tracked_by(subject):
        if value is not None and value <= 0 and tracked.is_alone:
            yield Violation(
                path=TARGET_VALUE,
                got=value,
                must=f"be more than 0 because {tracked.metric.name} is never negative",
                fix="Set the target to the value that the policy is to hold.",
            )


def _maximum(subject: ScalingPolicyContext, tracked: TrackedPublishedMetric) -> float | None:
    """Return the maximum of a tracked statistic on the largest instance type of the variant."""
    variant = scaled_variant(subject.target) if subject.target else None
    types = [InstanceType.of(name) for name in (instance_types(variant) if variant else ())]
    vcpus = _maximum_count(each.vcpus for each in types)
    # A type without GPUs publishes no GPU metric, so it has no maximum.
    gpus = _maximum_count(each.gpus or None for each in types)
    statistic = tracked.statistic or tracked.metric.default
    return tracked.metric.maximum_of(statistic, vcpus=vcpus, gpus=gpus)


def _maximum_count(counts: Iterable[int | None]) -> int | None:
    """Return the maximum of the counts; ``None`` if one of them is unknown."""
    every = list(counts)
    known = [count for count in every if count is not None]
    return max(known) if known and len(known) == len(every) else None


@rule(
    id="scaling-target-unreachable",
    title="The target value should be less than the maximum of the metric",
    why="A metric that cannot exceed its target never scales out. CPUUtilization and "
    "GPUUtilization reach 100 percent for each vCPU or GPU; other metrics end at 1 or 100.",
    fix="Lower the target value, and check its unit.",
    evidence=Evidence.DOCUMENTED,
    source_url=_MONITORING,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_target_unreachable(subject: ScalingPolicyContext) -> Iterator[Violation]:
    value = target_value(subject)
    for tracked in tracked_by(subject):
        maximum = _maximum(subject, tracked) if tracked.is_alone else None
        if value is not None and maximum is not None and value >= maximum:
            yield Violation(
                path=TARGET_VALUE,
                got=value,
                must=f"be less than {maximum:g}, the maximum of {tracked.metric.name}",
                fix="Lower the target; at the maximum, the policy never scales out.",
            )


@rule(
    id="scaling-target-is-fraction",
    title="The target value of a percentage should be more than 1 percent",
    why="The metric is in percent: 0.6 is 0.6 percent, not 60 percent, so that the capacity stays "
    "at its maximum.",
    fix="Give the target value in percent.",
    evidence=Evidence.INFERRED,
    source_url=_TRACKING,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_target_is_fraction(subject: ScalingPolicyContext) -> Iterator[Violation]:
    value = target_value(subject)
    for tracked in tracked_by(subject):
        if value is None or not tracked.is_alone or tracked.metric.unit is not Unit.PERCENT:
            continue
        # CloudWatch counts 100 percent for each vCPU or GPU.
        maximum = _maximum(subject, tracked) or 100
        if 0 < value <= maximum / 100:
            yield Violation(
                path=TARGET_VALUE,
                got=value,
                sentence=f"the target value {value:g} is {100 * value / maximum:.2g} percent of "
                f"the maximum of {tracked.metric.name}, which is in percent; should be more than "
                "1 percent",
                fix=f"Give the target value in percent; full use is {maximum:g}.",
                python_fix="Pass the value in percent, such as 60.",
            )


@rule(
    id="scaling-statistic-unsuitable",
    title="A scaling policy should track a statistic that AWS names for the metric",
    why="CloudWatch also computes the other statistics, but they mean something else: the average "
    "of InvocationsPerInstance is a fraction of one request.",
    fix="Use one of the statistics that AWS names.",
    evidence=Evidence.DOCUMENTED,
    source_url=_MONITORING,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_statistic_unsuitable(subject: ScalingPolicyContext) -> Iterator[Violation]:
    for tracked in tracked_by(subject):
        metric = tracked.metric
        if _is_of_instance_type(tracked):
            continue  # AWS's guide to instance pools averages them
        # An empty statistic has the finding of its form.
        if tracked.statistic and not metric.allows(tracked.statistic):
            is_query = tracked.path != CUSTOMIZED
            named = listed(sorted(each.value for each in metric.statistics), "or")
            yield Violation(
                path=(*tracked.path[:-1], "stat") if is_query else (*CUSTOMIZED, "statistic"),
                got=tracked.statistic,
                sentence=f"statistic {tracked.statistic} is not meaningful for {metric.name}; "
                f"must be {named}",
                fix=f"Use {metric.default}.",
            )


RULES: Final = (
    scaling_metric_dimension_mismatch,
    scaling_metric_type_unknown,
    scaling_metric_unpublished,
    scaling_metric_dimensions_wrong,
    scaling_target_not_positive,
    scaling_target_unreachable,
    scaling_target_is_fraction,
    scaling_statistic_unsuitable,
)
