"""The table: what was compared, the ratio, the target, and whether it is reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from statistics import median, quantiles
from typing import Final

import attrs

from benchmarks.rounds import Samples

_LONG: Final = 100
"""Milliseconds from which a decimal says nothing."""


@attrs.frozen
class Row:
    """One line of the table.

    Attributes:
        title: What is compared with what.
        measured: The times behind the result.
        result: The ratio, or the time where the target is one.
        spread: The middle half of the rounds: how far to trust the result.
        target: What it should be.
        verdict: Whether it is.
    """

    title: str
    measured: str
    result: str
    spread: str = ""
    target: str = ""
    verdict: str = ""


def compared(
    title: str, ours: Samples, theirs: Samples, most: float | None = None, *, below: bool = False
) -> Row:
    """A row of the ratio of two candidates' fastest rounds.

    Other work on the machine only ever adds to a time, so the fastest is the nearest to the truth.
    The spread is that of the ratios within each round.
    """
    ratio = min(ours) / min(theirs)
    low, high = _middle_half([our / their for our, their in zip(ours, theirs, strict=True)])
    measured = f"{milliseconds(min(ours))} / {milliseconds(min(theirs))}"
    row = Row(title, measured, f"{ratio:.2f}", f"{low:.2f} to {high:.2f}")
    return judged(row, ratio, most, below=below)


def timed(title: str, samples: Samples, most: float | None = None) -> Row:
    """A row of a median time; the target is in seconds."""
    middle = median(samples)
    low, high = map(milliseconds, _middle_half(samples))
    measured = f"fastest {milliseconds(min(samples))}"
    row = Row(title, measured, milliseconds(middle), f"{low} to {high}")
    return judged(row, middle, most, show=milliseconds)


def judged(
    row: Row,
    value: float,
    most: float | None,
    *,
    below: bool = False,
    show: Callable[[float], str] = "{:.2f}".format,
) -> Row:
    """The row with its target and whether the value reaches it."""
    if most is None:
        return row
    reached = value < most if below else value <= most
    target = f"{'below' if below else 'at most'} {show(most)}"
    verdict = "reached" if reached else f"missed by {show(value - most)}"
    return attrs.evolve(row, target=target, verdict=verdict)


def milliseconds(seconds: float) -> str:
    """A time, with a decimal where it is short."""
    amount = 1000 * seconds
    return f"{amount:.0f} ms" if amount >= _LONG else f"{amount:.1f} ms"


def table(rows: Iterable[Row]) -> str:
    """The rows under each other, in Markdown."""
    heads = tuple(field.name for field in attrs.fields(Row))
    cells = [heads, *(attrs.astuple(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    rule = tuple("-" * width for width in widths)
    return "\n".join(
        "| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |"
        for line in (heads, rule, *cells[1:])
    )


def _middle_half(samples: Samples) -> tuple[float, float]:
    if len(samples) == 1:
        return samples[0], samples[0]
    low, _, high = quantiles(samples, n=4, method="inclusive")
    return low, high
