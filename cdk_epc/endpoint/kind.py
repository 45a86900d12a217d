"""Endpoints as something that is drafted: the words of their constructor, and how it reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import aws_cdk as cdk

from cdk_epc.constructs.duck_typing import offers
from cdk_epc.constructs.resource_type import Kind, tags_of
from cdk_epc.constructs.values import UnfitError
from cdk_epc.endpoint.retain import is_retaining, not_retained
from cdk_epc.spec import EndpointSpec
from cdk_epc.spec.unresolved import Referred

if TYPE_CHECKING:
    from aws_cdk.interfaces.aws_sagemaker import IEndpointConfigRef

    Config: TypeAlias = IEndpointConfigRef | str


def config_name(config: Any) -> str:  # noqa: ANN401 - told apart by what it offers
    """The name of a configuration: as it is, an attribute of the L1 or L2, or the end of its ARN.

    SageMaker writes the name in lower case in an ARN; by name it is found all the same.
    """
    if isinstance(config, str):
        return config
    for attribute in ("attr_endpoint_config_name", "endpoint_config_name"):
        if isinstance(name := getattr(config, attribute, None), str):
            return Referred(name)
    if offers(config, "endpoint_config_ref"):
        arn = config.endpoint_config_ref.endpoint_config_arn
        return Referred(cdk.Arn.extract_resource_name(arn, "endpoint-config"))
    raise UnfitError(
        config,
        "a configuration (IEndpointConfigRef) or its name",
        "Give the EndpointConfig construct itself.",
    )


ENDPOINT: Final = Kind(
    spec=EndpointSpec,
    arguments={
        "endpoint_name": "endpoint_name",
        "endpoint_config_name": "endpoint_config",
        "deployment_config": "deployment",
        "deployment_config.auto_rollback_configuration": "rollback_alarms",
        "retain_all_variant_properties": "retain",
        "exclude_retained_variant_properties": "retain",
        "retain_deployment_config": "retain_deployment_config",
        "tags": "tags",
    },
    lower={
        "endpoint_config_name": config_name,
        "retain_all_variant_properties": is_retaining,
        "exclude_retained_variant_properties": not_retained,
        "tags": tags_of,
    },
    is_whole_at_once=True,
)
"""An endpoint."""
