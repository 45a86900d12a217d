"""From the command line to an exit code."""

from __future__ import annotations

import gc
import os
import sys
from argparse import Namespace
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import Final

from cdk_epc.cli.arguments import Format, parser
from cdk_epc.cli.result import ExitCode, RunResult


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: Those of the command line without the command; by default the process's own.

    Returns:
        The exit code, see `ExitCode`.

    Raises:
        SystemExit: With code 2 and a usage line for arguments that make no sense, with code 0 after
            ``--help`` and ``--version``.
    """
    _write_whatever_the_encoding()
    try:
        return _run(parser().parse_args(arguments))
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED


def _run(given: Namespace) -> int:
    if given.command == "check":
        return _check(given)
    # Most runs are checks.
    from cdk_epc.cli import rules as catalogue  # noqa: PLC0415

    if given.command == "rules":
        return _write(catalogue.listed(given.format), ExitCode.CLEAN)
    return _explain(given.rule_id)


def _explain(rule_id: str) -> int:
    from cdk_epc.cli import rules as catalogue  # noqa: PLC0415 - as above

    try:
        lines = catalogue.explained(rule_id)
    except catalogue.UnknownRuleError as error:
        _complain(f"cdk-epc explain: error: {error}")
        return ExitCode.UNUSABLE
    return _write(lines, ExitCode.CLEAN)


def _check(given: Namespace) -> int:
    from cdk_epc.cli.check import check  # noqa: PLC0415 - what the other commands do without

    outcome = check(given)
    for each in outcome.unusable:
        _complain(str(each))
    for each in outcome.notes:
        _complain(f"{each}; skipped")
    return _write(_report(outcome, Format(given.format)), outcome.exit_code)


def _report(outcome: RunResult, form: Format) -> Iterable[str]:
    # Each format is imported only where it is asked for: that is most of the time a check takes.
    if form is Format.JSON:
        from cdk_epc.cli.formats import json_report  # noqa: PLC0415

        return json_report.lines_of(outcome)
    if form is Format.SARIF:
        from cdk_epc.cli.formats import sarif  # noqa: PLC0415

        return sarif.lines_of(outcome)
    if form is Format.GITHUB:
        from cdk_epc.cli.formats import github  # noqa: PLC0415

        return github.lines_of(outcome)
    from cdk_epc.cli.formats import text  # noqa: PLC0415
    from cdk_epc.cli.formats.text import Paint, wants_colour  # noqa: PLC0415

    return text.lines_of(outcome, Paint(wants_colour(sys.stdout)))


def _write(lines: Iterable[str], code: ExitCode) -> int:
    """Write to standard output; the code says what was found even if nobody reads all of it."""
    if sys.stdout is None:  # the caller closed it
        return code
    try:
        sys.stdout.writelines(f"{line}\n" for line in lines)
        sys.stdout.flush()
    except BrokenPipeError:  # `cdk-epc check . | head`
        _discard_output()
    except OSError as error:  # a full disk, say
        _discard_output()
        _complain(f"cdk-epc: error: the report could not be written: {error.strerror}")
        return ExitCode.UNUSABLE
    return code


def _discard_output() -> None:
    """Let Python's own last flush go nowhere, or it would complain of the same."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(line: str) -> None:
    from cdk_epc.cli.formats._escape import printable  # noqa: PLC0415 - nothing to say, nothing to import

    print(printable(line), file=sys.stderr)


def _write_whatever_the_encoding() -> None:
    """Escape what the encoding of the output lacks, such as ``…`` in ASCII, instead of failing."""
    # What stands in for it under test, or where there is none, need not have it.
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


_ALLOCATIONS: Final = 50_000
"""New objects between two collections; Python's own 700 looks at a big document again and again."""


@contextmanager
def seldom() -> Generator[None, None, None]:
    """Collect seldom: nearly all that a run makes is either freed at once or needed to its end."""
    before = gc.get_threshold()
    if before[0]:  # somebody may have switched it off
        gc.set_threshold(_ALLOCATIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
