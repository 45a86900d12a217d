"""Metric factory: from a published metric to CDK's metric, and the ``metric_...`` methods."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar, Unpack, cast
from weakref import WeakKeyDictionary

from constructs import Construct

from cdk_epc.catalog.metrics import (
    Detail,
    Namespace,
    PublishedMetric,
    Statistic,
    find,
    find_all,
)
from cdk_epc.constructs.call_signature import check_options
from cdk_epc.constructs.duck_typing import known_scope
from cdk_epc.constructs.scope import stack_of
from cdk_epc.monitoring.metric_availability import check_published
from cdk_epc.monitoring.metric_source import MINUTE, MetricOptions, MetricSource, duration
from cdk_epc.spec.unresolved import is_unresolved

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import IMetric, Metric

M_co = TypeVar("M_co", bound="IMetric", covariant=True)
M = TypeVar("M", bound="IMetric")

_DETAILS: Final = {
    "instance_id": Detail.INSTANCE,
    "container_id": Detail.CONTAINER,
    "accelerator_id": Detail.ACCELERATOR,
}
_WORD: Final = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z]|$)|\d[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z]+|\d+")


class HasMetrics(Protocol[M_co]):
    """Object whose metrics are found by name."""

    def metric(
        self,
        metric: PublishedMetric | str,
        *,
        namespace: str | None = None,
        **options: Unpack[MetricOptions],
    ) -> M_co:
        """Return a metric by its name."""
        ...


class BoundMetricMethod(Protocol[M_co]):
    """``metric_...`` method of an object."""

    def __call__(self, **options: Unpack[MetricOptions]) -> M_co:
        """Return the metric."""
        ...


class MetricMethod(Protocol):
    """``metric_...`` method of a class."""

    def __get__(self, instance: HasMetrics[M], owner: type, /) -> BoundMetricMethod[M]:
        """Return the method of an object, with the return type of the object's `metric`."""
        ...


def metric_method(metric: PublishedMetric) -> MetricMethod:
    """Return a method for a metric, with the name and the description of the metric."""

    def method(self: HasMetrics[IMetric], /, **options: Unpack[MetricOptions]) -> IMetric:
        return self.metric(metric, **options)

    unit = f"{metric.unit}. " if metric.unit else ""
    name = method.__name__ = method.__qualname__ = method_name(metric)
    method.__code__ = method.__code__.replace(co_name=name)  # messages and tracebacks show it
    method.__doc__ = (
        f"``{metric.name}`` in ``{metric.namespace}``: {metric.description}\n\n"
        f"{unit}{metric.default} by default. The options are those of `MetricOptions`.\n\n"
        "Raises:\n    EndpointConfigError: This kind of endpoint does not publish the metric."
    )
    return cast("MetricMethod", method)


def method_name(metric: PublishedMetric) -> str:
    """Return the name of a metric's method: ``metric_`` and the metric's name in snake case."""
    words = _WORD.findall(metric.name)
    return "_".join(["metric", *(word.lower() for word in words)])


def published_metric(
    source: MetricSource,
    metric: PublishedMetric,
    options: MetricOptions,
    *,
    has_unit: bool = True,
    is_attached: bool = True,
) -> Metric:
    """Return a published metric of a resource.

    Args:
        source: The resource.
        metric: The metric.
        options: Options of the metric.
        has_unit: Whether to read only data of the metric's unit. CloudWatch advises against a unit
            in alarms.
        is_attached: Whether the metric may be used in other stacks, which costs a call into Node.

    Raises:
        EndpointConfigError: The resource certainly does not publish the metric.
    """
    details, given = _split(options)
    check_published(source, metric, [Detail(each) for each in details])
    if has_unit and metric.unit is not None:
        from aws_cdk.aws_cloudwatch import Unit  # noqa: PLC0415 - slow; not every app has metrics

        given.setdefault("unit", Unit[metric.unit.name])
    given.setdefault("statistic", str(metric.default))
    found = _metric(source, metric.namespace, metric.name, details, given)
    return found.attach_to(source.scope) if is_attached else found


def metric_by_name(
    source: MetricSource,
    metric: PublishedMetric | str,
    namespace: str | None,
    options: MetricOptions,
) -> Metric:
    """Return a metric of a resource, which need not be in the catalog.

    Raises:
        EndpointConfigError: The metric is in the catalog, and the resource certainly does not
            publish it.
    """
    known = metric if isinstance(metric, PublishedMetric) else _find(source, metric, namespace)
    if known is not None:
        return published_metric(source, known, options)
    details, given = _split(options)
    given.setdefault("statistic", str(Statistic.AVERAGE))
    found = _metric(source, namespace or Namespace.INVOCATIONS, str(metric), details, given)
    return found.attach_to(source.scope)


def _find(source: MetricSource, name: str, namespace: str | None) -> PublishedMetric | None:
    """Return the metric of the catalog, preferably one with the dimensions of the resource."""
    if namespace is not None:
        return find(namespace, name)
    named = find_all(name)
    published = [each for each in named if source.dimension_set in each.dimension_sets]
    return next(iter(published or named), None)


def _split(options: MetricOptions) -> tuple[dict[str, str], dict[str, Any]]:
    """Return the dimensions among the options, and the arguments of CDK's metric."""
    check_options(options, MetricOptions.__annotations__)
    given: dict[str, Any] = {key: each for key, each in options.items() if each is not None}
    details = {kind.value: given.pop(key) for key, kind in _DETAILS.items() if key in given}
    return details, given


def _metric(
    source: MetricSource, namespace: str, name: str, details: dict[str, str], given: dict[str, Any]
) -> Metric:
    """Return CDK's metric, not yet attached to the stack of the resource."""
    from aws_cdk.aws_cloudwatch import Metric  # noqa: PLC0415 - slow; not every app has metrics

    arguments: dict[str, Any] = {
        "period": duration(MINUTE),
        **foreign_environment(source.scope),
        **given,
    }
    return Metric(
        namespace=str(namespace),
        metric_name=name,
        dimensions_map={**source.dimensions, **details},
        **arguments,
    )


_ENVIRONMENTS: Final[WeakKeyDictionary[Construct, Mapping[str, str]]] = WeakKeyDictionary()
"""Results of `foreign_environment`, because each one costs several calls into Node."""


def foreign_environment(scope: Construct) -> Mapping[str, str]:
    """Return the region and the account of an imported resource, where the stack has others."""
    if scope not in _ENVIRONMENTS:
        _ENVIRONMENTS[scope] = _difference(scope)
    return _ENVIRONMENTS[scope]


def _difference(scope: Construct) -> dict[str, str]:
    # Only an imported resource can be in another environment than its stack.
    env = None if known_scope(scope) is not None else getattr(scope, "env", None)
    if env is None:
        return {}
    stack = stack_of(scope)
    pairs = {"region": (env.region, stack.region), "account": (env.account, stack.account)}
    return {
        key: there
        for key, (there, here) in pairs.items()
        if there != here and not is_unresolved(there) and not is_unresolved(here)
    }
