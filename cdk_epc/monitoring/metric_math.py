"""Metric math: expressions over several metrics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from cdk_epc.constructs.duck_typing import construct_path
from cdk_epc.monitoring.metric_source import MINUTE, MetricOptions, MetricSource, duration
from cdk_epc.spec.unresolved import is_unresolved

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import IMetric, MathExpression, Metric

    Operand: TypeAlias = tuple[MetricSource, Metric]

_GRAPH_OPTIONS: Final = ("label", "color")


def expression(
    text: str, operands: Mapping[str, IMetric], options: MetricOptions | None = None
) -> MathExpression:
    """Return the metric of an expression.

    Args:
        text: The expression.
        operands: Metrics by their names in the expression.
        options: Label, colour and period. The period of an expression overrides those of its
            operands.
    """
    from aws_cdk.aws_cloudwatch import MathExpression  # noqa: PLC0415 - slow to import

    given = options or MetricOptions()
    arguments: Any = {name: value for name, value in given.items() if name in _GRAPH_OPTIONS}
    return MathExpression(
        expression=text,
        using_metrics=dict(operands),
        period=given.get("period") or duration(MINUTE),
        **arguments,
    )


def without_graph_options(options: MetricOptions) -> MetricOptions:
    """Return the options of the operands of an expression."""
    kept = {name: value for name, value in options.items() if name not in _GRAPH_OPTIONS}
    return cast("MetricOptions", kept)


def maximum(operands: Sequence[Operand]) -> IMetric:
    """Return the maximum of several metrics; the metric itself if there is only one."""
    if len(operands) == 1:
        return operands[0][1]
    return _aggregate("MAX", operands)


def total(operands: Sequence[Operand]) -> IMetric:
    """Return the sum of several metrics."""
    return _aggregate("SUM", operands)


def _aggregate(function: str, operands: Sequence[Operand]) -> IMetric:
    metrics = by_identifier(operands)
    period = operands[0][1].period
    return expression(f"{function}([{', '.join(metrics)}])", metrics, MetricOptions(period=period))


def by_identifier(operands: Iterable[Operand]) -> dict[str, Metric]:
    """Return metrics by identifiers that are unique in the app, for use in expressions."""
    return {_identifier(source, metric): metric for source, metric in operands}


def _identifier(source: MetricSource, metric: Metric) -> str:
    return identifier_of(
        source,
        metric.namespace,
        metric.metric_name,
        metric.statistic,
        metric.period.to_seconds(),
        metric.dimensions,
    )


def identifier_of(  # noqa: PLR0913, PLR0917 - the parts of a metric
    source: MetricSource,
    namespace: str,
    name: str,
    statistic: str,
    period: float,
    dimensions: Mapping[str, Any] | None = None,
) -> str:
    """Return an identifier that is the same for the same data in every synthesis.

    CDK refuses a graph with different metrics of one identifier. Dimensions are tokens, whose
    numbers differ in each synthesis, so the construct path takes their place.

    Args:
        source: Resource of the metric.
        namespace: Namespace.
        name: Name of the metric.
        statistic: Statistic.
        period: Seconds in a period.
        dimensions: Dimensions; by default those of the resource.
    """
    given = source.dimensions if dimensions is None else dimensions
    parts = [
        construct_path(source.scope),
        source.label,
        namespace,
        name,
        statistic,
        str(period),
        *sorted(key for key in given if key not in source.dimensions),
        *sorted(str(each) for each in given.values() if not is_unresolved(each)),
    ]
    import hashlib  # noqa: PLC0415 - slow to load, and rarely needed

    return f"m{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:10]}"
