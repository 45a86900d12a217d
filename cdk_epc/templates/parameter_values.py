"""Possible values of parameters: those that the template contains, and any other value."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from enum import Enum
from typing import Any, Final, TypeAlias

from cdk_epc.spec.unresolved import is_list, is_mapping
from cdk_epc.templates.expressions import MAX_DEPTH, Scalar, is_scalar, to_text


class Other(Enum):
    """Value of a parameter that the template does not contain."""

    OTHER = "another value"


OTHER: Final = Other.OTHER

# A note to the reader (<name>, your-role), a variable of a template engine, or a word for "none".
_PLACEHOLDER: Final = re.compile(
    r"\s*|.*(<[^<>]+>|\{\{|\$\{).*|(none|null|nil|n/?a|tbd|todo|x{3,}|-|\.)"
    r"|.*(change|replace|fill)[-_]?(me|this|in|with).*|.*place-?holder.*|your[-_].*",
    re.IGNORECASE | re.DOTALL,
)

ParameterValues: TypeAlias = tuple[Scalar | Other, ...]
"""One or more values; the first is the default, or the best substitute for one."""


def possible_values(declaration: object, compared_texts: list[str]) -> ParameterValues:
    """Return the possible values of a parameter.

    Args:
        declaration: Declaration of the parameter.
        compared_texts: Texts with which conditions compare the parameter.
    """
    if not is_mapping(declaration):
        return (OTHER,)
    if _is_stored(declaration):  # the default is the name of the stored value
        return (*compared_texts, OTHER)
    default = declaration.get("Default")
    allowed = declaration.get("AllowedValues")
    values: list[Scalar] = [default] if is_scalar(default) else []
    if is_list(allowed) and allowed:
        known = [value for value in allowed if is_scalar(value)]
        texts = set(map(to_text, known))
        values = [*(value for value in values if to_text(value) in texts), *known]
        if len(known) == len(allowed) and not is_list_type(declaration):
            return _distinct(values) or (OTHER,)
    elif "AllowedPattern" not in declaration:
        # Whether a text matches the pattern is unknown, so a pattern excludes compared texts.
        values += (value for value in compared_texts if _is_within_bounds(declaration, value))
    return (*_distinct(values), OTHER)


def is_placeholder(declaration: object, value: Scalar) -> bool:
    """Return whether a value is a placeholder for that of the deployment: it is empty or a note.

    A value of ``AllowedValues`` is one that the template supports.
    """
    if not isinstance(value, str) or (is_mapping(declaration) and "AllowedValues" in declaration):
        return False
    items = value.split(",") if is_mapping(declaration) and is_list_type(declaration) else [value]
    return all(_PLACEHOLDER.fullmatch(item.strip()) for item in items)


def split_list(declaration: object, value: Scalar) -> Scalar | list[str]:
    """Return the items of the value of a list parameter, or the value of another one."""
    if is_mapping(declaration) and is_list_type(declaration):
        return [item.strip() for item in to_text(value).split(",")]
    return value


def is_list_type(declaration: Mapping[Any, Any]) -> bool:
    """Return whether the value of a parameter is a list, separated by commas."""
    type_ = declaration.get("Type")
    return isinstance(type_, str) and (type_ == "CommaDelimitedList" or type_.startswith("List<"))


def _is_stored(declaration: Mapping[Any, Any]) -> bool:
    """Return whether the value is stored in Systems Manager."""
    type_ = declaration.get("Type")
    return isinstance(type_, str) and type_.startswith("AWS::SSM::Parameter::Value")


def _distinct(values: list[Scalar]) -> tuple[Scalar, ...]:
    by_text: dict[str, Scalar] = {}
    for value in values:
        by_text.setdefault(to_text(value), value)
    return tuple(by_text.values())


def _is_within_bounds(declaration: Mapping[Any, Any], value: str) -> bool:
    """Return whether a text satisfies the bounds of the declaration."""
    number = _number(value)
    if declaration.get("Type") == "Number" and number is None:
        return False
    return _is_between(declaration, "Length", len(value)) and (
        number is None or _is_between(declaration, "Value", number)
    )


def _is_between(declaration: Mapping[Any, Any], bound: str, size: float) -> bool:
    minimum, maximum = (_number(declaration.get(f"{end}{bound}")) for end in ("Min", "Max"))
    return (minimum is None or minimum <= size) and (maximum is None or size <= maximum)


def _number(value: object) -> float | None:
    try:
        return float(value) if is_scalar(value) else None
    except (ValueError, OverflowError):
        return None


def compared_texts(
    sections: tuple[Mapping[str, Any], ...], parameters: Mapping[str, Any]
) -> Mapping[Hashable, list[str]]:
    """Return the texts with which each parameter is compared, in the order of the template.

    Parameters that are compared with each other share all texts of both, and the values that
    either of them declares.

    Args:
        sections: Sections of the template that contain comparisons.
        parameters: Declared parameters.
    """
    texts: dict[Hashable, list[str]] = {}
    linked: dict[Hashable, set[Hashable]] = {}
    for section in sections:
        for left, right in _comparisons(section, 0):
            for one, other in ((left, right), (right, left)):
                name = _parameter_name(one)
                if name in parameters:
                    if is_scalar(other):
                        texts.setdefault(name, []).append(to_text(other))
                    elif (other_name := _parameter_name(other)) in parameters:
                        linked.setdefault(name, set()).add(other_name)
    return {**texts, **_shared_texts(texts, linked, parameters)}


def _shared_texts(
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
                to_text(value)
                for each in group
                for value in possible_values(parameters[each], [])
                if value is not OTHER
            ]
            distinct = list(dict.fromkeys(every))
            shared |= dict.fromkeys(group, distinct)
    return shared


def _group(name: Hashable, linked: Mapping[Hashable, set[Hashable]]) -> set[Hashable]:
    """Return all parameters that are compared with a parameter, directly or through others."""
    group, remaining = {name}, [name]
    while remaining:
        for each in linked[remaining.pop()]:
            if each not in group:
                group.add(each)
                remaining.append(each)
    return group


def _parameter_name(node: object) -> str | None:
    name = node.get("Ref") if is_mapping(node) and len(node) == 1 else None
    return name if isinstance(name, str) else None


def _comparisons(node: object, depth: int) -> Iterator[tuple[Any, Any]]:
    """Yield both sides of every ``Fn::Equals``, and each comparison of ``Fn::Contains``."""
    if depth > MAX_DEPTH:
        return
    if is_mapping(node):
        for key, value in node.items():
            if is_list(value) and len(value) == 2:  # noqa: PLR2004 - both sides
                if key == "Fn::Equals":
                    yield value[0], value[1]
                elif key == "Fn::Contains" and is_list(value[0]):
                    yield from ((value[1], each) for each in value[0])
            yield from _comparisons(value, depth + 1)
    elif is_list(node):
        for item in node:
            yield from _comparisons(item, depth + 1)
