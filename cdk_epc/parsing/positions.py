"""Where something stands in a text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cdk_epc.parsing.document import Position, UnusableInputError
from cdk_epc.spec.fields import Path


def lines_and_columns(text: str, offsets: Iterable[int]) -> dict[int, Position]:
    r"""Lines and columns, from 1 and in characters, of these offsets.

    A line ends as in editors, with ``\n``, ``\r\n`` or ``\r``. The text is gone through once.
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


def located(text: str, places: Iterable[Path], offsets: Mapping[Path, int]) -> dict[Path, Position]:
    """The position of each place, or of its nearest parent that has an offset.

    Args:
        text: What the offsets count in.
        places: The places that are asked for.
        offsets: Those that are known; the root is among them.
    """
    known: dict[Path, int] = {}
    for place in places:
        near = place
        while near and near not in offsets:
            near = near[:-1]
        known[place] = offsets[near]
    positions = lines_and_columns(text, known.values())
    return {place: positions[offset] for place, offset in known.items()}


def unusable_at(text: str, offset: int, wrong: str, fix: str) -> UnusableInputError:
    """The error that says what is wrong, where, and what to do."""
    line, column = lines_and_columns(text, [offset])[offset]
    return UnusableInputError(f"{wrong} at line {line}, column {column}; {fix}")


def shown(text: str) -> str:
    """A text of somebody else's in a message: on one line, and not too long of it."""
    longest = 60
    return repr(text if len(text) <= longest else text[: longest - 1] + "…")
