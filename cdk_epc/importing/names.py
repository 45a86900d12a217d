"""Names in generated code: variables, classes, construct ids and logical ids."""

from __future__ import annotations

import builtins
import hashlib
import keyword
import re
from collections.abc import Sequence
from typing import Final

_RESERVED: Final = frozenset(
    {
        *keyword.kwlist,
        *keyword.softkwlist,
        *dir(builtins),
        *("self", "cdk", "scope", "construct_id", "kwargs", "app", "l1", "cloudwatch"),
    }
)
_HASH: Final = re.compile(r"(?<=[a-z0-9])(?=[A-F]*[0-9])[0-9A-F]{8}$")
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+")
_LOGICAL_ID: Final = re.compile(r"[A-Za-z0-9]{1,255}")
_MAX_HUMAN: Final = 240
_MAX_WORDS: Final = 40
_DEFAULT: Final = "Default"
_RESOURCE: Final = "Resource"


def is_logical_id(text: object) -> bool:
    """Return whether CloudFormation accepts a text as a logical id."""
    return isinstance(text, str) and _LOGICAL_ID.fullmatch(text) is not None


def without_hash(logical_id: str) -> str:
    """Return a logical id without the hash that CDK appends to it."""
    return _HASH.sub("", logical_id) or logical_id


def snake_case(text: str) -> str:
    """Return a text as the name of a variable."""
    words = _WORD.findall(re.sub(r"[^A-Za-z0-9]", "_", text))
    name = "_".join(words).lower()[:_MAX_WORDS].strip("_")
    if not name or name[0].isdigit():
        name = f"resource_{name}".strip("_")
    return f"{name}_" if name in _RESERVED else name


def pascal_case(text: str, default: str) -> str:
    """Return a text as the name of a class or as a logical id."""
    words = _WORD.findall(re.sub(r"[^A-Za-z0-9]", "_", text))
    name = "".join(f"{each[0].upper()}{each[1:]}" for each in words)[:_MAX_WORDS]
    if not name or name[0].isdigit():
        name = f"{default}{name}"
    return f"{name}{default}" if keyword.iskeyword(name) or name in _RESERVED else name


class UniqueNames:
    """Names that are given once each."""

    def __init__(self) -> None:
        """Create an empty set of names."""
        self._used: set[str] = set()

    def new(self, name: str, separator: str = "_") -> str:
        """Return the name, with a number if it was given before."""
        candidate, number = name, 1
        while candidate in self._used:
            number += 1
            candidate = f"{name}{separator}{number}"
        self._used.add(candidate)
        return candidate


def logical_id_of(path: Sequence[str]) -> str:
    """Return the logical id that CDK makes from the path of a construct in its stack."""
    steps = [each for each in path if each != _DEFAULT]
    if len(steps) == 1:
        return re.sub(r"[^A-Za-z0-9]", "", steps[0])
    digest = hashlib.md5(
        "/".join(steps).encode("utf-8", "surrogatepass"), usedforsecurity=False
    ).hexdigest()
    human: list[str] = []
    for step in steps:
        if not (human and human[-1].endswith(step)):
            human.append(step)
    shown = "".join(each for each in human if each != _RESOURCE)
    text = re.sub(r"[^A-Za-z0-9]", "", shown)[:_MAX_HUMAN]
    return f"{text}{digest[:8].upper()}"
