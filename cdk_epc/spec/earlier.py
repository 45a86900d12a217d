"""Resources before another one of a group."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Generic, TypeVar, overload

import attrs

from cdk_epc._records import Record

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Earlier(Sequence[T], Generic[T]):
    """The first items of a tuple, without a copy.

    Each of several resources has those before it, and copies would take time and memory that are
    quadratic in their number.

    Attributes:
        every: All items.
    """

    __slots__ = ("_count", "every")

    def __init__(self, every: tuple[T, ...], count: int) -> None:
        """Create the sequence of this number of items."""
        self.every = every
        self._count = count

    def __len__(self) -> int:
        """Return the number of items."""
        return self._count

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        """Return an item, or several."""
        if isinstance(index, slice):
            return self.every[: self._count][index]
        if not -self._count <= index < self._count:
            raise IndexError(index)
        return self.every[index % self._count]


@attrs.frozen(eq=False, repr=False)
class InOrder(Record, Generic[T]):
    """Resources that belong together, in their order.

    Attributes:
        every: The resources.
        places: Place of each resource by its key.
    """

    every: tuple[T, ...]
    places: Mapping[Hashable, int]

    @classmethod
    def of(cls, resources: Mapping[K, T]) -> InOrder[T]:
        """Return the resources of a mapping from keys."""
        return cls(
            every=tuple(resources.values()),
            places={key: place for place, key in enumerate(resources)},
        )

    def before(self, key: Hashable) -> Sequence[T]:
        """Return the resources before the one with a key; none if there is no such resource."""
        return Earlier(self.every, self.places.get(key, 0))
