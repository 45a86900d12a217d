"""What a component runs, for all instances alike or for each type of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from cdk_epc.catalog.instances import InstanceType
from cdk_epc.constructs.convert import instance_type_name, model_name, seconds
from cdk_epc.constructs.values import (
    Value,
    argument,
    arguments_of,
    as_given,
    several,
    value,
)
from cdk_epc.inference_component.convert import artifact_url, component_name, image_uri
from cdk_epc.inference_component.values import (
    ComponentScheduling,
    ComponentStartup,
    ComputeRequirements,
)
from cdk_epc.spec import ComponentContainer as ComponentContainerSpec
from cdk_epc.spec import (
    ComponentSpecification,
    InstanceTypeSpecification,
    Spec,
)
from cdk_epc.spec import MetricsEndpoint as MetricsEndpointSpec

if TYPE_CHECKING:
    from aws_cdk import Duration

    from cdk_epc.constructs.convert import Model
    from cdk_epc.inference_component.convert import AnyComponent
    from cdk_epc.model import ContainerImage, ModelData


@value
class MetricsEndpoint(Value):
    """Where a container serves metrics of its own, in the format of Prometheus.

    Attributes:
        path: The path, for example ``"/metrics"``.
        frequency: How often they are published: 10, 30, 60, 120, 180, 240 or 300 seconds; 60 by
            default.
    """

    SPEC: ClassVar[type[Spec]] = MetricsEndpointSpec

    path: str = argument("metrics_endpoint_path", kw_only=False)
    frequency: Duration | None = argument(
        "metric_publish_frequency_in_seconds", lower=seconds, default=None
    )


def _only(metrics: MetricsEndpoint) -> tuple[object, ...]:
    """The list of one that the API takes."""
    return (as_given(metrics),)


@value
class ComponentContainer(Value):
    """A container of a component's own: its image, its artifact and its environment.

    Attributes:
        image: The image; none for an adapter, which its base runs.
        artifact: One packed archive (``.tar.gz``) in S3: the model, or the adapter.
        environment: Variables, 16 at most, each with a name of two characters or more and a value
            of 1024 at most.
        metrics: Where the container serves metrics of its own. Without it, SageMaker looks at
            ``/metrics`` where detailed observability is on.
    """

    SPEC: ClassVar[type[Spec]] = ComponentContainerSpec

    image: ContainerImage | str | None = argument("image", lower=image_uri, default=None)
    artifact: ModelData | str | None = argument("artifact_url", lower=artifact_url, default=None)
    environment: Mapping[str, str] | None = argument("environment", default=None)
    metrics: MetricsEndpoint | None = argument(
        "container_metrics_config.metrics_endpoints", lower=_only, default=None
    )


@value
class Running(Value):
    """What a component runs, and what that needs of an instance."""

    SPEC: ClassVar[type[Spec]] = ComponentSpecification

    model: Model | None = argument("model_name", lower=model_name, default=None)
    container: ComponentContainer | None = argument("container", default=None)
    compute: ComputeRequirements | None = argument("compute_resource_requirements", default=None)
    startup: ComponentStartup | None = argument("startup_parameters", default=None)
    cache: bool | None = argument("data_cache_config.enable_caching", default=None)
    scheduling: ComponentScheduling | None = argument("scheduling_config", default=None)


@value
class RunningAnywhere(Running):
    """The same, whatever the instance: the arguments of `InferenceComponent` itself."""

    base_component: AnyComponent | None = argument(
        "base_inference_component_name", lower=component_name, default=None
    )


@value
class InstanceTypeSpecification(Running):
    """What a component runs on instances of one type, where a variant has pools of several.

    Attributes:
        instance_type: The type.
        model: The model, or its name.
        container: A container of the component's own, in place of a model.
        compute: What each copy takes of an instance.
        startup: How long a copy may take to start.
        cache: Whether each instance keeps the image and the artifact, so that copies start faster.
        scheduling: Where copies are placed.
    """

    SPEC: ClassVar[type[Spec]] = InstanceTypeSpecification

    instance_type: InstanceType = argument("instance_type", lower=instance_type_name, kw_only=False)


def specifications_of(given: object) -> tuple[Any, ...]:
    """What runs on each instance type, as it was given.

    Raises:
        UnfitError: It is no list.
    """
    return several(
        given,
        "a list of InstanceTypeSpecification",
        "Put them into a list: [InstanceTypeSpecification(...), ...].",
    )


def is_said(running: Value) -> bool:
    """Whether anything was given of what runs."""
    return any(getattr(running, each.name) is not None for each in arguments_of(type(running)))
