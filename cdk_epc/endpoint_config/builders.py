"""Builder methods whose arguments are those of a typed value, written once, there.

`adds` and `sets` give a method the signature of the value's class, for type checkers and for
`help` alike, and pass on what they are given.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from cdk_epc.constructs.call_sites import CallSite, Piece
from cdk_epc.constructs.values import Value

if TYPE_CHECKING:
    from cdk_epc.endpoint_config.building import Building
    from cdk_epc.endpoint_config.variant_handle import VariantHandle

P = ParamSpec("P")
F = TypeVar("F", bound=Callable[..., object])


def adds(
    method: str, kind: Callable[P, Value], member: str
) -> Callable[Concatenate[Building, P], VariantHandle]:
    """A method of this name that adds a variant of a kind to a list of the configuration."""

    def add(config: Building, /, *args: P.args, **kwargs: P.kwargs) -> VariantHandle:
        variant = kind(*args, **kwargs)
        title = f'{method}("{getattr(variant, "name", "")}")'
        return config._add(member, variant, title, CallSite.current())  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own

    return _described(add, method, kind)


def sets(
    method: str, kind: Callable[P, Value], member: str
) -> Callable[Concatenate[Building, P], None]:
    """A method of this name that configures a feature, once."""

    def configure(config: Building, /, *args: P.args, **kwargs: P.kwargs) -> None:
        piece = Piece((member,), f"{method}()", kind(*args, **kwargs), CallSite.current())
        config._set(piece)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own

    return _described(configure, method, kind)


def _described(function: F, method: str, kind: Callable[..., Value]) -> F:
    """Give the method the name, the signature and the text of what it takes."""
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    signature = inspect.signature(kind)
    described = {
        "__signature__": signature.replace(parameters=[own, *signature.parameters.values()]),
        "__name__": method,
        "__qualname__": f"EndpointConfig.{method}",
        "__doc__": f"{inspect.getdoc(kind)}\n\nRaises:\n    EndpointConfigError: SageMaker would "
        "refuse the configuration, whatever is called later.",
    }
    for name, text in described.items():
        setattr(function, name, text)
    return function
