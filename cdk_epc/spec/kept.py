"""Results that are kept: in the spec that they are about, or until another subject is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

S = TypeVar("S")
R = TypeVar("R")

_NOTHING: Final = object()


def kept(function: Callable[[S], R]) -> Callable[[S], R]:
    """Keep the result of a function for its last argument, compared by identity.

    The rules run on one subject after the other, and many of them read the same parts of it. A
    larger cache would keep subjects alive that nothing reads any more.
    """
    # One assignment stores both, so that threads never read the result of another argument.
    last: list[tuple[Any, R]] = [(_NOTHING, cast("R", None))]

    def result(subject: S) -> R:
        argument, value = last[0]
        if argument is not subject:
            value = function(subject)
            last[0] = (subject, value)
        return value

    return result


def kept_in_spec(function: Callable[[S], R]) -> Callable[[S], R]:
    """Keep the result of a function in the spec that is its argument, because a spec never changes.

    A construct checks its spec at the call and again at synth.
    """

    def result(spec: S) -> R:
        facts: dict[Any, Any] | None = getattr(spec, "_facts", None)
        if facts is None:
            facts = {}
            object.__setattr__(spec, "_facts", facts)  # the class is frozen
        value = facts.get(result, _NOTHING)
        if value is _NOTHING:
            value = facts[result] = function(spec)
        return cast("R", value)

    return result
