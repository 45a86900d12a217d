"""How a member of a configuration is declared: its AWS name and its bounds, once.

Each field of a spec class carries a `Member`. The wire mapping, the bounds rules, the L1 rendering
and the drift test all read the same declaration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, ClassVar, Final, TypeAlias, cast

import attrs

_KEY: Final = "cdk_epc"


@attrs.frozen
class Bounds:
    """What AWS's published models say of one value, whatever surrounds it.

    Attributes:
        kind: The Python type of the value: ``str``, ``int``, ``float`` or ``bool``.
        minimum: Least number.
        maximum: Greatest number.
        min_length: Least number of characters.
        max_length: Greatest number of characters.
        pattern: Regular expression that the whole text matches.
        choices: The values that AWS publishes.
        open_choices: AWS adds choices all the time, so a value outside them is not an error.
    """

    kind: type
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: re.Pattern[str] | None = None
    choices: tuple[str | int, ...] = ()
    open_choices: bool = False


@attrs.frozen
class Member:
    """One member of an API shape.

    Attributes:
        name: The Python name, which is also that of the L1's keyword argument.
        wire: AWS's name.
        required: Whether its parent cannot do without it.
        part: The spec class of a nested object (or of each item of a list of objects).
        bounds: The bounds of a plain value (or of each item of a list of plain values).
        is_list: Whether it is a list.
        key: The bounds of the keys of a map, whose keys are free; ``bounds`` are those of each
            value, and the most entries are ``max_items``.
        min_items: Least number of items of a list.
        max_items: Greatest number of items of a list.
        api_only: What to do instead, where the API has the member and CloudFormation lacks it.
    """

    name: str
    wire: str
    required: bool = False
    part: type[Spec] | None = None
    bounds: Bounds | None = None
    is_list: bool = False
    key: Bounds | None = None
    min_items: int | None = None
    max_items: int | None = None
    api_only: str | None = None


def given_in(value: Any) -> str:  # noqa: ANN401 - any attrs value
    """A value with what was given in it, for people.

    One function for all classes: attrs would write one for each, which is a tenth of what importing
    them costs.
    """
    fields = ((each.name, getattr(value, each.name)) for each in attrs.fields(value.__class__))
    given = ", ".join(f"{name}={what!r}" for name, what in fields if what is not None)
    return f"{type(value).__name__}({given})"


class Spec:
    """Base of every spec class: frozen, keyword-only values, ``None`` where nothing was given."""

    __slots__ = ()

    REMOVED: ClassVar[Mapping[str, str]] = {}
    """Members that the API still lists and no longer supports, with what to do about each."""
    IS_PART: ClassVar[bool] = False
    """Whether only some members are declared, and the others are nobody's business here."""
    READ_ONLY: ClassVar[frozenset[str]] = frozenset()
    """Members that CloudFormation's schema lists and nobody can set: descriptions have them."""

    def __repr__(self) -> str:
        """It with the members that were given."""
        return given_in(self)


def pascal(name: str) -> str:
    """AWS's usual spelling of a Python name: ``volume_size`` to ``VolumeSize``."""
    return "".join(word[0].upper() + word[1:] for word in name.split("_"))


def camel(name: str) -> str:
    """CDK's spelling of a Python name: ``max_payload_in_mb`` to ``maxPayloadInMb``."""
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


_MEMBERS: Final[dict[type[Spec], tuple[Member, ...]]] = {}


def members_of(spec: type[Spec]) -> tuple[Member, ...]:
    """The members of a spec class, in the order of AWS's documentation."""
    if spec not in _MEMBERS:
        _MEMBERS[spec] = tuple(_members(spec))
    return _MEMBERS[spec]


def _members(spec: type[Spec]) -> Iterator[Member]:
    for field in attrs.fields(cast("Any", spec)):  # each is an attrs class
        declared: dict[str, Any] = dict(field.metadata[_KEY])
        wire = declared.pop("wire") or pascal(field.name)
        yield Member(name=field.name, wire=wire, **declared)


Declaration: TypeAlias = dict[str, Mapping[str, Any]]
"""The metadata of a field: what there is to say about its member."""


def _declared(**declared: Any) -> Declaration:  # noqa: ANN401 - the attributes of `Member`
    declared.setdefault("wire", None)
    return {_KEY: declared}


