"""Between a spec and the API's JSON, both ways, from the declarations of the members alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final, TypeVar

import attrs

from cdk_epc.spec.endpoint_config import EndpointConfigSpec
from cdk_epc.spec.member import Member, Spec, camel, members_of
from cdk_epc.spec.paths import AsWritten, Path
from cdk_epc.spec.unknown import is_list, is_mapping, is_unknown

S = TypeVar("S", bound=Spec)

RESPONSE_ONLY: Final = ("EndpointConfigArn", "CreationTime", "ResponseMetadata")
"""What DescribeEndpointConfig adds to a configuration; no request can carry it."""


@attrs.frozen
class Stray:
    """A member that a request has and `AWS::SageMaker::EndpointConfig` lacks, or one that is null.

    Attributes:
        path: Where it stands; the last step is AWS's name for it.
        value: What was given.
        api_only: What to say of a member that only the API knows, ``None`` for one nobody knows.
        nearest: The known member with the most similar name.
    """

    path: Path
    value: Any
    api_only: str | None = None
    nearest: str | None = None


def from_json(request: Mapping[str, Any]) -> tuple[EndpointConfigSpec, list[Stray]]:
    """The spec of a ``CreateEndpointConfig`` request, and every member that has no place in it.

    A value of the wrong type is kept as it is, for the bounds rules to find.
    """
    strays: list[Stray] = []
    return _structure(EndpointConfigSpec, request, (), strays), strays


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


def _structure(cls: type[S], data: Mapping[str, Any], path: Path, strays: list[Stray]) -> S:
    members = {member.wire: member for member in members_of(cls)}
    values: dict[str, Any] = {}
    for wire, value in data.items():
        if (member := members.get(wire)) is not None and value is None:
            strays.append(Stray(path=(*path, member.name), value=None))
        elif member is not None:
            values[member.name] = _member(member, value, (*path, member.name), strays)
        else:
            nearest = get_close_matches(_folded(wire), {_folded(name): name for name in members}, 1)
            strays.append(
                Stray(
                    path=(*path, AsWritten(wire)),
                    value=value,
                    api_only=cls.API_ONLY.get(wire),
                    nearest=next(
                        (n for n in members if nearest and _folded(n) == nearest[0]), None
                    ),
                )
            )
    return cls(**values)


def _folded(name: object) -> str:
    return str(name).replace("_", "").lower()


def _member(member: Member, value: Any, path: Path, strays: list[Stray]) -> Any:  # noqa: ANN401
    if is_unknown(value):
        return value
    if member.is_list and is_list(value):
        return tuple(_one(member, item, (*path, index), strays) for index, item in enumerate(value))
    return value if member.is_list else _one(member, value, path, strays)


def _one(member: Member, value: Any, path: Path, strays: list[Stray]) -> Any:  # noqa: ANN401
    if member.part is not None and is_mapping(value):
        return _structure(member.part, value, path, strays)
    return value
