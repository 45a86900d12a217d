"""Rules of scaling policies: what they track, and near which value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from cdk_epc.instances import InstanceType
from cdk_epc.metrics import (
    Dimensions,
    Feature,
    Namespace,
    PublishedMetric,
    find,
    is_published_by,
)
from cdk_epc.rules.rule import Evidence, Fault, Rule, Severity, Words
from cdk_epc.rules.scaling import hosting, variant_of
from cdk_epc.spec import Hosting, InstancePool, Path, ProductionVariant
from cdk_epc.spec.in_place import ScalingInPlace, ScalingPolicyInPlace
from cdk_epc.spec.scaling import (
    CustomizedMetricSpecification,
    MetricQuery,
    PredefinedMetric,
    PredefinedMetricSpecification,
    ScalableDimension,
    TargetTrackingConfiguration,
    TrackedMetric,
    TrackedStatistic,
)
from cdk_epc.spec.unknown import is_given, items_of

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_MONITORING: Final = f"{_GUIDE}monitoring-cloudwatch.html"
_TRACKING: Final[Path] = ("target_tracking_scaling_policy_configuration",)
_BY_NAME: Final[Path] = (*_TRACKING, "predefined_metric_specification", "predefined_metric_type")
_CUSTOM: Final[Path] = (*_TRACKING, "customized_metric_specification")
_VALUE: Final[Path] = (*_TRACKING, "target_value")

_PUBLISHED_AS: Final[Mapping[str, str]] = {
    PredefinedMetric.INVOCATIONS_PER_INSTANCE: "InvocationsPerInstance",
    PredefinedMetric.CONCURRENT_REQUESTS_PER_MODEL: "ConcurrentRequestsPerModel",
    PredefinedMetric.PROVISIONED_CONCURRENCY_UTILIZATION: (
        "ServerlessProvisionedConcurrencyUtilization"
    ),
    PredefinedMetric.INVOCATIONS_PER_COPY: "InvocationsPerCopy",
    PredefinedMetric.CONCURRENT_REQUESTS_PER_COPY: "ConcurrentRequestsPerCopy",
}
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
_INSTEAD: Final[Mapping[Hosting, str]] = {
    Hosting.REAL_TIME: "Scale on invocations, concurrent requests or utilization.",
    Hosting.ASYNCHRONOUS: "Scale on the backlog: ApproximateBacklogSizePerInstance.",
    Hosting.SERVERLESS: "Scale on the utilization of the provisioned concurrency.",
    Hosting.INFERENCE_COMPONENTS: "Scale the copies of the components, on invocations per copy.",
}
_AN: Final[Mapping[Hosting, str]] = {
    Hosting.REAL_TIME: "a real-time endpoint",
    Hosting.ASYNCHRONOUS: "an asynchronous endpoint",
    Hosting.SERVERLESS: "a serverless endpoint",
    Hosting.INFERENCE_COMPONENTS: "an endpoint for inference components",
}


@attrs.frozen
class _Tracked:
    """A metric of what is scaled that a policy tracks.

    Attributes:
        path: Where it is named.
        metric: It.
        by: The names of its dimensions; ``None`` where the policy knows it by name.
        statistic: What of it; ``None`` where the policy knows it by name, or that is not known.
        is_alone: Whether the policy tracks nothing else.
    """

    path: Path
    metric: PublishedMetric
    by: frozenset[str] | None
    statistic: str | None
    is_alone: bool


def _tracking(subject: ScalingPolicyInPlace) -> TargetTrackingConfiguration | None:
    given = subject.policy.target_tracking_scaling_policy_configuration
    return given if isinstance(given, TargetTrackingConfiguration) else None


def _predefined(subject: ScalingPolicyInPlace) -> str | None:
    tracking = _tracking(subject)
    given = tracking.predefined_metric_specification if tracking else None
    name = (
        given.predefined_metric_type if isinstance(given, PredefinedMetricSpecification) else None
    )
    return name if isinstance(name, str) and is_given(name) else None


def _tracked(subject: ScalingPolicyInPlace) -> Iterator[_Tracked]:
    if (name := _predefined(subject)) is not None:
        published = find(Namespace.INVOCATIONS, _PUBLISHED_AS.get(name, ""))
        if published is not None:
            yield _Tracked(_BY_NAME, published, None, None, is_alone=True)
    tracking = _tracking(subject)
    custom = tracking.customized_metric_specification if tracking else None
    if isinstance(custom, CustomizedMetricSpecification):
        for path, metric, statistic, is_alone in _metrics_in(custom):
            published = _find(metric) if path in subject.own else None
            if published is not None:
                yield _Tracked(path, published, _names(metric), statistic, is_alone)


def _metrics_in(
    custom: CustomizedMetricSpecification,
) -> Iterator[tuple[Path, CustomizedMetricSpecification | TrackedMetric, str | None, bool]]:
    if custom.metric_name is not None:
        yield _CUSTOM, custom, _text(custom.statistic), True
    queries = items_of(custom.metrics)
    for index, query in enumerate(queries):
        stat = query.metric_stat if isinstance(query, MetricQuery) else None
        if isinstance(stat, TrackedStatistic) and isinstance(stat.metric, TrackedMetric):
            path = (*_CUSTOM, "metrics", index, "metric_stat", "metric")
            yield path, stat.metric, _text(stat.stat), len(queries) == 1


def _text(value: Any) -> str | None:  # noqa: ANN401 - whatever stands where a text belongs
    return value if isinstance(value, str) and is_given(value) else None


def _find(metric: CustomizedMetricSpecification | TrackedMetric) -> PublishedMetric | None:
    namespace, name = _text(metric.namespace), _text(metric.metric_name)
    return find(namespace, name) if namespace and name else None


def _names(metric: CustomizedMetricSpecification | TrackedMetric) -> frozenset[str] | None:
    """The names of the dimensions; ``None`` if some are not known."""
    if metric.dimensions is not None and not is_given(metric.dimensions):
        return None
    names = [_text(getattr(each, "name", None)) for each in items_of(metric.dimensions)]
    return None if None in names else frozenset(name for name in names if name)


def _by(tracked: _Tracked) -> Dimensions | None:
    return next((each for each in Dimensions if frozenset(each.value) == tracked.by), None)


def _of_dimension(subject: ScalingPolicyInPlace) -> Iterator[Fault]:
    name = _predefined(subject)
    dimension = subject.scaling.target.scalable_dimension if subject.scaling else None
    fitting = _OF_DIMENSION.get(dimension, ()) if isinstance(dimension, str) else ()
    if name in _PUBLISHED_AS and fitting and name not in fitting:
        yield Fault(
            path=_BY_NAME,
            got=name,
            allowed=f"{' or '.join(fitting)}, for {dimension} is scaled",
            fix=f"Take {fitting[0]}.",
        )


def _unpublished(subject: ScalingPolicyInPlace) -> Iterator[Fault]:
    kind = hosting(subject.scaling) if subject.scaling else None
    if subject.scaling is None or any(True for _ in _of_dimension(subject)):
        return
    for tracked in _tracked(subject):
        metric = tracked.metric
        by = _by(tracked)
        found_by = by if by in metric.by else None  # wrong dimensions are another rule's business
        if kind is not None and not is_published_by(metric, kind, found_by):
            yield Fault(
                path=tracked.path,
                got=metric.name,
                allowed=f"a metric that {_AN[kind]} publishes",
                fix=_INSTEAD[kind],
            )
        elif (lacking := _lacking(subject.scaling, metric)) is not None:
            yield Fault(
                path=tracked.path,
                got=metric.name,
                allowed=f"a metric that is published without {metric.needs}: {lacking}",
                fix="Scale on something else, for example on CPU utilization or invocations.",
            )


def _lacking(scaling: ScalingInPlace, metric: PublishedMetric) -> str | None:
    """What is surely not in use that a metric needs, in words."""
    variant = variant_of(scaling)
    if metric.needs is Feature.GPU and variant is not None:
        names = _types_of(variant)
        if names and all(_has_no_gpu(name) for name in names):
            return f"{' and '.join(names)} {'has' if len(names) == 1 else 'have'} none"
    if metric.needs is Feature.EXPLAINER and scaling.config is not None:
        return "the configuration has none" if _explains_nothing(scaling) else None
    return None


def _explains_nothing(scaling: ScalingInPlace) -> bool:
    return scaling.config is not None and scaling.config.config.explainer_config is None


def _types_of(variant: ProductionVariant) -> list[str]:
    """The types that a variant may run on; none where one of them is not known."""
    pools = [each for each in items_of(variant.instance_pools) if isinstance(each, InstancePool)]
    given = [variant.instance_type] if not pools else [pool.instance_type for pool in pools]
    known = [name for name in map(_text, given) if name is not None]
    return known if len(known) == len(given) else []


def _has_no_gpu(name: str) -> bool:
    known = InstanceType.of(name)
    return known.is_known and (known.accelerator is None or known.accelerator.kind != "gpu")


def _dimensions(subject: ScalingPolicyInPlace) -> Iterator[Fault]:
    for tracked in _tracked(subject):
        if tracked.by is not None and _by(tracked) not in tracked.metric.by:
            sets = " or ".join("+".join(each.value) for each in tracked.metric.by)
            yield Fault(
                path=(*tracked.path, "dimensions"),
                got=Words("+".join(sorted(tracked.by)) or "no dimensions"),
                allowed=f"{sets}, by which {tracked.metric.name} is published",
                fix="CloudWatch finds a metric by exactly its own dimensions; give these.",
            )


def _value(subject: ScalingPolicyInPlace) -> float | None:
    tracking = _tracking(subject)
    value = tracking.target_value if tracking else None
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number and is_given(value) else None


def _positive(subject: ScalingPolicyInPlace) -> Iterator[Fault]:
    value = _value(subject)
    for tracked in _tracked(subject):
        if value is not None and value <= 0 and tracked.is_alone:
            yield Fault(
                path=_VALUE,
                got=value,
                allowed=f"more than 0, for {tracked.metric.name} is never below that",
                fix="Give the value that the metric is to be kept near.",
            )


def _most(subject: ScalingPolicyInPlace, tracked: _Tracked) -> float | None:
    variant = variant_of(subject.scaling) if subject.scaling else None
    names = _types_of(variant) if variant else []
    types = [InstanceType.of(name) for name in names]
    vcpus = [each.vcpus for each in types]
    gpus = [each.accelerator.count if each.accelerator else None for each in types]
    statistic = tracked.statistic or tracked.metric.default
    return tracked.metric.most_of(statistic, vcpus=_greatest(vcpus), gpus=_greatest(gpus))


def _greatest(counts: list[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return max(known) if known and len(known) == len(counts) else None


def _unreachable(subject: ScalingPolicyInPlace) -> Iterator[Fault]:
    value = _value(subject)
    for tracked in _tracked(subject):
        most = _most(subject, tracked) if tracked.is_alone else None
        if value is not None and most is not None and value >= most:
            yield Fault(
                path=_VALUE,
                got=value,
                allowed=f"less than {most:g}, the most that {tracked.metric.name} can be",
                fix="Lower it, or nothing is ever added.",
            )


def _statistic(subject: ScalingPolicyInPlace) -> Iterator[Fault]:
    for tracked in _tracked(subject):
        if tracked.statistic is not None and not tracked.metric.allows(tracked.statistic):
            names = ", ".join(sorted(each.value for each in tracked.metric.statistics))
            member = "statistic" if tracked.path == _CUSTOM else None
            yield Fault(
                path=(*tracked.path, member) if member else (*tracked.path[:-1], "stat"),
                got=tracked.statistic,
                allowed=f"{names} of {tracked.metric.name}",
                fix=f"Take {tracked.metric.default}; AWS names no other as meaningful.",
            )


_ABOUT: Final = (ScalingPolicyInPlace,)
RULES: Final = (
    Rule(
        id="scaling-metric-of-dimension",
        title="A metric that is known by name belongs to what is scaled",
        why="The service answers: Scalable dimension ... only supports the following predefined "
        "metric types.",
        mend="Take a metric of the instances, the concurrency or the copies that are scaled.",
        evidence=Evidence.REAL_ERROR,
        source_url="https://github.com/aws/aws-cdk/issues/29065",
        about=_ABOUT,
        check=_of_dimension,
    ),
    Rule(
        id="scaling-metric-unpublished",
        title="A policy tracks a metric that the kind of endpoint publishes",
        why="A metric that nobody publishes never scales anything, and nobody is told.",
        mend="Track a metric that this kind of endpoint publishes.",
        evidence=Evidence.DOCUMENTED,
        source_url=_MONITORING,
        about=_ABOUT,
        check=_unpublished,
    ),
    Rule(
        id="scaling-metric-dimensions",
        title="A policy finds a metric by the dimensions that it is published under",
        why="CloudWatch knows a metric by exactly its dimensions; by fewer or others there is no "
        "data, and nothing scales.",
        mend="Give the dimensions that the metric is published under.",
        evidence=Evidence.DOCUMENTED,
        source_url=_MONITORING,
        about=_ABOUT,
        check=_dimensions,
        severity=Severity.WARNING,
    ),
    Rule(
        id="scaling-target-positive",
        title="The target of a metric that is never below zero is above it",
        why="The metric would be above the target for ever, and the capacity at its greatest.",
        mend="Give the value that the metric is to be kept near.",
        evidence=Evidence.DOCUMENTED,
        source_url="https://docs.aws.amazon.com/autoscaling/application/APIReference/"
        "API_TargetTrackingScalingPolicyConfiguration.html",
        about=_ABOUT,
        check=_positive,
    ),
    Rule(
        id="scaling-target-unreachable",
        title="The target of a metric is below the most that it can be",
        why="Nothing is ever added for a metric that cannot go beyond its target. CPU and GPU "
        "utilization count 100 percent for each vCPU and GPU, other shares end at 1 or 100.",
        mend="Lower the target, and mind the unit.",
        evidence=Evidence.DOCUMENTED,
        source_url=_MONITORING,
        about=_ABOUT,
        check=_unreachable,
        severity=Severity.WARNING,
    ),
    Rule(
        id="scaling-statistic",
        title="A policy tracks a statistic that AWS names as meaningful for the metric",
        why="The others can be worked out and mean something else: the average of "
        "InvocationsPerInstance is a share of one request.",
        mend="Take one of the statistics that AWS names.",
        evidence=Evidence.DOCUMENTED,
        source_url=_MONITORING,
        about=_ABOUT,
        check=_statistic,
        severity=Severity.WARNING,
    ),
)
