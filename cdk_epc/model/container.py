"""One container of a model, as a typed value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, cast

import attrs
from constructs import Construct

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


def _image(image: object) -> tuple[Any, ...]:
    if isinstance(image, AssetBinding):
        return image.read()
    if isinstance(image, str):
        return image, None
    raise ArgumentTypeError(
        image,
        "a ContainerImage or the URI of an image",
        "Take one of ContainerImage's methods, for example from_ecr_repository.",
    )


def _model_data(data: object) -> tuple[Any, ...]:
    if isinstance(data, AssetBinding):
        return data.read()
    if isinstance(data, str):
        return data, None, None, None
    raise ArgumentTypeError(
        data,
        "a ModelData or an S3 URI",
        "Take one of ModelData's methods, for example from_bucket.",
    )


@value
class Container(Value):
    """What runs: an image with the artifacts that it loads, or a model package, which has both.

    Attributes:
        image: The image, or its URI.
        model_data: The artifacts, or the S3 URI of an archive; none where the image has everything.
        environment: Variables, 100 at most; no secrets.
        hostname: The container's name among several, by which requests find it where containers are
            called directly.
        model_package: The name or the ARN of a model package, of one's own or of AWS Marketplace,
            in place of image and artifacts. What the role needs to read those of a package of one's
            own, nobody but its owner knows; grant it to the model's ``execution_role``. A package
            of AWS Marketplace needs network isolation.
        inference_specification_name: The specification of the package that is meant.
    """

    SPEC: ClassVar[type[Spec]] = ContainerDefinition

    image: ContainerImage | str | None = argument(
        "image", "image_config", convert=_image, default=None
    )
    model_data: ModelData | str | None = argument(
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


def in_stack(container: Container, scope: Construct) -> Container:
    """A container whose image and artifacts are to be read in the stack of a scope."""
    image, data = container.image, container.model_data
    if isinstance(image, str):
        image = ContainerImage.from_uri(image)
    if isinstance(data, str):
        data = ModelData.from_uri(data)
    changes: dict[str, Any] = {}
    if isinstance(image, ContainerImage):
        changes["image"] = AssetBinding(image, scope)
    if isinstance(data, ModelData):
        changes["model_data"] = AssetBinding(data, scope)
    evolved: Container = attrs.evolve(cast("Any", container), **changes)  # it is an attrs class
    return evolved


def bindings_of(container: Container) -> Iterator[AssetBinding]:
    """What of a container is in a stack."""
    given: tuple[object, ...] = (container.image, container.model_data)
    for what in given:
        if isinstance(what, AssetBinding):
            yield what
