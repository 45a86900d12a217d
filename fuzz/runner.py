"""Runs inputs by their numbers, each within a time, and keeps what escapes."""

from __future__ import annotations

import signal
import time
import traceback
from collections import Counter
from random import Random
from types import FrameType

import attrs

from fuzz import writing
from fuzz.chain import outcome_of

LONGEST = 20.0
"""Seconds an input may take. A machine may be busy; no input here is larger than some 100 KB."""


class TooLongError(BaseException):
    """An input took too long. No ``except Exception`` in its way catches this."""


@attrs.frozen
class Found:
    """An input that is a finding.

    Attributes:
        content: It.
        told: The traceback.
    """

    content: bytes
    reported: str


@attrs.define
class Batch:
    """What came of some inputs.

    Attributes:
        outcomes: How many came to what.
        findings: Those that are findings, by number.
        slowest: The longest that one took, in seconds, and its number.
    """

    outcomes: Counter[str] = attrs.Factory(Counter)
    findings: list[tuple[int, Found]] = attrs.Factory(list)
    slowest: tuple[float, int] = (0.0, 0)

    def add(self, other: Batch) -> None:
        """Take in another."""
        self.outcomes += other.outcomes
        self.findings += other.findings
        self.slowest = max(self.slowest, other.slowest)


def content_of(seed: int, number: int) -> bytes:
    """The input of this number."""
    return writing.content(Random(f"{seed} {number}"))  # noqa: S311 - not for secrets


def batch(seed: int, start: int, end: int) -> Batch:
    """Run the inputs of these numbers."""
    found = Batch()
    signal.signal(signal.SIGALRM, _too_long)
    for number in range(start, end):
        content = content_of(seed, number)
        started = time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, LONGEST)
        try:
            outcome = outcome_of(content, number)
        except (Exception, TooLongError, SystemExit) as error:  # noqa: BLE001 - all of them are findings
            outcome = f"FINDING: {type(error).__name__}"
            found.findings.append((number, Found(content, traceback.format_exc())))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        found.outcomes[outcome] += 1
        found.slowest = max(found.slowest, (time.monotonic() - started, number))
    return found


def _too_long(_: int, __: FrameType | None) -> None:
    raise TooLongError
