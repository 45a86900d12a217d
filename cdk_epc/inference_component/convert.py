"""From the constructs around a component to the names that the API takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import aws_cdk as cdk

from cdk_epc.constructs.duck_typing import has_member
from cdk_epc.constructs.values import ArgumentTypeError
from cdk_epc.endpoint_config.construct import Building
from cdk_epc.endpoint_config.variant_handle import VariantHandle
from cdk_epc.model.assets import AssetBinding
from cdk_epc.rules.rule import Words
from cdk_epc.spec import ComponentRuntimeConfig, ComponentTag, InferenceComponentSpec
from cdk_epc.spec.unresolved import ReferenceToken, is_mapping

if TYPE_CHECKING:
    from aws_cdk.interfaces.aws_sagemaker import IEndpointRef, IInferenceComponentRef

    AnyEndpoint: TypeAlias = IEndpointRef | str
    AnyComponent: TypeAlias = IInferenceComponentRef | str

RESOURCE: Final = "inference-component"
"""What an ARN calls a component."""


def endpoint_name(endpoint: AnyEndpoint) -> str:
    """The name of an endpoint: a construct's attribute, or the end of its ARN."""
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
        endpoint, "an endpoint (IEndpointRef) or its name", "Give the endpoint construct itself."
    )


def variant_name(variant: Any) -> str:  # noqa: ANN401 - whatever was given
    """The name of a variant."""
    if isinstance(variant, str):
        return variant
    if isinstance(variant, VariantHandle):
        return variant.variant_name
    raise ArgumentTypeError(
        variant, "a variant or its name", "Give what endpoint.variant(…) gives."
    )


def component_name(component: AnyComponent) -> str:
    """The name of a component, which is no reference where it is one of ours."""
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
        "Give the component construct itself.",
    )


def component_tags(tags: Any) -> Any:  # noqa: ANN401 - a token or a mistake stays what it is
    """Tags as the API takes them."""
    if not is_mapping(tags):
        return tags
    return tuple(ComponentTag(key=key, value=what) for key, what in tags.items())


def base_name(spec: InferenceComponentSpec) -> str | None:
    """The name of the component that an adapter is loaded into."""
    running = spec.specification
    return None if running is None else running.base_inference_component_name


def runtime_config(copies: Any) -> ComponentRuntimeConfig:  # noqa: ANN401 - judged by the rules
    """A number of copies as the API takes it."""
    return ComponentRuntimeConfig(copy_count=copies)


def only_variant(endpoint: object) -> str | None:
    """The only variant that answers requests, where an endpoint of this app has one."""
    config = getattr(endpoint, "config", None)
    if not isinstance(config, Building):
        return None
    names = [variant.variant_name for _, variant in config.spec.production()]
    return names[0] if len(names) == 1 else None


def image_uri(image: Any) -> Any:  # noqa: ANN401 - told apart by what it offers
    """Where the image of a container is."""
    if not isinstance(image, AssetBinding):
        raise ArgumentTypeError(
            image, "a ContainerImage or the URI of an image", "Write ContainerImage.from_…(…)."
        )
    uri, *others = image.bind()
    if any(each is not None for each in others):
        raise ArgumentTypeError(
            Words("an image of a private registry"),
            "an image in ECR, for a component has no credentials of a registry",
            "Copy the image to ECR, or give a Model with it.",
        )
    return uri


def artifact_url(artifact: Any) -> Any:  # noqa: ANN401 - told apart by what it offers
    """Where the packed artifact is."""
    if not isinstance(artifact, AssetBinding):
        raise ArgumentTypeError(
            artifact, "a ModelData or an S3 URI", 'Write ModelData.from_bucket(bucket, "key").'
        )
    url, *others = artifact.bind()
    if url is None or any(each is not None for each in others):
        raise ArgumentTypeError(
            Words("artifacts that are no single archive"),
            "one packed archive (.tar.gz)",
            "Write ModelData.from_bucket(…), or give a Model with these artifacts.",
        )
    return url
