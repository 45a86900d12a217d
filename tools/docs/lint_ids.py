"""Ids of the rules in cfn-lint: their stored numbers, and the table in ``docs/cfn-lint.md``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from cdk_epc.rules.lint_ids import FILE, LINTED, extended, stored_numbers
from cdk_epc.rules.registry import PACKS
from cdk_epc.rules.rule import Diagnostic, Severity
from tools.docs.markdown import with_table
from tools.errors import ToolError

PAGE: Final = "docs/cfn-lint.md"
NUMBERS: Final = f"cdk_epc/rules/{FILE}"
_ROOT: Final = Path(__file__).resolve().parents[2]
_HEAD: Final = "| Id | Rule |\n|---|---|\n"


def generate_lint_ids() -> dict[str, str]:
    """Return the texts of the numbers and of the page, by their paths in the repository.

    Rules without a number get the next one.

    Raises:
        ToolError: The page has no place for the table, or no number is left.
    """
    try:
        numbers = extended(stored_numbers())
    except ValueError as error:
        raise ToolError(str(error)) from error
    tables = "\n".join(_tables(numbers))
    return {
        NUMBERS: json.dumps(numbers, indent=2) + "\n",
        PAGE: with_table((_ROOT / PAGE).read_text("utf-8"), tables, PAGE),
    }


def _tables(numbers: Mapping[str, int]) -> Iterator[str]:
    yield f"### Rules that always apply\n\n{_table(LINTED, numbers)}"
    for name, rules in PACKS.items():
        yield f"### The pack {name}\n\n{_table(rules, numbers)}"


def _table(diagnostics: Iterable[Diagnostic], numbers: Mapping[str, int]) -> str:
    rows = (
        f"| {'E' if each.severity is Severity.ERROR else 'W'}{numbers[each.id]} | `{each.id}` |\n"
        for each in diagnostics
    )
    return _HEAD + "".join(rows)
