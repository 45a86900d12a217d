"""Widgets and series of a dashboard as JSON, in the structure that CloudWatch documents.

They are not CDK's widgets and metrics, because each object of those is a call into Node, and a
dashboard of one variant has seventy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc.catalog.metrics import PublishedMetric, Statistic
from cdk_epc.monitoring.metric_factory import foreign_environment
from cdk_epc.monitoring.metric_math import identifier_of
from cdk_epc.monitoring.metric_source import MINUTE, MetricSource

FULL_WIDTH: Final = 24
"""Width of a dashboard."""
WIDTH: Final = 8
"""Width of a graph: a third of a dashboard."""
HEIGHT: Final = 6
"""Height of a graph."""

_WIDGET_PERIOD: Final = 300
"""Seconds in the default period of a metric in a widget, which need not be written."""

Series: TypeAlias = "MetricSeries | ExpressionSeries"


@attrs.frozen(eq=False)
class MetricSeries:
    """Series of a published metric.

    Attributes:
        source: The resource.
        metric: The metric.
        statistic: Statistic.
        label: Label.
    """

    source: MetricSource
    metric: PublishedMetric
    statistic: str
    label: str

    @property
    def period(self) -> int:
        """Seconds in a period."""
        return self.source.period_of(self.metric)

    def identifier(self) -> str:
        """Return the identifier in expressions."""
        return identifier_of(
            self.source, str(self.metric.namespace), self.metric.name, self.statistic, self.period
        )

    def json(self, **options: Any) -> list[Any]:  # noqa: ANN401 - JSON
        """Return the item in the metrics of a widget.

        Args:
            **options: Further options of the series.
        """
        dimensions = [part for pair in sorted(self.source.dimensions.items()) for part in pair]
        environment = foreign_environment(self.source.scope)
        rendered: dict[str, Any] = {"label": self.label, **options}
        if "account" in environment:
            rendered["accountId"] = environment["account"]
        if "region" in environment:
            rendered["region"] = environment["region"]
        rendered |= _period(self.period)
        if self.statistic != Statistic.AVERAGE:  # the default
            rendered["stat"] = self.statistic
        return [str(self.metric.namespace), self.metric.name, *dimensions, rendered]


@attrs.frozen(eq=False)
class ExpressionSeries:
    """Series of an expression.

    Attributes:
        text: The expression.
        operands: Hidden series by their names in the expression.
        label: Label.
        period: Seconds in a period.
    """

    text: str
    operands: Mapping[str, MetricSeries]
    label: str
    period: int

    def json(self) -> list[Any]:
        """Return the item in the metrics of a widget."""
        return [{"label": self.label, "expression": self.text, **_period(self.period)}]


def _period(seconds: int) -> dict[str, int]:
    return {} if seconds == _WIDGET_PERIOD else {"period": seconds}


def _metrics(series: Iterable[Series]) -> Iterator[list[Any]]:
    """Yield the items of several series, and once those of each operand."""
    written: set[str] = set()
    for each in series:
        yield each.json()
        if isinstance(each, ExpressionSeries):
            for name, operand in each.operands.items():
                if name not in written:
                    written.add(name)
                    yield operand.json(id=name, visible=False)


@attrs.frozen(eq=False, kw_only=True)
class Widget:
    """Widget of a dashboard.

    Attributes:
        type: Type in CloudWatch.
        width: Width.
        height: Height.
        properties: Properties of the type.
    """

    type: str
    width: int = FULL_WIDTH
    height: int
    properties: Mapping[str, Any]

    def json(self, x: int, y: int) -> dict[str, Any]:
        """Return the widget at a position of the grid."""
        return {
            "type": self.type,
            "width": self.width,
            "height": self.height,
            "x": x,
            "y": y,
            "properties": self.properties,
        }


def text_widget(markdown: str, height: int) -> Widget:
    """Return a text without a background."""
    properties = {"markdown": markdown, "background": "transparent"}
    return Widget(type="text", height=height, properties=properties)


def alarm_widget(title: str, arns: Sequence[str]) -> Widget:
    """Return the states of alarms."""
    return Widget(type="alarm", height=4, properties={"title": title, "alarms": list(arns)})


def log_widget(title: str, log_group: str, query: Sequence[str], region: str) -> Widget:
    """Return a table of the log events that a query finds."""
    lines = "\n| ".join([f"SOURCE '{log_group}' | {query[0]}", *query[1:]])
    properties = {"view": "table", "title": title, "region": region, "query": lines}
    return Widget(type="log", height=HEIGHT, properties=properties)


@attrs.frozen(eq=False)
class Graph:
    """Graph of a dashboard. A graph without series is left out.

    Attributes:
        title: Title.
        left: Series.
        unit: Label of the vertical axis.
        is_stacked: Whether the series are stacked.
        maximum: Maximum of the vertical axis, if the values have one.
        lines: Horizontal lines: values with their labels.
    """

    title: str
    left: Sequence[Series] = attrs.field(kw_only=True)
    unit: str = attrs.field(kw_only=True)
    is_stacked: bool = attrs.field(default=False, kw_only=True)
    maximum: float | None = attrs.field(default=None, kw_only=True)
    lines: Sequence[tuple[float, str]] = attrs.field(default=(), kw_only=True)

    def widget(self, region: str) -> Widget:
        """Return the widget, with one datapoint a minute."""
        axis: dict[str, Any] = {"label": self.unit}
        if self.maximum is not None:
            axis["max"] = self.maximum
        properties: dict[str, Any] = {
            "view": "timeSeries",
            "title": self.title,
            "region": region,
            "stacked": self.is_stacked,
            "metrics": [*_metrics(self.left)],
        }
        if self.lines:
            properties["annotations"] = {
                "horizontal": [
                    {"value": value, "label": label, "yAxis": "left"} for value, label in self.lines
                ]
            }
        properties["yAxis"] = {"left": {**axis, "min": 0, "showUnits": False}}
        properties["period"] = MINUTE
        return Widget(type="metric", width=WIDTH, height=HEIGHT, properties=properties)


@attrs.frozen(eq=False)
class Layout:
    """Rows of widgets at their positions, from the top left corner.

    Attributes:
        widgets: Widgets with their positions.
        height: Height of all rows.
    """

    widgets: Sequence[tuple[Widget, int, int]]
    height: int

    @classmethod
    def of(cls, rows: Iterable[Iterable[Widget]]) -> Layout:
        """Return the layout of rows; a row that is too wide continues below."""
        placed: list[tuple[Widget, int, int]] = []
        bottom = 0
        for row in rows:
            x, y = 0, bottom
            for widget in row:
                if x + widget.width > FULL_WIDTH:
                    x, y = 0, bottom
                placed.append((widget, x, y))
                x += widget.width
                bottom = max(bottom, y + widget.height)
        return cls(placed, bottom)

    def json(self, x: int, y: int) -> list[dict[str, Any]]:
        """Return the widgets for a layout at a position of the grid."""
        return [widget.json(x + left, y + top) for widget, left, top in self.widgets]
