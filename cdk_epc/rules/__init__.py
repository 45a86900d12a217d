"""Rules of endpoints and their resources, and their evaluation.

`check` returns the findings of a spec. Nothing here imports ``aws_cdk`` or starts Node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the type checkers read the import above
    if name != "RULES":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Imported here because this imports every rule.
    from cdk_epc.rules.registry import RULES  # noqa: PLC0415

    globals()[name] = RULES
    return RULES


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
