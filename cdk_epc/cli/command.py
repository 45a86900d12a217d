"""Entry point of the command line: arguments, output and exit code."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager, nullcontext, redirect_stdout
from io import StringIO
from typing import TypeVar

from cdk_epc.cli.arguments import Format, parser
from cdk_epc.cli.result import ExitCode, RunResult, UpdateResult
from cdk_epc.cli.streams import escape_unencodable_output, print_error, write_output
from cdk_epc.spec.collector import paused_collector

R = TypeVar("R", RunResult, UpdateResult)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: Arguments without the name of the command; by default those of the process.

    Returns:
        The exit code, see `ExitCode`.

    Raises:
        SystemExit: The arguments are wrong (code 2, with a usage line), or contain ``--help`` or
            ``--version`` (code 0).
    """
    escape_unencodable_output()
    try:
        return _run(parser().parse_args(arguments))
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - code 1 means findings, and nothing else
        return _fail(error)


def _fail(error: Exception) -> int:
    """Ask for a report of an unexpected exception, and return the exit code."""
    try:
        from cdk_epc.cli.exceptions import describe_unexpected  # noqa: PLC0415 - rare

        print_error(f"cdk-epc: {describe_unexpected(error)}")
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception:  # noqa: BLE001 - for example, memory is still short
        return ExitCode.UNUSABLE
    return ExitCode.UNUSABLE


def _run(given: Namespace) -> int:
    if given.command == "check":
        return _check(given)
    if given.command == "diff":
        return _diff(given)
    if given.command == "import":
        from cdk_epc.cli.import_sources import import_sources  # noqa: PLC0415 - as for a check

        return import_sources(given)
    if given.command == "rules":
        from cdk_epc.cli.rules import rule_list  # noqa: PLC0415 - a check does not need it

        return write_output(rule_list(given.format), ExitCode.CLEAN)
    if given.command == "schema":
        from cdk_epc.cli.formats.json_report import schema_of  # noqa: PLC0415 - as above

        return write_output(schema_of(given.name), ExitCode.CLEAN)
    return _explain(given.rule_id)


def _explain(rule_id: str) -> int:
    from cdk_epc.cli.rules import UnknownRuleError, explanation  # noqa: PLC0415 - as above

    try:
        lines = explanation(rule_id)
    except UnknownRuleError as error:
        print_error(f"cdk-epc explain: error: {error}")
        return ExitCode.UNUSABLE
    return write_output(lines, ExitCode.CLEAN)


def _check(given: Namespace) -> int:
    with paused_collector():
        from cdk_epc.cli.check import check  # noqa: PLC0415 - the other commands do not need it

    result = _with_rules(given, check)
    if result is None:
        return ExitCode.UNUSABLE
    for each in result.unusable:
        print_error(str(each))
    for each in result.notes:
        print_error(f"{each}; skipped")
    if result.unread:
        files = "1 file is" if result.unread == 1 else f"{result.unread} files are"
        print_error(f"{files} neither JSON nor YAML, and no template; skipped")
    return write_output(_report(result, Format(given.format)), result.exit_code)


def _diff(given: Namespace) -> int:
    from cdk_epc.cli.diff import diff  # noqa: PLC0415 - the other commands do not need it

    if (given.old is None) == (given.live is None):
        print_error("cdk-epc diff: error: give either OLD or --live, and NEW")
        return ExitCode.UNUSABLE
    update = _with_rules(given, diff)
    if update is None:
        return ExitCode.UNUSABLE
    for each in update.result.unusable:
        print_error(str(each))
    return write_output(_update_report(update, Format(given.format)), update.result.exit_code)


def _update_report(update: UpdateResult, form: Format) -> Iterable[str]:
    if form is Format.MARKDOWN:
        from cdk_epc.cli.formats import markdown  # noqa: PLC0415 - as for a check

        return markdown.lines_of_update(update)
    if form is Format.JSON:
        from cdk_epc.cli.formats import json_report  # noqa: PLC0415

        return json_report.lines_of_update(update)
    if form is Format.GITHUB:
        from cdk_epc.cli.formats import github  # noqa: PLC0415

        return github.lines_of_update(update)
    if form is Format.SARIF:
        return _report(update.result, form)
    from cdk_epc.cli.formats import text, update_plan  # noqa: PLC0415

    style = text.Style(text.supports_colour(sys.stdout))
    findings = text.lines_of(update.result, style)
    return (*update_plan.text_lines(update, style), *findings)


def _with_rules(given: Namespace, run: Callable[[Namespace], R]) -> R | None:
    """Return the result of a command; ``None`` after an error of its custom rules."""
    from cdk_epc.cli.exceptions import RulesError  # noqa: PLC0415 - only some commands need it

    try:
        with _output_of_rules_on_stderr() if given.rules else nullcontext():
            return run(given)
    except RulesError as error:
        print_error(f"cdk-epc {given.command}: error: argument --rules: {error}")
        return None


@contextmanager
def _output_of_rules_on_stderr() -> Generator[None]:
    """Redirect the output of custom rules to standard error, so that the report is intact."""
    printed = StringIO()
    try:
        with redirect_stdout(printed):
            yield
    finally:
        for line in printed.getvalue().splitlines():
            print_error(line)


def _report(result: RunResult, form: Format) -> Iterable[str]:
    # Only the requested format is imported, because imports are most of the time of a check.
    if form is Format.JSON:
        from cdk_epc.cli.formats import json_report  # noqa: PLC0415

        return json_report.lines_of(result)
    if form is Format.SARIF:
        from cdk_epc.cli.formats import sarif  # noqa: PLC0415

        return sarif.lines_of(result)
    if form is Format.GITHUB:
        from cdk_epc.cli.formats import github  # noqa: PLC0415

        return github.lines_of(result)
    if form is Format.MARKDOWN:
        from cdk_epc.cli.formats import markdown  # noqa: PLC0415

        return markdown.lines_of(result)
    from cdk_epc.cli.formats import text  # noqa: PLC0415

    return text.lines_of(result, text.Style(text.supports_colour(sys.stdout)))
