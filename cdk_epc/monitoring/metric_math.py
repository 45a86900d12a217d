"""One metric of several variants."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Unpack, cast

from cdk_epc.catalog.metrics import (
    Dimensions,
    PublishedMetric,
    Statistic,
    find,
    find_all,
)
from cdk_epc.monitoring.component_metrics import ComponentMetrics
from cdk_epc.monitoring.metric_availability import refuse
from cdk_epc.monitoring.metric_factory import EndpointMetricMethod, any_metric, described
from cdk_epc.monitoring.metric_source import MINUTE, MetricOptions, lasting
from cdk_epc.rules.call_errors import ARGUMENT_TYPE, VARIANTS_UNKNOWN
from cdk_epc.spec.unresolved import is_list, is_unresolved

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import IMetric, Metric

    from cdk_epc.monitoring.endpoint_metrics import EndpointMetrics
    from cdk_epc.monitoring.metric_source import Place
    from cdk_epc.monitoring.variant_metrics import VariantMetrics

_OF_GRAPHS: Final = ("label", "color")
_FUNCTIONS: Final[Mapping[str, str]] = {"Sum": "SUM", "SampleCount": "SUM", "Minimum": "MIN"}


def measures_all(metric: PublishedMetric) -> EndpointMetricMethod:
    """A method that gives this metric of all variants of an endpoint together."""

    def method(self: EndpointMetrics, /, **options: Unpack[MetricOptions]) -> IMetric:
        return combined(self, metric, None, options)

    return cast("EndpointMetricMethod", described(method, metric))


def combined(
    endpoint: EndpointMetrics,
    metric: PublishedMetric | str,
    namespace: str | None,
    options: MetricOptions,
) -> IMetric:
    """A metric of an endpoint's queue, or of its production variants together.

    Raises:
        EndpointConfigError: It is not published, or the variants are not known.
    """
    row = metric if isinstance(metric, PublishedMetric) else _row(metric, namespace)
    if row is not None and Dimensions.ENDPOINT in row.dimension_sets:
        return any_metric(endpoint._place, row, namespace, options)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
    variants = _answering(endpoint, row or metric)
    if len(variants) == 1:
        return variants[0].metric(row or metric, namespace=namespace, **options)
    return _math(variants, row or metric, namespace, options)


def _row(name: str, namespace: str | None) -> PublishedMetric | None:
    if namespace is not None:
        return find(namespace, name)
    return next(iter(find_all(name)), None)


def variants_of(endpoint: object) -> tuple[VariantMetrics, ...]:
    """The variants of an endpoint that are known, production first."""
    return tuple(getattr(endpoint, "variants", ()))


def chosen_of(endpoint: object, names: Sequence[str] | None) -> tuple[VariantMetrics, ...]:
    """The variants of an endpoint of these names; all that are known where none are given."""
    if names is None:
        return variants_of(endpoint)
    if not is_list(names):  # a text would be taken for its letters
        refuse(
            getattr(endpoint, "_place"),  # noqa: B009 - what mixes this in has it
            ARGUMENT_TYPE,
            got=f"{names!r} as variants",
            allowed="a list of names",
            fix="Put it into a list.",
        )
    find: Any = getattr(endpoint, "variant")  # noqa: B009 - what mixes this in has it
    return tuple(find(name) for name in names)


def components_of(endpoint: object) -> tuple[ComponentMetrics, ...]:
    """The inference components that this app has placed on an endpoint."""
    placed = getattr(endpoint, "_components", ())  # names and ARNs among them
    return tuple(each for each in placed if isinstance(each, ComponentMetrics))


def _answering(
    endpoint: EndpointMetrics, metric: PublishedMetric | str
) -> Sequence[VariantMetrics]:
    variants = [each for each in variants_of(endpoint) if not getattr(each, "is_shadow", False)]
    if not variants:
        name = metric.name if isinstance(metric, PublishedMetric) else metric
        refuse(
            endpoint._place,  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
            VARIANTS_UNKNOWN,
            got=f"{name} of all variants, none of which is known",
            allowed="a variant by its name",
            fix="Ask the variant: endpoint.variant(name).",
        )
    return variants


def _math(
    variants: Sequence[VariantMetrics],
    metric: PublishedMetric | str,
    namespace: str | None,
    options: MetricOptions,
) -> IMetric:
    default = metric.default if isinstance(metric, PublishedMetric) else Statistic.AVERAGE
    statistic = options.get("statistic") or str(default)
    if statistic == Statistic.AVERAGE:
        sums = _read(variants, metric, namespace, options, Statistic.SUM)
        counts = _read(variants, metric, namespace, options, Statistic.SAMPLE_COUNT)
        text = f"SUM([{', '.join(sums)}]) / SUM([{', '.join(counts)}])"
        return expression(text, {**sums, **counts}, options)
    read = _read(variants, metric, namespace, options, statistic)
    function = _FUNCTIONS.get(statistic, "MAX")
    return expression(f"{function}([{', '.join(read)}])", read, options)


def _read(
    variants: Iterable[VariantMetrics],
    metric: PublishedMetric | str,
    namespace: str | None,
    options: MetricOptions,
    statistic: str,
) -> dict[str, Metric]:
    """The metric of each variant, each under its name in the expression."""
    read: Any = {key: each for key, each in options.items() if key not in _OF_GRAPHS}
    read["statistic"] = str(statistic)
    return named(
        (each._place, each.metric(metric, namespace=namespace, **read))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
        for each in variants
    )


def named(metrics: Iterable[tuple[Place, Metric]]) -> dict[str, Metric]:
    """Each metric under a name for expressions that no other metric of the app has."""
    return {identifier(place, metric): metric for place, metric in metrics}


def identifier(place: Place, metric: Metric) -> str:
    """A name for a metric in expressions: the same for the same data, in every synthesis.

    CDK refuses a graph that has two metrics of one name. The values of dimensions are tokens, which
    are numbered anew in each synthesis, so the construct stands for them.
    """
    dimensions = metric.dimensions or {}
    reported = [
        place.scope.node.path,
        place.title,
        metric.namespace,
        metric.metric_name,
        metric.statistic,
        str(metric.period.to_seconds()),
        *sorted(key for key in dimensions if key not in place.dimensions),
        *sorted(str(each) for each in dimensions.values() if not is_unresolved(each)),
    ]
    return f"m{hashlib.sha256('|'.join(reported).encode()).hexdigest()[:10]}"


def expression(text: str, read: Mapping[str, IMetric], options: MetricOptions) -> IMetric:
    """A metric that is worked out of others."""
    from aws_cdk.aws_cloudwatch import MathExpression  # noqa: PLC0415 - costly

    shown: dict[str, Any] = {key: each for key, each in options.items() if key in _OF_GRAPHS}
    return MathExpression(
        expression=text,
        using_metrics=dict(read),
        period=options.get("period") or lasting(MINUTE),
        **shown,
    )
