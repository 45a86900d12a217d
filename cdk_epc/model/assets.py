"""Images and artifacts bound to the stack of a model.

Many models in many stacks can use one image or artifact. Its name in a stack, and the permissions
to read it, are known once the stack is known. An asset construct is created later still, below the
model, so that a refused model leaves no construct behind; until then, its URI is a token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

import attrs
from constructs import Construct

from cdk_epc.catalog.image_traits import ImageTraits
from cdk_epc.constructs.scope import region_of
from cdk_epc.permissions import Permission

if TYPE_CHECKING:
    from aws_cdk.aws_s3 import IBucket


def _no_permissions(_: Construct) -> tuple[Permission, ...]:
    return ()


@attrs.frozen(eq=False)
class BoundAsset:
    """Image or artifact in the stack of a model.

    Attributes:
        values: Values of the members of the container's spec, in the order in which the container
            declares them; ``None`` for a member that does not apply.
        complete: Function that creates the asset below the model, if there is one, and returns
            the permissions that the model's role needs.
        traits: Hardware and uses of an image that AWS publishes; ``None`` for everything else.
        bucket: Bucket construct of the artifacts, if there is one.
    """

    values: tuple[Any, ...]
    complete: Callable[[Construct], Iterable[Permission]] = _no_permissions
    traits: ImageTraits | None = None
    bucket: IBucket | None = None


class Bindable(Protocol):
    """Image or artifact that can be bound to a stack."""

    def bind(self, scope: Construct) -> BoundAsset:
        """Bind the asset to the stack of a scope, without creating a construct.

        Raises:
            ArgumentTypeError: An argument has a wrong type, or the image is not published in the
                region of the stack.
        """
        ...


class AssetBinding:
    """Argument of a container that is bound to a stack when the container is converted.

    Attributes:
        asset: Image or artifact.
        scope: Scope of the model.
        bound: The bound asset, after the conversion.
    """

    def __init__(self, asset: Bindable, scope: Construct) -> None:
        """Create the binding of an asset to the stack of a scope."""
        self.asset: Final = asset
        self.scope: Final = scope
        self.bound: BoundAsset | None = None

    def bind(self) -> tuple[Any, ...]:
        """Bind the asset, and return the values of the container's members."""
        self.bound = self.asset.bind(self.scope)
        return self.bound.values

    def complete(self, construct: Construct) -> Iterable[Permission]:
        """Create the asset below a construct, and return the permissions that its role needs."""
        return () if self.bound is None else self.bound.complete(construct)


def data_region(binding: object) -> Callable[[], str | None] | None:
    """Return a function that returns the region of the bucket of bound artifacts."""
    bound = binding.bound if isinstance(binding, AssetBinding) else None
    bucket = None if bound is None else bound.bucket
    return None if bucket is None else partial(region_of, bucket)


def unused_id(scope: Construct, wanted: str) -> str:
    """Return an id, with a number appended if the scope has a construct with this id."""
    taken = {child.node.id for child in scope.node.children}
    numbered = (f"{wanted}{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (wanted, *numbered) if each not in taken)
