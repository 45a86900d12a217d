"""Model of a component whose artifacts the container of a component cannot name.

The container of a component has the URL of one archive. Other artifacts, such as a prefix or those
of a hub, need a model. The model has the execution role, the network and the network isolation of
the endpoint's configuration, because SageMaker runs the component with these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

import attrs
from constructs import Construct

from cdk_epc.constructs.deferred_string import DeferredString
from cdk_epc.constructs.internals import internals_of
from cdk_epc.inference_component.context import config_of
from cdk_epc.inference_component.specification import ComponentContainer, Specification
from cdk_epc.model import Container, Model, ModelData
from cdk_epc.model.assets import unused_id
from cdk_epc.rules import EndpointConfigError

if TYPE_CHECKING:
    from cdk_epc.endpoint_config import EndpointConfig
    from cdk_epc.inference_component.construct import InferenceComponent
    from cdk_epc.rules import Profile


@attrs.frozen(eq=False)
class OwnModel:
    """Model of a component that is created after the component.

    Attributes:
        container: Container of the component, which becomes that of the model.
        config: Configuration of the component's endpoint.
        name: Name of the model.
    """

    container: ComponentContainer
    config: EndpointConfig
    name: DeferredString = attrs.Factory(DeferredString)

    @property
    def model_name(self) -> str:
        """Name of the model, a token."""
        return self.name.token

    def create(self, component: Construct, profile: Profile) -> Model:
        """Create the model below the component."""
        config = self.config.spec
        container = Container(
            image=self.container.image,
            model_data=self.container.artifact,
            environment=self.container.environment,
        )
        model = Model(
            component,
            unused_id(component, "Model"),
            container=container,
            execution_role=_role_of(self.config),
            vpc=config.vpc_config,
            network_isolation=config.enable_network_isolation,
            profile=profile,
        )
        self.name.text = model.model_name
        return model


def with_own_models(specifications: Iterable[Any], endpoint: object) -> list[Any]:
    """Return specifications with a model in place of each container that needs one."""
    config = config_of(endpoint)
    return [_with_own_model(each, config) for each in specifications]


def _with_own_model(value: Any, config: EndpointConfig | None) -> Any:  # noqa: ANN401 - any type
    container = value.container if isinstance(value, Specification) else None
    if not isinstance(container, ComponentContainer) or not _needs_model(container):
        return value
    if config is None or _role_of(config) is None or value.model is not None:
        return value  # the conversion of the container reports the artifacts
    # Type checkers do not see that the value is an attrs class.
    return attrs.evolve(cast("Any", value), container=None, model=OwnModel(container, config))


def _needs_model(container: ComponentContainer) -> bool:
    # The specification of a model has no metrics endpoint, and an adapter has no image.
    if container.image is None or container.metrics is not None:
        return False
    return isinstance(container.artifact, ModelData) and container.artifact.needs_model


def _role_of(config: EndpointConfig) -> Any:  # noqa: ANN401 - as the caller supplied it
    parts = internals_of(config).state.supplied_parts
    roles = [each.value for each in parts if each.path == ("execution_role_arn",)]
    return roles[-1] if roles else None


def create_models(
    component: InferenceComponent, specifications: Sequence[Any], profile: Profile
) -> list[Any]:
    """Create the models below a component, and return the specifications with these models.

    Raises:
        EndpointConfigError: SageMaker would refuse a model, or a model would not start on the
            instances. The component is removed again, so that its id stays unused.
    """
    if not any(isinstance(getattr(each, "model", None), OwnModel) for each in specifications):
        return list(specifications)
    internals = internals_of(component)
    try:
        created = [_with_created_model(each, component, profile) for each in specifications]
        internals.specifications = created
        internals.state.check_at_call()
    except EndpointConfigError:
        scope = component.node.scope
        if scope is not None:
            scope.node.try_remove_child(component.node.id)
        raise
    return created


def _with_created_model(value: Any, component: Construct, profile: Profile) -> Any:  # noqa: ANN401
    model = getattr(value, "model", None)
    if not isinstance(model, OwnModel):
        return value
    return attrs.evolve(value, model=model.create(component, profile))
