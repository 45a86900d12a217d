"""Metric source: dimensions of metrics, and the facts that decide which metrics are published."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol, TypedDict, cast

import attrs
import aws_cdk as cdk

from cdk_epc.catalog.metrics import (
    Dimensions,
    Feature,
    Namespace,
    PublishedMetric,
)

if TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk.aws_cloudwatch import Unit
    from constructs import Construct

    from cdk_epc.spec import EndpointKind


MINUTE: Final = 60
"""Seconds in a minute."""


@cache
def duration(seconds: int) -> cdk.Duration:
    """Return a duration. The cache saves a call into Node for each metric."""
    return cdk.Duration.seconds(seconds)


class MonitoredEndpoint(Protocol):
    """Endpoint whose metrics are read. It is a construct as well; see `as_construct`."""

    @property
    def name_in_metrics(self) -> str:
        """Value of the dimension ``EndpointName``."""
        ...

    @property
    def endpoint_kind(self) -> EndpointKind | None:
        """Kind of the endpoint; ``None`` if it is unknown."""
        ...


def as_construct(resource: object) -> Construct:
    """Return a resource with metrics as a construct.

    Python has no type for an object that is both, so this is the one place that asserts it.
    """
    return cast("Construct", resource)


@attrs.frozen(kw_only=True, eq=False)
class MetricSource:
    """Resource that publishes metrics: an endpoint, a variant, a container or a component.

    Attributes:
        scope: Construct whose region and account the metrics belong to.
        label: Name of the resource in messages, for example ``variant 'blue'``.
        dimension_set: Names of the dimensions.
        dimensions: Values of the dimensions.
        endpoint_kind: Kind of the endpoint; ``None`` if it is unknown.
        unused_features: Features that the resource certainly does not use.
        is_enhanced: Whether enhanced metrics are published; ``None`` if it is unknown.
        interval: Seconds between two datapoints of instance metrics.
    """

    scope: Construct
    label: str
    dimension_set: Dimensions
    dimensions: Mapping[str, str]
    endpoint_kind: EndpointKind | None = None
    unused_features: frozenset[Feature] = frozenset()
    is_enhanced: bool | None = None
    interval: int = MINUTE

    def period_of(self, metric: PublishedMetric) -> int:
        """Return the period of alarms and graphs, in seconds: a minute or more.

        A period below the publishing interval has gaps, and an alarm that needs several breaching
        datapoints never finds them. With enhanced metrics the interval applies to request metrics
        as well (API reference, ``MetricsConfig``).
        """
        if metric.namespace is Namespace.INVOCATIONS and self.is_enhanced is False:
            return MINUTE
        return max(MINUTE, self.interval)


class MetricOptions(TypedDict, total=False):
    """Options of a metric. By default it is read as published, with a period of 1 minute.

    Attributes:
        statistic: ``Average``, ``Sum``, ``p99`` and so on; by default the most useful one.
        period: Period; 1 minute by default.
        label: Label in a graph.
        color: Colour in a graph, ``#`` and six hexadecimal digits.
        unit: Unit of the data; by default the one that AWS documents. There is no data of another
            unit.
        account: Account of the metric, if it is another one.
        region: Region of the metric, if it is another one.
        instance_id: Id of one instance. This option and the next two need enhanced metrics.
        container_id: Id of one copy of an inference component.
        accelerator_id: Id of one GPU.
    """

    statistic: str
    period: Duration
    label: str
    color: str
    unit: Unit
    account: str
    region: str
    instance_id: str
    container_id: str
    accelerator_id: str
