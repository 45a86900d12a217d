"""Whom a dashboard shows, and the lines that it draws of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from cdk_epc.catalog.metrics import PublishedMetric, Statistic, is_published_by
from cdk_epc.monitoring.metric_availability import Machine
from cdk_epc.monitoring.metric_factory import measure
from cdk_epc.monitoring.metric_math import expression, named
from cdk_epc.monitoring.metric_source import MINUTE, MetricOptions, Place, lasting
from cdk_epc.monitoring.variant_metrics import container_place
from cdk_epc.rules._tracked_metrics import tracked_by
from cdk_epc.spec import EndpointKind
from cdk_epc.spec.context import ScalingPolicyContext
from cdk_epc.spec.scaling import ScalableDimension, ScalableTargetSpec
from cdk_epc.spec.unresolved import is_integer, is_resolved

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import IMetric, Metric


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
        least=target.min_capacity if is_integer(target.min_capacity) else None,
        greatest=target.max_capacity if is_integer(target.max_capacity) else None,
        targets=tuple(_targets(made.policies)),
    )


def _targets(policies: Iterable[Any]) -> Iterator[tuple[PublishedMetric, float]]:
    for policy in policies:
        subject = policy._state.context()  # noqa: SLF001 - its own
        if not isinstance(subject, ScalingPolicyContext):
            continue
        given = subject.policy.target_tracking_scaling_policy_configuration
        value = getattr(given, "target_value", None)
        for each in tracked_by(subject):
            if (
                each.is_alone
                and each.statistic in {None, str(each.metric.default)}
                and is_resolved(value)
            ):
                yield each.metric, float(value)


def bounds_in(
    everybody: Iterable[DashboardEntry], what: ScalableDimension
) -> list[tuple[float, str]]:
    """The capacities between which each scales, for level lines."""
    return [
        (float(bound), f"{word} of {each.label}")
        for each in everybody
        if each.scaling is not None and each.scaling.dimension is what
        for word, bound in (("least", each.scaling.least), ("most", each.scaling.greatest))
        if bound is not None
    ]


def targets_in(
    everybody: Iterable[DashboardEntry], *metrics: PublishedMetric
) -> list[tuple[float, str]]:
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


def _minutes(shown: DashboardEntry, metric: PublishedMetric) -> float:
    is_sum = metric.default == Statistic.SUM
    return shown.place.period_of(metric) / MINUTE if is_sum else 1


@attrs.frozen(kw_only=True, eq=False)
class DashboardEntry:
    """A variant or a component.

    Attributes:
        place: Where its metrics are.
        label: What its lines are called.
        machine: What it runs on.
        share: Its share of the traffic, 0 to 1; ``None`` if that is not known.
        is_shadow: Whether its answers are thrown away.
        containers: The names of its containers, if there are several.
        is_multi_model: Whether it has many models behind it.
        scaling: How it scales, if it does.
    """

    place: Place
    label: str
    machine: Machine = attrs.Factory(Machine)
    share: float | None = None
    is_shadow: bool = False
    containers: tuple[str, ...] = ()
    is_multi_model: bool = False
    scaling: Scaling | None = None

    def each_container(self) -> Iterator[DashboardEntry]:
        """Its containers, if there are several."""
        for name in self.containers:
            yield attrs.evolve(
                self, place=container_place(self.place, name), label=f"{self.label} {name}"
            )

    def publishes(self, metric: PublishedMetric) -> bool:
        """Whether the metric is published there, as far as anybody knows."""
        if self.place.hosting is None and not all(
            kind in metric.endpoint_kinds for kind in EndpointKind
        ):
            return False  # of an endpoint of whatever kind, what all kinds publish
        is_set = is_published_by(metric, self.place.hosting, self.place.by)
        return is_set and metric.requires not in self.place.lacks


def line(
    shown: DashboardEntry, metric: PublishedMetric, statistic: str | None = None, word: str = ""
) -> Metric:
    """One line: a metric of somebody, by its usual statistic unless another is named."""
    options = MetricOptions(
        statistic=statistic or str(metric.default),
        label=f"{shown.label} {word}".strip(),
        period=lasting(shown.place.period_of(metric)),
    )
    return measure(shown.place, metric, options, is_near=True)


def lines(
    everybody: Iterable[DashboardEntry],
    metric: PublishedMetric,
    statistic: str | None = None,
    word: str = "",
) -> list[IMetric]:
    """A line for each of those that publish the metric."""
    return [line(each, metric, statistic, word) for each in everybody if each.publishes(metric)]


def worked_out(text: str, read: Sequence[tuple[Place, Metric]], label: str) -> IMetric:
    """A line that is worked out of others, which the text has as ``{0}``, ``{1}`` and so on.

    Its period is theirs, for that of an expression goes before those of its metrics.
    """
    names = named(read)
    options = MetricOptions(label=label, period=read[0][1].period)
    return expression(text.format(*names), names, options)
