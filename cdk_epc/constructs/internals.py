"""Friend interface of the constructs: the one way in which one construct reads another's state.

A construct keeps in ``_internals`` the values that other modules of this library need and callers do
not. Everything else with an underscore is read by its own class alone.
"""

from __future__ import annotations

from typing import Protocol, TypeVar

T_co = TypeVar("T_co", covariant=True)


class HasInternals(Protocol[T_co]):
    """Construct that shares values with the other constructs of this library."""

    @property
    def _internals(self) -> T_co:
        """Shared values."""
        raise NotImplementedError


def internals_of(construct: HasInternals[T_co]) -> T_co:
    """Return the values that a construct shares with the other constructs of this library."""
    return construct._internals  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - see above
