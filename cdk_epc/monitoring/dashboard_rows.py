"""Rows of a dashboard that are read when CDK writes the template."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

import jsii
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_epc.monitoring.dashboard_widgets import FULL_WIDTH, Layout, Widget


@jsii.implements(cloudwatch.IWidget)
class DashboardRows:
    """Widget that contains the rows of a dashboard, up to date when CDK writes the template."""

    def __init__(
        self,
        rows: Callable[[], Iterable[Iterable[Widget]]],
        state: Callable[[], Hashable],
    ) -> None:
        """Create the widget.

        Args:
            rows: Function that returns the rows.
            state: Function that returns the values that the rows depend on, because it takes less
                time to compare them than to create the rows.
        """
        self._rows = rows
        self._state = state
        self._known = state()
        self._layout = Layout.of(rows())
        self._position = (0, 0)

    def _current(self) -> Layout:
        if (state := self._state()) != self._known:
            self._known, self._layout = state, Layout.of(self._rows())
        return self._layout

    @property
    def height(self) -> float:
        """Height of all rows, in units of the grid."""
        return self._current().height

    @property
    def width(self) -> float:
        """Width of the dashboard, in units of the grid."""
        return FULL_WIDTH

    def position(self, x: float, y: float) -> None:
        """Place the rows at a position of the grid."""
        self._position = (int(x), int(y))

    def to_json(self) -> list[Any]:
        """Return the widgets of all rows as JSON."""
        return self._layout.json(*self._position)
