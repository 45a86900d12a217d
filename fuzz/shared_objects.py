"""Data whose parts are shared, as a YAML parser makes them of anchors."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from cdk_epc.requests import check_request
from cdk_epc.templates import check_template

_LEVELS = 8
"""Doublings of a part; each level costs twice as much as the one before."""
_TOO_MANY_LEVELS = 40
"""Doublings of a part whose check is refused."""
_RARE = 2000
"""Inputs of which one has too many levels, because the refusal takes a second."""


def problems_of(data: dict[str, Any], turn: int) -> Iterator[str]:
    """Yield the problems of a check of data with shared parts.

    Args:
        data: Template or request.
        turn: Number of the input, which selects the part that is doubled.
    """
    check = check_template if "Resources" in data else check_request
    shared = _shared(data, {})
    separate, together = (
        [(each.rule_id, each.path, each.message) for each in check(each)] for each in (data, shared)
    )
    if separate != together:
        yield "other findings because of shared parts"
    check(_doubled(shared, Random(turn), _LEVELS))  # noqa: S311 - not for cryptography
    if turn % _RARE == 0:
        try:
            check(_doubled(shared, Random(turn), _TOO_MANY_LEVELS))  # noqa: S311 - see above
        except ValueError as error:
            if "objects and lists" not in str(error):
                raise
        else:
            yield "too many shared parts are not refused"


def _shared(value: Any, known: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Return the value with one object for all equal parts."""
    if isinstance(value, dict):
        value = {key: _shared(each, known) for key, each in value.items()}
    elif isinstance(value, list):
        value = [_shared(each, known) for each in value]
    else:
        return value
    return known.setdefault(repr(value), value)


def _doubled(value: dict[str, Any], random: Random, levels: int) -> dict[str, Any]:
    """Return the value with a part that is doubled some times, in a random place."""
    part: Any = value
    for _ in range(levels):
        part = [part, part] if random.random() < 0.5 else {"a": part, "Fn::Sub": part}  # noqa: PLR2004
    whole = {**value}
    above: Any = whole
    while True:
        keys = list(above) if isinstance(above, dict) else range(len(above))
        if not keys:
            return whole
        key = random.choice(keys)
        below = above[key]
        if not isinstance(below, dict | list) or not below or random.random() < 0.2:  # noqa: PLR2004
            above[key] = part
            return whole
        copied: Any = {**below} if isinstance(below, dict) else [*below]
        above[key] = copied
        above = copied
