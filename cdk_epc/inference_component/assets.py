"""Images and artifacts of a component's containers, as assets of its stack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, cast

import attrs
from constructs import Construct

from cdk_epc.constructs.s3_location import S3Location
from cdk_epc.inference_component.specification import ComponentContainer, Specification
from cdk_epc.model import ContainerImage, ModelData
from cdk_epc.model.assets import AssetBinding, Bindable
from cdk_epc.permissions import Permission

_FROM_ADDRESS: Final[Mapping[str, Callable[[Any], Bindable]]] = {
    "image": ContainerImage.from_uri,
    "artifact": ModelData.from_s3,
}
"""Arguments of a container that are assets, with the function that converts an address."""


def with_asset_bindings(specifications: Iterable[Any], scope: Construct) -> list[Any]:
    """Return specifications whose images and artifacts are bindings to the stack of a scope."""
    return [_with_asset_bindings(each, scope) for each in specifications]


def _with_asset_bindings(value: Any, scope: Construct) -> Any:  # noqa: ANN401 - a value of any type
    if not isinstance(value, Specification) or not isinstance(value.container, ComponentContainer):
        return value
    container = value.container
    bindings: dict[str, AssetBinding] = {}
    for name, from_address in _FROM_ADDRESS.items():
        asset: Any = getattr(container, name)
        is_location = name == "artifact" and isinstance(asset, S3Location)
        asset = from_address(cast("Any", asset)) if isinstance(asset, str) or is_location else asset
        if hasattr(asset, "bind"):
            bindings[name] = AssetBinding(asset, scope)
    if not bindings:
        return value
    # Type checkers do not see that both values are attrs classes.
    changed = attrs.evolve(cast("Any", container), **bindings)
    return attrs.evolve(cast("Any", value), container=changed)


def create_assets(value: Any, construct: Construct) -> Iterator[Permission]:  # noqa: ANN401 - see above
    """Create the assets of a specification and yield the permissions to read them."""
    container = value.container if isinstance(value, Specification) else None
    for name in _FROM_ADDRESS:
        binding = getattr(container, name, None)
        if isinstance(binding, AssetBinding):
            yield from binding.complete(construct)
