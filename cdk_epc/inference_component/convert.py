"""Conversion of a component's arguments to the values that the API accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import aws_cdk as cdk

from cdk_epc.constructs.duck_typing import has_member
from cdk_epc.constructs.values import ArgumentTypeError
from cdk_epc.endpoint_config.variant_handle import VariantHandle
from cdk_epc.inference_component.context import config_of
from cdk_epc.model.assets import AssetBinding
from cdk_epc.rules.rule import Words
from cdk_epc.spec import ComponentRuntimeConfig, ComponentTag, InferenceComponentSpec
from cdk_epc.spec.unresolved import ReferenceToken, is_mapping

if TYPE_CHECKING:
    from aws_cdk.interfaces.aws_sagemaker import IEndpointRef, IInferenceComponentRef

    EndpointOrName: TypeAlias = IEndpointRef | str
    ComponentOrName: TypeAlias = IInferenceComponentRef | str

RESOURCE: Final = "inference-component"
"""Resource type of a component in ARNs."""


def endpoint_name(endpoint: EndpointOrName) -> str:
    """Return the name of an endpoint: an attribute of the construct, or the end of its ARN.

    Raises:
        ArgumentTypeError: The value is not an endpoint.
    """
    if isinstance(endpoint, str):
        return endpoint
    for attribute in ("attr_endpoint_name", "endpoint_name"):
        if isinstance(name := getattr(endpoint, attribute, None), str):
            return ReferenceToken(name)
    if has_member(endpoint, "endpoint_ref"):
        return ReferenceToken(
            cdk.Arn.extract_resource_name(endpoint.endpoint_ref.endpoint_arn, "endpoint")
        )
    raise ArgumentTypeError(
        endpoint, "an endpoint (IEndpointRef) or its name", "Pass the endpoint construct itself."
    )


def variant_name(variant: Any) -> str:  # noqa: ANN401 - a value of any type
    """Return the name of a variant.

    Raises:
        ArgumentTypeError: The value is not a variant.
    """
    if isinstance(variant, str):
        return variant
    if isinstance(variant, VariantHandle):
        return variant.variant_name
    raise ArgumentTypeError(
        variant, "a VariantHandle or the name of a variant", "Pass endpoint.variant(name)."
    )


def component_name(component: ComponentOrName) -> str:
    """Return the name of a component, which is a literal for a component of this library.

    Raises:
        ArgumentTypeError: The value is not a component.
    """
    if isinstance(component, str):
        return component
    if isinstance(name := getattr(component, "name_in_metrics", None), str):
        return ReferenceToken(name)
    if has_member(component, "inference_component_ref"):
        arn = component.inference_component_ref.inference_component_arn
        return ReferenceToken(cdk.Arn.extract_resource_name(arn, RESOURCE))
    raise ArgumentTypeError(
        component,
        "an inference component (IInferenceComponentRef) or its name",
        "Pass the component construct itself.",
    )


def component_tags(tags: Any) -> Any:  # noqa: ANN401 - see below
    """Return tags as the API accepts them; a token or a wrong value stays unchanged."""
    if not is_mapping(tags):
        return tags
    return tuple(ComponentTag(key=key, value=value) for key, value in tags.items())


def base_name(spec: InferenceComponentSpec) -> str | None:
    """Return the name of the component that an adapter is loaded into."""
    specification = spec.specification
    return None if specification is None else specification.base_inference_component_name


def runtime_config(copies: Any) -> ComponentRuntimeConfig:  # noqa: ANN401 - the rules check it
    """Return a number of copies as the API accepts it."""
    return ComponentRuntimeConfig(copy_count=copies)


def only_variant(endpoint: object) -> str | None:
    """Return the name of the only production variant of an endpoint of this app, if it has one."""
    config = config_of(endpoint)
    if config is None:
        return None
    names = [variant.variant_name for _, variant in config.spec.production()]
    return names[0] if len(names) == 1 else None


def image_uri(image: Any) -> Any:  # noqa: ANN401 - a value of any type
    """Return the URI of a container's image.

    Raises:
        ArgumentTypeError: The value is not an image in ECR.
    """
    if not isinstance(image, AssetBinding):
        raise ArgumentTypeError(
            image, "a ContainerImage or the URI of an image", "Pass ContainerImage.from_uri(...)."
        )
    uri, *others = image.bind()
    if any(each is not None for each in others):
        raise ArgumentTypeError(
            Words("an image of a private registry"),
            "an image in ECR, because a component has no registry credentials",
            "Copy the image to ECR, or pass a Model with the image.",
        )
    return uri


def artifact_url(artifact: Any) -> Any:  # noqa: ANN401 - a value of any type
    """Return the S3 URI of a packed artifact.

    Raises:
        ArgumentTypeError: The value is not one packed archive.
    """
    if not isinstance(artifact, AssetBinding):
        raise ArgumentTypeError(
            artifact,
            "a ModelData, an S3Location or an S3 URI",
            'Write ModelData.from_s3(S3Location(bucket, "adapter.tar.gz")), for example.',
        )
    url, *others = artifact.bind()
    if url is None or any(each is not None for each in others):
        raise ArgumentTypeError(
            Words("an unpacked folder or several artifacts"),
            "one packed archive (.tar.gz) for an adapter, for a container with metrics, and on an "
            "endpoint whose execution role is not known",
            "Pass ModelData.from_s3(...), or a Model with these artifacts.",
        )
    return url
