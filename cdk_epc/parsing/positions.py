"""Lines and columns of offsets in a text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cdk_epc.parsing.document import Position, RepeatedKey, UnusableInputError
from cdk_epc.spec.fields import Path


def lines_and_columns(text: str, offsets: Iterable[int]) -> dict[int, Position]:
    r"""Return the line and column, from 1 and in characters, of each offset.

    A line ends with ``\n``, ``\r\n`` or ``\r``, as in editors. The text is searched once.
    """
    found: dict[int, Position] = {}
    line, start, done = 1, 0, 0
    for offset in sorted(set(offsets)):
        line += text.count("\n", done, offset) + text.count("\r", done, offset)
        line -= text.count("\r\n", done, offset)
        last = max(text.rfind("\n", done, offset), text.rfind("\r", done, offset))
        start = last + 1 if last >= 0 else start
        found[offset] = (line, offset - start + 1)
        done = offset
    return found


def repeated_at(text: str, repeated: Iterable[tuple[str, int]]) -> tuple[RepeatedKey, ...]:
    """Return repeated keys with their positions instead of their offsets."""
    keys = tuple(repeated)
    positions = lines_and_columns(text, (offset for _, offset in keys))
    return tuple((key, positions[offset]) for key, offset in keys)


def positions_of(
    text: str, paths: Iterable[Path], offsets: Mapping[Path, int]
) -> dict[Path, Position]:
    """Return the position of each path, or of its nearest parent that has an offset.

    Args:
        text: Text of the offsets.
        paths: Paths of the values.
        offsets: Offsets by path, with that of the root.
    """
    found: dict[Path, int] = {}
    for path in paths:
        nearest = path
        while nearest and nearest not in offsets:
            nearest = nearest[:-1]
        found[path] = offsets[nearest]
    positions = lines_and_columns(text, found.values())
    return {path: positions[offset] for path, offset in found.items()}


def unusable_at(text: str, offset: int, problem: str, fix: str) -> UnusableInputError:
    """Return the error with the problem, its position and its fix."""
    line, column = lines_and_columns(text, [offset])[offset]
    return UnusableInputError(f"{problem} at line {line}, column {column}; {fix}")


def quoted(text: str) -> str:
    """Return a text of the input for a message: as a literal on one line, cut when long."""
    longest = 60
    return repr(text if len(text) <= longest else text[: longest - 1] + "…")
