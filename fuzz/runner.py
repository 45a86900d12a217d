"""Runner of inputs by their numbers, with a time limit; exceptions are findings."""

from __future__ import annotations

import signal
import time
import traceback
from collections import Counter
from random import Random
from types import FrameType

import attrs

from fuzz import serialization
from fuzz.pipeline import outcome_of

MAX_SECONDS = 20.0
"""Time limit of an input; generous for inputs of about 100 KB, because machines may be busy."""


class TooLongError(BaseException):
    """Input that exceeded the time limit; not caught by ``except Exception`` in the library."""


@attrs.frozen
class FuzzFinding:
    """Input with an exception.

    Attributes:
        content: The input.
        traceback: Traceback of the exception.
    """

    content: bytes
    traceback: str


@attrs.define
class Batch:
    """Outcomes of some inputs.

    Attributes:
        outcomes: Number of inputs by outcome.
        findings: Findings, each with the number of its input.
        slowest: Time of the slowest input in seconds, and its number.
    """

    outcomes: Counter[str] = attrs.Factory(Counter)
    findings: list[tuple[int, FuzzFinding]] = attrs.Factory(list)
    slowest: tuple[float, int] = (0.0, 0)

    def add(self, other: Batch) -> None:
        """Add the outcomes of another batch."""
        self.outcomes += other.outcomes
        self.findings += other.findings
        self.slowest = max(self.slowest, other.slowest)


def content_of(seed: int, number: int) -> bytes:
    """Return the input with this number."""
    return serialization.content(Random(f"{seed} {number}"))  # noqa: S311 - not for cryptography


def batch(seed: int, start: int, end: int) -> Batch:
    """Run the inputs with the numbers from start to end."""
    found = Batch()
    signal.signal(signal.SIGALRM, _too_long)
    for number in range(start, end):
        content = content_of(seed, number)
        started = time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, MAX_SECONDS)
        try:
            outcome = outcome_of(content, number)
        except (Exception, TooLongError, SystemExit) as error:  # noqa: BLE001 - every exception is a finding
            outcome = f"FINDING: {type(error).__name__}"
            found.findings.append((number, FuzzFinding(content, traceback.format_exc())))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        found.outcomes[outcome] += 1
        found.slowest = max(found.slowest, (time.monotonic() - started, number))
    return found


def _too_long(_: int, __: FrameType | None) -> None:
    raise TooLongError
