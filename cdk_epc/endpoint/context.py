"""A drafted endpoint with what stands around it, for the rules that need a neighbour."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk

from cdk_epc.constructs.scope import is_exported
from cdk_epc.constructs.stage_validation import StageValidation
from cdk_epc.spec import ContainerMode, EndpointSpec, ProductionVariant
from cdk_epc.spec.context import ConfigContext, EndpointContext, ReferencedModel
from cdk_epc.spec.unresolved import is_given, is_unresolved

if TYPE_CHECKING:
    from constructs import IConstruct

    from cdk_epc.endpoint.construct import Deploying
    from cdk_epc.endpoint_config.construct import EndpointConfig


def endpoint_context(endpoint: Deploying) -> EndpointContext:
    """The endpoint with its configuration, and the names of the other endpoints of the app."""
    return EndpointContext(
        endpoint=endpoint.spec,
        config=config_of(endpoint.config),
        other_names=frozenset(_names_alike(endpoint)),
        is_config_imported=is_exported(endpoint.config, cast("IConstruct", endpoint)),
    )


def config_of(config: EndpointConfig | None) -> ConfigContext | None:
    """A configuration of this app with what is known around it."""
    if config is None:
        return None
    context = config._state.context  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
    return cast("ConfigContext", context())


def _names_alike(endpoint: Deploying) -> Iterator[str]:
    """The names of other endpoints that differ from its own in capitals alone."""
    name = endpoint.spec.endpoint_name
    if not isinstance(name, str) or not is_given(name):
        return
    for validation in StageValidation.all_of(endpoint.node.root):
        for other in validation.constructs:
            spec = other.spec
            if (
                isinstance(spec, EndpointSpec)
                and isinstance(spec.endpoint_name, str)
                and spec.endpoint_name != name
                and spec.endpoint_name.lower() == name.lower()
                and _where(other) == _where(endpoint)
            ):
                yield spec.endpoint_name


def _where(construct: object) -> str:
    """The account and the region that a construct is deployed to."""
    return _stack_of(construct).environment


def _stack_of(construct: object) -> cdk.Stack:
    return cdk.Stack.of(cast("IConstruct", construct))


def has_multi_model(config: ConfigContext | None) -> bool | None:
    """Whether a variant has a multi-model container; ``None`` if a model is out of sight."""
    if config is None or not (variants := config.config.production()):
        return None
    found = [
        _is_multi_model(variant, config.models.get((*path, "model_name")))
        for path, variant in variants
    ]
    return True if True in found else None if None in found else False


def _is_multi_model(variant: ProductionVariant, placed: ReferencedModel | None) -> bool | None:
    if variant.model_name is None:
        return False
    if placed is None:
        return None
    modes = [container.mode for _, container in placed.model.every_container()]
    if ContainerMode.MULTI_MODEL in modes:
        return True
    return None if any(map(is_unresolved, modes)) or not modes else False
