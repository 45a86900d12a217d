"""Summary of a configuration as a few lines of text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from cdk_epc.spec import (
    AsyncInferenceConfig,
    AsyncInferenceOutputConfig,
    DataCaptureConfig,
    Path,
    ProductionVariant,
    ServerlessConfig,
)
from cdk_epc.spec.unresolved import is_unresolved, items_of

if TYPE_CHECKING:
    from cdk_epc.endpoint_config.variant_handle import VariantHandle
    from cdk_epc.spec import EndpointConfigSpec

_UNRESOLVED: Final = "(known at deployment)"


def summary_of(
    title: str,
    spec: EndpointConfigSpec,
    variants: Sequence[VariantHandle],
    with_chosen_image: Collection[Path],
) -> str:
    """Return the title, a line for each variant and a line for each feature.

    Args:
        title: First line.
        spec: The configuration.
        variants: Its variants.
        with_chosen_image: Paths of the variants whose machine image this library chose.
    """
    lines = _lines(spec, variants, with_chosen_image)
    return "\n".join([title, *(f"  {line}" for line in lines)])


def _lines(
    spec: EndpointConfigSpec,
    variants: Sequence[VariantHandle],
    with_chosen_image: Collection[Path],
) -> Iterator[str]:
    for handle in variants:
        kind = "shadow variant" if handle.is_shadow else "variant"
        parts = [part for part in (_compute(handle.spec), *_model(handle)) if part]
        if (image := handle.spec.inference_ami_version) is not None:
            is_chosen = handle.path in with_chosen_image
            reason = " (chosen because the container image needs CUDA 13)" if is_chosen else ""
            parts.append(f"machine image {_text(image)}{reason}")
        yield f"{kind} {_text(handle.variant_name)}: {', '.join(parts)}"
    if not variants:
        yield "no variants"
    yield from _features(spec)


def _compute(variant: ProductionVariant) -> str:
    if isinstance(variant.serverless_config, ServerlessConfig):
        serverless = variant.serverless_config
        provisioned = serverless.provisioned_concurrency
        return (
            f"serverless, {_text(serverless.memory_size_in_mb)} MB, "
            f"{_text(serverless.max_concurrency)} concurrent requests"
            + (f", {_text(provisioned)} provisioned" if provisioned is not None else "")
        )
    pools = [
        _text(getattr(pool, "instance_type", None)) for pool in items_of(variant.instance_pools)
    ]
    types = " or ".join(pools) or _text(variant.instance_type)
    return f"{_text(variant.initial_instance_count)} x {types}"


def _model(handle: VariantHandle) -> Iterator[str]:
    if handle.spec.model_name is None:
        yield "for inference components"
        return
    yield f"model {_text(handle.spec.model_name)}"
    if (share := handle.traffic_share) is not None:
        copied = "a copy of " if handle.is_shadow else ""
        yield f"{copied}{share:.1%} of the traffic"


def _features(spec: EndpointConfigSpec) -> Iterator[str]:
    if isinstance(spec.async_inference_config, AsyncInferenceConfig):
        output = spec.async_inference_config.output_config
        uri = output.s3_output_path if isinstance(output, AsyncInferenceOutputConfig) else None
        yield f"asynchronous inference, responses to {_text(uri)}"
    if isinstance(spec.data_capture_config, DataCaptureConfig):
        capture = spec.data_capture_config
        yield (
            f"capture of {_text(capture.initial_sampling_percentage)}% of the requests "
            f"to {_text(capture.destination_s3_uri)}"
        )
    if spec.explainer_config is not None:
        yield "explanations by SageMaker Clarify"
    if spec.kms_key_id is not None:
        yield f"storage encrypted with {_text(spec.kms_key_id)}"
    if spec.vpc_config is not None:
        yield "in a VPC"
    if spec.enable_network_isolation:
        yield "network isolation"


def _text(value: object) -> str:
    return _UNRESOLVED if is_unresolved(value) else str(value)
