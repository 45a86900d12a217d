"""Entry point of the command line: arguments, output and exit code."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence

from cdk_epc.cli.arguments import Format, parser
from cdk_epc.cli.result import ExitCode, RunResult, UpdateResult


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
    _escape_unencodable_output()
    try:
        return _run(parser().parse_args(arguments))
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED


def _run(given: Namespace) -> int:
    if given.command == "check":
        return _check(given)
    if given.command == "diff":
        return _diff(given)
    if given.command == "rules":
        from cdk_epc.cli.rules import rule_list  # noqa: PLC0415 - a check does not need it

        return _write(rule_list(given.format), ExitCode.CLEAN)
    return _explain(given.rule_id)


def _explain(rule_id: str) -> int:
    from cdk_epc.cli.rules import UnknownRuleError, explanation  # noqa: PLC0415 - as above

    try:
        lines = explanation(rule_id)
    except UnknownRuleError as error:
        _print_error(f"cdk-epc explain: error: {error}")
        return ExitCode.UNUSABLE
    return _write(lines, ExitCode.CLEAN)


def _check(given: Namespace) -> int:
    from cdk_epc.cli.check import check  # noqa: PLC0415 - the other commands do not need it
    from cdk_epc.cli.custom_rules import RulesError  # noqa: PLC0415

    try:
        result = check(given)
    except RulesError as error:
        _print_error(f"cdk-epc check: error: argument --rules: {error}")
        return ExitCode.UNUSABLE
    for each in result.unusable:
        _print_error(str(each))
    for each in result.notes:
        _print_error(f"{each}; skipped")
    if result.unread:
        files = "1 file is" if result.unread == 1 else f"{result.unread} files are"
        _print_error(f"{files} neither JSON nor YAML, and no template; skipped")
    return _write(_report(result, Format(given.format)), result.exit_code)


def _diff(given: Namespace) -> int:
    from cdk_epc.cli.diff import diff  # noqa: PLC0415 - the other commands do not need it

    update = diff(given)
    for each in update.result.unusable:
        _print_error(str(each))
    return _write(_update_report(update, Format(given.format)), update.result.exit_code)


def _update_report(update: UpdateResult, form: Format) -> Iterable[str]:
    if form is Format.MARKDOWN:
        from cdk_epc.cli.formats import markdown  # noqa: PLC0415 - as for a check

        return markdown.lines_of(update)
    if form is Format.JSON:
        from cdk_epc.cli.formats import json_report  # noqa: PLC0415

        return json_report.lines_of_update(update)
    if form is not Format.TEXT:
        return _report(update.result, form)
    from cdk_epc.cli.formats import text, update_plan  # noqa: PLC0415

    style = text.Style(text.supports_colour(sys.stdout))
    findings = text.lines_of(update.result, style)
    return (*update_plan.text_lines(update, style), *findings)


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
    from cdk_epc.cli.formats import text  # noqa: PLC0415

    return text.lines_of(result, text.Style(text.supports_colour(sys.stdout)))


def _write(lines: Iterable[str], code: ExitCode) -> int:
    """Write to standard output and return the exit code.

    The code stays the same if the reader closes the pipe before the end.
    """
    if sys.stdout is None:  # the parent process closed it
        return code
    try:
        sys.stdout.writelines(f"{line}\n" for line in lines)
        sys.stdout.flush()
    except BrokenPipeError:  # for example `cdk-epc check . | head`
        _discard_output()
    except OSError as error:  # for example a full disk
        _discard_output()
        _print_error(f"cdk-epc: error: the report could not be written: {error.strerror}")
        return ExitCode.UNUSABLE
    return code


def _discard_output() -> None:
    """Redirect standard output, because Python's flush at exit would report the error again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_error(line: str) -> None:
    from cdk_epc.cli.formats._escape import printable  # noqa: PLC0415 - most runs print no error

    print(printable(line), file=sys.stderr)


def _escape_unencodable_output() -> None:
    """Escape characters that the encoding of the output lacks, such as ``…`` in ASCII."""
    # A replacement of sys.stdout, as in tests, may have no such method.
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
