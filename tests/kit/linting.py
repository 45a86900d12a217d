"""What cfn-lint says of a template, as CloudFormation's nearest relative on this machine."""

from __future__ import annotations

import json
from typing import Any

from cfnlint.api import ManualArgs, lint

_REPEATED = "W3005"
"""A dependency that a reference enforces too: CDK writes all resources of a construct out."""


def findings_of_cfn_lint(template: dict[str, Any], region: str = "us-east-1") -> list[str]:
    """Every finding: the rule, the place and the message."""
    found = lint(json.dumps(template), config=ManualArgs(regions=[region]))
    return [
        f"{each.rule.id} {'/'.join(map(str, each.path or []))}: {each.message}"
        for each in found
        if each.rule.id != _REPEATED
    ]
