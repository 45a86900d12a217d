"""Context of a component: its endpoint, configuration, base and models."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
import aws_cdk as cdk
from aws_cdk.aws_sagemaker import CfnInferenceComponent

from cdk_epc.constructs.duck_typing import construct_path
from cdk_epc.constructs.internals import ConstructInternals, internals_of
from cdk_epc.constructs.supplied_models import imported_models, weak_references
from cdk_epc.endpoint_config.construct import EndpointConfig
from cdk_epc.model.assets import data_region
from cdk_epc.permissions import RolePermissions
from cdk_epc.spec import EndpointSpec, InferenceComponentSpec, ModelSpec, Path, Spec
from cdk_epc.spec.context import (
    InferenceComponentContext,
    ReferencedModel,
    ReferencedTarget,
)
from cdk_epc.spec.endpoint_config import instance_types_of

if TYPE_CHECKING:
    from aws_cdk.aws_iam import IRole

    from cdk_epc.constructs.call_sites import SuppliedPart
    from cdk_epc.inference_component.convert import ComponentOrName, EndpointOrName

S = TypeVar("S", bound=Spec)


@attrs.define(eq=False, kw_only=True)
class InferenceComponentInternals(
    ConstructInternals[InferenceComponentSpec, CfnInferenceComponent]
):
    """Values that a component shares with other modules of this library.

    Attributes:
        host: Endpoint of the component, as the caller supplied it.
        base: Component that an adapter is loaded into, as the caller supplied it.
        specifications: Specification for all instance types, and then those for each type.
        scaled: Scalable target of the copies.
    """

    host: EndpointOrName
    base: ComponentOrName | None
    specifications: Sequence[Any]
    scaled: ReferencedTarget | None = None

    @property
    def roles(self) -> tuple[IRole, ...]:
        """Execution roles of the endpoint's configuration that are known as constructs."""
        config = config_of(self.host)
        return () if config is None else config.role_permissions.roles

    def instance_types_of(self, construct: object) -> Iterator[str]:
        """Yield the instance types of the variant that runs this component or its model."""
        models = [getattr(each, "model", None) for each in self.specifications]
        config = config_of(self.host)
        if config is None or not any(
            each is construct for each in (*models, self.state.scope.construct)
        ):
            return
        default, *by_type = self.specifications
        named = [
            getattr(each, "instance_type", None) for each in by_type if each.model is construct
        ]
        if named and default.model is not construct:
            names = (getattr(each, "name", each) for each in named)
            yield from (each for each in names if isinstance(each, str))
            return
        for path, variant in config.spec.production():
            if self.state.spec.variant_name in {None, variant.variant_name}:
                yield from (name for _, name in instance_types_of(path, variant))

    def context_at_call(
        self, spec: InferenceComponentSpec, _: Sequence[SuppliedPart]
    ) -> InferenceComponentContext:
        """Return the component of a call with its endpoint, configuration, base and models."""
        config = config_of(self.host)
        return InferenceComponentContext(
            component=spec,
            endpoint=_spec_of(self.host, EndpointSpec),
            config=None if config is None else internals_of(config).context(),
            base=_spec_of(self.base, InferenceComponentSpec),
            models={
                path: ReferencedModel(model=model_spec, logical_id=partial(construct_path, model))
                for path, model in self._models()
                if isinstance(model_spec := getattr(model, "spec", None), ModelSpec)
            },
            data_regions=dict(self._data_regions()),
            region=self.state.scope.region,
        )

    def context(self) -> InferenceComponentContext:
        """Return the component with its scalable target and imported models as well."""
        construct = self.state.scope.construct
        imported = imported_models(self._models(), construct)
        return attrs.evolve(
            self.context_at_call(self.state.spec, ()),
            imported_models=imported,
            weak_references=weak_references(imported, construct),
            scalable_target=self.scaled,
        )

    def _data_regions(self) -> Iterator[tuple[Path, Callable[[], str | None]]]:
        for path, specification in self._with_paths():
            artifact = getattr(getattr(specification, "container", None), "artifact", None)
            if (region := data_region(artifact)) is not None:
                yield (*path, "container"), region

    def _with_paths(self) -> Iterator[tuple[Path, Any]]:
        paths: list[Path] = [("specification",)]
        paths += [("specifications", index) for index in range(len(self.specifications) - 1)]
        yield from zip(paths, self.specifications, strict=True)

    def _models(self) -> Iterator[tuple[Path, Any]]:
        """Yield each model as the caller supplied it, with the path of its name."""
        for path, specification in self._with_paths():
            if (model := getattr(specification, "model", None)) is not None:
                yield (*path, "model_name"), model


def config_of(endpoint: object) -> EndpointConfig | None:
    """Return the configuration of an endpoint of this app, if it is one of this library."""
    config = getattr(endpoint, "config", None)
    return config if isinstance(config, EndpointConfig) else None


def _spec_of(construct: object, spec_class: type[S]) -> S | None:
    spec = getattr(construct, "spec", None)
    return spec if isinstance(spec, spec_class) else None


def add_dependency(resource: cdk.CfnResource, construct: object) -> None:
    """Make a resource depend on the L1 of a construct, if there is one.

    It must not depend on other resources in the construct, such as an alarm, because these can
    refer to the component.
    """
    dependency = construct
    if not isinstance(construct, cdk.CfnResource):
        node = getattr(construct, "node", None)
        dependency = None if node is None else node.default_child
    if isinstance(dependency, cdk.CfnResource):
        resource.add_resource_dependency(dependency)


def add_model_readers(specifications: Sequence[Any], role: IRole) -> None:
    """Grant a role the permissions of the models, because SageMaker runs them with that role."""
    for specification in specifications:
        model = getattr(specification, "model", None)
        permissions = getattr(model, "role_permissions", None)
        if isinstance(permissions, RolePermissions):
            permissions.add_role(role)
