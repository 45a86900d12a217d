"""Responses of AWS about a running endpoint; requires the extra ``aws``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from cdk_epc.parsing import UnusableInputError


def live_responses(endpoint: str, region: str | None) -> list[Mapping[str, Any]]:
    """Return the descriptions of an endpoint, its configuration, models and scalable targets.

    Args:
        endpoint: Name of the endpoint.
        region: Region; by default that of the environment.

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
        return list(_responses(session, endpoint))
    except (errors.BotoCoreError, errors.ClientError) as error:
        raise UnusableInputError(f"AWS cannot be asked: {error}") from None


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
