"""Findings of cfn-lint about a template."""

from __future__ import annotations

import json
from typing import Any

from cfnlint.api import ManualArgs, lint

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
