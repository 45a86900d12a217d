"""Findings of cfn-lint about a template, without and with the rules of this library."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any, NamedTuple

from cfnlint.api import ManualArgs, lint
from cfnlint.config import ConfigMixIn
from cfnlint.decode.decode import decode_str
from cfnlint.rules import Rules
from cfnlint.runner import Runner

_REPEATED = "W3005"
"""Dependency that a reference implies; CDK lists all resources of a construct."""


def findings_of_cfn_lint(template: dict[str, Any], region: str = "us-east-1") -> list[str]:
    """Return each finding as its rule, its place and its message."""
    found = lint(json.dumps(template), config=ManualArgs(regions=[region]))
    return [
        f"{each.rule.id} {'/'.join(map(str, each.path or []))}: {each.message}"
        for each in found
        if each.rule.id != _REPEATED
    ]


MAIN = "cdk_epc.cfn_lint"
SECURITY = f"{MAIN}.security"


class Lint(NamedTuple):
    """Match of cfn-lint."""

    id: str
    line: int
    column: int
    message: str
    path: tuple[str | int, ...]

    @property
    def rule(self) -> str:
        """Id of the rule of this library, which ends the message; else that of cfn-lint."""
        return self.message.rpartition("[")[2].rstrip("]") if self.is_ours else self.id

    @property
    def is_ours(self) -> bool:
        return self.id[1] == "9"


def lints_of(text: str, *modules: str, **config: Any) -> list[Lint]:
    """Return all matches in the text of a template.

    Args:
        text: JSON or YAML.
        modules: Modules of rules; by default those of the rules that always apply.
        config: Further settings, as in ``.cfnlintrc``.
    """
    template, problems = decode_str(text)
    assert not problems, problems
    settings = {"regions": ["us-east-1"], **config}
    runner = _runner(modules or (MAIN,))
    runner.config = ConfigMixIn(**settings)  # by which each run configures the rules
    return [
        Lint(
            each.rule.id,
            each.linenumber,
            each.columnnumber,
            each.message,
            tuple(getattr(each, "path", ())),
        )
        for each in runner.validate_template(template)
    ]


@cache
def _without_modules() -> Runner:
    return Runner(ConfigMixIn(regions=["us-east-1"]))


@cache
def _runner(modules: tuple[str, ...]) -> Runner:
    """Return a runner with the rules of cfn-lint, which are loaded once, and of these modules."""
    runner = copy.copy(_without_modules())
    runner.rules = Rules()
    for rules in (_without_modules().rules, *map(Rules.create_from_module, modules)):
        runner.rules.update(rules)
    return runner
