"""Which metrics are those of what is scaled itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk

from cdk_epc.spec.scaling import (
    CustomizedMetricSpecification,
    MetricQuery,
    TrackedMetric,
    TrackedStatistic,
)
from cdk_epc.spec.unresolved import items_of

if TYPE_CHECKING:
    from constructs import Construct

    from cdk_epc.spec import Path
    from cdk_epc.spec.alarm import MetricDimension


_OURS: Final = frozenset({"EndpointName", "VariantName", "InferenceComponentName"})
"""Nearly every metric of a user's own has none of these, and nobody is asked about it."""


def metrics_in(
    spec: CustomizedMetricSpecification, at: Path
) -> Iterator[tuple[Path, CustomizedMetricSpecification | TrackedMetric, Any]]:
    """Every metric of a policy with its place and the statistic that is asked for."""
    if spec.metric_name is not None:
        yield at, spec, spec.statistic
    for index, query in enumerate(items_of(spec.metrics)):
        stat = query.metric_stat if isinstance(query, MetricQuery) else None
        if isinstance(stat, TrackedStatistic) and isinstance(stat.metric, TrackedMetric):
            yield (*at, "metrics", index, "metric_stat", "metric"), stat.metric, stat.stat


def own_metrics(
    scope: Construct,
    own: Callable[[], Mapping[str, tuple[str, ...]]],
    spec: CustomizedMetricSpecification,
    at: Path,
) -> frozenset[Path]:
    """The places of the metrics whose dimensions name what is scaled.

    Args:
        scope: Where names are told apart.
        own: By dimension, how the name of what is scaled may be spelt.
        spec: The metrics.
        at: Its place in the policy.
    """
    candidates = {
        path: metric.dimensions
        for path, metric, _ in metrics_in(spec, at)
        if any(each.name in _OURS for each in items_of(metric.dimensions))
    }
    if not candidates:
        return frozenset()
    names = own()
    return frozenset(path for path, each in candidates.items() if _is_own(scope, names, each))


def _is_own(
    scope: Construct,
    own: Mapping[str, tuple[str, ...]],
    dimensions: tuple[MetricDimension, ...] | None,
) -> bool:
    known = [each for each in items_of(dimensions) if each.name in own]
    stack = cdk.Stack.of(scope)
    return bool(known) and all(
        any(
            each.value == name or stack.resolve(each.value) == stack.resolve(name)
            for name in own[each.name]
        )
        for each in known
    )
