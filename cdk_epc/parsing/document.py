"""Documents with the positions of their values, and the limits of the reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol, TypeAlias

from cdk_epc.spec.fields import Path

Position: TypeAlias = tuple[int, int]
"""Line and column, both from 1."""

RepeatedKey: TypeAlias = tuple[str, Position]
"""A key that occurs again in the same object, and the position of the last occurrence."""


class UnusableInputError(ValueError):
    """Input that cannot be read. The message is one line, without the name of the file."""


class Document(Protocol):
    """Document that was read."""

    @property
    def data(self) -> Any:  # noqa: ANN401 - JSON
        """Content, with the short forms of intrinsic functions in their long form."""

    @property
    def repeated_keys(self) -> tuple[RepeatedKey, ...]:
        """Keys that occur again in the same object, with the last value; at most `MAX_REPEATED`."""
        ...

    def positions(self, paths: Iterable[Path]) -> Mapping[Path, Position]:
        """Return the position of each path; for a missing value that of its nearest parent."""
        ...


MAX_BYTES: Final = 16 * 1024 * 1024
"""Maximum size; CloudFormation accepts templates of 1 MB, so that comments have much room."""

MAX_VALUES: Final = 1_000_000
"""Maximum number of values, about twice those of a 1 MB file; each takes about 500 bytes."""

MAX_DEPTH: Final = 100
"""Maximum nesting, more than twice that of any AWS document, so that the rules may recurse."""

MAX_DIGITS: Final = 300
"""Maximum digits of a number; longer ones exceed a float, and Python refuses 4,300 digits."""

MAX_BYTES_WITHOUT_LIBYAML: Final = 1024 * 1024
"""Maximum size without libyaml, because pure PyYAML needs half a minute for each megabyte."""

MAX_REPEATED: Final = 100
"""Maximum number of repeated keys that are reported."""
