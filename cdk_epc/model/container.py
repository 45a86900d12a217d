"""Container of a model, as a typed value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, cast

import attrs
from constructs import Construct

from cdk_epc.catalog.image_references import parse_image
from cdk_epc.catalog.image_traits import ImageTraits
from cdk_epc.constructs.s3_location import S3Location
from cdk_epc.constructs.values import (
    ArgumentTypeError,
    Value,
    argument,
    value,
)
from cdk_epc.model.assets import AssetBinding
from cdk_epc.model.container_image import ContainerImage
from cdk_epc.model.model_data import ModelData
from cdk_epc.spec import ContainerDefinition, Spec
from cdk_epc.spec.unresolved import known_parts

if TYPE_CHECKING:
    from cdk_epc.constructs.convert import S3LocationOrUri


def _image(image: object) -> tuple[Any, ...]:
    if isinstance(image, AssetBinding):
        return image.bind()
    if isinstance(image, str):
        return image, None
    raise ArgumentTypeError(
        image,
        "a ContainerImage or the URI of an image",
        "Use a method of ContainerImage, for example ContainerImage.from_ecr_repository.",
    )


def _model_data(data: object) -> tuple[Any, ...]:
    if isinstance(data, AssetBinding):
        return data.bind()
    if isinstance(data, str):
        return data, None, None, None
    raise ArgumentTypeError(
        data,
        "a ModelData, an S3Location or an S3 URI",
        'Write ModelData.from_s3(S3Location(bucket, "model.tar.gz")), for example.',
    )


@value
class Container(Value):
    """Container of a model: an image with its artifacts, or a model package, which has both.

    Attributes:
        image: The image or its URI.
        model_data: The artifacts, or an archive in S3 as an `S3Location` or a URI; not needed if
            the image contains them.
        environment: Environment variables, at most 100; do not use them for secrets.
        hostname: Name of the container among several, which requests use to call it directly.
        model_package: Name or ARN of a model package, your own or from AWS Marketplace, instead
            of image and artifacts. This library does not know where your package has its image and
            artifacts; grant the model's ``execution_role`` the permissions to read them. A package
            from AWS Marketplace requires network isolation.
        inference_specification_name: Name of an inference specification of the package.
    """

    SPEC: ClassVar[type[Spec]] = ContainerDefinition

    image: ContainerImage | str | None = argument(
        "image", "image_config", convert=_image, default=None
    )
    model_data: ModelData | S3LocationOrUri | None = argument(
        "model_data_url",
        "model_data_source",
        "mode",
        "multi_model_config",
        convert=_model_data,
        default=None,
    )
    environment: Mapping[str, str] | None = argument("environment", default=None)
    hostname: str | None = argument("container_hostname", default=None)
    model_package: str | None = argument("model_package_name", default=None)
    inference_specification_name: str | None = argument(
        "inference_specification_name", default=None
    )


def with_bindings(container: Container, scope: Construct) -> Container:
    """Return a container whose image and artifacts are bound to the stack of a scope."""
    image, data = container.image, container.model_data
    if isinstance(image, str):
        image = ContainerImage.from_uri(image)
    if isinstance(data, (str, S3Location)):
        data = ModelData.from_s3(data)
    changes: dict[str, Any] = {}
    if isinstance(image, ContainerImage):
        changes["image"] = AssetBinding(image, scope)
    if isinstance(data, ModelData):
        changes["model_data"] = AssetBinding(data, scope)
    evolved: Container = attrs.evolve(cast("Any", container), **changes)  # it is an attrs class
    return evolved


def bindings_of(container: Container) -> Iterator[AssetBinding]:
    """Yield the bindings of a container."""
    given: tuple[object, ...] = (container.image, container.model_data)
    for each in given:
        if isinstance(each, AssetBinding):
            yield each


def published_traits(container: object) -> ImageTraits | None:
    """Return the hardware and uses of a container's image, if AWS publishes the image."""
    image: object = (
        container.image if isinstance(container, (Container, ContainerDefinition)) else None
    )
    if isinstance(image, AssetBinding):
        if image.bound is None:
            return None
        if image.bound.traits is not None:
            return image.bound.traits
        image = image.bound.values[0]
    reference = parse_image(known_parts(image))
    return None if reference is None else reference.traits
