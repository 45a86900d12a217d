"""Where a metric is looked for: its dimensions, and what is known of whoever publishes it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Final

import attrs
import aws_cdk as cdk

from cdk_epc.catalog.metrics import (
    Dimensions,
    Feature,
    Namespace,
    PublishedMetric,
)

if TYPE_CHECKING:
    from constructs import Construct

    from cdk_epc.spec import Hosting

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
    hosting: Hosting | None = None
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
