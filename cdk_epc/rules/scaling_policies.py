"""Rules of scaling policies: what they track, and near which value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from cdk_epc.catalog.instances import InstanceType
from cdk_epc.catalog.metrics import Feature, PublishedMetric, is_published_by
from cdk_epc.rules._tracked_metrics import (
    BY_NAME,
    CUSTOM,
    PUBLISHED_AS,
    VALUE,
    Tracked,
    all_types_of,
    dimensions_of,
    predefined,
    tracked_by,
    value_of,
)
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.rules.scaling import hosting, variant_of
from cdk_epc.spec import EndpointKind
from cdk_epc.spec.context import ScalableTargetContext, ScalingPolicyContext
from cdk_epc.spec.scaling import (
    PredefinedMetric,
    ScalableDimension,
)

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_MONITORING: Final = f"{_GUIDE}monitoring-cloudwatch.html"

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
_INSTEAD: Final[Mapping[EndpointKind, str]] = {
    EndpointKind.REAL_TIME: "Scale on invocations, concurrent requests or utilization.",
    EndpointKind.ASYNCHRONOUS: "Scale on the backlog: ApproximateBacklogSizePerInstance.",
    EndpointKind.SERVERLESS: "Scale on the utilization of the provisioned concurrency.",
    EndpointKind.INFERENCE_COMPONENTS: "Scale the components' copies, on invocations per copy.",
}
_AN: Final[Mapping[EndpointKind, str]] = {
    EndpointKind.REAL_TIME: "a real-time endpoint",
    EndpointKind.ASYNCHRONOUS: "an asynchronous endpoint",
    EndpointKind.SERVERLESS: "a serverless endpoint",
    EndpointKind.INFERENCE_COMPONENTS: "an endpoint for inference components",
}


_ABOUT: Final = (ScalingPolicyContext,)


@rule(
    id="scaling-metric-dimension-mismatch",
    title="A metric that is known by name belongs to what is scaled",
    why="The service answers: Scalable dimension ... only supports the following predefined "
    "metric types.",
    fix="Take a metric of the instances, the concurrency or the copies that are scaled.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/aws/aws-cdk/issues/29065",
    about=_ABOUT,
)
def scaling_metric_dimension_mismatch(subject: ScalingPolicyContext) -> Iterator[Violation]:
    name = predefined(subject)
    dimension = subject.target.target.scalable_dimension if subject.target else None
    fitting = _OF_DIMENSION.get(dimension, ()) if isinstance(dimension, str) else ()
    if name in PUBLISHED_AS and fitting and name not in fitting:
        yield Violation(
            path=BY_NAME,
            got=name,
            must=f"be {' or '.join(fitting)} because {dimension} is scaled",
            fix=f"Take {fitting[0]}.",
        )


@rule(
    id="scaling-metric-unpublished",
    title="A policy tracks a metric that the kind of endpoint publishes",
    why="A metric that nobody publishes never scales anything, and nobody is told.",
    fix="Track a metric that this kind of endpoint publishes.",
    evidence=Evidence.DOCUMENTED,
    source_url=_MONITORING,
    about=_ABOUT,
)
def scaling_metric_unpublished(subject: ScalingPolicyContext) -> Iterator[Violation]:
    kind = hosting(subject.target) if subject.target else None
    if subject.target is None or any(
        True for _ in scaling_metric_dimension_mismatch.check(subject)
    ):
        return
    for tracked in tracked_by(subject):
        metric = tracked.metric
        by = dimensions_of(tracked)
        found_by = (
            by if by in metric.dimension_sets else None
        )  # wrong dimensions are another rule's business
        if kind is not None and not is_published_by(metric, kind, found_by):
            yield Violation(
                path=tracked.path,
                got=metric.name,
                must=f"be a metric that {_AN[kind]} publishes",
                fix=_INSTEAD[kind],
            )
        elif (lacking := _lacking(subject.target, metric)) is not None:
            yield Violation(
                path=tracked.path,
                got=metric.name,
                must=f"be a metric that is published without {metric.requires}: {lacking}",
                fix="Scale on something else, for example on CPU utilization or invocations.",
            )


def _lacking(scaling: ScalableTargetContext, metric: PublishedMetric) -> str | None:
    """What is surely not in use that a metric needs, in words."""
    variant = variant_of(scaling)
    if metric.requires is Feature.GPU and variant is not None:
        names = all_types_of(variant)
        if names and all(InstanceType.of(name).gpus == 0 for name in names):
            return f"{' and '.join(names)} {'has' if len(names) == 1 else 'have'} none"
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
    title="A policy finds a metric by the dimensions that it is published under",
    why="CloudWatch knows a metric by exactly its dimensions; by fewer or others there is no "
    "data, and nothing scales.",
    fix="Give the dimensions that the metric is published under.",
    evidence=Evidence.DOCUMENTED,
    source_url=_MONITORING,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_metric_dimensions_wrong(subject: ScalingPolicyContext) -> Iterator[Violation]:
    for tracked in tracked_by(subject):
        if tracked.by is not None and dimensions_of(tracked) not in tracked.metric.dimension_sets:
            sets = " or ".join("+".join(each.value) for each in tracked.metric.dimension_sets)
            yield Violation(
                path=(*tracked.path, "dimensions"),
                got=Words("+".join(sorted(tracked.by)) or "no dimensions"),
                must=f"be {sets}, by which {tracked.metric.name} is published",
                fix="CloudWatch finds a metric by exactly its own dimensions; give these.",
            )


@rule(
    id="scaling-target-not-positive",
    title="The target of a metric that is never below zero is above it",
    why="The metric would be above the target for ever, and the capacity at its greatest.",
    fix="Give the value that the metric is to be kept near.",
    evidence=Evidence.DOCUMENTED,
    source_url="https://docs.aws.amazon.com/autoscaling/application/APIReference/"
    "API_TargetTrackingScalingPolicyConfiguration.html",
    about=_ABOUT,
)
def scaling_target_not_positive(subject: ScalingPolicyContext) -> Iterator[Violation]:
    value = value_of(subject)
    for tracked in tracked_by(subject):
        if value is not None and value <= 0 and tracked.is_alone:
            yield Violation(
                path=VALUE,
                got=value,
                must=f"be more than 0 because {tracked.metric.name} is never below that",
                fix="Give the value that the metric is to be kept near.",
            )


def _most(subject: ScalingPolicyContext, tracked: Tracked) -> float | None:
    variant = variant_of(subject.target) if subject.target else None
    names = all_types_of(variant) if variant else []
    types = [InstanceType.of(name) for name in names]
    vcpus = [each.vcpus for each in types]
    gpus = [each.gpus or None for each in types]  # without any, nothing is published
    statistic = tracked.statistic or tracked.metric.default
    return tracked.metric.maximum_of(statistic, vcpus=_greatest(vcpus), gpus=_greatest(gpus))


def _greatest(counts: list[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return max(known) if known and len(known) == len(counts) else None


@rule(
    id="scaling-target-unreachable",
    title="The target of a metric is below the most that it can be",
    why="Nothing is ever added for a metric that cannot go beyond its target. CPU and GPU "
    "utilization count 100 percent for each vCPU and GPU, other shares end at 1 or 100.",
    fix="Lower the target, and mind the unit.",
    evidence=Evidence.DOCUMENTED,
    source_url=_MONITORING,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_target_unreachable(subject: ScalingPolicyContext) -> Iterator[Violation]:
    value = value_of(subject)
    for tracked in tracked_by(subject):
        most = _most(subject, tracked) if tracked.is_alone else None
        if value is not None and most is not None and value >= most:
            yield Violation(
                path=VALUE,
                got=value,
                must=f"be less than {most:g}, the most that {tracked.metric.name} can be",
                fix="Lower it, or nothing is ever added.",
            )


@rule(
    id="scaling-statistic-unsuitable",
    title="A policy tracks a statistic that AWS names as meaningful for the metric",
    why="The others can be worked out and mean something else: the average of "
    "InvocationsPerInstance is a share of one request.",
    fix="Take one of the statistics that AWS names.",
    evidence=Evidence.DOCUMENTED,
    source_url=_MONITORING,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_statistic_unsuitable(subject: ScalingPolicyContext) -> Iterator[Violation]:
    for tracked in tracked_by(subject):
        if tracked.statistic is not None and not tracked.metric.allows(tracked.statistic):
            names = ", ".join(sorted(each.value for each in tracked.metric.statistics))
            member = "statistic" if tracked.path == CUSTOM else None
            yield Violation(
                path=(*tracked.path, member) if member else (*tracked.path[:-1], "stat"),
                got=tracked.statistic,
                must=f"be {names} of {tracked.metric.name}",
                fix=f"Take {tracked.metric.default}; AWS names no other as meaningful.",
            )


RULES: Final = (
    scaling_metric_dimension_mismatch,
    scaling_metric_unpublished,
    scaling_metric_dimensions_wrong,
    scaling_target_not_positive,
    scaling_target_unreachable,
    scaling_statistic_unsuitable,
)
