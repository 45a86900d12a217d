"""Look-ups in the table of published metrics."""

from __future__ import annotations

from typing import Final

from cdk_epc.catalog.metrics.published_metric import Dimensions, PublishedMetric
from cdk_epc.catalog.metrics.table import PUBLISHED
from cdk_epc.spec.hosting import Hosting

_BY_KEY: Final = {metric.key: metric for metric in PUBLISHED}


def find(namespace: str, name: str) -> PublishedMetric | None:
    """The metric of this namespace and name; ``None`` if the table has none."""
    return _BY_KEY.get((namespace, name))


def find_all(name: str) -> tuple[PublishedMetric, ...]:
    """The metrics of this name, in whichever namespace."""
    return tuple(metric for metric in PUBLISHED if metric.name == name)


def is_published_by(
    metric: PublishedMetric, hosting: Hosting | None, by: Dimensions | None = None
) -> bool:
    """Whether a kind of endpoint publishes a metric.

    Args:
        metric: The metric.
        hosting: The kind; where it is not known nothing is said against it.
        by: The dimensions that it is asked for by; any by default.
    """
    if by is not None and by not in metric.by:
        return False
    if hosting is None:
        return True
    if hosting not in metric.hosting:
        return False
    # What has a name of its own is a component or a container; not every kind has these.
    if by is Dimensions.COMPONENT:
        return hosting is Hosting.INFERENCE_COMPONENTS
    return by is not Dimensions.CONTAINER or hosting is Hosting.REAL_TIME


def metrics_for(hosting: Hosting, by: Dimensions | None = None) -> tuple[PublishedMetric, ...]:
    """The metrics that a kind of endpoint publishes, in the order of the table."""
    return tuple(metric for metric in PUBLISHED if is_published_by(metric, hosting, by))
