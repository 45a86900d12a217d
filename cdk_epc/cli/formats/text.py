"""The report for people."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final, TextIO

import attrs

from cdk_epc.cli.formats._escape import count, printable
from cdk_epc.cli.result import RunResult
from cdk_epc.rules.finding import Finding
from cdk_epc.rules.rule import Severity

_RESET: Final = "\x1b[0m"


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person looks at the stream; ``TERM=dumb`` is no more than a printer."""
    # Standard streams are None where there are none to inherit.
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def wants_colour(stream: TextIO | None) -> bool:
    """Whether the stream takes colours; https://no-color.org is heeded."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


@attrs.frozen
class Paint:
    """Puts colours on words, or none.

    Attributes:
        on: Whether it does.
    """

    on: bool = False

    def error(self, text: str) -> str:
        """What stops a deployment."""
        return self._with("1;31", text)

    def warning(self, text: str) -> str:
        """What may be wrong."""
        return self._with("1;33", text)

    def strong(self, text: str) -> str:
        """What the eye should find first."""
        return self._with("1", text)

    def faint(self, text: str) -> str:
        """What the eye may skip."""
        return self._with("2", text)

    def _with(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}{_RESET}" if self.on else text


def lines_of(outcome: RunResult, paint: Paint) -> Iterator[str]:
    """The findings, those that were acknowledged, and the sum of it all."""
    for finding in outcome.findings:
        yield from _finding(finding, paint)
    if outcome.acknowledged:
        if outcome.findings:
            yield ""
        yield paint.strong("Acknowledged:")
        for finding in outcome.acknowledged:
            yield from _acknowledged(finding, paint)
    if outcome.findings or outcome.acknowledged:
        yield ""
    yield summary(outcome)


def summary(outcome: RunResult) -> str:
    """``2 errors, 1 warning, 1 acknowledged in 3 files``, and what was left out."""
    words = [count(outcome.errors, "error"), count(outcome.warnings, "warning")]
    if outcome.acknowledged:
        words.append(f"{len(outcome.acknowledged)} acknowledged")
    text = f"{', '.join(words)} in {count(outcome.files, 'file')}"
    if outcome.unusable:
        text += f"; {count(len(outcome.unusable), 'input')} could not be used"
    if outcome.skipped:
        text += f"; {count(outcome.skipped, 'other file')} skipped"
    return text


def _finding(finding: Finding, paint: Paint) -> Iterator[str]:
    yield _head(finding, paint)
    yield f"    fix: {printable(finding.fix)}"
    if finding.source_url:
        yield paint.faint(f"    source: {printable(finding.source_url)}")


def _acknowledged(finding: Finding, paint: Paint) -> Iterator[str]:
    yield _head(finding, paint)
    yield f"    reason: {printable(finding.acknowledged or '')}"


def _head(finding: Finding, paint: Paint) -> str:
    place = [printable(finding.file or ""), finding.line, finding.column]
    where = paint.strong(":".join(str(each) for each in place if each))
    colour = paint.error if finding.severity is Severity.ERROR else paint.warning
    resource = f" [{printable(finding.resource)}]" if finding.resource else ""
    severity = colour(str(finding.severity))
    return f"{where}: {severity} {finding.rule_id}{resource} {printable(finding.message)}"
