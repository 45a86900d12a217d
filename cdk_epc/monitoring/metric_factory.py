"""From a row of the table to CDK's metric, and the methods that give one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar, Unpack, cast
from weakref import WeakKeyDictionary

import aws_cdk as cdk
from constructs import Construct

from cdk_epc.catalog.metrics import (
    Detail,
    Namespace,
    PublishedMetric,
    Statistic,
    find,
    find_all,
)
from cdk_epc.monitoring.metric_availability import refuse_unpublished
from cdk_epc.monitoring.metric_source import MINUTE, MetricOptions, Place, lasting
from cdk_epc.spec.unresolved import is_unresolved

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import IMetric, Metric

F = TypeVar("F", bound=Callable[..., object])

_DETAILS: Final = {
    "instance_id": Detail.INSTANCE,
    "container_id": Detail.CONTAINER,
    "accelerator_id": Detail.ACCELERATOR,
}
_WORD: Final = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z]|$)|\d[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z]+|\d+")


class Measured(Protocol):
    """What has a place that metrics are looked for at."""

    @property
    def _place(self) -> Place: ...


class MetricMethod(Protocol):
    """A method that gives a metric."""

    def __call__(self, **options: Unpack[MetricOptions]) -> Metric:
        """The metric, read as the options say."""
        ...


class EndpointMetricMethod(Protocol):
    """A method that gives a metric of all variants of an endpoint together."""

    def __call__(self, **options: Unpack[MetricOptions]) -> IMetric:
        """The metric, read as the options say."""
        ...


def measures(metric: PublishedMetric) -> MetricMethod:
    """A method that gives this metric of what it is called on."""

    def method(self: Measured, /, **options: Unpack[MetricOptions]) -> Metric:
        return measure(self._place, metric, options)  # pyright: ignore[reportPrivateUsage] - its own

    return cast("MetricMethod", described(method, metric))


def described(method: F, metric: PublishedMetric) -> F:
    """Give a method the name and the text of its metric."""
    name = method_name(metric)
    unit = f"{metric.unit}. " if metric.unit else ""
    text = (
        f"``{metric.name}`` in ``{metric.namespace}``: {metric.description}\n\n"
        f"{unit}{metric.default} by default. The options are those of `MetricOptions`.\n\n"
        "Raises:\n    EndpointConfigError: This kind of endpoint does not publish it."
    )
    for attribute, reported in {"__name__": name, "__qualname__": name, "__doc__": text}.items():
        setattr(method, attribute, reported)
    return method


def method_name(metric: PublishedMetric) -> str:
    """The method for a metric: ``metric_`` and its name in lower case, words apart."""
    words = _WORD.findall(metric.name)
    return "_".join(["metric", *(word.lower() for word in words)])


def measure(
    place: Place,
    metric: PublishedMetric,
    options: MetricOptions,
    *,
    has_unit: bool = True,
    is_near: bool = False,
) -> Metric:
    """A published metric at a place, one point a minute unless the options say otherwise.

    Args:
        place: Where it is looked for.
        metric: The metric.
        options: How to read it.
        has_unit: Whether only data of its unit is read. CloudWatch advises alarms against that.
        is_near: Whether it is only used in the stack of the place.

    Raises:
        EndpointConfigError: It is known not to be published there.
    """
    details, read = _split(options)
    refuse_unpublished(place, metric, [Detail(each) for each in details])
    if has_unit and metric.unit is not None:
        from aws_cdk.aws_cloudwatch import Unit  # noqa: PLC0415 - costly, and not always wanted

        read.setdefault("unit", Unit[metric.unit.name])
    read.setdefault("statistic", str(metric.default))
    found = _metric(place, metric.namespace, metric.name, details, read)
    return found if is_near else found.attach_to(place.scope)


def any_metric(
    place: Place,
    metric: PublishedMetric | str,
    namespace: str | None,
    options: MetricOptions,
) -> Metric:
    """A metric by its name, one that the table lacks as well.

    Raises:
        EndpointConfigError: It is in the table, and known not to be published there.
    """
    known = metric if isinstance(metric, PublishedMetric) else _known(place, metric, namespace)
    if known is not None:
        return measure(place, known, options)
    details, read = _split(options)
    read.setdefault("statistic", str(Statistic.AVERAGE))
    found = _metric(place, namespace or Namespace.INVOCATIONS, str(metric), details, read)
    return found.attach_to(place.scope)


def _known(place: Place, name: str, namespace: str | None) -> PublishedMetric | None:
    if namespace is not None:
        return find(namespace, name)
    named = find_all(name)
    here = [each for each in named if place.by in each.dimension_sets]
    return next(iter(here or named), None)


def _split(options: MetricOptions) -> tuple[dict[str, str], dict[str, Any]]:
    """The dimensions among the options, and what says how to read the metric."""
    given: dict[str, Any] = {key: each for key, each in options.items() if each is not None}
    details = {kind.value: given.pop(key) for key, kind in _DETAILS.items() if key in given}
    return details, given


def _metric(
    place: Place, namespace: str, name: str, details: dict[str, str], read: dict[str, Any]
) -> Metric:
    """CDK's metric, not yet attached to the stack of the place."""
    from aws_cdk.aws_cloudwatch import Metric  # noqa: PLC0415 - costly, and not always wanted

    given: dict[str, Any] = {"period": lasting(MINUTE), **_elsewhere(place), **read}
    return Metric(
        namespace=str(namespace),
        metric_name=name,
        dimensions_map={**place.dimensions, **details},
        **given,
    )


_ELSEWHERE: Final[WeakKeyDictionary[Construct, Mapping[str, str]]] = WeakKeyDictionary()


def _elsewhere(place: Place) -> Mapping[str, str]:
    """The region and the account of what is imported from others than its stack's."""
    if place.scope not in _ELSEWHERE:
        _ELSEWHERE[place.scope] = _environment(place.scope)
    return _ELSEWHERE[place.scope]


def _environment(scope: Construct) -> dict[str, str]:
    own = getattr(scope, "env", None)
    if own is None:
        return {}
    stack = cdk.Stack.of(scope)
    pairs = {"region": (own.region, stack.region), "account": (own.account, stack.account)}
    return {
        key: there
        for key, (there, here) in pairs.items()
        if there != here and not is_unresolved(there) and not is_unresolved(here)
    }
