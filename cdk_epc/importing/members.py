"""Members of a resource, each of which becomes an argument or a property override."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Final, TypeAlias

from cdk_epc.importing.expressions import (
    Expressions,
    NotTypedError,
    UnusableSourceError,
    function_of,
)
from cdk_epc.importing.syntax import Atom, Expression, Mapped, call, listing
from cdk_epc.spec.fields import Path
from cdk_epc.spec.unresolved import is_list, is_mapping

_BOOLEANS: Final = {True: "True", False: "False", "true": "True", "false": "False"}


class Conversion:
    """Conversion of values to arguments of a typed API."""

    def __init__(self, expressions: Expressions) -> None:
        """Create a conversion with a converter of values."""
        self.expressions = expressions

    def text(self, value: Any) -> Expression:  # noqa: ANN401 - JSON
        """Return a text."""
        return self.expressions.text(value)

    def texts(self, value: Any) -> Expression:  # noqa: ANN401 - JSON
        """Return a list of texts."""
        return self.expressions.texts(value)

    def number(self, value: Any) -> Expression:  # noqa: ANN401 - JSON
        """Return a number."""
        return self.expressions.number(value)

    def flag(self, value: Any) -> Expression:  # noqa: ANN401 - JSON
        """Return a boolean.

        Raises:
            NotTypedError: The value is not known.
        """
        if isinstance(value, (bool, str)) and value in _BOOLEANS:
            return Atom(_BOOLEANS[value])
        raise NotTypedError("a boolean is expected")

    def seconds(self, value: Any) -> Expression:  # noqa: ANN401 - JSON
        """Return a duration in seconds."""
        return call("cdk.Duration.seconds", self.number(value))

    def minutes(self, value: Any) -> Expression:  # noqa: ANN401 - JSON
        """Return a duration in minutes."""
        return call("cdk.Duration.minutes", self.number(value))

    def mebibytes(self, value: Any) -> Expression:  # noqa: ANN401 - JSON
        """Return a size in MiB."""
        return call("cdk.Size.mebibytes", self.number(value))

    def gibibytes(self, value: Any) -> Expression:  # noqa: ANN401 - JSON
        """Return a size in GiB."""
        return call("cdk.Size.gibibytes", self.number(value))

    def vpc(self, members: Members) -> Expression:
        """Return the placement in a network."""
        return call(
            "VpcPlacement",
            subnet_ids=members.require("Subnets", self.texts),
            security_group_ids=members.require("SecurityGroupIds", self.texts),
        )

    def text_map(self, value: Any) -> Expression:  # noqa: ANN401 - JSON
        """Return a map of texts.

        Raises:
            NotTypedError: The value is not a map.
        """
        if not is_mapping(value) or function_of(value) is not None:
            raise NotTypedError("a map is expected")
        for key in value:
            self.expressions.raw({key: ""})  # refuses reserved keys
        return Mapped(tuple((str(key), self.text(each)) for key, each in value.items()))

    def tags(self, value: Any) -> Expression:  # noqa: ANN401 - JSON
        """Return a list of tags as a map.

        Raises:
            NotTypedError: A tag has another form, or two tags have the same key.
        """
        if not is_list(value) or not all(map(_is_tag, value)):
            raise NotTypedError("a list of tags is expected")
        found = {each["Key"]: each["Value"] for each in value}
        if len(found) != len(value):
            raise NotTypedError("the keys of tags must differ")
        return self.text_map(found)

    def member_of(self, enumeration: type[Enum]) -> Callable[[Any], Expression]:
        """Return a converter of the values of an enumeration."""

        def convert(value: Any) -> Expression:  # noqa: ANN401 - JSON
            for each in enumeration:
                if isinstance(value, str) and each.value == value:
                    return Atom(f"{enumeration.__name__}.{each.name}")
            raise NotTypedError("the value is unknown")

        return convert

    def members_of(self, enumeration: type[Enum]) -> Callable[[Any], Expression]:
        """Return a converter of lists of values of an enumeration."""
        one = self.member_of(enumeration)

        def convert(value: Any) -> Expression:  # noqa: ANN401 - JSON
            if not is_list(value):
                raise NotTypedError("a list is expected")
            return listing([one(each) for each in value])

        return convert


def _is_tag(tag: object) -> bool:
    return (
        is_mapping(tag)
        and set(tag) == {"Key", "Value"}
        and isinstance(tag["Key"], str)
        and not is_list(tag["Value"])
    )


Converter: TypeAlias = Callable[[Any], Expression]
Fields: TypeAlias = Mapping[str, tuple[str, Converter]]
"""Argument and converter of each member."""


class Members:
    """Members of an object that are not converted yet.

    Attributes:
        left: The members.
    """

    def __init__(self, members: Mapping[str, Any]) -> None:
        """Create the members of an object."""
        self.left = dict(members)
        self._overrides: list[tuple[Path, Any]] = []

    def value(self, name: str) -> Any:  # noqa: ANN401 - JSON
        """Return a member without taking it; ``None`` if it is missing."""
        return self.left.get(name)

    def take(self, name: str, convert: Converter) -> Expression | None:
        """Convert and take a member; leave it if it is missing or has no counterpart."""
        if name not in self.left:
            return None
        try:
            found = convert(self.left[name])
        except NotTypedError:
            return None
        del self.left[name]
        return found

    def require(self, name: str, convert: Converter) -> Expression:
        """Convert and take a member.

        Raises:
            NotTypedError: The member is missing or has no counterpart.
        """
        if (found := self.take(name, convert)) is None:
            raise NotTypedError(f"{name} has no counterpart")
        return found

    def arguments(self, fields: Fields) -> dict[str, Expression | None]:
        """Take all members that fields convert, as keyword arguments."""
        return {argument: self.take(name, convert) for name, (argument, convert) in fields.items()}

    def part(self, name: str, convert: Callable[[Members], Expression]) -> Expression | None:
        """Convert an object, whose other members become overrides, if it has a counterpart."""
        value = self.left.get(name)
        if not is_mapping(value) or function_of(value) is not None:
            return None
        inner = Members(value)
        try:
            found = convert(inner)
        except NotTypedError:
            return None
        del self.left[name]
        self.include(inner, (name,))
        return found

    def include(self, inner: Members, path: Path) -> None:
        """Keep the other members of an inner object as overrides."""
        self._overrides += [((*path, *below), value) for below, value in inner.overrides()]

    def override(self, path: Path, value: Any) -> None:  # noqa: ANN401 - JSON
        """Add an override."""
        self._overrides.append((path, value))

    def overrides(self) -> Iterator[tuple[Path, Any]]:
        """Yield the path and the value of all members that are left."""
        for name, value in self.left.items():
            yield (name,), value
        yield from self._overrides


def objects_of(value: Any) -> Sequence[Mapping[str, Any]]:  # noqa: ANN401 - JSON
    """Return a list of objects.

    Raises:
        NotTypedError: The value is not a list of objects.
    """
    if not is_list(value) or not all(
        is_mapping(each) and function_of(each) is None for each in value
    ):
        raise NotTypedError("a list of objects is expected")
    return value


def property_path(path: Path) -> str:
    """Return a path as ``add_property_override`` takes it.

    Raises:
        UnusableSourceError: A name is empty or CDK does not allow it.
    """
    steps = [str(step).replace("\\", "\\\\").replace(".", "\\.") for step in path]
    if any(not step or step in {"__proto__", "constructor", "prototype"} for step in steps):
        raise UnusableSourceError(f"the property path {'.'.join(steps)!r} cannot be imported")
    return ".".join(steps)
