"""Declaration of the members of an API shape: AWS's name and the bounds of each value.

Each field of a spec class carries a `Member`. The wire mapping, the rules on single fields, the L1
rendering and the drift test all read this one declaration.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from itertools import compress, repeat
from operator import attrgetter, is_not
from typing import Any, ClassVar, Final, TypeAlias, TypeVar, cast

import attrs

from cdk_epc._records import Record
from cdk_epc.spec.kept import kept_in_spec

_KEY: Final = "cdk_epc"

S = TypeVar("S", bound="Spec")
T = TypeVar("T")


@attrs.frozen(slots=False, eq=False, repr=False)  # for the cached property
class TextPattern(Record):
    """Regular expression of ASCII classes, compiled at its first use.

    Attributes:
        pattern: Text of the expression.
    """

    pattern: str

    @cached_property
    def fullmatch(self) -> Callable[[str], re.Match[str] | None]:
        """Function that matches a whole text; ``None`` if it does not match."""
        return re.compile(self.pattern, re.ASCII).fullmatch


@attrs.frozen(eq=False, repr=False)
class Bounds(Record):
    """Bounds of one value, as AWS's published models give them.

    Attributes:
        kind: Python type of the value: ``str``, ``int``, ``float`` or ``bool``.
        minimum: Minimum of a number, inclusive.
        maximum: Maximum of a number, inclusive.
        min_length: Minimum number of characters.
        max_length: Maximum number of characters.
        pattern: Regular expression that must match the whole string.
        choices: Published values.
        open_choices: Whether new choices are similar to the published ones, as versions are, so
            that another value is only a warning.
        closed_choices: Whether AWS will not add choices, so that every other value is an error.
            By default a similar value is an error, as a misspelling, and any other a warning.
    """

    kind: type
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: TextPattern | None = None
    choices: tuple[str | int, ...] = ()
    open_choices: bool = False
    closed_choices: bool = False


@attrs.frozen(eq=False, repr=False)
class Member(Record):
    """One member of an API shape.

    Attributes:
        name: Python name, which is also the keyword argument of CDK's L1 construct.
        wire: AWS's name.
        required: Whether the API requires the member wherever its parent is given.
        nested: Spec class of a nested object, or of each item of a list of objects.
        bounds: Bounds of a plain value, or of each item of a list of plain values.
        is_list: Whether the member is a list.
        key: Bounds of the keys of a map with free keys; ``bounds`` then applies to each value and
            ``max_items`` to the number of entries.
        min_items: Minimum number of items of a list.
        max_items: Maximum number of items of a list.
        api_only: Advice for a member that the API has and CloudFormation lacks; ``None`` for a
            member that both have.
    """

    name: str
    wire: str
    required: bool = False
    nested: type[Spec] | None = None
    bounds: Bounds | None = None
    is_list: bool = False
    key: Bounds | None = None
    min_items: int | None = None
    max_items: int | None = None
    api_only: str | None = None


def given_repr(value: Any) -> str:  # noqa: ANN401 - any attrs value
    """Return the repr of an attrs value with only the fields that are not ``None``.

    All spec classes share this function, because the ``__repr__`` that attrs would generate for
    each class takes a tenth of the import time of these classes.
    """
    fields = ((each.name, getattr(value, each.name)) for each in attrs.fields(value.__class__))
    given = ", ".join(f"{name}={item!r}" for name, item in fields if item is not None)
    return f"{type(value).__name__}({given})"


class Spec:
    """Base of the spec classes: frozen, keyword-only values; ``None`` for a missing member."""

    __slots__ = ("_facts",)  # results of the functions with `kept_in_spec`

    REMOVED: ClassVar[Mapping[str, str]] = {}
    """Members that the API still lists and no longer supports, with the advice for each."""
    IS_PARTIAL: ClassVar[bool] = False
    """Whether the class declares only some members of the shape and ignores the others."""
    READ_ONLY: ClassVar[frozenset[str]] = frozenset()
    """Members of CloudFormation's schema that only AWS sets; descriptions contain them."""

    def __repr__(self) -> str:
        """Return the class and the members that are given."""
        return given_repr(self)

    # All spec classes share these methods, because those that attrs would generate for each class
    # take a fourth of the import time of these classes.
    def __eq__(self, other: object) -> bool:
        """Return whether the other is a spec of the same class with equal members."""
        if not isinstance(other, Spec) or other.__class__ is not self.__class__:
            return NotImplemented
        return values_of(self) == values_of(other)

    def __hash__(self) -> int:
        """Return a hash of the class and the members."""
        return hash((self.__class__, values_of(self)))


