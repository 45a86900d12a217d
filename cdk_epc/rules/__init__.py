"""Rules of endpoints and their resources, and their evaluation.

`check` returns the findings of a spec. Nothing here imports ``aws_cdk`` or starts Node.
"""

from __future__ import annotations

from cdk_epc.rules.evaluation import check, evaluate
from cdk_epc.rules.finding import EndpointConfigError, Finding
from cdk_epc.rules.registry import RULES
from cdk_epc.rules.rule import (
    CallError,
    Diagnostic,
    Evidence,
    InputError,
    Profile,
    Rule,
    Severity,
    Violation,
)

__all__ = [
    "RULES",
    "CallError",
    "Diagnostic",
    "EndpointConfigError",
    "Evidence",
    "Finding",
    "InputError",
    "Profile",
    "Rule",
    "Severity",
    "Violation",
    "check",
    "evaluate",
]
