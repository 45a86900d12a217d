"""Conversion of specs from and to the API's JSON and CDK's L1 properties.

All conversions are driven by the declarations of the members in `cdk_epc.spec.fields`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final, TypeAlias, TypeVar

import attrs

from cdk_epc._records import Record
from cdk_epc.spec.endpoint_config import EndpointConfigSpec
from cdk_epc.spec.fields import (
    Bounds,
    LiteralStep,
    Member,
    Path,
    Spec,
    camel,
    given_of,
    members_of,
    values_of,
)
from cdk_epc.spec.similarity import get_close_matches
from cdk_epc.spec.unresolved import SCALAR_TYPES, is_list, is_mapping, is_unresolved

S = TypeVar("S", bound=Spec)

RESPONSE_ONLY: Final = ("EndpointConfigArn", "CreationTime", "ResponseMetadata")
"""Members that only a DescribeEndpointConfig response has, so no request can contain them."""

_MISSPELT: Final = 0.75
"""Similarity of a misspelt name; names of members that AWS adds later are often less similar."""


@attrs.frozen(eq=False, repr=False)
class UnknownMember(Record):
    """Member of a request that the API does not know or no longer supports, or that is null.

    Attributes:
        path: Path of the member; an unknown name is a `LiteralStep`.
        value: Its value.
        removed: Advice for a member that AWS no longer supports; ``None`` for any other.
        nearest: Known member with the most similar name.
        is_mistake: Whether the name is a misspelling, or one of another object, and not new.
        read_only: Whether only descriptions contain the member, because AWS sets it.
    """

    path: Path
    value: Any
    removed: str | None = None
    nearest: str | None = None
    is_mistake: bool = False
    read_only: bool = False


ScalarReader: TypeAlias = Callable[[Bounds, Any], Any]
"""Function that converts a plain value, such as the text ``"2"`` for an integer in a template."""


def from_json(request: Mapping[str, Any]) -> tuple[EndpointConfigSpec, list[UnknownMember]]:
    """Return the spec of a ``CreateEndpointConfig`` request and its unknown members.

    A value of the wrong type is kept as it is; the rules on single fields report it.
    """
    return spec_from_json(EndpointConfigSpec, request)


def spec_from_json(
    cls: type[S], data: Mapping[str, Any], read_scalar: ScalarReader | None = None
) -> tuple[S, list[UnknownMember]]:
    """Return the spec of JSON with AWS's names, and the unknown members.

    Args:
        cls: Spec class.
        data: JSON with AWS's names.
        read_scalar: Conversion of plain values, for a source that writes them in more ways than
            the API accepts; by default values are kept.
    """
    unknown_members: list[UnknownMember] = []
    return _Reader(unknown_members, read_scalar).structure(cls, data, ()), unknown_members


def is_description(request: Mapping[str, Any]) -> bool:
    """Return whether this is a ``DescribeEndpointConfig`` response, by keys of the service."""
    return "EndpointConfigArn" in request or "CreationTime" in request


def request_of_description(description: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request with the members of a description that are given.

    Tools write a missing member as null, as an empty text or list, and a whole number as 1.0.
    """
    members = described_members(description)
    return {key: value for key, value in members.items() if key not in RESPONSE_ONLY}


