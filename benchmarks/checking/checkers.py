"""Checkers of files: this library and two others. Each returns the ids of its findings."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

import cfnlint.rules.jsonschema
import cfnlint.rules.resources.properties
import cfnlint.rules.resources.sagemaker
from cfnlint.config import ConfigMixIn
from cfnlint.rules import Rules
from cfnlint.runner.template.runner import (
    run_template_by_file_path,
)
from cloudformation_validate import CompositeEngine

from cdk_epc.cli.check import check

REGION: Final = "us-east-1"

Checker: TypeAlias = Callable[[Sequence[Path]], list[str]]
"""Function that checks files and returns the ids of the findings."""


def ours(files: Sequence[Path]) -> list[str]:
    """Check with all rules of this library, as `cdk-epc check --region` does."""
    given = Namespace(
        paths=list(map(str, files)),
        region=(REGION,),
        strict=False,
        ignore_other=False,
        pack=[],
        rules=[],
    )
    outcome = check(given)
    if outcome.unusable:
        raise RuntimeError(str(outcome.unusable[0]))
    return [each.rule_id for each in outcome.findings]


def cfn_lint(files: Sequence[Path]) -> list[str]:
    """Check with cfn-lint for one region, with its rules of the schema and of SageMaker only."""
    rules, config = _rules()
    return [
        match.rule.id
        for file in files
        for match in run_template_by_file_path(str(file), config, rules, False)  # noqa: FBT003
    ]


@cache
def _rules() -> tuple[Any, Any]:
    rules = Rules()
    for package in (
        cfnlint.rules.jsonschema,  # the rule that reads the template
        cfnlint.rules.resources.properties,  # one rule for each keyword of the schema
        cfnlint.rules.resources.sagemaker,
    ):
        rules.update(Rules.create_from_directory(str(Path(package.__file__).parent)))
    rules.update(Rules.create_from_module("cfnlint.rules.resources.Configuration"))
    return rules, ConfigMixIn(regions=[REGION])


def cloudformation_validate(files: Sequence[Path]) -> list[str]:
    """Check with AWS's checker, whose core is written in Rust, with all its rules."""
    engine = _engine()
    return [
        each.rule_id for file in files for each in engine.validate_template(str(file)).diagnostics
    ]


@cache
def _engine() -> CompositeEngine:
    return CompositeEngine()


CHECKERS: Final[dict[str, Checker]] = {
    "cdk-epc": ours,
    "cfn-lint": cfn_lint,
    "cloudformation-validate": cloudformation_validate,
}