def pascal(name: str) -> str:
    """Return AWS's usual spelling of a Python name: ``volume_size`` to ``VolumeSize``."""
    return "".join(word[0].upper() + word[1:] for word in name.split("_"))


def camel(name: str) -> str:
    """Return CDK's spelling of a Python name: ``max_payload_in_mb`` to ``maxPayloadInMb``."""
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


_MEMBERS: Final[dict[type[Spec], tuple[Member, ...]]] = {}


def members_of(spec: type[Spec]) -> tuple[Member, ...]:
    """Return the members of a spec class, in the order of AWS's documentation."""
    if spec not in _MEMBERS:
        _MEMBERS[spec] = tuple(_members(spec))
    return _MEMBERS[spec]


@attrs.frozen(eq=False, repr=False)
class _Layout(Record):
    """Names of the members of a spec class, and how their values are read.

    Attributes:
        names: Python names.
        values: Function from a spec to all its values.
        nested: Whether each member holds specs.
    """

    names: tuple[str, ...]
    values: Callable[[object], tuple[Any, ...]]
    nested: tuple[bool, ...]


def getter_of(names: Sequence[str]) -> Callable[[object], tuple[Any, ...]]:
    """Return a function from an object to the values of its attributes with these names."""
    # One attrgetter for several names is many times faster than one getattr for each.
    if len(names) > 1:
        return attrgetter(*names)
    return lambda given: tuple(getattr(given, name) for name in names)


_LAYOUTS: Final[dict[type[Spec], _Layout]] = {}


def _layout_of(cls: type[Spec]) -> _Layout:
    if cls not in _LAYOUTS:
        members = members_of(cls)
        names = tuple(member.name for member in members)
        _LAYOUTS[cls] = _Layout(
            names,
            getter_of(names),
            tuple(member.nested is not None for member in members),
        )
    return _LAYOUTS[cls]


def values_of(spec: Spec) -> tuple[Any, ...]:
    """Return the values of all members, in the order of `members_of`."""
    return _layout_of(type(spec)).values(spec)


def with_members(spec: S, changes: Mapping[str, Any]) -> S:
    """Return a spec with other values of some members, several times faster than `attrs.evolve`."""
    layout = _layout_of(type(spec))
    members = dict(zip(layout.names, layout.values(spec), strict=True))
    return type(spec)(**{**members, **changes})


@kept_in_spec
def names_given_in(spec: Spec) -> frozenset[str]:
    """Return the Python names of the members that are given in a spec and the objects in it."""
    names: set[str] = set()
    _add_names(spec, names)
    return frozenset(names)


_NONE: Final = repeat(None)


def given_of(items: Iterable[T], values: tuple[Any, ...]) -> Iterator[T]:
    """Return the items whose value, at the same place, is not ``None``.

    Most members of a spec are not given, and these functions skip them faster than a loop does.
    """
    return compress(items, map(is_not, values, _NONE))


_TUPLE: Final[type[Any]] = tuple


def _add_names(spec: Spec, names: set[str]) -> None:
    layout = _layout_of(type(spec))
    values = layout.values(spec)
    names.update(given_of(layout.names, values))
    for value in filter(None, compress(values, layout.nested)):
        for item in value if type(value) is _TUPLE else (value,):
            if isinstance(item, Spec):
                _add_names(item, names)


def _members(spec: type[Spec]) -> Iterator[Member]:
    for field in attrs.fields(cast("Any", spec)):  # every spec class is an attrs class
        declared: dict[str, Any] = dict(field.metadata[_KEY])
        wire = declared.pop("wire") or pascal(field.name)
        yield Member(name=field.name, wire=wire, **declared)


Declaration: TypeAlias = dict[str, Mapping[str, Any]]
"""Metadata of an attrs field, from which its `Member` is built."""


def _declared(**declared: Any) -> Declaration:  # noqa: ANN401 - the attributes of `Member`
    declared.setdefault("wire", None)
    return {_KEY: declared}


def string(  # noqa: PLR0913 - the attributes of a string member
    *,
    min_length: int | None = 1,
    max_length: int | None,
    pattern: str | None = None,
    required: bool = False,
    wire: str | None = None,
    api_only: str | None = None,
) -> Declaration:
    """Declare a string. The pattern must match the whole string, with ASCII classes."""
    bounds = _string_bounds(min_length, max_length, pattern)
    return _declared(bounds=bounds, required=required, wire=wire, api_only=api_only)


