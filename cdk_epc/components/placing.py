"""The images and artifacts of a component's containers, on their way into its stack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

import attrs
from constructs import Construct

from cdk_epc.access import Need
from cdk_epc.components.running import ComponentContainer, Running
from cdk_epc.models.placing import Placing

_PLACED = ("image", "artifact")


def placed_in(given: Iterable[Any], scope: Construct) -> list[Any]:
    """What runs, with its images and artifacts ready to be put into the stack of a scope."""
    return [_placed(each, scope) for each in given]


def _placed(given: Any, scope: Construct) -> Any:  # noqa: ANN401 - whatever was given
    if not isinstance(given, Running) or not isinstance(given.container, ComponentContainer):
        return given
    container = given.container
    found = {
        name: Placing(what, scope)
        for name in _PLACED
        if hasattr(what := getattr(container, name), "place")
    }
    if not found:
        return given
    # Each value is an attrs class, which its decorator does not tell a type checker.
    return attrs.evolve(cast("Any", given), container=attrs.evolve(cast("Any", container), **found))


def completed(given: Any, construct: Construct) -> Iterator[Need]:  # noqa: ANN401 - see above
    """Make the assets of what runs below a construct, and say what reading it all takes."""
    container = given.container if isinstance(given, Running) else None
    for name in _PLACED:
        what = getattr(container, name, None)
        if isinstance(what, Placing):
            yield from what.complete(construct)
