"""Report as text, with colours on a terminal."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final, TextIO

import attrs

from cdk_epc._records import Record
from cdk_epc.cli.formats._escape import count
from cdk_epc.cli.result import RunResult
from cdk_epc.rules.finding import Finding
from cdk_epc.rules.printable import printable, printable_line
from cdk_epc.rules.rule import Severity

_RESET: Final = "\x1b[0m"


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether the stream is a terminal that supports escape sequences."""
    # A standard stream is None if the parent process passed none on.
    if stream is None or stream.closed:
        return False
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def supports_colour(stream: TextIO | None) -> bool:
    """Return whether to use colours on the stream; see https://no-color.org."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


@attrs.frozen(eq=False, repr=False)
class Style(Record):
    """Style of words on a terminal.

    Attributes:
        colour: Whether escape sequences are used.
    """

    colour: bool = False

    def error(self, text: str) -> str:
        """Return the text in red."""
        return self._with("1;31", text)

    def warning(self, text: str) -> str:
        """Return the text in yellow."""
        return self._with("1;33", text)

    def bold(self, text: str) -> str:
        """Return the text in bold."""
        return self._with("1", text)

    def dim(self, text: str) -> str:
        """Return the text dimmed."""
        return self._with("2", text)

    def _with(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}{_RESET}" if self.colour else text


def lines_of(result: RunResult, style: Style) -> Iterator[str]:
    """Yield the findings, the acknowledged findings and the summary."""
    for finding in result.findings:
        yield from _finding(finding, style)
    if result.acknowledged:
        if result.findings:
            yield ""
        yield style.bold("Acknowledged:")
        for finding in result.acknowledged:
            yield from _acknowledged(finding, style)
    if result.findings or result.acknowledged:
        yield ""
    yield summary(result)


def summary(result: RunResult) -> str:
    """Return ``2 errors, 1 warning, 1 acknowledged in 3 files`` and the counts of other inputs."""
    words = [count(result.errors, "error"), count(result.warnings, "warning")]
    if result.acknowledged:
        words.append(f"{len(result.acknowledged)} acknowledged")
    text = f"{', '.join(words)} in {count(result.files, 'file')}"
    if result.unusable:
        text += f"; {count(len(result.unusable), 'input')} could not be used"
    if result.skipped:
        text += f"; {count(result.skipped, 'other file')} skipped"
    return text


def _finding(finding: Finding, style: Style) -> Iterator[str]:
    yield _head(finding, style)
    yield f"    fix: {printable(finding.fix)}"
    if finding.source_url:
        yield style.dim(f"    source: {printable(finding.source_url)}")


def _acknowledged(finding: Finding, style: Style) -> Iterator[str]:
    yield _head(finding, style)
    yield f"    reason: {printable(finding.acknowledged or '')}"


def _head(finding: Finding, style: Style) -> str:
    position = [finding.file, finding.line, finding.column]
    where = style.bold(printable_line(":".join(str(each) for each in position if each)))
    coloured = style.error if finding.severity is Severity.ERROR else style.warning
    resource = f" [{printable(finding.resource)}]" if finding.resource else ""
    severity = coloured(str(finding.severity))
    return f"{where}: {severity} {finding.rule_id}{resource} {printable(finding.message)}"
