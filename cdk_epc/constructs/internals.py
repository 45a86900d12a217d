"""Friend interface: the one way in which a construct reads the state of another construct.

A construct keeps in ``_internals`` the values that other modules of this library need and callers
do not. Every other private attribute is read by its own class only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

import attrs
import aws_cdk as cdk

from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.spec import Spec

S = TypeVar("S", bound=Spec)
R = TypeVar("R", bound=cdk.CfnResource)
T_co = TypeVar("T_co", covariant=True)


@attrs.define(eq=False)
class ConstructInternals(Generic[S, R]):
    """Values that a construct shares with other modules of this library.

    A construct that shares more has a subclass with further attributes.

    Attributes:
        state: State of the resource.
        resource: L1 construct, from the moment when it exists.
    """

    state: ResourceState[S]
    resource: R = attrs.field(init=False)

    def instance_types_of(self, construct: object) -> Iterator[str]:  # noqa: ARG002 - see below
        """Yield the instance types on which this resource runs a model or component.

        Only configurations and components run any.
        """
        yield from ()


class HasInternals(Protocol[T_co]):
    """Construct that shares values with other modules of this library."""

    @property
    def _internals(self) -> T_co:
        """Shared values."""
        raise NotImplementedError


def internals_of(construct: HasInternals[T_co]) -> T_co:
    """Return the values that a construct shares with other modules of this library."""
    return construct._internals  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - see above
