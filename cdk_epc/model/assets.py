"""What a container is made of, as it is in one stack.

An image or an artifact may be used by many models in many stacks. What it is called there, and what
a role needs to read it, is asked once the stack is known. Assets are made later still: a model that
is refused leaves nothing behind, so until there is a construct a token stands for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol, cast

import attrs
import aws_cdk as cdk
import jsii
from constructs import Construct

from cdk_epc.permissions import Permission
from cdk_epc.spec.unresolved import ReferenceToken


def _nothing(_: Construct) -> tuple[Permission, ...]:
    return ()


@attrs.frozen(eq=False)
class BoundAsset:
    """Something in its stack.

    Attributes:
        values: What goes to each place in the container's spec; ``None`` for what does not apply.
        complete: Makes what belongs below the model, once there is one, and says what its role
            needs.
    """

    values: tuple[Any, ...]
    complete: Callable[[Construct], Iterable[Permission]] = _nothing


class Bindable(Protocol):
    """What can be put into a stack."""

    def bind(self, scope: Construct) -> BoundAsset:
        """It in the stack of this scope, in which nothing is made yet.

        Raises:
            UnfitError: It is of a type that nothing can be made of, or is not to be had there.
        """
        ...


class AssetBinding:
    """One argument of a container, on its way into a stack.

    Attributes:
        what: What was given.
        scope: Where the model will be.
        placed: It in its stack, from when it has been read.
    """

    def __init__(self, what: Bindable, scope: Construct) -> None:
        """Have this ready for whoever reads the container."""
        self.what: Final = what
        self.scope: Final = scope
        self.placed: BoundAsset | None = None

    def read(self) -> tuple[Any, ...]:
        """What goes to each place in the container's spec."""
        self.placed = self.what.bind(self.scope)
        return self.placed.values

    def complete(self, construct: Construct) -> Iterable[Permission]:
        """Make what belongs below the construct, and say what its role needs."""
        return () if self.placed is None else self.placed.complete(construct)


@jsii.implements(cdk.IStringProducer)
class DeferredString:
    """A string that is known once an asset has been made; a token until then."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self.text = ""
        # The protocol has a keyword that Node never uses.
        self.token = ReferenceToken(cdk.Lazy.uncached_string(cast("Any", self)))

    def produce(self, context: cdk.IResolveContext) -> str:  # noqa: ARG002 - the protocol's
        """The string."""
        return self.text


def unused_id(scope: Construct, wanted: str) -> str:
    """This id, with a number behind it where there is a construct of this id already."""
    taken = {child.node.id for child in scope.node.children}
    numbered = (f"{wanted}{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (wanted, *numbered) if each not in taken)
