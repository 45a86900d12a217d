"""Where a metric is looked for: its dimensions, and what is known of whoever publishes it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Final, TypedDict

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


@cache
def lasting(seconds: int) -> cdk.Duration:
    """A duration, of which one serves all."""
    return cdk.Duration.seconds(seconds)


@attrs.frozen(kw_only=True, eq=False)
class Place:
    """Whom a metric is asked of.

    Attributes:
        scope: The construct whose region and account the metric is of.
        title: How people know it, for example ``variant 'blue'``.
        by: The set of dimensions.
        dimensions: Their values.
        hosting: The kind of endpoint; ``None`` where that is not known.
        lacks: What is known not to be in use.
        is_enhanced: Whether enhanced metrics are published; ``None`` where that is not known.
        interval: The seconds between two points of what instances publish.
    """

    scope: Construct
    title: str
    by: Dimensions
    dimensions: Mapping[str, str]
    hosting: EndpointKind | None = None
    lacks: frozenset[Feature] = frozenset()
    is_enhanced: bool | None = None
    interval: int = MINUTE

    def period_of(self, metric: PublishedMetric) -> int:
        """The seconds that one point of an alarm or of a graph stands for: a minute at least.

        What is looked at more often than it is published has gaps, and an alarm that wants several
        bad points never finds them. The interval is that of requests, too, where metrics are
        enhanced (API reference, ``MetricsConfig``).
        """
        if metric.namespace is Namespace.INVOCATIONS and self.is_enhanced is False:
            return MINUTE
        return max(MINUTE, self.interval)


class MetricOptions(TypedDict, total=False):
    """How to read a metric. What is left out is as it is published, one point a minute.

    Attributes:
        statistic: ``Average``, ``Sum``, ``p99`` and so on; by default the one that says most.
        period: The time that one point stands for; 1 minute by default.
        label: What it is called in a graph.
        color: Its colour in a graph, ``#`` and six hexadecimal digits.
        unit: Only data of this unit; by default the one that AWS names. With another one, there
            is none.
        account: Another account that it is read from.
        region: Another region that it is read from.
        instance_id: Of one instance; for this and the next two the configuration needs enhanced
            metrics.
        container_id: Of one copy of an inference component.
        accelerator_id: Of one GPU.
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
