"""Between a spec and the API's JSON, both ways, from the declarations of the members alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final, TypeAlias, TypeVar

import attrs

from cdk_epc.spec.endpoint_config import EndpointConfigSpec
from cdk_epc.spec.fields import (
    AsWritten,
    Bounds,
    Member,
    Path,
    Spec,
    camel,
    members_of,
)
from cdk_epc.spec.unresolved import is_list, is_mapping, is_unresolved

S = TypeVar("S", bound=Spec)

RESPONSE_ONLY: Final = ("EndpointConfigArn", "CreationTime", "ResponseMetadata")
"""What DescribeEndpointConfig adds to a configuration; no request can carry it."""


@attrs.frozen
class UnknownMember:
    """A member that a request has and the API lacks or supports no longer, or one that is null.

    Attributes:
        path: Where it stands; the last step is AWS's name for it.
        value: What was given.
        removed: What to do about a member that is no longer supported, ``None`` for one that
            nobody knows.
        nearest: The known member with the most similar name.
        read_only: Whether a description has it, so that nobody can set it.
    """

    path: Path
    value: Any
    removed: str | None = None
    nearest: str | None = None
    read_only: bool = False


Scalar: TypeAlias = Callable[[Bounds, Any], Any]
"""Reads a plain value as another reader of the same JSON would."""


def from_json(
    request: Mapping[str, Any], scalar: Scalar | None = None
) -> tuple[EndpointConfigSpec, list[UnknownMember]]:
    """The spec of a ``CreateEndpointConfig`` request, and every member that has no place in it.

    A value of the wrong type is kept as it is, for the bounds rules to find.
    """
    return structured(EndpointConfigSpec, request, scalar)


def structured(
    cls: type[S], data: Mapping[str, Any], scalar: Scalar | None = None
) -> tuple[S, list[UnknownMember]]:
    """The same for any spec class.

    Args:
        cls: The class.
        data: JSON with AWS's names.
        scalar: How to read plain values, where they may be written in more ways than the API's.
    """
    unknown_members: list[UnknownMember] = []
    return _Reader(unknown_members, scalar).structure(cls, data, ()), unknown_members


def is_description(request: Mapping[str, Any]) -> bool:
    """Whether this is a ``DescribeEndpointConfig`` response: both of these are always in one."""
    return "EndpointConfigArn" in request and "CreationTime" in request


def to_json(spec: Spec) -> dict[str, Any]:
    """The request that a spec stands for, with AWS's names; what was not given is left out."""
    return {member.wire: _plain(value, to_json) for member, value in _given(spec)}


def to_l1(spec: Spec) -> dict[str, Any]:
    """The same with the names of CDK's L1 structs (``maxPayloadInMb``), which Node reads."""
    return {camel(member.name): l1_value(value) for member, value in _given(spec)}


def to_l1_arguments(spec: Spec) -> dict[str, Any]:
    """The same as keyword arguments of the L1's constructor, whose nested structs Node reads."""
    return {member.name: l1_value(value) for member, value in _given(spec)}


def l1_value(value: object) -> Any:  # noqa: ANN401 - JSON
    """One value of a spec as the L1 takes it."""
    return _plain(value, to_l1)


def _given(spec: Spec) -> Iterator[tuple[Member, Any]]:
    for member in members_of(type(spec)):
        value = getattr(spec, member.name)
        if value is not None:
            yield member, value


def _plain(value: Any, render: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, Spec):
        return render(value)
    if is_list(value):
        return [_plain(item, render) for item in value]
    return value


@attrs.frozen
class _Reader:
    """Takes JSON into specs, noting what has no place in them."""

    unknown_members: list[UnknownMember]
    scalar: Scalar | None

    def structure(self, cls: type[S], data: Mapping[str, Any], path: Path) -> S:
        """An object of a spec class."""
        members = _by_wire(cls)
        values: dict[str, Any] = {}
        for wire, value in data.items():
            member = members.get(wire)
            if member is None:
                if cls.IS_PART:
                    continue
                self.unknown_members.append(_stray(cls, wire, value, path))
            elif value is None:
                self.unknown_members.append(UnknownMember(path=(*path, member.name), value=None))
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
        if member.part is not None:
            return self.structure(member.part, value, path) if is_mapping(value) else value
        if self.scalar is not None and member.bounds is not None and not is_unresolved(value):
            return self.scalar(member.bounds, value)
        return value


_BY_WIRE: Final[dict[type[Spec], dict[str, Member]]] = {}


def _by_wire(cls: type[Spec]) -> dict[str, Member]:
    if cls not in _BY_WIRE:
        _BY_WIRE[cls] = {member.wire: member for member in members_of(cls)}
    return _BY_WIRE[cls]


def _stray(cls: type[Spec], wire: str, value: object, path: Path) -> UnknownMember:
    folded = {_folded(name): name for name in _by_wire(cls)}
    nearest = get_close_matches(_folded(wire), folded, 1)
    return UnknownMember(
        path=(*path, AsWritten(wire)),
        value=value,
        removed=cls.REMOVED.get(wire),
        nearest=folded[nearest[0]] if nearest else None,
        read_only=wire in cls.READ_ONLY,
    )


def _folded(name: object) -> str:
    return str(name).replace("_", "").lower()
