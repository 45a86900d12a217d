"""Context of a configuration: its models, region and scalable targets, for the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import attrs
from aws_cdk.aws_sagemaker import CfnEndpointConfig

from cdk_epc.constructs.duck_typing import construct_path
from cdk_epc.constructs.internals import ConstructInternals
from cdk_epc.constructs.supplied_models import (
    imported_models,
    models_in,
    supplied_models,
    weak_references,
)
from cdk_epc.monitoring.metric_source import MonitoredEndpoint
from cdk_epc.permissions.trust_policy import console_role, role_with_trust
from cdk_epc.spec import EndpointConfigSpec, ModelSpec, Path, ProductionVariant
from cdk_epc.spec.context import ConfigContext, ReferencedModel, ReferencedTarget
from cdk_epc.spec.endpoint_config import instance_types_of
from cdk_epc.spec.role import Role
from cdk_epc.spec.unresolved import is_string, items_of

if TYPE_CHECKING:
    from cdk_epc.constructs.call_sites import CallSite, SuppliedPart
    from cdk_epc.endpoint_config.variant_handle import VariantHandle


class HostingEndpoint(MonitoredEndpoint, Protocol):
    """Endpoint of this app that runs a configuration."""

    def variant(self, variant: str | VariantHandle) -> VariantHandle:
        """Return the variant of this endpoint with a name or handle."""
        ...


@attrs.define(eq=False)
class EndpointConfigInternals(ConstructInternals[EndpointConfigSpec, CfnEndpointConfig]):
    """Values that a configuration shares with other modules of this library.

    Attributes:
        endpoints: Endpoints of this app that run the configuration.
        scaled: Scalable targets of the variants, by the path of the variant.
        execution_role: Execution role of the configuration, if SageMaker cannot assume it.
        hashed_parameters: Function that returns the template parameters in the content of the
            name's hash; ``None`` if the name has no hash.
        with_chosen_image: Paths of the variants whose machine image this library chose.
    """

    endpoints: list[HostingEndpoint] = attrs.Factory(list[HostingEndpoint])
    scaled: dict[Path, ReferencedTarget] = attrs.Factory(dict[Path, ReferencedTarget])
    with_chosen_image: set[Path] = attrs.Factory(set[Path])
    execution_role: Role | None = None
    hashed_parameters: Callable[[], Mapping[Path, str]] | None = None

    def instance_types_of(self, construct: object) -> Iterator[str]:
        """Yield the instance types of the variants and pools that run a model."""
        variants = dict(self.state.spec.variants())
        for path, model in supplied_models(self.state):
            if model is construct and (variant := variants.get(path[:2])) is not None:
                yield from types_of_model(path, variant)

    def add_role(self, execution_role: object, site: CallSite | None) -> None:
        """Check the execution role of the configuration.

        Args:
            execution_role: The given role.
            site: Call of the constructor.

        Raises:
            EndpointConfigError: SageMaker cannot assume the role.
        """
        role = role_with_trust(execution_role)
        if role is not None or is_string(execution_role):
            context = attrs.evolve(self.context(), execution_role=role)
            self.state.check_in_context(context, "execution_role", site, is_new=True)
            self.execution_role = role

    def context_at_call(
        self, spec: EndpointConfigSpec, supplied_parts: Sequence[SuppliedPart]
    ) -> ConfigContext | None:
        """Return the configuration with its models; ``None`` if it has none of this library.

        Args:
            spec: The configuration after the call.
            supplied_parts: Its parts after the call.
        """
        models = _referenced_models(each for part in supplied_parts for each in models_in(part))
        if not models:
            return None
        scope = self.state.scope
        return ConfigContext(config=spec, region=scope.region, account=scope.account, models=models)

    def context(self) -> ConfigContext:
        """Return the configuration with its models, region and scalable targets."""
        construct = self.state.scope.construct
        models = list(supplied_models(self.state))
        imported = imported_models(models, construct)
        return ConfigContext(
            config=self.state.spec,
            region=self.state.scope.region,
            account=self.state.scope.account,
            models=_referenced_models(models),
            imported_models=imported,
            weak_references=weak_references(imported, construct),
            execution_role=self.execution_role
            or console_role(self.state.spec.execution_role_arn, construct),
            scalable_targets=self.scaled,
            hashed_parameters=self.hashed_parameters,
        )


def _referenced_models(models: Iterable[tuple[Path, Any]]) -> dict[Path, ReferencedModel]:
    """Return the models of this library among the given ones, by the path of the name."""
    return {
        path: ReferencedModel(model=model.spec, logical_id=partial(construct_path, model))
        for path, model in models
        if isinstance(getattr(model, "spec", None), ModelSpec)
    }


def types_of_model(path: Path, variant: ProductionVariant) -> Iterator[str]:
    """Yield the instance types on which a variant runs a model.

    Args:
        path: Path of the name of the model.
        variant: The variant.
    """
    of_variant = path[:2]
    pools = items_of(variant.instance_pools)
    for (*type_path, _), name in instance_types_of(of_variant, variant):
        pool = pools[int(type_path[-1])] if len(type_path) > len(of_variant) else None
        is_overridden = getattr(pool, "model_name_override", None) is not None
        if [*path[:-1]] == type_path or (path[2:] == ("model_name",) and not is_overridden):
            yield name
