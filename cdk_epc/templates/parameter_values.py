"""What a parameter can be: the values that somebody wrote down, and one that nobody did."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from enum import Enum
from typing import Any, Final, TypeAlias

from cdk_epc.spec.unresolved import is_list, is_mapping
from cdk_epc.templates.expressions import MAX_DEPTH, Scalar, is_scalar, text


class Other(Enum):
    """The value of a parameter that nobody wrote down."""

    OTHER = "another value"


OTHER: Final = Other.OTHER

ParameterValues: TypeAlias = tuple[Scalar | Other, ...]
"""At least one value; the default, or what comes nearest to one, is the first."""


def possible_values(declared: object, compared_with: list[str]) -> ParameterValues:
    """What a parameter can be.

    Args:
        declared: Its declaration.
        compared_with: The texts that conditions compare it with.
    """
    if not is_mapping(declared):
        return (OTHER,)
    if _is_stored(declared):  # the default is the name under which the value is stored
        return (*compared_with, OTHER)
    default = declared.get("Default")
    allowed = declared.get("AllowedValues")
    values: list[Scalar] = [default] if is_scalar(default) else []
    if is_list(allowed) and allowed:
        known = [value for value in allowed if is_scalar(value)]
        values = [*(value for value in values if text(value) in set(map(text, known))), *known]
        if len(known) == len(allowed) and not is_list_type(declared):
            return _distinct(values) or (OTHER,)
    elif "AllowedPattern" not in declared:
        # Whether a text fits the pattern is left open, so it is not taken for a value.
        values += (value for value in compared_with if _fits(declared, value))
    return (*_distinct(values), OTHER)


def is_list_type(declared: Mapping[Any, Any]) -> bool:
    """Whether the value of a parameter is a list, written with commas."""
    type_ = declared.get("Type")
    return isinstance(type_, str) and (type_ == "CommaDelimitedList" or type_.startswith("List<"))


def _is_stored(declared: Mapping[Any, Any]) -> bool:
    type_ = declared.get("Type")
    return isinstance(type_, str) and type_.startswith("AWS::SSM::Parameter::Value")


def _distinct(values: list[Scalar]) -> tuple[Scalar, ...]:
    by_text: dict[str, Scalar] = {}
    for value in values:
        by_text.setdefault(text(value), value)
    return tuple(by_text.values())


def _fits(declared: Mapping[Any, Any], value: str) -> bool:
    """Whether a text can be given for the parameter at all, as far as its bounds say."""
    number = _number(value)
    if declared.get("Type") == "Number" and number is None:
        return False
    return _is_within(declared, "Length", len(value)) and (
        number is None or _is_within(declared, "Value", number)
    )


def _is_within(declared: Mapping[Any, Any], what: str, size: float) -> bool:
    least, most = (_number(declared.get(f"{which}{what}")) for which in ("Min", "Max"))
    return (least is None or least <= size) and (most is None or size <= most)


def _number(value: object) -> float | None:
    try:
        return float(value) if is_scalar(value) else None
    except (ValueError, OverflowError):
        return None


def compared_texts(
    sections: tuple[Mapping[str, Any], ...], parameters: Mapping[str, Any]
) -> Mapping[Hashable, list[str]]:
    """The texts that each parameter is compared with, in the order in which they are written.

    Parameters that are compared with each other share what either is compared with, and what
    either is by default.
    """
    texts: dict[Hashable, list[str]] = {}
    linked: dict[Hashable, set[Hashable]] = {}
    for section in sections:
        for left, right in _pairs(section, 0):
            for one, other in ((left, right), (right, left)):
                name = _parameter(one)
                if name in parameters:
                    if is_scalar(other):
                        texts.setdefault(name, []).append(text(other))
                    elif (twin := _parameter(other)) in parameters:
                        linked.setdefault(name, set()).add(twin)
    return {**texts, **_shared(texts, linked, parameters)}


def _shared(
    texts: Mapping[Hashable, list[str]],
    linked: Mapping[Hashable, set[Hashable]],
    parameters: Mapping[Any, Any],
) -> dict[Hashable, list[str]]:
    shared: dict[Hashable, list[str]] = {}
    for name in linked:
        if name not in shared:
            group = sorted(_group(name, linked), key=str)
            every = [value for each in group for value in texts.get(each, [])]
            every += [
                text(value)
                for each in group
                for value in possible_values(parameters[each], [])
                if value is not OTHER
            ]
            distinct = list(dict.fromkeys(every))
            shared |= dict.fromkeys(group, distinct)
    return shared


def _group(name: Hashable, linked: Mapping[Hashable, set[Hashable]]) -> set[Hashable]:
    group, left = {name}, [name]
    while left:
        for each in linked[left.pop()]:
            if each not in group:
                group.add(each)
                left.append(each)
    return group


def _parameter(node: object) -> str | None:
    name = node.get("Ref") if is_mapping(node) and len(node) == 1 else None
    return name if isinstance(name, str) else None


def _pairs(node: object, depth: int) -> Iterator[tuple[Any, Any]]:
    """Both sides of every ``Fn::Equals``, and a value with each that it is looked for among."""
    if depth > MAX_DEPTH:
        return
    if is_mapping(node):
        for key, value in node.items():
            if is_list(value) and len(value) == 2:  # noqa: PLR2004 - both sides
                if key == "Fn::Equals":
                    yield value[0], value[1]
                elif key == "Fn::Contains" and is_list(value[0]):
                    yield from ((value[1], each) for each in value[0])
            yield from _pairs(value, depth + 1)
    elif is_list(node):
        for item in node:
            yield from _pairs(item, depth + 1)
