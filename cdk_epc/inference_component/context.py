"""A component and the constructs around it: whom it waits for, who reads what, what rules see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

import aws_cdk as cdk

from cdk_epc.constructs.supplied_models import imported_models
from cdk_epc.endpoint_config.construct import Building
from cdk_epc.permissions import RolePermissions
from cdk_epc.spec import EndpointSpec, InferenceComponentSpec, ModelSpec, Path, Spec
from cdk_epc.spec.context import ConfigContext, InferenceComponentContext, ReferencedModel

if TYPE_CHECKING:
    from aws_cdk.aws_iam import IRole
    from constructs import IConstruct

    from cdk_epc.constructs.resource_state import ResourceState
    from cdk_epc.spec.context import ReferencedTarget


S = TypeVar("S", bound=Spec)


def config_of(endpoint: object) -> Building | None:
    """The configuration of an endpoint of this app."""
    config = getattr(endpoint, "config", None)
    return config if isinstance(config, Building) else None


def roles_of(endpoint: object) -> tuple[IRole, ...]:
    """The execution roles of an endpoint's configuration that are known as constructs."""
    config = config_of(endpoint)
    return () if config is None else config.role_permissions.roles


def depend_on(resource: cdk.CfnResource, other: object) -> None:
    """Make a resource after the resource behind a construct, and after nothing else of that.

    What else is below the construct, such as an alarm, may itself be about the component.
    """
    child = other if isinstance(other, cdk.CfnResource) else None
    node = getattr(other, "node", None)
    if child is None and node is not None:
        child = node.default_child
    if isinstance(child, cdk.CfnResource):
        resource.add_resource_dependency(child)


def read_by(running: Sequence[Any], role: IRole) -> None:
    """Let the execution role read what the models read: SageMaker runs them with that role."""
    for each in running:
        of_model = getattr(getattr(each, "model", None), "role_permissions", None)
        if isinstance(of_model, RolePermissions):
            of_model.add_role(role)


def component_context(
    state: ResourceState[InferenceComponentSpec],
    endpoint: object,
    base: object,
    running: Sequence[Any],
    scaled: ReferencedTarget | None,
) -> InferenceComponentContext:
    """The component with its endpoint, configuration, base and models, as far as they are ours."""
    config = config_of(endpoint)
    context = config._state.context() if config is not None else None  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
    return InferenceComponentContext(
        component=state.spec,
        endpoint=_spec_of(endpoint, EndpointSpec),
        config=context if isinstance(context, ConfigContext) else None,
        base=_spec_of(base, InferenceComponentSpec),
        models={
            path: ReferencedModel(model=spec, logical_id=cast("IConstruct", model).node.path)
            for path, model in _models(running)
            if isinstance(spec := getattr(model, "spec", None), ModelSpec)
        },
        imported_models=imported_models(_models(running), state.scope.construct),
        scaled=scaled,
    )


def _spec_of(construct: object, cls: type[S]) -> S | None:
    spec = getattr(construct, "spec", None)
    return spec if isinstance(spec, cls) else None


def _models(running: Sequence[Any]) -> Iterator[tuple[Path, Any]]:
    """Every model as it was given, with the place of its name."""
    places: list[Path] = [("specification",)]
    places += [("specifications", index) for index in range(len(running) - 1)]
    for place, each in zip(places, running, strict=True):
        if (model := getattr(each, "model", None)) is not None:
            yield (*place, "model_name"), model