def text(  # noqa: PLR0913 - what there is to say of a string, each of it named
    *,
    min_length: int | None = 1,
    max_length: int | None,
    pattern: str | None = None,
    required: bool = False,
    wire: str | None = None,
    api_only: str | None = None,
) -> Declaration:
    """A string member. The service matches the whole text, ASCII classes only."""
    bounds = _of_text(min_length, max_length, pattern)
    return _declared(bounds=bounds, required=required, wire=wire, api_only=api_only)


def _of_text(min_length: int | None, max_length: int | None, pattern: str | None) -> Bounds:
    compiled = re.compile(pattern, re.ASCII) if pattern else None
    return Bounds(str, min_length=min_length, max_length=max_length, pattern=compiled)


def text_map(
    *, max_items: int, max_length: int, key_pattern: str, pattern: str | None = None
) -> Declaration:
    """A map of strings with free keys; the greatest length is that of each key and each value."""
    return _declared(
        bounds=_of_text(None, max_length, pattern),
        key=_of_text(1, max_length, key_pattern),
        max_items=max_items,
    )


def choice(
    values: type[StrEnum],
    *,
    required: bool = False,
    open_choices: bool = False,
) -> Declaration:
    """A string member with published values; ``open_choices`` where AWS keeps adding some."""
    bounds = Bounds(str, choices=tuple(value.value for value in values), open_choices=open_choices)
    return _declared(bounds=bounds, required=required)


def whole(
    minimum: int | None = None,
    maximum: int | None = None,
    *,
    choices: tuple[int, ...] = (),
    required: bool = False,
    wire: str | None = None,
) -> Declaration:
    """An integer member; both bounds are inclusive."""
    bounds = Bounds(int, minimum=minimum, maximum=maximum, choices=choices)
    return _declared(bounds=bounds, required=required, wire=wire)


def number(
    minimum: float | None = None, maximum: float | None = None, *, required: bool = False
) -> Declaration:
    """A member that may have a fraction; both bounds are inclusive."""
    return _declared(bounds=Bounds(float, minimum=minimum, maximum=maximum), required=required)


def flag(*, required: bool = False, wire: str | None = None) -> Declaration:
    """A boolean member."""
    return _declared(bounds=Bounds(bool), required=required, wire=wire)


def part(of: type[Spec], *, required: bool = False, api_only: str | None = None) -> Declaration:
    """A nested object."""
    return _declared(part=of, required=required, api_only=api_only)


def parts(
    of: type[Spec],
    *,
    min_items: int,
    max_items: int,
    required: bool = False,
    api_only: str | None = None,
) -> Declaration:
    """A list of nested objects."""
    return _declared(
        part=of,
        is_list=True,
        min_items=min_items,
        max_items=max_items,
        required=required,
        api_only=api_only,
    )


def texts(  # noqa: PLR0913 - a list has bounds, and so have its items
    *,
    min_items: int,
    max_items: int,
    max_length: int | None = None,
    pattern: str | None = None,
    choices: type[StrEnum] | None = None,
    required: bool = False,
) -> Declaration:
    """A list of strings; the bounds are those of each."""
    bounds = Bounds(
        str,
        min_length=None if choices else 1,
        max_length=max_length,
        pattern=re.compile(pattern, re.ASCII) if pattern else None,
        choices=tuple(value.value for value in choices) if choices else (),
    )
    return _declared(
        bounds=bounds, is_list=True, min_items=min_items, max_items=max_items, required=required
    )


Path: TypeAlias = tuple[str | int, ...]
"""Python names and list indices from the root: ``("production_variants", 0, "model_name")``."""


class AsWritten(str):
    """A step that no spec class declares, such as a mistyped member of a request."""

    __slots__ = ()


def aws_steps(path: Path, root: type[Spec]) -> Path:
    """The same path with AWS's names: ``("ProductionVariants", 0, "ModelName")``.

    Steps that no spec class declares are kept as they were written.
    """
    steps: list[str | int] = []
    here: type[Spec] | None = root
    for step in path:
        if isinstance(step, int):
            steps.append(step)
            continue
        declared = members_of(here) if here and not isinstance(step, AsWritten) else ()
        member = next((member for member in declared if member.name == step), None)
        steps.append(member.wire if member else str(step))
        here = member.part if member else None
    return tuple(steps)


def in_aws_words(path: Path, root: type[Spec]) -> str:
    """``ProductionVariants[0].ModelName``, for a path from ``root``."""
    words = ""
    for step in aws_steps(path, root):
        if isinstance(step, int):
            words += f"[{step}]"
        else:
            words += f".{step}" if words else step
    return words
