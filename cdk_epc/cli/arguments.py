"""Arguments and help texts of the command line."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, Final, NoReturn

from cdk_epc.cli.result import ExitCode
from cdk_epc.cli.streams import print_error, write_output

_WIDTH: Final = 80
"""Columns of an output that is no terminal."""
_REGION: Final = re.compile(r"[a-z]{2,}(-[a-z]+)+-[0-9]+", re.ASCII)

_DESCRIPTION: Final = "Check SageMaker endpoints and their configurations before they are deployed."
_EXAMPLES: Final = """\
examples:
  cdk-epc check cdk.out                          all templates that `cdk synth` wrote
  cdk-epc check template.yaml request.json       templates and requests
  cdk-epc check --strict --region eu-north-1 .   all templates and requests below this folder
  cdk-epc check --format sarif . > epc.sarif     report for code scanning
  cdk-epc check --pack security cdk.out          with the controls of Security Hub and other tools
  cdk-epc check --rules company.rules:RULES .    with rules of your own
  aws sagemaker describe-endpoint-config --endpoint-config-name fraud | cdk-epc check -
  cdk-epc diff cdk.out.deployed cdk.out          what an update does to running endpoints
  cdk-epc import --keep-ids template.yaml        typed Python code for a deployed template
  cdk-epc explain serverless-memory-step         one rule, with a bad and a good example
"""
_CHECK: Final = """\
Check CloudFormation templates, requests such as CreateEndpointConfig and CreateModel (JSON or YAML,
also lists of the requests of one deployment), cloud assemblies (cdk.out), and folders of these. The
type of a file is detected from its content.
"""
_DIFF: Final = """\
Compare the deployed app with the app to deploy, and report what CloudFormation and SageMaker refuse
in an update, and what the update resets. OLD and NEW are a CloudFormation template, a cloud
assembly (cdk.out), - for standard input, or git:REVISION:PATH for one of them in a git revision.
OLD may also be the responses to DescribeEndpoint, DescribeEndpointConfig, DescribeModel and
DescribeScalableTargets, as a list or as the values of an object.
"""
_IMPORT: Final = """\
Write a Python module with the constructs of this library for existing resources: templates of
CloudFormation, cloud assemblies (cdk.out), and requests or descriptions of SageMaker and of
Application Auto Scaling (JSON or YAML). The module can be synthesised at once. Properties that the
typed API cannot express become plain CloudFormation, with a comment.
"""
_IMPORT_CODES: Final = """\
exit codes:
  0  the module was written
  2  a source could not be used, or the command line is wrong
"""
_CODES: Final = """\
exit codes:
  0  no finding of error severity
  1  at least one finding of error severity
  2  an input could not be used (the others were checked), or the command line is wrong
