"""Responses of AWS about a running endpoint; requires the extra ``aws``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from cdk_epc.parsing import UnusableInputError


def live_responses(
    endpoint: str, region: str | None, *, with_details: bool = False
) -> list[Mapping[str, Any]]:
    """Return the descriptions of an endpoint, its configuration, models and scalable targets.

    Args:
        endpoint: Name of the endpoint.
        region: Region; by default that of the environment.
        with_details: Whether the inference components, the scaling policies and the scheduled
            actions are described too.

    Raises:
        UnusableInputError: boto3 is not installed, or AWS refuses a call.
    """
    try:
        boto3, errors = import_module("boto3"), import_module("botocore.exceptions")
    except ImportError:
        raise UnusableInputError(
            'boto3 is not installed; install it with pip install "cdk-epc[aws]"'
        ) from None
    try:
        session = boto3.Session(region_name=region)
        found = list(_responses(session, endpoint))
        return [*found, *_details(session, endpoint, found)] if with_details else found
    except (errors.BotoCoreError, errors.ClientError) as error:
        raise UnusableInputError(f"the request to AWS failed: {error}") from None


def _responses(session: Any, endpoint: str) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - boto3 has no types
    sagemaker = session.client("sagemaker")
    described: Mapping[str, Any] = sagemaker.describe_endpoint(EndpointName=endpoint)
    yield described
    name = described["EndpointConfigName"]
    config: Mapping[str, Any] = sagemaker.describe_endpoint_config(EndpointConfigName=name)
    yield config
    variants = config.get("ProductionVariants", [])
    models = dict.fromkeys(each["ModelName"] for each in variants if "ModelName" in each)
    for model in models:
        yield sagemaker.describe_model(ModelName=model)
    ids = [f"endpoint/{endpoint}/variant/{each['VariantName']}" for each in variants]
    scaling = session.client("application-autoscaling")
    yield scaling.describe_scalable_targets(ServiceNamespace="sagemaker", ResourceIds=ids)


def _details(
    session: Any,  # noqa: ANN401 - boto3 has no types
    endpoint: str,
    found: list[Mapping[str, Any]],
) -> Iterator[Mapping[str, Any]]:
    """Yield the descriptions of components, and of the policies and schedules of all targets."""
    sagemaker = session.client("sagemaker")
    scaling = session.client("application-autoscaling")
    ids = [each["ResourceId"] for each in found[-1]["ScalableTargets"]]
    variants = found[1].get("ProductionVariants", [])
    if any("ModelName" not in each for each in variants):
        pages = sagemaker.get_paginator("list_inference_components")
        for page in pages.paginate(EndpointNameEquals=endpoint):
            for each in page["InferenceComponents"]:
                name = each["InferenceComponentName"]
                yield sagemaker.describe_inference_component(InferenceComponentName=name)
                ids.append(f"inference-component/{name}")
        if components := [each for each in ids if each.startswith("inference-component/")]:
            yield scaling.describe_scalable_targets(
                ServiceNamespace="sagemaker", ResourceIds=components
            )
    for resource_id in ids:
        scaled = {"ServiceNamespace": "sagemaker", "ResourceId": resource_id}
        yield scaling.describe_scaling_policies(**scaled)
        yield scaling.describe_scheduled_actions(**scaled)
