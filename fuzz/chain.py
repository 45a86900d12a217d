"""The chain that is fuzzed: bytes, document, kind, check, positions, every format of the report."""

from __future__ import annotations

import io
import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

from cdk_epc.cli.check import check
from cdk_epc.cli.command import main
from cdk_epc.cli.formats import (
    github,
    json_report,
    sarif,
    text,
)
from cdk_epc.cli.formats.text import Style
from cdk_epc.cli.result import RunResult
from cdk_epc.parsing import Document, UnusableInputError, read_bytes
from cdk_epc.requests import check_request
from cdk_epc.rules.registry import PACKS
from cdk_epc.templates import check_template

HINTS = (None, None, None, None, None, True, False)
FORMATS: dict[str, Callable[[RunResult], Iterable[str]]] = {
    "json": json_report.lines_of,
    "text": lambda outcome: text.lines_of(outcome, Style(False)),  # noqa: FBT003 - without colours
    "github": github.lines_of,
    "sarif": sarif.lines_of,
}
# The rarer, the slower.
_SARIF_EACH, _COMMAND_EACH, _OTHERS_EACH, _PACKS_EACH = 16, 32, 4, 3


class UnexpectedError(Exception):
    """Nothing crashed, and what was said is not what must be said."""


def outcome_of(content: bytes, turn: int = 0) -> str:
    """Put an input through everything.

    Args:
        content: What a file might hold.
        turn: Its number, which chooses the format and what the suffix says.

    Returns:
        What came of it, in a few words, for the statistics.

    Raises:
        Exception: Whatever escapes is a finding.
        UnexpectedError: So is this.
    """
    try:
        document = read_bytes(content, yaml=HINTS[turn % len(HINTS)])
    except UnusableInputError as error:
        _expect(str(error).isprintable() and str(error), "the message is not one line", error)
        return "unusable"
    _through_the_library(document)
    if turn % _COMMAND_EACH == 0:
        return f"command, exit {_through_the_command(content)}"
    with _standard_input(content):
        packs = [*PACKS] if turn % _PACKS_EACH == 0 else []
        outcome = check(
            Namespace(paths=["-"], region=None, strict=False, ignore_other=False, pack=packs)
        )
    _report(outcome, turn)
    return f"checked, exit {outcome.exit_code}"


def _expect(holds: object, what: str, got: object) -> None:
    if not holds:
        raise UnexpectedError(f"{what}: {got!r}")


def _through_the_library(document: Document) -> None:
    """The library's doors take any mapping, not only what looks like one of ours."""
    document.positions([(), ("Resources",), (0, 0), ("Resources", "Config", "Properties", 0)])
    if not isinstance(document.data, dict) or "Resources" in document.data:
        return  # the command line checks it
    for finding in (*check_template(document.data), *check_request(document.data)):
        _expect(document.positions([finding.place]), "no position", finding)


def _report(outcome: RunResult, turn: int) -> None:
    form = "sarif" if turn % _SARIF_EACH == 1 else "json"
    if turn % _OTHERS_EACH == 2:  # noqa: PLR2004 - any that is left
        form = "text" if turn % _SARIF_EACH < _SARIF_EACH // 2 else "github"
    lines = list(FORMATS[form](outcome))
    if form in {"json", "sarif"}:
        json.loads("\n".join(lines))
    else:
        _expect(all("\n" not in line for line in lines), "a line is several", lines)
    for finding in outcome.findings:
        _expect(finding.line and finding.column, "no position", finding)


def _through_the_command(content: bytes) -> int:
    written, complaints = io.StringIO(), io.StringIO()
    with _standard_input(content), redirect_stdout(written), redirect_stderr(complaints):
        code = main(["check", "-"])
    unusable = complaints.getvalue()
    _expect((code in {0, 1} and not unusable) or code == 2, "the exit code", code)  # noqa: PLR2004
    _expect(unusable.count("\n") == (code == 2), "what is unusable", unusable)  # noqa: PLR2004
    return code


@contextmanager
def _standard_input(content: bytes) -> Iterator[None]:
    real, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(content))
    try:
        yield
    finally:
        sys.stdin = real
