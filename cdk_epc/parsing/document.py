"""What is read: data, and where each part of it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeAlias

from cdk_epc.spec.paths import Path

Position: TypeAlias = tuple[int, int]
"""Line and column, both from 1."""


class UnusableInputError(ValueError):
    """Input that nothing can be made of. The message is one line, without the file's name."""


class Document(Protocol):
    """A document that was read."""

    @property
    def data(self) -> Any:  # noqa: ANN401 - JSON
        """The whole of it; short forms of intrinsic functions are written out."""

    def positions(self, places: Iterable[Path]) -> Mapping[Path, Position]:
        """Where these stand in the text; for what is missing, where the nearest parent stands."""
        ...
