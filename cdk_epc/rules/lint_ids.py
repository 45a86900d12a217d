"""Ids of the rules in cfn-lint: a letter for the severity, and a stored number such as 9123.

cfn-lint leaves the numbers from 9000 to its users. Its files of custom rules count from 9001, so
that the numbers of this library begin at 9101. I9100 is the id of acknowledged findings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Final

from cdk_epc.rules.registry import DIAGNOSTICS, PACKED
from cdk_epc.rules.requests import REPEATED_KEY
from cdk_epc.rules.rule import CallError, Diagnostic, Severity

FILE: Final = "lint_ids.json"
FIRST: Final = 9101
LAST: Final = 9999
_LINT_ID: Final = re.compile(r"[EW]9[0-9]{3}")
ACKNOWLEDGED: Final = f"I{FIRST - 1}"
"""Id of acknowledged findings, which are informational."""

# cfn-lint itself refuses a repeated key, and a template has no calls.
LINTED: Final[tuple[Diagnostic, ...]] = tuple(
    each for each in DIAGNOSTICS if not isinstance(each, CallError) and each is not REPEATED_KEY
)
"""Rules and input errors that can be found in a template without a pack."""


@cache
def stored_numbers() -> Mapping[str, int]:
    """Return the number of each rule, those of removed rules included."""
    text = resources.files("cdk_epc.rules").joinpath(FILE).read_text("utf-8")
    numbers: dict[str, int] = json.loads(text)
    return numbers


def extended(
    numbers: Mapping[str, int], diagnostics: Iterable[Diagnostic] = (*LINTED, *PACKED)
) -> dict[str, int]:
    """Return the numbers with the next free ones for rules that have none.

    Args:
        numbers: Numbers by rule id, which stay as they are.
        diagnostics: Rules that need a number.

    Raises:
        ValueError: No number is left.
    """
    every = dict(numbers)
    for each in diagnostics:
        if each.id not in every:
            every[each.id] = max(every.values(), default=FIRST - 1) + 1
    if max(every.values(), default=FIRST) > LAST:
        raise ValueError(f"all numbers up to {LAST} are taken")
    return every


def lint_id(diagnostic: Diagnostic) -> str:
    """Return the id of a rule in cfn-lint.

    Raises:
        KeyError: The rule has no number; `python -m tools docs` stores one.
    """
    letter = "E" if diagnostic.severity is Severity.ERROR else "W"
    return f"{letter}{stored_numbers()[diagnostic.id]}"


def rule_of(lint_id: str) -> str | None:
    """Return the rule with an id in cfn-lint, with either letter; ``None`` if there is none."""
    if not _LINT_ID.fullmatch(lint_id):
        return None
    number = int(lint_id[1:])
    return next((id_ for id_, each in stored_numbers().items() if each == number), None)