def _string_bounds(min_length: int | None, max_length: int | None, pattern: str | None) -> Bounds:
    expression = TextPattern(pattern) if pattern else None
    return Bounds(str, min_length=min_length, max_length=max_length, pattern=expression)


def string_map(
    *, max_items: int, max_length: int, key_pattern: str, pattern: str | None = None
) -> Declaration:
    """Declare a map of strings with free keys; keys and values have the same maximum length."""
    return _declared(
        bounds=_string_bounds(None, max_length, pattern),
        key=_string_bounds(1, max_length, key_pattern),
        max_items=max_items,
    )


def choice(
    values: type[StrEnum],
    *,
    required: bool = False,
    open_choices: bool = False,
    closed_choices: bool = False,
) -> Declaration:
    """Declare a string with published values; see `Bounds` for lists that grow or do not."""
    bounds = Bounds(
        str,
        choices=tuple(value.value for value in values),
        open_choices=open_choices,
        closed_choices=closed_choices,
    )
    return _declared(bounds=bounds, required=required)


def integer(
    minimum: int | None = None,
    maximum: int | None = None,
    *,
    choices: tuple[int, ...] = (),
    required: bool = False,
    wire: str | None = None,
) -> Declaration:
    """Declare an integer; both bounds are inclusive."""
    bounds = Bounds(
        int, minimum=minimum, maximum=maximum, choices=choices, closed_choices=bool(choices)
    )
    return _declared(bounds=bounds, required=required, wire=wire)


def number(
    minimum: float | None = None, maximum: float | None = None, *, required: bool = False
) -> Declaration:
    """Declare a number that may have a fraction; both bounds are inclusive."""
    return _declared(bounds=Bounds(float, minimum=minimum, maximum=maximum), required=required)


def boolean(*, required: bool = False, wire: str | None = None) -> Declaration:
    """Declare a boolean."""
    return _declared(bounds=Bounds(bool), required=required, wire=wire)


def nested(of: type[Spec], *, required: bool = False, api_only: str | None = None) -> Declaration:
    """Declare a nested object."""
    return _declared(nested=of, required=required, api_only=api_only)


def nested_list(
    of: type[Spec],
    *,
    min_items: int,
    max_items: int | None,
    required: bool = False,
    api_only: str | None = None,
) -> Declaration:
    """Declare a list of nested objects."""
    return _declared(
        nested=of,
        is_list=True,
        min_items=min_items,
        max_items=max_items,
        required=required,
        api_only=api_only,
    )


def string_list(  # noqa: PLR0913 - the bounds of the list and of its items
    *,
    min_items: int,
    max_items: int,
    max_length: int | None = None,
    pattern: str | None = None,
    choices: type[StrEnum] | None = None,
    required: bool = False,
    wire: str | None = None,
) -> Declaration:
    """Declare a list of strings; length, pattern and choices apply to each item."""
    bounds = Bounds(
        str,
        min_length=None if choices else 1,
        max_length=max_length,
        pattern=TextPattern(pattern) if pattern else None,
        choices=tuple(value.value for value in choices) if choices else (),
        # A list that has room for the published values only is complete.
        closed_choices=choices is not None and len(choices) == max_items,
    )
    return _declared(
        bounds=bounds,
        is_list=True,
        min_items=min_items,
        max_items=max_items,
        required=required,
        wire=wire,
    )


Path: TypeAlias = tuple[str | int, ...]
"""Python names and list indices from the root: ``("production_variants", 0, "model_name")``."""


class LiteralStep(str):
    """Step of a path that no spec class declares, such as a misspelt member of a request."""

    __slots__ = ()


def aws_steps(path: Path, root: type[Spec]) -> Path:
    """Return a path with AWS's names: ``("ProductionVariants", 0, "ModelName")``.

    Args:
        path: Path with Python names; a step that no spec class declares is kept as it is.
        root: Spec class from which the path starts.
    """
    steps: list[str | int] = []
    here: type[Spec] | None = root
    for step in path:
        if isinstance(step, int):
            steps.append(step)
            continue
        declared = members_of(here) if here and not isinstance(step, LiteralStep) else ()
        member = next((member for member in declared if member.name == step), None)
        steps.append(member.wire if member else str(step))
        here = member.nested if member else None
    return tuple(steps)


def aws_path(path: Path, root: type[Spec]) -> str:
    """Return a path as AWS's documentation writes it: ``ProductionVariants[0].ModelName``."""
    words = ""
    for step in aws_steps(path, root):
        if isinstance(step, int):
            words += f"[{step}]"
        else:
            words += f".{step}" if words else step
    return words
