"""Rules of endpoints and their resources, and their evaluation.

`check` returns the findings of a spec. Nothing here imports ``aws_cdk`` or starts Node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdk_epc._lazy_names import lazy_names
from cdk_epc.rules.evaluation import check, evaluate
from cdk_epc.rules.finding import EndpointConfigError, Finding
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

if TYPE_CHECKING:
    from cdk_epc.rules.registry import RULES

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

# The registry imports every rule.
__getattr__, __dir__ = lazy_names(__name__, {"cdk_epc.rules.registry": ("RULES",)})
