"""Requirements of the bounds of a member: range, length, pattern and choices."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, Final, TypeAlias

from cdk_epc.spec.fields import Bounds

# A value of a template engine, an environment variable, or a note to the reader. The classes
# exclude the opening characters, so that the time is linear for a text of 500,000 "${".
_PLACEHOLDER: Final = re.compile(r"\{\{[^{}]*\}\}|\$\{[^${}]*\}|<[^<>]+>")

Requirement: TypeAlias = tuple[str, str]
"""Requirement as it reads after "must", and the fix."""
Test: TypeAlias = Callable[[Bounds, Any], Requirement | None]
"""Function from bounds and a value to the violated requirement."""


def _range(bounds: Bounds, value: float) -> Requirement | None:
    low, high = bounds.minimum, bounds.maximum
    if (low is None or value >= low) and (high is None or value <= high):
        return None
    if high is None:
        return f"be {low} or more", f"Raise it to {low} or more."
    return f"be from {low} to {high}", f"Choose a value from {low} to {high}."


def _length(bounds: Bounds, value: str) -> Requirement | None:
    low, high = bounds.min_length or 0, bounds.max_length or math.inf
    if len(value) < low:
        fix = "Lengthen it." if value else "Give a value, or remove the member."
    elif len(value) > high:
        fix = f"Shorten it; it has {len(value)} characters."
    else:
        return None
    length = f"{low} to {high}" if low else f"at most {high}"
    return f"have {length} characters", fix


def _pattern(bounds: Bounds, value: str) -> Requirement | None:
    pattern = bounds.pattern
    if pattern is None or pattern.fullmatch(value):
        return None
    if placeholder := _PLACEHOLDER.search(value):
        return (
            f"not contain the placeholder {placeholder.group()}",
            "Replace the placeholder by its value.",
        )
    for end, stripped in (("begin", value.lstrip("-")), ("end", value.rstrip("-"))):
        if stripped != value and pattern.fullmatch(stripped):
            return f"not {end} with a hyphen", "Remove the hyphen."
    return f"match {pattern.pattern}", _pattern_fix(pattern, value)


def _pattern_fix(pattern: re.Pattern[str], value: str) -> str:
    """Return a fix that names the wrong characters, where removing them suffices."""
    wrong = [each for each in dict.fromkeys(value) if not (each.isascii() and each.isalnum())]
    wrong = [each for each in wrong if each != "-"]
    if wrong and pattern.fullmatch("".join(each for each in value if each not in wrong)):
        return f"Remove {', '.join(map(repr, wrong))}."
    return "Change the value so that the whole of it matches the pattern."


def _choice(bounds: Bounds, value: object) -> Requirement | None:
    if value in bounds.choices:
        return None
    choices = [str(each) for each in bounds.choices]
    near = get_close_matches(str(value).casefold(), [each.casefold() for each in choices], n=1)
    if near:
        nearest = next(each for each in choices if each.casefold() == near[0])
        fix = f"Did you mean {nearest}?"
    else:
        fix = "Choose one of these values."
    *others, last = choices
    return f"be {', '.join(others)} or {last}" if others else f"be {last}", fix


def tests_of(bounds: Bounds | None) -> tuple[tuple[str, Test], ...]:
    """Return the rules that apply to a value of the right type, each with its test."""
    if bounds is None:
        return ()
    applicable: tuple[tuple[bool, str, Test], ...] = (
        ((bounds.minimum, bounds.maximum) != (None, None), "value-out-of-range", _range),
        ((bounds.min_length, bounds.max_length) != (None, None), "value-length-wrong", _length),
        (bounds.pattern is not None, "value-pattern-mismatch", _pattern),
        (bool(bounds.choices) and not bounds.open_choices, "value-not-allowed", _choice),
        (bool(bounds.choices) and bounds.open_choices, "value-unpublished", _choice),
    )
    return tuple((rule_id, test) for applies, rule_id, test in applicable if applies)
