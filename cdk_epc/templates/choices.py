"""Which choices lead to a fault, in words.

A fault that is there in every scenario has none. Of the others, the words name as few choices as
tell the scenarios with the fault from those without.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final, TypeAlias

from cdk_epc.templates.domains import OTHER
from cdk_epc.templates.scalars import text
from cdk_epc.templates.scenarios import Run

Facts: TypeAlias = dict[str, str]
"""What holds in a scenario, for example "IsProd" or "parameter Memory", and how it is."""

_MOST: Final = 2
"""Choices that are tried together; if more are needed, all are named."""
_FEW: Final = 24
"""Choices among which pairs are looked for."""


def facts_of(run: Run, home: int) -> Facts:
    """What was decided in a scenario; names of other templates than the one at home say so."""
    facts: Facts = {}
    for (index, name), held in run.conditions.items():
        if held is not None:
            facts[f"{name}{_of(run, index, home)}"] = "true" if held else "false"
    for (index, name), value in run.parameters.items():
        words = f"parameter {name}{_of(run, index, home)}"
        facts[words] = OTHER.value if value is OTHER else text(value)
    return facts


def _of(run: Run, index: int, home: int) -> str:
    return "" if index == home else f" of {run.app.sources[index].placed.name}"


def words_for(with_it: Sequence[Facts], without: Sequence[Facts]) -> str:
    """Which choices lead to a fault, for the end of its message; empty if all do.

    Args:
        with_it: The scenarios in which it occurs.
        without: The others.
    """
    if not without:
        return ""
    first = with_it[0]
    open_ = [
        fact for fact in first.items() if any(each.get(fact[0]) != fact[1] for each in without)
    ]
    chosen = next(_telling(open_, without), tuple(open_))
    if not chosen:
        return ""
    return f" (where {' and '.join(f'{name} is {value}' for name, value in chosen)})"


def _telling(
    facts: list[tuple[str, str]], without: Sequence[Facts]
) -> Iterator[tuple[tuple[str, str], ...]]:
    """Few facts that none of the scenarios without the fault has together."""
    for number in range(1, _MOST + 1):
        for chosen in combinations(facts[:_FEW], number):
            if not any(all(each.get(name) == value for name, value in chosen) for each in without):
                yield chosen
