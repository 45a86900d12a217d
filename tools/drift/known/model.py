"""The meant differences of a model, each with its reason.

Left is what our class declares, right what the published model says.
"""

from __future__ import annotations

from tools.drift.differences import Difference

FROM_API: dict[str, list[Difference]] = {}

FROM_CFN: dict[str, list[Difference]] = {}
