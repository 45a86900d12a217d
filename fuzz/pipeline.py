"""Fuzzed steps of a check: parsing, detection, rules, positions and all formats of the report."""

from __future__ import annotations

import io
import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

from cdk_epc.cli.check import check
from cdk_epc.cli.command import main
from cdk_epc.cli.exceptions import UNEXPECTED
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
from fuzz import hostile, own_rules, shared_objects

HINTS = (None, None, None, None, None, True, False)
FORMATS: dict[str, Callable[[RunResult], Iterable[str]]] = {
    "json": json_report.lines_of,
    "text": lambda result: text.lines_of(result, Style(False)),  # noqa: FBT003 - without colours
    "github": github.lines_of,
    "sarif": sarif.lines_of,
}
# Each step runs for one of so many inputs; slower steps run less often.
_SARIF_INTERVAL, _COMMAND_INTERVAL, _OTHERS_INTERVAL, _PACKS_INTERVAL = 16, 32, 4, 3
_RULES_INTERVAL, _SHARED_INTERVAL = 19, 23


class UnexpectedError(Exception):
    """Wrong output without an exception."""


def outcome_of(content: bytes, turn: int = 0) -> str:
    """Check an input and return a short description of the outcome for the statistics.

    Args:
        content: Content of a file.
        turn: Number of the input, which selects the format of the report and the file suffix.

    Raises:
        Exception: Every exception is a finding.
        UnexpectedError: The output is wrong, which is a finding.
    """
    try:
        document = read_bytes(content, yaml=HINTS[turn % len(HINTS)])
    except UnusableInputError as error:
        _expect(str(error).isprintable() and str(error), "the message is not one line", error)
        return "unusable"
    _check_with_library(document)
    if isinstance(document.data, dict):
        if turn % _RULES_INTERVAL == 0:
            _expect_none(own_rules.problems_of(document.data, turn))
        if turn % _SHARED_INTERVAL == 0:
            _expect_none(shared_objects.problems_of(document.data, turn))
    if turn % _COMMAND_INTERVAL == 0:
        code = _check_with_command(content)
        _expect_none(hostile.problems_of(content, turn))
        return f"command, exit {code}"
    with _standard_input(content):
        packs = [*PACKS] if turn % _PACKS_INTERVAL == 0 else []
        result = check(
            Namespace(
                paths=["-"],
                region=None,
                strict=False,
                ignore_other=False,
                pack=packs,
                rules=[],
            )
        )
    unexpected = [each for each in result.unusable if UNEXPECTED in each.message]
    _expect(not unexpected, "an unexpected error, which CDK_EPC_DEBUG=1 shows", unexpected)
    _report(result, turn)
    return f"checked, exit {result.exit_code}"


def _expect(holds: object, problem: str, got: object) -> None:
    if not holds:
        raise UnexpectedError(f"{problem}: {got!r}")


def _expect_none(problems: Iterable[str]) -> None:
    for problem in problems:
        raise UnexpectedError(problem)


def _check_with_library(document: Document) -> None:
    """Check any mapping with the public functions, not only templates and requests."""
    document.positions([(), ("Resources",), (0, 0), ("Resources", "Config", "Properties", 0)])
    if not isinstance(document.data, dict) or "Resources" in document.data:
        return  # the command line checks these
    for finding in (*check_template(document.data), *check_request(document.data)):
        _expect(document.positions([finding.place]), "no position", finding)


def _report(result: RunResult, turn: int) -> None:
    form = "sarif" if turn % _SARIF_INTERVAL == 1 else "json"
    if turn % _OTHERS_INTERVAL == 2:  # noqa: PLR2004 - another remainder than above
        form = "text" if turn % _SARIF_INTERVAL < _SARIF_INTERVAL // 2 else "github"
    lines = list(FORMATS[form](result))
    if form in {"json", "sarif"}:
        json.loads("\n".join(lines))
    else:
        _expect(all(line.isprintable() for line in lines), "a line that is not printable", lines)
    for finding in result.findings:
        _expect(finding.line and finding.column, "no position", finding)


def _check_with_command(content: bytes) -> int:
    output, errors = io.StringIO(), io.StringIO()
    with _standard_input(content), redirect_stdout(output), redirect_stderr(errors):
        code = main(["check", "-"])
    unusable = errors.getvalue()
    _expect(UNEXPECTED not in unusable, "an unexpected error", unusable)
    _expect((code in {0, 1} and not unusable) or code == 2, "wrong exit code", code)  # noqa: PLR2004
    _expect(unusable.count("\n") == (code == 2), "wrong error output", unusable)  # noqa: PLR2004
    return code


@contextmanager
def _standard_input(content: bytes) -> Iterator[None]:
    real, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(content))
    try:
        yield
    finally:
        sys.stdin = real
