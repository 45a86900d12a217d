"""The command line: what can be asked for, and its help."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, Final

_REGION: Final = re.compile(r"[a-z]{2,}(-[a-z]+)+-[0-9]+", re.ASCII)

_DESCRIPTION: Final = "Check SageMaker endpoint configurations before anything is deployed."
_EXAMPLES: Final = """\
examples:
  cdk-epc check cdk.out                          everything that `cdk synth` wrote
  cdk-epc check template.yaml request.json       templates and requests
  cdk-epc check --strict --region eu-north-1 .   every file of ours below this folder
  cdk-epc check --format sarif . > epc.sarif     for code scanning
  cdk-epc check --pack security cdk.out          the controls of Security Hub and others, too
  aws sagemaker describe-endpoint-config --endpoint-config-name fraud | cdk-epc check -
  cdk-epc explain serverless-memory-step         one rule, with a bad and a good example
"""
_CHECK: Final = """\
Check CloudFormation templates (JSON or YAML), CreateEndpointConfig requests and
DescribeEndpointConfig responses (JSON or YAML, also lists of them), cloud assemblies (cdk.out), and
folders with any of these. What a file is, its content says.
"""
_CODES: Final = """\
exit codes:
  0  nothing of error severity
  1  at least one finding of error severity
  2  some input could not be used, or the command line is wrong; what could be used was checked
"""


class Pack(StrEnum):
    """Rules that are off until somebody asks for them."""

    SECURITY = "security"


class Format(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command."""
    whole: argparse.ArgumentParser = _parser(
        argparse.ArgumentParser, prog="cdk-epc", about=_DESCRIPTION, end=_EXAMPLES
    )
    whole.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_check(commands)
    _add_rules(commands)
    _add_explain(commands)
    return whole


def _add_check(commands: Any) -> None:  # noqa: ANN401 - argparse has no public name for it
    check = _parser(
        commands.add_parser, "check", about=_CHECK, end=_CODES, help="check files and folders"
    )
    check.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder, or - for stdin")
    _add_format(check, Format)
    check.add_argument("--strict", action="store_true", help="warnings are errors")
    check.add_argument(
        "--region", type=_region, help="where it is deployed, unless the cloud assembly says so"
    )
    check.add_argument(
        "--pack",
        action="append",
        choices=[each.value for each in Pack],
        default=[],
        help="rules that are off by default: the controls of Security Hub, AWS Config, checkov, "
        "cdk-nag, cfn-guard and prowler",
    )
    check.add_argument(
        "--ignore-other",
        action="store_true",
        help="skip files that are neither templates nor requests, as in a folder, even if named",
    )


def _add_rules(commands: Any) -> None:  # noqa: ANN401 - as above
    rules = _parser(commands.add_parser, "rules", about="List the rules.", help="list the rules")
    _add_format(rules, (Format.TEXT, Format.JSON))


def _add_explain(commands: Any) -> None:  # noqa: ANN401 - as above
    about = "Tell all there is to say about one rule, with a bad and a good example."
    explain = _parser(commands.add_parser, "explain", about=about, help="explain one rule")
    explain.add_argument("rule_id", metavar="ID", help="its id, as findings show it")


def _add_format(command: argparse.ArgumentParser, formats: Iterable[Format]) -> None:
    names = [each.value for each in formats]
    command.add_argument("--format", choices=names, default=names[0], help=f"default: {names[0]}")


def _parser(make: Any, *names: str, about: str, end: str = "", **others: str) -> Any:  # noqa: ANN401
    return make(
        *names,
        description=about,
        epilog=end,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        **others,
    )


def _region(given: str) -> str:
    if _REGION.fullmatch(given):
        return given
    raise argparse.ArgumentTypeError(f"{given!r} is no region; one looks like 'eu-central-1'")


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,  # noqa: ARG002 - argparse's signature
        values: str | Sequence[Any] | None,  # noqa: ARG002
        option_string: str | None = None,  # noqa: ARG002
    ) -> None:
        from cdk_epc._version import version  # noqa: PLC0415 - costs what a check need not pay

        print(f"cdk-epc {version()}")
        parser.exit()
