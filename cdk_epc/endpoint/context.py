"""Context of an endpoint: its configuration and the names of other endpoints, for the rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cdk_epc.constructs.internals import internals_of
from cdk_epc.constructs.scope import is_exported, is_weakly_referenced, stack_of
from cdk_epc.constructs.stage_validation import StageValidation
from cdk_epc.spec import ContainerMode, EndpointSpec, ProductionVariant
from cdk_epc.spec.context import ConfigContext, EndpointContext, ReferencedModel
from cdk_epc.spec.unresolved import is_resolved, is_unresolved

if TYPE_CHECKING:
    from constructs import IConstruct

    from cdk_epc.endpoint.construct import Endpoint
    from cdk_epc.endpoint_config.construct import EndpointConfig


def endpoint_context(endpoint: Endpoint) -> EndpointContext:
    """Return an endpoint with its configuration and similar names of other endpoints."""
    is_imported = is_exported(endpoint.config, endpoint)
    is_weak = is_imported and is_weakly_referenced(endpoint)
    return EndpointContext(
        endpoint=endpoint.spec,
        config=config_context(endpoint.config),
        other_endpoint_names=frozenset(_names_in_other_case(endpoint)),
        is_config_imported=is_imported,
        weak_references=frozenset({("endpoint_config_name",)} if is_weak else ()),
    )


def config_context(config: EndpointConfig | None) -> ConfigContext | None:
    """Return a configuration of this app with its models, region and scalable targets."""
    return None if config is None else internals_of(config).context()


def _names_in_other_case(endpoint: Endpoint) -> Iterator[str]:
    """Yield names of other endpoints that differ from the endpoint's in upper and lower case only.

    SageMaker does not distinguish such names in the same account and region.
    """
    name = endpoint.spec.endpoint_name
    if not isinstance(name, str) or not is_resolved(name):
        return
    for validation in StageValidation.all_of(StageValidation.of(endpoint).root):
        for other in validation.constructs:
            spec = other.spec
            if (
                isinstance(spec, EndpointSpec)
                and isinstance(spec.endpoint_name, str)
                and spec.endpoint_name != name
                and spec.endpoint_name.lower() == name.lower()
                and _environment(other) == _environment(endpoint)
            ):
                yield spec.endpoint_name


def _environment(construct: IConstruct) -> str:
    """Return the account and the region of a construct."""
    return stack_of(construct).environment


def has_multi_model_container(config: ConfigContext | None) -> bool | None:
    """Return whether a variant has a multi-model container; ``None`` if a model is unknown."""
    if config is None or not (variants := config.config.production()):
        return None
    found = [
        _is_multi_model(variant, config.models.get((*path, "model_name")))
        for path, variant in variants
    ]
    return True if True in found else None if None in found else False


def _is_multi_model(variant: ProductionVariant, model: ReferencedModel | None) -> bool | None:
    if variant.model_name is None:
        return False
    if model is None:
        return None
    modes = [container.mode for _, container in model.model.every_container()]
    if ContainerMode.MULTI_MODEL in modes:
        return True
    return None if any(map(is_unresolved, modes)) or not modes else False
