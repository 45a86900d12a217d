"""Specifications of a component: model or container, compute, startup and scheduling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from cdk_epc.constructs.convert import instance_type_name, model_name, seconds
from cdk_epc.constructs.values import (
    Value,
    argument,
    arguments_of,
    convert_value,
    require_list,
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
    Spec,
)
from cdk_epc.spec import InstanceTypeSpecification as InstanceTypeSpecificationSpec
from cdk_epc.spec import MetricsEndpoint as MetricsEndpointSpec

if TYPE_CHECKING:
    from aws_cdk import Duration

    from cdk_epc.constructs.convert import InstanceTypeOrName, ModelOrName, S3LocationOrUri
    from cdk_epc.inference_component.convert import ComponentOrName
    from cdk_epc.model import ContainerImage, ModelData


@value
class MetricsEndpoint(Value):
    """HTTP path at which a container serves custom metrics in the format of Prometheus.

    Attributes:
        path: The path, for example ``"/metrics"``.
        frequency: Interval at which SageMaker publishes the metrics: 10, 30, 60, 120, 180, 240 or
            300 seconds; 60 by default.
    """

    SPEC: ClassVar[type[Spec]] = MetricsEndpointSpec

    path: str = argument("metrics_endpoint_path", kw_only=False)
    frequency: Duration | None = argument(
        "metric_publish_frequency_in_seconds", convert=seconds, default=None
    )


def _one_endpoint(metrics: MetricsEndpoint) -> tuple[object, ...]:
    """Return the list of metrics endpoints of the API, which has one item."""
    return (convert_value(metrics),)


@value
class ComponentContainer(Value):
    """Container of a component: image, artifact and environment.

    Attributes:
        image: The image; ``None`` for an adapter, which runs in the container of its base.
        artifact: Artifacts of the model, or the packed archive (``.tar.gz``) of an adapter, which
            can be an `S3Location` or a URI. Other artifacts than one archive, such as
            `ModelData.from_s3_folder`, become a model of the component; they require an endpoint of
            this library whose configuration has an execution role, and no ``metrics``.
        environment: Environment variables, 16 at most; each has a name of 2 characters or more and
            a value of 1024 characters at most.
        metrics: Path at which the container serves custom metrics; by default SageMaker reads
            ``/metrics`` if detailed observability is on.
    """

    SPEC: ClassVar[type[Spec]] = ComponentContainerSpec

    image: ContainerImage | str | None = argument("image", convert=image_uri, default=None)
    artifact: ModelData | S3LocationOrUri | None = argument(
        "artifact_url", convert=artifact_url, default=None
    )
    environment: Mapping[str, str] | None = argument("environment", default=None)
    metrics: MetricsEndpoint | None = argument(
        "container_metrics_config.metrics_endpoints", convert=_one_endpoint, default=None
    )


@value
class Specification(Value):
    """Base of the specifications."""

    SPEC: ClassVar[type[Spec]] = ComponentSpecification

    model: ModelOrName | None = argument("model_name", convert=model_name, default=None)
    container: ComponentContainer | None = argument("container", default=None)
    compute: ComputeRequirements | None = argument("compute_resource_requirements", default=None)
    startup: ComponentStartup | None = argument("startup_parameters", default=None)
    cache: bool | None = argument("data_cache_config.enable_caching", default=None)
    scheduling: ComponentScheduling | None = argument("scheduling_config", default=None)


@value
class DefaultSpecification(Specification):
    """Specification for all instance types: the arguments of `InferenceComponent` itself."""

    base_component: ComponentOrName | None = argument(
        "base_inference_component_name", convert=component_name, default=None
    )


@value
class InstanceTypeSpecification(Specification):
    """Specification for one instance type, for a variant with several instance pools.

    Attributes:
        instance_type: The instance type, or its name.
        model: The model, or its name.
        container: Container in place of a model.
        compute: Compute resources of each copy.
        startup: Time limits for the start of a copy.
        cache: Whether each instance caches the image and the artifact, so that copies start faster.
        scheduling: Placement of the copies.
    """

    SPEC: ClassVar[type[Spec]] = InstanceTypeSpecificationSpec

    instance_type: InstanceTypeOrName = argument(
        "instance_type", convert=instance_type_name, kw_only=False
    )


def specifications_of(given: object) -> tuple[Any, ...]:
    """Return the specifications of a component for each instance type.

    Raises:
        ArgumentTypeError: The value is not a list.
    """
    return require_list(
        given,
        "a list of InstanceTypeSpecification",
        "Pass a list: [InstanceTypeSpecification(...), ...].",
    )


def is_set(specification: Value) -> bool:
    """Return whether any argument of a specification is set."""
    names = (each.name for each in arguments_of(type(specification)))
    return any(getattr(specification, name) is not None for name in names)
