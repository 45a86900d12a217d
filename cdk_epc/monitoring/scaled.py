"""How a variant or a component scales, as a dashboard tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import attrs

from cdk_epc.catalog.metrics import PublishedMetric, Statistic
from cdk_epc.monitoring.place import MINUTE
from cdk_epc.rules._tracked_metrics import tracked_by
from cdk_epc.spec.context import ScalingPolicyInPlace
from cdk_epc.spec.scaling import ScalableDimension, ScalableTargetSpec
from cdk_epc.spec.unresolved import is_given, is_whole

if TYPE_CHECKING:
    from cdk_epc.monitoring.dashboard_series import Shown

_WHAT: Final = {
    ScalableDimension.INSTANCES: "instances",
    ScalableDimension.COPIES: "copies",
    ScalableDimension.PROVISIONED_CONCURRENCY: "requests kept warm for",
}


@attrs.frozen(kw_only=True)
class Scaling:
    """Between which capacities it scales, and near what its policies keep which metric.

    Attributes:
        dimension: What is scaled.
        least: The least capacity, if it is known.
        greatest: The greatest capacity, if it is known.
        targets: The metrics with the values that they are kept near.
    """

    dimension: ScalableDimension
    least: int | None = None
    greatest: int | None = None
    targets: tuple[tuple[PublishedMetric, float], ...] = ()

    def __str__(self) -> str:
        """In words, for example ``2 to 8 instances``."""
        bounds = ("?" if each is None else str(each) for each in (self.least, self.greatest))
        return f"{' to '.join(bounds)} {_WHAT[self.dimension]}"


def scaling_of(whoever: object) -> Scaling | None:
    """How a variant or a component of this app scales; ``None`` if it does not so far."""
    made: Any = getattr(whoever, "scaling", None)
    target = getattr(made, "spec", None)
    if not isinstance(target, ScalableTargetSpec):
        return None
    return Scaling(
        dimension=ScalableDimension(str(target.scalable_dimension)),
        least=target.min_capacity if is_whole(target.min_capacity) else None,
        greatest=target.max_capacity if is_whole(target.max_capacity) else None,
        targets=tuple(_targets(made.policies)),
    )


def _targets(policies: Iterable[Any]) -> Iterator[tuple[PublishedMetric, float]]:
    for policy in policies:
        subject = policy._draft.in_place()  # noqa: SLF001 - its own
        if not isinstance(subject, ScalingPolicyInPlace):
            continue
        given = subject.policy.target_tracking_scaling_policy_configuration
        value = getattr(given, "target_value", None)
        for each in tracked_by(subject):
            if (
                each.is_alone
                and each.statistic in {None, str(each.metric.default)}
                and is_given(value)
            ):
                yield each.metric, float(value)


def bounds_in(everybody: Iterable[Shown], what: ScalableDimension) -> list[tuple[float, str]]:
    """The capacities between which each scales, for level lines."""
    return [
        (float(bound), f"{word} of {each.label}")
        for each in everybody
        if each.scaling is not None and each.scaling.dimension is what
        for word, bound in (("least", each.scaling.least), ("most", each.scaling.greatest))
        if bound is not None
    ]


def targets_in(everybody: Iterable[Shown], *metrics: PublishedMetric) -> list[tuple[float, str]]:
    """What scaling keeps these metrics near, for level lines.

    Policies look at each minute, so that a sum over more than that is so much more.
    """
    return [
        (value * _minutes(each, metric), f"target of {each.label}")
        for each in everybody
        if each.scaling is not None
        for metric, value in each.scaling.targets
        if metric in metrics
    ]


def _minutes(shown: Shown, metric: PublishedMetric) -> float:
    is_sum = metric.default == Statistic.SUM
    return shown.place.period_of(metric) / MINUTE if is_sum else 1