def described_members(description: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a description that are given, with whole numbers as integers."""
    return {key: _described(value) for key, value in description.items() if not _is_absent(value)}


def _described(value: Any) -> Any:  # noqa: ANN401 - JSON
    if is_mapping(value):
        return {key: _described(item) for key, item in value.items() if not _is_absent(item)}
    if is_list(value):
        return [_described(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _is_absent(value: object) -> bool:
    return value is None or value == "" or (is_list(value) and not value)


def to_json(spec: Spec) -> dict[str, Any]:
    """Return the API request of a spec, with AWS's names and without missing members."""
    return {member.wire: _plain(value, to_json) for member, value in members_with_values(spec)}


def to_l1(spec: Spec) -> dict[str, Any]:
    """Return a spec with the names of CDK's L1 structs in Node, such as ``maxPayloadInMb``."""
    values = values_of(spec)
    names = zip(_l1_names(type(spec)), values, strict=True)
    return {name: _plain(value, to_l1) for name, value in given_of(names, values)}


_L1_NAMES: Final[dict[type[Spec], tuple[str, ...]]] = {}


def _l1_names(cls: type[Spec]) -> tuple[str, ...]:
    """Return the names of the members in CDK's L1 structs."""
    if cls not in _L1_NAMES:
        _L1_NAMES[cls] = tuple(camel(member.name) for member in members_of(cls))
    return _L1_NAMES[cls]


def to_l1_arguments(spec: Spec) -> dict[str, Any]:
    """Return a spec as keyword arguments of its L1 construct.

    Nested objects have Node's names, because jsii passes dictionaries to Node as they are.
    """
    return {member.name: l1_value(value) for member, value in members_with_values(spec)}


def l1_value(value: object) -> Any:  # noqa: ANN401 - JSON
    """Return one value of a spec as the L1 construct accepts it."""
    return _plain(value, to_l1)


def members_with_values(spec: Spec) -> Iterator[tuple[Member, Any]]:
    """Return the members of a spec that are given, each with its value."""
    values = values_of(spec)
    return given_of(zip(members_of(type(spec)), values, strict=True), values)


def _plain(value: Any, render: Any) -> Any:  # noqa: ANN401 - JSON
    if type(value) in SCALAR_TYPES:
        return value
    if isinstance(value, Spec):
        return render(value)
    if is_list(value):
        return [_plain(item, render) for item in value]
    return value


_UNKNOWN: Final[tuple[None, None]] = (None, None)


@attrs.frozen(eq=False, repr=False)
class _Reader(Record):
    """Conversion of JSON to specs, with the unknown members met so far."""

    unknown_members: list[UnknownMember]
    read_scalar: ScalarReader | None

    def structure(self, cls: type[S], data: Mapping[str, Any], path: Path) -> S:
        """Return an object as a value of a spec class."""
        members = _by_wire(cls)
        values: dict[str, Any] = {}
        for wire, value in data.items():
            member, plain_type = members.get(wire, _UNKNOWN)
            if member is None:
                if cls.IS_PARTIAL:
                    continue
                self.unknown_members.append(_unknown_member(cls, wire, value, path))
            elif value is None:
                self.unknown_members.append(UnknownMember(path=(*path, member.name), value=None))
            elif type(value) is plain_type:  # most values, and they need no path
                values[member.name] = value
            else:
                values[member.name] = self._member(member, value, (*path, member.name))
        return cls(**values)

    def _member(self, member: Member, value: Any, path: Path) -> Any:  # noqa: ANN401
        if is_unresolved(value):
            return value
        if member.key is not None and is_mapping(value):
            return self._map(member, value, path)
        if member.is_list and is_list(value):
            return tuple(self._one(member, item, (*path, at)) for at, item in enumerate(value))
        return value if member.is_list else self._one(member, value, path)

    def _map(self, member: Member, value: Mapping[Any, Any], path: Path) -> dict[str, Any]:
        self.unknown_members.extend(
            UnknownMember(path=(*path, str(key)), value=None)
            for key, item in value.items()
            if item is None
        )
        return {
            str(key): self._one(member, item, (*path, str(key)))
            for key, item in value.items()
            if item is not None
        }

    def _one(self, member: Member, value: Any, path: Path) -> Any:  # noqa: ANN401
        if member.nested is not None:
            return self.structure(member.nested, value, path) if is_mapping(value) else value
        if self.read_scalar is not None and member.bounds is not None and not is_unresolved(value):
            return self.read_scalar(member.bounds, value)
        return value


def _plain_type(member: Member) -> type | None:
    """Return the type of the values of a member that are kept as they are, if there is one."""
    is_container = member.is_list or member.key is not None or member.nested is not None
    return None if is_container or member.bounds is None else member.bounds.kind


_BY_WIRE: Final[dict[type[Spec], dict[str, tuple[Member, type | None]]]] = {}


def _by_wire(cls: type[Spec]) -> dict[str, tuple[Member, type | None]]:
    """Return each member with its plain type, by AWS's name."""
    if cls not in _BY_WIRE:
        members = members_of(cls)
        _BY_WIRE[cls] = {member.wire: (member, _plain_type(member)) for member in members}
    return _BY_WIRE[cls]


def _unknown_member(cls: type[Spec], wire: str, value: object, path: Path) -> UnknownMember:
    folded = {_folded(name): name for name in _by_wire(cls)}
    nearest = get_close_matches(_folded(wire), folded, 1)
    misspelt = get_close_matches(_folded(wire), nearest, 1, _MISSPELT)
    return UnknownMember(
        path=(*path, LiteralStep(wire)),
        value=value,
        removed=cls.REMOVED.get(wire),
        nearest=folded[nearest[0]] if nearest else None,
        is_mistake=bool(misspelt) or wire in _all_names(),
        read_only=wire in cls.READ_ONLY,
    )


@cache
def _all_names() -> set[str]:
    """Return AWS's names of the members of all objects and of responses."""
    specs = [each for each in Spec.__subclasses__() if hasattr(each, "__attrs_attrs__")]
    names = {member.wire for each in specs for member in members_of(each)}
    return names.union(RESPONSE_ONLY)


def _folded(name: object) -> str:
    return str(name).replace("_", "").lower()
