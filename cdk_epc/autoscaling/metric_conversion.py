"""Metrics of CDK's, as a policy takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs
import aws_cdk as cdk

from cdk_epc.constructs.values import ArgumentTypeError
from cdk_epc.spec.alarm import MetricDimension
from cdk_epc.spec.scaling import (
    CustomizedMetricSpecification,
    MetricQuery,
    MetricStatistic,
    TrackedMetric,
    TrackedStatistic,
)
from cdk_epc.spec.unresolved import items_of

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import IMetric
    from constructs import Construct

    from cdk_epc.spec import Path


_PLAIN: Final = frozenset(each.value for each in MetricStatistic)


def customized(metric: IMetric) -> CustomizedMetricSpecification:
    """The metric that a policy tracks: a plain one, a percentile, or an expression over several.

    CDK's own target tracking takes plain ones only. A policy looks at each minute, whatever the
    period of the metric is.

    Raises:
        UnfitError: It is no metric.
    """
    if not hasattr(metric, "to_metric_config"):
        raise ArgumentTypeError(metric, "a metric (IMetric)", "Give the metric itself.")
    config = metric.to_metric_config()
    stat = config.metric_stat
    if stat is not None and stat.statistic in _PLAIN:
        return CustomizedMetricSpecification(
            namespace=stat.namespace,
            metric_name=stat.metric_name,
            dimensions=_dimensions(stat),
            statistic=stat.statistic,
            unit=_unit(stat),
        )
    *below, result = _queries(metric, "result", is_result=True)
    while result.id in {each.id for each in below}:
        result = attrs.evolve(result, id=f"{result.id}_")
    return CustomizedMetricSpecification(metrics=(*below, result))


def places_of(metric: IMetric) -> list[tuple[str | None, str | None]]:
    """The accounts and regions that a metric, or one of those it is made of, was given."""
    config = metric.to_metric_config()
    if config.math_expression is not None:
        below = config.math_expression.using_metrics
        return [place for each in below.values() for place in places_of(each)]
    stat: Any = config.metric_stat
    return [(stat.account, stat.region)]


def _queries(metric: IMetric, id: str, *, is_result: bool) -> Iterator[MetricQuery]:
    config = metric.to_metric_config()
    expression = config.math_expression
    if expression is None:
        stat: Any = config.metric_stat
        yield MetricQuery(
            id=id,
            metric_stat=TrackedStatistic(
                metric=TrackedMetric(
                    namespace=stat.namespace,
                    metric_name=stat.metric_name,
                    dimensions=_dimensions(stat),
                ),
                stat=stat.statistic,
                unit=_unit(stat),
            ),
            return_data=None if is_result else False,
        )
        return
    for name, each in expression.using_metrics.items():
        yield from _queries(each, name, is_result=False)
    yield MetricQuery(id=id, expression=expression.expression, return_data=is_result)


def _dimensions(stat: Any) -> tuple[MetricDimension, ...] | None:  # noqa: ANN401 - CDK's struct
    return (
        tuple(MetricDimension(name=each.name, value=each.value) for each in stat.dimensions)
        if stat.dimensions
        else None
    )


def _unit(stat: Any) -> str | None:  # noqa: ANN401 - CDK's struct
    """CDK writes ``KILOBYTES_PER_SECOND``, CloudWatch ``Kilobytes/Second``."""
    unit = stat.unit_filter
    return None if unit is None else unit.name.capitalize().replace("_per_second", "/Second")


_OURS: Final = frozenset({"EndpointName", "VariantName", "InferenceComponentName"})
"""Nearly every metric of a user's own has none of these, and nobody is asked about it."""


def metrics_in(
    spec: CustomizedMetricSpecification, at: Path
) -> Iterator[tuple[Path, CustomizedMetricSpecification | TrackedMetric, Any]]:
    """Every metric of a policy with its place and the statistic that is asked for."""
    if spec.metric_name is not None:
        yield at, spec, spec.statistic
    for index, query in enumerate(items_of(spec.metrics)):
        stat = query.metric_stat if isinstance(query, MetricQuery) else None
        if isinstance(stat, TrackedStatistic) and isinstance(stat.metric, TrackedMetric):
            yield (*at, "metrics", index, "metric_stat", "metric"), stat.metric, stat.stat


def own_metrics(
    scope: Construct,
    own: Callable[[], Mapping[str, tuple[str, ...]]],
    spec: CustomizedMetricSpecification,
    at: Path,
) -> frozenset[Path]:
    """The places of the metrics whose dimensions name what is scaled.

    Args:
        scope: Where names are told apart.
        own: By dimension, how the name of what is scaled may be spelt.
        spec: The metrics.
        at: Its place in the policy.
    """
    candidates = {
        path: metric.dimensions
        for path, metric, _ in metrics_in(spec, at)
        if any(each.name in _OURS for each in items_of(metric.dimensions))
    }
    if not candidates:
        return frozenset()
    names = own()
    return frozenset(path for path, each in candidates.items() if _is_own(scope, names, each))


def _is_own(
    scope: Construct,
    own: Mapping[str, tuple[str, ...]],
    dimensions: tuple[MetricDimension, ...] | None,
) -> bool:
    known = [each for each in items_of(dimensions) if each.name in own]
    stack = cdk.Stack.of(scope)
    return bool(known) and all(
        any(
            each.value == name or stack.resolve(each.value) == stack.resolve(name)
            for name in own[each.name]
        )
        for each in known
    )
