"""Rows of a dashboard that are read when CDK writes the template."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import jsii
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_epc.monitoring.dashboard_graphs import FULL_WIDTH


@jsii.implements(cloudwatch.IWidget)
class DashboardRows:
    """Widget that contains the rows of a dashboard, up to date when CDK writes the template."""

    def __init__(
        self,
        rows: Callable[[], Sequence[Sequence[cloudwatch.IWidget]]],
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
        self._column = self._created()

    def _created(self) -> cloudwatch.Column:
        rows: list[Any] = [cloudwatch.Row(*row) for row in self._rows()]
        return cloudwatch.Column(*rows)

    def _current(self) -> cloudwatch.Column:
        if (state := self._state()) != self._known:
            self._known, self._column = state, self._created()
        return self._column

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
        self._current().position(x, y)

    def to_json(self) -> list[Any]:
        """Return the widgets of all rows as JSON."""
        return self._column.to_json()
