"""Metric conversion: from a CloudWatch metric of CDK to the metric of a target tracking policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs
import aws_cdk as cdk

from cdk_epc.autoscaling.scalable_source import ScalableSource
from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.scope import stack_of
from cdk_epc.constructs.values import ArgumentTypeError
from cdk_epc.rules.call_errors import SCALING_METRIC_ELSEWHERE
from cdk_epc.rules.rule import Violation, Words
from cdk_epc.spec.alarm import MetricDimension
from cdk_epc.spec.scaling import (
    CustomizedMetricSpecification,
    MetricQuery,
    MetricStatistic,
    ScalableTargetSpec,
    TrackedMetric,
    TrackedStatistic,
)
from cdk_epc.spec.unresolved import is_resolved, items_of

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import IMetric

    from cdk_epc.spec import Path


_SIMPLE_STATISTICS: Final = frozenset(each.value for each in MetricStatistic)
_SAGEMAKER_DIMENSIONS: Final = frozenset({"EndpointName", "VariantName", "InferenceComponentName"})


def customized_metric(metric: IMetric) -> CustomizedMetricSpecification:
    """Convert a metric of a simple statistic, a percentile, or an expression over several metrics.

    CDK's own target tracking converts only simple statistics. The period of the metric is dropped,
    because Application Auto Scaling evaluates each minute.

    Raises:
        ArgumentTypeError: The object is not a metric.
    """
    if not hasattr(metric, "to_metric_config"):
        raise ArgumentTypeError(metric, "a CloudWatch metric (IMetric)", "Pass an IMetric.")
    config = metric.to_metric_config()
    stat = config.metric_stat
    if stat is not None and stat.statistic in _SIMPLE_STATISTICS:
        return CustomizedMetricSpecification(
            namespace=stat.namespace,
            metric_name=stat.metric_name,
            dimensions=_dimensions(stat),
            statistic=stat.statistic,
            unit=_unit(stat),
        )
    *operands, result = _queries(metric, "result", is_result=True)
    while result.id in {each.id for each in operands}:
        result = attrs.evolve(result, id=f"{result.id}_")
    return CustomizedMetricSpecification(metrics=(*operands, result))


def _queries(metric: IMetric, id: str, *, is_result: bool) -> Iterator[MetricQuery]:
    """Yield the queries of a metric's operands, and then that of the metric itself."""
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
    """Return the unit as CloudWatch spells it: ``Kilobytes/Second``, not KILOBYTES_PER_SECOND."""
    unit = stat.unit_filter
    return None if unit is None else unit.name.capitalize().replace("_per_second", "/Second")


def check_metric_environment(
    state: ResourceState[ScalableTargetSpec], source: ScalableSource, metric: IMetric, call: str
) -> None:
    """Check that a metric is in the account and the region of the stack.

    Args:
        state: State of the scalable target.
        source: The scaled resource.
        metric: The metric.
        call: The call, as messages name it.

    Raises:
        EndpointConfigError: The metric, or an operand of its expression, is in another account or
            region.
    """
    stack = stack_of(source.scope)
    for account, region in _environments(metric):
        for kind, own, other in (
            ("account", stack.account, account),
            ("region", stack.region, region),
        ):
            if is_resolved(own) and is_resolved(other) and own != other:
                violation = Violation(
                    path=("target_tracking_scaling_policy_configuration",),
                    got=Words(f"in {kind} {other}"),
                    must=f"be in the stack's {kind}, {own}",
                    fix=f"Publish the metric in the stack's {kind} as well; Application Auto "
                    "Scaling reads no other.",
                )
                site = CallSite.current()
                state.refuse_call(SCALING_METRIC_ELSEWHERE, violation, f"{call}.metric", site)


def _environments(metric: IMetric) -> list[tuple[str | None, str | None]]:
    """Return the account and the region of a metric, or of each operand of its expression."""
    config = metric.to_metric_config()
    if config.math_expression is not None:
        operands = config.math_expression.using_metrics.values()
        return [environment for each in operands for environment in _environments(each)]
    stat: Any = config.metric_stat
    return [(stat.account, stat.region)]


def own_metrics(
    source: ScalableSource, spec: CustomizedMetricSpecification, at: Path
) -> frozenset[Path]:
    """Return the paths of the metrics that belong to the scaled resource.

    Args:
        source: The scaled resource.
        spec: The metrics of a policy.
        at: Path of these metrics in the spec of the policy.
    """
    candidates = {
        path: metric.dimensions
        for path, metric in _tracked_metrics(spec, at)
        if any(each.name in _SAGEMAKER_DIMENSIONS for each in items_of(metric.dimensions))
    }
    if not candidates:  # as for most custom metrics: this saves the calls into Node
        return frozenset()
    own_dimensions = source.own_dimensions()
    stack = stack_of(source.scope)
    return frozenset(
        path
        for path, dimensions in candidates.items()
        if _is_own_metric(stack, own_dimensions, dimensions)
    )


def _tracked_metrics(
    spec: CustomizedMetricSpecification, at: Path
) -> Iterator[tuple[Path, CustomizedMetricSpecification | TrackedMetric]]:
    """Yield every metric of a policy with its path."""
    if spec.metric_name is not None:
        yield at, spec
    for index, query in enumerate(items_of(spec.metrics)):
        stat = query.metric_stat if isinstance(query, MetricQuery) else None
        if isinstance(stat, TrackedStatistic) and isinstance(stat.metric, TrackedMetric):
            yield (*at, "metrics", index, "metric_stat", "metric"), stat.metric


def _is_own_metric(
    stack: cdk.Stack,
    own_dimensions: Mapping[str, tuple[str, ...]],
    dimensions: tuple[MetricDimension, ...] | None,
) -> bool:
    """Return whether all dimensions of the scaled resource's metrics have its values."""
    known = [each for each in items_of(dimensions) if each.name in own_dimensions]
    return bool(known) and all(
        any(
            each.value == value or stack.resolve(each.value) == stack.resolve(value)
            for value in own_dimensions[each.name]
        )
        for each in known
    )
