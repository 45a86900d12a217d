"""Custom rules that fail in many ways, beside which the findings of all other rules must stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import repeat
from random import Random
from typing import Any, NoReturn

from cdk_epc.requests import check_request
from cdk_epc.rules.finding import Finding
from cdk_epc.rules.rule import Rule, Violation
from cdk_epc.spec.context import ROOTS
from cdk_epc.templates import check_template


def _violation(path: Any = (), **others: Any) -> Violation:  # noqa: ANN401 - wrong values
    return Violation(path=path, got=1, fix="Fix it.", **(others or {"must": "be good"}))


def _raise(_: object) -> NoReturn:
    raise ValueError("\n::error::a\x1b")


def _exit(_: object) -> NoReturn:
    raise SystemExit(0)


def _recurse(subject: object) -> Any:  # noqa: ANN401 - nothing is returned
    return _recurse(subject)


def _raise_late(_: object) -> Iterator[Violation]:
    yield _violation()
    raise KeyError("late")


def _change(subject: Any) -> tuple[()]:  # noqa: ANN401 - any subject
    for name in ("production_variants", "config", "tags", "primary_container"):
        if hasattr(subject, name):
            object.__setattr__(subject, name, None)
    return ()


_CHECKS: tuple[Any, ...] = (
    *(_raise, _exit, _recurse, _raise_late, _change, None, int),
    lambda _: None,
    lambda _: "text",
    lambda _: [1, 2],
    lambda _: {"a": 1},
    lambda _: repeat(_violation()),
    lambda _: [_violation(("tags", 99)), _violation(("nothing", -1, "x"))],
    lambda _: [_violation((None,))],
    lambda _: [_violation("tags")],
    lambda _: [_violation(must=5)],
    lambda subject: [_violation(sentence=repr(subject))],
)
RULES = tuple(
    Rule(id=f"own-{index}", title="t", why="w", check=check, about=tuple(ROOTS))
    for index, check in enumerate(_CHECKS)
)
_OURS = frozenset({"custom-rule-failed", *(rule.id for rule in RULES)})


def problems_of(data: dict[str, Any], turn: int) -> Iterator[str]:
    """Yield the problems of a check with some of the rules.

    Args:
        data: Template or request.
        turn: Number of the input, which selects the rules.
    """
    rules = Random(turn).sample(RULES, 3)  # noqa: S311 - not for cryptography
    check = check_template if "Resources" in data else check_request
    without, found = check(data), check(data, rules=rules)
    if _texts(without) != _texts(each for each in found if each.rule_id not in _OURS):
        yield f"other findings because of the rules {[rule.id for rule in rules]}"


def _texts(findings: Iterable[Finding]) -> list[tuple[str, str, str]]:
    return [(each.rule_id, each.path, each.message) for each in findings]
