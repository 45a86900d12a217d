"""Copy of the project in which mutmut can change the checks of rules."""

from __future__ import annotations

from tools.undecorated import undecorated

SOURCE = """from rules import rule


@rule(
    id="name-fixed",
)
def name_fixed(spec):
    yield spec


@cache
def other():
    return 1


RULES = (name_fixed,)
"""
EXPECTED = """from rules import rule


def name_fixed(spec):
    yield spec


name_fixed = rule(
    id="name-fixed",
)(name_fixed)


@cache
def other():
    return 1


RULES = (name_fixed,)
"""


def test_the_decorator_moves_below_the_check() -> None:
    assert undecorated(SOURCE) == EXPECTED
