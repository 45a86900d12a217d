"""Table of the results: comparison, ratio, target and verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from statistics import median, quantiles
from typing import Final

import attrs

from benchmarks.rounds import Samples

_LONG: Final = 100
"""Milliseconds from which times have no decimal."""


@attrs.frozen
class Row:
    """Row of the table.

    Attributes:
        title: Compared programs.
        measured: Times behind the result.
        result: Ratio, or a time if the target is a time.
        spread: Interquartile range of the rounds.
        target: Target of the result.
        verdict: Whether the target is reached.
    """

    title: str
    measured: str
    result: str
    spread: str = ""
    target: str = ""
    verdict: str = ""


def compared(
    title: str, ours: Samples, theirs: Samples, maximum: float | None = None, *, below: bool = False
) -> Row:
    """Return a row with the ratio of the fastest rounds of two candidates.

    Other work on the machine can only increase a time, so that the fastest round is the most
    accurate one. The spread is that of the ratios within each round.
    """
    ratio = min(ours) / min(theirs)
    low, high = _interquartile_range([our / their for our, their in zip(ours, theirs, strict=True)])
    measured = f"{milliseconds(min(ours))} / {milliseconds(min(theirs))}"
    row = Row(title, measured, f"{ratio:.2f}", f"{low:.2f} to {high:.2f}")
    return with_verdict(row, ratio, maximum, below=below)


def timed(title: str, samples: Samples, maximum: float | None = None) -> Row:
    """Return a row with a median time; the target is in seconds."""
    middle = median(samples)
    low, high = map(milliseconds, _interquartile_range(samples))
    measured = f"fastest {milliseconds(min(samples))}"
    row = Row(title, measured, milliseconds(middle), f"{low} to {high}")
    return with_verdict(row, middle, maximum, show=milliseconds)


def with_verdict(
    row: Row,
    value: float,
    maximum: float | None,
    *,
    below: bool = False,
    show: Callable[[float], str] = "{:.2f}".format,
) -> Row:
    """Return the row with its target and verdict."""
    if maximum is None:
        return row
    reached = value < maximum if below else value <= maximum
    target = f"{'below' if below else 'at most'} {show(maximum)}"
    verdict = "reached" if reached else f"missed by {show(value - maximum)}"
    return attrs.evolve(row, target=target, verdict=verdict)


def milliseconds(seconds: float) -> str:
    """Return a time in milliseconds, with a decimal if it is short."""
    amount = 1000 * seconds
    return f"{amount:.0f} ms" if amount >= _LONG else f"{amount:.1f} ms"


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table."""
    heads = tuple(field.name for field in attrs.fields(Row))
    cells = [heads, *(attrs.astuple(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    rule = tuple("-" * width for width in widths)
    return "\n".join(
        "| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |"
        for line in (heads, rule, *cells[1:])
    )


def _interquartile_range(samples: Samples) -> tuple[float, float]:
    if len(samples) == 1:
        return samples[0], samples[0]
    low, _, high = quantiles(samples, n=4, method="inclusive")
    return low, high
