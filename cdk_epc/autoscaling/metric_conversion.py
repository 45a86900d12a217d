"""Metrics of CDK's, as a policy takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import attrs

from cdk_epc.constructs.values import UnfitError
from cdk_epc.spec.alarm import MetricDimension
from cdk_epc.spec.scaling import (
    CustomizedMetricSpecification,
    MetricQuery,
    MetricStatistic,
    TrackedMetric,
    TrackedStatistic,
)

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import IMetric

_PLAIN: Final = frozenset(each.value for each in MetricStatistic)


def customized(metric: IMetric) -> CustomizedMetricSpecification:
    """The metric that a policy tracks: a plain one, a percentile, or an expression over several.

    CDK's own target tracking takes plain ones only. A policy looks at each minute, whatever the
    period of the metric is.

    Raises:
        UnfitError: It is no metric.
    """
    if not hasattr(metric, "to_metric_config"):
        raise UnfitError(metric, "a metric (IMetric)", "Give the metric itself.")
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
