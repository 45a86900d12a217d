"""Whom a dashboard shows, and the lines that it draws of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import attrs

from cdk_epc.catalog.metrics import PublishedMetric, is_published_by
from cdk_epc.monitoring.container import container_place
from cdk_epc.monitoring.machine import Machine
from cdk_epc.monitoring.metric_factory import measure
from cdk_epc.monitoring.metric_math import expression, named
from cdk_epc.monitoring.options import MetricOptions
from cdk_epc.monitoring.place import Place, lasting
from cdk_epc.monitoring.scaled import Scaling
from cdk_epc.spec import Hosting

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import IMetric, Metric


@attrs.frozen(kw_only=True, eq=False)
class Shown:
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

    def each_container(self) -> Iterator[Shown]:
        """Its containers, if there are several."""
        for name in self.containers:
            yield attrs.evolve(
                self, place=container_place(self.place, name), label=f"{self.label} {name}"
            )

    def publishes(self, metric: PublishedMetric) -> bool:
        """Whether the metric is published there, as far as anybody knows."""
        if self.place.hosting is None and not all(kind in metric.hosting for kind in Hosting):
            return False  # of an endpoint of whatever kind, what all kinds publish
        is_there = is_published_by(metric, self.place.hosting, self.place.by)
        return is_there and metric.needs not in self.place.lacks


def line(
    shown: Shown, metric: PublishedMetric, statistic: str | None = None, word: str = ""
) -> Metric:
    """One line: a metric of somebody, by its usual statistic unless another is named."""
    options = MetricOptions(
        statistic=statistic or str(metric.default),
        label=f"{shown.label} {word}".strip(),
        period=lasting(shown.place.period_of(metric)),
    )
    return measure(shown.place, metric, options, is_near=True)


def lines(
    everybody: Iterable[Shown],
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