"""


SCHEMAS: Final = ("check", "diff", "rules")
"""Commands whose JSON output has a schema."""


class Pack(StrEnum):
    """Set of rules that are off by default."""

    SECURITY = "security"
    PEDANTIC = "pedantic"


class Format(StrEnum):
    """Format of a report."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    MARKDOWN = "markdown"


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command with its subcommands."""
    command: argparse.ArgumentParser = _parser(
        _Parser, prog="cdk-epc", about=_DESCRIPTION, end=_EXAMPLES
    )
    command.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    subcommands = command.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_check(subcommands)
    _add_diff(subcommands)
    _add_import(subcommands)
    _add_rules(subcommands)
    _add_explain(subcommands)
    _add_schema(subcommands)
    return command


def _add_check(subcommands: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    check = _parser(
        subcommands.add_parser, "check", about=_CHECK, end=_CODES, help="check files and folders"
    )
    check.add_argument(
        "paths", nargs="+", metavar="PATH", help="a file, a folder, or - for standard input"
    )
    _add_format(check, Format)
    _add_strict(check)
    _add_regions(
        check,
        "regions of the deployment; a stack of a cloud assembly with a region of its own keeps it",
    )
    check.add_argument(
        "--pack",
        action="append",
        choices=[each.value for each in Pack],
        default=[],
        help="apply rules that are off by default: 'security' has the controls of Security Hub, "
        "AWS Config, checkov, cdk-nag, cfn-guard and prowler, 'pedantic' has advice about "
        "configurations that work as they are",
    )
    _add_rules_option(check, "")
    check.add_argument(
        "--ignore-other",
        action="store_true",
        help="skip named files that are neither templates nor requests, instead of reporting them "
        "as unusable",
    )


def _add_diff(subcommands: Any) -> None:  # noqa: ANN401 - see _add_check
    diff = _parser(
        subcommands.add_parser, "diff", about=_DIFF, end=_CODES, help="compare two versions"
    )
    diff.add_argument("old", metavar="OLD", nargs="?", help="the deployed app")
    diff.add_argument("new", metavar="NEW", help="the app to deploy")
    _add_format(diff, Format)
    _add_live(diff, "name of a running endpoint instead of OLD")
    _add_strict(diff)
    _add_regions(diff, "regions of templates without one")
    _add_rules_option(diff, "; those about updates are applied")
    diff.add_argument(
        "--acknowledge",
        metavar="FILE",
        help="map of rule ids to reasons (JSON or YAML), or of logical ids to such maps, in "
        "addition to the acknowledgements in the new templates",
    )


def _add_import(subcommands: Any) -> None:  # noqa: ANN401 - see _add_check
    command = _parser(
        subcommands.add_parser,
        "import",
        about=_IMPORT,
        end=_IMPORT_CODES,
        help="write Python code for existing resources",
    )
    command.add_argument(
        "sources", nargs="*", metavar="SOURCE", help="a file, a cloud assembly, or - for stdin"
    )
    _add_live(command, "name of a running endpoint")
    command.add_argument("--output", metavar="FILE", help="file for the module, instead of stdout")
    command.add_argument(
        "--keep-ids",
        action="store_true",
        help="keep all logical ids, so that a deployed stack moves to the code without "
        "replacements; templates that CDK synthesised always keep them",
    )
    command.add_argument(
        "--for-import",
        action="store_true",
        help="leave out what CloudFormation cannot import, and write the identifiers and commands "
        "for `cdk import` as a comment",
    )
    command.add_argument("--region", type=_region, help="region of sources without one")


def _add_rules(subcommands: Any) -> None:  # noqa: ANN401 - see _add_check
    rules = _parser(
        subcommands.add_parser,
        "rules",
        about="List all rules with their severity, their evidence and their requirement.",
        help="list all rules",
    )
    _add_format(rules, (Format.TEXT, Format.JSON))


def _add_explain(subcommands: Any) -> None:  # noqa: ANN401 - see _add_check
    about = "Explain one rule: its reason, its fix, its source, and a bad and a good example."
    explain = _parser(subcommands.add_parser, "explain", about=about, help="explain one rule")
    explain.add_argument("rule_id", metavar="ID", help="id of the rule, as findings show it")


def _add_schema(subcommands: Any) -> None:  # noqa: ANN401 - see _add_check
    about = "Print the JSON schema of the output of `cdk-epc NAME --format json`."
    schema = _parser(
        subcommands.add_parser, "schema", about=about, help="print the JSON schema of an output"
    )
    schema.add_argument(
        "name", metavar="NAME", choices=SCHEMAS, help="the command: check, diff or rules"
    )


def _add_format(command: argparse.ArgumentParser, formats: Iterable[Format]) -> None:
    names = [each.value for each in formats]
    command.add_argument(
        "--format", choices=names, default=names[0], help=f"format of the output ({names[0]})"
    )


def _add_strict(command: argparse.ArgumentParser) -> None:
    command.add_argument("--strict", action="store_true", help="treat warnings as errors")


def _add_regions(command: argparse.ArgumentParser, about: str) -> None:
    command.add_argument("--region", type=_regions, metavar="REGION[,REGION...]", help=about)


def _add_rules_option(command: argparse.ArgumentParser, about: str) -> None:
    command.add_argument(
        "--rules",
        action="append",
        default=[],
        metavar="MODULE:NAME",
        help="apply your own rules too: a list of rules in a Python module that can be imported"
        f"{about}",
    )


def _add_live(command: argparse.ArgumentParser, about: str) -> None:
    command.add_argument(
        "--live",
        metavar="ENDPOINT",
        help=f"{about}; asks AWS with the credentials of the environment, and requires the extra "
        "aws",
    )


def _parser(make: Any, *names: str, about: str, end: str = "", **others: str) -> Any:  # noqa: ANN401
    return make(
        *names,
        description=about,
        epilog=end,
        formatter_class=_Formatter,
        allow_abbrev=False,
        **others,
    )


def _region(given: str) -> str:
    region, *others = _regions(given)
    if others:
        raise argparse.ArgumentTypeError("one region is expected")
    return region


def _regions(given: str) -> tuple[str, ...]:
    regions = given.split(",")
    for region in regions:
        if not _REGION.fullmatch(region):
            raise argparse.ArgumentTypeError(f"{region!r} is not a region such as 'eu-central-1'")
    return tuple(dict.fromkeys(regions))


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Formatter with the width of the terminal.

    argparse asks `shutil` for the width at each argument, and the import of `shutil` is slow.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_terminal_width() - 2)


def _terminal_width() -> int:
    """Return the width of the terminal as `shutil.get_terminal_size` does."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or _WIDTH  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):  # no terminal, or standard output is closed
        return _WIDTH


class _Parser(argparse.ArgumentParser):
    """Parser whose output reaches standard output and standard error in every state of both."""

    color = False  # newer versions of Python colour the usage, and `print_error` escapes colours

    def print_help(self, file: object = None) -> None:  # noqa: ARG002 - argparse's signature
        if code := write_output(self.format_help().splitlines()):
            self.exit(code)

    def error(self, message: str) -> NoReturn:
        for line in (*self.format_usage().splitlines(), f"{self.prog}: error: {message}"):
            print_error(line)
        raise SystemExit(ExitCode.UNUSABLE)


class _Version(argparse.Action):
    """Option that prints the version, which is read only if the option is given."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,  # noqa: ARG002 - argparse's signature
        values: str | Sequence[Any] | None,  # noqa: ARG002
        option_string: str | None = None,  # noqa: ARG002
    ) -> None:
        from cdk_epc._version import version  # noqa: PLC0415 - importlib.metadata is slow to import

        parser.exit(write_output([f"cdk-epc {version()}"]))
