"""Requirements of the bounds of a member: range, length, pattern and choices."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from cdk_epc.catalog import instances
from cdk_epc.spec.fields import Bounds, TextPattern
from cdk_epc.spec.similarity import get_close_matches

# A value of a template engine, an environment variable, or a note to the reader. The classes
# exclude the opening characters, so that the time is linear for a text of 500,000 "${".
_PLACEHOLDER: Final = re.compile(r"\{\{[^{}]*\}\}|\$\{[^${}]*\}|<[^<>]+>")
_SIMILAR: Final = 0.6
"""Similarity of a published value that a fix may suggest."""
_MISSPELT: Final = 0.75
"""Similarity of a misspelt value; KV_AWARE and PREFIX_AWARE, two published values, have 0.56."""
_WORD: Final = re.compile(r"[A-Za-z].*", re.DOTALL)
"""Form of each published choice: AWS adds no empty text and no number."""

MIN_INTEGER: Final = -(2**31)
MAX_INTEGER: Final = 2**31 - 1
_EXACT_IN_DOUBLE: Final = 2**53
"""Whole number up to which a double holds every whole number."""

Requirement: TypeAlias = tuple[str, str]
"""Requirement as it reads after "must", and the fix."""
Test: TypeAlias = Callable[[Bounds, Any], Requirement | None]
"""Function from bounds and a value to the violated requirement."""


def _range(bounds: Bounds, value: float) -> Requirement | None:
    low, high = bounds.minimum, bounds.maximum
    if (low is None or value >= low) and (high is None or value <= high):
        return _precision(bounds, value)
    if high is None:
        return f"be {low} or more", f"Raise it to {low} or more."
    return f"be from {low} to {high}", f"Choose a value from {low} to {high}."


def _precision(bounds: Bounds, value: float) -> Requirement | None:
    """Return the requirement of a number that its carriers round or drop on the way to AWS."""
    if bounds.kind is int and not MIN_INTEGER <= value <= MAX_INTEGER:
        limit = f"at most {MAX_INTEGER}" if value > 0 else f"at least {MIN_INTEGER}"
        return f"be {limit}, because integers of the API have 32 bits", "Choose another number."
    if isinstance(value, int) and not _is_exact_in_double(value):
        fix = "Choose another number, or write it with a fraction or an exponent."
        return "be a number that a double holds, because JSON in Node changes other numbers", fix
    return None


def _is_exact_in_double(value: int) -> bool:
    try:
        return int(float(value)) == value
    except OverflowError:
        return False


def _length(bounds: Bounds, value: str) -> Requirement | None:
    low, high = bounds.min_length or 0, bounds.max_length
    if len(value) < low:
        fix = "Lengthen it." if value else "Give a value, or remove the member."
    elif high is not None and len(value) > high:
        fix = f"Shorten it; it has {len(value)} characters."
    else:
        return None
    if high is None:
        return f"have {low} or more characters", fix
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


def _pattern_fix(pattern: TextPattern, value: str) -> str:
    """Return a fix that names the wrong characters, where removing them suffices."""
    wrong = [each for each in dict.fromkeys(value) if not (each.isascii() and each.isalnum())]
    wrong = [each for each in wrong if each != "-"]
    if wrong and pattern.fullmatch("".join(each for each in value if each not in wrong)):
        return f"Remove {', '.join(map(repr, wrong))}."
    return "Change the value so that the whole of it matches the pattern."


def _choice(bounds: Bounds, value: object) -> Requirement | None:
    """Return the requirement of a list to which AWS does not add, or of a wrong choice."""
    if value in bounds.choices:
        return None
    nearest = _nearest(bounds, value, _SIMILAR if bounds.closed_choices else _MISSPELT)
    if nearest is None and not bounds.closed_choices and _WORD.fullmatch(str(value)):
        return None
    fix = "Choose one of these values." if nearest is None else f"Did you mean {nearest}?"
    return f"be {_listed(bounds)}", fix


def _new_choice(bounds: Bounds, value: object) -> Requirement | None:
    """Return the requirement of a list to which AWS may have added the value."""
    if value in bounds.choices:
        return None
    nearest = _nearest(bounds, value, _SIMILAR if bounds.open_choices else _MISSPELT)
    is_wrong = nearest is not None or not _WORD.fullmatch(str(value))
    if is_wrong and not bounds.open_choices:
        return None  # an error
    question = "" if nearest is None else f"Did you mean {nearest}? "
    return (
        f"be {_listed(bounds)}, the values that AWS had published in {instances.edition()}",
        f"{question}If AWS has added the value since then, acknowledge value-unpublished.",
    )


def _nearest(bounds: Bounds, value: object, cutoff: float) -> str | None:
    """Return the published value of which a value may be a misspelling."""
    choices = {_folded(each): str(each) for each in bounds.choices}
    near = get_close_matches(_folded(value), choices, n=1, cutoff=cutoff)
    return choices[near[0]] if near else None


def _folded(value: object) -> str:
    return re.sub(r"[-_ ]", "", str(value).casefold())


def _listed(bounds: Bounds) -> str:
    *others, last = map(str, bounds.choices)
    return f"{', '.join(others)} or {last}" if others else last


def tests_of(bounds: Bounds | None) -> tuple[tuple[str, Test], ...]:
    """Return the rules that apply to a value of the right type, each with its test."""
    if bounds is None:
        return ()
    applicable: tuple[tuple[bool, str, Test], ...] = (
        (bounds.kind in {int, float}, "value-out-of-range", _range),
        ((bounds.min_length, bounds.max_length) != (None, None), "value-length-wrong", _length),
        (bounds.pattern is not None, "value-pattern-mismatch", _pattern),
        (bool(bounds.choices) and not bounds.open_choices, "value-not-allowed", _choice),
        (bool(bounds.choices) and not bounds.closed_choices, "value-unpublished", _new_choice),
    )
    return tuple((rule_id, test) for applies, rule_id, test in applicable if applies)


def validity_of(bounds: Bounds) -> Callable[[Any], bool]:
    """Return a function that is true only for a value of the right type that passes all tests.

    It may be false for other valid values, such as a member of an enum. Nearly all values are
    valid, and this is several times faster than the tests, which compose messages.
    """
    kind, choices = bounds.kind, bounds.choices
    if choices:
        tests = tests_of(bounds)
        valid = {each for each in choices if not any(test(bounds, each) for _, test in tests)}
        return lambda value: type(value) is kind and value in valid
    if kind is str:
        return _text_validity(bounds)
    if kind is bool:
        return lambda value: type(value) is bool
    return _number_validity(bounds)


def _number_validity(bounds: Bounds) -> Callable[[Any], bool]:
    types = {bounds.kind, int}
    lowest, highest = -_EXACT_IN_DOUBLE, _EXACT_IN_DOUBLE
    if bounds.kind is int:
        lowest, highest = MIN_INTEGER, MAX_INTEGER
    low = lowest if bounds.minimum is None else max(bounds.minimum, lowest)
    high = highest if bounds.maximum is None else min(bounds.maximum, highest)
    return lambda value: type(value) in types and low <= value <= high


def _text_validity(bounds: Bounds) -> Callable[[Any], bool]:
    low, high = bounds.min_length or 0, bounds.max_length or math.inf
    if bounds.pattern is None:
        return lambda value: type(value) is str and low <= len(value) <= high
    match = bounds.pattern.fullmatch
    return lambda value: (
        type(value) is str and low <= len(value) <= high and match(value) is not None
    )
