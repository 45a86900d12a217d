"""A configuration on a few lines, for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cdk_epc.spec import (
    AsyncInferenceConfig,
    AsyncInferenceOutputConfig,
    DataCaptureConfig,
    ProductionVariant,
    ServerlessConfig,
)
from cdk_epc.spec.unresolved import is_unresolved, items_of

if TYPE_CHECKING:
    from cdk_epc.endpoint_config.variant_handle import VariantHandle
    from cdk_epc.spec import EndpointConfigSpec

_AT_DEPLOYMENT = "(known at deployment)"


def summary_of(title: str, spec: EndpointConfigSpec, variants: Sequence[VariantHandle]) -> str:
    """The variants with what they run on and their traffic, then what is switched on."""
    return "\n".join([title, *(f"  {line}" for line in _lines(spec, variants))])


def _lines(spec: EndpointConfigSpec, variants: Sequence[VariantHandle]) -> Iterator[str]:
    for handle in variants:
        kind = "shadow variant" if handle.is_shadow else "variant"
        parts = [f"{kind} {_text(handle.variant_name)}", _compute(handle.spec), _model(handle)]
        yield ", ".join(part for part in parts if part)
    if not variants:
        yield "no variants yet"
    yield from _features(spec)


def _compute(variant: ProductionVariant) -> str:
    if isinstance(variant.serverless_config, ServerlessConfig):
        serverless = variant.serverless_config
        warm = serverless.provisioned_concurrency
        return (
            f"serverless, {_text(serverless.memory_size_in_mb)} MB, "
            f"{_text(serverless.max_concurrency)} at a time"
            + (f", {_text(warm)} kept warm" if warm is not None else "")
        )
    pools = [
        _text(getattr(pool, "instance_type", None)) for pool in items_of(variant.instance_pools)
    ]
    types = " or ".join(pools) or _text(variant.instance_type)
    return f"{_text(variant.initial_instance_count)} x {types}"


def _model(handle: VariantHandle) -> str:
    if handle.spec.model_name is None:
        return "for inference components"
    share = handle.traffic_share
    verb = "a copy of " if handle.is_shadow else ""
    traffic = f", {verb}{share:.1%} of the traffic" if share is not None else ""
    return f"model {_text(handle.spec.model_name)}{traffic}"


def _features(spec: EndpointConfigSpec) -> Iterator[str]:
    if isinstance(spec.async_inference_config, AsyncInferenceConfig):
        output = spec.async_inference_config.output_config
        where = output.s3_output_path if isinstance(output, AsyncInferenceOutputConfig) else None
        yield f"asynchronous, answers to {_text(where)}"
    if isinstance(spec.data_capture_config, DataCaptureConfig):
        capture = spec.data_capture_config
        yield (
            f"captures {_text(capture.initial_sampling_percentage)} % of the requests "
            f"to {_text(capture.destination_s3_uri)}"
        )
    if spec.explainer_config is not None:
        yield "explained by Clarify"
    if spec.kms_key_id is not None:
        yield f"encrypted with {_text(spec.kms_key_id)}"
    if spec.vpc_config is not None:
        yield "in a VPC"
    if spec.enable_network_isolation:
        yield "isolated from the network"


def _text(value: object) -> str:
    return _AT_DEPLOYMENT if is_unresolved(value) else str(value)
