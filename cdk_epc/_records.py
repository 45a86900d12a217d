"""Base class of frozen attrs classes with shared methods."""

from __future__ import annotations

from typing import Any

import attrs


class Record:
    """Base of attrs classes with ``eq=False, repr=False``: comparison, hash and text of the fields.

    The classes share these methods, because the ones that attrs would generate and compile for each
    class take a fifth of the time to import the constructs.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """Return the class and all fields, as attrs writes them."""
        fields = ((each.name, getattr(self, each.name)) for each in _fields(self) if each.repr)
        given = ", ".join(f"{name}={value!r}" for name, value in fields)
        name = type(self).__qualname__.rsplit(">.", 1)[-1]  # without the function that defines it
        return f"{name}({given})"

    def __eq__(self, other: object) -> bool:
        """Return whether the other is of the same class and has equal fields."""
        if other.__class__ is not self.__class__:
            return NotImplemented
        return all(
            getattr(self, each.name) == getattr(other, each.name)
            for each in _fields(self)
            if each.eq
        )

    def __hash__(self) -> int:
        """Return a hash of the class and the fields."""
        values = (getattr(self, each.name) for each in _fields(self) if each.eq)
        return hash((self.__class__, *values))


def _fields(record: Record) -> tuple[attrs.Attribute[Any], ...]:
    cls: type[Any] = record.__class__  # every subclass is an attrs class
    fields: tuple[attrs.Attribute[Any], ...] = attrs.fields(cls)
    return fields
