"""The bounds of single values: what the members' own declarations say, applied.

Each rule walks the spec once. Which members a rule has to look at is worked out once for each spec
class, so a walk costs no more than it must.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, TypeAlias

from cdk_epc.rules.rule import Fault, Rule, Severity, Words
from cdk_epc.spec import EndpointConfigSpec, Path, Spec
from cdk_epc.spec.member import Bounds, Member, members_of
from cdk_epc.spec.unknown import is_unknown, items_of

_URL: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html"
)
_ARTICLES: Final = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}

Select: TypeAlias = Callable[[Member], bool]
"""Whether a rule has anything to say of a member."""
Test: TypeAlias = Callable[[Member, Any], tuple[str, str] | None]
"""From a member and one value of it to what is allowed and what to do, if the value breaks it."""


def _is_of(kind: type, value: object) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, kind)


def _type(member: Member, value: Any) -> tuple[str, str] | None:  # noqa: ANN401
    if member.part is not None:
        if isinstance(value, member.part):
            return None
        return f"an object of {member.part.__name__}", "Give an object with the members of its shape."
    if member.bounds is None or _is_of(member.bounds.kind, value):
        return None
    expected = _ARTICLES[member.bounds.kind]
    return expected, f"Give {expected}, not {type(value).__name__}."


def _range(member: Member, value: Any) -> tuple[str, str] | None:  # noqa: ANN401
    low, high = _bounds(member).minimum, _bounds(member).maximum
    if (low is None or value >= low) and (high is None or value <= high):
        return None
    if high is None:
        return f"{low} or more", f"Raise it to {low} or more."
    return f"{low} to {high}", f"Give a value from {low} to {high}."


def _length(member: Member, value: Any) -> tuple[str, str] | None:  # noqa: ANN401
    low, high = _bounds(member).min_length or 0, _bounds(member).max_length or math.inf
    if low <= len(value) <= high:
        return None
    return f"{low} to {high} characters", f"It has {len(value)}; " + (
        "shorten it." if len(value) > high else "lengthen it."
    )


def _pattern(member: Member, value: Any) -> tuple[str, str] | None:  # noqa: ANN401
    pattern = _bounds(member).pattern
    if pattern is None or pattern.fullmatch(value):
        return None
    return f"text that matches {pattern.pattern}", "Take out the characters that do not fit."


def _choice(member: Member, value: Any) -> tuple[str, str] | None:  # noqa: ANN401
    choices = _bounds(member).choices
    if value in choices:
        return None
    return "one of " + ", ".join(map(str, choices)), "Take one of these values."


def _bounds(member: Member) -> Bounds:
    if member.bounds is None:
        raise AssertionError(member.name)  # the selections below only let bounded members through
    return member.bounds


def _type_fits(member: Member, value: object) -> bool:
    return not is_unknown(value) and _type(member, value) is None


_SELECTED: Final[dict[tuple[Select, type[Spec]], tuple[tuple[Member, bool], ...]]] = {}


def _selected(select: Select, cls: type[Spec]) -> tuple[tuple[Member, bool], ...]:
    """The members to look at or into, each with whether it is itself to be tested."""
    if (select, cls) not in _SELECTED:
        _SELECTED[select, cls] = tuple(
            (member, selected)
            for member in members_of(cls)
            if (selected := select(member)) or member.part is not None
        )
    return _SELECTED[select, cls]


def _walk(
    select: Select, spec: Spec, path: Path
) -> Iterator[tuple[Path, Member, Any]]:
    for member, selected in _selected(select, type(spec)):
        value = getattr(spec, member.name)
        if value is None and not member.required:
            continue
        place = (*path, member.name)
        if selected:
            yield place, member, value
        if member.part is not None:
            if isinstance(value, Spec):
                yield from _walk(select, value, place)
            for index, item in enumerate(items_of(value)):
                if isinstance(item, Spec):
                    yield from _walk(select, item, (*place, index))


def _each(place: Path, member: Member, value: object) -> Iterator[tuple[Path, Any]]:
    """A value, or each item of a list."""
    if member.is_list:
        yield from (((*place, index), item) for index, item in enumerate(items_of(value)))
    elif value is not None:
        yield place, value


def _values(
    select: Select, test: Test, spec: EndpointConfigSpec
) -> Iterator[Fault]:
    for place, member, value in _walk(select, spec, ()):
        for where, one in _each(place, member, value):
            if _type_fits(member, one) and (breach := test(member, one)):
                yield Fault(path=where, got=one, allowed=breach[0], fix=breach[1])


def _types(spec: EndpointConfigSpec) -> Iterator[Fault]:
    for place, member, value in _walk(_is_any, spec, ()):
        if value is None or is_unknown(value):
            continue
        if member.is_list and not isinstance(value, list | tuple):
            yield Fault(path=place, got=value, allowed="a list", fix="Put it into a list.")
            continue
        for where, one in _each(place, member, value):
            if not is_unknown(one) and (breach := _type(member, one)):
                yield Fault(path=where, got=one, allowed=breach[0], fix=breach[1])


def _is_any(_: Member) -> bool:
    return True


def _required(spec: EndpointConfigSpec) -> Iterator[Fault]:
    for place, member, value in _walk(_is_required, spec, ()):
        # An empty configuration may still be given variants, so that is a rule of its own.
        if value is None and place != ("production_variants",):
            yield Fault(
                path=place, got=None, allowed="a value, it is required", fix=f"Give {member.wire}."
            )


def _is_required(member: Member) -> bool:
    return member.required


def _items(spec: EndpointConfigSpec) -> Iterator[Fault]:
    for place, member, value in _walk(_is_list, spec, ()):
        if not isinstance(value, list | tuple) or is_unknown(value):
            continue
        low, high = member.min_items or 0, member.max_items or math.inf
        if place == ("production_variants",):
            low = 0
        if not low <= len(value) <= high:
            yield Fault(
                path=place,
                got=Words(f"{len(value)} items"),
                allowed=f"{low} to {high} items",
                fix="Take some out." if len(value) > high else "Put one in, or leave it out.",
            )


def _is_list(member: Member) -> bool:
    return member.is_list


def _no_variants(spec: EndpointConfigSpec) -> Iterator[Fault]:
    if spec.production_variants in (None, ()):
        yield Fault(
            path=("production_variants",),
            got=None,
            allowed="1 to 10 variants",
            fix="Add a variant, for example with add_instance_variant.",
        )


def _has(*names: str) -> Select:
    def selects(member: Member) -> bool:
        return member.bounds is not None and any(
            getattr(member.bounds, name) not in {None, ()} for name in names
        )

    return selects


def _is_closed_choice(member: Member) -> bool:
    return bool(member.bounds and member.bounds.choices and not member.bounds.open_choices)


def _is_open_choice(member: Member) -> bool:
    return bool(member.bounds and member.bounds.choices and member.bounds.open_choices)


RULES: Final = (
    Rule(
        id="production-variants-required",
        title="A configuration has at least one production variant",
        why="An endpoint without a variant has nothing to send a request to.",
        source_url=_URL,
        check=_no_variants,
        facts=("SCH.ProductionVariants.required",),
    ),
    Rule(
        id="value-required",
        title="A member that its parent cannot do without is given",
        why="SageMaker refuses the request, although CloudFormation's schema may not.",
        source_url=_URL,
        check=_required,
        settled=True,
        facts=("RTE.STRATEGY_REQUIRED",),
    ),
    Rule(
        id="value-type",
        title="A value has the type that the API declares",
        why="SageMaker cannot read the request.",
        source_url=_URL,
        check=_types,
        settled=True,
    ),
    Rule(
        id="value-range",
        title="A number lies within its published range",
        why="SageMaker refuses the request.",
        source_url=_URL,
        check=partial(_values, _has("minimum", "maximum"), _range),
        settled=True,
    ),
    Rule(
        id="value-length",
        title="A text has a published length",
        why="SageMaker refuses the request.",
        source_url=_URL,
        check=partial(_values, _has("min_length", "max_length"), _length),
        settled=True,
    ),
    Rule(
        id="value-pattern",
        title="A text matches its published pattern, whole",
        why="SageMaker refuses the request.",
        source_url=_URL,
        check=partial(_values, _has("pattern"), _pattern),
        settled=True,
    ),
    Rule(
        id="value-choice",
        title="A value is one of the published ones",
        why="SageMaker refuses the request.",
        source_url=_URL,
        check=partial(_values, _is_closed_choice, _choice),
        settled=True,
        facts=("MET.FREQ",),
    ),
    Rule(
        id="value-unpublished",
        title="A value of a growing list is one of those published so far",
        why="It may be newer than this library, or mistyped; SageMaker refuses the latter.",
        source_url=_URL,
        check=partial(_values, _is_open_choice, _choice),
        severity=Severity.WARNING,
        settled=True,
    ),
    Rule(
        id="list-length",
        title="A list has a published number of items",
        why="SageMaker refuses the request.",
        source_url=_URL,
        check=_items,
        settled=True,
    ),
)
