"""The rules of endpoint configurations, and how to run them.

`check` takes a spec and gives findings. Nothing here imports ``aws_cdk`` or starts Node.
"""

from __future__ import annotations

from cdk_epc.rules._engine import check, judge
from cdk_epc.rules.registry import RULES
from cdk_epc.rules.rule import (
    EndpointConfigError,
    Evidence,
    Fault,
    Finding,
    Profile,
    Rule,
    Severity,
)

__all__ = [
    "RULES",
    "EndpointConfigError",
    "Evidence",
    "Fault",
    "Finding",
    "Profile",
    "Rule",
    "Severity",
    "check",
    "judge",
]
