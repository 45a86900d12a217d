"""One graph of a dashboard, before there is a widget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import attrs

from cdk_epc.monitoring.place import MINUTE, lasting

if TYPE_CHECKING:
    from aws_cdk.aws_cloudwatch import GraphWidget, IMetric

WIDTH: Final = 8
"""A third of a dashboard."""
HEIGHT: Final = 6


@attrs.frozen(eq=False)
class Graph:
    """A graph; without lines there is none.

    Attributes:
        title: What it shows.
        left: Its lines.
        unit: What the axis counts.
        is_stacked: Whether the lines stand on each other.
        most: The end of the axis, where the values have one.
        marks: Numbers to draw a level line at, each with what it means.
    """

    title: str
    left: Sequence[IMetric] = attrs.field(kw_only=True)
    unit: str = attrs.field(kw_only=True)
    is_stacked: bool = attrs.field(default=False, kw_only=True)
    most: float | None = attrs.field(default=None, kw_only=True)
    marks: Sequence[tuple[float, str]] = attrs.field(default=(), kw_only=True)

    def widget(self, region: str | None = None) -> GraphWidget:
        """The widget, one point a minute."""
        from aws_cdk import aws_cloudwatch as cloudwatch  # noqa: PLC0415 - costly

        return cloudwatch.GraphWidget(
            title=self.title,
            left=list(self.left),
            left_y_axis=cloudwatch.YAxisProps(
                label=self.unit, min=0, max=self.most, show_units=False
            ),
            left_annotations=[
                cloudwatch.HorizontalAnnotation(value=value, label=label)
                for value, label in self.marks
            ],
            stacked=self.is_stacked,
            period=lasting(MINUTE),
            region=region,
            width=WIDTH,
            height=HEIGHT,
        )
