"""What is read: data, and where each part of it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol, TypeAlias

from cdk_epc.spec.fields import Path

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


MOST_BYTES: Final = 16 * 1024 * 1024
"""CloudFormation takes a template of 1 MB, and a request is smaller; the rest is for comments."""

MOST_VALUES: Final = 1_000_000
"""A file of 1 MB has room for half of that. It bounds the memory to some 500 bytes a value."""

MOST_LEVELS: Final = 100
"""Nothing in AWS nests half as deep, and whatever walks the data may recurse."""

MOST_DIGITS: Final = 300
"""A longer number is out of a float's range, and Python itself stops at 4,300 digits."""

MOST_BYTES_WITHOUT_LIBYAML: Final = 1024 * 1024
"""PyYAML alone needs half a minute for each megabyte."""
