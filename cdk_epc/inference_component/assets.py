"""The images and artifacts of a component's containers, on their way into its stack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, cast

import attrs
from constructs import Construct

from cdk_epc.inference_component.specification import ComponentContainer, Running
from cdk_epc.model import ContainerImage, ModelData
from cdk_epc.model.assets import AssetBinding, Bindable
from cdk_epc.permissions import Permission

_PLACED: Final[Mapping[str, Callable[[str], Bindable]]] = {
    "image": ContainerImage.from_uri,
    "artifact": ModelData.from_uri,
}
"""What is put into a stack, and how to make that of a string."""


def placed_in(given: Iterable[Any], scope: Construct) -> list[Any]:
    """What runs, with its images and artifacts ready to be put into the stack of a scope."""
    return [_placed(each, scope) for each in given]


def _placed(given: Any, scope: Construct) -> Any:  # noqa: ANN401 - whatever was given
    if not isinstance(given, Running) or not isinstance(given.container, ComponentContainer):
        return given
    container = given.container
    found: dict[str, AssetBinding] = {}
    for name, of_string in _PLACED.items():
        what = getattr(container, name)
        what = of_string(what) if isinstance(what, str) else what
        if hasattr(what, "bind"):
            found[name] = AssetBinding(what, scope)
    if not found:
        return given
    # Each value is an attrs class, which its decorator does not tell a type checker.
    return attrs.evolve(cast("Any", given), container=attrs.evolve(cast("Any", container), **found))


def completed(given: Any, construct: Construct) -> Iterator[Permission]:  # noqa: ANN401 - see above
    """Make the assets of what runs below a construct, and say what reading it all takes."""
    container = given.container if isinstance(given, Running) else None
    for name in _PLACED:
        what = getattr(container, name, None)
        if isinstance(what, AssetBinding):
            yield from what.complete(construct)
